//! What always holds of a ward's alarms (alarms 11, "Invariants"), watched from outside: through
//! its transitions and what it shows, never through its state.

use std::collections::{BTreeMap, BTreeSet};

use dosevigil::domain::alarm::Priority;
use dosevigil::domain::alarm::occurrence::{
    Change, Occurrence, Presence, Signal, Subject, Transition,
};
use dosevigil::domain::ids::OccurrenceId;
use dosevigil::domain::ward::Ward;

/// Watches one ward; what does not hold is kept as a sentence.
#[derive(Default)]
pub(crate) struct Invariants {
    seq: u64,
    /// As last told; with the end of what is over.
    known: BTreeMap<OccurrenceId, Occurrence>,
    ended: BTreeSet<OccurrenceId>,
    /// Raised in the step that is being told.
    raised: BTreeSet<OccurrenceId>,
    breaches: Vec<String>,
}

/// Bed, family and subject: one occurrence at a time.
type Key = (Option<String>, &'static str, Option<String>);

fn key(occurrence: &Occurrence) -> Key {
    let bed = occurrence.bed.as_ref().map(|bed| bed.as_str().to_owned());
    (bed, occurrence.family.name(), occurrence.subject.as_deref().map(str::to_owned))
}

impl Invariants {
    pub(crate) fn breaches(&self) -> &[String] {
        &self.breaches
    }

    fn holds(&mut self, holds: bool, transition: &Transition, what: &str) {
        if !holds {
            self.breaches.push(format!("{what}: {transition:?}"));
        }
    }

    /// What a step told.
    pub(crate) fn told(&mut self, transitions: &[Transition]) {
        self.raised.clear();
        for transition in transitions {
            self.seq += 1;
            self.holds(transition.seq.0 == self.seq, transition, "a hole in the series");
            self.seq = transition.seq.0;
            if let Subject::Alarm { change, occurrence } = &transition.subject {
                self.alarm(transition, *change, occurrence);
            }
        }
    }

    fn alarm(&mut self, transition: &Transition, change: Change, now: &Occurrence) {
        let over = now.presence == Presence::Ended;
        let sounds = matches!(now.signal, Signal::Active | Signal::Paused);
        self.holds(!(over && sounds), transition, "a sound without a cause");
        let dark = matches!(now.signal, Signal::None | Signal::Latched);
        self.holds(over || !dark, transition, "a present alarm without a light");
        self.holds(over == now.ended.is_some(), transition, "an end without its time");
        let latches = now.highest == Priority::High || now.family.name() == "monitoring-gap";
        self.holds(now.signal != Signal::Latched || latches, transition, "latched, never high");
        let named = now.signal != Signal::Acknowledged || now.acknowledged.is_some();
        self.holds(named, transition, "acknowledged by nobody");
        if change == Change::Raised {
            self.raised.insert(now.id);
            self.begins(transition, now);
        } else if let Some(before) = self.known.get(&now.id).cloned() {
            self.goes_on(transition, change, &before, now);
        } else {
            self.holds(false, transition, "told of without a start");
        }
        if over && !self.ended.contains(&now.id) {
            let ends = matches!(change, Change::Ended | Change::Raised);
            self.holds(ends, transition, "over without an end");
            self.ended.insert(now.id);
        }
        if over && now.signal == Signal::None {
            self.known.remove(&now.id);
        } else {
            self.known.insert(now.id, now.clone());
        }
    }

    fn begins(&mut self, transition: &Transition, now: &Occurrence) {
        let first = !self.known.contains_key(&now.id) && !self.ended.contains(&now.id);
        self.holds(first, transition, "a second start");
        self.holds(now.revision == 1, transition, "a start not at revision 1");
        let mut open = self.known.values().filter(|it| it.presence != Presence::Ended);
        let alone = now.presence == Presence::Ended || !open.any(|it| key(it) == key(now));
        self.holds(alone, transition, "two open at once");
    }

    fn goes_on(
        &mut self,
        transition: &Transition,
        change: Change,
        before: &Occurrence,
        now: &Occurrence,
    ) {
        use Change::{Confirmed, Confirming, Escalated, Unresolved, Updated};
        let over = self.ended.contains(&now.id);
        let after = matches!(change, Change::Acknowledged | Change::Restored);
        self.holds(!over || after, transition, "a change after the end");
        let rises = matches!(change, Confirming | Confirmed | Escalated | Updated | Unresolved);
        let revision = before.revision + u32::from(rises);
        self.holds(now.revision == revision, transition, "a revision out of its rows");
        let same = now.priority == before.priority && now.rule == before.rule;
        self.holds(rises || same, transition, "another band under the same revision");
        self.holds(now.highest >= before.highest, transition, "the highest priority fell");
        // E: back to 0 by rows 13, 20 and 1a only, or by an acknowledgement that became void.
        let anew = rises || before.acknowledged.is_some();
        let kept = now.escalation >= before.escalation || anew;
        self.holds(kept, transition, "an escalation step fell");
        // "Nobody logged in: E2 at the raise" (alarms 12), and at no other moment.
        let unattended = self.raised.contains(&now.id) && now.escalation == 2;
        let one = now.escalation <= before.escalation + 1 || anew || unattended;
        self.holds(one, transition, "an escalation step skipped");
        if change == Change::Acknowledged {
            self.holds(now.acknowledged.is_some(), transition, "acknowledged by nobody");
            let silent = matches!(now.signal, Signal::Acknowledged | Signal::None);
            self.holds(silent, transition, "acknowledged and still sounding");
        }
        if change == Change::Ended {
            // An acknowledgement is void only once a pause is over (row 26): till then it stands.
            let unanswered = matches!(before.signal, Signal::Active | Signal::Paused)
                && before.acknowledged.is_none();
            let latches = unanswered && now.highest == Priority::High;
            self.holds((now.signal == Signal::Latched) == latches, transition, "latched wrongly");
        }
    }

    /// Everybody who followed the transitions knows what the ward shows.
    pub(crate) fn shows(&mut self, ward: &Ward) {
        let picture = |it: &Occurrence| {
            (it.id, it.revision, it.signal, it.presence, it.priority, it.escalation, it.frozen)
        };
        let mut shown: Vec<_> = ward.occurrences().map(picture).collect();
        let mut known: Vec<_> = self.known.values().map(picture).collect();
        shown.sort_by_key(|it| it.0);
        known.sort_by_key(|it| it.0);
        if shown != known {
            self.breaches.push(format!("shown {shown:?}, but told {known:?}"));
        }
        if ward.next_seq().0 != self.seq + 1 {
            self.breaches.push("a number that was never told".into());
        }
    }
}
