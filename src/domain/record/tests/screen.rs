//! What screens did, byte for byte, and read back. If this fails, do not change the test: journals
//! in clinics hold these words. Bump the version, and keep reading the old one.

use std::collections::BTreeSet;

use super::*;
use crate::domain::screens::{
    Audio, Coverage, Heard, ScreenChange, ScreenKind, ScreenNote, Visibility,
};

fn note(change: ScreenChange) -> Input {
    Input::Screen(ScreenNote {
        screen: Uuid::from_bits(7),
        name: "desk".into(),
        kind: ScreenKind::Station,
        owner: "kim".into(),
        change,
    })
}

#[test]
fn every_change_of_a_screen_has_its_bytes_and_is_read_from_them() {
    // Goal: each word by itself; the frame around it is the same for all.
    let some = Coverage::Beds(BTreeSet::from([BedIndex(1)]));
    let test = ScreenChange::SoundTest { heard: Heard::No, by: "lee".into() };
    let table = [
        (ScreenChange::Opened, r#""opened""#),
        (ScreenChange::Closed { by: "ada".into() }, r#"{"closed":{"by":"ada"}}"#),
        (ScreenChange::Lost, r#""lost""#),
        (ScreenChange::Back, r#""back""#),
        (ScreenChange::Visibility(Visibility::Visible), r#""visible""#),
        (ScreenChange::Visibility(Visibility::Hidden), r#""hidden""#),
        (ScreenChange::Audio(Audio::Unlocked), r#"{"audio":"unlocked"}"#),
        (ScreenChange::Audio(Audio::Locked), r#"{"audio":"locked"}"#),
        (ScreenChange::Audio(Audio::Muted), r#"{"audio":"muted"}"#),
        (ScreenChange::Beds(Coverage::All), r#"{"beds":null}"#),
        (ScreenChange::Beds(some), r#"{"beds":["bay-2"]}"#),
        (test, r#"{"test":{"heard":false,"by":"lee"}}"#),
    ];
    let id = Uuid::from_bits(7);
    for (change, words) in table {
        let input = note(change);
        let written = write_input(&names(), stamp(4), ReadingId(12), &input).unwrap();
        let frame = r#"{"v":1,"t":[4,1795342507000004],"r":12,"i":{"screen":{"id":"ID","#;
        let frame = frame.replace("ID", &id.to_string());
        let who = r#""name":"desk","kind":"station","owner":"kim""#;
        let expected = format!(r#"{frame}{who},"to":{words}}}}}}}"#);
        assert_eq!(written, expected);
        assert_eq!(read_input(&written, &names().lookup()).unwrap().input, input);
    }
    let input = Input::SelfTest { number: 3 };
    let written = write_input(&names(), stamp(4), ReadingId(12), &input).unwrap();
    assert!(written.ends_with(r#""i":{"self_test":{"n":3}}}"#), "{written}");
    assert_eq!(read_input(&written, &names().lookup()).unwrap().input, input);
}

#[test]
fn a_bed_that_left_the_configuration_is_left_out_of_what_a_screen_showed() {
    // Goal: the start after a bed was removed reads the notes of screens that showed it.
    let both = Coverage::Beds(BTreeSet::from([BedIndex(0), BedIndex(1)]));
    let text = write_input(&names(), stamp(1), ReadingId(1), &note(ScreenChange::Beds(both)));
    let text = text.unwrap();
    let without = Names { beds: names().beds[1..].to_vec(), ..names() };
    let read = read_input(&text, &without.lookup()).unwrap().input;
    let rest = Coverage::Beds(BTreeSet::from([BedIndex(0)]));
    assert_eq!(read, note(ScreenChange::Beds(rest)));
}
