//! Random histories: what may happen, and the inputs that it makes.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::dosing::{Dosing, any_dosing};
use super::entering::{Entry, any_entry, deed_at};
use super::said::{Said, any_said};
use super::visiting::{Visit, any_visit, session_on};
use super::{BROKER, CUFF_LINE, device, plan, start};
use crate::domain::act::{self, Actor, Deed};
use crate::domain::alarm::Priority;
use crate::domain::alarm::occurrence::Transition;
use crate::domain::device::{BedsideAlarm, Message, Reject};
use crate::domain::ids::{BedIndex, SessionId, SourceIndex, Uuid};
use crate::domain::input::{DoseEvent, Input, JournalHealth, LinkChange, SessionStart};
use crate::domain::metric::Metric;
use crate::domain::reading::{
    Absent, Measured, Origin, Quantity, Reading, Validity, ValueSource, plausible,
};
use crate::domain::role::Role;
use crate::domain::time::Stamp;
use crate::domain::ward::Ward;

/// One thing that happens; times and occurrences are filled in when it does.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Cuff {
        from: From,
        sys: i32,
        dia: i32,
        source: ValueSource,
        pulse: i32,
        ago: u32,
    },
    /// So many values, a second apart.
    Values {
        from: From,
        metric: Metric,
        value: Result<i32, Absent>,
        times: u8,
    },
    Rejects {
        bed: Option<BedIndex>,
        source: SourceIndex,
        times: u8,
    },
    Link {
        bed: Option<BedIndex>,
        change: Change,
    },
    SessionStart(BedIndex),
    DoseStart(BedIndex),
    DoseEnd(BedIndex),
    Visit(BedIndex, Visit),
    Acknowledge {
        nth: usize,
        behind: u32,
        command: u8,
    },
    Said(Said),
    Entered(BedIndex, Entry),
    Dosing(BedIndex, Dosing),
    /// A person's act on a bed or its session, by its place in a list.
    Deed {
        bed: BedIndex,
        what: u8,
        by: &'static str,
        role: Role,
    },
    /// The newest occurrence that no screen has shown.
    Unreceived(usize),
    Journal(JournalHealth),
    Restarted,
    Quarantined(BedIndex),
    Tick,
}

/// Which device says it, and what its clock says.
#[derive(Clone, Copy, Debug)]
pub(super) struct From {
    bed: BedIndex,
    source: SourceIndex,
    device: &'static str,
    /// Its clock is so many seconds behind ours; `None`: it sends no time.
    behind: Option<i64>,
    /// `Some(0)`: the number of the message before.
    seq_step: Option<u32>,
    validity: Validity,
    origin: Origin,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Opening,
    Negotiating,
    Online,
    Lost,
}

fn any_from() -> impl Strategy<Value = From> {
    let places = [
        (BedIndex(0), CUFF_LINE, "cuff-line"),
        (BedIndex(0), BROKER, "monitor"),
        (BedIndex(1), BROKER, "monitor"),
        (BedIndex(1), BROKER, "other"),
    ];
    let behind = [None, None, Some(0), Some(0), Some(0), Some(100), Some(3_600), Some(-3_600)];
    let validity = [Validity::Good, Validity::Good, Validity::Good, Validity::Questionable];
    (
        select(places.to_vec()),
        select(behind.to_vec()),
        select(vec![None, None, Some(1), Some(1), Some(0)]),
        select(validity.to_vec()),
        select(vec![Origin::Patient, Origin::Patient, Origin::Simulated]),
    )
        .prop_map(|((bed, source, device), behind, seq_step, validity, origin)| From {
            bed,
            source,
            device,
            behind,
            seq_step,
            validity,
            origin,
        })
}

fn any_values() -> impl Strategy<Value = Act> {
    let kinds = vec![
        (Metric::SpO2, vec![Ok(80), Ok(80), Ok(88), Ok(97), Err(Absent::Unavailable)]),
        (Metric::HeartRate, vec![Ok(140), Ok(140), Ok(127), Ok(80), Err(Absent::Invalid)]),
        (Metric::PulseRate, vec![Ok(140), Ok(80), Err(Absent::Range { raw: 900 })]),
        (Metric::RespRate, vec![Ok(0), Ok(6), Ok(14)]),
        (Metric::Temp, vec![Ok(368)]),
    ];
    let kind = select(kinds).prop_flat_map(|(metric, values)| (Just(metric), select(values)));
    let times = select(vec![1_u8, 3, 8, 14, 32]);
    (any_from(), kind, times).prop_map(|(from, (metric, value), times)| Act::Values {
        from,
        metric,
        value,
        times,
    })
}

fn any_act() -> impl Strategy<Value = Act> {
    let beds = || select(vec![BedIndex(0), BedIndex(1)]);
    let cuff = (
        any_from(),
        select(vec![115, 145, 152, 165, 185, 190]),
        select(vec![70, 90, 125]),
        select(vec![ValueSource::Nibp, ValueSource::Nibp, ValueSource::Manual]),
        select(vec![80, 140]),
        select(vec![0_u32, 2, 90]),
    );
    let changes =
        [Change::Opening, Change::Negotiating, Change::Online, Change::Lost, Change::Lost];
    let health = [JournalHealth::Committing, JournalHealth::Failing { why: "disk full".into() }];
    let reject_of =
        select(vec![(Some(BedIndex(0)), CUFF_LINE), (Some(BedIndex(1)), BROKER), (None, BROKER)]);
    prop_oneof![
        6 => cuff.prop_map(|(from, sys, dia, source, pulse, ago)| {
            Act::Cuff { from, sys, dia, source, pulse, ago }
        }),
        10 => any_values(),
        1 => (reject_of, 1_u8..5)
            .prop_map(|((bed, source), times)| Act::Rejects { bed, source, times }),
        2 => (proptest::option::of(beds()), select(changes.to_vec()))
            .prop_map(|(bed, change)| Act::Link { bed, change }),
        1 => beds().prop_map(Act::SessionStart),
        2 => beds().prop_map(Act::DoseStart),
        1 => beds().prop_map(Act::DoseEnd),
        2 => (beds(), any_visit()).prop_map(|(bed, visit)| Act::Visit(bed, visit)),
        3 => (0_usize..6, select(vec![0_u32, 0, 0, 1]), 0_u8..8)
            .prop_map(|(nth, behind, command)| Act::Acknowledge { nth, behind, command }),
        3 => (beds(), any_dosing()).prop_map(|(bed, dosing)| Act::Dosing(bed, dosing)),
        4 => (beds(), any_entry()).prop_map(|(bed, entry)| Act::Entered(bed, entry)),
        6 => any_deed(),
        1 => (0_usize..4).prop_map(Act::Unreceived),
        1 => select(health.to_vec()).prop_map(Act::Journal),
        6 => any_said().prop_map(Act::Said),
        1 => prop_oneof![Just(Act::Restarted), beds().prop_map(Act::Quarantined)],
        2 => Just(Act::Tick),
    ]
}

fn any_deed() -> impl Strategy<Value = Act> {
    let by = select(vec![("Kim", Role::Nurse), ("Lee", Role::Nurse), ("Dr. Ng", Role::Lead)]);
    (select(vec![BedIndex(0), BedIndex(1)]), 0_u8..9, by)
        .prop_map(|(bed, what, (by, role))| Act::Deed { bed, what, by, role })
}

/// What happens, each so many milliseconds after the one before.
pub(super) fn any_acts() -> impl Strategy<Value = Vec<(u64, Act)>> {
    let pause =
        select(vec![0_u64, 250, 1_000, 1_000, 4_000, 11_000, 40_000, 75_000, 200_000, 700_000]);
    proptest::collection::vec((pause, any_act()), 1..40)
}

/// The inputs of a history, and the ward that has lived through them in one go.
pub(super) struct Lived {
    pub(super) inputs: Vec<(Input, Stamp)>,
    pub(super) told: Vec<Transition>,
    pub(super) ward: Ward,
    seq: u32,
}

impl Lived {
    pub(super) fn through(acts: &[(u64, Act)]) -> Self {
        let ward = Ward::new(plan(), start());
        let mut lived = Self { inputs: Vec::new(), told: Vec::new(), ward, seq: 0 };
        let mut now = start();
        for (pause_ms, act) in acts {
            now = now.plus(Duration::from_millis(*pause_ms));
            now = lived.happen(act, now);
        }
        lived
    }

    fn take(&mut self, input: Input, now: Stamp) {
        self.ward.step(&input, now, &mut self.told);
        self.inputs.push((input, now));
    }

    /// Returns when it was over.
    fn happen(&mut self, act: &Act, now: Stamp) -> Stamp {
        let second = |n: u8| now.plus(Duration::from_secs(n.into()));
        match act {
            Act::Cuff { from, sys, dia, source, pulse, ago } => {
                let of = |metric, value: i32| Reading {
                    measured: Measured::SecondsAgo(*ago),
                    ..Reading::new(metric, Ok(Quantity(value)), *source)
                };
                let pressures = [of(Metric::NibpSys, *sys), of(Metric::NibpDia, *dia)];
                let readings = pressures.into_iter().chain([of(Metric::PulseRate, *pulse)]);
                self.message(from, readings.collect(), now);
                now
            }
            Act::Values { from, metric, value, times } => {
                for n in 0..*times {
                    let value = value.and_then(|value| plausible(*metric, value.into()));
                    let reading = Reading::new(*metric, value, ValueSource::Pleth);
                    self.message(from, vec![reading], second(n));
                }
                second(times - 1)
            }
            Act::Rejects { bed, source, times } => {
                for n in 0..*times {
                    let reason = if n == 0 { Reject::Length } else { Reject::Checksum };
                    self.take(Input::Rejected { bed: *bed, source: *source, reason }, second(n));
                }
                second(times - 1)
            }
            Act::Acknowledge { nth, behind, command } => {
                self.acknowledge(*nth, *behind, *command, now);
                now
            }
            Act::Entered(bed, entry) => {
                let act = entry.act(*bed, session_on(&self.ward, *bed), &self.ward, now);
                self.take(Input::Act(act), now);
                now
            }
            Act::Dosing(bed, dosing) => {
                let act = dosing.act(&self.ward, *bed, now);
                act.into_iter().for_each(|act| self.take(Input::Act(act), now));
                now
            }
            Act::Deed { bed, what, by, role } => {
                self.deed(*bed, *what, Actor::new(by, *role), now);
                now
            }
            Act::Visit(bed, visit) => {
                self.take(visit.input(*bed, &self.ward, now), now);
                now
            }
            Act::Unreceived(nth) => {
                let open = self.ward.occurrences().nth(*nth).map(|it| (it.id, it.revision));
                let (occurrence, revision) = open.unwrap_or((Uuid::from_bits(9), 1));
                self.take(Input::Unreceived { occurrence, revision }, now);
                now
            }
            Act::Link { .. }
            | Act::SessionStart(_)
            | Act::DoseStart(_)
            | Act::DoseEnd(_)
            | Act::Journal(_)
            | Act::Said(_)
            | Act::Restarted
            | Act::Quarantined(_)
            | Act::Tick => {
                self.take(single(act, now), now);
                now
            }
        }
    }

    fn message(&mut self, from: &From, readings: Vec<Reading>, now: Stamp) {
        self.seq += from.seq_step.unwrap_or(0);
        let marked = |reading| Reading { validity: from.validity, origin: from.origin, ..reading };
        let bedside = BedsideAlarm { code: "E2".into(), priority: Priority::High, active: true };
        let message = Message {
            sent: from.behind.map(|s| {
                let sent = now.wall.as_micros() - s * 1_000_000;
                crate::domain::time::WallTime::from_micros(sent)
            }),
            seq: from.seq_step.map(|_| self.seq),
            readings: readings.into_iter().map(marked).collect(),
            bedside_alarms: if self.seq % 7 == 3 { vec![bedside] } else { Vec::new() },
            unknown_keys: 1,
            ..Message::default()
        };
        let (bed, source, device) = (from.bed, from.source, device(from.device));
        self.take(Input::Message { bed, source, device, message }, now);
    }

    fn deed(&mut self, bed: BedIndex, what: u8, by: Actor, now: Stamp) {
        let session = session_on(&self.ward, bed);
        let handover = self.ward.handovers().first().map_or(Uuid::from_bits(9), |it| it.id);
        let deed = deed_at(what, bed, session, handover);
        let command = Uuid::from_bits(1 << 64 | u128::from(now.mono.as_micros()));
        let act = act::Act { command, by, reason: Some("because".into()), deed };
        self.take(Input::Act(act), now);
    }

    fn acknowledge(&mut self, nth: usize, behind: u32, command: u8, now: Stamp) {
        let found = self.ward.occurrences().nth(nth).map(|open| (open.id, open.revision));
        // An occurrence that nobody knows, where there are not so many.
        let (occurrence, revision) = found.unwrap_or((Uuid::from_bits(9), 1));
        let revision = revision.saturating_sub(behind);
        let act = act::Act {
            command: Uuid::from_bits(command.into()),
            by: Actor::new("nurse", Role::Nurse),
            reason: (nth == 1).then(|| "seen".into()),
            deed: Deed::Acknowledge { occurrence, revision },
        };
        self.take(Input::Act(act), now);
    }
}

fn session(bed: BedIndex) -> SessionId {
    Uuid::from_bits(u128::from(bed.0) + 70)
}

fn single(act: &Act, now: Stamp) -> Input {
    match act {
        Act::Link { bed, change } => {
            let change = match change {
                Change::Opening => LinkChange::Opening,
                Change::Negotiating => LinkChange::Negotiating,
                Change::Online => LinkChange::Online,
                Change::Lost => LinkChange::Lost { since: now, why: "gone".into() },
            };
            let (source, named) = match bed {
                Some(BedIndex(0)) => (CUFF_LINE, None),
                Some(_) => (BROKER, Some(device("monitor"))),
                None => (BROKER, None),
            };
            Input::Link { bed: *bed, source, device: named, change }
        }
        Act::SessionStart(bed) => Input::SessionStarted {
            bed: *bed,
            start: SessionStart {
                id: session(*bed),
                initials: "A.B.".into(),
                drug: "ketamine".into(),
                route: if *bed == BedIndex(0) { "iv".into() } else { "nasal".into() },
                age_years: None,
                responsible: Some("kim".into()),
            },
        },
        Act::DoseStart(bed) => Input::Dose { bed: *bed, dose: DoseEvent::Started { at: now } },
        Act::DoseEnd(bed) => Input::Dose { bed: *bed, dose: DoseEvent::Ended { at: now } },
        Act::Journal(health) => Input::Journal(health.clone()),
        Act::Said(said) => said.input(now),
        Act::Restarted => Input::Restarted { down_since: now },
        Act::Quarantined(bed) => Input::Quarantined { bed: *bed, why: "index".into() },
        Act::Tick
        | Act::Cuff { .. }
        | Act::Values { .. }
        | Act::Rejects { .. }
        | Act::Entered(..)
        | Act::Dosing(..)
        | Act::Deed { .. }
        | Act::Visit(..)
        | Act::Unreceived(_)
        | Act::Acknowledge { .. } => Input::Tick,
    }
}
