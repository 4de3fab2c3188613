//! The past and how the present goes on from it.

use super::*;

fn opened() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().expect("an RFC 3339 time")
}

fn message(frame: &Frame) -> serde_json::Value {
    match frame {
        Frame::Mqtt { payload, .. } => serde_json::from_slice(payload).expect("JSON"),
        Frame::Serial(bytes) => panic!("not a message: {bytes:?}"),
    }
}

#[test]
fn the_past_is_in_time_order_and_ends_before_the_opening() {
    // Goal: the caller can play it as it comes. Method: one whole past, and a part of it.
    let scenario = Scenario::first_clinic();
    let all = Clinic::new(&scenario).play_past(opened(), -3600.0);
    assert!(all.windows(2).all(|pair| pair[0].t_s <= pair[1].t_s));
    assert!(all.first().is_some_and(|f| f.t_s == -3600.0));
    assert!(all.last().is_some_and(|f| f.t_s == -1.0));
    for device in scenario.beds.iter().flat_map(|bed| &bed.devices) {
        let count = all.iter().filter(|f| f.device == device.id()).count();
        let want = if device.protocol() == "ge-dinamap-ascii" { 720 } else { 3600 };
        assert_eq!(count, want, "{}", device.id());
    }
    let part = Clinic::new(&scenario).play_past(opened(), -600.0);
    let tail: Vec<_> = all.into_iter().filter(|f| f.t_s >= -600.0).collect();
    assert_eq!(part, tail);
}

#[test]
fn the_present_goes_on_with_the_next_number_and_repeats_no_determination() {
    // Goal: live continues the past. Method: the gateway's next messages after it.
    let mut clinic = Clinic::new(&Scenario::first_clinic());
    let past = clinic.play_past(opened(), -3600.0);
    let last = past.iter().rfind(|f| f.device == "bay-4-monitor").expect("it sent");
    let known = past
        .iter()
        .filter(|f| f.device == "bay-4-monitor")
        .map(|f| message(&f.frame))
        .filter(|m| m["obs"][0]["sig"] == "nibp")
        .count();
    assert_eq!(known, 6);
    let station = clinic.stations.iter_mut().find(|s| s.device == "bay-4-monitor");
    let station = station.expect("it is a station");
    let next = station.past_frames(0.0, opened());
    let seq = |frame: &Frame| message(frame)["seq"].as_u64().expect("a number");
    assert_eq!(seq(&next[0]), seq(&last.frame) + 1);
    assert_eq!(message(&next[0])["obs"][0]["sig"], "hr");
    assert_eq!(message(&next[0])["ts"], "2026-11-22T10:00:00.000Z");
}

#[test]
fn a_pulled_cable_leaves_a_hole_in_the_past() {
    // Goal: faults work on the past too. Method: the oximeter's cable is out for 40 s.
    let mut scenario = Scenario::first_clinic();
    for event in &mut scenario.story {
        event.at_s -= 1000.0;
    }
    let past = Clinic::new(&scenario).play_past(opened(), -1000.0);
    let sent = |from: f64, to: f64| {
        let in_span = |f: &&PastFrame| f.device == "bay-1-oximeter" && (from..to).contains(&f.t_s);
        past.iter().filter(in_span).count()
    };
    assert_eq!((sent(-1000.0, -940.0), sent(-940.0, -900.0), sent(-900.0, -800.0)), (60, 0, 100));
}
