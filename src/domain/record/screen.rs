//! Mirrors of what screens did: `{"screen":{"id":"…","name":"desk","kind":"station",…}}`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Lookup, Names, RecordError, by_name};
use crate::domain::ids::Uuid;
use crate::domain::screens::{
    Audio, Coverage, Heard, ScreenChange, ScreenKind, ScreenNote, Visibility,
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScreenV1<'a> {
    id: String,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    owner: Cow<'a, str>,
    #[serde(borrow)]
    to: ChangeV1<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ChangeV1<'a> {
    Opened,
    Closed {
        #[serde(borrow)]
        by: Cow<'a, str>,
    },
    Lost,
    Back,
    Visible,
    Hidden,
    Audio(#[serde(borrow)] Cow<'a, str>),
    /// Null: all.
    Beds(#[serde(borrow)] Option<Vec<Cow<'a, str>>>),
    Test {
        heard: bool,
        #[serde(borrow)]
        by: Cow<'a, str>,
    },
}

impl<'a> ScreenV1<'a> {
    pub(super) fn of(note: &'a ScreenNote, names: &'a Names) -> Result<Self, RecordError> {
        Ok(Self {
            id: note.screen.to_string(),
            name: (&*note.name).into(),
            kind: note.kind.name().into(),
            owner: (&*note.owner).into(),
            to: ChangeV1::of(&note.change, names)?,
        })
    }

    pub(super) fn into_domain(self, lookup: &Lookup<'_>) -> Result<ScreenNote, RecordError> {
        Ok(ScreenNote {
            screen: Uuid::parse(&self.id)?,
            name: self.name.into(),
            kind: by_name(ScreenKind::ALL, ScreenKind::name, &self.kind)?,
            owner: self.owner.into(),
            change: self.to.into_domain(lookup)?,
        })
    }
}

impl<'a> ChangeV1<'a> {
    fn of(change: &'a ScreenChange, names: &'a Names) -> Result<Self, RecordError> {
        Ok(match change {
            ScreenChange::Opened => Self::Opened,
            ScreenChange::Closed { by } => Self::Closed { by: (&**by).into() },
            ScreenChange::Lost => Self::Lost,
            ScreenChange::Back => Self::Back,
            ScreenChange::Visibility(Visibility::Visible) => Self::Visible,
            ScreenChange::Visibility(Visibility::Hidden) => Self::Hidden,
            ScreenChange::Audio(audio) => Self::Audio(audio.name().into()),
            ScreenChange::Beds(Coverage::All) => Self::Beds(None),
            ScreenChange::Beds(Coverage::Beds(beds)) => {
                let beds = beds.iter().map(|bed| names.bed(*bed).map(Cow::from));
                Self::Beds(Some(beds.collect::<Result<_, _>>()?))
            }
            ScreenChange::SoundTest { heard, by } => {
                Self::Test { heard: *heard == Heard::Yes, by: (&**by).into() }
            }
        })
    }

    fn into_domain(self, lookup: &Lookup<'_>) -> Result<ScreenChange, RecordError> {
        Ok(match self {
            Self::Opened => ScreenChange::Opened,
            Self::Closed { by } => ScreenChange::Closed { by: by.into() },
            Self::Lost => ScreenChange::Lost,
            Self::Back => ScreenChange::Back,
            Self::Visible => ScreenChange::Visibility(Visibility::Visible),
            Self::Hidden => ScreenChange::Visibility(Visibility::Hidden),
            Self::Audio(audio) => ScreenChange::Audio(by_name(Audio::ALL, Audio::name, &audio)?),
            Self::Beds(None) => ScreenChange::Beds(Coverage::All),
            Self::Beds(Some(beds)) => {
                // A bed that has left the configuration since says nothing of those that are left.
                let beds: BTreeSet<_> =
                    beds.iter().filter_map(|bed| lookup.bed(bed).ok()).collect();
                ScreenChange::Beds(Coverage::Beds(beds))
            }
            Self::Test { heard, by } => {
                let heard = if heard { Heard::Yes } else { Heard::No };
                ScreenChange::SoundTest { heard, by: by.into() }
            }
        })
    }
}
