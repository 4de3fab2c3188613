//! A value outside its valid band: left out and told, while the others of its message stand.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Reading, ValueSource, plausible_decimal};

use crate::feed::{pulse, reading, spo2};
use crate::support::{BED, TestWard};

#[test]
fn it_is_low_names_its_figure_and_ends_with_the_next_valid_one() {
    // technical:implausible
    let mut ward = TestWard::active();
    let strange = reading(Metric::PulseRate, 320, ValueSource::Pleth);
    ward.stream(10, &[pulse(80), spo2(97)]);
    ward.sends(&[strange, spo2(96)]);
    ward.expect(&["00:10 raised implausible pulse low active r1"]);
    let text = &ward.occurrence(AlarmFamily::Implausible).text;
    assert_eq!(text, "Pulse not plausible: 320 /min");
    let view = ward.ward.beds()[BED.0 as usize].view(ward.now);
    let spo2_shown = view.vitals.iter().find(|it| it.metric == Metric::SpO2);
    let shown = spo2_shown.and_then(|it| it.value).map(|value| value.0);
    assert_eq!(shown, Some(96), "the other value of the message stands");
    ward.at("00:16").sends(&[pulse(80), spo2(97)]);
    ward.expect(&["00:16 ended implausible pulse low none r1"]);
}

#[test]
fn a_figure_of_any_size_is_told_as_it_came() {
    // technical:implausible Goal: one that no number holds is at least the largest there is.
    for (metric, figure, told) in [
        (Metric::PulseRate, 3e9, "Pulse not plausible: 3000000000 /min"),
        (Metric::PulseRate, 1e300, "Pulse not plausible: ≥ 9223372036854775807 /min"),
        (Metric::Temp, -0.4, "Temperature not plausible: -0.4 °C"),
        (Metric::Temp, 1e12, "Temperature not plausible: 1000000000000.0 °C"),
    ] {
        let mut ward = TestWard::active();
        let value = plausible_decimal(metric, figure);
        ward.sends(&[Reading::new(metric, value, ValueSource::Pleth)]);
        assert_eq!(ward.occurrence(AlarmFamily::Implausible).text, told);
        ward.fresh.clear();
    }
}

#[test]
fn another_device_with_a_valid_value_does_not_end_it() {
    // technical:implausible safety:A6
    let mut ward = TestWard::active();
    ward.sends(&[reading(Metric::SpO2, 0, ValueSource::Pleth)]);
    ward.fresh.clear();
    let good =
        dosevigil::domain::device::Message { readings: vec![spo2(97)], ..Default::default() };
    ward.message(crate::support::CUFF_LINE, "cuff", good);
    ward.at("00:08");
    assert!(ward.find(AlarmFamily::Implausible).is_some());
    ward.fresh.clear();
}

#[test]
fn a_pair_that_contradicts_itself_is_told_for_both_and_the_next_pair_ends_it() {
    // technical:implausible safety:S1
    let mut ward = TestWard::active();
    ward.cuff(80, 120);
    ward.expect(&[
        "00:00 raised implausible nibp_sys low active r1",
        "00:00 raised implausible nibp_dia low active r1",
    ]);
    ward.at("05:00").cuff(120, 80);
    ward.expect(&[
        "05:00 ended implausible nibp_sys low none r1",
        "05:00 ended implausible nibp_dia low none r1",
    ]);
}
