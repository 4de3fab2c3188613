//! The alarm load of the shipped presets: simulated visits through the real ward, in three worlds
//! that differ in who repeats a cuff reading. `make alarm-load` prints the table of the README.
//!
//! **A shift** is 24 visits: 10 IV (0.5 mg/kg over 40 min), 8 esketamine (84 mg as three devices,
//! 5 min apart), 3 IM (0.5 mg/kg), 3 lozenges (150 mg); each of another patient, drawn from the
//! cohorts of clinical 4.3 at a site of gain 1, with its noise: 2 % of determinations are
//! artefacts of 20 to 50 mmHg, 4 % fail, errors have heavy tails (t4), saturation dips now and
//! then. No sensor falls off and no link fails here. Dosing is 10 min after arrival, the cuff goes
//! by the preset's intervals and timed readings, the oximeter sends each 2 s. A nurse acknowledges
//! what sounds after 30 s.
//!
//! **Worlds.** A determination is repeated when the ward asks for it ("re-cuff now", "repeat BP")
//! or when it failed: after 60 s by the monitor itself, after 90 s by a nurse, or by nobody: then
//! the next planned one is the repeat.
//!
//! **Audible**: an occurrence that sounded when it was raised or since; it counts once, at its
//! highest priority. **True**: at the reading that made it sound last, the noise-free patient was
//! at or beyond a limit of its rule; a technical one: what it says was so. **Actionable**: true,
//! and somebody has to do something: a cuff that failed or is late needs nobody where it repeats by
//! itself, and one that is late because it failed brings no second nurse.
//!
//! **Sustained**: a reading at or above 180/110 while the noise-free pressure is, and stays there
//! for 3 min more. Its delay is from that reading to HIGH; it is over with the noise-free pressure
//! below. Only after the dose, where B2 is in phase.
//!
//! `DOSEVIGIL_LOAD=N`: N shifts, for a release build. Otherwise a few.

mod shift;
mod tally;
mod truth;
mod visit;

use std::io::Write;

use shift::{Kind, Presets, Shift};
use simulators::patient::Traits;
use tally::{HIGH_WITHIN_S, Tally};
use visit::{Visit, World};

const SHORT: u64 = 1;
/// Audible and not actionable, with a nurse who repeats: the mean must not get worse than this. The
/// aim is 12, and the mean of 200 shifts is 12.3: missed.
const NOT_ACTIONABLE_A_SHIFT_MAX: u64 = 15;

#[test]
fn the_alarm_load_of_the_default_presets() {
    let shifts = std::env::var("DOSEVIGIL_LOAD").ok().map(|n| n.parse().expect("a number"));
    let shifts: u64 = shifts.unwrap_or(SHORT);
    let presets = Presets::shipped();
    let tallies = World::ALL.map(|world| {
        let mut tally = Tally::of(world);
        for number in 0..shifts {
            Shift { number, world }.work(&presets, &mut tally);
        }
        tally
    });
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{}", tally::table(shifts, &tallies)).expect("stdout is open in tests");
    for tally in &tallies {
        writeln!(out, "{}", tally.by_rule()).expect("stdout is open in tests");
        if tally.world == World::Nurse {
            assert!(tally.not_actionable() as u64 <= NOT_ACTIONABLE_A_SHIFT_MAX * shifts);
        }
    }
}

/// Goal: by the rules alone, a pressure that stays at or above 180/110 is HIGH in time, whoever
/// repeats. Method: a patient without noise who climbs past 180, on each way of dosing. What noise
/// makes of it stands in the table.
#[test]
fn a_sustained_high_pressure_is_high_within_three_minutes_of_its_first_reading() {
    // rule:B2
    let presets = Presets::shipped();
    let climbs = Traits { systolic: 160.0, sensitivity: 2.5, ..Traits::TYPICAL };
    for world in World::ALL {
        for kind in Kind::ALL {
            let visit = Visit::new(kind, presets.of(kind), (1, climbs), world);
            let sustained = visit.run().sustained;
            let in_time = |delay: &Option<u64>| delay.is_some_and(|s| s <= HIGH_WITHIN_S);
            assert!(!sustained.is_empty(), "{kind:?}: it climbs past 180");
            assert!(sustained.iter().all(in_time), "{kind:?}, {world:?}: {sustained:?}");
        }
    }
}
