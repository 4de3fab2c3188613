//! The golden trace of alarms 11, whole: every line at its time, escalation and reminders included.
//!
//! Family bp-high with two rules without `confirm`, warn >= 180 MEDIUM and crisis >= 200 HIGH,
//! h 5, interval 5 min.

use std::sync::Arc;
use std::time::Duration;

use dosevigil::domain::act::Refused;
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, LinkDown, MonitoringGap, NoBaseline};
use dosevigil::domain::alarm::rule::{AlarmPreset, AlarmRule, Component, Limit};
use dosevigil::domain::alarm::{Onset, Severity};
use dosevigil::domain::bed::Watch;
use dosevigil::domain::ids::RuleId;
use dosevigil::domain::ward::Ward;

use crate::support::{CUFF_LINE, TestWard, nothing_required, plan, seconds};

fn two_rules() -> Arc<AlarmPreset> {
    let mut preset = nothing_required().as_ref().clone();
    let interval = seconds(300);
    let intervals = &mut preset.intervals;
    for phase in [&mut intervals.active, &mut intervals.after_high, &mut intervals.intake] {
        *phase = interval;
    }
    let family = &mut preset.families[0];
    assert_eq!((family.family, family.clear_by), (BpHigh, 5));
    let b1 = family.bands[0].clone();
    let band = |id, limit, severity| AlarmRule {
        id: RuleId::try_new(id).expect("a valid name"),
        components: vec![Component {
            limit: Limit::AtOrAbove(limit),
            severity,
            onset: Onset::Prompt,
            ..b1.components[0]
        }],
        ..b1.clone()
    };
    family.bands =
        vec![band("crisis", 200, Severity::Irreversible), band("warn", 180, Severity::Reversible)];
    Arc::new(preset)
}

#[test]
fn the_golden_trace_comes_out_line_by_line() {
    // row:1 row:6 row:8 row:13 row:14 row:15 row:16 row:17 row:20 row:21 row:23 row:28 safety:A7
    let mut ward = TestWard::active_with(&two_rules()).following_everything();
    ward.cuff(182, 90);
    ward.expect(&["00:00 raised bp-high warn medium active r1"]);
    assert_eq!(until_told_further(&ward), Some(seconds(120)));
    ward.at("00:40");
    let kim = ward.acknowledge_as(BpHigh, 1, Some(40), "Kim");
    ward.at("00:41");
    assert_eq!(ward.acknowledge_as(BpHigh, 1, Some(40), "Kim"), kim);
    ward.expect(&["00:40 acknowledged bp-high warn medium acknowledged r1"]);
    let it = ward.occurrence(BpHigh);
    assert_eq!((it.response(), it.next_step), (Some(seconds(40)), None));

    ward.at("05:10").expect(&["05:00 reminded bp-high warn medium acknowledged r1"]);
    ward.cuff(204, 90);
    ward.expect(&["05:10 escalated bp-high crisis high active r2"]);
    assert_eq!(until_told_further(&ward), Some(seconds(30)));
    assert_eq!(ward.occurrence(BpHigh).response(), None, "nobody has answered the HIGH");
    ward.at("05:20");
    let old = ward.acknowledge_as(BpHigh, 1, None, "Kim");
    assert_eq!(old, Err(Refused::Stale { current: 2 }));
    ward.at("05:45").acknowledge(BpHigh, "Lee");
    ward.at("10:00").cuff(178, 90);
    ward.expect(&[
        "05:40 stepped-up bp-high crisis high active r2 E1",
        "05:45 acknowledged bp-high crisis high acknowledged r2",
        "10:00 updated bp-high warn medium acknowledged r3",
    ]);
    // 05:10 to 05:45, whatever it became since.
    assert_eq!(ward.occurrence(BpHigh).response(), Some(seconds(35)));

    ward.at("10:20").link_lost(CUFF_LINE, "unplugged");
    ward.at("12:00").expect(&[
        "10:24 raised link-down cuff T3 medium active r1",
        "10:50 escalated link-down cuff T3 high active r2",
        "11:20 stepped-up link-down cuff T3 high active r2 E1",
        "11:50 stepped-up link-down cuff T3 high active r2 E2",
    ]);
    let saved = ward.ward.save();
    ward.ward = Ward::load(plan(1, Watch::Session, &two_rules()), &saved).expect("a checkpoint");
    ward.restart(seconds(4));
    ward.expect(&[
        "12:04 service raised monitoring-gap medium latched r1 outage",
        "12:04 restored bp-high warn medium acknowledged r3 frozen restored",
        "12:04 restored link-down cuff T3 high active r2 restored",
    ]);
    assert_eq!(ward.occurrence(LinkDown).escalation, 2);
    ward.at("12:10").link_online(CUFF_LINE);
    ward.expect(&["12:10 ended link-down cuff T3 high latched r2 restored"]);
    ward.at("12:20");
    ward.acknowledge(LinkDown, "Lee");
    ward.acknowledge(MonitoringGap, "Lee");
    ward.expect(&[
        "12:20 acknowledged link-down cuff T3 high none r2 restored",
        "12:20 service acknowledged monitoring-gap medium none r1 outage",
    ]);

    ward.at("15:10")
        .expect(&["15:00 reminded bp-high warn medium acknowledged r3 frozen restored"]);
    ward.cuff(171, 90);
    ward.expect(&["15:10 ended bp-high warn medium none r3 restored"]);
    let left: Vec<_> = ward.ward.occurrences().map(|it| it.family).collect();
    assert_eq!(left, [NoBaseline], "the trace has no baseline");
}

/// From when it last asked for an answer.
fn until_told_further(ward: &TestWard) -> Option<Duration> {
    let it = ward.occurrence(BpHigh);
    it.next_step.map(|due| due.mono.since(it.asked.mono))
}

#[test]
fn left_alone_the_lost_link_of_the_trace_goes_on_to_the_lead() {
    // row:23 row:28 Goal: E3 is due at 12:50, over the restart.
    let mut ward = TestWard::active_with(&two_rules()).following_everything();
    ward.at("10:20").link_lost(CUFF_LINE, "unplugged");
    ward.at("12:00").fresh.clear();
    ward.restart(seconds(4));
    ward.fresh.clear();
    ward.at("13:30").expect(&["12:50 stepped-up link-down cuff T3 high active r2 E3 restored"]);
}
