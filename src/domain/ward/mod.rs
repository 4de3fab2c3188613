//! All beds, the site's one series of transitions, and the alarms that belong to no bed.
//!
//! Step contract: `step(input, now)` first lets everything happen that was due before `now`, then
//! takes the input; `next_deadline()` says when to call again with `Tick`. An input costs the same
//! whatever the number of beds: beds are found by index and deadlines wait in one heap.

mod acts;
mod conflict;
mod deadlines;
mod faults;
mod handover;
mod links;
mod service;
mod starting;
mod visits;

pub use conflict::Heard;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::Arc;

pub use handover::Handover;

use crate::domain::act::{Act, Answer};
use crate::domain::alarm::episode::Outage;
use crate::domain::alarm::escalation::{Attended, EscalationTimes};
use crate::domain::alarm::occurrence::{Occurrence, Subject, Transition};
use crate::domain::alarm::rule::AlarmPreset;
use crate::domain::bed::{Bed, BedInput, BedPlan, Counts, Desk, Technical};
use crate::domain::device::Reject;
use crate::domain::ids::{BedIndex, OccurrenceId, ReadingId, Seq, SessionId};
use crate::domain::input::{Input, Watching};
use crate::domain::link::Link;
use crate::domain::reading::Origin;
use crate::domain::time::{MonoTime, Stamp};

/// Ended occurrences and commands remembered, so that a late or repeated act gets its answer.
const REMEMBERED: usize = 1024;

/// What the configuration says of the ward.
#[derive(Clone, Debug)]
pub struct WardPlan {
    pub site: Arc<str>,
    pub beds: Vec<BedPlan>,
    /// Serial lines, then brokers: `SourceIndex` counts here.
    pub sources: Vec<SourcePlan>,
    /// `Simulated`: the whole site is.
    pub origin: Origin,
    pub escalation: EscalationTimes,
    /// All that a session may choose from.
    pub presets: Vec<Arc<AlarmPreset>>,
}

#[derive(Clone, Debug)]
pub struct SourcePlan {
    pub name: Arc<str>,
    pub kind: SourceKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    Serial,
    Broker,
}

#[derive(Clone, Debug)]
pub struct Ward {
    site: Arc<str>,
    origin: Origin,
    pub(in crate::domain) escalation: EscalationTimes,
    pub(in crate::domain) presets: Vec<Arc<AlarmPreset>>,
    /// As last told; `None`: not told since the start, so nobody is missed yet.
    pub(in crate::domain) watching: Option<Watching>,
    pub(in crate::domain) beds: Vec<Bed>,
    pub(in crate::domain) sources: Vec<Source>,
    /// Alarms with bed null.
    pub(in crate::domain) service: Vec<Technical>,
    /// What nobody has acknowledged yet of monitoring gaps and of alarms that a restart under
    /// other limits has lost.
    pub(in crate::domain) gaps: Vec<Occurrence>,
    pub(in crate::domain) next_seq: Seq,
    pub(in crate::domain) next_reading: ReadingId,
    pub(in crate::domain) ended: VecDeque<OccurrenceId>,
    pub(in crate::domain) commands: VecDeque<Answered>,
    /// Sessions that ended, oldest first.
    pub(in crate::domain) over: VecDeque<SessionId>,
    /// Open offers of responsibility.
    pub(in crate::domain) handovers: Vec<Handover>,
    pub(in crate::domain) undeclared: u64,
    pub(in crate::domain) heard: Heard,
    pub(in crate::domain) now: Stamp,
    deadlines: BinaryHeap<Reverse<(MonoTime, usize)>>,
    /// Each bed's entry that counts; others are dropped when they come up.
    queued: Vec<MonoTime>,
    outage: Outage,
    stepping: Option<Stepping>,
    /// Beds that a step has touched since they were last asked for, each once.
    touched: Vec<BedIndex>,
    is_touched: Vec<bool>,
}

/// A bed's step under way, and what was before it.
#[derive(Clone, Copy, Debug)]
struct Stepping {
    bed: BedIndex,
    next_seq: Seq,
    /// Transitions that were in `out`.
    told: usize,
}

/// A source's own line or broker.
#[derive(Clone, Debug)]
pub struct Source {
    pub plan: SourcePlan,
    pub link: Link,
    pub rejects: [u64; Reject::ALL.len()],
}

/// A command that has been answered (row 17).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub act: Act,
    pub answer: Answer,
}

/// What a step answers, beside its transitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    None,
    Acted(Answer),
}

impl Ward {
    #[must_use]
    pub fn new(plan: WardPlan, now: Stamp) -> Self {
        let beds: Vec<_> = plan.beds.into_iter().map(|bed| Bed::new(bed, now.mono)).collect();
        let link = Link::Opening { since: now };
        let source = |plan| Source { plan, link: link.clone(), rejects: [0; Reject::ALL.len()] };
        let mut ward = Self {
            site: plan.site,
            origin: plan.origin,
            escalation: plan.escalation,
            presets: plan.presets,
            watching: None,
            is_touched: vec![false; beds.len()],
            touched: Vec::new(),
            stepping: None,
            beds,
            sources: plan.sources.into_iter().map(source).collect(),
            service: Vec::new(),
            gaps: Vec::new(),
            next_seq: Seq(1),
            next_reading: ReadingId(1),
            ended: VecDeque::new(),
            commands: VecDeque::new(),
            over: VecDeque::new(),
            handovers: Vec::new(),
            undeclared: 0,
            heard: Heard::default(),
            now,
            deadlines: BinaryHeap::new(),
            queued: Vec::new(),
            outage: Outage::No,
        };
        ward.arm_all();
        ward
    }

    /// Takes one input at `now`, after everything that was due before; transitions are appended
    /// to `out` in the order in which they happened.
    pub fn step(&mut self, input: &Input, now: Stamp, out: &mut Vec<Transition>) -> Reply {
        // Two sources may stamp out of order by a hair; time does not run back for that.
        let now = if now.mono < self.now.mono { self.now } else { now };
        if matches!(input, Input::Restarted { .. }) {
            // While the process was down nothing happened: what is due is raised now, with the
            // mark of the outage, and delays that ran are dropped (row 28).
            self.now = now;
        } else if !matches!(input, Input::Quarantined { .. }) {
            self.pass(now, out);
        }
        let from = out.len();
        let reply = self.take(input, now, out);
        self.remember_ended(&out[from..]);
        if matches!(input, Input::Quarantined { .. }) {
            // First out of service, then what is due: its own deadline may be what fails.
            self.pass(now, out);
        }
        reply
    }

    #[must_use]
    pub fn beds(&self) -> &[Bed] {
        &self.beds
    }

    #[must_use]
    pub const fn next_seq(&self) -> Seq {
        self.next_seq
    }

    #[must_use]
    pub const fn next_reading(&self) -> ReadingId {
        self.next_reading
    }

    /// The newest moment that this ward has lived through.
    #[must_use]
    pub const fn now(&self) -> Stamp {
        self.now
    }

    /// Messages for beds, devices or topics that are not declared.
    #[must_use]
    pub const fn undeclared(&self) -> u64 {
        self.undeclared
    }

    /// What the beds have taken in and passed over, added up.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.beds.iter().fold(Counts::default(), |sum, bed| sum.plus(bed.counts))
    }

    /// Every occurrence that is present, clearing or latched, service-wide ones first.
    pub fn occurrences(&self) -> impl Iterator<Item = &Occurrence> {
        let service = self.service.iter().map(|it| &it.episode);
        let service =
            service.flat_map(|episode| episode.open.as_deref().into_iter().chain(&episode.latched));
        service.chain(&self.gaps).chain(self.beds.iter().flat_map(Bed::occurrences))
    }

    /// Beds whose picture may have changed since the last call.
    pub fn take_touched(&mut self) -> Vec<BedIndex> {
        for bed in &self.touched {
            self.is_touched[bed.0 as usize] = false;
        }
        std::mem::take(&mut self.touched)
    }

    /// After a step that did not come back: takes back what the bed inside it had told, and names
    /// that bed. What other beds told before it stays. `None`: it failed outside any bed.
    pub fn rewind(&mut self, from: usize, out: &mut Vec<Transition>) -> Option<BedIndex> {
        let failed = self.stepping.take()?;
        out.truncate(failed.told);
        self.next_seq = failed.next_seq;
        self.remember_ended(&out[from..]);
        self.arm_all();
        Some(failed.bed)
    }

    /// The first numbers that the journal has free: none is given out twice, whatever a fold under
    /// another configuration has counted.
    pub fn resume_numbers(&mut self, seq: Seq, reading: ReadingId) {
        self.next_seq = self.next_seq.max(seq);
        self.next_reading = self.next_reading.max(reading);
    }

    /// The part of `input` that beds after `failed` have not had: an input for all goes on.
    pub fn resume(
        &mut self,
        input: &Input,
        failed: BedIndex,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let (from, rest) = (out.len(), failed.0 as usize + 1);
        if let Input::Link { bed: None, source, change, .. } = input {
            self.broker_beds(rest, *source, change, now, out);
        } else if matches!(input, Input::Restarted { .. }) {
            self.restarted_beds(rest, now, out);
        }
        self.next_reading = ReadingId(self.next_reading.0 + input.readings() as u64);
        self.remember_ended(&out[from..]);
    }

    fn take(&mut self, input: &Input, now: Stamp, out: &mut Vec<Transition>) -> Reply {
        match input {
            Input::Message { bed, source, device, message } => {
                self.find_shared(*bed, device, now, out);
                let input = BedInput::Message { line: *source, device, message };
                self.bed_step(*bed, input, now, out);
                self.next_reading = ReadingId(self.next_reading.0 + message.readings.len() as u64);
            }
            Input::Rejected { bed, source, reason } => {
                self.rejected(*bed, *source, *reason, now, out);
            }
            Input::Link { bed, source, device, change } => {
                self.link(*bed, *source, device.as_ref(), change, now, out);
            }
            Input::SessionStarted { bed, start } => {
                self.session_started(*bed, start, now, out);
                self.watchers_changed(now, out);
            }
            Input::Dose { bed, dose } => self.bed_step(*bed, BedInput::Dose(*dose), now, out),
            Input::Act(act) => {
                let answer = self.act(act, now, out);
                self.watchers_changed(now, out);
                return Reply::Acted(answer);
            }
            Input::Journal(health) => self.journal(health, now, out),
            Input::Watching(watching) => {
                self.watching = Some(watching.clone());
                self.watchers_changed(now, out);
            }
            Input::Service { fault, state } => {
                self.fault(*fault, state, now.mono);
                self.settle_service(now, out);
            }
            Input::Unreceived { occurrence, revision } => {
                self.unreceived(*occurrence, *revision, now, out);
            }
            Input::Screen(_) | Input::SelfTest { .. } | Input::Tick => {}
            Input::Restarted { down_since } => self.restarted(*down_since, now, out),
            Input::Quarantined { bed, why } => {
                self.bed_step(*bed, BedInput::Quarantined { why }, now, out);
            }
        }
        Reply::None
    }

    fn bed_step(
        &mut self,
        bed: BedIndex,
        input: BedInput<'_>,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        self.on_bed(bed, now, out, |bed, desk| bed.step(input, now, desk));
    }

    /// A bed at its desk, with all that goes with a step; `None`: there is no such bed.
    fn on_bed<T>(
        &mut self,
        bed: BedIndex,
        now: Stamp,
        out: &mut Vec<Transition>,
        step: impl FnOnce(&mut Bed, &mut Desk<'_>) -> T,
    ) -> Option<T> {
        let index = bed.0 as usize;
        let place = bed;
        let attended = self.attended(bed);
        let bed = self.beds.get_mut(index)?;
        self.stepping = Some(Stepping { bed: place, next_seq: self.next_seq, told: out.len() });
        if !self.is_touched[index] {
            self.is_touched[index] = true;
            self.touched.push(place);
        }
        let mut desk = Desk {
            site: &self.site,
            next_seq: &mut self.next_seq,
            first_reading: self.next_reading,
            outage: self.outage,
            escalation: &self.escalation,
            attended,
            out,
        };
        let result = step(bed, &mut desk);
        self.stepping = None;
        let due = bed.deadline();
        // A later deadline is found when the entry that stands comes up.
        if due < self.queued[index] || self.queued[index] <= now.mono {
            self.queue(index, due);
        }
        Some(result)
    }

    /// Whether a visible screen shows the bed, as far as it was told.
    fn attended(&self, bed: BedIndex) -> Attended {
        let watching = self.watching.as_ref();
        if watching.is_some_and(|watching| watching.unwatched.contains(&bed)) {
            Attended::No
        } else {
            Attended::Yes
        }
    }

    fn remember_ended(&mut self, transitions: &[Transition]) {
        for transition in transitions {
            let Subject::Alarm { occurrence, .. } = &transition.subject else { continue };
            if !occurrence.is_shown() {
                if self.ended.len() == REMEMBERED {
                    self.ended.pop_front();
                }
                self.ended.push_back(occurrence.id);
            }
        }
    }
}

fn index_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
