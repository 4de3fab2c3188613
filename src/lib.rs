//! dosevigil keeps vigil over vital signs during ketamine and esketamine dosing sessions.
//!
//! # The straight way of a reading
//! ```text
//! bytes    shell/source/*        read, stamp once       -> frame      domain/device/<name>
//! reading  domain/reading        typed, or absent, why  -> bed        domain/bed, by domain/ward
//! alarm    domain/alarm/*        one change at a time   -> journal    shell/journal
//! publish  shell/engine, hub     committed, numbered    -> dashboard  shell/http, dashboard/
//! ```
//!
//! # The map
//! ```text
//! domain/            PURE: no IO, no clock, no async, no randomness
//!   time ids metric reading input view   the words
//!   device/          decoders: bytes -> messages and rejects
//!   alarm/hold       does one component hold? delays, dips, clearing
//!   alarm/confirm    does a cuff's first high reading stand? the repeat
//!   alarm/family     the bands of one family, summed up as facts
//!   alarm/technical  technical causes, told in steps
//!   alarm/condition  machine C: is the hazard there, which band governs?
//!   alarm/signal     machine S: how is it told?
//!   alarm/escalation machine E: who is told next, and when?
//!   alarm/reminder inactivation recurrence   reminders; pauses and stand-by; what flaps
//!   alarm/episode    couples C, S, E and the occurrence; one transition per change
//!   session/         a visit: its start, doses, phases, hand-taken readings, gates, tasks
//!   link vital       who is there; how current a value is
//!   lately                               what a rate or saturation was, for the baseline
//!   link/clock                           a device's own clock: new, old, held back, off, set back
//!   screens          leases: who is missed, and which alarm nobody has shown
//!   self_test        the reserved bed, its breach, and the alarm that must come of it
//!   bed/             one bed: message, links, status, conflict, watch, missing, limb, doubt,
//!                    judge, limits, entered, by_hand, summing, listed, starting, moving, doses,
//!                    discharge, tasks, settle, inactivation, ending, show
//!   ward/            all beds, one series of transitions, acts, hand-over, service-wide alarms
//!   role             who may do what
//!   chart/ recording a session's part of the journal as what is filed; the words of a recording
//!   record/          journal lines and checkpoints: the only serde beside the JSON decoder
//! shell/             adapters; they know the domain, never each other
//!   clock            the only reader of a clock
//!   source/          serial lines and MQTT brokers -> stamped inputs
//!   engine/          the one task that owns all beds and the screens
//!   journal/         the one SQLite database, on its own thread; its HMAC chain
//!   identity/        users, tokens, log-ins: who is asking
//!   report/          a session's chart -> page, CSV, FHIR bundle
//!   hub lane         fan-out; the channel types in which adapters meet
//!   self_test        sends a trial through the pipeline every minute, and catches it
//!   host             free disk, synchronised clock
//!   http/            API, live events, the embedded dashboard; `access`: who may use which route
//!   supervisor telemetry
//! config/            TOML -> resolved configuration, or every error at once
//! app                wiring: the only file that knows every part
//! demo               feature `demo`: the simulated clinic; nothing depends on it
//! cli/               one file per command
//! ```
//! `main -> app -> { config, shell } -> domain -> std`. `tests/tidy` holds these directions.
//!
//! # What always holds
//! - One task owns all beds; a step is deterministic: the same inputs give the same transitions
//!   (`tests/behaviour`: properties), so checkpoint + fold of the journal gives the same ward
//!   (`domain::record` checkpoint tests).
//! - A transition is committed before it is published and before its reading is acknowledged to
//!   the broker; a journal stalled > 200 ms no longer holds an alarm back, > 500 ms is itself an
//!   alarm. While it fails, what is shown is acknowledged all the same: its commit is tried again,
//!   and a broker left without acknowledgements would silence all its beds (`tests/process`).
//! - An alarm that asks for an answer is shown by a visible screen within 4 s, or goes on to its
//!   next step (`domain::screens`).
//! - The numbers of transitions have no hole and are never reused.
//! - Every pause has an end, nothing of a bed sounds under a pause of its sound, and no present
//!   HIGH is without a light or a countdown (`tests/behaviour`: properties_of_signals).
//! - Missing data never ends, lowers or acknowledges an alarm (`domain::alarm::hold`,
//!   `tests/behaviour`).
//! - Silence from a device is an event: `Ward::next_deadline` has the moment at which it counts.
//! - Nothing old is shown as live: `domain::bed` works out each vital's state, no adapter does.
//! - Who may use a route stands in one table, and a route that is not in it is open to nobody. A
//!   log-in that times out loses control, never the display of alarms (`shell::http` tests).
//! - A panic inside one bed's step takes that bed out for a moment and is an alarm; any other panic
//!   ends the process (`shell::engine`).

pub mod app;
pub mod cli;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod domain;
pub mod shell;
