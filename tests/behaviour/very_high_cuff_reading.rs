//! A very high cuff reading alarms at once, over a serial line and over MQTT.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::occurrence::Presence;
use dosevigil::domain::metric::Metric;

use crate::feed::dinamap_cuff;
use crate::support::TestWard;

#[test]
fn a_very_high_cuff_reading_over_serial_bytes_alarms_at_once() {
    // rule:B1 row:1 Goal: from the bytes of a DINAMAP's reply to a HIGH alarm in the same step.
    let mut ward = TestWard::active();
    ward.at("05:00").serial_bytes(&dinamap_cuff(3, 204, 96, 132));
    ward.expect(&["05:00 raised bp-high B1 high active r1"]);

    let alarm = ward.occurrence(AlarmFamily::BpHigh);
    assert_eq!(alarm.text, "Systolic 204 ≥ 200 mmHg");
    assert_eq!(alarm.lines, ["repeat BP"]);
    assert_eq!((alarm.metric, alarm.limit), (Some(Metric::NibpSys), Some(200)));
    assert_eq!(alarm.presence, Presence::Present);
    let reading = alarm.reading.as_ref().expect("the reading that caused it");
    assert_eq!(reading.device.as_str(), "cuff");
}

#[test]
fn a_very_high_cuff_reading_over_mqtt_alarms_at_once() {
    // rule:B1 row:1 Goal: the same from a vitals-json payload; here it is the diastolic.
    let mut ward = TestWard::active();
    ward.at("05:00").mqtt_payload(
        r#"{"v":1,"device":{"id":"cuff-07"},"seq":9,"ts":"2026-11-24T08:05:00Z",
            "obs":[{"sig":"nibp","sys":178,"dia":121,"unit":"mmHg"}]}"#,
    );
    ward.expect(&["05:00 raised bp-high B1 high active r1"]);
    assert_eq!(ward.occurrence(AlarmFamily::BpHigh).text, "Diastolic 121 ≥ 120 mmHg");
}

#[test]
fn a_damaged_reply_is_no_reading() {
    // safety:S1 Goal: one flipped bit in the same bytes, and nothing is judged.
    let mut bytes = dinamap_cuff(3, 204, 96, 132);
    bytes[11] ^= 1;
    let mut ward = TestWard::active();
    ward.at("05:00").serial_bytes(&bytes);
    ward.nothing_told();
    assert_eq!(ward.ward.counts().readings, 0);
}
