//! One simulated patient: turns (seed, traits, doses, time) into true vital signs and into what
//! a cuff would read. Clinical 4.3: baselines, sensitivity, noise and rare events.
//! Pure: the same question has the same answer in any order. Deliberately knows no monitor
//! and no scenario; what a scenario forces is laid on top in `bedside`.

use serde::Deserialize;

use crate::noise::{Noise, Stream};
use crate::pharmacology::{Dose, Effect, effect};

/// Vital signs at one instant: mmHg, per minute, %, per minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Truth {
    /// Systolic pressure, mmHg.
    pub systolic: f64,
    /// Diastolic pressure, mmHg.
    pub diastolic: f64,
    /// Heart rate, per minute.
    pub heart_rate: f64,
    /// Oxygen saturation, %.
    pub spo2: f64,
    /// Respiration, per minute.
    pub respiration: f64,
}

/// Whether the session's seed may bring a desaturation, an unresponsive spell, a cuff artefact
/// or a failed determination at the rates of clinical 4.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Events {
    /// Only what the scenario scripts: the expected alarms are then all that can come.
    Scripted,
    /// At the rates of clinical 4.3.
    Natural,
}

/// What makes this patient this patient.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traits {
    /// Resting systolic pressure, mmHg.
    pub systolic: f64,
    /// Resting diastolic pressure, mmHg.
    pub diastolic: f64,
    /// Resting heart rate, per minute.
    pub heart_rate: f64,
    /// Resting saturation, %.
    pub spo2: f64,
    /// Resting respiration, per minute.
    pub respiration: f64,
    /// Gain of the site times sensitivity of the patient: G s of clinical 4.3; 1 = typical.
    pub sensitivity: f64,
    /// Concentration against the typical subject's; 1 = typical.
    pub exposure: f64,
    /// Share of clinical 4.3's noise: 0 = none, 1 = all.
    pub noise: f64,
    /// Rare events.
    pub events: Events,
}

impl Traits {
    /// The typical subject of clinical 4.4: mean baseline, no noise, no events.
    pub const TYPICAL: Self = Self {
        systolic: 126.0,
        diastolic: 77.0,
        heart_rate: 73.0,
        spo2: 97.0,
        respiration: 15.0,
        sensitivity: 1.0,
        exposure: 1.0,
        noise: 0.0,
        events: Events::Scripted,
    };

    /// Draws a patient of the IV cohort at a site of gain `gain`.
    #[must_use]
    pub fn drawn(seed: u64, gain: f64) -> Self {
        Self::drawn_from(&Cohort::IV, seed, gain)
    }

    /// Draws a patient of a cohort (site gain `gain`) who may be dosed: one above its limits is
    /// sent home and the next is drawn.
    #[must_use]
    pub fn drawn_from(cohort: &Cohort, seed: u64, gain: f64) -> Self {
        let Cohort { systolic: (sys, sys_sd), diastolic: (dia, dia_sd), most, exposure } = *cohort;
        let noise = Noise::new(seed);
        let mut try_number = 0;
        let (systolic, diastolic) = loop {
            let shared = noise.normal(Stream::Trait, try_number);
            let own = noise.normal(Stream::Trait, try_number + 1);
            try_number += 2;
            // Correlation .6 between systolic and diastolic.
            let pair = (sys + sys_sd * shared, dia + dia_sd * (0.6 * shared + 0.8 * own));
            if pair.0 <= most.0 && pair.1 <= most.1 && pair.0 - pair.1 >= 20.0 {
                break pair;
            }
        };
        let draw = |number: i64| noise.normal(Stream::Trait, 1_000_000 + number);
        // Patient SD .35 and session SD .25 on the log scale, mean 1.
        let sd = 0.35f64.hypot(0.25);
        Self {
            systolic: systolic + 5.0 * draw(0),
            diastolic: diastolic + 3.5 * draw(1),
            heart_rate: 73.0 + 10.0 * draw(2) + 4.0 * draw(3),
            spo2: (97.0 + draw(4)).min(100.0),
            respiration: (15.0 + 3.0 * draw(5)).clamp(11.0, 22.0),
            sensitivity: gain * (sd * draw(6) - sd * sd / 2.0).exp(),
            exposure: (exposure * draw(7) - exposure.powi(2) / 2.0).exp(),
            noise: 1.0,
            events: Events::Natural,
        }
    }
}

/// Who comes for a dose (clinical 4.3); systolic and diastolic correlate by .6.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cohort {
    /// Resting systolic pressure, mean and SD, mmHg.
    pub systolic: (f64, f64),
    /// Resting diastolic pressure, mean and SD, mmHg.
    pub diastolic: (f64, f64),
    /// Above these the dose is withheld, mmHg.
    pub most: (f64, f64),
    /// CV of the concentration.
    pub exposure: f64,
}

impl Cohort {
    /// Ketamine by vein, muscle or mouth.
    pub const IV: Self = Self {
        systolic: (126.0, 14.0),
        diastolic: (77.0, 9.0),
        most: (150.0, 95.0),
        exposure: 0.25,
    };
    /// Nasal esketamine.
    pub const ESKETAMINE: Self = Self {
        systolic: (124.0, 13.0),
        diastolic: (78.0, 8.5),
        most: (140.0, 90.0),
        exposure: 0.45,
    };
}

/// Why a determination gave no figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CuffFailure {
    /// No cause named by the monitor.
    Unspecified,
    /// The cuff could not be pumped up in time.
    PumpUp,
    /// The whole determination took too long.
    TotalTime,
    /// One pressure step took too long.
    OnePressure,
    /// Overpressure, or too much air in the cuff.
    Overpressure,
}

/// What one determination gives, whole mmHg and per minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CuffOutcome {
    /// Figures.
    Reading {
        /// Systolic, mmHg.
        systolic: u16,
        /// Diastolic, mmHg.
        diastolic: u16,
        /// Mean, mmHg.
        mean: u16,
        /// Pulse, per minute.
        pulse: u16,
    },
    /// None, and why.
    Failed(CuffFailure),
}

/// A patient through one session. Two with equal seed, traits and doses are the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Patient {
    noise: Noise,
    traits: Traits,
    doses: Vec<Dose>,
}

impl Patient {
    /// A patient with a dose plan (may be empty).
    #[must_use]
    pub const fn new(seed: u64, traits: Traits, doses: Vec<Dose>) -> Self {
        Self { noise: Noise::new(seed), traits, doses }
    }

    /// The drug's effect on the typical subject, before this patient's sensitivity.
    #[must_use]
    pub fn effect(&self, t_s: f64) -> Effect {
        effect(&self.doses, self.traits.exposure, t_s)
    }

    /// Vital signs without noise.
    #[must_use]
    pub fn mean(&self, t_s: f64) -> Truth {
        let drug = self.effect(t_s);
        let traits = &self.traits;
        // "+1 while dissociated" (clinical 4.3), faded in with the effect site.
        let faster = drug.site_ng_ml / (drug.site_ng_ml + 70.0);
        let mut truth = Truth {
            systolic: traits.systolic + traits.sensitivity * drug.systolic,
            diastolic: traits.diastolic + traits.sensitivity * drug.diastolic,
            heart_rate: traits.heart_rate + traits.sensitivity * drug.heart_rate,
            spo2: traits.spo2,
            respiration: traits.respiration + faster,
        };
        match traits.events {
            Events::Scripted => {}
            Events::Natural => self.add_rare_events(t_s, &mut truth),
        }
        truth
    }

    /// What continuous monitors see: `mean` plus slow noise and the breath in the heart rate.
    #[must_use]
    pub fn observed(&self, mean: Truth, t_s: f64) -> Truth {
        let share = self.traits.noise;
        let slow = |stream| self.noise.slow(stream, t_s, 20.0) * share;
        let breath = (std::f64::consts::TAU * mean.respiration / 60.0 * t_s).sin();
        Truth {
            // Clinical 4.3: time constant 20 s, SD 2.5, with a respiratory ripple.
            heart_rate: mean.heart_rate + 2.5 * slow(Stream::HeartRate) + 1.5 * share * breath,
            spo2: (mean.spo2 + 0.4 * slow(Stream::Saturation)).clamp(0.0, 100.0),
            respiration: (mean.respiration + 0.7 * slow(Stream::Respiration)).max(0.0),
            ..mean
        }
    }

    /// What cuff determination `number` gives for a patient who is truly at `mean`.
    #[must_use]
    pub fn cuff_reading(&self, number: u32, mean: Truth) -> CuffOutcome {
        let n = i64::from(number);
        let share = self.traits.noise;
        let error = |stream| self.noise.student_t4(stream, n) * share;
        // Clinical 4.3: SD 6.0, 4.4 and 4 of one reading.
        let mut systolic = mean.systolic + 6.0 * error(Stream::Systolic);
        let mut diastolic = mean.diastolic + 4.4 * error(Stream::Diastolic);
        match self.traits.events {
            Events::Scripted => {}
            Events::Natural => {
                let lot = self.noise.uniform(Stream::Determination, n * 4);
                // 4 % fail, 2 % are artefacts of 20 to 50 mmHg (D x .7).
                if lot < 0.04 {
                    return CuffOutcome::Failed(CuffFailure::Unspecified);
                }
                if lot < 0.06 {
                    let size = self.noise.uniform(Stream::Determination, n * 4 + 1) * 60.0 - 30.0;
                    let shift = size + 20.0 * size.signum();
                    systolic += shift;
                    diastolic += shift * 0.7;
                }
            }
        }
        let pulse = mean.heart_rate + 4.0 * error(Stream::CuffPulse);
        reading(systolic, diastolic, pulse)
    }

    /// How long determination `number` lasts: 20 to 45 s (DINAMAP 7).
    #[must_use]
    pub fn determination_s(&self, number: u32) -> f64 {
        20.0 + 25.0 * self.noise.uniform(Stream::Determination, i64::from(number) * 4 + 2)
    }

    fn add_rare_events(&self, t_s: f64, truth: &mut Truth) {
        let draw = |number| self.noise.uniform(Stream::Event, number);
        let since_dose_s = self.doses.first().map_or(f64::MIN, |dose| t_s - dose.start_s);
        // A dip to 88-93 % for 10-40 s in 3 % of sessions, within an hour of the dose.
        let dip_at_s = draw(1) * 3600.0;
        let dip_s = 10.0 + 30.0 * draw(2);
        if draw(0) < 0.03 && (dip_at_s..dip_at_s + dip_s).contains(&since_dose_s) {
            truth.spo2 = 88.0 + 5.0 * draw(3);
        }
        // Loss of consciousness in 0.3 % of sessions: respiration 8-10, here for ten minutes.
        let spell_at_s = 600.0 + draw(5) * 1800.0;
        if draw(4) < 0.003 && (spell_at_s..spell_at_s + 600.0).contains(&since_dose_s) {
            truth.respiration = 8.0 + 2.0 * draw(6);
        }
    }
}

/// Rounds to whole figures; the mean pressure is a third of the way up. Diastolic is held at
/// least 10 below systolic, which no real cuff breaks at these noise levels.
#[must_use]
pub fn reading(systolic: f64, diastolic: f64, pulse: f64) -> CuffOutcome {
    let systolic = systolic.round().clamp(30.0, 290.0);
    let diastolic = diastolic.round().clamp(15.0, systolic - 10.0);
    CuffOutcome::Reading {
        systolic: systolic as u16,
        diastolic: diastolic as u16,
        mean: (diastolic + (systolic - diastolic) / 3.0).round() as u16,
        pulse: pulse.round().clamp(20.0, 290.0) as u16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pharmacology::Way;

    const INFUSION: Dose = Dose { mg_per_kg: 0.5, start_s: 0.0, duration_s: 2400.0, way: Way::Iv };

    fn systolic_of(outcome: CuffOutcome) -> f64 {
        match outcome {
            CuffOutcome::Reading { systolic, .. } => f64::from(systolic),
            CuffOutcome::Failed(failure) => panic!("no figure: {failure:?}"),
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_patient_in_any_order() {
        // Goal: determinism in (seed, t). Method: ask forwards and backwards, and another seed.
        let patient = |seed| Patient::new(seed, Traits::drawn(seed, 1.0), vec![INFUSION]);
        let times: Vec<f64> = (0..200).map(|i| f64::from(i) * 13.7).collect();
        let look =
            |p: &Patient, t: f64| (p.observed(p.mean(t), t), p.cuff_reading(t as u32, p.mean(t)));
        let forwards: Vec<_> = times.iter().map(|t| look(&patient(5), *t)).collect();
        let mut backwards: Vec<_> = times.iter().rev().map(|t| look(&patient(5), *t)).collect();
        backwards.reverse();
        assert_eq!(forwards, backwards);
        assert_ne!(forwards, times.iter().map(|t| look(&patient(6), *t)).collect::<Vec<_>>());
    }

    #[test]
    fn the_typical_subject_is_the_deterministic_row() {
        // Goal: gain and sensitivity 1 and no noise leave clinical 4.4 as it is.
        let patient = Patient::new(1, Traits::TYPICAL, vec![INFUSION]);
        let rise = patient.mean(2400.0).systolic - Traits::TYPICAL.systolic;
        assert!((rise - 15.8).abs() < 0.5, "{rise}");
        let read = systolic_of(patient.cuff_reading(1, patient.mean(2400.0)));
        assert!((read - 142.0).abs() < 0.5, "{read}");
    }

    #[test]
    fn the_cohort_rises_as_published() {
        // Goal: clinical 4.5, first row: systolic rise at 40 min, mean 14.5-17.5, SD 9.7-12.7.
        // Method: 2,000 sessions, cuff reading against the reading before the dose.
        let rises: Vec<f64> = (0..2000)
            .map(|seed| {
                let traits = Traits { events: Events::Scripted, ..Traits::drawn(seed, 1.0) };
                let patient = Patient::new(seed, traits, vec![INFUSION]);
                let read = |n, t| systolic_of(patient.cuff_reading(n, patient.mean(t)));
                read(2, 2400.0) - read(1, -60.0)
            })
            .collect();
        let mean = rises.iter().sum::<f64>() / rises.len() as f64;
        let square = |r: &f64| (r - mean).powi(2);
        let sd = (rises.iter().map(square).sum::<f64>() / rises.len() as f64).sqrt();
        assert!((14.5..=17.5).contains(&mean), "mean {mean}");
        assert!((9.7..=12.7).contains(&sd), "SD {sd}");
    }

    #[test]
    fn natural_events_come_at_about_their_rates() {
        // Goal: the switch does something. Method: count failures among 5,000 determinations.
        let traits = Traits { events: Events::Natural, ..Traits::TYPICAL };
        let patient = Patient::new(3, traits, Vec::new());
        let failed = (0..5000)
            .filter(|n| {
                matches!(patient.cuff_reading(*n, patient.mean(0.0)), CuffOutcome::Failed(_))
            })
            .count();
        assert!((120..=280).contains(&failed), "{failed}");
    }
}
