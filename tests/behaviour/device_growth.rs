//! What a bed keeps of its devices stays bounded, and is theirs only while they are there.

use dosevigil::domain::alarm::Priority;
use dosevigil::domain::device::{BedsideAlarm, Message};

use crate::feed::Cuff;
use crate::support::{BED, BROKER, CUFF_LINE, TestWard, seconds};

fn says(code: &str) -> Message {
    let alarm = BedsideAlarm { code: code.into(), priority: Priority::High, active: true };
    Message { bedside_alarms: vec![alarm], ..Message::default() }
}

fn shown(ward: &TestWard) -> usize {
    ward.ward.beds()[BED.0 as usize].view(ward.now).bedside_alarms.len()
}

#[test]
fn a_device_whose_name_changes_fills_no_memory_and_loses_no_reading() {
    // safety:F4
    let mut ward = TestWard::active();
    for n in 0..40 {
        ward.message(BROKER, &format!("cuff-{n}"), Cuff::new(128, 80).message());
        ward.advance(seconds(10));
    }
    assert!(ward.ward.beds()[BED.0 as usize].view(ward.now).links.len() <= 16);
    ward.message(BROKER, "cuff-40", Cuff::new(205, 80).message());
    // Cuffs that nobody has declared: which of them is this patient's?
    ward.expect(&[
        "00:10 raised device-conflict nibp high active r1",
        "06:40 raised bp-high B1 high active r1",
    ]);
}

#[test]
fn a_monitors_own_alarms_are_kept_by_device_and_go_with_its_link() {
    // Goal: the same code of two devices is two alarms; their number is bounded.
    let mut ward = TestWard::active();
    ward.message(CUFF_LINE, "cuff", says("E2"));
    ward.message(BROKER, "other", says("E2"));
    assert_eq!(shown(&ward), 2);
    ward.link_lost(CUFF_LINE, "unplugged");
    assert_eq!(shown(&ward), 1);
    for n in 0..40 {
        ward.message(BROKER, "other", says(&format!("E{n}")));
    }
    assert_eq!(shown(&ward), 32);
    ward.fresh.clear();
}
