//! A HIGH that ends while the sound of its bed is paused was not taken by anybody: it stays
//! visible.

use dosevigil::domain::act::{Deed, Done};
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, NoBaseline};

use crate::support::{BED, TestWard, seconds};

/// B1 HIGH at 05:00, its sound paused at once.
fn silenced_high() -> TestWard {
    let mut ward = TestWard::active();
    ward.acknowledge(NoBaseline, "Kim");
    ward.at("05:00").cuff(205, 95);
    let answer = ward.act("Kim", Deed::PauseAudio { bed: BED });
    assert_eq!(answer, Ok(Done::Until(ward.now.plus(seconds(120)))));
    ward.expect(&[
        "05:00 raised bp-high B1 high active r1",
        "05:00 paused bp-high B1 high paused r1",
    ]);
    ward
}

#[test]
fn a_silenced_high_that_ends_unacknowledged_is_latched() {
    // row:8 row:18
    let mut ward = silenced_high();
    ward.at("06:00").cuff(128, 80);
    ward.expect(&["06:00 ended bp-high B1 high latched r1"]);
}

#[test]
fn a_silenced_high_that_was_acknowledged_is_not() {
    // row:8 row:15 row:18
    let mut ward = silenced_high();
    ward.acknowledge(BpHigh, "Kim");
    ward.at("06:00").cuff(128, 80);
    ward.expect(&[
        "05:00 acknowledged bp-high B1 high acknowledged r1",
        "06:00 ended bp-high B1 high none r1",
    ]);
    assert!(ward.find(BpHigh).is_none());
}
