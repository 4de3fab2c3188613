//! Mirrors of open offers of responsibility, and of who watches.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::domain::ids::Uuid;
use crate::domain::input::{Sound, Watching};
use crate::domain::record::{Lookup, Names, RecordError, StampV1};
use crate::domain::ward::Handover;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HandoverV1<'a> {
    id: String,
    sessions: Vec<String>,
    #[serde(borrow)]
    by: Text<'a>,
    #[serde(borrow)]
    to: Text<'a>,
    offered: StampV1,
    lapses: StampV1,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WatchingV1<'a> {
    #[serde(borrow)]
    unwatched: Vec<Text<'a>>,
    sound_locked: bool,
}

impl<'a> HandoverV1<'a> {
    pub(super) fn of(handover: &'a Handover) -> Self {
        let Handover { id, sessions, by, to, offered, lapses } = handover;
        Self {
            id: id.to_string(),
            sessions: sessions.iter().map(Uuid::to_string).collect(),
            by: (&**by).into(),
            to: (&**to).into(),
            offered: (*offered).into(),
            lapses: (*lapses).into(),
        }
    }

    pub(super) fn into_domain(self) -> Result<Handover, RecordError> {
        let sessions = self.sessions.iter().map(|id| Uuid::parse(id));
        Ok(Handover {
            id: Uuid::parse(&self.id)?,
            sessions: sessions.collect::<Result<_, _>>()?,
            by: self.by.into(),
            to: self.to.into(),
            offered: self.offered.into(),
            lapses: self.lapses.into(),
        })
    }
}

impl<'a> WatchingV1<'a> {
    /// A bed that the configuration does not have is nobody's to watch.
    pub(super) fn of(watching: &Watching, names: &'a Names) -> Self {
        let Watching { unwatched, sound } = watching;
        let names = unwatched.iter().filter_map(|bed| names.bed(*bed).ok());
        Self { unwatched: names.map(Into::into).collect(), sound_locked: *sound == Sound::Locked }
    }

    pub(super) fn into_domain(self, lookup: &Lookup<'_>) -> Watching {
        Watching {
            unwatched: self.unwatched.iter().filter_map(|name| lookup.bed(name).ok()).collect(),
            sound: if self.sound_locked { Sound::Locked } else { Sound::Heard },
        }
    }
}
