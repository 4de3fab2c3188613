//! What an independent reading of the tables found, each as the behaviour that a nurse may count
//! on.

use dosevigil::domain::act::Deed;
use dosevigil::domain::alarm::AlarmFamily::{self, BpHigh};
use dosevigil::domain::alarm::Priority;
use dosevigil::domain::alarm::occurrence::Signal;
use dosevigil::domain::device::{DeviceStatus, Message, StatusCode};
use dosevigil::domain::input::{Input, JournalHealth};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Measured, Reading, Validity, ValueSource};
use dosevigil::domain::time::WallTime;

use crate::feed::{Cuff, pulse, reading};
use crate::support::{BED, BROKER, CUFF_LINE, OXIMETER_LINE, TestWard, device, seconds};

/// One pressure of a determination at a device's own time, in a message of its own.
fn piece(ward: &mut TestWard, metric: Metric, value: i32, at: WallTime) {
    let of = reading(metric, value, ValueSource::Nibp);
    let readings = vec![Reading { measured: Measured::DeviceClock(at), ..of }];
    ward.message(CUFF_LINE, "cuff", Message { readings, ..Message::default() });
}

#[test]
fn a_determination_that_comes_in_pieces_does_not_confirm_itself() {
    // row:1a row:1b row:31 rule:B2 Goal: systolic and diastolic of one determination, a second
    // apart; both are high, and nobody has measured again.
    let mut ward = TestWard::active();
    let at = ward.now.wall;
    piece(&mut ward, Metric::NibpSys, 184, at);
    ward.at("00:01");
    piece(&mut ward, Metric::NibpDia, 112, at);
    ward.at("02:59").expect(&["00:00 raised bp-high B2 medium active r1"]);
    ward.at("03:01").expect(&["03:00 confirmed bp-high B2 high active r2"]);
}

#[test]
fn the_pieces_of_a_clear_determination_count_as_one_after_a_high_one() {
    // rule:T1 Goal: the short interval holds until two determinations are clear.
    let mut ward = TestWard::active();
    ward.cuff(170, 90);
    ward.at("01:00");
    let at = ward.now.wall;
    piece(&mut ward, Metric::NibpSys, 120, at);
    piece(&mut ward, Metric::NibpDia, 70, at);
    assert_eq!(ward.ward.beds()[0].view(ward.now).interval, seconds(300));
    ward.fresh.clear();
}

#[test]
fn a_session_that_ends_in_an_alarm_pause_ends_its_alarms_for_good() {
    // row:26 row:29 Goal: acknowledged, paused, then the session ends: no second record of it.
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    ward.acknowledge(BpHigh, "Kim");
    ward.act("Kim", Deed::PauseAlarms { bed: BED }).expect("it begins");
    ward.fresh.clear();
    ward.at("00:10").end_session().expect("it ends");
    ward.at("05:00");
    assert!(ward.find(BpHigh).is_none(), "{:?}", ward.find(BpHigh));
    ward.fresh.clear();
}

#[test]
fn a_second_dose_that_has_ended_ends_the_active_phase_in_its_time() {
    // row:25 Goal: two doses were started, and the end of the last one is entered: contract 3.2,
    // dose_end is the last one's end.
    let mut ward = TestWard::active();
    ward.at("05:00").dose();
    ward.at("10:00").dose_ended();
    ward.fresh.clear();
    ward.at("41:00");
    let phase = ward.ward.beds()[0].view(ward.now).phase.map(|phase| phase.name());
    assert_eq!(phase, Some("recovery"));
    ward.fresh.clear();
}

#[test]
fn the_next_determination_in_pieces_confirms_what_the_one_before_awaits() {
    // row:1b rule:B2 Goal: diastolic was high; of the next determination the systolic comes first.
    let mut ward = TestWard::active();
    ward.cuff(150, 112);
    ward.at("01:00");
    let at = ward.now.wall;
    piece(&mut ward, Metric::NibpSys, 150, at);
    ward.expect(&["00:00 raised bp-high B2 medium active r1"]);
    piece(&mut ward, Metric::NibpDia, 113, at);
    ward.expect(&["01:00 confirmed bp-high B2 high active r2"]);
}

#[test]
fn a_journal_alarm_does_not_outlive_the_process_whose_journal_failed() {
    // row:28 technical:journal safety:P4 Goal: the new process says so itself if its journal fails.
    let mut ward = TestWard::without_session();
    ward.input(&Input::Journal(JournalHealth::Failing { why: "disk full".into() }));
    ward.at("00:10").restart(seconds(4));
    ward.at("01:00");
    let journal = ward.find(AlarmFamily::Journal).expect("it was HIGH and nobody took it");
    assert_eq!(journal.signal, Signal::Latched);
    ward.fresh.clear();
}

#[test]
fn a_device_that_starts_again_without_its_clock_and_counter_loses_no_high_reading() {
    // safety:F4 row:31 rule:B1 Goal: after a change of battery it counts from 1, in 1970.
    let mut ward = TestWard::active();
    let (day, then) = (ward.now.wall, WallTime::from_micros(10_000_000));
    let told = |sent, seq, sys| Message {
        sent: Some(sent),
        seq: Some(seq),
        ..Cuff { measured: Measured::DeviceClock(sent), ..Cuff::new(sys, 80) }.message()
    };
    ward.message(CUFF_LINE, "cuff", told(day, 4711, 120));
    ward.at("05:00").message(CUFF_LINE, "cuff", told(then, 1, 205));
    let raised = ward.find(BpHigh).map(|it| it.priority);
    assert_eq!(raised, Some(Priority::High));
    ward.fresh.clear();
}

#[test]
fn one_determination_through_two_brokers_confirms_nothing() {
    // row:31 row:1b rule:B2 Goal: the same device and instant, by another way.
    let mut ward = TestWard::active();
    let cuff = Cuff { measured: Measured::DeviceClock(ward.now.wall), ..Cuff::new(184, 90) };
    ward.message(BROKER, "cuff-7", cuff.message());
    ward.at("00:01").message(OXIMETER_LINE, "cuff-7", cuff.message());
    ward.at("02:59").expect(&["00:00 raised bp-high B2 medium active r1"]);
}

#[test]
fn an_arterial_pressure_that_ends_leaves_no_cuff_reading_confirmed() {
    // rule:B9 row:1a Goal: the cuff's next low reading is a first one again.
    let mut ward = TestWard::active();
    let art = |sys| reading(Metric::ArtSys, sys, ValueSource::Art);
    ward.cuff(88, 70);
    ward.stream(12, &[art(85)]);
    ward.stream(1, &[art(85)]);
    ward.cuff(110, 75);
    ward.stream(30, &[art(110)]);
    ward.fresh.clear();
    ward.cuff(88, 70);
    assert!(ward.find(AlarmFamily::BpLow).is_none());
    ward.fresh.clear();
}

#[test]
fn a_monitor_behind_a_gateway_that_is_lost_by_a_flat_battery_is_high() {
    // technical:battery-low technical:link-down
    let mut ward = TestWard::active();
    let told = |code| Message {
        statuses: vec![DeviceStatus { code, active: true }],
        ..Message::default()
    };
    ward.message(BROKER, "mon", told(StatusCode::LowBattery));
    ward.at("00:10").message(BROKER, "mon", told(StatusCode::CommsLost));
    ward.at("00:15");
    assert_eq!(ward.occurrence(AlarmFamily::LinkDown).priority, Priority::High);
    ward.fresh.clear();
}

#[test]
fn a_pulse_that_a_cuff_once_told_gives_a_stream_no_head_start() {
    // row:2 row:3 rule:H1 Goal: one high spot value, and minutes later a high stream.
    let mut ward = TestWard::active();
    ward.determination(Cuff { pulse: Some(130), ..Cuff::new(120, 80) });
    ward.at("05:00").stream(10, &[pulse(130)]);
    ward.nothing_told();
}

#[test]
fn one_cuff_that_nobody_can_choose_any_more_is_no_conflict_for_ever() {
    // technical:device-conflict safety:S8 Goal: both cuffs are gone for days.
    let mut ward = TestWard::without_session();
    for name in ["cuff-1", "cuff-2"] {
        ward.message(BROKER, name, Cuff::new(120, 80).message());
    }
    assert_eq!(ward.occurrence(AlarmFamily::DeviceConflict).priority, Priority::High);
    ward.acknowledge(AlarmFamily::DeviceConflict, "Kim");
    ward.at("3000:00");
    let chosen = ward.act("Kim", Deed::KeepDevice { bed: BED, device: device("cuff-1") });
    let left = ward.occurrence(AlarmFamily::DeviceConflict);
    assert!(chosen.is_ok() || left.signal == Signal::Latched, "{chosen:?}, {left:?}");
    ward.fresh.clear();
}

#[test]
fn two_new_cuffs_are_a_conflict_after_older_ones_were_forgotten() {
    // technical:device-conflict safety:S8
    let mut ward = TestWard::without_session();
    for name in ["cuff-1", "cuff-2"] {
        ward.message(BROKER, name, Cuff::new(120, 80).message());
    }
    ward.acknowledge(AlarmFamily::DeviceConflict, "Kim");
    ward.at("3000:00");
    for name in ["cuff-3", "cuff-4"] {
        ward.message(BROKER, name, Cuff::new(120, 80).message());
    }
    assert!(ward.find(AlarmFamily::DeviceConflict).is_some());
    ward.fresh.clear();
}

#[test]
fn a_reading_in_a_stand_by_ends_the_alarm_that_it_was_overdue() {
    // rule:T1 row:32 technical:nibp-overdue
    let mut ward = TestWard::active();
    ward.at("13:00").act("Kim", Deed::BeginStandby { bed: BED }).expect("it begins");
    assert!(ward.find(AlarmFamily::NibpOverdue).is_some());
    ward.cuff(120, 80);
    ward.at("13:01");
    assert!(ward.find(AlarmFamily::NibpOverdue).is_none());
    ward.fresh.clear();
}

#[test]
fn a_questionable_reading_ends_no_alarm_of_a_gate() {
    // rule:B8 safety:A6 Goal: it may raise, never clear.
    let mut ward = TestWard::intake();
    ward.cuff(170, 105);
    ward.at("02:00").cuff(172, 104);
    assert!(ward.find(AlarmFamily::PreDose).is_some());
    ward.at("04:00");
    ward.determination(Cuff { validity: Validity::Questionable, ..Cuff::new(128, 80) });
    assert!(ward.find(AlarmFamily::PreDose).is_some());
    ward.at("06:00").cuff(128, 80);
    assert!(ward.find(AlarmFamily::PreDose).is_none());
    ward.fresh.clear();
}

#[test]
fn a_cuff_that_fails_again_is_told_whether_or_not_it_took_back_the_failure_before() {
    // rule:T5 technical:cuff-failed Goal: nobody tells that a leak is over; each failure counts.
    let leak = || Message {
        statuses: vec![DeviceStatus { code: StatusCode::CuffLeak, active: true }],
        ..Message::default()
    };
    let mut ward = TestWard::active();
    ward.message(CUFF_LINE, "cuff", leak());
    assert_eq!(ward.occurrence(AlarmFamily::CuffFailed).priority, Priority::Low);
    ward.at("05:00").message(CUFF_LINE, "cuff", leak());
    assert_eq!(ward.occurrence(AlarmFamily::CuffFailed).priority, Priority::Medium);
    ward.at("06:00").cuff(120, 80);
    assert!(ward.find(AlarmFamily::CuffFailed).is_none());
    ward.at("11:00").message(CUFF_LINE, "cuff", leak());
    assert_eq!(ward.occurrence(AlarmFamily::CuffFailed).priority, Priority::Low);
    ward.fresh.clear();
}
