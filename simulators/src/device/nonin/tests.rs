//! The constructed frames of `nonin` 5, and the free-running monitor.

use super::*;
use crate::bedside::Span;
use crate::patient::{Patient, Traits};

const DF2_72_97: &str = "\
    01 83 64 00 e8 01 82 6d 48 38 01 82 77 61 5b 01 82 7f 30 32 01 82 85 00 08 \
    01 82 8a 00 0d 01 82 8b 00 0e 01 82 8b 00 0e 01 82 88 61 6c 01 82 82 61 66 \
    01 82 7b 61 5f 01 82 72 00 f5 01 82 69 00 ec 01 82 5f 00 e2 01 82 56 48 21 \
    01 82 4d 61 31 01 82 46 61 2a 01 82 40 00 c3 01 82 3d 00 c0 01 82 3d 00 c0 \
    01 82 3e 48 09 01 82 43 00 c6 01 82 49 48 14 01 82 51 00 d4 01 82 5b 00 de";
const DF2_163_94: &str = "\
    01 83 64 01 e9 01 82 6d 23 13 01 82 77 5e 58 01 82 7f 30 32 01 82 85 00 08 \
    01 82 8a 00 0d 01 82 8b 00 0e 01 82 8b 00 0e 01 82 88 5e 69 01 82 82 5e 63 \
    01 82 7b 5e 5c 01 82 72 00 f5 01 82 69 00 ec 01 82 5f 01 e3 01 82 56 23 fc \
    01 82 4d 5e 2e 01 82 46 5e 27 01 82 40 00 c3 01 82 3d 00 c0 01 82 3d 01 c1 \
    01 82 3e 23 e4 01 82 43 01 c7 01 82 49 23 ef 01 82 51 00 d4 01 82 5b 00 de";
const DF2_NO_FINGER: &str = "\
    01 99 00 03 9d 01 98 00 7f 18 01 98 00 7f 18 01 98 00 30 c9 01 98 00 00 99 \
    01 98 00 00 99 01 98 00 00 99 01 98 00 00 99 01 98 00 7f 18 01 98 00 7f 18 \
    01 98 00 7f 18 01 98 00 00 99 01 98 00 00 99 01 98 00 03 9c 01 98 00 7f 18 \
    01 98 00 7f 18 01 98 00 7f 18 01 98 00 00 99 01 98 00 00 99 01 98 00 03 9c \
    01 98 00 7f 18 01 98 00 03 9c 01 98 00 7f 18 01 98 00 00 99 01 98 00 00 99";
const DF7_72_97: &str = "\
    83 40 00 00 c3 82 40 10 48 1a 82 40 20 61 43 82 40 30 30 22 82 40 40 00 02 \
    82 40 50 00 12 82 40 60 00 22 82 40 70 00 32 82 40 80 61 a3 82 40 90 61 b3 \
    82 40 a0 61 c3 82 40 b0 00 72 82 40 c0 00 82 82 40 d0 00 92 82 40 e0 48 ea \
    82 40 f0 61 13 82 41 00 61 24 82 41 10 00 d3 82 41 20 00 e3 82 41 30 00 f3 \
    82 41 40 48 4b 82 41 50 00 13 82 41 60 48 6b 82 41 70 00 33 82 41 80 00 43";

/// The pulse wave of the format 2 vectors.
const WAVE: [u8; FRAMES] = [
    100, 109, 119, 127, 133, 138, 139, 139, 136, 130, 123, 114, 105, 95, 86, 77, 70, 64, 61, 61,
    62, 67, 73, 81, 91,
];

fn hex(text: &str) -> Vec<u8> {
    let byte = |pair: &str| u8::from_str_radix(pair, 16).expect("the table holds hex pairs");
    text.split(' ').map(byte).collect()
}

const fn figures(heart_rate: u16, spo2: u8) -> Figures {
    Figures { heart_rate: Some(heart_rate), spo2: Some(spo2) }
}

const NONE: Figures = Figures { heart_rate: None, spo2: None };

#[test]
fn format_1_reproduces_the_vectors() {
    // Goal: section 2's bits. Method: the three vectors of section 5.
    assert_eq!(encode_1(figures(72, 97), Signal::Good), [0x80, 0x48, 0x61]);
    assert_eq!(encode_1(figures(145, 91), Signal::LowPerfusion), [0x91, 0x11, 0x5B]);
    assert_eq!(encode_1(NONE, Signal::Unplugged), [0xE3, 0x7F, 0x7F]);
}

#[test]
fn formats_2_and_7_reproduce_the_vectors() {
    // Goal: sections 3 and 4, whole packets. Method: the vectors of section 5.
    assert_eq!(encode_2(figures(72, 97), Signal::Good, &WAVE), hex(DF2_72_97));
    assert_eq!(encode_2(figures(163, 94), Signal::Good, &WAVE), hex(DF2_163_94));
    assert_eq!(encode_2(NONE, Signal::NoFinger, &[0; FRAMES]), hex(DF2_NO_FINGER));
    let wave: [u16; FRAMES] = std::array::from_fn(|i| 0x4000 + 0x10 * i as u16);
    assert_eq!(encode_7(figures(72, 97), Signal::Good, &wave), hex(DF7_72_97));
}

fn monitor(format: Format) -> Nonin {
    let patient = Patient::new(2, Traits::TYPICAL, Vec::new());
    let off = vec![Span { from_s: 100.0, to_s: 110.0 }];
    Nonin::new(Arc::new(Bedside::new(patient, Vec::new(), off)), format)
}

#[test]
fn the_pulse_wave_beats_at_the_heart_rate() {
    // Goal: the pleth is plausible. Method: count its peaks over a minute of format 2.
    let mut monitor = monitor(Format::Two);
    let wave: Vec<u8> =
        (0..180).flat_map(|i| monitor.packet(f64::from(i) / 3.0)).skip(2).step_by(5).collect();
    let middle = 140;
    let beats = wave.windows(2).filter(|w| w[0] < middle && w[1] >= middle).count();
    assert!((71..=75).contains(&beats), "{beats} beats for 73 a minute");
}

#[test]
fn without_a_finger_it_streams_on_and_says_so() {
    // Goal: no value, and none left over. Method: ask before, in and after the span.
    let mut monitor = monitor(Format::Two);
    let before = monitor.packet(99.0);
    let during = monitor.packet(105.0);
    let after = monitor.packet(110.0);
    assert_eq!(during, hex(DF2_NO_FINGER));
    assert_eq!((before[1], after[1]), (0x83, 0x83));
    assert_eq!((before[13], after[13]), (97, 97));
}
