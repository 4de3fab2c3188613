//! Which alarms nobody has shown in time.

use super::*;
use crate::domain::alarm::occurrence::{Presence, Signal};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::reading::Origin;
use crate::domain::time::Stamp;

/// A HIGH alarm of bay-1, active, told to nobody else.
fn alarm() -> Occurrence {
    Occurrence {
        baseline: None,
        id: Uuid::from_bits(7),
        revision: 1,
        bed: Some(bed("bay-1")),
        session: None,
        origin: Origin::Patient,
        outage: false,
        family: AlarmFamily::BpHigh,
        subject: None,
        rule: None,
        priority: Priority::High,
        highest: Priority::High,
        presence: Presence::Present,
        frozen: false,
        restored: false,
        confirm_until: None,
        signal: Signal::Active,
        escalation: 0,
        text: String::new(),
        lines: Vec::new(),
        metric: None,
        value: None,
        limit: None,
        reading: None,
        phase: None,
        since_dose: None,
        onset: Stamp::default(),
        asked: Stamp::default(),
        next_step: None,
        ended: None,
        ended_by: None,
        acknowledged: None,
    }
}

#[test]
fn an_alarm_that_no_visible_screen_has_painted_within_four_seconds_is_unreceived() {
    // safety:F8 row:23
    // Method: an alarm with number 10 at second 100; a lease at second 102; told at 104 or not.
    let table = [
        ("no lease", None, true),
        ("painted", Some(lease(10)), false),
        ("painted a later one", Some(lease(11)), false),
        ("painted up to the one before", Some(lease(9)), true),
        ("painted, but nobody sees the page", Some(hidden(10)), true),
        ("its bed only", Some(only(0, 10)), false),
        ("another bed only", Some(only(1, 10)), true),
    ];
    for (what, renewed, unreceived) in table {
        let mut ward = Ward::start();
        ward.open(DESK, at(99));
        ward.lease(DESK, lease(9), at(99));
        ward.tell(&alarm(), 10, at(100));
        if let Some(renewed) = renewed {
            ward.lease(DESK, renewed, at(102));
        }
        assert_eq!(ward.unreceived_until(tenth(1039)), [], "{what}");
        let expected = if unreceived { vec![(alarm().id, 1)] } else { vec![] };
        assert_eq!(ward.unreceived_until(at(104)), expected, "{what}");
        assert_eq!(ward.unreceived_until(at(300)), [], "{what}: once");
    }
}

#[test]
fn only_alarms_that_somebody_has_to_answer_ask_for_a_receipt() {
    // safety:F8 row:23: LOW asks for none, nor what is taken, under an alarm pause, over, or told
    // further already. One whose sound is paused does: somebody has to see its light.
    let silent = Occurrence { signal: Signal::Paused, ..alarm() };
    let silenced = Occurrence { next_step: Some(Stamp::default()), ..silent.clone() };
    let service = Occurrence { bed: None, ..alarm() };
    let medium = Occurrence { priority: Priority::Medium, ..alarm() };
    let table = [
        (alarm(), true),
        (medium, true),
        (service, true),
        (Occurrence { priority: Priority::Low, ..alarm() }, false),
        (Occurrence { signal: Signal::Acknowledged, ..alarm() }, false),
        (silent, false),
        (silenced, true),
        (Occurrence { signal: Signal::Latched, presence: Presence::Ended, ..alarm() }, false),
        (Occurrence { escalation: 1, ..alarm() }, false),
    ];
    for (told, asks) in table {
        let mut ward = Ward::start();
        ward.tell(&told, 10, at(100));
        let expected = if asks { vec![(told.id, 1)] } else { vec![] };
        assert_eq!(ward.unreceived_until(at(104)), expected, "{told:?}");
        // Whatever asked before it, nothing of it asks any more.
        let mut taken = Ward::start();
        taken.tell(&alarm(), 9, at(98));
        taken.tell(&told, 10, at(100));
        let expected = if asks { vec![(told.id, 1)] } else { vec![] };
        assert_eq!(taken.unreceived_until(at(104)), expected, "{told:?}");
    }
}

#[test]
fn each_revision_asks_anew_and_the_first_event_of_it_sets_the_time() {
    // safety:F8
    let mut ward = Ward::start();
    ward.tell(&alarm(), 10, at(100));
    ward.tell(&alarm(), 11, at(103));
    let raised = Occurrence { revision: 2, ..alarm() };
    ward.tell(&raised, 12, tenth(1035));
    assert_eq!(ward.unreceived_until(tenth(1074)), [], "revision 1 is history");
    assert_eq!(ward.unreceived_until(tenth(1075)), [(alarm().id, 2)]);

    // A later event of the same revision does not put off the first one's time.
    let mut again = Ward::start();
    again.tell(&alarm(), 10, at(100));
    again.tell(&alarm(), 11, at(103));
    assert_eq!(again.unreceived_until(at(104)), [(alarm().id, 1)]);
    assert_eq!(again.unreceived_until(at(200)), [], "once for the occurrence");
}
