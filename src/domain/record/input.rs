//! Mirrors of everything that can reach the ward: `{"msg":{"bed":"bay-1",…}}`, `"tick"`, ….

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::act::ActV1;
use super::message::MessageV1;
use super::screen::ScreenV1;
use super::{Lookup, Names, RecordError, StampV1, by_name};
use crate::domain::device::Reject;
use crate::domain::ids::{DeviceId, Uuid};
use crate::domain::input::{
    DoseEvent, FaultState, Input, JournalHealth, LinkChange, ServiceFault, SessionStart, Sound,
    Watching,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum InputV1<'a> {
    Msg {
        #[serde(borrow)]
        bed: Cow<'a, str>,
        #[serde(borrow)]
        src: Cow<'a, str>,
        #[serde(borrow)]
        dev: Cow<'a, str>,
        #[serde(borrow)]
        m: MessageV1<'a>,
    },
    Reject {
        #[serde(borrow)]
        bed: Option<Cow<'a, str>>,
        #[serde(borrow)]
        src: Cow<'a, str>,
        #[serde(borrow)]
        reason: Cow<'a, str>,
    },
    Link {
        #[serde(borrow)]
        bed: Option<Cow<'a, str>>,
        #[serde(borrow)]
        src: Cow<'a, str>,
        #[serde(borrow)]
        dev: Option<Cow<'a, str>>,
        #[serde(borrow)]
        to: LinkV1<'a>,
    },
    SessionStart {
        #[serde(borrow)]
        bed: Cow<'a, str>,
        id: String,
        #[serde(borrow)]
        initials: Cow<'a, str>,
        #[serde(borrow)]
        drug: Cow<'a, str>,
        #[serde(borrow)]
        route: Cow<'a, str>,
        age: Option<u8>,
        #[serde(borrow)]
        responsible: Option<Cow<'a, str>>,
    },
    Dose {
        #[serde(borrow)]
        bed: Cow<'a, str>,
        dose: DoseV1,
    },
    Act(#[serde(borrow)] Box<ActV1<'a>>),
    /// The journal's health: null when it commits, else why it does not.
    Journal {
        #[serde(borrow)]
        failing: Option<Cow<'a, str>>,
    },
    Watch {
        /// Beds that nobody sees.
        #[serde(borrow)]
        unwatched: Vec<Cow<'a, str>>,
        locked: bool,
    },
    Screen(#[serde(borrow)] Box<ScreenV1<'a>>),
    SelfTest {
        n: u64,
    },
    Unreceived {
        occurrence: String,
        revision: u32,
    },
    /// A fault of the service: null when it is over, else why.
    Fault {
        #[serde(borrow)]
        fault: Cow<'a, str>,
        #[serde(borrow)]
        why: Option<Cow<'a, str>>,
    },
    Tick,
    Restart {
        down_since: StampV1,
    },
    Quarantine {
        #[serde(borrow)]
        bed: Cow<'a, str>,
        #[serde(borrow)]
        why: Cow<'a, str>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum LinkV1<'a> {
    Opening,
    Negotiating,
    Online,
    Lost {
        since: StampV1,
        #[serde(borrow)]
        why: Cow<'a, str>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum DoseV1 {
    Started(StampV1),
    Ended(StampV1),
}

impl<'a> InputV1<'a> {
    pub(super) fn of(input: &'a Input, names: &'a Names) -> Result<Self, RecordError> {
        Ok(match input {
            Input::Message { bed, source, device, message } => Self::Msg {
                bed: names.bed(*bed)?.into(),
                src: names.source(*source)?.into(),
                dev: device.as_str().into(),
                m: MessageV1::of(message),
            },
            Input::Rejected { bed, source, reason } => Self::Reject {
                bed: bed.map(|bed| names.bed(bed)).transpose()?.map(Cow::from),
                src: names.source(*source)?.into(),
                reason: reason.name().into(),
            },
            Input::Link { bed, source, device, change } => Self::Link {
                bed: bed.map(|bed| names.bed(bed)).transpose()?.map(Cow::from),
                src: names.source(*source)?.into(),
                dev: device.as_ref().map(|id| id.as_str().into()),
                to: LinkV1::of(change),
            },
            Input::SessionStarted { bed, start } => Self::SessionStart {
                bed: names.bed(*bed)?.into(),
                id: start.id.to_string(),
                initials: (&*start.initials).into(),
                drug: (&*start.drug).into(),
                route: (&*start.route).into(),
                age: start.age_years,
                responsible: start.responsible.as_deref().map(Cow::from),
            },
            Input::Dose { bed, dose } => {
                Self::Dose { bed: names.bed(*bed)?.into(), dose: DoseV1::of(*dose) }
            }
            Input::Act(act) => Self::Act(Box::new(ActV1::of(act, names)?)),
            Input::Journal(JournalHealth::Committing) => Self::Journal { failing: None },
            Input::Journal(JournalHealth::Failing { why }) => {
                Self::Journal { failing: Some((&**why).into()) }
            }
            Input::Watching(watching) => {
                let beds = watching.unwatched.iter().map(|bed| names.bed(*bed).map(Cow::from));
                Self::Watch {
                    unwatched: beds.collect::<Result<_, _>>()?,
                    locked: watching.sound == Sound::Locked,
                }
            }
            Input::Screen(note) => Self::Screen(Box::new(ScreenV1::of(note, names)?)),
            Input::SelfTest { number } => Self::SelfTest { n: *number },
            Input::Unreceived { occurrence, revision } => {
                Self::Unreceived { occurrence: occurrence.to_string(), revision: *revision }
            }
            Input::Service { fault, state } => Self::Fault {
                fault: fault.name().into(),
                why: match state {
                    FaultState::Present { why } => Some((&**why).into()),
                    FaultState::Over => None,
                },
            },
            Input::Tick => Self::Tick,
            Input::Restarted { down_since } => Self::Restart { down_since: (*down_since).into() },
            Input::Quarantined { bed, why } => {
                Self::Quarantine { bed: names.bed(*bed)?.into(), why: (&**why).into() }
            }
        })
    }

    pub(super) fn into_domain(self, lookup: &Lookup<'_>) -> Result<Input, RecordError> {
        Ok(match self {
            Self::Msg { bed, src, dev, m } => Input::Message {
                bed: lookup.bed(&bed)?,
                source: lookup.source(&src)?,
                device: DeviceId::try_new(&dev)?,
                message: m.into_domain()?,
            },
            Self::Reject { bed, src, reason } => Input::Rejected {
                bed: bed.map(|bed| lookup.bed(&bed)).transpose()?,
                source: lookup.source(&src)?,
                reason: by_name(Reject::ALL, Reject::name, &reason)?,
            },
            Self::Link { bed, src, dev, to } => Input::Link {
                bed: bed.map(|bed| lookup.bed(&bed)).transpose()?,
                source: lookup.source(&src)?,
                device: dev.map(|id| DeviceId::try_new(&id)).transpose()?,
                change: to.into_domain(),
            },
            Self::SessionStart { bed, id, initials, drug, route, age, responsible } => {
                Input::SessionStarted {
                    bed: lookup.bed(&bed)?,
                    start: SessionStart {
                        id: Uuid::parse(&id)?,
                        initials: initials.into(),
                        drug: drug.into(),
                        route: route.into(),
                        age_years: age,
                        responsible: responsible.map(Into::into),
                    },
                }
            }
            Self::Dose { bed, dose } => {
                Input::Dose { bed: lookup.bed(&bed)?, dose: dose.into_domain() }
            }
            Self::Act(act) => Input::Act(act.into_domain(lookup)?),
            Self::Journal { failing: None } => Input::Journal(JournalHealth::Committing),
            Self::Journal { failing: Some(why) } => {
                Input::Journal(JournalHealth::Failing { why: why.into() })
            }
            Self::Watch { unwatched, locked } => {
                let beds = unwatched.iter().map(|bed| lookup.bed(bed));
                Input::Watching(Watching {
                    unwatched: beds.collect::<Result<_, _>>()?,
                    sound: if locked { Sound::Locked } else { Sound::Heard },
                })
            }
            Self::Screen(note) => Input::Screen(note.into_domain(lookup)?),
            Self::SelfTest { n } => Input::SelfTest { number: n },
            Self::Unreceived { occurrence, revision } => {
                Input::Unreceived { occurrence: Uuid::parse(&occurrence)?, revision }
            }
            Self::Fault { fault, why } => Input::Service {
                fault: by_name(ServiceFault::ALL, ServiceFault::name, &fault)?,
                state: why.map_or(FaultState::Over, |why| FaultState::Present { why: why.into() }),
            },
            Self::Tick => Input::Tick,
            Self::Restart { down_since } => Input::Restarted { down_since: down_since.into() },
            Self::Quarantine { bed, why } => {
                Input::Quarantined { bed: lookup.bed(&bed)?, why: why.into() }
            }
        })
    }
}

impl<'a> LinkV1<'a> {
    fn of(change: &'a LinkChange) -> Self {
        match change {
            LinkChange::Opening => Self::Opening,
            LinkChange::Negotiating => Self::Negotiating,
            LinkChange::Online => Self::Online,
            LinkChange::Lost { since, why } => {
                Self::Lost { since: (*since).into(), why: (&**why).into() }
            }
        }
    }

    fn into_domain(self) -> LinkChange {
        match self {
            Self::Opening => LinkChange::Opening,
            Self::Negotiating => LinkChange::Negotiating,
            Self::Online => LinkChange::Online,
            Self::Lost { since, why } => LinkChange::Lost { since: since.into(), why: why.into() },
        }
    }
}

impl DoseV1 {
    fn of(dose: DoseEvent) -> Self {
        match dose {
            DoseEvent::Started { at } => Self::Started(at.into()),
            DoseEvent::Ended { at } => Self::Ended(at.into()),
        }
    }

    fn into_domain(self) -> DoseEvent {
        match self {
            Self::Started(at) => DoseEvent::Started { at: at.into() },
            Self::Ended(at) => DoseEvent::Ended { at: at.into() },
        }
    }
}
