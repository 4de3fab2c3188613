//! What the engine tells of itself and of the ward: pictures of changed beds, heartbeats, the view,
//! readiness, figures.

use std::sync::Arc;

use super::{Engine, Round};
use crate::domain::view::LinkState;
use crate::shell::hub::QUEUE;
use crate::shell::lane::{Published, Readiness, WardView};
use crate::shell::telemetry::Figure;

/// Pictures that go out together. A stream may be `hub::QUEUE` events behind: a burst of all beds
/// must leave room for alarms.
const PICTURES_AT_ONCE: usize = 32;
const _: () = assert!(PICTURES_AT_ONCE * 4 <= QUEUE, "streams would fall behind by pictures alone");

impl Engine {
    pub(super) fn picture(&mut self) -> Round {
        self.telemetry.self_checks += 1;
        self.self_checked = self.clock.real();
        self.flush();
        // A bed comes once in each lot, and a lot begins with a round of this timer.
        if self.unpictured.is_empty() {
            self.unpictured = self.ward.take_touched().into();
        }
        self.picture_some()
    }

    /// As many of the changed beds as a stream takes without falling behind.
    pub(super) fn picture_some(&mut self) -> Round {
        let count = self.unpictured.len().min(PICTURES_AT_ONCE);
        let some = self.unpictured.drain(..count);
        if self.board.hub.listeners() > 0 {
            let now = self.clock.now();
            for bed in some {
                let bed = Arc::new(self.ward.beds()[bed.0 as usize].view(now));
                self.board.hub.publish(Published::Vitals { bed });
            }
        }
        Round::Goes
    }

    pub(super) fn heartbeat(&mut self) -> Round {
        self.look_for_faults();
        self.board.hub.publish(Published::Heartbeat {
            at: self.clock.now(),
            self_check: self.telemetry.self_checks,
            self_test: self.trials.passed(),
            watching: self.watchers.watching(),
            sources: Arc::new(self.ward.source_views().collect()),
            undeclared: self.ward.undeclared(),
        });
        Round::Goes
    }

    /// Vitals of this instant, occurrences as published.
    pub(super) fn view(&self) -> WardView {
        let at = self.clock.now();
        WardView {
            seq: self.board.seq,
            at,
            beds: self.ward.beds().iter().map(|bed| bed.view(at)).collect(),
            occurrences: self.board.shown.values().cloned().collect(),
            handovers: self.ward.handovers().to_vec(),
            sources: self.ward.source_views().collect(),
            undeclared: self.ward.undeclared(),
            self_check: self.telemetry.self_checks,
        }
    }

    pub(super) fn readiness(&self) -> Readiness {
        let mut not_ready = Vec::new();
        if self.journal_failing {
            not_ready.push("journal: commits fail or take too long".to_owned());
        }
        for (source, name) in self.ward.source_views().zip(&self.source_names) {
            if source.state != LinkState::Online {
                let why = source.why.map_or_else(String::new, |why| format!(" ({why})"));
                not_ready.push(format!("source {name}: {}{why}", source.state.name()));
            }
        }
        let now = self.clock.real();
        not_ready.extend(self.trials.not_ready(now));
        let self_check_age = now.duration_since(self.self_checked);
        Readiness { self_check_age, self_test: self.trials.passed(), not_ready }
    }

    pub(super) fn metrics(&self) -> String {
        let views: Vec<_> = self.ward.source_views().collect();
        let rejects = self.source_names.iter().zip(&views);
        let rejects: Vec<_> = rejects.map(|(name, view)| (&**name, view.rejects)).collect();
        let counts = self.ward.counts();
        let figures = [
            ("dosevigil_readings_total", "Values of metrics taken in", counts.readings),
            ("dosevigil_repeated_total", "Messages or determinations seen before", counts.repeated),
            ("dosevigil_older_total", "Messages older than the newest", counts.older),
            ("dosevigil_unknown_keys_total", "Keys and signals not known", counts.unknown_keys),
            ("dosevigil_undeclared_total", "Messages for no declared bed", self.ward.undeclared()),
            (
                "dosevigil_queue_depth",
                "Batches that wait for a commit",
                self.board.waiting.len() as u64,
            ),
            (
                "dosevigil_screens_watching",
                "Screens that a person would see",
                u64::from(self.watchers.watching()),
            ),
            (
                "dosevigil_self_test_age_seconds",
                "Since the self-test last passed, or since the start",
                self.trials.age(self.clock.real()).as_secs(),
            ),
            (
                "dosevigil_occurrences",
                "Present, clearing or latched",
                self.board.shown.len() as u64,
            ),
        ];
        let figures = figures.map(|(name, help, value)| Figure { name, help, value });
        self.telemetry.text(&rejects, &figures)
    }
}
