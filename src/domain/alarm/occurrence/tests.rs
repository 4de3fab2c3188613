//! The wire's words, written again by hand (contract 6).

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
                   symptom gone, room empty, session ended";
    assert_eq!(EndReason::ALL.map(EndReason::name).join(", "), reasons);
    let changes = "raised confirming confirmed escalated updated clearing returned ended frozen \
                   thawed acknowledged restored paused resumed reminded unresolved stepped-up";
    assert_eq!(Change::ALL.map(Change::name).join(" "), changes);
    let sessions = "started dose phase ended handed-over handover-offered handover-rejected \
                    handover-lapsed limit baseline observed reading-voided standby-began \
                    standby-ended alarms-paused alarms-resumed device-kept";
    assert_eq!(SessionChange::ALL.map(SessionChange::name).join(" "), sessions);
}
