//! A patient with what the scenario does to them: turns time into the vital signs that every
//! monitor at this bed sees. Shared by the bed's monitors, and immutable.
//! Deliberately knows no protocol.

use serde::Deserialize;

use crate::patient::{Patient, Truth};

/// A vital sign that a scenario can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vital {
    /// Systolic pressure, mmHg.
    NibpSys,
    /// Diastolic pressure, mmHg.
    NibpDia,
    /// Heart rate, per minute.
    HeartRate,
    /// Oxygen saturation, %.
    Spo2,
    /// Respiration, per minute.
    Resp,
}

/// How a vital sign is moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Force {
    /// The physiology's value is replaced; noise stays on top.
    Set(f64),
    /// The physiology's value is shifted.
    Add(f64),
    /// The value is replaced and has no noise: respiration 0 must be 0.
    Hold(f64),
}

/// One vital sign moved for a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forced {
    /// Which.
    pub vital: Vital,
    /// How.
    pub force: Force,
    /// From this second on.
    pub from_s: f64,
    /// Until just before this second.
    pub to_s: f64,
}

/// A span of clinical time in which something is so: `from_s` included, `to_s` not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// First second.
    pub from_s: f64,
    /// First second after it.
    pub to_s: f64,
}

impl Span {
    /// Whether `t_s` lies in it.
    #[must_use]
    pub fn holds(&self, t_s: f64) -> bool {
        (self.from_s..self.to_s).contains(&t_s)
    }
}

/// One patient in one bed.
#[derive(Clone, Debug)]
pub struct Bedside {
    patient: Patient,
    forced: Vec<Forced>,
    sensor_off: Vec<Span>,
}

impl Bedside {
    /// A patient whose vital signs and oximeter sensor follow the given script.
    #[must_use]
    pub const fn new(patient: Patient, forced: Vec<Forced>, sensor_off: Vec<Span>) -> Self {
        Self { patient, forced, sensor_off }
    }

    /// The patient.
    #[must_use]
    pub const fn patient(&self) -> &Patient {
        &self.patient
    }

    /// Noise-free vital signs: what a cuff measures, with its own error.
    #[must_use]
    pub fn mean(&self, t_s: f64) -> Truth {
        let mut truth = self.patient.mean(t_s);
        for forced in self.in_force(t_s) {
            let value = slot(&mut truth, forced.vital);
            match forced.force {
                Force::Set(to) | Force::Hold(to) => *value = to,
                Force::Add(by) => *value += by,
            }
        }
        truth
    }

    /// What the continuous monitors see.
    #[must_use]
    pub fn observed(&self, t_s: f64) -> Truth {
        let mut truth = self.patient.observed(self.mean(t_s), t_s);
        for forced in self.in_force(t_s) {
            match forced.force {
                Force::Hold(to) => *slot(&mut truth, forced.vital) = to,
                Force::Set(_) | Force::Add(_) => {}
            }
        }
        truth
    }

    /// Whether the oximeter's sensor is on the finger.
    #[must_use]
    pub fn sensor(&self, t_s: f64) -> Sensor {
        if self.sensor_off.iter().any(|span| span.holds(t_s)) { Sensor::Off } else { Sensor::On }
    }

    fn in_force(&self, t_s: f64) -> impl Iterator<Item = &Forced> {
        self.forced.iter().filter(move |f| (f.from_s..f.to_s).contains(&t_s))
    }
}

/// The oximeter's sensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensor {
    /// On the finger.
    On,
    /// Plugged in, but no finger in it.
    Off,
}

const fn slot(truth: &mut Truth, vital: Vital) -> &mut f64 {
    match vital {
        Vital::NibpSys => &mut truth.systolic,
        Vital::NibpDia => &mut truth.diastolic,
        Vital::HeartRate => &mut truth.heart_rate,
        Vital::Spo2 => &mut truth.spo2,
        Vital::Resp => &mut truth.respiration,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::Traits;

    #[test]
    fn a_forced_value_holds_from_its_first_second_to_its_last() {
        // Goal: set, add and hold each do what they say, and end. Method: ask around the edges.
        let force = |vital, force| Forced { vital, force, from_s: 10.0, to_s: 20.0 };
        let traits = Traits { noise: 1.0, ..Traits::TYPICAL };
        let bedside = Bedside::new(
            Patient::new(1, traits, Vec::new()),
            vec![
                force(Vital::NibpSys, Force::Set(186.0)),
                force(Vital::NibpDia, Force::Add(10.0)),
                force(Vital::Resp, Force::Hold(0.0)),
            ],
            vec![Span { from_s: 10.0, to_s: 20.0 }],
        );
        for (t_s, systolic, diastolic) in
            [(9.9, 126.0, 77.0), (10.0, 186.0, 87.0), (19.9, 186.0, 87.0), (20.0, 126.0, 77.0)]
        {
            let truth = bedside.mean(t_s);
            assert_eq!((truth.systolic, truth.diastolic), (systolic, diastolic), "at {t_s}");
        }
        assert_eq!(bedside.observed(15.0).respiration, 0.0);
        assert!(bedside.observed(25.0).respiration > 10.0);
        assert_eq!(bedside.sensor(15.0), Sensor::Off);
        assert_eq!(bedside.sensor(20.0), Sensor::On);
    }
}
