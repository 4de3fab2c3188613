//! A GE DINAMAP monitor: turns one command line into one reply line, after
//! `ge-dinamap-ascii` 2 (framing), 3 (checksum), 4 (commands) and 5 (reply layouts).
//!
//! ```text
//! unit(1) letters(2) fixed-width fields checksum(2) CR
//! ```
//! A line that is damaged or not a command of section 4 gets no answer: the layout of a
//! negative acknowledgement is not established (6). Deliberately never speaks unasked.

use std::sync::Arc;

use crate::bedside::{Bedside, Sensor};
use crate::device::cuff::Cuff;
use crate::patient::{CuffFailure, CuffOutcome};

/// The unit identifier of a single monitor (2).
const UNIT: u8 = b' ';
/// "No recent determination" (5).
const AGE_NONE: u16 = 9999;
/// Beyond this age in seconds the monitor says 9999 (7).
const AGE_MAX_S: f64 = 5400.0;
/// Averaging interval that the oximeter reports, s.
const OXIMETER_AVERAGING_S: u8 = 12;

/// Whether this monitor's own oximeter is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oximeter {
    /// Its cable is not plugged in; rates come from the cuff.
    Unplugged,
    /// It measures saturation and pulse.
    Fitted,
}

/// The monitor.
#[derive(Clone, Debug)]
pub struct Dinamap {
    bedside: Arc<Bedside>,
    cuff: Cuff,
    oximeter: Oximeter,
}

impl Dinamap {
    /// A monitor at a bed.
    #[must_use]
    pub const fn new(bedside: Arc<Bedside>, cuff: Cuff, oximeter: Oximeter) -> Self {
        Self { bedside, cuff, oximeter }
    }

    /// Answers one line (its CR may be on it or not), at `t_s`. `None`: an empty line, LF or
    /// NUL padding, a damaged line, or a command that is not of section 4.
    pub fn reply(&mut self, line: &[u8], t_s: f64) -> Option<Vec<u8>> {
        let body = command(line)?;
        self.cuff.advance(t_s);
        match body {
            b"NA" | b"NF" => Some(self.nibp(body, t_s).encode()),
            b"OA" => Some(self.oximetry(t_s)),
            b"RA" | b"RC" => Some(self.rate(body, t_s)),
            // No thermometer is in use: no determination yet.
            b"TC" => Some(
                Temperature { status: b'0', counter: b' ', age_s: 99_999, tenths_f: 0 }.encode(),
            ),
            b"NC0" => {
                self.cuff.start(t_s);
                Some(framed(body))
            }
            b"ND" => {
                self.cuff.cancel(t_s);
                Some(framed(body))
            }
            _ => None,
        }
    }

    /// The answer to a poll for pressure, for replaying a past.
    pub(crate) fn polled(&mut self, t_s: f64) -> Vec<u8> {
        self.cuff.advance(t_s);
        self.nibp(b"NA", t_s).encode()
    }

    fn nibp(&self, letters: &[u8], t_s: f64) -> Nibp {
        let function = if letters == b"NF" { Function::Displayed } else { Function::Status };
        let none = Nibp { function, ..Nibp::EMPTY };
        let shown = match self.cuff.last() {
            None => none,
            Some(last) => match last.outcome {
                CuffOutcome::Failed(failure) => Nibp { status: failure_code(failure), ..none },
                CuffOutcome::Reading { .. } if t_s - last.at_s > AGE_MAX_S => none,
                CuffOutcome::Reading { systolic, diastolic, mean, .. } => Nibp {
                    status: b'1',
                    age_s: (t_s - last.at_s).max(0.0) as u16,
                    systolic,
                    diastolic,
                    mean,
                    ..none
                },
            },
        };
        // While busy the old figures stay on show (5).
        if self.cuff.is_busy() { Nibp { status: b'0', ..shown } } else { shown }
    }

    fn oximetry(&self, t_s: f64) -> Vec<u8> {
        let status = match (self.oximeter, self.bedside.sensor(t_s)) {
            (Oximeter::Unplugged, _) => Saturation { status: b'6', spo2: 0, strength: 0 },
            (Oximeter::Fitted, Sensor::Off) => Saturation { status: b'3', spo2: 0, strength: 0 },
            (Oximeter::Fitted, Sensor::On) => {
                let spo2 = self.bedside.observed(t_s).spo2.round() as u16;
                Saturation { status: b'1', spo2, strength: 7 }
            }
        };
        status.encode()
    }

    fn rate(&self, letters: &[u8], t_s: f64) -> Vec<u8> {
        let (source, rate) = match (self.oximeter, self.bedside.sensor(t_s)) {
            (Oximeter::Fitted, Sensor::On) => {
                (b'2', self.bedside.observed(t_s).heart_rate.round() as u16)
            }
            (Oximeter::Fitted, Sensor::Off) => (b'2', 0),
            (Oximeter::Unplugged, _) => (b'3', self.cuff_pulse(t_s)),
        };
        encode_rate(letters, source, rate)
    }

    fn cuff_pulse(&self, t_s: f64) -> u16 {
        match self.cuff.last() {
            Some(last) if t_s - last.at_s <= AGE_MAX_S => match last.outcome {
                CuffOutcome::Reading { pulse, .. } => pulse,
                CuffOutcome::Failed(_) => 0,
            },
            Some(_) | None => 0,
        }
    }
}

/// The letters (and data) of a sound command line, without unit, checksum and padding.
fn command(line: &[u8]) -> Option<&[u8]> {
    let is_padding = |byte: &u8| matches!(byte, b'\r' | b'\n' | 0);
    let start = line.iter().position(|b| !is_padding(b))?;
    let end = line.iter().rposition(|b| !is_padding(b))? + 1;
    let (message, sum) = line[start..end].split_last_chunk::<2>()?;
    let (unit, body) = message.split_first()?;
    (*unit == UNIT && body.len() >= 2 && *sum == checksum(message)).then_some(body)
}

/// Status field of a failed determination (5).
const fn failure_code(failure: CuffFailure) -> u8 {
    match failure {
        CuffFailure::Unspecified => b'3',
        CuffFailure::PumpUp => b'4',
        CuffFailure::TotalTime => b'6',
        CuffFailure::OnePressure => b'7',
        CuffFailure::Overpressure => b'8',
    }
}

/// The two checksum characters over everything before them (3).
#[must_use]
pub fn checksum(message: &[u8]) -> [u8; 2] {
    let sum = message.iter().fold(0u32, |sum, byte| {
        let sum = sum + u32::from(byte.wrapping_sub(0x20)) + 1;
        if sum > 0xFFF { sum - 0xFFF } else { sum }
    });
    [0x20 + (sum >> 6) as u8, 0x20 + (sum & 0x3F) as u8]
}

/// Unit, `body`, checksum, CR.
fn framed(body: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(body.len() + 4);
    message.push(UNIT);
    message.extend_from_slice(body);
    let sum = checksum(&message);
    message.extend_from_slice(&sum);
    message.push(b'\r');
    message
}

/// Which pressure reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    /// ` NA`
    Status,
    /// ` NF`
    Displayed,
}

/// Fields of ` NA` and ` NF` (5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Nibp {
    function: Function,
    status: u8,
    patient: u8,
    kind: u8,
    age_s: u16,
    systolic: u16,
    diastolic: u16,
    mean: u16,
}

impl Nibp {
    /// An adult, normal mode, no determination: `9` is "unknown".
    const EMPTY: Self = Self {
        function: Function::Status,
        status: b'9',
        patient: b'1',
        kind: b'0',
        age_s: AGE_NONE,
        systolic: 0,
        diastolic: 0,
        mean: 0,
    };

    fn encode(self) -> Vec<u8> {
        let letter = match self.function {
            Function::Status => 'A',
            Function::Displayed => 'F',
        };
        let (a, b, c) = (self.status as char, self.patient as char, self.kind as char);
        let Self { age_s, systolic, diastolic, mean, .. } = self;
        let body = format!("N{letter}{a}{b}{c}{age_s:04}{systolic:03}{diastolic:03}{mean:03}");
        framed(body.as_bytes())
    }
}

/// Fields of ` OA` (5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Saturation {
    status: u8,
    spo2: u16,
    strength: u8,
}

impl Saturation {
    fn encode(self) -> Vec<u8> {
        let Self { status, spo2, strength } = self;
        let status = status as char;
        framed(format!("OA{status}{spo2:03}{strength}{OXIMETER_AVERAGING_S:02}").as_bytes())
    }
}

/// ` RA` and ` RC` (5); rate 0 = no data.
fn encode_rate(letters: &[u8], source: u8, rate: u16) -> Vec<u8> {
    let mut body = letters.to_vec();
    body.push(source);
    body.extend_from_slice(format!("{rate:03}").as_bytes());
    framed(&body)
}

/// Fields of ` TC` (5), predictive mode, Fahrenheit on the bedside display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Temperature {
    status: u8,
    counter: u8,
    age_s: u32,
    tenths_f: u16,
}

impl Temperature {
    fn encode(self) -> Vec<u8> {
        let Self { age_s, tenths_f, .. } = self;
        let (status, counter) = (self.status as char, self.counter as char);
        framed(format!("TC{status}0{counter}{age_s:05}{tenths_f:04}0").as_bytes())
    }
}

#[cfg(test)]
mod tests;
