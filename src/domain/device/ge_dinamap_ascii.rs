//! GE CARESCAPE V100 and DINAMAP replies in, messages out (`ge-dinamap-ascii` 2 to 6).
//!
//! A reply is a line that ends in CR: unit (1 byte), letters (2), fields, checksum (2).
//! | letters | fields, by offset and length |
//! |---|---|
//! | `NA`, `NF` | 3 status, 4 patient, 5 type, 6..10 age in s, 10..13 sys, 13..16 dia, 16..19 map |
//! | `OA` | 3 status, 4..7 SpO2, 7 signal strength, 8..10 averaging in s |
//! | `RA`, `RC` | 3 source, 4..7 rate |
//! | `TC` | 3 status, 4 mode, 5 counter, 6..11 age in s, 11..15 tenths of °F, 15 display unit |
//!
//! The cuff repeats its last determination in each reply: it is told once, when it is new. The
//! decoder does not match replies to polls, and sends nothing: what to poll is `polls`.

use super::line::{Line, Lines, Shape};
use super::{Decoded, DeviceStatus, Event, Frames, Message, OF_THE_MONITOR, Reject, StatusCode};
use crate::domain::metric::Metric;
use crate::domain::reading::{
    Absent, Measured, Quantity, Reading, ValueSource, check_pair, plausible, plausible_decimal,
};

/// Asks for the cuff's status and values (`ge-dinamap-ascii` 4).
pub const POLL_NIBP: &[u8] = b" NA!2\r";
/// Asks for the oxygen saturation (`ge-dinamap-ascii` 4).
pub const POLL_SPO2: &[u8] = b" OA!3\r";
/// Asks for the heart or pulse rate (`ge-dinamap-ascii` 4).
pub const POLL_RATE: &[u8] = b" RA!6\r";
/// Asks for the temperature (`ge-dinamap-ascii` 4).
pub const POLL_TEMP: &[u8] = b" TC!:\r";

/// One CR-terminated line of at most 64 bytes: the longest reply has 21, and noise must not wait
/// longer. A monitor may put CR, LF or NUL before the unit (`ge-dinamap-ascii` 2).
const SHAPE: Shape = Shape { end: b'\r', padding: b"\r\n\0", limit: 64 };
/// Unit, letters and checksum: no message is shorter (`ge-dinamap-ascii` 2).
const SHORTEST: usize = 5;
/// "No recent determination" of the cuff (`ge-dinamap-ascii` 5).
const NO_DETERMINATION_S: u32 = 9999;
/// "None" for the age of a temperature (`ge-dinamap-ascii` 5).
const NO_TEMPERATURE_S: u32 = 99_999;

/// The polls of one round, in order: the cuff first, since its age dates the cuff's pulse.
#[must_use]
pub const fn polls(frames: Frames) -> &'static [&'static [u8]] {
    match frames {
        Frames::VerifiedOnly => &[POLL_NIBP],
        Frames::All => &[POLL_NIBP, POLL_SPO2, POLL_RATE, POLL_TEMP],
    }
}

/// The replies that we know.
#[derive(Clone, Copy, Debug)]
enum Reply {
    Cuff,
    Oximeter,
    Rate,
    Temperature,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Determination {
    age_s: u32,
    figures: [u32; 3],
}

/// Whether the pulse of the cuff's last determination has been told.
#[derive(Clone, Copy, Debug)]
enum CuffPulse {
    Due(Measured),
    Told,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Temperature {
    status: u8,
    counter: u8,
    tenths: u32,
}

/// Decodes the replies of one monitor.
#[derive(Clone, Debug)]
pub struct GeDinamapAscii {
    lines: Lines,
    replies: Replies,
}

/// What must be remembered from reply to reply.
#[derive(Clone, Debug)]
struct Replies {
    frames: Frames,
    /// The last determination that was done.
    last: Option<Determination>,
    pulse: CuffPulse,
    cuff: Option<StatusCode>,
    oximeter: Option<StatusCode>,
    temperature: Option<(Temperature, u32)>,
}

impl GeDinamapAscii {
    /// A decoder that has seen no determination yet: the first one counts as new.
    #[must_use]
    pub fn new(frames: Frames) -> Self {
        let replies = Replies {
            frames,
            last: None,
            // Before any cuff reply the pulse's age is unknown; `polls` asks the cuff first.
            pulse: CuffPulse::Due(Measured::AtReceipt),
            cuff: None,
            oximeter: None,
            temperature: None,
        };
        Self { lines: Lines::new(SHAPE), replies }
    }

    /// Takes the next bytes and appends what they complete.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Decoded>) {
        let Self { lines, replies } = self;
        lines.push(bytes, |at, line| out.push(Decoded { at, event: replies.take(line) }));
    }

    /// Says that no more bytes come: what is left counts as a line.
    pub fn finish(&mut self, out: &mut Vec<Decoded>) {
        let Self { lines, replies } = self;
        lines.finish(|at, line| out.push(Decoded { at, event: replies.take(line) }));
    }
}

impl Replies {
    fn take(&mut self, line: Line<'_>) -> Event {
        match line {
            Line::TooLong { bytes } => Event::Rejected { reason: Reject::Length, bytes },
            Line::Whole { line, bytes } => match self.decode(line) {
                Ok(message) => Event::Message(message),
                Err(reason) => Event::Rejected { reason, bytes },
            },
        }
    }

    fn decode(&mut self, line: &[u8]) -> Result<Message, Reject> {
        let (kind, body) = body_of(line)?;
        let mut message = Message::default();
        match (kind, self.frames) {
            (Reply::Cuff, Frames::VerifiedOnly | Frames::All) => self.cuff(body, &mut message)?,
            (Reply::Oximeter, Frames::All) => self.oximeter(body, &mut message)?,
            (Reply::Rate, Frames::All) => self.rate(body, &mut message)?,
            (Reply::Temperature, Frames::All) => self.temperature(body, &mut message)?,
            (Reply::Oximeter | Reply::Rate | Reply::Temperature, Frames::VerifiedOnly) => {}
        }
        Ok(message)
    }

    fn cuff(&mut self, body: &[u8], message: &mut Message) -> Result<(), Reject> {
        let age_s = digits(&body[6..10])?;
        let figures = [digits(&body[10..13])?, digits(&body[13..16])?, digits(&body[16..19])?];
        let code = match body[3] {
            b'0' => Some(StatusCode::Busy),
            b'1' => None,
            // "Unknown" is a failure only after a determination was under way: a monitor that was
            // switched on says it until its first.
            b'9' if self.cuff.is_none() => {
                self.pulse = CuffPulse::Told;
                return Ok(());
            }
            b'3' | b'9' => Some(StatusCode::Aborted),
            b'4' | b'6' | b'7' => Some(StatusCode::Timeout),
            b'8' => Some(StatusCode::Overpressure),
            _ => {
                message.unknown_keys += 1;
                return Ok(());
            }
        };
        let changed = turn(&mut self.cuff, code, message);
        match code {
            None if age_s == NO_DETERMINATION_S => self.pulse = CuffPulse::Told,
            None => self.determination(Determination { age_s, figures }, message),
            // The figures beside "busy" are the previous determination's.
            Some(StatusCode::Busy) => self.pulse = CuffPulse::Told,
            Some(_) => {
                self.pulse = CuffPulse::Told;
                if changed == Change::Yes {
                    message.readings.extend(CUFF.map(|metric| {
                        Reading::new(metric, Err(Absent::Unavailable), ValueSource::Nibp)
                    }));
                }
            }
        }
        Ok(())
    }

    fn determination(&mut self, now: Determination, message: &mut Message) {
        let is_new =
            self.last.is_none_or(|last| now.age_s < last.age_s || now.figures != last.figures);
        self.last = Some(now);
        let measured = Measured::SecondsAgo(now.age_s);
        if is_new {
            let figures = CUFF.into_iter().zip(now.figures);
            message.readings.extend(figures.map(|(metric, figure)| Reading {
                measured,
                ..Reading::new(metric, value(metric, figure), ValueSource::Nibp)
            }));
            check_pair(&mut message.readings, Metric::NibpSys, Metric::NibpDia);
            self.pulse = CuffPulse::Due(measured);
        } else if let CuffPulse::Due(_) = self.pulse {
            self.pulse = CuffPulse::Due(measured);
        }
    }

    fn oximeter(&mut self, body: &[u8], message: &mut Message) -> Result<(), Reject> {
        let figure = digits(&body[4..7])?;
        let (code, spo2) = match body[3] {
            b'1' => (None, value(Metric::SpO2, figure)),
            b'3' | b'6' => (Some(StatusCode::SensorOff), Err(Absent::Unavailable)),
            b'0' => (None, Err(Absent::Unavailable)),
            _ => {
                message.unknown_keys += 1;
                (None, Err(Absent::Unavailable))
            }
        };
        turn(&mut self.oximeter, code, message);
        message.readings.push(Reading::new(Metric::SpO2, spo2, ValueSource::Pleth));
        Ok(())
    }

    fn rate(&mut self, body: &[u8], message: &mut Message) -> Result<(), Reject> {
        let rate = match &body[4..7] {
            b"-99" => Err(Absent::Unavailable),
            figure => value(Metric::PulseRate, digits(figure)?),
        };
        match (body[3], self.pulse) {
            (b'2', CuffPulse::Due(_) | CuffPulse::Told) => {
                message.readings.push(Reading::new(Metric::PulseRate, rate, ValueSource::Pleth));
            }
            (b'3', CuffPulse::Due(measured)) => {
                let pulse = Reading::new(Metric::PulseRate, rate, ValueSource::Nibp);
                message.readings.push(Reading { measured, ..pulse });
                self.pulse = CuffPulse::Told;
            }
            (b'3', CuffPulse::Told) => {}
            (_, CuffPulse::Due(_) | CuffPulse::Told) => message.unknown_keys += 1,
        }
        Ok(())
    }

    fn temperature(&mut self, body: &[u8], message: &mut Message) -> Result<(), Reject> {
        let age_s = digits(&body[6..11])?;
        let now = Temperature { status: body[3], counter: body[5], tenths: digits(&body[11..15])? };
        let value = match body[3] {
            b'0' if age_s == NO_TEMPERATURE_S && body[4] != b'1' => return Ok(()),
            b'0' if now.tenths == 0 => Err(Absent::Unavailable),
            b'0' => plausible_decimal(Metric::Temp, celsius(now.tenths)),
            b'1' => return Ok(()),
            b'2'..=b'4' => Err(Absent::Unavailable),
            _ => {
                message.unknown_keys += 1;
                return Ok(());
            }
        };
        let told = self.temperature.replace((now, age_s));
        // Mode 1 follows the temperature; mode 0 repeats its last determination.
        let is_new = body[4] == b'1'
            || told.is_none_or(|(last, last_age_s)| last != now || age_s < last_age_s);
        if is_new {
            let measured = match age_s {
                NO_TEMPERATURE_S => Measured::AtReceipt,
                _ => Measured::SecondsAgo(age_s),
            };
            let temp = Reading::new(Metric::Temp, value, OF_THE_MONITOR);
            message.readings.push(Reading { measured, ..temp });
        }
        Ok(())
    }
}

/// The cuff's metrics, in the order of its fields.
const CUFF: [Metric; 3] = [Metric::NibpSys, Metric::NibpDia, Metric::NibpMap];

/// The kind of a line and its bytes without the checksum, which has been verified.
fn body_of(line: &[u8]) -> Result<(Reply, &[u8]), Reject> {
    if line.len() < SHORTEST {
        return Err(Reject::Length);
    }
    let known = match &line[1..3] {
        b"NA" | b"NF" => Some((Reply::Cuff, 21)),
        b"OA" => Some((Reply::Oximeter, 12)),
        b"RA" | b"RC" => Some((Reply::Rate, 9)),
        b"TC" => Some((Reply::Temperature, 18)),
        _ => None,
    };
    if known.is_some_and(|(_, length)| length != line.len()) {
        return Err(Reject::Length);
    }
    let (body, sum) = line.split_at(line.len() - 2);
    match (checksum(body), known) {
        (Some(right), _) if right != sum => Err(Reject::Checksum),
        (None, _) => Err(Reject::Checksum),
        (Some(_), Some((kind, _))) => Ok((kind, body)),
        (Some(_), None) => Err(Reject::Unknown),
    }
}

/// The two checksum characters (`ge-dinamap-ascii` 3), or `None` when a byte is not printable.
fn checksum(body: &[u8]) -> Option<[u8; 2]> {
    let mut sum: u16 = 0;
    for byte in body {
        if !(0x20..=0x7E).contains(byte) {
            return None;
        }
        sum += u16::from(byte - 0x20) + 1;
        if sum > 0xFFF {
            sum -= 0xFFF;
        }
    }
    let character = |six_bits: u16| u8::try_from(0x20 + six_bits).ok();
    Some([character(sum >> 6)?, character(sum & 0x3F)?])
}

/// A field of digits; anything else is no field of this protocol.
fn digits(field: &[u8]) -> Result<u32, Reject> {
    field.iter().try_fold(0, |number, byte| match byte {
        b'0'..=b'9' => Ok(number * 10 + u32::from(byte - b'0')),
        _ => Err(Reject::Unknown),
    })
}

/// 000 is the monitor's "none" (`ge-dinamap-ascii` 5), never a value.
fn value(metric: Metric, figure: u32) -> Result<Quantity, Absent> {
    match figure {
        0 => Err(Absent::Unavailable),
        _ => plausible(metric, i64::from(figure)),
    }
}

fn celsius(tenths_of_fahrenheit: u32) -> f64 {
    (f64::from(tenths_of_fahrenheit) / 10.0 - 32.0) * 5.0 / 9.0
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Yes,
    No,
}

/// Puts `now` in the place of the status that stood, and tells both.
fn turn(stood: &mut Option<StatusCode>, now: Option<StatusCode>, message: &mut Message) -> Change {
    if *stood == now {
        return Change::No;
    }
    let ended = stood.map(|code| DeviceStatus { code, active: false });
    let begun = now.map(|code| DeviceStatus { code, active: true });
    message.statuses.extend(ended.into_iter().chain(begun));
    *stood = now;
    Change::Yes
}

#[cfg(test)]
mod tests;
