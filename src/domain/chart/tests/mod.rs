//! A chart holds what was done and measured, once, and nothing that was refused.

pub(crate) mod sample;

use std::time::Duration;

use sample::{KIM, SESSION, Visit, at, visit};

use super::*;
use crate::domain::act::{Deed, Disposition, Symptom, VisitDeed};
use crate::domain::alarm::Priority;
use crate::domain::alarm::occurrence::{Acknowledged, Change, EndReason, Occurrence};
use crate::domain::ids::BedIndex;
use crate::domain::reading::{Absent, Quantity, Reading, ValueSource};
use crate::domain::session::dose::{DoseChange, DoseOrder};

fn give() -> Deed {
    Deed::Visit(VisitDeed::GiveDose { session: SESSION, dose: DoseOrder::default() })
}

fn change(dose: super::super::session::dose::DoseId, change: DoseChange) -> Deed {
    Deed::Visit(VisitDeed::ChangeDose { session: SESSION, dose, change })
}

#[test]
fn a_whole_visit_is_in_its_chart() {
    let chart = visit().chart();
    assert_eq!((chart.started, chart.ended, chart.until), (at(60), Some(at(8400)), at(8400)));
    assert_eq!(&*chart.drug, "esketamine");
    assert_eq!(chart.preset.as_deref(), Some("esketamine-nasal"));
    assert_eq!(chart.patient.birth_year, Some(1980));
    assert_eq!(chart.origin, Origin::Simulated, "its cuff is");
    let phases: Vec<_> = chart.phases.iter().map(|(at, phase)| (*at, *phase)).collect();
    let expected = [
        (at(60), Phase::Intake),
        (at(120), Phase::Baseline),
        (at(600), Phase::Active),
        (at(6000), Phase::Recovery),
        (at(8400), Phase::Ended),
    ];
    assert_eq!(phases, expected);
    let doses: Vec<_> = chart.doses.iter().map(|it| (it.device_number, it.ended)).collect();
    let expected = [(Some(1), Some(at(600))), (Some(2), Some(at(920))), (Some(3), Some(at(1240)))];
    assert_eq!(doses, expected);
    assert_eq!(chart.dose_end(), Some(at(1240)));
    assert_eq!(chart.observations.len(), 2);
    assert!(chart.observations[0].symptoms.holds(Symptom::Dissociation));
    assert_eq!(chart.interventions[0].dose.as_deref(), Some("4 mg"));
    let (disposition, checks) = chart.disposition.expect("it has ended");
    assert_eq!((disposition, checks.escort), (Disposition::HomeEscorted, false));
    let beds: Vec<_> = chart.stays.iter().map(|it| (it.bed.as_str(), it.from)).collect();
    assert_eq!(beds, [("bay-1", at(60)), ("bay-2", at(5200))]);
    let moves = chart.events.iter().filter(|event| event.change == SessionChange::Moved);
    assert_eq!(moves.count(), 1, "both beds tell of it");
}

#[test]
fn a_walk_in_reading_belongs_to_the_session_only_when_it_was_accepted() {
    let chart = visit().chart();
    let before: Vec<_> = chart.values.iter().filter(|it| it.at.mono < at(60).mono).collect();
    let figures: Vec<_> = before.iter().map(|it| it.value).collect();
    assert_eq!(figures, [Ok(Quantity(126)), Ok(Quantity(80)), Ok(Quantity(71))]);
    assert_eq!(
        chart.baselines[0].note.as_ref().and_then(|it| it.new.as_deref()),
        Some("S 124 D 79")
    );
}

#[test]
fn a_void_reading_takes_its_determination_and_stays_in_the_chart() {
    let chart = visit().chart();
    let void: Vec<_> = chart.values.iter().filter(|it| it.correction.is_some()).collect();
    assert_eq!(void.len(), 2, "systolic and diastolic");
    for value in void {
        let correction = value.correction.as_ref().expect("it has one");
        assert_eq!((&*correction.by, correction.value), (KIM, None));
        assert_eq!(correction.reason.as_deref(), Some("patient moved"));
        assert_eq!(value.standing(), None);
    }
    let stand: Vec<_> = chart.pressures().iter().map(|it| (it.sys, it.dia)).collect();
    assert_eq!(stand, [(126, 80), (122, 78), (186, 104), (138, 84), (128, 82)]);
}

#[test]
fn an_amended_value_stands_at_what_it_was_amended_to() {
    let mut visit = Visit::new();
    visit.start(0);
    let sys = visit.cuff(10, 0, (186, 104));
    let deed = Deed::AmendReading { reading: ReadingId(sys), value: 168 };
    visit.act(20, deed, (SessionChange::ReadingVoided, None, Some("typed wrong")));
    let chart = visit.chart();
    let pressures = chart.pressures();
    assert_eq!((pressures[0].sys, pressures[0].dia), (168, 104));
    assert_eq!(pressures[0].systolic.value, Ok(Quantity(186)), "as it was received");
}

#[test]
fn a_determination_that_is_told_with_every_poll_counts_once() {
    // row:31
    let mut visit = Visit::new();
    visit.start(0);
    for second in 10..40 {
        visit.cuff(second, u32::try_from(second - 10).expect("small"), (124, 78));
    }
    visit.cuff(300, 0, (130, 80));
    let chart = visit.chart();
    assert_eq!(chart.pressures().len(), 2);
    assert_eq!(chart.values.len(), 6, "two pressures and the pulse of each");
}

#[test]
fn an_absent_value_stands_once_until_there_is_a_value_again() {
    let mut visit = Visit::new();
    visit.start(0);
    let none = Reading::new(Metric::SpO2, Err(Absent::Unavailable), ValueSource::Pleth);
    for second in 1..5 {
        visit.message(second, "oximeter", vec![none]);
    }
    visit.oximeter(5, 97);
    visit.message(6, "oximeter", vec![none]);
    let chart = visit.chart();
    let absent = chart.values.iter().filter(|it| it.value.is_err());
    let times: Vec<_> = absent.map(|it| it.at).collect();
    assert_eq!(times, [at(1), at(6)]);
}

#[test]
fn a_refused_act_is_not_in_the_chart() {
    let mut visit = Visit::new();
    visit.start(0);
    let sys = visit.cuff(5, 0, (124, 78));
    visit.refused(10, give(), None);
    visit.refused(11, Deed::VoidReading { reading: ReadingId(sys) }, None);
    let checks = Checks::ALL;
    let disposition = Disposition::Admitted;
    visit.refused(12, Deed::EndSession { session: SESSION, disposition, checks }, None);
    let chart = visit.chart();
    assert!(chart.doses.is_empty() && chart.disposition.is_none() && chart.ended.is_none());
    assert!(chart.values.iter().all(|it| it.correction.is_none()));
}

#[test]
fn an_infusion_keeps_its_pauses_and_what_was_given_of_it() {
    let mut visit = Visit::new();
    visit.start_by(0, ("ketamine", "iv"));
    let started = Some(at(60).wall);
    let dose = DoseOrder { micrograms: Some(40_000), started, ..DoseOrder::default() };
    let told = (SessionChange::Dosed, None, None);
    let (dose, _) =
        visit.act(100, Deed::Visit(VisitDeed::GiveDose { session: SESSION, dose }), told);
    let told = (SessionChange::DoseChanged, None, None);
    visit.act(400, change(dose, DoseChange::Pause { at: None }), told);
    visit.act(500, change(dose, DoseChange::Resume { at: Some(at(460).wall) }), told);
    let end = DoseChange::End { at: None, given_micrograms: Some(31_500) };
    visit.act(2000, change(dose, end), told);
    let chart = visit.chart();
    let dose = &chart.doses[0];
    assert_eq!((dose.started, dose.entered, dose.ended), (at(60), at(100), Some(at(2000))));
    assert_eq!(dose.pauses, [(at(400), Some(at(460)))]);
    assert_eq!(dose.micrograms, Some(31_500));
}

#[test]
fn a_dose_that_was_taken_back_is_in_the_chart_and_does_not_count() {
    let mut visit = Visit::new();
    visit.start_by(0, ("ketamine", "iv"));
    let (wrong, _) = visit.act(100, give(), (SessionChange::Dosed, None, None));
    let deed = Deed::Visit(VisitDeed::UndoDose { session: SESSION, dose: wrong });
    visit.act(130, deed, (SessionChange::DoseChanged, None, None));
    visit.act(200, give(), (SessionChange::Dosed, None, None));
    let chart = visit.chart();
    assert_eq!(chart.doses[0].voided.as_deref(), Some(KIM));
    assert_eq!(chart.first_dose().map(|dose| dose.started), Some(at(200)));
    assert_eq!(chart.dose_end(), None, "the one that counts has not ended");
}

#[test]
fn an_alarm_has_one_line_and_its_response_counts_from_the_last_time_it_asked() {
    // Goal: raised at MEDIUM, HIGH 30 s later, taken 35 s after that.
    let chart = visit().chart();
    assert_eq!(chart.alarms.len(), 1);
    let line = &chart.alarms[0];
    assert_eq!((line.raised, line.occurrence.asked), (at(3000), at(3030)));
    assert_eq!(line.occurrence.response(), Some(Duration::from_secs(35)));
    assert_eq!(line.occurrence.priority, Priority::High, "its highest, though it ended lower");
    assert_eq!(line.occurrence.ended, Some((at(3600), EndReason::Cleared)));
    assert_eq!((line.occurrence.escalation, line.changes.len()), (1, 4));
}

#[test]
fn an_answer_to_what_was_less_is_none_to_what_it_became() {
    // Goal: MEDIUM, which was taken; HIGH since, which nobody took: as the page tells it.
    let mut visit = Visit::new();
    visit.start_by(0, ("ketamine", "iv"));
    let medium = sample::occurrence(3000);
    let acknowledged = Some(Acknowledged { by: KIM.into(), at: at(3010), reason: None });
    visit.alarm(3000, Change::Raised, medium.clone());
    visit.alarm(3010, Change::Acknowledged, Occurrence { acknowledged, ..medium.clone() });
    let (priority, asked) = (Priority::High, at(3030));
    let high = Occurrence { priority, highest: priority, asked, revision: 2, ..medium };
    visit.alarm(3030, Change::Escalated, high);
    let chart = visit.chart();
    let line = &chart.alarms[0].occurrence;
    assert_eq!((line.priority, line.response()), (Priority::High, None));
    assert_eq!(line.acknowledged, None);
}

#[test]
fn a_stream_that_stays_away_and_a_service_that_was_down_are_gaps() {
    // Goal: from the last value to the next, and nothing where values come.
    let mut visit = visit();
    let down = Input::Restarted { down_since: at(7000) };
    visit.inputs.retain(|input| input.now.mono < at(8000).mono);
    visit.input(7300, down, 0);
    let chart = visit.chart();
    let of = |cause| {
        let gaps = chart.gaps.iter().filter(move |gap| gap.cause == cause);
        gaps.map(|gap| (gap.from, gap.until)).collect::<Vec<_>>()
    };
    assert_eq!(of(GapCause::Outage), [(at(7000), at(7300))]);
    let spo2 = [(at(1495), at(1600)), (at(2995), at(8400))];
    assert_eq!(of(GapCause::NoValue(Metric::SpO2)), spo2);
}

#[test]
fn another_bed_s_and_another_session_s_inputs_are_left_out() {
    let mut visit = Visit::new();
    visit.start(0);
    visit.oximeter(1, 97);
    visit.bed = 1;
    visit.oximeter(2, 88);
    let stranger = SessionId::from_bits(9);
    let dose = DoseOrder::default();
    let told = (SessionChange::Observed, None, None);
    visit.bed = 0;
    visit.act(3, Deed::Visit(VisitDeed::GiveDose { session: stranger, dose }), told);
    let chart = visit.chart();
    assert!(chart.doses.is_empty());
    let figures: Vec<_> = chart.values.iter().map(|it| it.value).collect();
    assert_eq!(figures, [Ok(Quantity(97)), Ok(Quantity(72))]);
    assert_eq!(chart.bed_at(at(3)).as_str(), "bay-1");
    assert!(bed_of(&sample::beds(), BedIndex(7)).is_none());
}

#[test]
fn without_its_start_there_is_no_chart() {
    let mut visit = Visit::new();
    visit.oximeter(1, 97);
    let chart = SessionChart::fold(SESSION, &sample::beds(), &visit.inputs, &visit.transitions);
    assert_eq!(chart, None);
}

#[test]
fn what_was_told_a_hair_after_its_act_is_of_the_act_and_nothing_later_is() {
    // Method: two sources stamp out of order; the ward's time does not run back.
    for (late_us, doses) in [(0, 1), (50_000, 1), (50_001, 0)] {
        let mut visit = Visit::new();
        visit.start(0);
        visit.act(100, give(), (SessionChange::Dosed, None, None));
        let told = visit.transitions.last_mut().expect("it was told");
        told.at = told.at.plus(Duration::from_micros(late_us));
        assert_eq!(visit.chart().doses.len(), doses, "{late_us}");
    }
}
