//! A line that spoils what passes through it: turns one good frame into none, one or two
//! frames, after the faults that a scenario scripts. Seeded, so a run can be repeated.
//! Says when the cable is out; `port` and `broker` do the pulling. Deliberately not aware of
//! any protocol: it sees bytes only.

use serde::Deserialize;

use crate::bedside::Span;
use crate::noise::{Noise, Stream};

/// What goes wrong with bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// A byte is lost.
    Drop,
    /// A bit is flipped.
    Flip,
    /// The frame comes twice.
    Duplicate,
    /// The frame's first half is missing, as when a port is opened in mid-frame.
    MidFrame,
    /// Nothing comes, though the cable is in.
    Silence,
}

/// A fault for a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// When.
    pub span: Span,
    /// One frame in so many is hit, at random; 1 = each.
    pub one_in: u32,
}

/// Whether the cable is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plug {
    /// It is in.
    In,
    /// It is out.
    Out,
}

/// One monitor's line.
#[derive(Clone, Debug)]
pub struct Line {
    noise: Noise,
    faults: Vec<Fault>,
    unplugged: Vec<Span>,
    frames: i64,
}

impl Line {
    /// A line with its script.
    #[must_use]
    pub const fn new(seed: u64, faults: Vec<Fault>, unplugged: Vec<Span>) -> Self {
        Self { noise: Noise::new(seed), faults, unplugged, frames: 0 }
    }

    /// Whether the cable is in at `t_s`.
    #[must_use]
    pub fn plug(&self, t_s: f64) -> Plug {
        if self.unplugged.iter().any(|span| span.holds(t_s)) { Plug::Out } else { Plug::In }
    }

    /// The next second after `t_s` at which a cable is pulled or put back; infinite when none.
    #[must_use]
    pub fn next_change_s(&self, t_s: f64) -> f64 {
        let edges = self.unplugged.iter().flat_map(|span| [span.from_s, span.to_s]);
        edges.filter(|edge| *edge > t_s).fold(f64::INFINITY, f64::min)
    }

    /// What arrives at the other end when `frame` is sent at `t_s`: none, one or two frames.
    pub fn pass(&mut self, mut frame: Vec<u8>, t_s: f64) -> Vec<Vec<u8>> {
        self.frames += 1;
        if self.plug(t_s) == Plug::Out {
            return Vec::new();
        }
        let mut copies = 1;
        for (i, fault) in self.faults.iter().enumerate() {
            let draw = self.noise.bits(Stream::Line, self.frames * 64 + i as i64);
            let hit = draw.is_multiple_of(u64::from(fault.one_in.max(1)));
            if !hit || !fault.span.holds(t_s) || frame.is_empty() {
                continue;
            }
            let place = (draw >> 32) as usize % frame.len();
            match fault.kind {
                FaultKind::Drop => drop(frame.remove(place)),
                FaultKind::Flip => frame[place] ^= 1 << ((draw >> 24) % 8),
                FaultKind::Duplicate => copies = 2,
                FaultKind::MidFrame => drop(frame.drain(..frame.len().div_ceil(2))),
                FaultKind::Silence => return Vec::new(),
            }
        }
        vec![frame; copies]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span { from_s: 10.0, to_s: 20.0 };

    fn line(kind: FaultKind, one_in: u32) -> Line {
        Line::new(1, vec![Fault { kind, span: SPAN, one_in }], Vec::new())
    }

    #[test]
    fn each_fault_spoils_a_frame_in_its_own_way_and_only_in_its_time() {
        // Goal: the knobs do what they say. Method: one frame before, in and after the span.
        let frame = b"0123456789".to_vec();
        for kind in [
            FaultKind::Drop,
            FaultKind::Flip,
            FaultKind::Duplicate,
            FaultKind::MidFrame,
            FaultKind::Silence,
        ] {
            let mut line = line(kind, 1);
            assert_eq!(line.pass(frame.clone(), 9.9), std::slice::from_ref(&frame), "{kind:?}");
            let got = line.pass(frame.clone(), 10.0);
            match kind {
                FaultKind::Drop => assert_eq!(got[0].len(), 9),
                FaultKind::Flip => {
                    let bits: u32 =
                        got[0].iter().zip(&frame).map(|(a, b)| (a ^ b).count_ones()).sum();
                    assert_eq!((got.len(), bits), (1, 1));
                }
                FaultKind::Duplicate => assert_eq!(got, [frame.clone(), frame.clone()]),
                FaultKind::MidFrame => assert_eq!(got, [b"56789".to_vec()]),
                FaultKind::Silence => assert!(got.is_empty()),
            }
            assert_eq!(line.pass(frame.clone(), 20.0), std::slice::from_ref(&frame), "{kind:?}");
        }
    }

    #[test]
    fn a_line_spoils_about_as_many_frames_as_it_is_told_and_the_same_ones_each_time() {
        // Goal: rate and repeatability. Method: 1,000 frames, one in ten.
        let run = || {
            let mut line = line(FaultKind::Silence, 10);
            (0..1000).map(|_| line.pass(vec![1], 15.0).len()).collect::<Vec<_>>()
        };
        let lost = run().iter().filter(|n| **n == 0).count();
        assert!((60..=140).contains(&lost), "{lost}");
        assert_eq!(run(), run());
    }

    #[test]
    fn a_pulled_cable_passes_nothing_and_says_when_it_is_back() {
        // Goal: the plug's edges. Method: ask at and beside them.
        let mut line = Line::new(1, Vec::new(), vec![Span { from_s: 60.0, to_s: 100.0 }]);
        assert_eq!((line.plug(59.9), line.next_change_s(0.0)), (Plug::In, 60.0));
        assert_eq!((line.plug(60.0), line.next_change_s(60.0)), (Plug::Out, 100.0));
        assert_eq!((line.plug(100.0), line.next_change_s(100.0)), (Plug::In, f64::INFINITY));
        assert!(line.pass(vec![1], 70.0).is_empty());
    }
}
