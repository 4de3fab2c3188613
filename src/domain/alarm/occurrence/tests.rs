//! The wire's words, written again by hand, and what counts as present (contract 6).

use super::*;

#[test]
fn every_word_is_the_wires() {
    let presences = [Presence::Present, Presence::Clearing, Presence::Ended];
    assert_eq!(presences.map(Presence::name), ["present", "clearing", "ended"]);
    use Signal::{Active, Latched, None, Paused};
    let signals = [None, Active, Paused, Signal::Acknowledged, Latched];
    let words = ["none", "active", "paused", "acknowledged", "latched"];
    assert_eq!(signals.map(Signal::name), words);
    let reasons = "cleared, phase, moment, limit changed, baseline changed, reading voided, \
                   symptom gone, room empty, session ended, session moved";
    assert_eq!(EndReason::ALL.map(EndReason::name).join(", "), reasons);
    let changes = "raised confirming confirmed escalated updated clearing returned ended frozen \
                   thawed acknowledged restored paused resumed reminded unresolved stepped-up";
    assert_eq!(Change::ALL.map(Change::name).join(" "), changes);
    let sessions = "started dose phase ended handed-over handover-offered handover-rejected \
                    handover-lapsed limit baseline observed reading-voided standby-began \
                    standby-ended alarms-paused alarms-resumed device-kept preset dose-changed \
                    reading-entered intervention moved";
    assert_eq!(SessionChange::ALL.map(SessionChange::name).join(" "), sessions);
}

/// A service-wide MEDIUM as it stands so.
fn occurrence(presence: Presence, signal: Signal) -> Occurrence {
    let onset = Stamp::default();
    Occurrence {
        id: crate::domain::ids::Uuid::of_onset(onset.wall, &["test"]),
        revision: 1,
        bed: None,
        session: None,
        origin: Origin::Patient,
        outage: false,
        family: AlarmFamily::Latency,
        subject: None,
        rule: None,
        priority: Priority::Medium,
        highest: Priority::Medium,
        presence,
        frozen: false,
        restored: false,
        confirm_until: None,
        signal,
        escalation: 0,
        text: String::new(),
        lines: Vec::new(),
        metric: None,
        value: None,
        limit: None,
        baseline: None,
        reading: None,
        phase: None,
        since_dose: None,
        onset,
        asked: onset,
        next_step: None,
        ended: None,
        ended_by: None,
        acknowledged: None,
    }
}

#[test]
fn what_has_not_ended_or_is_latched_is_shown() {
    // row:8 row:21
    use Signal::{Active, Latched, None, Paused};
    let signals = [None, Active, Paused, Signal::Acknowledged, Latched];
    for signal in signals {
        for presence in [Presence::Present, Presence::Clearing] {
            assert!(occurrence(presence, signal).is_shown(), "{presence:?} {signal:?}");
        }
        let ended = occurrence(Presence::Ended, signal);
        assert_eq!(ended.is_shown(), signal == Latched, "{signal:?}");
    }
}
