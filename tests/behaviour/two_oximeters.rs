//! Two devices give the same value for one bed: whichever is in danger counts.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::device::Message;
use dosevigil::domain::reading::Reading;

use crate::feed::{pulse, spo2};
use crate::support::{BROKER, TestWard};

impl TestWard {
    /// A second oximeter, over the broker, half a second after the first.
    fn both(&mut self, seconds: u64, first: Reading, second: Reading) {
        for _ in 0..seconds {
            self.sends(&[first]);
            self.advance(std::time::Duration::from_millis(500));
            let message = Message { readings: vec![second], ..Message::default() };
            self.message(BROKER, "other", message);
            self.advance(std::time::Duration::from_millis(500));
        }
    }
}

#[test]
fn a_low_saturation_on_one_of_two_oximeters_alarms_in_time() {
    // safety:S8 rule:O2 Goal: 82 and 97 in turn: ten seconds, as with one.
    for (first, second) in [(82, 97), (97, 82)] {
        let mut ward = TestWard::active();
        ward.both(12, spo2(first), spo2(second));
        let told: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
        assert_eq!(told, ["00:10 raised spo2-low O2 high active r1"], "{first} {second}");
        assert_eq!(ward.occurrence(AlarmFamily::SpO2Low).text, "SpO2 82 ≤ 85 %");
        ward.fresh.clear();
    }
}

#[test]
fn a_high_and_a_low_pulse_at_once_are_both_alarms() {
    // safety:S8 rule:H2 rule:H5
    let mut ward = TestWard::active();
    ward.both(20, pulse(150), pulse(35));
    let told: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    assert_eq!(
        told,
        ["00:10 raised hr-low H5 high active r1", "00:15 raised hr-high H2 high active r1"]
    );
    ward.fresh.clear();
}

#[test]
fn an_alarm_clears_only_when_both_are_past_the_clear_level() {
    // safety:S8 row:6
    let mut ward = TestWard::active();
    ward.both(12, spo2(82), spo2(97));
    ward.fresh.clear();
    ward.both(20, spo2(84), spo2(97));
    ward.nothing_told();
    ward.both(12, spo2(97), spo2(96));
    let last = ward.fresh.pop().expect("the end");
    assert!(ward.line(&last).contains("ended spo2-low"), "{}", ward.line(&last));
    ward.fresh.clear();
}
