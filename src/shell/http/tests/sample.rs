//! A ward to look at: one bed with a session and an alarm, one empty bed.

use std::collections::BTreeSet;
mod acts;
mod preset;
mod visit;

use std::sync::Arc;
use std::time::Duration;

use crate::config::Watch;
use crate::domain::act::{Baseline, HandoverId, LimitOf, Symptom, Symptoms};
use crate::domain::alarm::occurrence::{
    Acknowledged, Change, Occurrence, Presence, ReadingRef, SessionChange, Signal, Subject,
    Transition,
};
use crate::domain::alarm::rule::{Judged, Phase};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::device::BedsideAlarm;
use crate::domain::ids::{
    BedId, BedIndex, DeviceId, OccurrenceId, ReadingId, RuleId, Seq, SessionId, SourceIndex, Uuid,
};
use crate::domain::metric::Metric;
use crate::domain::reading::{Origin, Quantity, ValueSource};
use crate::domain::screens::{
    Audio, Coverage, Heard, Lease, ScreenKind, ScreenView, SoundTest, Standing, Visibility,
};
use crate::domain::session::Responsible;
use crate::domain::session::checks::Missing;
use crate::domain::time::{MonoTime, Stamp, WallTime};
use crate::domain::view::{
    BedView, Freshness, LimitView, LinkState, LinkView, Moved, PauseView, SessionView, Side,
    SourceView, StandbyView, VitalView,
};
use crate::shell::clock::Speed;
use crate::shell::http::{BedLabel, Simulation, Site, SourceKind, SourceLabel};
use crate::shell::lane::{Published, ShownOccurrence, WardView};

pub(crate) use self::acts::{acts, handover};
use self::preset::{preset, presets};
pub(crate) use self::visit::{
    TEMP, conflicts, doses, events, missing, past_sessions, patient, readings, tasks, trend,
};

pub(crate) const SESSION: SessionId = SessionId::from_bits(0x01998e00_0000_7000_8000_000000000001);
pub(crate) const ALARM: OccurrenceId =
    OccurrenceId::from_bits(0x01998f3e_0000_7000_8000_000000000002);

pub(crate) const HANDOVER: HandoverId =
    HandoverId::from_bits(0x01998f3e_0000_7000_8000_000000000004);

/// 2026-11-22T10:15:00Z plus so many milliseconds.
pub(crate) fn at(millis: u64) -> Stamp {
    let wall = WallTime::from_micros(1_795_342_500_000_000);
    let start = Stamp { mono: MonoTime::from_micros(0), wall };
    start.plus(Duration::from_millis(millis))
}

pub(crate) fn bed_id(name: &str) -> BedId {
    BedId::try_new(name).expect("a right name")
}

fn device(name: &str) -> DeviceId {
    DeviceId::try_new(name).expect("a right name")
}

fn rule(name: &str) -> RuleId {
    RuleId::try_new(name).expect("a right name")
}

pub(crate) fn site() -> Site {
    let bed = |id: &str, label: &str, watch, unverified| BedLabel {
        id: bed_id(id),
        label: label.into(),
        watch,
        unverified,
    };
    let source = |name: &str, kind| SourceLabel { name: name.into(), kind };
    let beds = vec![
        bed("bay-1", "Bay 1", Watch::Session, vec![device("bay-1-cuff")]),
        bed("bay-0", "Bay 0", Watch::Always, Vec::new()),
    ];
    let sources =
        vec![source("bay-1-cuff", SourceKind::Serial), source("clinic", SourceKind::Mqtt)];
    let mut site =
        Site::new("demo-clinic".into(), "America/New_York".into(), beds, sources, presets());
    site.effective = "Site demo-clinic\nBeds\n  bay-1".into();
    site.origin = Origin::Simulated;
    let speed = Speed::try_new(10).expect("in range");
    site.simulation = Some(Simulation { speed, seed: 7, played_until: Some(at(0).wall) });
    site
}

pub(crate) fn occurrence() -> Occurrence {
    Occurrence {
        ended_by: None,
        id: ALARM,
        revision: 2,
        bed: Some(bed_id("bay-1")),
        session: Some(SESSION),
        origin: Origin::Simulated,
        outage: false,
        family: AlarmFamily::BpHigh,
        subject: None,
        rule: Some(rule("B2")),
        priority: Priority::High,
        highest: Priority::High,
        presence: Presence::Present,
        frozen: false,
        restored: false,
        confirm_until: None,
        signal: Signal::Active,
        escalation: 0,
        text: "Systolic 186 ≥ 180 mmHg".into(),
        lines: vec!["Diastolic 104".into()],
        metric: Some(Metric::NibpSys),
        value: Some(Quantity(186)),
        limit: Some(180),
        baseline: Some(124),
        reading: Some(ReadingRef {
            id: ReadingId(88_213),
            device: device("cuff-07"),
            seq: Some(4711),
            source: ValueSource::Nibp,
            verify: false,
            source_time: Some(at(0).wall.minus(Duration::from_secs(5))),
            received: at(7_310),
        }),
        phase: Some(Phase::Active),
        since_dose: Some(Duration::from_secs(1510)),
        onset: at(7_310),
        asked: at(7_310),
        next_step: Some(at(37_310)),
        ended: None,
        acknowledged: None,
    }
}

/// A broker's loss, acknowledged: service-wide and without numbers.
pub(crate) fn technical() -> Occurrence {
    Occurrence {
        id: OccurrenceId::from_bits(3),
        revision: 1,
        bed: None,
        session: None,
        family: AlarmFamily::LinkDown,
        subject: Some("clinic".into()),
        rule: Some(rule("T3")),
        priority: Priority::Medium,
        highest: Priority::Medium,
        next_step: None,
        presence: Presence::Clearing,
        restored: true,
        confirm_until: Some(at(60_000)),
        signal: Signal::Acknowledged,
        text: "Broker clinic is lost".into(),
        lines: Vec::new(),
        metric: None,
        value: None,
        limit: None,
        baseline: None,
        reading: None,
        phase: None,
        since_dose: None,
        acknowledged: Some(Acknowledged {
            by: "Kim".into(),
            at: at(9_000),
            reason: Some("treated".into()),
        }),
        ..occurrence()
    }
}

/// Transition `seq`: an alarm, every tenth a session's.
pub(crate) fn transition(seq: u64) -> Transition {
    let subject = if seq.is_multiple_of(10) {
        Subject::Session {
            change: SessionChange::PhaseChanged,
            bed: bed_id("bay-1"),
            session: Some(SESSION),
            note: None,
            phase: Some(Phase::Active),
        }
    } else {
        let occurrence = Box::new(occurrence());
        Subject::Alarm { change: Change::Updated, occurrence }
    };
    Transition { seq: Seq(seq), at: at(10_000 + seq), subject }
}

fn vital(judged: Judged, metric: Metric) -> VitalView {
    VitalView {
        judged,
        metric,
        value: None,
        source: None,
        device: None,
        reading: None,
        age: None,
        measured: None,
        verify: false,
        state: Freshness::Absent,
        why: None,
        limits: Vec::new(),
    }
}

fn vitals() -> Vec<VitalView> {
    let high = |name, limit, delay, confirm| LimitView {
        rule: rule(name),
        side: Side::High,
        limit,
        of: LimitOf::Value,
        moved: Moved::No,
        disabled: None,
        priority: Priority::High,
        delay: Duration::from_secs(delay),
        confirm,
    };
    let seen = |value, source, name: &str, age_ms| VitalView {
        value: Some(Quantity(value)),
        source: Some(source),
        device: Some(device(name)),
        reading: Some(ReadingId(88_213)),
        age: Some(Duration::from_millis(age_ms)),
        measured: Some(at(7_310).wall),
        state: Freshness::Live,
        ..vital(Judged::HeartRate, Metric::PulseRate)
    };
    vec![
        VitalView {
            judged: Judged::Metric(Metric::NibpSys),
            metric: Metric::NibpSys,
            limits: vec![high("B2", 180, 0, Some(Duration::from_secs(180)))],
            ..seen(186, ValueSource::Nibp, "bay-1-cuff", 95_900)
        },
        VitalView {
            limits: vec![high("H1", 140, 60, None)],
            verify: true,
            ..seen(221, ValueSource::Pleth, "bay-1-pleth", 400)
        },
        VitalView {
            why: Some("no finger".into()),
            ..vital(Judged::Metric(Metric::SpO2), Metric::SpO2)
        },
        VitalView {
            judged: Judged::Metric(Metric::Temp),
            metric: Metric::Temp,
            state: Freshness::Grey,
            ..seen(370, ValueSource::Manual, "bay-1-temp", 600_000)
        },
    ]
}

pub(crate) fn bed() -> BedView {
    BedView {
        id: bed_id("bay-1"),
        origin: Origin::Simulated,
        state: Freshness::Absent,
        session: Some(SessionView {
            id: SESSION,
            patient: patient(),
            drug: "ketamine".into(),
            route: "iv".into(),
            started: at(0),
            responsible: Some(Responsible { name: "kim".into(), since: at(500) }),
            baseline: Some(Baseline {
                sys: Some(124),
                dia: Some(76),
                map: Some(92),
                heart_rate: Some(70),
                spo2: None,
            }),
            doses: doses(),
            symptoms: Symptoms::of(&[Symptom::Nausea]),
            moaas: Some(4),
            tasks: tasks(),
            dose_missing: vec![Missing::DeviceRest { until: at(300_000) }],
            discharge_missing: missing(),
        }),
        preset: preset(),
        changed_limits: 0,
        disabled: Vec::new(),
        phase: Some(Phase::Active),
        since_dose: Some(Duration::from_secs(1260)),
        vitals: vitals(),
        advisories: vec!["Repeat BP".into()],
        next_due: Some(at(600_000)),
        interval: Duration::from_secs(600),
        links: vec![LinkView {
            device: device("bay-1-cuff"),
            source: SourceIndex(0),
            state: LinkState::Lost,
            since: at(5_000),
            why: Some("unplugged".into()),
        }],
        conflicts: conflicts(),
        bedside_alarms: vec![BedsideAlarm {
            code: "sys_high".into(),
            priority: Priority::Medium,
            active: true,
        }],
        occurrences: vec![ALARM],
        audio_paused: Some(PauseView { until: at(128_000), by: "kim".into() }),
        alarm_paused: Some(PauseView { until: at(129_000), by: "lee".into() }),
        standby: None,
    }
}

fn empty_bed() -> BedView {
    BedView {
        id: bed_id("bay-0"),
        session: None,
        phase: None,
        since_dose: None,
        vitals: Vec::new(),
        advisories: Vec::new(),
        next_due: None,
        links: Vec::new(),
        conflicts: Vec::new(),
        bedside_alarms: Vec::new(),
        occurrences: Vec::new(),
        audio_paused: None,
        alarm_paused: None,
        standby: Some(StandbyView {
            since: at(1_000),
            until: None,
            by: "kim".into(),
            reason: "room empty".into(),
        }),
        ..bed()
    }
}

pub(crate) fn sources() -> Vec<SourceView> {
    let mut rejects = [0; 11];
    rejects[3] = 2;
    let lost =
        SourceView { state: LinkState::Lost, why: Some("unplugged".into()), rejects: [0; 11] };
    vec![lost, SourceView { state: LinkState::Online, why: None, rejects }]
}

/// The ward at `seq`, with its clock at that transition.
pub(crate) fn ward(seq: u64) -> WardView {
    let shown = |seq, occurrence| ShownOccurrence { seq, occurrence: Arc::new(occurrence) };
    WardView {
        seq: Seq(seq),
        at: at(10_000 + seq),
        beds: vec![bed(), empty_bed()],
        occurrences: vec![shown(Some(Seq(2)), occurrence()), shown(None, technical())],
        handovers: vec![handover()],
        sources: sources(),
        undeclared: 0,
        self_check: 123,
    }
}

pub(crate) fn heartbeat(millis: u64) -> Published {
    Published::Heartbeat {
        at: at(millis),
        self_check: 1,
        self_test: Some(at(5_000).wall),
        watching: 2,
        sources: Arc::new(sources()),
        undeclared: 0,
    }
}

/// A station that is seen, a board that was lost, one that has not said anything yet.
pub(crate) fn screens() -> Vec<ScreenView> {
    let lease = Lease {
        visibility: Visibility::Visible,
        audio: Audio::Locked,
        beds: Coverage::Beds(BTreeSet::from([BedIndex(0)])),
        seen: Seq(8),
    };
    let seen = ScreenView {
        id: Uuid::from_bits(1),
        name: "desk".into(),
        kind: ScreenKind::Station,
        owner: "kim".into(),
        lease: Some(lease.clone()),
        age: Duration::from_millis(1_900),
        standing: Standing::Held,
        sound_test: Some(SoundTest { heard: Heard::Yes, by: "ada".into(), at: at(2_000).wall }),
    };
    let lost = ScreenView {
        id: Uuid::from_bits(2),
        kind: ScreenKind::Board,
        lease: Some(Lease { beds: Coverage::All, ..lease }),
        age: Duration::from_secs(61),
        standing: Standing::Lost,
        sound_test: None,
        ..seen.clone()
    };
    let silent = ScreenView { id: Uuid::from_bits(3), lease: None, ..seen.clone() };
    vec![seen, lost, silent]
}
