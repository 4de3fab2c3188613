//! Mirror of an open offer of responsibility.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::domain::ids::Uuid;
use crate::domain::record::{RecordError, StampV1};
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
