//! Packets in sequence: figures, statuses on their edges, the lock of `auto` (`nonin` 2 to 4).

use super::*;

/// A packet whose frames have these statuses (SYNC is added) and data, with right checks.
fn packet(layout: Layout, status: impl Fn(u8) -> u8, data: &[(u8, u8)]) -> Vec<u8> {
    let mut out = Vec::new();
    for index in 0..25_u8 {
        let status = 0x80 | status(index) | u8::from(index == 0);
        let data = data.iter().find(|(at, _)| *at == index).map_or(0, |(_, data)| *data);
        let frame = match layout {
            Layout::Seven => [status, 0x40, index, data],
            Layout::One | Layout::Two => [0x01, status, index, data],
        };
        out.extend_from_slice(&frame);
        out.push(frame.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)));
    }
    out
}

const GOOD: [(u8, u8); 3] = [(0, 0x00), (1, 72), (2, 97)];

fn good(layout: Layout) -> Vec<u8> {
    packet(layout, |_| 0, &GOOD)
}

fn decode(decoder: &mut Nonin, bytes: &[u8]) -> Vec<Decoded> {
    let mut out = Vec::new();
    decoder.push(bytes, &mut out);
    out
}

fn values(event: &Event) -> Vec<Result<i32, Absent>> {
    match event {
        Event::Message(message) => message.readings.iter().map(|r| r.value.map(|q| q.0)).collect(),
        Event::Rejected { .. } => panic!("{event:?}"),
    }
}

fn statuses(decoder: &mut Nonin, bytes: &[u8]) -> Vec<(&'static str, bool)> {
    match &decode(decoder, bytes)[..] {
        [Decoded { event: Event::Message(message), .. }] => {
            message.statuses.iter().map(|s| (s.code.name(), s.active)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn rate_and_saturation_come_from_the_four_beat_fields() {
    // Goal: the 9-bit rate, its sentinel and the saturation's, and the bands.
    let table = [
        ([(0, 0x01), (1, 0x23), (2, 94)], [Ok(163), Ok(94)]),
        ([(0, 0x03), (1, 0x7F), (2, 127)], [Err(Absent::Unavailable); 2]),
        (
            [(0, 0x02), (1, 0x7F), (2, 101)],
            [Err(Absent::Range { raw: 383 }), Err(Absent::Range { raw: 101 })],
        ),
        ([(0, 0x7C), (1, 0xC8), (2, 0xE1)], [Ok(72), Ok(97)]),
    ];
    for layout in [Layout::Two, Layout::Seven] {
        for (data, expected) in table {
            let mut decoder = Nonin::new(Format::Auto, Frames::All);
            let out = decode(&mut decoder, &packet(layout, |_| 0, &data));
            assert_eq!(values(&out[0].event), expected, "{layout:?} {data:?}");
        }
    }
}

#[test]
fn statuses_are_told_when_they_change_and_only_then() {
    // Goal: each bit's meaning, in whichever frame of the packet it is set.
    let table = [
        (0x40, "sensor_off"),
        (0x08, "sensor_fault"),
        (0x10, "out_of_track"),
        (0x20, "artifact"),
        (0x04, "low_perfusion"),
    ];
    for layout in [Layout::Two, Layout::Seven] {
        for (bit, code) in table {
            let mut decoder = Nonin::new(Format::Auto, Frames::All);
            let set = packet(layout, |index| if index == 9 { bit } else { 0 }, &GOOD);
            assert_eq!(statuses(&mut decoder, &good(layout)), []);
            assert_eq!(statuses(&mut decoder, &set), [(code, true)]);
            assert_eq!(statuses(&mut decoder, &set), []);
            assert_eq!(statuses(&mut decoder, &good(layout)), [(code, false)]);
        }
    }
}

#[test]
fn marginal_perfusion_is_not_low_and_low_battery_is_format_7_only() {
    // Goal: red and green together are yellow; STAT2 stands in format 7 alone.
    let yellow = packet(Layout::Two, |_| 0x06, &GOOD);
    assert_eq!(statuses(&mut Nonin::new(Format::Two, Frames::All), &yellow), []);
    let stat2 = [GOOD.as_slice(), &[(7, 0x01)]].concat();
    for (layout, expected) in [(Layout::Seven, vec![("low_battery", true)]), (Layout::Two, vec![])]
    {
        let mut decoder = Nonin::new(Format::Auto, Frames::All);
        assert_eq!(statuses(&mut decoder, &packet(layout, |_| 0, &stat2)), expected);
    }
}

#[test]
fn format_1_is_read_only_when_it_is_named() {
    // Goal: three bytes without checksum would be found in any noise.
    let bytes = [0x80, 0x48, 0x61].repeat(50);
    let named = decode(&mut Nonin::new(Format::One, Frames::All), &bytes);
    assert_eq!(named.len(), 50);
    assert_eq!(values(&named[49].event), [Ok(72), Ok(97)]);
    let auto = decode(&mut Nonin::new(Format::Auto, Frames::All), &bytes);
    assert!(auto.iter().all(|d| matches!(d.event, Event::Rejected { .. })), "{auto:?}");
    let status = [0x80 | 0x40 | 0x20 | 0x10 | 0x04, 0x48, 0x61];
    assert_eq!(
        statuses(&mut Nonin::new(Format::One, Frames::All), &status),
        [("sensor_off", true), ("out_of_track", true), ("artifact", true), ("low_perfusion", true)]
    );
}

#[test]
fn auto_keeps_to_a_format_after_three_good_packets_in_a_row() {
    // Goal: two of one format do not lock, three do, and noise between them starts the count anew.
    let (two, seven) = (good(Layout::Two), good(Layout::Seven));
    let table: [(&[&[u8]], bool); 4] = [
        (&[&two, &two], true),
        (&[&two, &two, &two], false),
        (&[&two, &two, b"noise", &two, &two], true),
        (&[&two, &two, &seven, &two, &two], true),
    ];
    for (packets, taken) in table {
        let mut decoder = Nonin::new(Format::Auto, Frames::All);
        decode(&mut decoder, &packets.concat());
        let mut out = decode(&mut decoder, &seven);
        decoder.finish(&mut out);
        let is_message = matches!(out[0].event, Event::Message(_));
        assert_eq!(is_message, taken, "{} packets", packets.len());
    }
}

#[test]
fn a_packet_with_a_bad_frame_is_refused_whole_and_the_next_is_read() {
    // Goal: one rejection with the packet's bytes, in whichever frame the damage is.
    for layout in [Layout::Two, Layout::Seven] {
        for place in [0, 4, 63, 124] {
            let mut bytes = good(layout);
            bytes[place] ^= 0x10;
            bytes.extend(good(layout));
            let out = decode(&mut Nonin::new(Format::Auto, Frames::All), &bytes);
            let refused = Event::Rejected { reason: Reject::Checksum, bytes: PACKET };
            assert_eq!(out[0], Decoded { at: 0, event: refused }, "{layout:?} {place}");
            assert_eq!(out[1].at, 125);
            assert_eq!(values(&out[1].event), [Ok(72), Ok(97)]);
        }
    }
}

#[test]
fn answers_to_commands_between_packets_are_passed_over() {
    // Goal: they are neither data nor noise.
    let answers: &[u8] = &[0x06, 0x15, 0x02, 0x70, 0x04, 0x02, 0x08, 0x01, 0x7F, 0x03];
    let bytes = [answers, &good(Layout::Two), answers, &good(Layout::Two)].concat();
    let mut decoder = Nonin::new(Format::Auto, Frames::All);
    let offsets: Vec<u64> = decode(&mut decoder, &bytes).iter().map(|d| d.at).collect();
    assert_eq!(offsets, [10, 145]);
}

#[test]
fn an_unfinished_packet_is_refused_for_its_length_at_the_end() {
    // Goal: a capture's last bytes are not dropped in silence.
    let mut out = Vec::new();
    let mut decoder = Nonin::new(Format::Two, Frames::All);
    decoder.push(&good(Layout::Two)[..70], &mut out);
    assert_eq!(out, []);
    decoder.finish(&mut out);
    let event = Event::Rejected { reason: Reject::Length, bytes: 70 };
    assert_eq!(out, [Decoded { at: 0, event }]);
}

#[test]
fn unverified_formats_give_no_readings_unless_they_are_accepted() {
    // Goal: safety S9; only format 2 was checked against a public packet.
    let table = [
        (Format::Auto, good(Layout::Two), 2),
        (Format::Auto, good(Layout::Seven), 0),
        (Format::One, vec![0x80, 0x48, 0x61], 0),
    ];
    for (format, bytes, readings) in table {
        let out = decode(&mut Nonin::new(format, Frames::VerifiedOnly), &bytes);
        assert_eq!(values(&out[0].event).len(), readings, "{format:?}");
    }
}
