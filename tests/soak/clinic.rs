//! The clinic's ward, stepped as the engine steps it, with a second ward beside it that lives from
//! a checkpoint and the journal's lines alone and has to tell the same to the last bit.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dosevigil::config;
use dosevigil::domain::act::{Act, Actor, Deed, Done};
use dosevigil::domain::alarm::escalation::EscalationTimes;
use dosevigil::domain::alarm::occurrence::{Change, Subject, Transition};
use dosevigil::domain::bed::{BedPlan, Watch};
use dosevigil::domain::ids::{BedId, CommandId, DeviceId, SourceIndex};
use dosevigil::domain::input::Input;
use dosevigil::domain::reading::Origin;
use dosevigil::domain::record::{Names, read_input, write_input};
use dosevigil::domain::time::{MonoTime, Stamp, WallTime};
use dosevigil::domain::ward::{Reply, SourceKind, SourcePlan, Ward, WardPlan};

use crate::invariants::Invariants;

/// 2026-11-24T00:00:00Z.
const MIDNIGHT_US: i64 = 1_795_478_400_000_000;
/// Everybody's monitors.
pub(crate) const BROKER: SourceIndex = SourceIndex(0);

pub(crate) struct Clinic {
    pub(crate) ward: Ward,
    pub(crate) now: Stamp,
    pub(crate) readings: u64,
    pub(crate) acts: u64,
    pub(crate) restarts: u64,
    pub(crate) raised: BTreeMap<String, u64>,
    plan: WardPlan,
    names: Names,
    shadow: Ward,
    invariants: Invariants,
    unlike: Vec<String>,
    out: Vec<Transition>,
}

/// A bed's cuff has a serial line of its own.
pub(crate) fn cuff_line(bed: u32) -> SourceIndex {
    SourceIndex(bed + 1)
}

pub(crate) fn cuff(bed: u32) -> DeviceId {
    DeviceId::try_new(&format!("cuff-{bed}")).expect("a valid name")
}

fn plan(beds: u32) -> WardPlan {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
    let config = config::load(&example).expect("the shipped example is valid");
    let bed = |bed: u32| BedPlan {
        id: BedId::try_new(&format!("bay-{bed}")).expect("a valid name"),
        watch: if bed.is_multiple_of(3) { Watch::Always } else { Watch::Session },
        preset: Arc::clone(&config.alarms.preset),
        lines: vec![(cuff(bed), cuff_line(bed))],
        declared: Vec::new(),
        origin: Origin::Simulated,
    };
    let source = |name: String, kind| SourcePlan { name: name.into(), kind };
    let broker = source("clinic".into(), SourceKind::Broker);
    let lines = (0..beds).map(|bed| source(format!("cuff-{bed}"), SourceKind::Serial));
    WardPlan {
        site: "soak".into(),
        beds: (0..beds).map(bed).collect(),
        sources: std::iter::once(broker).chain(lines).collect(),
        origin: Origin::Simulated,
        escalation: EscalationTimes::DEFAULT,
        presets: Vec::new(),
    }
}

impl Clinic {
    pub(crate) fn new(beds: u32) -> Self {
        let plan = plan(beds);
        let now = Stamp {
            mono: MonoTime::from_micros(1_000_000),
            wall: WallTime::from_micros(MIDNIGHT_US),
        };
        let names = Names {
            beds: plan.beds.iter().map(|bed| bed.id.clone()).collect(),
            sources: plan.sources.iter().map(|source| source.name.clone()).collect(),
        };
        let ward = Ward::new(plan.clone(), now);
        Self {
            shadow: ward.clone(),
            ward,
            now,
            readings: 0,
            acts: 0,
            restarts: 0,
            raised: BTreeMap::new(),
            plan,
            names,
            invariants: Invariants::default(),
            unlike: Vec::new(),
            out: Vec::new(),
        }
    }

    pub(crate) fn breaches(&self) -> Vec<String> {
        self.invariants.breaches().iter().chain(&self.unlike).cloned().collect()
    }

    /// Time goes on by so much, with a tick at each deadline on the way.
    pub(crate) fn advance(&mut self, span: Duration) {
        let to = self.now.plus(span);
        while let Some(due) = self.ward.next_deadline().filter(|due| *due <= to.mono) {
            self.now = self.now.plus(due.since(self.now.mono));
            self.take(&Input::Tick);
        }
        self.now = to;
    }

    pub(crate) fn take(&mut self, input: &Input) -> Reply {
        if let Input::Message { message, .. } = input {
            self.readings += message.readings.len() as u64;
        }
        let first = self.ward.next_reading();
        let line = write_input(&self.names, self.now, first, input).expect("of this configuration");
        let reply = self.ward.step(input, self.now, &mut self.out);
        self.shadow_takes(&line);
        self.invariants.told(&self.out);
        for transition in &self.out {
            if let Subject::Alarm { change: Change::Raised, occurrence } = &transition.subject {
                let rule = occurrence.rule.as_ref().map_or("", |rule| rule.as_str());
                let what = format!("{} {rule}", occurrence.family.name());
                *self.raised.entry(what).or_default() += 1;
            }
        }
        self.out.clear();
        reply
    }

    /// The second ward gets what the journal would hold.
    fn shadow_takes(&mut self, line: &str) {
        let read = read_input(line, &self.names.lookup()).expect("what was written can be read");
        let mut told = Vec::new();
        self.shadow.step(&read.input, read.now, &mut told);
        if told != self.out && self.unlike.len() < 10 {
            self.unlike.push(format!("told {:?}, replayed {told:?}", self.out));
        }
    }

    /// The second ward begins anew from a checkpoint.
    pub(crate) fn checkpoint(&mut self) {
        self.shadow = self.loaded();
    }

    fn loaded(&self) -> Ward {
        Ward::load(self.plan.clone(), &self.ward.save()).expect("a checkpoint can be loaded")
    }

    /// The process stood still for `down`.
    pub(crate) fn restart(&mut self, down: Duration) {
        let down_since = self.now;
        self.ward = self.loaded();
        self.restarts += 1;
        self.now = self.now.plus(down);
        self.take(&Input::Restarted { down_since });
    }

    /// A named person's act, and what it did; `None`: it was refused.
    pub(crate) fn does(&mut self, by: Actor, deed: Deed) -> Option<Done> {
        self.acts += 1;
        let command = CommandId::from_bits(self.acts.into());
        match self.take(&Input::Act(Act { command, by, reason: Some("soak".into()), deed })) {
            Reply::Acted(answer) => answer.ok(),
            Reply::None => panic!("an act gets an answer"),
        }
    }

    pub(crate) fn second_is_over(&mut self) {
        self.invariants.shows(&self.ward);
    }
}
