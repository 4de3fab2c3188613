//! Ketamine and esketamine by each route: turns a dose plan into plasma concentration and its
//! effect on pressure and heart rate. Racemic ketamine by clinical 4.1 (two compartments, Clements
//! and Nimmo 1981) and the absorption of 4.3; nasal esketamine by 4.2 (Perez-Ruixo 2021: three
//! compartments and a liver); the effect by 4.3 (effect site, counter-regulation, Emax). The linear
//! part is solved in closed form, a sum of exponentials per input, so any instant can be asked for
//! without stepping. Deliberately the typical subject only: what differs from person to person is
//! the caller's (`exposure`, sensitivity).

use std::sync::LazyLock;

use serde::Deserialize;

/// Drug and way into the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Racemic, into a vein.
    #[default]
    Iv,
    /// Racemic, into a muscle.
    Im,
    /// Racemic, under the tongue: a lozenge.
    Sl,
    /// Racemic, swallowed.
    Po,
    /// Racemic, nasal spray.
    Nasal,
    /// Esketamine, one nasal device; the second and third of a session are absorbed less.
    EsketamineNasal,
}

/// One infusion, injection, lozenge or device.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// mg per kg body weight; a fixed dose in mg is divided by 70 kg.
    pub mg_per_kg: f64,
    /// Clinical second of its start; negative lies before the opening.
    pub start_s: f64,
    /// Length in seconds, at least 1.
    pub duration_s: f64,
    /// By vein where it is not said.
    #[serde(default)]
    pub way: Way,
}

impl Dose {
    /// The weight that a dose in mg goes by, g.
    pub const WEIGHT_G: u32 = 70_000;

    /// The whole of it, for a person of that weight, in micrograms.
    #[must_use]
    pub fn micrograms(&self) -> u64 {
        // mg/kg times g are micrograms.
        (self.mg_per_kg * f64::from(Self::WEIGHT_G)).round() as u64
    }
}

/// What the drug does at one instant to the typical subject (gain 1, sensitivity 1).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effect {
    /// Plasma concentration, ng/mL.
    pub plasma_ng_ml: f64,
    /// Effect-site concentration, ng/mL.
    pub site_ng_ml: f64,
    /// Rise of systolic pressure, mmHg.
    pub systolic: f64,
    /// Rise of diastolic pressure, mmHg.
    pub diastolic: f64,
    /// Rise of heart rate, per minute.
    pub heart_rate: f64,
}

// Clinical 4.1: litres per kg, and rates per minute.
const V1: f64 = 1.7522;
const K10: f64 = 0.0109;
const K12: f64 = 0.0186;
const K21: f64 = 0.0137;
// Clinical 4.3: half-lives of 3 min (effect site) and 60 min (counter-regulation).
const KE0: f64 = std::f64::consts::LN_2 / 3.0;
const KM: f64 = std::f64::consts::LN_2 / 60.0;
// Clinical 4.2, litres, litres per minute and rates per minute of a person of 70 kg.
const KG: f64 = 70.0;
const VC: f64 = 192.0;
const Q1: f64 = 84.3 / 60.0;
const Q2: f64 = 37.6 / 60.0;
const QH: f64 = 151.0 / 60.0;
const FROM_VP1: f64 = Q1 / 143.0;
const FROM_VP2: f64 = Q2 / 417.0;
const FROM_LIVER: f64 = QH / 101.0;
/// What leaves the liver by either of its ways: back into the blood, or broken down.
const OUT_OF_LIVER: f64 = FROM_LIVER + (1.11 + 2.77) / 60.0;
const KA_NOSE: f64 = 2.93 / 60.0;
const KA_GUT: f64 = 1.45 / 60.0;
const SWALLOWED_MIN: f64 = 0.53 * 60.0;
/// Share of a device that the nose takes up; of the next ones so much less.
const BY_NOSE: f64 = 0.54;
const BY_NOSE_LATER: f64 = 0.54 * 0.62;
const F_GUT: f64 = 0.64;

/// The effect at `t_s` of all `doses`, with concentrations scaled by `exposure` (1 = typical).
#[must_use]
pub fn effect(doses: &[Dose], exposure: f64, t_s: f64) -> Effect {
    let begun = doses.iter().enumerate().filter(|(_, dose)| dose.start_s < t_s);
    let inputs: Vec<Input> = begun.flat_map(|(place, dose)| inputs(dose, place)).collect();
    let total = |order: Order| -> f64 {
        inputs.iter().map(|input| input.response(order, t_s / 60.0)).sum::<f64>() * exposure
    };
    let site = total(Order::Site);
    let counter = total(Order::Counter);
    // Clinical 4.3: x, f and h, and the three gains.
    let x = site / (122.0 * (1.0 + counter / 70.0));
    let pressor = saturating(x);
    Effect {
        plasma_ng_ml: total(Order::Plasma),
        site_ng_ml: site,
        systolic: 35.0 * pressor,
        diastolic: 24.0 * pressor,
        heart_rate: 30.0 * saturating(site / 420.0),
    }
}

fn saturating(x: f64) -> f64 {
    x * x / (1.0 + x * x)
}

/// How many compartments stand between the plasma and what is asked for.
#[derive(Clone, Copy)]
enum Order {
    Plasma,
    Site,
    Counter,
}

/// A steady inflow for a time, and the linear system between it and the plasma, by the zeros and
/// poles of its transfer function (rates per minute, their signs left out).
struct Input {
    start_min: f64,
    length_min: f64,
    /// ng/mL per minute that the plasma would rise at first, were the inflow straight into it.
    rate: f64,
    zeros: Vec<f64>,
    poles: Vec<f64>,
}

/// `place` of the dose in the session: 0 is the first.
fn inputs(dose: &Dose, place: usize) -> Vec<Input> {
    let (start_min, length_min) = (dose.start_s / 60.0, dose.duration_s / 60.0);
    let racemic = |absorbed: Option<(f64, f64)>| {
        let (share, rate) = absorbed.unwrap_or((1.0, 1.0));
        let mut poles = racemic_poles().to_vec();
        poles.extend(absorbed.map(|(_, rate)| rate));
        // mg/kg over L/kg is mg/L; times 1000 is ng/mL.
        let rate = dose.mg_per_kg * 1000.0 / V1 / length_min * share * rate;
        vec![Input { start_min, length_min, rate, zeros: vec![K21], poles }]
    };
    match dose.way {
        Way::Iv => racemic(None),
        // Clinical 4.3: share that arrives, and rate of absorption per minute.
        Way::Im => racemic(Some((0.93, 0.12))),
        Way::Sl => racemic(Some((0.29, 0.028))),
        Way::Po => racemic(Some((0.20, 0.035))),
        Way::Nasal => racemic(Some((0.30, 0.12))),
        Way::EsketamineNasal => esketamine(dose, place),
    }
}

fn racemic_poles() -> [f64; 2] {
    let sum = K10 + K12 + K21;
    let root = (sum * sum - 4.0 * K10 * K21).sqrt();
    [f64::midpoint(sum, root), f64::midpoint(sum, -root)]
}

/// What the nose takes up goes to the blood, the rest is swallowed and goes through the liver.
fn esketamine(dose: &Dose, place: usize) -> Vec<Input> {
    let (start_min, length_min) = (dose.start_s / 60.0, dose.duration_s / 60.0);
    let ng_ml = dose.mg_per_kg * KG * 1000.0 / VC;
    let by_nose = if place == 0 { BY_NOSE } else { BY_NOSE_LATER };
    let poles = |absorption| ESKETAMINE_POLES.iter().copied().chain([absorption]).collect();
    let nose = Input {
        start_min,
        length_min,
        rate: ng_ml * by_nose / length_min * KA_NOSE,
        zeros: vec![FROM_VP1, FROM_VP2, OUT_OF_LIVER],
        poles: poles(KA_NOSE),
    };
    let gut = Input {
        start_min,
        length_min: SWALLOWED_MIN,
        rate: ng_ml * (1.0 - by_nose) * F_GUT / SWALLOWED_MIN * KA_GUT * FROM_LIVER,
        zeros: vec![FROM_VP1, FROM_VP2],
        poles: poles(KA_GUT),
    };
    vec![nose, gut]
}

/// The four rates at which esketamine leaves the plasma: one between each two rates of the outer
/// compartments, where the balance of the central one changes its sign.
static ESKETAMINE_POLES: LazyLock<[f64; 4]> = LazyLock::new(|| {
    let balance = |rate: f64| {
        let back = |flow: f64, from: f64| flow * from / (from - rate);
        let returned =
            back(Q1, FROM_VP1) + back(Q2, FROM_VP2) + { QH * FROM_LIVER / (OUT_OF_LIVER - rate) };
        Q1 + Q2 + QH - VC * rate - returned
    };
    let between = |mut low: f64, mut high: f64| {
        // The balance falls from +inf to -inf between two of these rates.
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if balance(middle) > 0.0 { low = middle } else { high = middle }
        }
        f64::midpoint(low, high)
    };
    [
        between(0.0, FROM_VP2),
        between(FROM_VP2, FROM_VP1),
        between(FROM_VP1, OUT_OF_LIVER),
        between(OUT_OF_LIVER, 1.0),
    ]
});

impl Input {
    fn response(&self, order: Order, minute: f64) -> f64 {
        let since_start = minute - self.start_min;
        let since_end = since_start - self.length_min;
        self.rate * (self.step_response(order, since_start) - self.step_response(order, since_end))
    }

    /// Response at `minutes` to an inflow of 1 per minute that began at 0, by partial fractions.
    fn step_response(&self, order: Order, minutes: f64) -> f64 {
        if minutes <= 0.0 {
            return 0.0;
        }
        let (further, scale): (&[f64], f64) = match order {
            Order::Plasma => (&[], 1.0),
            Order::Site => (&[KE0], KE0),
            Order::Counter => (&[KE0, KM], KE0 * KM),
        };
        let poles = || self.poles.iter().chain(further).copied().enumerate();
        let term = |(i, pole): (usize, f64)| -> f64 {
            let others = poles().filter(|(j, _)| *j != i);
            let spread: f64 = others.map(|(_, other)| other - pole).product();
            let through: f64 = self.zeros.iter().map(|zero| zero - pole).product();
            through / spread * (1.0 - (-pole * minutes).exp()) / pole
        };
        poles().map(term).sum::<f64>() * scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One row of clinical 4.4.
    struct Row {
        name: &'static str,
        doses: Vec<Dose>,
        plasma_peak: (f64, f64),
        peaks: [f64; 3],
        pressure_peak_min: f64,
        half_peak_min: (f64, f64),
        systolic_at: [(f64, f64); 6],
    }

    /// Doses of `mg_per_kg` each, so many minutes long, at these minutes.
    fn given(way: Way, mg_per_kg: f64, minutes: f64, at: &[f64]) -> Vec<Dose> {
        let dose =
            |at: &f64| Dose { mg_per_kg, start_s: at * 60.0, duration_s: minutes * 60.0, way };
        at.iter().map(dose).collect()
    }

    fn row(name: &'static str, doses: Vec<Dose>, figures: [f64; 8], systolic: [f64; 6]) -> Row {
        let [plasma, plasma_at, up, dia, rate, up_at, from, to] = figures;
        let minutes = [10.0, 20.0, 40.0, 60.0, 90.0, 120.0];
        Row {
            name,
            doses,
            plasma_peak: (plasma, plasma_at),
            peaks: [up, dia, rate],
            pressure_peak_min: up_at,
            half_peak_min: (from, to),
            systolic_at: std::array::from_fn(|i| (minutes[i], systolic[i])),
        }
    }

    #[rustfmt::skip]
    fn rows() -> Vec<Row> {
        const AT_ONCE: f64 = 1.0 / 60.0;
        let mg = |way, mg: f64| given(way, mg / KG, AT_ONCE, &[0.0]);
        let devices = |at: &[f64]| given(Way::EsketamineNasal, 28.0 / KG, AT_ONCE, at);
        vec![
            row("IV 0.5/40", given(Way::Iv, 0.5, 40.0, &[0.0]),
                [177.0, 40.0, 15.9, 10.9, 4.1, 40.0, 16.0, 62.0],
                [2.9, 10.4, 15.8, 8.6, 3.4, 2.1]),
            row("IV 0.3 over 5 min", given(Way::Iv, 0.3, 5.0, &[0.0]),
                [159.0, 5.0, 16.0, 10.9, 2.5, 12.0, 6.0, 30.0],
                [15.7, 12.7, 5.2, 2.6, 1.4, 1.0]),
            row("IM 0.5", given(Way::Im, 0.5, AT_ONCE, &[0.0]),
                [171.0, 16.0, 18.4, 12.6, 4.0, 18.0, 8.0, 43.0],
                [14.5, 18.1, 10.3, 5.1, 2.5, 1.7]),
            row("IM 1.0", given(Way::Im, 1.0, AT_ONCE, &[0.0]),
                [341.0, 16.0, 26.8, 18.4, 11.4, 15.0, 6.0, 45.0],
                [25.0, 26.0, 16.0, 8.4, 4.3, 3.0]),
            row("SL 150 mg", mg(Way::Sl, 150.0),
                [136.0, 40.0, 13.2, 9.1, 2.8, 30.0, 13.0, 80.0],
                [4.3, 11.5, 12.6, 9.4, 5.5, 3.5]),
            row("PO 150 mg", mg(Way::Po, 150.0),
                [103.0, 36.0, 10.2, 7.0, 1.7, 30.0, 13.0, 73.0],
                [3.2, 8.8, 9.5, 6.7, 3.7, 2.2]),
            row("IN racemic 50 mg", mg(Way::Nasal, 50.0),
                [79.0, 16.0, 8.0, 5.5, 0.9, 20.0, 9.0, 42.0],
                [4.9, 8.0, 4.4, 2.1, 1.0, 0.7]),
            row("IN esketamine 28 mg", devices(&[0.0]),
                [44.0, 36.0, 3.1, 2.1, 0.3, 34.0, 16.0, 79.0],
                [0.7, 2.3, 3.0, 2.3, 1.2, 0.7]),
            row("IN esketamine 56 mg", devices(&[0.0, 5.0]),
                [73.0, 40.0, 6.5, 4.4, 0.9, 35.0, 16.0, 82.0],
                [1.0, 4.6, 6.4, 4.9, 2.7, 1.5]),
            row("IN esketamine 84 mg", devices(&[0.0, 5.0, 10.0]),
                [101.0, 44.0, 9.7, 6.7, 1.6, 36.0, 18.0, 84.0],
                [1.0, 6.3, 9.6, 7.5, 4.3, 2.4]),
        ]
    }

    fn close(name: &str, got: f64, want: f64) {
        let allowed = (want * 0.03).abs().max(0.3);
        assert!((got - want).abs() <= allowed, "{name}: {got} for {want}");
    }

    #[test]
    fn the_typical_subject_matches_the_published_rows() {
        // Goal: clinical 4.4 within 3 % or 0.3. Method: scan 150 min in steps of 6 s.
        for row in rows() {
            let scan: Vec<(f64, Effect)> = (0..1500)
                .map(|i| f64::from(i) * 0.1)
                .map(|min| (min, effect(&row.doses, 1.0, min * 60.0)))
                .collect();
            let peak = |of: fn(&Effect) -> f64| {
                let best = scan.iter().max_by(|a, b| of(&a.1).total_cmp(&of(&b.1)));
                best.map(|(min, e)| (*min, of(e))).expect("the scan is not empty")
            };
            let (plasma_min, plasma) = peak(|e| e.plasma_ng_ml);
            close(row.name, plasma, row.plasma_peak.0);
            close(row.name, plasma_min, row.plasma_peak.1);
            let (pressure_min, systolic) = peak(|e| e.systolic);
            close(row.name, systolic, row.peaks[0]);
            close(row.name, peak(|e| e.diastolic).1, row.peaks[1]);
            close(row.name, peak(|e| e.heart_rate).1, row.peaks[2]);
            assert!((pressure_min - row.pressure_peak_min).abs() <= 1.0, "{pressure_min}");
            // The rows give their windows on a coarser grid than this scan: 1.5 min, not 1.
            let mut above = scan.iter().filter(|(_, e)| e.systolic >= systolic / 2.0);
            let from = above.next().map_or(0.0, |(min, _)| *min);
            let to = above.next_back().map_or(0.0, |(min, _)| *min);
            assert!((from - row.half_peak_min.0).abs() <= 1.5, "{}: from {from}", row.name);
            assert!((to - row.half_peak_min.1).abs() <= 1.5, "{}: to {to}", row.name);
            for (min, want) in row.systolic_at {
                close(row.name, effect(&row.doses, 1.0, min * 60.0).systolic, want);
            }
        }
    }

    #[test]
    fn nothing_happens_before_the_dose() {
        // Goal: no effect leaks backwards. Method: ask at and before the start.
        let dose = Dose { mg_per_kg: 0.5, start_s: 100.0, duration_s: 2400.0, way: Way::Iv };
        for t_s in [-1000.0, 0.0, 100.0] {
            assert_eq!(effect(&[dose], 1.0, t_s), Effect::default());
        }
    }
}
