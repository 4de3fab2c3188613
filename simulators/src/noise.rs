//! Numbered random draws: turns (seed, stream, number) into a uniform, normal or Student-t value.
//! There is no generator state: draw 7 is the same whether or not draws 1 to 6 were made, so
//! a patient is a pure function of time. SplitMix64's finaliser does the mixing.
//! Deliberately not a general generator and not fit for secrets.

use std::f64::consts::TAU;

/// What a draw is for; two streams of one seed are unrelated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Traits of the patient and of the session.
    Trait = 1,
    /// Systolic error of cuff reading `number`.
    Systolic = 2,
    /// Diastolic error of cuff reading `number`.
    Diastolic = 3,
    /// Pulse error of cuff reading `number`.
    CuffPulse = 4,
    /// Length, artefact and failure of determination `number`.
    Determination = 5,
    /// Second `number` of the slow heart-rate noise.
    HeartRate = 6,
    /// Second `number` of the slow saturation noise.
    Saturation = 7,
    /// Second `number` of the slow respiration noise.
    Respiration = 8,
    /// Chunk `number` on a line with a fault.
    Line = 9,
    /// Rare events of the session.
    Event = 10,
    /// Reply delay `number` of a polled monitor.
    Delay = 11,
}

/// All draws of one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    seed: u64,
}

impl Noise {
    /// The draws of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// 64 bits, evenly spread.
    #[must_use]
    pub const fn bits(self, stream: Stream, number: i64) -> u64 {
        let keyed = mix(self.seed.wrapping_add((stream as u64).wrapping_mul(GOLDEN)));
        mix(keyed.wrapping_add((number as u64).wrapping_mul(GOLDEN)))
    }

    /// Evenly spread in 0 (included) to 1 (excluded).
    #[must_use]
    pub fn uniform(self, stream: Stream, number: i64) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 53) as f64;
        (self.bits(stream, number) >> 11) as f64 * STEP
    }

    /// Normal, mean 0, SD 1 (Box-Muller over two draws).
    #[must_use]
    pub fn normal(self, stream: Stream, number: i64) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform(stream, number.wrapping_mul(2))).ln()).sqrt();
        radius * (TAU * self.uniform(stream, number.wrapping_mul(2).wrapping_add(1))).cos()
    }

    /// Student t with 4 degrees of freedom, scaled to SD 1.
    #[must_use]
    pub fn student_t4(self, stream: Stream, number: i64) -> f64 {
        let base = number.wrapping_mul(5);
        let draw = |i: i64| self.normal(stream, base.wrapping_add(i));
        let chi_squared: f64 = (1..5).map(|i| draw(i).powi(2)).sum();
        // t4 has variance 2, hence the 2 under the root.
        draw(0) / (chi_squared / 4.0 * 2.0).sqrt()
    }

    /// First-order autoregressive noise at second `t_s`, mean 0, SD 1, time constant `tau_s`
    /// (1 to 60 s). A finite sum over the last `8 tau` would be exact to 0.03 %; 6 tau is used.
    #[must_use]
    pub fn slow(self, stream: Stream, t_s: f64, tau_s: f64) -> f64 {
        let keep = (-1.0 / tau_s).exp();
        let now = t_s.floor() as i64;
        let span = (tau_s * 6.0) as i64;
        // A uniform draw of SD 1; the sum over many is as good as normal.
        let step = |n: i64| (self.uniform(stream, n) - 0.5) * 12f64.sqrt();
        let sum = (now - span..=now).fold(0.0, |sum, n| keep * sum + step(n));
        sum * (1.0 - keep * keep).sqrt()
    }
}

/// The odd 64-bit fraction of the golden ratio by which SplitMix64 steps.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64's output function.
#[must_use]
pub const fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(GOLDEN);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_and_sd(draw: impl Fn(i64) -> f64) -> (f64, f64) {
        let count = 20_000;
        let values: Vec<f64> = (0..count).map(draw).collect();
        let mean = values.iter().sum::<f64>() / count as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count as f64;
        (mean, variance.sqrt())
    }

    #[test]
    fn every_distribution_has_the_mean_and_spread_it_says() {
        // Goal: the spreads that the patients are built on are right. Method: 20,000 draws each.
        let noise = Noise::new(7);
        let cases: [(&str, f64, f64, f64); 3] = {
            let normal = mean_and_sd(|n| noise.normal(Stream::Systolic, n));
            let student = mean_and_sd(|n| noise.student_t4(Stream::Systolic, n));
            let slow = mean_and_sd(|n| noise.slow(Stream::HeartRate, n as f64 * 97.0, 20.0));
            [
                ("normal", normal.0, normal.1, 0.03),
                ("student", student.0, student.1, 0.15),
                ("slow", slow.0, slow.1, 0.05),
            ]
        };
        for (name, mean, sd, tolerance) in cases {
            assert!(mean.abs() < 0.05, "{name}: mean {mean}");
            assert!((sd - 1.0).abs() < tolerance, "{name}: SD {sd}");
        }
    }

    #[test]
    fn a_draw_depends_on_seed_stream_and_number_only() {
        // Goal: no hidden state. Method: ask twice, in another order; vary each key once.
        let noise = Noise::new(1);
        let first = noise.bits(Stream::Systolic, 3);
        assert_ne!(first, noise.bits(Stream::Systolic, 4));
        assert_ne!(first, noise.bits(Stream::Diastolic, 3));
        assert_ne!(first, Noise::new(2).bits(Stream::Systolic, 3));
        assert_eq!(first, noise.bits(Stream::Systolic, 3));
    }
}
