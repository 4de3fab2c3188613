//! One visit: patient, cuff and oximeter, nurse, and a ward of one bed, second by second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dosevigil::domain::act::{Act, Actor, Baseline, Deed};
use dosevigil::domain::alarm::escalation::EscalationTimes;
use dosevigil::domain::alarm::occurrence::{Change, Occurrence, Signal, Subject, Transition};
use dosevigil::domain::alarm::rule::AlarmPreset;
use dosevigil::domain::alarm::{AlarmFamily, Priority};
use dosevigil::domain::bed::{BedPlan, Watch};
use dosevigil::domain::device::Message;
use dosevigil::domain::ids::{
    BedId, BedIndex, CommandId, DeviceId, OccurrenceId, SessionId, SourceIndex,
};
use dosevigil::domain::input::{DoseEvent, Input, SessionStart};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Absent, Origin, Reading, ValueSource, plausible};
use dosevigil::domain::role::Role;
use dosevigil::domain::time::{MonoTime, Stamp, WallTime};
use dosevigil::domain::ward::{Reply, SourceKind, SourcePlan, Ward, WardPlan};
use simulators::patient::{CuffOutcome, Patient, Traits};

use crate::shift::Kind;
use crate::tally::{Heard, Outcome};
use crate::truth::{is_high, is_true};

/// Each turn of the oximeter, s.
const PERIOD_S: u64 = 2;
const ACKNOWLEDGED_AFTER_S: u64 = 30;
/// Longer than this a pressure is called sustained, s.
const SUSTAINED_S: u64 = 180;
/// The first determinations, and when their baseline is accepted; a dose is never earlier.
const FIRST_CUFF_S: u64 = 60;
const SECOND_CUFF_S: u64 = 180;
const BASELINE_S: u64 = 540;
const START: Stamp = Stamp {
    mono: MonoTime::from_micros(1_000_000),
    wall: WallTime::from_micros(1_795_507_200_000_000),
};
const BED: BedIndex = BedIndex(0);
const SESSION: SessionId = SessionId::from_bits(7);

/// Who repeats a determination that asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum World {
    ByItself,
    Nurse,
    Nobody,
}

impl World {
    pub(crate) const ALL: [Self; 3] = [Self::ByItself, Self::Nurse, Self::Nobody];

    const fn repeats_after_s(self) -> Option<u64> {
        match self {
            Self::ByItself => Some(60),
            Self::Nurse => Some(90),
            Self::Nobody => None,
        }
    }
}

pub(crate) struct Visit {
    world: World,
    preset: Arc<AlarmPreset>,
    patient: Patient,
    leaves_s: u64,
    doses: BTreeMap<u64, DoseEvent>,
    dose_s: u64,
    ward: Ward,
    now: Stamp,
    commands: u128,
    baseline: Option<Baseline>,
    pressures: Vec<(i32, i32)>,
    determinations: u32,
    next_cuff_s: u64,
    timed_taken: bool,
    /// What sounds, its revision, and when the nurse comes.
    sounding: BTreeMap<OccurrenceId, (u32, u64)>,
    heard: BTreeMap<OccurrenceId, Heard>,
    bp_high: Option<Occurrence>,
    cuff_failed: bool,
    /// First reading of a sustained high pressure, and when HIGH came.
    spell: Option<(u64, Option<u64>)>,
    sustained: Vec<Option<u64>>,
}

fn ward(preset: &Arc<AlarmPreset>) -> Ward {
    let bed = BedPlan {
        id: BedId::try_new("bay-1").expect("a valid name"),
        watch: Watch::Session,
        preset: Arc::clone(preset),
        lines: Vec::new(),
        declared: Vec::new(),
        origin: Origin::Simulated,
    };
    let plan = WardPlan {
        site: "load".into(),
        beds: vec![bed],
        sources: vec![SourcePlan { name: "clinic".into(), kind: SourceKind::Broker }],
        origin: Origin::Simulated,
        escalation: EscalationTimes::DEFAULT,
        presets: Vec::new(),
    };
    Ward::new(plan, START)
}

fn stamp(second: u64) -> Stamp {
    START.plus(Duration::from_secs(second))
}

impl Visit {
    /// The patient is given by seed and traits.
    pub(crate) fn new(
        kind: Kind,
        preset: Arc<AlarmPreset>,
        (seed, traits): (u64, Traits),
        world: World,
    ) -> Self {
        let given = kind.doses();
        let mut doses = BTreeMap::new();
        for dose in &given {
            // A device or an injection takes a minute of the nurse's time.
            let (from, lasts) = (dose.start_s as u64, (dose.duration_s as u64).max(60));
            doses.insert(from, DoseEvent::Started { at: stamp(from) });
            doses.insert(from + lasts, DoseEvent::Ended { at: stamp(from + lasts) });
        }
        Self {
            world,
            leaves_s: kind.leaves_s(&preset),
            ward: ward(&preset),
            preset,
            patient: Patient::new(seed, traits, given),
            dose_s: *doses.keys().next().expect("each visit has a dose"),
            doses,
            now: START,
            commands: 0,
            baseline: None,
            pressures: Vec::new(),
            determinations: 0,
            next_cuff_s: FIRST_CUFF_S,
            timed_taken: false,
            sounding: BTreeMap::new(),
            heard: BTreeMap::new(),
            bp_high: None,
            cuff_failed: false,
            spell: None,
            sustained: Vec::new(),
        }
    }

    pub(crate) fn run(mut self) -> Outcome {
        let start = SessionStart {
            id: SESSION,
            initials: "A.B.".into(),
            drug: self.preset.drug.as_ref().into(),
            route: self.preset.routes[0].as_ref().into(),
            age_years: Some(45),
            responsible: Some("kim".into()),
        };
        self.take(&Input::SessionStarted { bed: BED, start });
        for second in (0..self.leaves_s).step_by(PERIOD_S as usize) {
            self.pass(second);
            self.sample(second);
            if second >= self.next_cuff_s {
                self.determination(second);
            }
            if second == BASELINE_S {
                self.accept_baseline(second);
            }
            if let Some(dose) = self.doses.remove(&second) {
                self.take(&Input::Dose { bed: BED, dose });
            }
            self.acknowledge(second);
            self.watch(second);
        }
        self.sustained.extend(self.spell.map(|(_, high)| high));
        Outcome { heard: self.heard.into_values().collect(), sustained: self.sustained }
    }

    /// Time goes on, with a tick at each deadline on the way.
    fn pass(&mut self, second: u64) {
        let to = stamp(second);
        while let Some(due) = self.ward.next_deadline().filter(|due| *due <= to.mono) {
            self.now = self.now.plus(due.since(self.now.mono));
            self.take(&Input::Tick);
        }
        self.now = to;
    }

    fn take(&mut self, input: &Input) -> Reply {
        let mut told = Vec::new();
        let reply = self.ward.step(input, self.now, &mut told);
        for Transition { subject, .. } in told {
            if let Subject::Alarm { change, occurrence } = subject {
                self.hear(change, *occurrence);
            }
        }
        reply
    }

    fn hear(&mut self, change: Change, told: Occurrence) {
        let second = self.now.mono.since(START.mono).as_secs();
        if told.signal == Signal::Active {
            let comes_s = second + ACKNOWLEDGED_AFTER_S;
            self.sounding.entry(told.id).or_insert((0, comes_s)).0 = told.revision;
        } else {
            self.sounding.remove(&told.id);
        }
        let sounds = matches!(
            change,
            Change::Raised | Change::Confirming | Change::Confirmed | Change::Escalated
        );
        if sounds && told.signal == Signal::Active {
            let at = told.reading.as_ref().map_or(self.now, |reading| reading.received);
            let truth = self.patient.mean(at.mono.since(START.mono).as_secs_f64());
            let is_true = is_true(&told, &self.preset, self.baseline, &truth);
            let (family, rule, priority) = (told.family, told.rule.clone(), told.highest);
            let needs_hand = is_true && self.needs_hand(family);
            self.heard.insert(told.id, Heard { family, rule, priority, is_true, needs_hand });
        }
        if told.family == AlarmFamily::CuffFailed {
            self.cuff_failed = told.ended.is_none();
        } else if told.family == AlarmFamily::BpHigh {
            self.bp_high = told.ended.is_none().then_some(told);
        }
    }

    /// What is true asks for somebody, but for a cuff that repeats by itself, and for one that is
    /// late because it failed while the nurse who was told is on her way.
    fn needs_hand(&self, family: AlarmFamily) -> bool {
        let is_late = family == AlarmFamily::NibpOverdue;
        match self.world {
            World::ByItself => !(is_late || family == AlarmFamily::CuffFailed),
            World::Nurse => !(is_late && self.cuff_failed),
            World::Nobody => true,
        }
    }

    fn sample(&mut self, second: u64) {
        let at = second as f64;
        let truth = self.patient.observed(self.patient.mean(at), at);
        let readings = [
            (Metric::PulseRate, truth.heart_rate, ValueSource::Pleth),
            (Metric::SpO2, truth.spo2, ValueSource::Pleth),
            (Metric::RespRate, truth.respiration, ValueSource::Ecg),
        ];
        let of = |(metric, value, source): (Metric, f64, ValueSource)| {
            Reading::new(metric, plausible(metric, value.round() as i64), source)
        };
        self.message("monitor", readings.map(of).to_vec());
    }

    fn message(&mut self, from: &str, readings: Vec<Reading>) {
        let message = Message { readings, ..Message::default() };
        let device = DeviceId::try_new(from).expect("a valid name");
        self.take(&Input::Message { bed: BED, source: SourceIndex(0), device, message });
    }

    fn determination(&mut self, second: u64) {
        self.determinations += 1;
        let truth = self.patient.mean(second as f64);
        let of = |metric, value: Result<u16, Absent>| {
            let value = value.and_then(|value| plausible(metric, value.into()));
            Reading::new(metric, value, ValueSource::Nibp)
        };
        match self.patient.cuff_reading(self.determinations, truth) {
            CuffOutcome::Reading { systolic, diastolic, mean, pulse } => {
                self.message(
                    "cuff",
                    vec![
                        of(Metric::NibpSys, Ok(systolic)),
                        of(Metric::NibpDia, Ok(diastolic)),
                        of(Metric::NibpMap, Ok(mean)),
                        of(Metric::PulseRate, Ok(pulse)),
                    ],
                );
                self.pressures.push((systolic.into(), diastolic.into()));
                self.timed_taken |= self.timed_s().is_some_and(|at| second + 300 >= at);
                self.begin_spell(second, is_high(systolic.into(), diastolic.into()));
                self.plan_cuff(second, self.asks_for_repeat());
            }
            CuffOutcome::Failed(_) => {
                let none = [Metric::NibpSys, Metric::NibpDia, Metric::NibpMap];
                let none = none.map(|metric| of(metric, Err(Absent::Invalid)));
                self.message("cuff", none.to_vec());
                self.plan_cuff(second, true);
            }
        }
    }

    /// The timed reading of the preset, in seconds of the visit.
    fn timed_s(&self) -> Option<u64> {
        self.preset.due.first().map(|due| self.dose_s + due.at.as_secs())
    }

    fn asks_for_repeat(&self) -> bool {
        let view = self.ward.beds()[0].view(self.now);
        let recuff = self.bp_high.as_ref().is_some_and(|it| it.confirm_until.is_some());
        recuff || view.advisories.iter().any(|advisory| &**advisory == "Repeat BP")
    }

    fn plan_cuff(&mut self, second: u64, asked: bool) {
        let mut next = second + self.ward.beds()[0].view(self.now).interval.as_secs();
        if second < SECOND_CUFF_S {
            next = SECOND_CUFF_S;
        }
        if let Some(at) = self.timed_s().filter(|at| !self.timed_taken && second < *at) {
            next = next.min(at);
        }
        let repeat = self.world.repeats_after_s().filter(|_| asked);
        self.next_cuff_s = repeat.map_or(next, |after| next.min(second + after));
    }

    /// The median of what was measured, and the rate and saturation of the moment.
    fn accept_baseline(&mut self, second: u64) {
        let median = |of: fn(&(i32, i32)) -> i32| {
            let mut values: Vec<_> = self.pressures.iter().map(of).collect();
            values.sort_unstable();
            values.get(values.len() / 2).copied()
        };
        let truth = self.patient.mean(second as f64);
        let baseline = Baseline {
            sys: median(|it| it.0),
            dia: median(|it| it.1),
            map: None,
            heart_rate: Some(truth.heart_rate.round() as i32),
            spo2: Some(truth.spo2.round() as i32),
        };
        if baseline.sys.is_some() {
            self.does(Deed::AcceptBaseline { session: SESSION, baseline });
            self.baseline = Some(baseline);
        }
    }

    fn acknowledge(&mut self, second: u64) {
        let due = self.sounding.iter().filter(|(_, (_, comes_s))| *comes_s <= second);
        let due: Vec<_> = due.map(|(id, (revision, _))| (*id, *revision)).collect();
        for (occurrence, revision) in due {
            self.does(Deed::Acknowledge { occurrence, revision });
        }
    }

    fn does(&mut self, deed: Deed) {
        self.commands += 1;
        let command = CommandId::from_bits(self.commands);
        let by = Actor::new("kim", Role::Nurse);
        let reply = self.take(&Input::Act(Act { command, by, reason: None, deed }));
        assert!(matches!(reply, Reply::Acted(Ok(_))), "the nurse's act is taken: {reply:?}");
    }

    fn is_truly_high(&self, second: u64) -> bool {
        let truth = self.patient.mean(second as f64);
        is_high(truth.systolic, truth.diastolic)
    }

    fn begin_spell(&mut self, second: u64, read_high: bool) {
        let lasts = || (second..=second + SUSTAINED_S).step_by(10).all(|s| self.is_truly_high(s));
        if read_high && self.spell.is_none() && second >= self.dose_s && lasts() {
            self.spell = Some((second, None));
        }
    }

    /// Is it HIGH by now, and is the pressure still high?
    fn watch(&mut self, second: u64) {
        let Some((since, high)) = self.spell else { return };
        let told = self.bp_high.as_ref().is_some_and(|it| it.priority == Priority::High);
        let high = high.or_else(|| told.then_some(second - since));
        self.spell = Some((since, high));
        if !self.is_truly_high(second) {
            self.sustained.push(high);
            self.spell = None;
        }
    }
}
