//! Laws that hold for every decoder (`protocols`, rules for every decoder; safety S2).

use proptest::collection::vec;
use proptest::prelude::*;

use crate::domain::device::ge_dinamap_ascii::GeDinamapAscii;
use crate::domain::device::nonin::{Format, Nonin};
use crate::domain::device::*;

const REPLIES: [&[u8]; 6] = [
    b" NF1101762127073078&<\r",
    b" NA1100012132084100%Z\r\n",
    b"\r NA0100312132084100%\\\r",
    b" OA1098712#F\r",
    b" RA2072\"E\r",
    b" TC00!0004509860%(\r",
];

fn json_line() -> Vec<u8> {
    concat!(
        r#"{"v":1,"device":{"id":"cuff-07"},"seq":1,"ts":"2026-11-22T10:15:07Z","obs":"#,
        r#"[{"sig":"nibp","sys":132,"dia":84,"map":100,"pr":71,"unit":"mmHg"}],"crc":"293d587e"}"#,
        "\n"
    )
    .into()
}

/// A packet of format 2 or 7 with these statuses and data, and right checks.
fn packet(format: Format, rate: u16, spo2: u8) -> Vec<u8> {
    let mut out = Vec::new();
    for index in 0..25_u8 {
        let status = 0x80 | u8::from(index == 0);
        let data = match index {
            0 => u8::try_from(rate >> 7).unwrap(),
            1 => u8::try_from(rate & 0x7F).unwrap(),
            2 => spo2,
            _ => 0,
        };
        let frame = match format {
            Format::Seven => [status, index, 0x40, data],
            Format::Auto | Format::One | Format::Two => [0x01, status, index, data],
        };
        let sum = frame.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        out.extend_from_slice(&frame);
        out.push(sum);
    }
    out
}

#[derive(Clone, Copy, Debug)]
enum Which {
    Dinamap,
    Nonin(Format),
    Json,
}

const ALL: [Which; 6] = [
    Which::Dinamap,
    Which::Nonin(Format::Auto),
    Which::Nonin(Format::One),
    Which::Nonin(Format::Two),
    Which::Nonin(Format::Seven),
    Which::Json,
];

fn decoder(which: Which) -> Decoder {
    match which {
        Which::Dinamap => Decoder::GeDinamapAscii(GeDinamapAscii::new(Frames::All)),
        Which::Nonin(format) => Decoder::Nonin(Nonin::new(format, Frames::All)),
        Which::Json => Decoder::VitalsJson(JsonLines::new()),
    }
}

/// A clean frame of the protocol: the `n`-th of a stream.
fn clean(which: Which, n: usize) -> Vec<u8> {
    match which {
        Which::Dinamap => REPLIES[n % 2].to_vec(),
        Which::Nonin(Format::One) => vec![0x80, 0x48, 0x61],
        Which::Nonin(format) => packet(format, 72, 97),
        Which::Json => json_line(),
    }
}

fn events(which: Which, chunks: &[&[u8]]) -> Vec<Decoded> {
    let mut decoder = decoder(which);
    let mut out = Vec::new();
    for chunk in chunks {
        decoder.push(chunk, &mut out);
    }
    decoder.finish(&mut out);
    out
}

/// Streams that look real: clean frames, pieces of them and noise.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let frames: Vec<Vec<u8>> = REPLIES
        .iter()
        .map(|reply| reply.to_vec())
        .chain([
            packet(Format::Two, 72, 97),
            packet(Format::Seven, 511, 127),
            vec![0x80, 0x48, 0x61],
            vec![0x02, 0x70, 0x02, 0x02, 0x07, 0x03, 0x06],
            json_line(),
        ])
        .collect();
    let piece = prop_oneof![
        4 => proptest::sample::select(frames.clone()),
        1 => (proptest::sample::select(frames.clone()), any::<prop::sample::Index>()).prop_map(
            |(frame, cut)| frame[..cut.index(frame.len())].to_vec()
        ),
        1 => (proptest::sample::select(frames), any::<prop::sample::Index>(), any::<u8>()).prop_map(
            |(mut frame, place, byte)| {
                let place = place.index(frame.len());
                frame[place] = byte;
                frame
            }
        ),
        1 => vec(any::<u8>(), 0..200),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Law: how the bytes are cut into chunks changes no event and no offset.
    #[test]
    fn any_chunking_gives_the_same_events(bytes in stream(), sizes in vec(1..300_usize, 1..20)) {
        for which in ALL {
            let whole = events(which, &[&bytes]);
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(&events(which, &single), &whole, "{:?}", which);
            let mut rest = bytes.as_slice();
            let mut chunks = Vec::new();
            for size in sizes.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (head, tail) = rest.split_at((*size).min(rest.len()));
                chunks.push(head);
                rest = tail;
            }
            prop_assert_eq!(&events(which, &chunks), &whole, "{:?}", which);
        }
    }

    /// Law: no bytes panic, and rejections never count more bytes than came.
    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..2000)) {
        for which in ALL {
            let rejected: usize = events(which, &[&bytes])
                .iter()
                .map(|decoded| match decoded.event {
                    Event::Rejected { bytes, .. } => bytes,
                    Event::Message(_) => 0,
                })
                .sum();
            prop_assert!(rejected <= bytes.len());
        }
        let _ = (vitals_json::decode(&bytes), vitals_json::decode_status(&bytes));
    }

    /// Law: after any noise at most one clean frame is lost. The noise is shorter than a packet, so
    /// that it holds none; and without LF and CR, so that it runs into the first line.
    #[test]
    fn sync_is_back_with_the_second_clean_frame(
        noise in vec(any::<u8>(), 0..120),
    ) {
        let ends_line = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let noise: Vec<u8> = noise.into_iter().filter(|byte| !ends_line(byte)).collect();
        for which in ALL {
            // Format 1 has neither length nor checksum: noise may hold any number of packets.
            if let Which::Nonin(Format::One) = which {
                continue;
            }
            let frames: Vec<Vec<u8>> = (0..4).map(|n| clean(which, n)).collect();
            let bytes = [noise.clone(), frames.concat()].concat();
            let messages = events(which, &[&bytes])
                .iter()
                .filter(|decoded| decoded.at >= noise.len() as u64)
                .filter(|decoded| matches!(decoded.event, Event::Message(_)))
                .count();
            prop_assert!(messages >= 3, "{which:?}: {messages}");
        }
    }

    /// Law: one damaged byte of a checked frame gives no reading. (A line's end may be damaged into
    /// a longer line; nothing follows it here.)
    #[test]
    fn a_damaged_frame_never_yields_a_reading(
        place in any::<prop::sample::Index>(),
        bit in 0..8_u32,
    ) {
        for which in [
            Which::Dinamap,
            Which::Nonin(Format::Two),
            Which::Nonin(Format::Seven),
            Which::Nonin(Format::Auto),
        ] {
            let mut bytes = clean(which, 0);
            let checked = match which {
                Which::Dinamap => bytes.len() - 1,
                Which::Nonin(_) | Which::Json => bytes.len(),
            };
            bytes[place.index(checked)] ^= 1 << bit;
            for decoded in events(which, &[&bytes]) {
                prop_assert!(matches!(decoded.event, Event::Rejected { .. }), "{which:?}");
            }
        }
        // The checksum of JSON covers the bytes before `,"crc":`.
        let mut line = json_line();
        let covered = line.windows(8).position(|w| w == b",\"crc\":\"").unwrap();
        line[place.index(covered)] ^= 1 << bit;
        for decoded in events(Which::Json, &[&line]) {
            prop_assert!(matches!(decoded.event, Event::Rejected { .. }), "{:?}", decoded);
        }
    }

    /// Law: a message damaged anywhere is decoded or refused, and never panics.
    #[test]
    fn mutated_json_never_panics(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let mut text = json_line();
        for (place, byte) in changes {
            let place = place.index(text.len());
            text[place] = byte;
        }
        let _ = vitals_json::decode(&text);
    }
}
