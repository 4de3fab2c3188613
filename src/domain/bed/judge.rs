//! Judging the newest values again, when what they are judged by has changed (rows 24, 25, 27).

use super::Bed;
use crate::domain::alarm::confirm::{ByHand, Confirming};
use crate::domain::alarm::family::Band;
use crate::domain::alarm::inactivation::Inhibition;
use crate::domain::alarm::rule::Judged;
use crate::domain::alarm::value::{Coming, Determination, Value};
use crate::domain::metric::Metric;
use crate::domain::reading::{Quantity, ValueSource};
use crate::domain::time::MonoTime;
use crate::domain::view::Freshness;
use crate::domain::vital::Vital;

impl Bed {
    /// Judges the newest fresh value of everything: no credit for the time before.
    pub(super) fn rejudge(&mut self, now: MonoTime) {
        let touched: Vec<Judged> = self.rules.touched.iter().map(|(judged, _)| *judged).collect();
        for judged in touched {
            let Some(vital) = self.newest_of(judged, now) else { continue };
            let live = self.freshness(vital, now) == Freshness::Live;
            if let (false, true, Ok(Quantity(value))) =
                (vital.is_intermittent(), live, vital.newest.value)
            {
                let coming = Coming::Continuous { period: vital.period };
                let validity = vital.newest.validity;
                self.judge(&Value { judged, value, validity, coming }, now);
            }
        }
        self.rejudge_cuff(now);
    }

    fn rejudge_cuff(&mut self, now: MonoTime) {
        let Some(newest) = self.newest_of(Judged::Metric(Metric::NibpSys), now) else { return };
        if self.freshness(newest, now) != Freshness::Live {
            return;
        }
        let of = |metric| {
            let same = |it: &&Vital| {
                it.metric == metric
                    && it.source == newest.source
                    && it.device == newest.device
                    && it.newest.received == newest.newest.received
            };
            let vital = self.vitals.iter().find(same)?;
            vital.newest.value.ok().map(|Quantity(value)| value)
        };
        let device = newest.device.clone();
        let seen = Determination {
            device: &device,
            by_hand: if newest.source == ValueSource::Manual { ByHand::Yes } else { ByHand::No },
            validity: newest.newest.validity,
            sys: of(Metric::NibpSys),
            dia: of(Metric::NibpDia),
            map: of(Metric::NibpMap),
            interval: self.interval(),
        };
        let phase = self.phase();
        let families = self.families.iter_mut().zip(&self.rules.preset.families);
        for (index, (family, rules)) in families.enumerate() {
            // A reading does not repeat itself.
            let awaits = |band: &Band| matches!(band.confirming, Confirming::Awaiting { .. });
            if !family.bands.0.iter().any(awaits) {
                family.bands.determination(rules, phase, &seen, now);
            }
            self.moved.family(index);
        }
    }

    pub(super) fn judge_determination(&mut self, seen: &Determination<'_>, now: MonoTime) {
        if self.inhibition() != Inhibition::None {
            return;
        }
        let phase = self.phase();
        let families = self.families.iter_mut().zip(&self.rules.preset.families);
        for (index, (family, rules)) in families.enumerate() {
            family.bands.determination(rules, phase, seen, now);
            self.moved.family(index);
        }
    }
}
