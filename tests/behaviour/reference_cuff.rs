//! A slow model of bp-high with its repeats, written from rows 1 to 1c, 6, 8, 13 and 14 of alarms
//! 11 and the numbers of contract 3.2, and compared with the ward over random readings.
//!
//! Each moment is worked out from all readings so far. Choices taken as the code's docs say: a
//! band under one that was declared stands without its own repeat; the awaited repeat counts with
//! the interval that the reading itself started.

use std::time::Duration;

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::reading::Validity;

use crate::history::{Act, History, Random, count, cuffs, determination};
use crate::support::{BROKER, CUFF_LINE, START, TestWard, seconds};
use crate::timeline::{note, said};

/// Rule, systolic and diastolic limit.
const BANDS: [(&str, i32, i32); 3] = [("B1", 200, 120), ("B2", 180, 110), ("B4", 165, 100)];
const H: i32 = 5;

#[derive(Clone, Copy)]
struct Reading {
    at: Duration,
    /// Systolic, diastolic.
    mmhg: [i32; 2],
    cuff: usize,
    good: bool,
}

#[derive(Clone, Copy, Default)]
struct Band {
    /// Systolic, diastolic: what stands.
    stands: [bool; 2],
    awaits: Option<(Duration, usize, [bool; 2])>,
}

/// What the readings up to `now` amount to.
struct Picture {
    bands: [Band; 3],
    interval: Duration,
    newest: Option<Duration>,
}

fn violates(band: usize, reading: &Reading) -> [bool; 2] {
    let (_, sys, dia) = BANDS[band];
    [reading.mmhg[0] >= sys, reading.mmhg[1] >= dia]
}

fn clears(band: usize, reading: &Reading) -> [bool; 2] {
    let (_, sys, dia) = BANDS[band];
    [reading.mmhg[0] <= sys - H && reading.good, reading.mmhg[1] <= dia - H && reading.good]
}

fn any(two: [bool; 2]) -> bool {
    two[0] || two[1]
}

fn picture(readings: &[Reading], now: Duration) -> Picture {
    let mut picture = Picture { bands: [Band::default(); 3], interval: seconds(600), newest: None };
    let mut wanted = 0;
    for reading in readings.iter().filter(|reading| reading.at <= now) {
        picture.no_repeat(reading.at);
        let high = (0..3).any(|band| any(violates(band, reading)));
        let clear = (0..3).all(|band| clears(band, reading) == [true; 2]);
        wanted = if high { 2 } else { wanted - i32::from(clear && wanted > 0) };
        picture.interval = seconds(if wanted > 0 { 300 } else { 600 });
        picture.newest = Some(reading.at);
        picture.judge(reading);
    }
    picture.no_repeat(now);
    picture
}

impl Picture {
    /// Row 1c, from the highest band down; what stands by it has been declared for those below.
    fn no_repeat(&mut self, now: Duration) {
        let mut declared = false;
        for band in &mut self.bands {
            if let Some((until, _, violated)) = band.awaits
                && (until <= now || declared)
            {
                *band = Band { stands: violated, awaits: None };
            }
            declared |= any(band.stands);
        }
    }

    fn judge(&mut self, reading: &Reading) {
        let mut declared = false;
        for number in 0..3 {
            let before = any(self.bands[number].stands);
            declared |= before;
            let band = &mut self.bands[number];
            if let (true, Some((_, _, violated))) = (declared, band.awaits) {
                *band = Band { stands: violated, awaits: None };
            }
            let before = any(band.stands);
            let bad = violates(number, reading);
            let stands_already = before || number == 0;
            let may_stand = match band.awaits {
                Some((_, cuff, _)) if cuff != reading.cuff => false,
                Some(_) if any(bad) => true, // row 1b
                Some(_) if !reading.good => false,
                Some(_) => {
                    band.awaits = None; // row 1b
                    false
                }
                None if stands_already || !any(bad) => true,
                None if declared => true,
                None => {
                    let wait = if number == 1 { seconds(180) } else { self.interval + seconds(60) };
                    band.awaits = Some((reading.at + wait, reading.cuff, bad)); // row 1a
                    false
                }
            };
            if may_stand {
                band.awaits = None;
                let clear = clears(number, reading);
                for (stands, (bad, clear)) in band.stands.iter_mut().zip(bad.into_iter().zip(clear))
                {
                    *stands = (*stands || bad) && !clear;
                }
            }
            declared |= any(self.bands[number].stands);
        }
    }

    /// Band and whether it is "re-cuff now".
    fn governs(&self) -> Option<(usize, bool)> {
        let of = |number: usize| {
            let band = self.bands[number];
            match (any(band.stands), band.awaits) {
                (true, _) => Some((number, false)),
                (false, Some(_)) if number == 1 => Some((number, true)),
                (false, _) => None,
            }
        };
        (0..3).find_map(of)
    }

    /// Grey from the overdue limit on.
    fn old(&self, now: Duration) -> bool {
        let grey = self.interval + (self.interval / 5).max(seconds(60));
        self.newest.is_none_or(|newest| now > newest + grey)
    }
}

/// All moments at which something could change.
fn moments(readings: &[Reading], end: Duration) -> Vec<Duration> {
    let micro = Duration::from_micros(1);
    let mut all = Vec::new();
    for reading in readings {
        let after = [0, 5, 180, 185, 360, 365, 660, 665].map(seconds);
        let grey = [360, 720].map(|grey| seconds(grey) + micro);
        all.extend(after.into_iter().chain(grey).map(|after| reading.at + after));
    }
    all.retain(|at| *at <= end);
    all.sort();
    all.dedup();
    all
}

fn model(readings: &[Reading], end: Duration) -> Vec<(Duration, String)> {
    let mut told = Vec::new();
    // Onset, band and kind, revision, whether it was HIGH.
    let mut open: Option<(Duration, (usize, bool), u32, bool)> = None;
    for at in moments(readings, end) {
        let now = picture(readings, at);
        match (now.governs(), open) {
            (Some(governs), _) => {
                let (onset, before, revision, was_high) = open.unwrap_or((at, governs, 1, false));
                let revision = revision + u32::from(before != governs);
                let high = governs.0 < 2 && !governs.1;
                open = Some((onset, governs, revision, was_high || high));
                let frozen = if now.old(at) { " frozen" } else { "" };
                let said = format!("{} present active r{revision}{frozen}", words(governs));
                note(&mut told, at, said);
            }
            (None, Some((onset, governs, revision, _))) if at < onset + seconds(5) => {
                let said = format!("{} clearing active r{revision}", words(governs));
                note(&mut told, at, said);
            }
            (None, Some((_, governs, revision, was_high))) => {
                let signal = if was_high { "latched" } else { "none" };
                note(&mut told, at, format!("{} ended {signal} r{revision}", words(governs)));
                open = None;
            }
            (None, None) => {}
        }
    }
    told
}

fn words((band, recuff): (usize, bool)) -> String {
    let priority = if band < 2 && !recuff { "high" } else { "medium" };
    format!("{} {priority}", BANDS[band].0)
}

fn readings(history: &History) -> Vec<Reading> {
    let reading = |(at, act): &(Duration, Act)| match act {
        Act::Cuff { sys, dia, cuff, validity } => Some(Reading {
            at: *at,
            mmhg: [*sys, *dia],
            cuff: *cuff,
            good: *validity == Validity::Good,
        }),
        Act::Sample(..)
        | Act::Link(_)
        | Act::Reject
        | Act::Acknowledge(_)
        | Act::Restart(_)
        | Act::DoseEnds
        | Act::SessionEnds => None,
    };
    history.iter().filter_map(reading).collect()
}

#[test]
fn high_pressures_do_what_a_slow_model_of_the_tables_does() {
    // row:1 row:1a row:1b row:1c row:6 row:8 row:9 row:13 row:14 rule:B1 rule:B2 rule:B4
    for seed in 0..count(2_000) {
        let history = cuffs(&mut Random::of(seed));
        let readings = readings(&history);
        let mut ward = TestWard::active();
        for Reading { at, mmhg: [sys, dia], cuff, good } in readings.iter().copied() {
            ward.until(START.plus(at));
            let validity = if good { Validity::Good } else { Validity::Questionable };
            let (line, from) = [(CUFF_LINE, "cuff"), (BROKER, "other")][cuff];
            ward.message(line, from, determination(sys, dia, validity));
        }
        ward.advance(seconds(900));
        let end = ward.now.mono.since(START.mono);
        let transitions = std::mem::take(&mut ward.fresh);
        let lines: Vec<_> = history.iter().map(|act| format!("{act:?}")).collect();
        assert_eq!(
            said(&transitions, AlarmFamily::BpHigh),
            model(&readings, end),
            "seed {seed}, history:\n{}",
            lines.join("\n")
        );
    }
}
