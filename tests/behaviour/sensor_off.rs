//! A device says that its sensor is off or its signal poor: told after a delay, and its line speaks
//! for the values that are away with it.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::device::{DeviceStatus, Message, StatusCode};
use dosevigil::domain::input::{Input, LinkChange};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::ValueSource;

use crate::feed::{absent, pulse, spo2};
use crate::support::{BED, BROKER, OXIMETER_LINE, TestWard, device, seconds};

pub(crate) fn status(code: StatusCode, active: bool) -> Message {
    Message { statuses: vec![DeviceStatus { code, active }], ..Message::default() }
}

fn oximeter(ward: &mut TestWard, code: StatusCode, active: bool) {
    ward.message(OXIMETER_LINE, "oximeter", status(code, active));
}

#[test]
fn it_is_told_after_five_seconds_low_and_medium_after_sixty() {
    // technical:sensor-off
    let mut ward = TestWard::active();
    ward.at("01:00");
    oximeter(&mut ward, StatusCode::SensorOff, true);
    oximeter(&mut ward, StatusCode::OutOfTrack, true);
    ward.at("01:04.999").nothing_told();
    ward.at("01:05").expect(&["01:05 raised sensor-off oximeter low active r1"]);
    let text = &ward.occurrence(AlarmFamily::SensorOff).text;
    assert_eq!(text, "oximeter: sensor off, out of track");
    ward.at("01:59.999").nothing_told();
    ward.at("02:00").expect(&["02:00 escalated sensor-off oximeter medium active r2"]);
    oximeter(&mut ward, StatusCode::SensorOff, false);
    ward.nothing_told();
    oximeter(&mut ward, StatusCode::OutOfTrack, false);
    ward.expect(&["02:00 ended sensor-off oximeter medium none r2"]);
}

#[test]
fn a_poor_signal_of_less_than_five_seconds_is_not_told() {
    // technical:sensor-off
    for code in [StatusCode::Motion, StatusCode::LowPerfusion, StatusCode::Artifact] {
        let mut ward = TestWard::active();
        oximeter(&mut ward, code, true);
        ward.at("00:04.9");
        oximeter(&mut ward, code, false);
        ward.at("01:00").nothing_told();
    }
}

#[test]
fn before_the_dose_it_stays_low() {
    // technical:sensor-off
    let mut ward = TestWard::intake();
    oximeter(&mut ward, StatusCode::SensorFault, true);
    ward.at("02:00").expect(&["00:05 raised sensor-off oximeter low active r1"]);
}

#[test]
fn it_speaks_for_that_devices_values() {
    // technical:sensor-off technical:no-value Goal: another device's value is told as ever.
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(80), spo2(97)]);
    let resp = crate::feed::resp(14);
    ward.message(BROKER, "other", Message { readings: vec![resp], ..Message::default() });
    oximeter(&mut ward, StatusCode::SensorOff, true);
    let none =
        [absent(Metric::PulseRate, ValueSource::Pleth), absent(Metric::SpO2, ValueSource::Pleth)];
    ward.stream(30, &none);
    ward.expect(&[
        "00:35 raised sensor-off oximeter low active r1",
        "00:40 raised no-value resp T3 medium active r1",
    ]);
}

#[test]
fn without_a_session_it_is_no_alarm_and_with_one_it_is() {
    // technical:sensor-off Goal: watch = "session" (contract 3.3).
    let mut ward = TestWard::without_session();
    oximeter(&mut ward, StatusCode::SensorOff, true);
    ward.at("02:00").nothing_told();
    ward.session();
    ward.fresh.clear();
    assert!(ward.find(AlarmFamily::SensorOff).is_some(), "it has been off for long enough");
    ward.advance(seconds(6));
    ward.session_ended();
    assert!(ward.find(AlarmFamily::SensorOff).is_none());
    ward.fresh.clear();
}

#[test]
fn a_line_that_is_opened_again_tells_anew_what_stands() {
    // technical:sensor-off Goal: the decoder of the reopened line tells what is on; what was on
    // before counts no more.
    let mut ward = TestWard::active();
    oximeter(&mut ward, StatusCode::SensorOff, true);
    ward.at("00:06").expect(&["00:05 raised sensor-off oximeter low active r1"]);
    ward.link_lost(OXIMETER_LINE, "unplugged");
    ward.at("00:20").expect(&["00:10 raised link-down oximeter T3 medium active r1"]);
    ward.link_online(OXIMETER_LINE);
    ward.expect(&[
        "00:20 ended sensor-off oximeter low none r1",
        "00:20 ended link-down oximeter T3 medium none r1",
    ]);
}

#[test]
fn a_gateway_that_has_lost_its_monitor_is_a_lost_link() {
    // technical:link-down
    let mut ward = TestWard::active();
    ward.message(BROKER, "gateway", status(StatusCode::CommsLost, true));
    ward.advance(seconds(2));
    ward.message(BROKER, "gateway", Message::default());
    ward.at("00:05").expect(&["00:04 raised link-down gateway T3 medium active r1"]);
    ward.message(BROKER, "gateway", status(StatusCode::CommsLost, false));
    ward.at("00:10").expect(&[
        "00:05 clearing link-down gateway T3 medium active r1",
        "00:09 ended link-down gateway T3 medium none r1",
    ]);
}

#[test]
fn a_gateway_that_is_there_says_nothing_of_the_monitor_that_it_has_lost() {
    // technical:link-down safety:A6 Goal: `{"online":true}` is retained, so it comes again whenever
    // we subscribe again: the link behind it is as lost as before, and so told the next time.
    let mut ward = TestWard::active();
    let gateway = || Some(device("gateway"));
    let online = Input::Link {
        bed: Some(BED),
        source: BROKER,
        device: gateway(),
        change: LinkChange::Online,
    };
    ward.message(BROKER, "gateway", status(StatusCode::CommsLost, true));
    ward.at("00:40").input(&online);
    ward.at("01:00").message(BROKER, "gateway", status(StatusCode::CommsLost, true));
    ward.at("01:30").expect(&[
        "00:04 raised link-down gateway T3 medium active r1",
        "00:30 escalated link-down gateway T3 high active r2",
    ]);
    ward.message(BROKER, "gateway", status(StatusCode::CommsLost, false));
    ward.expect(&["01:30 ended link-down gateway T3 high latched r2"]);
}

#[test]
fn a_gateway_that_was_away_itself_tells_anew_what_it_has_lost() {
    // technical:link-down Goal: its own loss and return say that what it told is past.
    let mut ward = TestWard::active();
    let link = |change| {
        let device = Some(device("gateway"));
        Input::Link { bed: Some(BED), source: BROKER, device, change }
    };
    ward.message(BROKER, "gateway", status(StatusCode::CommsLost, true));
    let lost = LinkChange::Lost { since: ward.at("00:10").now, why: "last will".into() };
    ward.input(&link(lost));
    ward.at("00:20").input(&link(LinkChange::Online));
    ward.at("00:21").message(BROKER, "gateway", status(StatusCode::CommsLost, true));
    ward.at("00:26").expect(&[
        "00:04 raised link-down gateway T3 medium active r1",
        "00:20 ended link-down gateway T3 medium none r1",
        "00:25 raised link-down gateway T3 medium active r1",
    ]);
}
