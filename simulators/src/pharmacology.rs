//! Racemic ketamine by vein: turns a dose plan into plasma concentration and its effect on
//! pressure and heart rate. Clinical 4.1 (two compartments, Clements and Nimmo 1981) and
//! clinical 4.3 (effect site, counter-regulation, Emax). The linear part is solved in closed
//! form, a sum of exponentials per infusion, so any instant can be asked for without stepping.
//! Deliberately no other route and no other drug: clinical 4.2 and 4.3's absorption are not here.

use serde::Deserialize;

/// One infusion.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dose {
    /// mg per kg body weight.
    pub mg_per_kg: f64,
    /// Clinical second of its start; negative lies before the opening.
    pub start_s: f64,
    /// Length in seconds, at least 1.
    pub duration_s: f64,
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

/// The effect at `t_s` of all `doses`, with concentrations scaled by `exposure` (1 = typical).
#[must_use]
pub fn effect(doses: &[Dose], exposure: f64, t_s: f64) -> Effect {
    let total = |order: Order| -> f64 {
        doses.iter().map(|dose| after_infusion(dose, order, t_s)).sum::<f64>() * exposure
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

/// How many compartments stand between the infusion and what is asked for.
#[derive(Clone, Copy)]
enum Order {
    Plasma,
    Site,
    Counter,
}

fn after_infusion(dose: &Dose, order: Order, t_s: f64) -> f64 {
    // mg/kg over L/kg is mg/L; times 1000 is ng/mL.
    let rate = dose.mg_per_kg * 1000.0 / V1 / (dose.duration_s / 60.0);
    let since_start = (t_s - dose.start_s) / 60.0;
    let since_end = since_start - dose.duration_s / 60.0;
    rate * (step_response(order, since_start) - step_response(order, since_end))
}

/// Response at `minutes` to an input of 1 per minute that began at 0, by partial fractions.
fn step_response(order: Order, minutes: f64) -> f64 {
    if minutes <= 0.0 {
        return 0.0;
    }
    let sum = K10 + K12 + K21;
    let root = (sum * sum - 4.0 * K10 * K21).sqrt();
    let all = [f64::midpoint(sum, root), f64::midpoint(sum, -root), KE0, KM];
    let (count, scale) = match order {
        Order::Plasma => (2, 1.0),
        Order::Site => (3, KE0),
        Order::Counter => (4, KE0 * KM),
    };
    let poles = &all[..count];
    let term = |i: usize| -> f64 {
        let others = poles.iter().enumerate().filter(|(j, _)| *j != i);
        let spread: f64 = others.map(|(_, other)| other - poles[i]).product();
        (K21 - poles[i]) / spread * (1.0 - (-poles[i] * minutes).exp()) / poles[i]
    };
    (0..count).map(term).sum::<f64>() * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One row of clinical 4.4.
    struct Row {
        name: &'static str,
        dose: Dose,
        plasma_peak: (f64, f64),
        peaks: [f64; 3],
        pressure_peak_min: f64,
        half_peak_min: (f64, f64),
        systolic_at: [(f64, f64); 6],
    }

    fn rows() -> [Row; 2] {
        let infusion =
            |mg_per_kg, minutes: f64| Dose { mg_per_kg, start_s: 0.0, duration_s: minutes * 60.0 };
        let at = |s: [f64; 6]| {
            let minutes = [10.0, 20.0, 40.0, 60.0, 90.0, 120.0];
            std::array::from_fn(|i| (minutes[i], s[i]))
        };
        [
            Row {
                name: "IV 0.5/40",
                dose: infusion(0.5, 40.0),
                plasma_peak: (177.0, 40.0),
                peaks: [15.9, 10.9, 4.1],
                pressure_peak_min: 40.0,
                half_peak_min: (16.0, 62.0),
                systolic_at: at([2.9, 10.4, 15.8, 8.6, 3.4, 2.1]),
            },
            Row {
                name: "IV 0.3 over 5 min",
                dose: infusion(0.3, 5.0),
                plasma_peak: (159.0, 5.0),
                peaks: [16.0, 10.9, 2.5],
                pressure_peak_min: 12.0,
                half_peak_min: (6.0, 30.0),
                systolic_at: at([15.7, 12.7, 5.2, 2.6, 1.4, 1.0]),
            },
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
                .map(|min| (min, effect(&[row.dose], 1.0, min * 60.0)))
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
            let mut above = scan.iter().filter(|(_, e)| e.systolic >= systolic / 2.0);
            let from = above.next().map_or(0.0, |(min, _)| *min);
            let to = above.next_back().map_or(0.0, |(min, _)| *min);
            assert!((from - row.half_peak_min.0).abs() <= 1.0, "{}: from {from}", row.name);
            assert!((to - row.half_peak_min.1).abs() <= 1.0, "{}: to {to}", row.name);
            for (min, want) in row.systolic_at {
                close(row.name, effect(&[row.dose], 1.0, min * 60.0).systolic, want);
            }
        }
    }

    #[test]
    fn nothing_happens_before_the_dose() {
        // Goal: no effect leaks backwards. Method: ask at and before the start.
        let dose = Dose { mg_per_kg: 0.5, start_s: 100.0, duration_s: 2400.0 };
        for t_s in [-1000.0, 0.0, 100.0] {
            assert_eq!(effect(&[dose], 1.0, t_s), Effect::default());
        }
    }
}
