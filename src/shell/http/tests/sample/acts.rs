//! What people did: an offer that is open, and lines of the audit.

use std::sync::Arc;

use super::{HANDOVER, SESSION, at, bed_id, rule};
use crate::domain::act::{Act, Actor, Deed, LimitOf, LimitOrder, VisitDeed};
use crate::domain::alarm::occurrence::{ActNote, SessionChange, Subject, Transition};
use crate::domain::alarm::rule::{Judged, Phase};
use crate::domain::ids::{BedIndex, Seq};
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::role::Role;
use crate::domain::session::hand::HandReading;
use crate::domain::ward::Handover;
use crate::shell::lane::{ActEntry, ActTaken};

pub(crate) fn handover() -> Handover {
    let (offered, lapses) = (at(8_000), at(68_000));
    let (by, to) = ("kim".into(), "lee".into());
    Handover { id: HANDOVER, sessions: vec![SESSION], by, to, offered, lapses }
}

/// A limit that a nurse widened on an order by phone, and what it caused; a bed that is gone.
pub(crate) fn acts() -> Vec<ActEntry> {
    let limit = LimitOrder {
        rule: rule("B2"),
        judged: Judged::Metric(Metric::NibpSys),
        family: None,
        of: LimitOf::Value,
        value: Some(190),
    };
    let by = Actor {
        name: "kim".into(),
        role: Role::Nurse,
        ordered_by: Some("Dr Ode".into()),
        screen: Some("bay side".into()),
    };
    let reason: Option<Arc<str>> = Some("known hypertension".into());
    let note = ActNote {
        by: by.name.clone(),
        ordered_by: by.ordered_by.clone(),
        reason: reason.clone(),
        what: Some("B2 nibp_sys".into()),
        old: Some("180".into()),
        new: Some("190".into()),
    };
    let subject = Subject::Session {
        change: SessionChange::LimitChanged,
        bed: bed_id("bay-1"),
        session: Some(SESSION),
        note: Some(Box::new(note)),
        phase: Some(Phase::Active),
    };
    let (command, deed) = (HANDOVER, Deed::SetLimit { session: SESSION, limit });
    let act = Act { command, by, reason, deed };
    let caused = vec![Transition { seq: Seq(7), at: at(9_000), subject }];
    let gone = "bed \"bay-9\" is not in the configuration".into();
    let refused = Act {
        command: HANDOVER,
        by: Actor::new("kim", Role::Nurse),
        reason: None,
        deed: Deed::Visit(VisitDeed::EnterReading {
            bed: BedIndex(0),
            session: Some(SESSION),
            reading: HandReading {
                method: "aneroid".into(),
                taker: None,
                taken: at(9_400).wall,
                values: vec![(Metric::SpO2, Quantity(97))],
                arm: None,
                cuff_size: None,
            },
        }),
    };
    vec![
        ActEntry { n: 41, act: Ok(ActTaken { at: at(9_500), act: refused, caused: Vec::new() }) },
        ActEntry { n: 40, act: Ok(ActTaken { at: at(9_000), act, caused }) },
        ActEntry { n: 31, act: Err(gone) },
    ]
}
