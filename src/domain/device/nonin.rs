//! Nonin OEM III, Xpod and 3150 serial data in, messages out (`nonin` 2 to 4).
//!
//! | format | packet |
//! |---|---|
//! | 1 | 3 bytes: STATUS, rate, SpO2; no checksum, so only when it is named |
//! | 2 | 25 frames of 5 bytes: `01`, STATUS, PLETH, DATA, CHK |
//! | 7 | 25 frames of 5 bytes: STATUS, PLETH high, PLETH low, DATA, CHK |
//!
//! CHK is the sum of the four bytes before it; SYNC (bit 0 of STATUS) marks a packet's first frame.
//! DATA of frames 0 to 2 is the four-beat average: rate high, rate low, SpO2. A packet with one bad
//! frame is refused whole. Every packet gives a message, three a second: thinning is the source's.
//! The display, extended and beat-to-beat figures and the pleth are not read.

use super::{Decoded, DeviceStatus, Event, Frames, Message, Reject, StatusCode};
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Reading, ValueSource, plausible};

/// Which data format the line carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// 2 or 7, whichever the packets show; never 1. Locks after three good packets in a row.
    Auto,
    One,
    Two,
    Seven,
}

const FRAME: usize = 5;
const PACKET: usize = 25 * FRAME;
/// Good packets in a row after which `Format::Auto` keeps to their format (`protocols`, Nonin).
const LOCK_AFTER: u8 = 3;
/// Most data bytes of a control frame that we skip; the known ones have 2 and 4 (`nonin` 1).
const CONTROL_DATA_MAX: usize = 32;
/// Bytes held at most: any decision needs no more than one packet.
const HELD_MAX: usize = 2 * PACKET;

const RATE_MISSING: u16 = 511;
const SPO2_MISSING: u16 = 127;

/// The layouts that a packet can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    One,
    Two,
    Seven,
}

/// What the first bytes held are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Head {
    /// Not decided before more bytes come.
    Incomplete,
    /// An answer of the device that is no data, so many bytes long.
    Control(usize),
    Packet(Layout),
    Noise,
}

/// The statuses that a packet carries; compared with the last packet's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Flags([bool; STATUSES.len()]);

const STATUSES: [StatusCode; 6] = [
    StatusCode::SensorOff,
    StatusCode::SensorFault,
    StatusCode::OutOfTrack,
    StatusCode::Artifact,
    StatusCode::LowPerfusion,
    StatusCode::LowBattery,
];

/// Decodes the stream of one oximeter.
#[derive(Clone, Debug)]
pub struct Nonin {
    format: Format,
    frames: Frames,
    held: Vec<u8>,
    /// Offset of the first byte held.
    offset: u64,
    /// Bytes before it that were no packet and have not been told yet.
    noise: usize,
    /// The layout of the last packet, and how many of it came in a row.
    run: Option<(Layout, u8)>,
    flags: Flags,
}

impl Nonin {
    /// A decoder that has seen no packet yet: statuses count as off.
    #[must_use]
    pub fn new(format: Format, frames: Frames) -> Self {
        let held = Vec::with_capacity(HELD_MAX);
        Self { format, frames, held, offset: 0, noise: 0, run: None, flags: Flags::default() }
    }

    /// Takes the next bytes and appends what they complete.
    pub fn push(&mut self, mut bytes: &[u8], out: &mut Vec<Decoded>) {
        while !bytes.is_empty() {
            let (head, tail) = bytes.split_at(bytes.len().min(HELD_MAX - self.held.len()));
            self.held.extend_from_slice(head);
            bytes = tail;
            self.take_heads(out);
        }
    }

    /// Says that no more bytes come: an unfinished packet is refused for its length, or with the
    /// noise that it ends.
    pub fn finish(&mut self, out: &mut Vec<Decoded>) {
        let bytes = std::mem::take(&mut self.held).len();
        let at = self.offset;
        self.offset += bytes as u64;
        if self.noise > 0 {
            self.noise += bytes;
            self.tell_noise(0, out);
        } else if bytes > 0 {
            out.push(Decoded { at, event: Event::Rejected { reason: Reject::Length, bytes } });
        }
    }

    /// Decides on the bytes held until more are needed. Each decision looks at bytes that no later
    /// one can change, so the chunks do not matter.
    fn take_heads(&mut self, out: &mut Vec<Decoded>) {
        let mut taken = 0;
        loop {
            let bytes = match self.head(taken) {
                Head::Incomplete => break,
                Head::Control(bytes) => bytes,
                Head::Noise => {
                    self.noise += 1;
                    self.run = self.run.filter(|(_, packets)| *packets == LOCK_AFTER);
                    if self.noise == self.noise_max() {
                        self.tell_noise(taken + 1, out);
                    }
                    1
                }
                Head::Packet(layout) => {
                    self.tell_noise(taken, out);
                    let message = self.message(layout, taken);
                    out.push(Decoded {
                        at: self.offset + taken as u64,
                        event: Event::Message(message),
                    });
                    layout.bytes()
                }
            };
            taken += bytes;
        }
        self.held.drain(..taken);
        self.offset += taken as u64;
    }

    fn head(&self, from: usize) -> Head {
        let held = &self.held[from..];
        if held.is_empty() {
            return Head::Incomplete;
        }
        // Between packets only: inside noise the same bytes may be anything.
        let answer = if self.noise == 0 { control(held) } else { Head::Noise };
        if answer != Head::Noise {
            return answer;
        }
        let mut heads = self.layouts().iter().map(|layout| layout.check(held));
        heads.find(|head| *head != Head::Noise).unwrap_or(Head::Noise)
    }

    /// The layouts that the next packet may have. No bytes can begin two of them.
    fn layouts(&self) -> &'static [Layout] {
        match (self.format, self.run) {
            (Format::Auto, Some((Layout::Two, LOCK_AFTER))) | (Format::Two, _) => &[Layout::Two],
            (Format::Auto, Some((Layout::Seven, LOCK_AFTER))) | (Format::Seven, _) => {
                &[Layout::Seven]
            }
            (Format::Auto, _) => &[Layout::Two, Layout::Seven],
            (Format::One, _) => &[Layout::One],
        }
    }

    /// Noise is told at least once for as many bytes as a packet has.
    const fn noise_max(&self) -> usize {
        match self.format {
            Format::One => 3,
            Format::Auto | Format::Two | Format::Seven => PACKET,
        }
    }

    /// Tells the noise that ends `taken` bytes into the bytes held.
    fn tell_noise(&mut self, taken: usize, out: &mut Vec<Decoded>) {
        if self.noise == 0 {
            return;
        }
        let reason = match self.format {
            // Format 1 has no checksum to be wrong: its bytes are too few or too many.
            Format::One => Reject::Length,
            Format::Auto | Format::Two | Format::Seven => Reject::Checksum,
        };
        let at = self.offset + taken as u64 - self.noise as u64;
        out.push(Decoded { at, event: Event::Rejected { reason, bytes: self.noise } });
        self.noise = 0;
    }

    fn message(&mut self, layout: Layout, from: usize) -> Message {
        let packet = &self.held[from..from + layout.bytes()];
        let (rate, spo2, flags) = match layout {
            Layout::One => {
                let rate = u16::from(packet[0] & 0x03) << 7 | u16::from(packet[1]);
                (rate, u16::from(packet[2]), Flags::of_format_1(packet[0]))
            }
            Layout::Two | Layout::Seven => {
                let data = |frame: usize| packet[frame * FRAME + 3];
                let rate = u16::from(data(0) & 0x03) << 7 | u16::from(data(1) & 0x7F);
                (rate, u16::from(data(2) & 0x7F), Flags::of_frames(packet, layout))
            }
        };
        let packets = match self.run {
            Some((last, packets)) if last == layout => (packets + 1).min(LOCK_AFTER),
            Some(_) | None => 1,
        };
        self.run = Some((layout, packets));
        // Format 2 alone was checked against a public packet (`protocols`, checked against).
        match (layout, self.frames) {
            (Layout::Two, Frames::VerifiedOnly) | (_, Frames::All) => {}
            (Layout::One | Layout::Seven, Frames::VerifiedOnly) => return Message::default(),
        }
        let statuses = flags.changes_since(self.flags);
        self.flags = flags;
        let readings = vec![
            pleth(Metric::PulseRate, rate, RATE_MISSING),
            pleth(Metric::SpO2, spo2, SPO2_MISSING),
        ];
        Message { readings, statuses, ..Message::default() }
    }
}

impl Layout {
    const fn bytes(self) -> usize {
        match self {
            Self::One => 3,
            Self::Two | Self::Seven => PACKET,
        }
    }

    /// Place of STATUS in a frame.
    const fn status(self) -> usize {
        match self {
            Self::One | Self::Seven => 0,
            Self::Two => 1,
        }
    }

    /// Whether `held` begins with a packet of this layout.
    fn check(self, held: &[u8]) -> Head {
        let good = match self {
            Self::One => held.iter().zip([0x80, 0, 0]).all(|(byte, top)| byte & 0x80 == top),
            Self::Two | Self::Seven => held
                .chunks_exact(FRAME)
                .take(PACKET / FRAME)
                .enumerate()
                .all(|(index, frame)| self.good_frame(index, frame)),
        };
        match (good, held.len() < self.bytes()) {
            (false, _) => Head::Noise,
            (true, true) => Head::Incomplete,
            (true, false) => Head::Packet(self),
        }
    }

    fn good_frame(self, index: usize, frame: &[u8]) -> bool {
        let sum = frame[..4].iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        let status = frame[self.status()];
        let sync = u8::from(index == 0);
        let started = match self {
            Self::Two => frame[0] == 0x01,
            Self::One | Self::Seven => true,
        };
        started && status & 0x80 != 0 && status & 0x01 == sync && sum == frame[4]
    }
}

impl Flags {
    /// Format 1: SNSD, OOT, low perfusion, artifact (`nonin` 2).
    fn of_format_1(status: u8) -> Self {
        let bit = |mask: u8| status & mask != 0;
        Self([bit(0x40), false, bit(0x20), bit(0x04), bit(0x10), false])
    }

    /// The OR of the packet's STATUS bytes (`nonin` 3); red without green is low perfusion, and
    /// low battery is bit 0 of STAT2, which only format 7 has.
    fn of_frames(packet: &[u8], layout: Layout) -> Self {
        let statuses = || packet.chunks_exact(FRAME).map(|frame| frame[layout.status()]);
        let any = statuses().fold(0, |any, status| any | status);
        let bit = |mask: u8| any & mask != 0;
        let low_perfusion = statuses().any(|status| status & 0x06 == 0x04);
        let low_battery = match layout {
            Layout::One | Layout::Two => false,
            Layout::Seven => packet[7 * FRAME + 3] & 0x01 != 0,
        };
        Self([bit(0x40), bit(0x08), bit(0x10), bit(0x20), low_perfusion, low_battery])
    }

    fn changes_since(self, last: Self) -> Vec<DeviceStatus> {
        let pairs = self.0.into_iter().zip(last.0).zip(STATUSES);
        pairs
            .filter(|((now, before), _)| now != before)
            .map(|((now, _), code)| DeviceStatus { code, active: now })
            .collect()
    }
}

/// Answers to commands: `06`, `15`, and `02 op len data[len] 03` (`nonin` 1).
fn control(held: &[u8]) -> Head {
    match held {
        [0x06 | 0x15, ..] => Head::Control(1),
        [0x02] | [0x02, _] => Head::Incomplete,
        [0x02, _, length, rest @ ..] if usize::from(*length) <= CONTROL_DATA_MAX => {
            match rest.get(usize::from(*length)) {
                Some(0x03) => Head::Control(4 + usize::from(*length)),
                Some(_) => Head::Noise,
                None => Head::Incomplete,
            }
        }
        _ => Head::Noise,
    }
}

fn pleth(metric: Metric, figure: u16, missing: u16) -> Reading {
    let value = if figure == missing {
        Err(Absent::Unavailable)
    } else {
        plausible(metric, i64::from(figure))
    };
    Reading::new(metric, value, ValueSource::Pleth)
}

#[cfg(test)]
mod tests;
