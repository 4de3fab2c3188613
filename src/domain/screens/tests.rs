//! Leases, who is missed and which alarms nobody has shown, second by second.

mod receipts;

use std::collections::BTreeSet;

use super::*;
use crate::domain::ids::Uuid;
use crate::domain::input::Sound;

const DESK: ScreenId = Uuid::from_bits(1);
const BOARD: ScreenId = Uuid::from_bits(2);
const NEWEST: Seq = Seq(100);

fn bed(name: &str) -> BedId {
    BedId::try_new(name).unwrap()
}

fn at(second: u64) -> RealTime {
    RealTime::of(Duration::from_secs(second))
}

/// The wall clock at that time.
fn shown(now: RealTime) -> WallTime {
    let us = i64::try_from(now.since(at(0)).as_micros()).expect("a short test");
    WallTime::from_micros(us)
}

/// Tenths of a second, where seconds are too coarse.
fn tenth(tenths: u64) -> RealTime {
    RealTime::of(Duration::from_millis(tenths * 100))
}

struct Ward {
    screens: Screens,
    out: Vec<ScreenEvent>,
}

impl Ward {
    /// Two beds; the service starts at second 0.
    fn start() -> Self {
        let screens = Screens::new([bed("bay-1"), bed("bay-2")], at(0));
        Self { screens, out: Vec::new() }
    }

    fn open(&mut self, id: ScreenId, now: RealTime) {
        let deed = ScreenDeed::Open { name: "desk".into(), kind: ScreenKind::Station };
        assert_eq!(self.order(id, "kim", deed, now), Ok(id));
    }

    fn order(
        &mut self,
        command: CommandId,
        by: &str,
        deed: ScreenDeed,
        now: RealTime,
    ) -> ScreenAnswer {
        let order = ScreenOrder { command, by: by.into(), deed };
        self.screens.order(order, (now, shown(now)), &mut self.out)
    }

    fn lease(&mut self, id: ScreenId, lease: Lease, now: RealTime) {
        let renewed = self.screens.lease((id, "kim"), lease, NEWEST, now, &mut self.out);
        assert_eq!(renewed, Ok(()));
    }

    fn tell(&mut self, alarm: &Occurrence, seq: u64, now: RealTime) {
        self.screens.told(alarm, Seq(seq), now, &mut self.out);
    }

    /// What happened since the last call, time passing up to `now` at its own moments.
    fn until(&mut self, now: RealTime) -> Vec<ScreenEvent> {
        while let Some(due) = self.screens.next_due().filter(|due| *due <= now) {
            self.screens.tick(due, &mut self.out);
            assert!(self.screens.next_due().is_none_or(|next| next > due), "it stands still");
        }
        std::mem::take(&mut self.out)
    }

    fn watching_until(&mut self, now: RealTime) -> Vec<Watching> {
        let watching = |event| match event {
            ScreenEvent::Watching(watching) => Some(watching),
            ScreenEvent::Noted(_) | ScreenEvent::Unreceived { .. } => None,
        };
        self.until(now).into_iter().filter_map(watching).collect()
    }

    fn unreceived_until(&mut self, now: RealTime) -> Vec<(OccurrenceId, u32)> {
        let unreceived = |event| match event {
            ScreenEvent::Unreceived { occurrence, revision } => Some((occurrence, revision)),
            ScreenEvent::Noted(_) | ScreenEvent::Watching(_) => None,
        };
        self.until(now).into_iter().filter_map(unreceived).collect()
    }

    fn changes_until(&mut self, now: RealTime) -> Vec<ScreenChange> {
        let change = |event| match event {
            ScreenEvent::Noted(note) => Some(note.change),
            ScreenEvent::Watching(_) | ScreenEvent::Unreceived { .. } => None,
        };
        self.until(now).into_iter().filter_map(change).collect()
    }
}

fn lease(seen: u64) -> Lease {
    let (visibility, audio) = (Visibility::Visible, Audio::Unlocked);
    Lease { visibility, audio, beds: Coverage::All, seen: Seq(seen) }
}

fn hidden(seen: u64) -> Lease {
    Lease { visibility: Visibility::Hidden, ..lease(seen) }
}

fn only(bed: u32, seen: u64) -> Lease {
    Lease { beds: Coverage::Beds(BTreeSet::from([BedIndex(bed)])), ..lease(seen) }
}

fn watching(unwatched: &[u32], sound: Sound) -> Watching {
    Watching { unwatched: unwatched.iter().copied().map(BedIndex).collect(), sound }
}

#[test]
fn nobody_is_missed_in_the_first_minute_and_everybody_is_told_at_its_end() {
    // technical:nobody-watching. Goal: 60 s after the start the ward is told, whatever it is.
    let mut ward = Ward::start();
    assert_eq!(ward.watching_until(tenth(599)), []);
    assert_eq!(ward.watching_until(at(60)), [watching(&[0, 1], Sound::Heard)]);

    let mut watched = Ward::start();
    watched.open(DESK, at(50));
    for second in (50..=62).step_by(2) {
        watched.lease(DESK, lease(0), at(second));
        let told = watched.watching_until(at(second));
        let expected = if second == 60 { vec![watching(&[], Sound::Heard)] } else { vec![] };
        assert_eq!(told, expected, "{second}");
    }
}

#[test]
fn a_bed_is_unwatched_ten_seconds_after_its_last_visible_screen_went() {
    // safety:F8 technical:nobody-watching
    // Method: one screen that goes in four ways, at second 100; when the ward hears of it.
    let close = |ward: &mut Ward| {
        let deed = ScreenDeed::Close { screen: DESK, whose: Whose::Own };
        assert_eq!(ward.order(Uuid::from_bits(9), "kim", deed, at(100)), Ok(DESK));
    };
    let hide = |ward: &mut Ward| ward.lease(DESK, hidden(0), at(100));
    let turn = |ward: &mut Ward| ward.lease(DESK, only(1, 0), at(100));
    let vanish = |_: &mut Ward| {};
    type Goes<'a> = &'a dyn Fn(&mut Ward);
    let table: [(Goes, u64, &[u32]); 4] = [
        (&close, 1100, &[0, 1]),
        // Hidden for ever without a word: its lease is lost, which changes nothing more.
        (&hide, 1100, &[0, 1]),
        (&turn, 1100, &[0]),
        // Its last lease was at second 98: lost at 103.
        (&vanish, 1130, &[0, 1]),
    ];
    for (goes, due, unwatched) in table {
        let mut ward = Ward::start();
        ward.open(DESK, at(50));
        for second in (50..100).step_by(2) {
            ward.watching_until(at(second));
            ward.lease(DESK, lease(0), at(second));
        }
        ward.watching_until(at(100));
        goes(&mut ward);
        let shows_other = unwatched == [0];
        for tenths in 1001..due {
            if shows_other && tenths % 20 == 0 {
                ward.lease(DESK, only(1, 0), tenth(tenths));
            }
            assert_eq!(ward.watching_until(tenth(tenths)), [], "{tenths}");
        }
        assert_eq!(ward.watching_until(tenth(due)), [watching(unwatched, Sound::Heard)]);
        ward.open(BOARD, tenth(due));
        ward.lease(BOARD, lease(0), tenth(due));
        assert_eq!(ward.watching_until(tenth(due)), [watching(&[], Sound::Heard)]);
    }
}

#[test]
fn sound_is_locked_once_every_visible_screen_has_had_it_so_for_ten_seconds() {
    // technical:sound-locked
    // Method: a desk with its sound locked, and beside it a board in each of its states.
    let board = |visibility, audio| Some(Lease { visibility, audio, ..lease(0) });
    let table = [
        (None, Sound::Locked),
        (board(Visibility::Visible, Audio::Locked), Sound::Locked),
        (board(Visibility::Visible, Audio::Muted), Sound::Locked),
        (board(Visibility::Hidden, Audio::Unlocked), Sound::Locked),
        (board(Visibility::Visible, Audio::Unlocked), Sound::Heard),
    ];
    for (board, expected) in table {
        let mut ward = Ward::start();
        ward.open(DESK, at(100));
        ward.open(BOARD, at(100));
        let mut told = Vec::new();
        for second in 100..=115 {
            told.extend(ward.watching_until(at(second)));
            ward.lease(DESK, Lease { audio: Audio::Locked, ..lease(0) }, at(second));
            if let Some(board) = &board {
                ward.lease(BOARD, board.clone(), at(second));
            }
            let sound = told.last().map_or(Sound::Heard, |told| told.sound);
            let due = if second >= 110 { expected } else { Sound::Heard };
            assert_eq!(sound, due, "{board:?} at {second}");
        }
        ward.lease(DESK, lease(0), at(115));
        let over = expected == Sound::Locked;
        let over = if over { vec![watching(&[], Sound::Heard)] } else { vec![] };
        assert_eq!(ward.watching_until(at(115)), over, "{board:?}: told at once");
    }
    // Without any visible screen nobody watches; that its sound is off says nothing.
    let mut none = Ward::start();
    assert_eq!(none.watching_until(at(100)), [watching(&[0, 1], Sound::Heard)]);
}

#[test]
fn the_record_says_what_each_screen_did() {
    // safety:X10. Goal: who could have seen and heard an alarm can be read from the notes alone.
    let mut ward = Ward::start();
    ward.open(DESK, at(70));
    assert_eq!(ward.changes_until(at(70)), [ScreenChange::Opened]);
    ward.lease(DESK, lease(0), at(70));
    let first = [
        ScreenChange::Visibility(Visibility::Visible),
        ScreenChange::Audio(Audio::Unlocked),
        ScreenChange::Beds(Coverage::All),
    ];
    assert_eq!(ward.changes_until(at(70)), first);
    ward.lease(DESK, lease(1), at(72));
    assert_eq!(ward.changes_until(at(72)), [], "a renewal is no event");
    ward.lease(DESK, Lease { audio: Audio::Locked, ..lease(1) }, at(74));
    assert_eq!(ward.changes_until(at(74)), [ScreenChange::Audio(Audio::Locked)]);
    let deed = ScreenDeed::SoundTest { screen: DESK, heard: Heard::No };
    assert_eq!(ward.order(Uuid::from_bits(8), "lee", deed, at(75)), Ok(DESK));
    let test = ScreenChange::SoundTest { heard: Heard::No, by: "lee".into() };
    assert_eq!(ward.changes_until(at(75)), [test]);
    assert_eq!(ward.changes_until(tenth(789)), []);
    assert_eq!(ward.changes_until(at(79)), [ScreenChange::Lost]);
    assert_eq!(ward.screens.watching(), 0);
    ward.lease(DESK, Lease { audio: Audio::Locked, ..lease(1) }, at(90));
    assert_eq!(ward.changes_until(at(90)), [ScreenChange::Back]);
    assert_eq!(ward.screens.watching(), 1);
    let deed = ScreenDeed::Close { screen: DESK, whose: Whose::Own };
    assert_eq!(ward.order(Uuid::from_bits(9), "kim", deed, at(91)), Ok(DESK));
    assert_eq!(ward.changes_until(at(91)), [ScreenChange::Closed { by: "kim".into() }]);
    assert_eq!(ward.changes_until(at(900)), [], "closed is not lost");
}

#[test]
fn a_lost_screen_is_forgotten_after_ten_minutes_and_has_to_open_again() {
    let mut ward = Ward::start();
    ward.open(DESK, at(70));
    ward.lease(DESK, hidden(0), at(70));
    ward.until(at(669));
    ward.lease(DESK, hidden(0), at(669));
    ward.until(at(1269));
    let mut renew = |lease| ward.screens.lease((DESK, "kim"), lease, NEWEST, at(1270), &mut vec![]);
    assert_eq!(renew(lease(0)), Err(ScreenRefused::Unknown));
}

#[test]
fn what_is_not_one_s_own_or_not_so_is_refused() {
    // safety:A4: a command has one effect, a screen one owner, a receipt its alarm.
    let mut ward = Ward::start();
    ward.open(DESK, at(1));
    let (command, other) = (Uuid::from_bits(20), Uuid::from_bits(21));
    let close = |whose| ScreenDeed::Close { screen: DESK, whose };
    let test = |screen| ScreenDeed::SoundTest { screen, heard: Heard::Yes };
    assert_eq!(ward.order(command, "lee", close(Whose::Own), at(2)), Err(ScreenRefused::NotOwn));
    assert_eq!(ward.order(other, "lee", test(BOARD), at(2)), Err(ScreenRefused::Unknown));
    let mut renew = |by, lease| ward.screens.lease((DESK, by), lease, NEWEST, at(3), &mut ward.out);
    assert_eq!(renew("lee", lease(0)), Err(ScreenRefused::NotOwn));
    assert_eq!(renew("kim", lease(101)), Err(ScreenRefused::Unsent { newest: NEWEST }));

    // The same command has the same answer and no second note; with another body it is refused.
    ward.until(at(3));
    let third = Uuid::from_bits(22);
    assert_eq!(ward.order(third, "kim", test(DESK), at(3)), Ok(DESK));
    assert_eq!(ward.order(third, "kim", test(DESK), at(3)), Ok(DESK));
    assert_eq!(ward.until(at(3)).len(), 1);
    let reused = ward.order(third, "kim", close(Whose::Own), at(3));
    assert_eq!(reused, Err(ScreenRefused::CommandReused));
    // An admin closes anybody's.
    let fourth = Uuid::from_bits(23);
    assert_eq!(ward.order(fourth, "ada", close(Whose::Anyones), at(4)), Ok(DESK));
    assert_eq!(ward.order(fourth, "ada", close(Whose::Anyones), at(4)), Ok(DESK));
}

#[test]
fn a_screen_says_who_last_heard_it_or_did_not_and_when() {
    // safety:F8 (alarms 3: recorded with name and time, and read by who looks after the screens).
    let mut ward = Ward::start();
    ward.open(DESK, at(70));
    let told = |ward: &Ward| ward.screens.views(at(99)).next().and_then(|it| it.sound_test);
    assert_eq!(told(&ward), None, "nobody has said");
    for (second, by, heard) in [(71, "lee", Heard::No), (80, "kim", Heard::Yes)] {
        let deed = ScreenDeed::SoundTest { screen: DESK, heard };
        let id = Uuid::from_bits(u128::from(second));
        assert_eq!(ward.order(id, by, deed, at(second)), Ok(DESK));
        let at = shown(at(second));
        assert_eq!(told(&ward), Some(SoundTest { heard, by: by.into(), at }));
    }
}

#[test]
fn a_crowd_of_screens_is_bounded_and_lost_ones_make_room() {
    // safety:P6
    let mut ward = Ward::start();
    let open = ScreenDeed::Open { name: "desk".into(), kind: ScreenKind::Station };
    let id = |number: usize| Uuid::from_bits(1000 + number as u128);
    for number in 0..SCREENS_MAX {
        assert!(ward.order(id(number), "kim", open.clone(), at(1)).is_ok());
    }
    let refused = ward.order(id(SCREENS_MAX), "kim", open.clone(), at(2));
    assert_eq!(refused, Err(ScreenRefused::TooMany));
    ward.until(at(10));
    assert!(ward.order(id(SCREENS_MAX + 1), "kim", open, at(10)).is_ok());
    assert_eq!(ward.screens.views(at(10)).count(), SCREENS_MAX);
}
