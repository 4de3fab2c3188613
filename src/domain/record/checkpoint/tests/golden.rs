//! Version 1, byte for byte. If this fails, do not change the test: data directories in clinics
//! hold such checkpoints. Bump the version, and keep reading the old one.

use std::time::Duration;

use super::{CUFF_LINE, device, plan};
use crate::domain::act::{Refused, Unknown};
use crate::domain::alarm::condition::{Condition, Governing, InputState, Level};
use crate::domain::alarm::confirm::{Confirming, Countdown, Violated};
use crate::domain::alarm::family::{Track, TrackInput};
use crate::domain::alarm::hold::{Hold, Run};
use crate::domain::determined::{Determined, Figures, Instant};
use crate::domain::ids::Seq;
use crate::domain::link::{DeviceClock, Link};
use crate::domain::reading::{Absent, Quantity, Validity};
use crate::domain::time::{MonoTime, WallTime};
use crate::domain::vital::{Late, Tag};
use crate::domain::ward::Ward;

/// Every word of the format, in a state that no history leads to.
const CHECKPOINT: &str = include_str!("v1_checkpoint.json");

fn mono(micros: u64) -> MonoTime {
    MonoTime::from_micros(micros)
}

fn wall(micros: i64) -> WallTime {
    WallTime::from_micros(1_795_342_507_000_000 + micros)
}

fn loaded() -> Ward {
    Ward::load(plan(), CHECKPOINT.as_bytes()).unwrap()
}

#[test]
fn a_checkpoint_of_version_1_is_read_and_has_these_bytes() {
    // Do not change this test or its line; bump the version.
    assert_eq!(String::from_utf8(loaded().save()).unwrap(), CHECKPOINT.trim_end());
}

#[test]
fn the_words_of_a_checkpoint_mean_what_they_say() {
    // Goal: two words exchanged both ways would pass the test of the bytes. Do not change it.
    let ward = loaded();
    let families = &ward.beds()[0].families;
    let bands = &families[0].bands.0;
    let awaiting = Confirming::Awaiting {
        device: device("cuff-line"),
        first: mono(0),
        wait: std::time::Duration::from_secs(180),
        until: mono(180_000_000),
        countdown: Countdown::Runs,
        violated: Violated(1),
    };
    assert_eq!(bands[0].confirming, awaiting);
    assert_eq!(bands[2].confirming, Confirming::Confirmed);
    let holds = [bands[0].components[0], bands[1].components[0], bands[2].components[0]];
    let hold = |hold, input| Track { hold, input };
    assert_eq!(
        holds,
        [
            hold(Hold::Idle, TrackInput::Missing),
            hold(Hold::Held, TrackInput::Present),
            hold(Hold::Clearing { since: mono(8) }, TrackInput::Present),
        ]
    );
    let run = Run {
        since: mono(1),
        newest: mono(2),
        violating: true,
        dip_since: Some(mono(3)),
        dips: Duration::from_micros(4),
        spots: 5,
        lost: Some(mono(6)),
    };
    assert_eq!(families[1].bands.0[0].components[0].hold, Hold::Running(run));

    let open = |band, level, input| Condition::Open { governing: Governing { band, level }, input };
    let recuff = Level::Recuff { until: mono(180_000_000) };
    let quiet = &ward.beds()[1].families;
    let technical = &ward.beds()[0].technical;
    let table = [
        (&families[0].episode, open(0, recuff, InputState::Fresh)),
        (&families[1].episode, Condition::Pending),
        (&families[2].episode, open(0, Level::Held, InputState::Frozen)),
        (&families[3].episode, Condition::Inhibited),
        (&quiet[0].episode, Condition::Confirming),
        (&quiet[1].episode, Condition::Normal),
        (&quiet[2].episode, Condition::Unknown),
        (&technical[0].episode, open(1, Level::Held, InputState::Fresh)),
        (&technical[1].episode, open(2, Level::Clearing, InputState::Fresh)),
        (&ward.service[0].episode, open(0, Level::Held, InputState::Fresh)),
    ];
    for (place, (episode, condition)) in table.into_iter().enumerate() {
        assert_eq!(episode.condition, condition, "{place}");
    }

    let answers: Vec<_> = ward.commands.iter().map(|it| it.answer.clone().err()).collect();
    let refused = [
        None,
        Some(Refused::Stale { current: 3 }),
        Some(Refused::Ended),
        Some(Refused::Unknown(Unknown::Occurrence)),
        Some(Refused::CommandReused),
    ];
    assert_eq!(answers, refused);
    assert_eq!((ward.next_seq, ward.undeclared), (Seq(39), 4));
}

#[test]
fn the_words_of_a_checkpoints_devices_mean_what_they_say() {
    // Goal: as above. Do not change it.
    let ward = loaded();
    let bed = &ward.beds()[0];
    let cuff = &bed.devices[0];
    assert!(matches!(&cuff.link, Link::Lost { since, why } if since.mono == mono(15)
        && &**why == "unplugged"));
    assert!(matches!(bed.devices[1].link, Link::Online { .. }));
    assert!(matches!(ward.beds()[1].devices[0].link, Link::Negotiating { .. }));
    assert!(matches!(ward.beds()[1].devices[1].link, Link::Opening { .. }));
    let clock = DeviceClock {
        seq: Some(41),
        newest: Some(wall(1)),
        offset: Some(-2),
        odd: Some((wall(3), 4)),
        ..DeviceClock::default()
    };
    assert_eq!(
        (cuff.line, cuff.clock, cuff.last_systolic),
        (CUFF_LINE, clock, Some((190, mono(7))))
    );
    let told = |instant, figures| Determined { instant, figures };
    let whole = Figures { sys: Some(190), dia: Some(95), map: Some(127) };
    let lone = Figures { sys: Some(128), ..Figures::default() };
    let all = [told(Instant::Device(wall(5)), whole), told(Instant::Ours(mono(6)), lone)];
    assert_eq!(cuff.determined(), all);

    let [sys, map, spo2, pulse] = &bed.vitals[..] else { panic!("four vitals") };
    assert_eq!((sys.newest.value, sys.newest.tag), (Ok(Quantity(190)), Tag::Unusual));
    assert_eq!((sys.newest.validity, sys.newest.late), (Validity::Questionable, Late::OnTime));
    assert_eq!((map.newest.tag, map.newest.late), (Tag::Derived, Late::Backlog));
    assert_eq!((map.newest.validity, pulse.newest.tag), (Validity::Good, Tag::Plain));
    assert_eq!(spo2.newest.value, Err(Absent::Range { raw: 190 }));
    assert_eq!(pulse.newest.value, Err(Absent::Stale));
    assert_eq!(spo2.period, Duration::from_nanos(1_062_500_001));
}
