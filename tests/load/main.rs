//! The alarm load of the shipped presets: simulated visits through the real ward, in three worlds
//! that differ in who repeats a cuff reading. `make alarm-load` prints the table of the README.
//!
//! **A shift** is 24 visits: 10 IV (0.5 mg/kg over 40 min), 8 esketamine (84 mg as three devices,
//! 5 min apart), 3 IM (0.5 mg/kg), 3 lozenges (150 mg); each of another patient, drawn from the
//! cohorts of clinical 4.3 at a site of gain 1, with its noise: 2 % of determinations are artefacts
//! of 20 to 50 mmHg, 4 % fail, errors have heavy tails (t4), saturation dips now and then. No
//! sensor falls off and no link fails here. Dosing is 10 min after arrival, the cuff goes by the
//! preset's intervals and timed readings, the oximeter sends each 2 s. A nurse acknowledges what
//! sounds after 30 s.
//!
//! **Worlds.** A determination is repeated when the ward asks for it ("re-cuff now", "repeat BP") or
//! when it failed: after 60 s by the monitor itself, after 90 s by a nurse, or by nobody: then the
//! next planned one is the repeat.
//!
//! **Audible**: an occurrence that sounded when it was raised or since; it counts once, at its
//! highest priority. **True**: at the reading that made it sound last, the noise-free patient was at
//! or beyond a limit of its rule; a technical one: what it says was so. **Actionable**: true, and
//! somebody has to do something: a cuff that failed or is late needs nobody where it repeats by
//! itself, and one that is late because it failed has been told already.
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

use shift::{Presets, Shift};
use tally::Tally;
use visit::World;

const SHORT: u64 = 2;

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
    }
}
