//! What a checkpoint becomes under a configuration that has changed, and what is no checkpoint.

use crate::domain::act::{Act, Actor, Deed, Disposition};
use crate::domain::role::Role;
use crate::domain::session::checks::Checks;
use std::sync::Arc;
use std::time::Duration;

use super::{BROKER, CUFF_LINE, MEDIUM, device, part, plan, start};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::occurrence::{Change, EndReason, Signal, Subject, Transition};
use crate::domain::alarm::rule::{AlarmPreset, Judged, Limit};
use crate::domain::device::Message;
use crate::domain::ids::{BedId, BedIndex, SourceIndex, Uuid};
use crate::domain::input::{Input, LinkChange, SessionStart};
use crate::domain::metric::Metric;
use crate::domain::reading::{Quantity, Reading, ValueSource};
use crate::domain::record::RecordError;
use crate::domain::time::Stamp;
use crate::domain::ward::{Ward, WardPlan};

fn later(seconds: u64) -> Stamp {
    start().plus(Duration::from_secs(seconds))
}

fn step(ward: &mut Ward, input: &Input, seconds: u64) -> Vec<Transition> {
    let mut told = Vec::new();
    ward.step(input, later(seconds), &mut told);
    told
}

fn cuff(bed: u32, source: SourceIndex, sys: i32) -> Input {
    let of = |metric, value| Reading::new(metric, Ok(Quantity(value)), ValueSource::Nibp);
    let readings = vec![of(Metric::NibpSys, sys), of(Metric::NibpDia, 90)];
    let message = Message { readings, ..Message::default() };
    let device = device(if source == CUFF_LINE { "cuff-line" } else { "monitor" });
    Input::Message { bed: BedIndex(bed), source, device, message }
}

/// An alarm of the second bed at once: B2 (systolic 160, no repeat).
fn alarmed() -> Ward {
    let mut ward = Ward::new(plan(), start());
    let told = step(&mut ward, &cuff(1, BROKER, 170), 1);
    assert_eq!(told.len(), 1, "raised: {told:?}");
    ward
}

fn without_second_bed() -> WardPlan {
    let mut plan = plan();
    plan.beds.truncate(1);
    plan
}

fn with_preset(change: impl FnOnce(&mut AlarmPreset)) -> WardPlan {
    let mut plan = plan();
    let mut preset = (*plan.beds[1].preset).clone();
    change(&mut preset);
    plan.beds[1].preset = Arc::new(preset);
    plan
}

/// The alarm changes in what was told: family, change and reason of an end.
fn changes(told: &[Transition]) -> Vec<(AlarmFamily, Change, Option<EndReason>)> {
    let of = |transition: &Transition| match &transition.subject {
        Subject::Alarm { change, occurrence } => {
            Some((occurrence.family, *change, occurrence.ended.map(|(_, why)| why)))
        }
        Subject::Session { .. } => None,
    };
    told.iter().filter_map(of).collect()
}

#[test]
fn a_bed_that_left_is_refused_by_name_while_an_alarm_of_it_is_open_or_latched() {
    // safety:A8
    let refused = |ward: &Ward| Ward::load(without_second_bed(), &ward.save()).err();
    let in_use = Some(RecordError::BedInUse("bay-2".into()));
    let mut ward = alarmed();
    assert_eq!(refused(&ward), in_use);

    // 185 twice is HIGH; 100 ends it, and it is latched.
    for (seconds, sys) in [(40, 185), (80, 185), (120, 100)] {
        step(&mut ward, &cuff(1, BROKER, sys), seconds);
    }
    let signals: Vec<Signal> = ward.occurrences().map(|it| it.signal).collect();
    assert_eq!(signals, [Signal::Latched]);
    assert_eq!(refused(&ward), in_use);
}

#[test]
fn a_bed_that_left_is_refused_by_name_while_its_session_runs_and_skipped_otherwise() {
    // safety:A8
    let start = SessionStart {
        id: Uuid::from_bits(7),
        initials: "A.B.".into(),
        drug: "ketamine".into(),
        route: "iv".into(),
        age_years: None,
        responsible: None,
    };
    let bed = BedIndex(1);
    let mut ward = Ward::new(plan(), super::start());
    let start_id = start.id;
    step(&mut ward, &Input::SessionStarted { bed, start }, 1);
    let loaded = Ward::load(without_second_bed(), &ward.save());
    assert_eq!(loaded.err(), Some(RecordError::BedInUse("bay-2".into())));

    let deed = Deed::EndSession {
        session: start_id,
        disposition: Disposition::NotDosed,
        checks: Checks::default(),
    };
    let by = Actor::new("kim", Role::Nurse);
    let reason = Some("because".into());
    let act = Act { command: Uuid::from_bits(1), by, reason, deed };
    step(&mut ward, &Input::Act(act), 2);
    let loaded = Ward::load(without_second_bed(), &ward.save()).unwrap();
    assert_eq!(loaded.beds().len(), 1);
    assert_eq!(loaded.next_seq(), ward.next_seq());
}

#[test]
fn beds_and_sources_are_found_by_name_where_the_configuration_puts_them_elsewhere() {
    // Goal: no bed gets another's alarm when one is put in before it.
    let ward = alarmed();
    let mut moved = plan();
    moved.beds.reverse();
    let fresh = BedId::try_new("bay-0").unwrap();
    moved.beds.insert(0, crate::domain::bed::BedPlan { id: fresh, ..moved.beds[0].clone() });
    moved.sources.reverse();
    for (_, line) in moved.beds.iter_mut().flat_map(|bed| &mut bed.lines) {
        *line = SourceIndex(1 - line.0);
    }
    let loaded = Ward::load(moved, &ward.save()).unwrap();
    let open: Vec<usize> = loaded.beds().iter().map(|bed| bed.occurrences().count()).collect();
    assert_eq!(open, [0, 1, 0]);
    assert_eq!(loaded.beds()[1].devices[0].line, SourceIndex(0));
}

#[test]
fn an_alarm_whose_rule_left_the_preset_stays_open_until_the_next_step_ends_it() {
    // safety:A8
    let ward = alarmed();
    let plan = with_preset(|preset| preset.families[0].bands.truncate(1));
    let mut loaded = Ward::load(plan, &ward.save()).unwrap();
    assert_eq!(loaded.occurrences().count(), 1);
    let told = step(&mut loaded, &Input::Tick, 30);
    let ended = (AlarmFamily::BpHigh, Change::Ended, Some(EndReason::Cleared));
    assert!(changes(&told).contains(&ended), "{told:?}");
}

#[test]
fn an_alarm_whose_rule_left_the_preset_passes_to_a_rule_that_holds_and_sounds_again() {
    // 170 violates B4, too: the same occurrence, told as a worse band rather than as a lower one.
    let ward = alarmed();
    let plan = with_preset(|preset| preset.families[0].bands.retain(|it| it.id.as_str() != "B2"));
    let mut loaded = Ward::load(plan, &ward.save()).unwrap();
    let told = step(&mut loaded, &Input::Tick, 30);
    assert_eq!(changes(&told), [(AlarmFamily::BpHigh, Change::Escalated, None)]);
    let told: Vec<_> = loaded.occurrences().map(|it| (it.id, it.rule.clone().unwrap())).collect();
    assert_eq!(told[0].0, ward.occurrences().next().unwrap().id);
    assert_eq!(told[0].1.as_str(), "B4");
}

#[test]
fn an_alarm_whose_rule_moved_to_another_rank_goes_on_untold() {
    // Goal: a band is known by its rule, not by its place.
    let ward = alarmed();
    let plan = with_preset(|preset| drop(preset.families[0].bands.remove(0)));
    let mut loaded = Ward::load(plan, &ward.save()).unwrap();
    let told = step(&mut loaded, &Input::Tick, 30);
    assert_eq!(changes(&told), []);
    let rules: Vec<_> = loaded.occurrences().map(|it| it.rule.clone().unwrap()).collect();
    assert_eq!(rules[0].as_str(), "B2");
}

#[test]
fn an_alarm_whose_family_left_the_preset_stays_open_until_the_next_step_ends_it() {
    // safety:A8
    let ward = alarmed();
    let plan = || with_preset(|preset| drop(preset.families.remove(0)));
    let loaded = Ward::load(plan(), &ward.save()).unwrap();
    let open = |ward: &Ward| ward.occurrences().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(open(&loaded), open(&ward));
    // And over another restart before anything has been stepped.
    let mut loaded = Ward::load(plan(), &loaded.save()).unwrap();
    assert_eq!(open(&loaded), open(&ward));
    let told = step(&mut loaded, &Input::Tick, 30);
    let ended = (AlarmFamily::BpHigh, Change::Ended, Some(EndReason::Cleared));
    assert!(changes(&told).contains(&ended), "{told:?}");
    assert_eq!(loaded.occurrences().count(), 0);
}

#[test]
fn an_alarm_whose_rule_judges_more_or_otherwise_placed_components_goes_on_untold() {
    // safety:A6: nothing but a valid reading inside the clear level ends it.
    let added = |preset: &mut AlarmPreset| {
        let rule = &mut preset.families[0].bands[1];
        let mean = Judged::Metric(Metric::NibpMap);
        rule.components.insert(0, part(mean, Limit::AtOrAbove(130), 0, MEDIUM));
    };
    let mut loaded = Ward::load(with_preset(added), &alarmed().save()).unwrap();
    assert_eq!(changes(&step(&mut loaded, &Input::Tick, 30)), []);
    let ended = step(&mut loaded, &cuff(1, BROKER, 100), 60);
    let cleared = (AlarmFamily::BpHigh, Change::Ended, Some(EndReason::Cleared));
    assert_eq!(changes(&ended), [cleared]);
}

#[test]
fn a_repeat_is_awaited_by_the_same_component_wherever_the_rule_has_it_now() {
    // Row 1c: what violated stands when no repeat came, here the systolic in the second place.
    let mut ward = Ward::new(plan(), start());
    step(&mut ward, &cuff(1, BROKER, 185), 1);
    let swapped = |preset: &mut AlarmPreset| preset.families[0].bands[0].components.reverse();
    let mut loaded = Ward::load(with_preset(swapped), &ward.save()).unwrap();
    step(&mut loaded, &Input::Tick, 200);
    let told: Vec<_> = loaded.occurrences().map(|it| (it.rule.clone(), it.metric)).collect();
    let rule = crate::domain::ids::RuleId::try_new("B1").ok();
    assert!(told.contains(&(rule, Some(Metric::NibpSys))), "{told:?}");
}

#[test]
fn a_lost_link_of_a_source_that_left_ends_and_one_that_stayed_does_not() {
    // Goal: nobody could ever bring such a device back.
    let mut ward = Ward::new(plan(), start());
    let change = LinkChange::Lost { since: later(1), why: "unplugged".into() };
    let lost = Input::Link { bed: Some(BedIndex(0)), source: CUFF_LINE, device: None, change };
    step(&mut ward, &lost, 1);
    step(&mut ward, &Input::Tick, 10);
    assert_eq!(ward.occurrences().count(), 1);

    let mut same = Ward::load(plan(), &ward.save()).unwrap();
    assert_eq!(changes(&step(&mut same, &Input::Tick, 20)), []);

    let mut left = plan();
    left.sources.remove(0);
    left.beds[0].lines.clear();
    let mut left = Ward::load(left, &ward.save()).unwrap();
    let ended = (AlarmFamily::LinkDown, Change::Ended, Some(EndReason::Cleared));
    assert_eq!(changes(&step(&mut left, &Input::Tick, 20)), [ended]);
    assert!(left.beds()[0].devices.is_empty());
}

#[test]
fn what_is_no_checkpoint_of_this_version_is_a_typed_error_that_quotes_nothing() {
    // Goal: each sort of damage has its error; never a panic, never half a ward.
    let saved = String::from_utf8(alarmed().save()).unwrap();
    let load = |text: &str| Ward::load(plan(), text.as_bytes()).unwrap_err();
    for cut in (0..saved.len()).filter(|cut| saved.is_char_boundary(*cut)).step_by(97) {
        assert!(matches!(load(&saved[..cut]), RecordError::Malformed(_)), "{cut}");
    }
    let newer = saved.replacen(r#""v":1,"#, r#""v":2,"telepathy":{},"#, 1);
    assert_eq!(load(&newer), RecordError::Version(2));
    let damaged = [
        saved.replacen(r#""spo2","low""#, r#""spo2",7"#, 1),
        saved.replacen(r#""condition":"unknown""#, r#""condition":"secret""#, 1),
        saved.replacen(r#""family":"bp-high""#, r#""family":"secret""#, 1),
        saved.replacen(r#""undeclared":0"#, r#""undeclared":"secret""#, 1),
        saved.replacen(r#""undeclared":0"#, r#""undeclared":0,"secret":1"#, 1),
        format!("{saved}{saved}"),
        r#"{"v":1,"seq":9}"#.to_owned(),
        "[]".to_owned(),
    ];
    for text in damaged {
        assert_ne!(text, saved, "damaged");
        let error = load(&text);
        assert!(matches!(error, RecordError::Malformed(_)), "{error:?}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let not_utf8 = Ward::load(plan(), &[0xFF, 0xFE]).unwrap_err();
    assert!(matches!(not_utf8, RecordError::Malformed(_)));
}
