//! Saving and loading at any place of any history changes nothing.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::history::{Lived, any_acts};
use super::{plan, start};
use crate::domain::ward::Ward;

proptest! {
    #[test]
    fn a_ward_that_was_saved_and_loaded_goes_on_as_if_nothing_had_been(
        acts in any_acts(),
        split in any::<prop::sample::Index>(),
        // Loads more often than once find what a single one would carry along unseen.
        again in prop::collection::vec(prop::bool::weighted(0.1), 1..100),
    ) {
        // safety:A8 safety:P9
        let lived = Lived::through(&acts);
        // A history may hold nothing but acts that had nothing to act on: one place still.
        let split = split.index(lived.inputs.len().max(1));
        let mut ward = Ward::new(plan(), start());
        let mut told = Vec::new();
        for (place, (input, now)) in lived.inputs.iter().enumerate() {
            if place == split || again[place % again.len()] {
                let saved = ward.save();
                ward = Ward::load(plan(), &saved).unwrap();
                prop_assert_eq!(text(&ward), String::from_utf8(saved).unwrap());
            }
            ward.step(input, *now, &mut told);
        }
        prop_assert_eq!(told, lived.told);
        prop_assert_eq!(text(&ward), text(&lived.ward));
    }

    #[test]
    fn no_bytes_make_loading_panic(bytes in any::<Vec<u8>>(), cut in any::<prop::sample::Index>()) {
        let mut saved = Ward::new(plan(), start()).save();
        let _ = Ward::load(plan(), &bytes);
        let at = cut.index(saved.len());
        saved.splice(at..at, bytes);
        let _ = Ward::load(plan(), &saved);
    }
}

fn text(ward: &Ward) -> String {
    String::from_utf8(ward.save()).unwrap()
}

/// Each state, as a checkpoint says it.
const WORDS: [&str; 115] = [
    r#""running":{"#,
    r#""dip_since":1"#,
    r#""lost":1"#,
    r#""spots":1"#,
    r#""input":"spot""#,
    r#""hold":"held""#,
    r#""hold":{"clearing":"#,
    r#""awaiting":"#,
    r#""confirmed""#,
    r#""inhibited""#,
    r#""unknown""#,
    r#""normal""#,
    r#""pending""#,
    r#""confirming""#,
    r#""level":"held""#,
    r#""level":{"recuff":"#,
    r#""level":"clearing""#,
    r#""frozen":true"#,
    r#""latched":[{"#,
    r#""odd":["#,
    r#"{"ours":"#,
    r#""last_systolic":["#,
    r#""backlog":true"#,
    r#""tag":"unusual""#,
    r#""tag":"derived""#,
    r#""absent":"range""#,
    r#""link":{"opening":"#,
    r#""link":{"negotiating":"#,
    r#""link":{"online":"#,
    r#""link":{"lost":"#,
    r#""lost_brokers":[["#,
    r#""rejects":[["ward",["#,
    r#""rejects":[["checksum""#,
    r#""bedside_alarms":[["#,
    r#""simulated":true"#,
    r#""gaps":[{"#,
    r#""ended":["#,
    r#""stale":{"#,
    r#""answer":{"unknown":"occurrence""#,
    r#""answer":{"acknowledged":"#,
    r#""family":"journal""#,
    r#""family":"link-down""#,
    r#""family":"invalid-data""#,
    r#""family":"no-value""#,
    r#""family":"nibp-overdue""#,
    r#""family":"evaluator""#,
    r#""phase":"active""#,
    r#""phase":"recovery""#,
    r#""after_high":2"#,
    r#""recent":[{"#,
    r#""by_hand":true"#,
    r#""device":"by-hand","line":"\nby-hand""#,
    r#""lately":[["#,
    r#""voided":"kim""#,
    r#""let_go":["phase",null]"#,
    r#""band":"SED1#1""#,
    r#""symptoms":["chest_pain","other"]"#,
    r#""limits":[{"#,
    r#""baseline":["#,
    r#""family":"pre-dose""#,
    r#""escalation":"idle""#,
    r#""escalation":"stopped""#,
    r#""escalation":{"running":[0"#,
    r#""escalation":{"running":[1"#,
    r#""escalation":{"running":[2"#,
    r#""escalation":{"running":[3"#,
    r#""escalation":{"held":"#,
    r#""reminder":[1"#,
    r#""audio":{"by""#,
    r#""inactivation":{"alarm_paused""#,
    r#""inactivation":{"toilet""#,
    r#""inactivation":{"overrun""#,
    r#""inactivation":{"room_empty""#,
    r#""patient_seen":true"#,
    r#""raises":[["#,
    r#""handovers":[{"#,
    r#""watching":{"unwatched":["bay-1"]"#,
    r#""statuses":[["sensor_off""#,
    r#""statuses":[["low_battery""#,
    r#""failed":[1,"#,
    r#""inflation":{"inflating""#,
    r#""implausible":["pulse"]"#,
    r#""conflicts":[{"two_beds""#,
    r#"{"two_devices":"cuff"}"#,
    r#"{"two_devices":{"value""#,
    r#""aside":[{"#,
    r#""given":null"#,
    r#""given":{"value""#,
    r#""steadiness":{"since""#,
    r#""steadiness":"steady""#,
    r#""broke":1"#,
    r#""run":["#,
    r#""floor":"medium""#,
    r#""heard":[[""#,
    r#""family":"signal-lost""#,
    r#""family":"sensor-off""#,
    r#""family":"cuff-failed""#,
    r#""family":"timed-reading""#,
    r#""family":"implausible""#,
    r#""family":"device-conflict""#,
    r#""family":"device-clock""#,
    r#""family":"battery-low""#,
    r#""family":"no-baseline""#,
    r#""family":"service-clock""#,
    r#""family":"nobody-watching""#,
    r#""family":"sound-locked""#,
    r#""baseline_taken":1"#,
    r#""pauses":[[["#,
    r#"]],"entered":"#,
    r#""device":2"#,
    r#""voided":"kim""#,
    r#""refused_starts":1"#,
    r#""over":[""#,
    r#""preset":"other""#,
    r#""rule":"B9""#,
];

#[test]
fn the_histories_reach_every_state_that_a_checkpoint_can_hold() {
    // Goal: the property above would hold for anything that never happens in its histories.
    let mut wanted = WORDS.to_vec();
    let mut runner = TestRunner::deterministic();
    for _ in 0..1200 {
        if wanted.is_empty() {
            return;
        }
        let acts = any_acts().new_tree(&mut runner).unwrap().current();
        let mut ward = Ward::new(plan(), start());
        for (input, now) in Lived::through(&acts).inputs {
            ward.step(&input, now, &mut Vec::new());
            let saved = text(&ward);
            wanted.retain(|word| !saved.contains(word));
        }
    }
    panic!("never reached: {wanted:?}");
}
