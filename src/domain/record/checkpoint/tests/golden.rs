//! Version 1, byte for byte. If this fails, do not change the test: data directories in clinics
//! hold such checkpoints. Bump the version, and keep reading the old one. What people entered and
//! silenced is in `people`.

use std::time::Duration;

use super::{CUFF_LINE, device, plan};
use crate::domain::alarm::condition::{Condition, Governing, InputState, Level};
use crate::domain::alarm::confirm::{Confirming, Countdown, Violated};
use crate::domain::alarm::family::{Track, TrackInput};
use crate::domain::alarm::hold::{Hold, Run};
use crate::domain::bed::BedPlan;
use crate::domain::determined::{Determined, Figures, Instant};
use crate::domain::device::StatusCode;
use crate::domain::ids::{BedId, Seq};
use crate::domain::link::clock::Steadiness;
use crate::domain::link::{CuffFailure, DeviceClock, Inflation, Link};
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Quantity, Validity};
use crate::domain::time::{MonoTime, WallTime};
use crate::domain::vital::{self, Late, Tag};
use crate::domain::ward::Ward;

/// Every word of the format, in a state that no history leads to.
const CHECKPOINT: &str = include_str!("v1_checkpoint.json");

pub(super) fn mono(micros: u64) -> MonoTime {
    MonoTime::from_micros(micros)
}

fn wall(micros: i64) -> WallTime {
    WallTime::from_micros(1_795_342_507_000_000 + micros)
}

/// A bed for each thing that may be silenced or set aside.
pub(super) fn loaded() -> Ward {
    let mut plan = plan();
    for name in ["bay-3", "bay-4", "bay-5"] {
        let id = BedId::try_new(name).unwrap();
        plan.beds.push(BedPlan { id, ..plan.beds[1].clone() });
    }
    Ward::load(plan, CHECKPOINT.as_bytes()).unwrap()
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
        wait: Duration::from_secs(180),
        until: mono(180_000_000),
        countdown: Countdown::Runs,
        violated: Violated(1),
    };
    assert_eq!(bands[0].confirming, awaiting);
    assert_eq!(bands[2].confirming, Confirming::Confirmed);
    let stopped = Confirming::Awaiting {
        device: device("monitor"),
        first: mono(11),
        wait: Duration::from_micros(170),
        until: mono(181),
        countdown: Countdown::Stopped,
        violated: Violated(0b11),
    };
    assert_eq!(ward.beds()[2].families[0].bands.0[0].confirming, stopped);
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
    let entered = families[4].bands.0[1].components[0];
    assert_eq!(entered, hold(Hold::Held, TrackInput::Spot));

    let open = |band, level, input| Condition::Open { governing: Governing { band, level }, input };
    let recuff = Level::Recuff { until: mono(180_000_000) };
    let quiet = &ward.beds()[1].families;
    let technical = &ward.beds()[0].technical;
    let table = [
        (&families[0].episode, open(0, recuff, InputState::Fresh)),
        (&families[1].episode, Condition::Pending),
        (&families[2].episode, open(0, Level::Held, InputState::Frozen)),
        (&families[3].episode, Condition::Inhibited),
        (&families[4].episode, open(1, Level::Held, InputState::Fresh)),
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
        steadiness: Steadiness::Since(wall(7), 8),
        broke: Some(mono(19)),
    };
    assert_eq!(
        (cuff.line, cuff.clock, cuff.last_systolic),
        (CUFF_LINE, clock, Some((190, mono(7))))
    );
    assert_eq!(
        cuff.statuses,
        [(StatusCode::CuffLeak, mono(18)), (StatusCode::LowBattery, mono(19))]
    );
    assert_eq!(cuff.failed, Some(CuffFailure { in_a_row: 2, newest: mono(20) }));
    assert_eq!(cuff.inflation, Inflation::Ended { began: mono(21), ended: mono(22) });
    assert_eq!(cuff.implausible, [Metric::NibpSys]);
    let (monitor, other) = (&bed.devices[1], &ward.beds()[1].devices[1]);
    assert_eq!(monitor.inflation, Inflation::Inflating { since: mono(23) });
    assert_eq!(other.inflation, Inflation::Untold);
    let steady = [monitor.clock.steadiness, other.clock.steadiness];
    assert_eq!(steady, [Steadiness::Steady, Steadiness::Unknown]);
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
    let run = vital::Run { value: Quantity(97), since: mono(24), until: mono(25) };
    assert_eq!((spo2.run, pulse.run), (Some(run), None));
    assert_eq!(spo2.period, Duration::from_nanos(1_062_500_001));
}
