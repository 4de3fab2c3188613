//! The gates of dose and discharge as alarms (contract 3.2): present when the newest determination
//! and the newest of those a minute older both say so.

use dosevigil::domain::act::Baseline;
use dosevigil::domain::alarm::rule::Phase;
use dosevigil::domain::alarm::{AlarmFamily, Priority};

use super::cuff::Reading;
use super::session::Situation;
use super::told::Hazard;
use crate::support::seconds;

const SPACING_S: u64 = 60;

fn hazard(rank: usize, rule: &'static str, priority: Priority) -> Hazard {
    Hazard { rank, rule, priority, waits: false, clearing: false }
}

/// Neither near the baseline nor below 140/90.
fn stays(sys: i32, dia: i32, baseline: Option<Baseline>) -> bool {
    let base = baseline.and_then(|baseline| Some((baseline.sys?, baseline.dia?)));
    let near = base.is_some_and(|(s, d)| sys <= s + 20 && dia <= d + 15);
    let below = sys <= 139 && dia <= 89;
    !near && !below
}

/// What the gates say of the session's determinations.
pub(super) fn gates(
    session: &[Reading],
    situation: &Situation,
) -> [(AlarmFamily, Option<Hazard>); 2] {
    let both = |qualifies: &dyn Fn(i32, i32) -> bool| {
        let qualifies = |reading: &Reading| match reading.values {
            [Some(sys), Some(dia), ..] => qualifies(sys, dia),
            _ => false,
        };
        // A questionable one may raise; one that says nothing is passed over (alarms 14).
        let counts = |reading: &&Reading| reading.good || qualifies(reading);
        let mut counting = session.iter().rev().filter(counts);
        let Some(newest) = counting.next() else { return false };
        let before = counting.find(|before| before.at + seconds(SPACING_S) <= newest.at);
        before.is_some_and(|before| qualifies(before) && qualifies(newest))
    };
    let phase = situation.phase;
    let before_dose = matches!(phase, Some(Phase::Intake | Phase::Baseline));
    let pre_dose = if before_dose && both(&|sys, dia| sys >= 160 || dia >= 100) {
        Some(hazard(0, "B8", Priority::Medium))
    } else if before_dose && both(&|sys, dia| sys >= 141 || dia >= 91) {
        Some(hazard(1, "B7", Priority::Low))
    } else {
        None
    };
    let baseline = situation.baseline;
    let stays = phase == Some(Phase::Discharge) && both(&|sys, dia| stays(sys, dia, baseline));
    let discharge = stays.then(|| hazard(0, "B6", Priority::Low));
    [(AlarmFamily::PreDose, pre_dose), (AlarmFamily::Discharge, discharge)]
}
