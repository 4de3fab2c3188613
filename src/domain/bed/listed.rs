//! The single readings of a bed that are remembered, each with its number: what a person accepts as
//! the baseline, voids or amends (contract 6 `GET /beds/{bed}/readings`).

use super::by_hand::lateness;
use super::cuff::is_pressure;
use super::{Bed, Mean, Remembered};
use crate::domain::act::Lateness;
use crate::domain::ids::ReadingId;
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::view::ReadingView;
use crate::domain::vital::{Late, Tag, Vital};

impl Bed {
    /// The last determinations, those that were voided too, and the newest of everything else; the
    /// newest first, by when each was measured.
    #[must_use]
    pub fn recent_readings(&self) -> Vec<ReadingView> {
        let determined = self.recent.0.iter().flat_map(|it| {
            it.values().into_iter().filter_map(move |(metric, slot)| {
                // A mean that was worked out is no reading of its own.
                let derived = metric == Metric::NibpMap && it.mean == Mean::Derived;
                Some(self.of_determination(it, metric, slot.filter(|_| !derived)?))
            })
        });
        let others = self.vitals.iter().filter(|vital| !is_pressure(vital.metric));
        let mut all: Vec<_> = determined.chain(others.filter_map(of_vital)).collect();
        all.sort_by_key(|it| std::cmp::Reverse((it.measured, it.id)));
        all
    }

    fn of_determination(
        &self,
        it: &Remembered,
        metric: Metric,
        (id, value): (ReadingId, i32),
    ) -> ReadingView {
        let session = self.session.as_ref();
        let is_late = it.late == Late::Backlog;
        ReadingView {
            id,
            metric,
            value: Quantity(value),
            source: it.source(),
            device: it.device.clone(),
            measured: it.received.wall.minus(it.lag),
            late: if is_late { Lateness::Late } else { lateness(it.lag) },
            verify: it.tag == Tag::Unusual,
            accepted: session.is_some_and(|session| it.is_one_of(&session.baseline_of)),
            voided: it.voided.clone(),
        }
    }
}

fn of_vital(vital: &Vital) -> Option<ReadingView> {
    let newest = &vital.newest;
    let is_late = newest.late == Late::Backlog;
    Some(ReadingView {
        id: newest.id,
        metric: vital.metric,
        value: newest.value.ok()?,
        source: vital.source,
        device: vital.device.clone(),
        measured: newest.received.wall.minus(newest.lag),
        late: if is_late { Lateness::Late } else { lateness(newest.lag) },
        verify: newest.tag == Tag::Unusual,
        accepted: false,
        voided: None,
    })
}
