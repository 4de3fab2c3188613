//! A day of a clinic in-process: simulated patients, something wrong somewhere each minute, people
//! who answer or don't, and every invariant watched at every step (alarms 11).
//!
//! `DOSEVIGIL_SOAK=day`: 20 beds for 24 hours, for a release build. Otherwise 4 beds for 20
//! minutes. The readings, the alarms by rule and the breaches are printed.

mod bedside;
mod clinic;
#[path = "../support/invariants.rs"]
mod invariants;
mod luck;
mod staff;

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use crate::bedside::Bedside;
use crate::clinic::Clinic;
use crate::luck::Luck;
use crate::staff::Staff;

/// How much of a clinic, and for how long.
struct Size {
    beds: u32,
    seconds: u64,
}

const SHORT: Size = Size { beds: 4, seconds: 20 * 60 };
const DAY: Size = Size { beds: 20, seconds: 24 * 3600 };

#[test]
fn a_day_of_a_clinic_keeps_every_invariant() {
    // safety:A3 Goal: no breach, and the same day again from any checkpoint and the journal.
    let day = std::env::var("DOSEVIGIL_SOAK").is_ok_and(|size| size == "day");
    let size = if day { DAY } else { SHORT };
    let begun = now();
    let mut luck = Luck::of(20_261_124);
    let mut clinic = Clinic::new(size.beds);
    let mut staff = Staff::default();
    let mut bedsides: Vec<_> = (0..size.beds).map(Bedside::new).collect();
    for second in 0..size.seconds {
        for bedside in &mut bedsides {
            bedside.second(second, &mut clinic, &mut luck);
        }
        staff.second(second, &mut clinic, &mut luck);
        clinic.second_is_over();
    }
    let mut out = std::io::stdout().lock();
    let took = begun.elapsed().as_secs();
    writeln!(
        out,
        "\n{} beds, {} h {} min in {took} s: {} readings, {} acts, {} restarts",
        size.beds,
        size.seconds / 3600,
        size.seconds / 60 % 60,
        clinic.readings,
        clinic.acts,
        clinic.restarts,
    )
    .expect("stdout is open while the tests run");
    writeln!(out, "{}", table(&clinic.raised)).expect("stdout is open while the tests run");
    let breaches = clinic.breaches();
    writeln!(out, "{} breaches\n", breaches.len()).expect("stdout is open while the tests run");
    assert!(clinic.raised.len() > 5, "a day without alarms proves nothing");
    let first: Vec<_> = breaches.iter().take(5).map(String::as_str).collect();
    assert!(breaches.is_empty(), "{}", first.join("\n"));
}

#[expect(clippy::disallowed_methods, reason = "how long the day took is printed, never judged")]
fn now() -> Instant {
    Instant::now()
}

/// Alarms raised, by family and rule.
fn table(raised: &BTreeMap<String, u64>) -> String {
    raised.iter().map(|(what, times)| format!("{times:>8}  {what}\n")).collect()
}
