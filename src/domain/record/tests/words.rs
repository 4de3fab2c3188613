//! The words that records take from the wire, each beside what it means. A word that is changed for
//! the wire's sake would make the journals of clinics unreadable: do not change this test, keep the
//! old word for records.

use std::fmt::Debug;

use super::super::transition::{PRESENCES, SIGNALS};
use super::*;
use crate::domain::act::{Disposition, Symptom, Unknown};
use crate::domain::alarm::occurrence::SessionChange;
use crate::domain::device::{Reject, StatusCode};
use crate::domain::input::ServiceFault;
use crate::domain::role::Role;
use crate::domain::screens::{Audio, ScreenKind};

/// One line for each sort of word: its name, then `Meaning=word`.
const WORDS: &str = include_str!("v1_words.txt");

fn line<T: Copy + Debug, const N: usize>(
    sort: &str,
    all: [T; N],
    name_of: impl Fn(T) -> &'static str,
) -> String {
    let words = all.map(|one| format!("{one:?}={}", name_of(one)));
    format!("{sort}: {}\n", words.join(", "))
}

#[test]
fn the_words_of_version_1_mean_what_they_meant() {
    // Goal: bytes alone would not show two words exchanged both ways.
    let written = [
        line("change", Change::ALL, Change::name),
        line("session", SessionChange::ALL, SessionChange::name),
        line("end", EndReason::ALL, EndReason::name),
        line("family", AlarmFamily::ALL, AlarmFamily::name),
        line("priority", Priority::ALL, Priority::name),
        line("presence", PRESENCES, Presence::name),
        line("signal", SIGNALS, Signal::name),
        line("phase", Phase::ALL, Phase::name),
        line("metric", Metric::ALL, |metric| metric.info().name),
        line("source", ValueSource::ALL, ValueSource::name),
        line("status", StatusCode::ALL, StatusCode::name),
        line("reject", Reject::ALL, Reject::name),
        line("fault", ServiceFault::ALL, ServiceFault::name),
        line("role", Role::ALL, Role::name),
        line("symptom", Symptom::ALL, Symptom::name),
        line("disposition", Disposition::ALL, Disposition::name),
        line("unknown", Unknown::ALL, Unknown::name),
        line("screen", ScreenKind::ALL, ScreenKind::name),
        line("audio", Audio::ALL, Audio::name),
    ];
    assert_eq!(written.concat(), WORDS);
}
