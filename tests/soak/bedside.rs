//! One bed through the day: one session after the other, each with another patient; what the
//! patient does, what goes wrong with monitor and lines, and the cuff by its plan.

use std::time::Duration;

use dosevigil::domain::device::{Message, Reject};
use dosevigil::domain::ids::{BedIndex, DeviceId, SessionId};
use dosevigil::domain::input::{DoseEvent, Input, LinkChange, SessionStart};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Absent, Reading, Validity, ValueSource, plausible};
use simulators::patient::{CuffOutcome, Patient, Traits};
use simulators::pharmacology::{Dose, Way};

use crate::clinic::{BROKER, Clinic, cuff, cuff_line};
use crate::luck::Luck;

/// A session each two hours; the rest of the time the room is empty.
const TURN_S: u64 = 7_200;
const DOSE_S: u64 = 600;
const DOSE_ENDS_S: u64 = DOSE_S + 2_400;
const GONE_S: u64 = 6_600;

/// What is wrong now; each has an end.
#[derive(Clone, Copy, Debug)]
enum Trouble {
    /// This metric, this far from the truth.
    Value(Metric, i32),
    /// No breath, from a device that says so.
    Apnoea,
    SensorOff(Metric),
    Silent,
    LinkLost,
    Questionable,
    Rejects,
}

pub(crate) struct Bedside {
    bed: u32,
    patient: Patient,
    trouble: Option<(Trouble, u64)>,
    next_cuff: u64,
    determinations: u32,
    cuff_lost_until: Option<u64>,
}

pub(crate) fn session(bed: u32, turn: u64) -> SessionId {
    SessionId::from_bits((u128::from(bed) << 64) | (u128::from(turn) + 1))
}

/// Where the bed's day stands: which turn, and the second within it.
pub(crate) const fn turn(bed: u32, second: u64) -> (u64, u64) {
    let shifted = second + 397 * bed as u64;
    (shifted / TURN_S, shifted % TURN_S)
}

pub(crate) const fn is_over(within: u64) -> bool {
    within >= GONE_S
}

fn patient(bed: u32, turn: u64) -> Patient {
    let seed = u64::from(bed) * 1_000 + turn;
    let dose = Dose {
        mg_per_kg: 0.5,
        start_s: DOSE_S as f64,
        duration_s: (DOSE_ENDS_S - DOSE_S) as f64,
        way: Way::Iv,
    };
    Patient::new(seed, Traits::drawn(seed, 1.3), vec![dose])
}

impl Bedside {
    pub(crate) fn new(bed: u32) -> Self {
        Self {
            bed,
            patient: patient(bed, turn(bed, 0).0),
            trouble: None,
            next_cuff: 30,
            determinations: 0,
            cuff_lost_until: None,
        }
    }

    const fn index(&self) -> BedIndex {
        BedIndex(self.bed)
    }

    fn monitor(&self) -> DeviceId {
        DeviceId::try_new(&format!("monitor-{}", self.bed)).expect("a valid name")
    }

    /// One second of this bed, in a moment of its own.
    pub(crate) fn second(&mut self, second: u64, clinic: &mut Clinic, luck: &mut Luck) {
        clinic.advance(Duration::from_micros(10_000 + luck.below(20_000)));
        self.course(second, clinic);
        self.troubles(second, clinic, luck);
        let (_, within) = turn(self.bed, second);
        let quiet = matches!(self.trouble, Some((Trouble::Silent | Trouble::LinkLost, _)));
        if !is_over(within) && !quiet {
            self.sample(within, clinic);
        }
        if second >= self.next_cuff && !is_over(within) && self.cuff_lost_until.is_none() {
            self.determination(within, clinic, luck);
            let repeated = if luck.once_in(3) { 100 } else { 300 };
            self.next_cuff = second + repeated + luck.below(120);
        }
    }

    /// Session and dose by the plan; sessions are ended by the staff.
    fn course(&mut self, second: u64, clinic: &mut Clinic) {
        let (turn, within) = turn(self.bed, second);
        let dose = |dose| Input::Dose { bed: BedIndex(self.bed), dose };
        match within {
            60 => {
                self.patient = patient(self.bed, turn);
                let start = SessionStart {
                    id: session(self.bed, turn),
                    initials: "A.B.".into(),
                    drug: "ketamine".into(),
                    route: "iv".into(),
                    age_years: Some(40),
                    responsible: Some("kim".into()),
                };
                clinic.take(&Input::SessionStarted { bed: self.index(), start });
            }
            DOSE_S => {
                clinic.take(&dose(DoseEvent::Started { at: clinic.now }));
            }
            DOSE_ENDS_S => {
                clinic.take(&dose(DoseEvent::Ended { at: clinic.now }));
            }
            _ => {}
        }
    }

    /// What is over ends; something new once in four minutes.
    fn troubles(&mut self, second: u64, clinic: &mut Clinic, luck: &mut Luck) {
        if self.cuff_lost_until.is_some_and(|until| until <= second) {
            self.cuff_lost_until = None;
            let (bed, source) = (Some(self.index()), cuff_line(self.bed));
            let change = LinkChange::Online;
            clinic.take(&Input::Link { bed, source, device: None, change });
        }
        if let Some((trouble, until)) = self.trouble {
            if until > second {
                return;
            }
            if matches!(trouble, Trouble::LinkLost) {
                self.link(LinkChange::Online, clinic);
            }
            self.trouble = None;
        }
        if luck.once_in(2_000) && self.cuff_lost_until.is_none() {
            self.cuff_lost_until = Some(second + 2 + luck.below(90));
            let (bed, source) = (Some(self.index()), cuff_line(self.bed));
            let change = LinkChange::Lost { since: clinic.now, why: "unplugged".into() };
            clinic.take(&Input::Link { bed, source, device: None, change });
        }
        if luck.once_in(240) {
            let trouble = self.drawn(clinic, luck);
            self.trouble = Some((trouble, second + 2 + luck.below(100)));
        }
    }

    fn drawn(&self, clinic: &mut Clinic, luck: &mut Luck) -> Trouble {
        match luck.below(12) {
            0..2 => Trouble::Value(Metric::SpO2, -luck.between(4, 17)),
            2..4 => Trouble::Value(Metric::PulseRate, luck.between(30, 90)),
            4 => Trouble::Value(Metric::PulseRate, -luck.between(20, 45)),
            5 => Trouble::Value(Metric::RespRate, luck.between(-9, 25)),
            6 => Trouble::Apnoea,
            7 => Trouble::SensorOff([Metric::SpO2, Metric::RespRate][usize::from(luck.once_in(2))]),
            8 => Trouble::Silent,
            9 => {
                let why = "gone".into();
                self.link(LinkChange::Lost { since: clinic.now, why }, clinic);
                Trouble::LinkLost
            }
            10 => Trouble::Questionable,
            _ => Trouble::Rejects,
        }
    }

    fn link(&self, change: LinkChange, clinic: &mut Clinic) {
        let (bed, device) = (Some(self.index()), Some(self.monitor()));
        clinic.take(&Input::Link { bed, source: BROKER, device, change });
    }

    fn sample(&self, within: u64, clinic: &mut Clinic) {
        let at = within as f64;
        let truth = self.patient.observed(self.patient.mean(at), at);
        let ours = [
            (Metric::PulseRate, truth.heart_rate, ValueSource::Pleth),
            (Metric::SpO2, truth.spo2, ValueSource::Pleth),
            (Metric::RespRate, truth.respiration, ValueSource::Ecg),
        ];
        let readings = ours.map(|(metric, figure, source)| {
            let mut value = plausible(metric, figure.round() as i64 + self.shift(metric));
            if matches!(self.trouble, Some((Trouble::SensorOff(off), _)) if off == metric) {
                value = Err(Absent::Unavailable);
            }
            if metric == Metric::RespRate && matches!(self.trouble, Some((Trouble::Apnoea, _))) {
                value = plausible(metric, 0);
            }
            let questionable = matches!(self.trouble, Some((Trouble::Questionable, _)));
            let validity = if questionable { Validity::Questionable } else { Validity::Good };
            Reading { validity, ..Reading::new(metric, value, source) }
        });
        let message = Message { readings: readings.to_vec(), ..Message::default() };
        let (bed, device) = (self.index(), self.monitor());
        clinic.take(&Input::Message { bed, source: BROKER, device, message });
        if matches!(self.trouble, Some((Trouble::Rejects, _))) {
            let reason = Reject::Checksum;
            clinic.take(&Input::Rejected { bed: Some(bed), source: cuff_line(self.bed), reason });
        }
    }

    fn shift(&self, metric: Metric) -> i64 {
        match self.trouble {
            Some((Trouble::Value(of, shift), _)) if of == metric => shift.into(),
            Some(_) | None => 0,
        }
    }

    fn determination(&mut self, within: u64, clinic: &mut Clinic, luck: &mut Luck) {
        self.determinations += 1;
        let mut truth = self.patient.mean(within as f64);
        if luck.once_in(6) {
            truth.systolic += f64::from(luck.between(-50, 70));
            truth.diastolic += f64::from(luck.between(-25, 40));
        }
        let of = |metric, value: Result<u16, Absent>| {
            let value = value.and_then(|value| plausible(metric, value.into()));
            Reading::new(metric, value, ValueSource::Nibp)
        };
        let readings = match self.patient.cuff_reading(self.determinations, truth) {
            CuffOutcome::Reading { systolic, diastolic, mean, pulse } => vec![
                of(Metric::NibpSys, Ok(systolic)),
                of(Metric::NibpDia, Ok(diastolic)),
                of(Metric::NibpMap, Ok(mean)),
                of(Metric::PulseRate, Ok(pulse)),
            ],
            CuffOutcome::Failed(_) => {
                let failed = [Metric::NibpSys, Metric::NibpDia, Metric::NibpMap];
                failed.map(|metric| of(metric, Err(Absent::Invalid))).to_vec()
            }
        };
        let message = Message { readings, ..Message::default() };
        let (bed, source, device) = (self.index(), cuff_line(self.bed), cuff(self.bed));
        clinic.take(&Input::Message { bed, source, device, message });
    }
}
