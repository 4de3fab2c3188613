//! `TestWard`: a ward under fake time with the shipped preset, stepped as the engine does it, and
//! its transitions as lines that a person reads.
//!
//! Method: inputs go through `Ward::step`; at every deadline in between it is stepped with `Tick`.
//! Each test looks at every transition: what `expect` was not told of fails the test at its end.
//! Numbers of the series are checked all along: from 1, no hole.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use dosevigil::domain::act::{Act, Actor, Answer, Deed, Disposition, Done, Refused};
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::escalation::EscalationTimes;
use dosevigil::domain::alarm::occurrence::{Change, Occurrence, Subject, Transition};
use dosevigil::domain::alarm::rule::AlarmPreset;
use dosevigil::domain::bed::{BedPlan, Watch};
use dosevigil::domain::ids::{BedId, BedIndex, CommandId, DeviceId, Seq, SessionId, SourceIndex};
use dosevigil::domain::input::{DoseEvent, Input, SessionStart};
use dosevigil::domain::reading::Origin;
use dosevigil::domain::role::Role;
use dosevigil::domain::session::checks::Checks;
use dosevigil::domain::time::{MonoTime, Stamp, WallTime};
use dosevigil::domain::ward::{Reply, SourceKind, SourcePlan, Ward, WardPlan};

use crate::feed::Decoders;
pub(crate) use crate::words::{nurse, seconds, span};

/// Sources of the test ward, in the plan's order.
pub(crate) const CUFF_LINE: SourceIndex = SourceIndex(0);
pub(crate) const OXIMETER_LINE: SourceIndex = SourceIndex(1);
pub(crate) const BROKER: SourceIndex = SourceIndex(2);
pub(crate) const BED: BedIndex = BedIndex(0);

/// 00:00 of every test: an hour into the clinic's time line, 2026-11-24T08:00:00Z.
pub(crate) const START: Stamp = Stamp {
    mono: MonoTime::from_micros(3_600_000_000),
    wall: WallTime::from_micros(1_795_507_200_000_000),
};

pub(crate) struct TestWard {
    pub(crate) ward: Ward,
    pub(crate) now: Stamp,
    start: Stamp,
    /// Not looked at yet.
    pub(crate) fresh: Vec<Transition>,
    /// What the test is not about: a stream of one value stands still, and most sessions here have
    /// no baseline.
    besides: Vec<AlarmFamily>,
    next_seq: u64,
    next_command: u128,
    follow: Follow,
    pub(crate) decoders: Decoders,
}

/// What `expect` looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follow {
    /// Everything but steps of escalation and reminders, which time alone brings.
    Conditions,
    Everything,
}

/// The preset as shipped, read once.
pub(crate) fn ketamine_iv() -> Arc<AlarmPreset> {
    static PRESET: OnceLock<Arc<AlarmPreset>> = OnceLock::new();
    let read = || {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
        let config = dosevigil::config::load(&path).expect("the shipped configuration is valid");
        assert_eq!(&*config.alarms.preset.name, "ketamine-iv");
        config.alarms.preset
    };
    PRESET.get_or_init(read).clone()
}

/// The shipped preset without its required signals: a test that is about one monitor does not have
/// to send everything that a patient needs.
pub(crate) fn nothing_required() -> Arc<AlarmPreset> {
    Arc::new(AlarmPreset { requires: Vec::new(), ..AlarmPreset::clone(&ketamine_iv()) })
}

pub(crate) fn device(name: &str) -> DeviceId {
    DeviceId::try_new(name).expect("a valid device name")
}

pub(crate) fn bed_plan(name: &str, watch: Watch, preset: &Arc<AlarmPreset>) -> BedPlan {
    BedPlan {
        id: BedId::try_new(name).expect("a valid bed name"),
        watch,
        preset: preset.clone(),
        lines: Vec::new(),
        declared: Vec::new(),
        origin: Origin::Patient,
    }
}

/// One bed with two serial lines and one broker; further beds have the broker only.
pub(crate) fn plan(beds: u32, watch: Watch, preset: &Arc<AlarmPreset>) -> WardPlan {
    let source = |name: &str, kind| SourcePlan { name: name.into(), kind };
    let mut beds: Vec<_> =
        (1..=beds).map(|n| bed_plan(&format!("bay-{n}"), watch, preset)).collect();
    beds[0].lines = vec![(device("cuff"), CUFF_LINE), (device("oximeter"), OXIMETER_LINE)];
    WardPlan {
        site: "test-clinic".into(),
        beds,
        sources: vec![
            source("cuff", SourceKind::Serial),
            source("oximeter", SourceKind::Serial),
            source("clinic", SourceKind::Broker),
        ],
        origin: Origin::Patient,
        escalation: EscalationTimes::DEFAULT,
        presets: Vec::new(),
    }
}

impl TestWard {
    pub(crate) fn of(plan: WardPlan, start: Stamp) -> Self {
        Self {
            ward: Ward::new(plan, start),
            now: start,
            start,
            fresh: Vec::new(),
            besides: vec![AlarmFamily::Frozen, AlarmFamily::NoBaseline],
            next_seq: 1,
            next_command: 1,
            follow: Follow::Conditions,
            decoders: Decoders::new(),
        }
    }

    /// Expects steps of escalation and reminders, too.
    pub(crate) fn following_everything(mut self) -> Self {
        self.follow = Follow::Everything;
        self
    }

    fn follows(&self, transition: &Transition) -> bool {
        let by_time = match &transition.subject {
            Subject::Alarm { change, .. } => {
                matches!(change, Change::SteppedUp | Change::Reminded)
            }
            Subject::Session { .. } => false,
        };
        !by_time || self.follow == Follow::Everything
    }

    /// No session; `watch = "session"`.
    pub(crate) fn without_session() -> Self {
        Self::of(plan(1, Watch::Session, &nothing_required()), START)
    }

    /// A session whose dose has just started: phase active.
    pub(crate) fn active() -> Self {
        Self::active_with(&nothing_required())
    }

    pub(crate) fn active_with(preset: &Arc<AlarmPreset>) -> Self {
        let mut ward = Self::of(plan(1, Watch::Session, preset), START);
        ward.session();
        ward.dose();
        ward.fresh.clear();
        ward
    }

    /// A session before its dose: phase intake.
    pub(crate) fn intake() -> Self {
        let mut ward = Self::without_session();
        ward.session();
        ward.fresh.clear();
        ward
    }

    pub(crate) fn session(&mut self) {
        let start = SessionStart {
            id: SessionId::from_bits(7),
            initials: "A.B.".into(),
            drug: "ketamine".into(),
            route: "iv".into(),
            age_years: None,
            responsible: Some("kim".into()),
        };
        self.input(&Input::SessionStarted { bed: BED, start });
    }

    /// From the start: a session with the shipped preset, required signals and all.
    pub(crate) fn with_requirements() -> Self {
        let mut ward = Self::of(plan(1, Watch::Session, &ketamine_iv()), START).told_everything();
        ward.session();
        ward.fresh.clear();
        ward
    }

    pub(crate) fn dose(&mut self) {
        let dose = DoseEvent::Started { at: self.now };
        self.input(&Input::Dose { bed: BED, dose });
    }

    pub(crate) fn dose_ended(&mut self) {
        let dose = DoseEvent::Ended { at: self.now };
        self.input(&Input::Dose { bed: BED, dose });
    }

    pub(crate) fn session_ended(&mut self) {
        self.end_session().expect("the session ends");
    }

    /// Refused where none runs, or a HIGH is not acknowledged.
    pub(crate) fn end_session(&mut self) -> Answer {
        let session = SessionId::from_bits(7);
        let deed = Deed::EndSession {
            session,
            disposition: Disposition::Admitted,
            checks: Checks::default(),
        };
        self.act("Kim", deed)
    }

    /// Every transition counts, from now on.
    pub(crate) fn told_everything(mut self) -> Self {
        self.besides.clear();
        self
    }

    /// Lets time pass to `mm:ss` since the test's start.
    pub(crate) fn at(&mut self, clock: &str) -> &mut Self {
        self.until(self.start.plus(span(clock)));
        self
    }

    pub(crate) fn advance(&mut self, delay: Duration) {
        self.until(self.now.plus(delay));
    }

    /// Steps with `Tick` at every deadline on the way, as the engine does.
    pub(crate) fn until(&mut self, to: Stamp) {
        assert!(to.mono >= self.now.mono, "time runs forward in a test");
        while let Some(due) = self.ward.next_deadline().filter(|due| *due <= to.mono) {
            let at = self.now.plus(due.since(self.now.mono));
            self.step(&Input::Tick, at);
            let next = self.ward.next_deadline();
            assert!(next.is_none_or(|next| next > at.mono), "a tick leaves nothing due behind");
        }
        self.now = to;
    }

    pub(crate) fn input(&mut self, input: &Input) -> Reply {
        self.until(self.now);
        self.step(input, self.now)
    }

    pub(crate) fn step(&mut self, input: &Input, now: Stamp) -> Reply {
        let from = self.fresh.len();
        let reply = self.ward.step(input, now, &mut self.fresh);
        for transition in &self.fresh[from..] {
            assert_eq!(transition.seq, Seq(self.next_seq), "a hole in the series");
            self.next_seq += 1;
        }
        let besides = &self.besides;
        self.fresh.retain(|transition| match &transition.subject {
            Subject::Alarm { occurrence, .. } => !besides.contains(&occurrence.family),
            Subject::Session { .. } => true,
        });
        reply
    }

    /// The process stood still for `down` and starts again with the state that it had.
    pub(crate) fn restart(&mut self, down: Duration) {
        let down_since = self.now;
        self.now = self.now.plus(down);
        self.step(&Input::Restarted { down_since }, self.now);
        self.decoders = Decoders::new();
    }

    /// Acknowledges the open or latched occurrence of a family at its current revision.
    pub(crate) fn acknowledge(&mut self, family: AlarmFamily, by: &str) -> Occurrence {
        let revision = self.occurrence(family).revision;
        let reply = self.acknowledge_as(family, revision, None, by);
        *reply.expect("the acknowledgement is taken")
    }

    /// `command`: `None` for a new one.
    pub(crate) fn acknowledge_as(
        &mut self,
        family: AlarmFamily,
        revision: u32,
        command: Option<u128>,
        by: &str,
    ) -> Result<Box<Occurrence>, Refused> {
        let occurrence = self.occurrence(family).id;
        let command = CommandId::from_bits(command.unwrap_or(self.next_command));
        self.next_command += 1;
        self.ack(&nurse(command, by, Deed::Acknowledge { occurrence, revision }))
    }

    /// A nurse's act under a new command, with the reason "because".
    pub(crate) fn act(&mut self, by: &str, deed: Deed) -> Answer {
        self.act_as(Actor::new(by, Role::Nurse), deed)
    }

    pub(crate) fn act_as(&mut self, by: Actor, deed: Deed) -> Answer {
        let command = CommandId::from_bits(1 << 64 | self.next_command);
        self.next_command += 1;
        self.take(&Act { command, by, reason: Some("because".into()), deed })
    }

    pub(crate) fn take(&mut self, act: &Act) -> Answer {
        match self.input(&Input::Act(act.clone())) {
            Reply::Acted(answer) => answer,
            Reply::None => panic!("an act gets an answer"),
        }
    }

    pub(crate) fn ack(&mut self, act: &Act) -> Result<Box<Occurrence>, Refused> {
        self.take(act).map(|done| {
            let Done::Acknowledged(occurrence) = done else { panic!("not acknowledged: {done:?}") };
            occurrence
        })
    }

    /// The newest occurrence of a family that is shown.
    pub(crate) fn occurrence(&self, family: AlarmFamily) -> &Occurrence {
        self.find(family).unwrap_or_else(|| panic!("no {} is shown", family.name()))
    }

    pub(crate) fn find(&self, family: AlarmFamily) -> Option<&Occurrence> {
        let shown = self.ward.occurrences().filter(|occurrence| occurrence.family == family);
        shown.max_by_key(|occurrence| occurrence.onset.mono)
    }

    /// The transitions since the last look are these lines and no others.
    #[track_caller]
    pub(crate) fn expect(&mut self, lines: &[&str]) {
        let told: Vec<_> = std::mem::take(&mut self.fresh);
        let told = told.iter().filter(|it| self.follows(it));
        let told: Vec<_> = told.map(|transition| self.line(transition)).collect();
        assert_eq!(told, lines, "\ntold:\n{}\nexpected:\n{}\n", told.join("\n"), lines.join("\n"));
    }

    #[track_caller]
    pub(crate) fn nothing_told(&mut self) {
        self.expect(&[]);
    }

    /// `mm:ss` since the start.
    pub(crate) fn line_time(&self, at: Stamp) -> String {
        let at = at.mono.since(self.start.mono).as_secs();
        format!("{:02}:{:02}", at / 60, at % 60)
    }

    /// `03:00 confirmed bp-high B2 high active r2`: time, change, family, subject, rule, priority,
    /// signal, revision, the step that is reached, and the marks that are set.
    pub(crate) fn line(&self, transition: &Transition) -> String {
        let clock = self.line_time(transition.at);
        match &transition.subject {
            Subject::Alarm { change, occurrence } => {
                let subject = occurrence.subject.as_ref().map(|subject| format!(" {subject}"));
                let rule = occurrence.rule.as_ref().map(|rule| format!(" {rule}"));
                let bed = match (&occurrence.bed, occurrence.bed.as_ref().map(BedId::as_str)) {
                    (None, _) => " service".to_owned(),
                    (Some(_), Some("bay-1") | None) => String::new(),
                    (Some(bed), Some(_)) => format!(" {bed}"),
                };
                let marks = [
                    (occurrence.frozen, " frozen"),
                    (occurrence.restored, " restored"),
                    (occurrence.outage, " outage"),
                ];
                let marks = marks.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark);
                let told = *change == Change::SteppedUp;
                let step = told.then(|| format!(" E{}", occurrence.escalation));
                let step = step.unwrap_or_default();
                format!(
                    "{clock}{bed} {} {}{}{} {} {} r{}{step}{}",
                    change.name(),
                    occurrence.family.name(),
                    subject.unwrap_or_default(),
                    rule.unwrap_or_default(),
                    occurrence.priority.name(),
                    occurrence.signal.name(),
                    occurrence.revision,
                    marks.collect::<String>(),
                )
            }
            Subject::Session { change, phase, .. } => {
                let phase = phase.map_or("-", |phase| phase.name());
                format!("{clock} session {} {phase}", change.name())
            }
        }
    }
}

impl Drop for TestWard {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let left = self.fresh.iter().filter(|it| self.follows(it));
            let left: Vec<_> = left.map(|it| self.line(it)).collect();
            assert!(left.is_empty(), "nobody looked at:\n{}\n", left.join("\n"));
        }
    }
}
