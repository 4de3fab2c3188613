//! A Nonin oximeter: turns vital signs into the serial data formats 1, 2 and 7 (`nonin` 2 to 4).
//!
//! ```text
//! format 1   status, heart rate, saturation                              once a second
//! format 2   25 x (01, status, pleth, data, sum)                         3 a second
//! format 7   25 x (status, pleth high, pleth low, data, sum)             3 a second
//! ```
//! Free-running; deliberately answers no format selection and has no format 13.

use std::f64::consts::TAU;
use std::sync::Arc;

use serde::Deserialize;

use crate::bedside::{Bedside, Sensor};

/// Frames in one packet of formats 2 and 7 (3).
pub const FRAMES: usize = 25;
/// "Missing" in nine bits of heart rate and in seven of saturation (2, 3).
const HEART_RATE_MISSING: u16 = 511;
const SPO2_MISSING: u8 = 127;
/// Firmware revision that this monitor claims, frame 3.
const FIRMWARE: u8 = 0x30;
/// Frames per second of formats 2 and 7 (3).
const FRAME_HZ: f64 = 75.0;

/// A serial data format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub enum Format {
    /// Three bytes a second, no checksum.
    One,
    /// 25 frames, 8-bit pleth.
    Two,
    /// 25 frames, 16-bit pleth.
    Seven,
}

impl TryFrom<u8> for Format {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        match number {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            7 => Ok(Self::Seven),
            other => Err(format!("nonin format {other}: this monitor has 1, 2 and 7")),
        }
    }
}

/// The signal at the sensor, as the status bytes tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Well perfused.
    Good,
    /// Weak: still a value.
    LowPerfusion,
    /// Plugged in, no finger.
    NoFinger,
    /// The sensor's plug is out.
    Unplugged,
}

/// The figures of one packet; `None` is sent as missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Per minute, 0 to 510.
    pub heart_rate: Option<u16>,
    /// %, 0 to 100.
    pub spo2: Option<u8>,
}

/// The monitor.
#[derive(Clone, Debug)]
pub struct Nonin {
    bedside: Arc<Bedside>,
    format: Format,
    /// Where in the heart beat the next frame lies, 0 to 1.
    beat: f64,
}

impl Nonin {
    /// A monitor at a bed.
    #[must_use]
    pub const fn new(bedside: Arc<Bedside>, format: Format) -> Self {
        Self { bedside, format, beat: 0.0 }
    }

    /// Seconds from one packet to the next.
    #[must_use]
    pub const fn period_s(&self) -> f64 {
        match self.format {
            Format::One => 1.0,
            Format::Two | Format::Seven => FRAMES as f64 / FRAME_HZ,
        }
    }

    /// The packet at `t_s`. The pulse wave goes on from the packet before.
    pub fn packet(&mut self, t_s: f64) -> Vec<u8> {
        let truth = self.bedside.observed(t_s);
        let (signal, figures, pleth) = match self.bedside.sensor(t_s) {
            Sensor::Off => {
                let none = Figures { heart_rate: None, spo2: None };
                (Signal::NoFinger, none, [0; FRAMES])
            }
            Sensor::On => {
                let figures = Figures {
                    heart_rate: Some(truth.heart_rate.round().clamp(18.0, 321.0) as u16),
                    spo2: Some(truth.spo2.round().clamp(0.0, 100.0) as u8),
                };
                (Signal::Good, figures, self.wave(truth.heart_rate))
            }
        };
        match self.format {
            Format::One => encode_1(figures, signal).to_vec(),
            Format::Two => encode_2(figures, signal, &pleth.map(|high| (high >> 8) as u8)),
            Format::Seven => encode_7(figures, signal, &pleth),
        }
    }

    fn wave(&mut self, heart_rate: f64) -> [u16; FRAMES] {
        let step = heart_rate / 60.0 / FRAME_HZ;
        std::array::from_fn(|_| {
            self.beat = (self.beat + step).fract();
            pleth(self.beat)
        })
    }
}

/// A pulse wave: the systolic bump and the smaller dicrotic one behind it, on a slow swing.
fn pleth(beat: f64) -> u16 {
    let bump = |centre: f64, width: f64| (-((beat - centre) / width).powi(2)).exp();
    let level = 0.28 + 0.5 * bump(0.25, 0.11) + 0.16 * bump(0.56, 0.12) + 0.02 * (TAU * beat).sin();
    (level * f64::from(u16::MAX)) as u16
}

/// Format 1 (2): three bytes, the first alone has bit 7.
#[must_use]
pub fn encode_1(figures: Figures, signal: Signal) -> [u8; 3] {
    let [high, low] = heart_rate_bits(figures);
    let flags = match signal {
        Signal::Good => 0,
        Signal::LowPerfusion => 0x10,
        Signal::NoFinger => 0x20,
        Signal::Unplugged => 0x60,
    };
    [0x80 | flags | high, low, spo2_bits(figures)]
}

/// Format 2 (3): 125 bytes.
#[must_use]
pub fn encode_2(figures: Figures, signal: Signal, pleth: &[u8; FRAMES]) -> Vec<u8> {
    let data = data_bytes(figures);
    let frame = |i: usize| {
        let status = status_byte(signal, i);
        let sum = sum_of(&[0x01, status, pleth[i], data[i]]);
        [0x01, status, pleth[i], data[i], sum]
    };
    (0..FRAMES).flat_map(frame).collect()
}

/// Format 7 (4): 125 bytes, no start byte, 16-bit pleth.
#[must_use]
pub fn encode_7(figures: Figures, signal: Signal, pleth: &[u16; FRAMES]) -> Vec<u8> {
    let data = data_bytes(figures);
    let frame = |i: usize| {
        let [high, low] = pleth[i].to_be_bytes();
        let status = status_byte(signal, i);
        [status, high, low, data[i], sum_of(&[status, high, low, data[i]])]
    };
    (0..FRAMES).flat_map(frame).collect()
}

/// STATUS of formats 2 and 7 (3); SYNC on the first frame only.
const fn status_byte(signal: Signal, frame: usize) -> u8 {
    let flags = match signal {
        Signal::Good => 0x02,
        Signal::LowPerfusion => 0x04,
        Signal::NoFinger => 0x18,
        Signal::Unplugged => 0x50,
    };
    let sync = if frame == 0 { 0x01 } else { 0 };
    0x80 | flags | sync
}

/// DATA by frame (3). One averaging serves all the averaged fields.
fn data_bytes(figures: Figures) -> [u8; FRAMES] {
    let [high, low] = heart_rate_bits(figures);
    let spo2 = spo2_bits(figures);
    std::array::from_fn(|frame| match frame {
        0 | 13 | 19 | 21 => high,
        1 | 14 | 20 | 22 => low,
        2 | 8 | 9 | 10 | 15 | 16 => spo2,
        3 => FIRMWARE,
        _ => 0,
    })
}

fn heart_rate_bits(figures: Figures) -> [u8; 2] {
    let rate = figures.heart_rate.map_or(HEART_RATE_MISSING, |rate| rate.min(510));
    [(rate >> 7) as u8 & 0x03, rate as u8 & 0x7F]
}

fn spo2_bits(figures: Figures) -> u8 {
    figures.spo2.map_or(SPO2_MISSING, |spo2| spo2.min(100))
}

fn sum_of(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

#[cfg(test)]
mod tests;
