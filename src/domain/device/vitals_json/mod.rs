//! `vitals-json` in, messages out: MQTT payloads and lines of a serial port (`vitals-json` 1).
//!
//! In this order a payload is refused for its size, its `crc`, for not being UTF-8, its depth and
//! then what `message` finds. It does not know the topic: another bed's or device's name in the
//! payload is compared by the source.

mod document;
mod message;
mod obs;

use super::line::{Line, Lines, Shape};
use super::{Decoded, Event, Message, Reject};

/// Longest message in bytes (`vitals-json` 1).
pub const MESSAGE_MAX: usize = 4096;
/// Deepest nesting; the object itself is the first level (`vitals-json` 1).
const DEPTH_MAX: usize = 16;
/// What stands before the checksum and is not covered by it (`vitals-json` 1).
const CRC_KEY: &[u8] = b",\"crc\":";

/// The link of a device, as its `/status` topic says (`vitals-json` 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Online,
    Offline,
}

/// How a payload carries its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Crc {
    /// Last member, and right.
    Verified,
    /// Not the last member; a `crc` that stands elsewhere is refused.
    NotLast,
}

/// Decodes one payload: one object, nothing after it.
///
/// # Errors
/// The one reason for which the message is refused whole.
pub fn decode(payload: &[u8]) -> Result<Message, Reject> {
    if payload.len() > MESSAGE_MAX {
        return Err(Reject::TooLarge);
    }
    let crc = check_crc(payload)?;
    let text = std::str::from_utf8(payload).map_err(|_| Reject::Schema)?;
    check_depth(payload)?;
    message::read_message(text, crc)
}

/// Decodes the payload of a `/status` topic: `{"online":true}` or `{"online":false}`, nothing else.
///
/// # Errors
/// The one reason for which it is refused.
pub fn decode_status(payload: &[u8]) -> Result<Presence, Reject> {
    if payload.len() > MESSAGE_MAX {
        return Err(Reject::TooLarge);
    }
    let text = std::str::from_utf8(payload).map_err(|_| Reject::Schema)?;
    check_depth(payload)?;
    message::read_status(text)
}

/// Decodes JSON lines of a serial port: one object per line that ends in LF.
#[derive(Clone, Debug)]
pub struct JsonLines {
    lines: Lines,
}

impl JsonLines {
    #[must_use]
    pub fn new() -> Self {
        // A CR before the LF is JSON's white space, and counts as the message's.
        Self { lines: Lines::new(Shape { end: b'\n', padding: b"\r\n\t ", limit: MESSAGE_MAX }) }
    }

    /// Takes the next bytes and appends what they complete.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Decoded>) {
        self.lines.push(bytes, |at, line| out.push(Decoded { at, event: event_of(line) }));
    }

    /// Says that no more bytes come: what is left counts as a line.
    pub fn finish(&mut self, out: &mut Vec<Decoded>) {
        self.lines.finish(|at, line| out.push(Decoded { at, event: event_of(line) }));
    }
}

impl Default for JsonLines {
    fn default() -> Self {
        Self::new()
    }
}

fn event_of(line: Line<'_>) -> Event {
    match line {
        Line::TooLong { bytes } => Event::Rejected { reason: Reject::TooLarge, bytes },
        Line::Whole { line, bytes } => match decode(line) {
            Ok(message) => Event::Message(message),
            Err(reason) => Event::Rejected { reason, bytes },
        },
    }
}

/// Checks a `crc` that is the last member. White space may stand around its value, not before its
/// comma: the bytes before `,"crc":` are what it covers.
fn check_crc(payload: &[u8]) -> Result<Crc, Reject> {
    let ending = |bytes: &'_ [u8]| bytes.trim_ascii_end().len();
    let Some(inside) = payload[..ending(payload)].strip_suffix(b"}") else {
        return Ok(Crc::NotLast);
    };
    let Some(quoted) = inside[..ending(inside)].strip_suffix(b"\"") else {
        return Ok(Crc::NotLast);
    };
    let Some((before, digits)) = quoted.split_last_chunk::<8>() else {
        return Ok(Crc::NotLast);
    };
    let Some(before) = before.strip_suffix(b"\"") else { return Ok(Crc::NotLast) };
    let Some(covered) = before[..ending(before)].strip_suffix(CRC_KEY) else {
        return Ok(Crc::NotLast);
    };
    if hex_lower(*digits) == Some(crc32fast::hash(covered)) {
        Ok(Crc::Verified)
    } else {
        Err(Reject::Checksum)
    }
}

/// Eight lower-case hexadecimal digits.
fn hex_lower(digits: [u8; 8]) -> Option<u32> {
    digits.iter().try_fold(0, |number: u32, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u32::from(value))
    })
}

/// Counts the brackets that are open at once, outside strings.
fn check_depth(payload: &[u8]) -> Result<(), Reject> {
    // Nearly every message has fewer brackets than it may have levels.
    let opening = |byte: &&u8| matches!(**byte, b'{' | b'[');
    if payload.iter().filter(opening).count() <= DEPTH_MAX {
        return Ok(());
    }
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in payload {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' if depth == DEPTH_MAX => return Err(Reject::TooDeep),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
