//! What people were shown and told over several lives of the service, and whether the one series
//! of transitions holds all of it, once.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::events::{Event, Events};
use crate::http::Answer;

#[derive(Default)]
pub(crate) struct Ledger {
    /// Every alarm that any screen was sent live, by id.
    shown: BTreeMap<u64, Value>,
    /// Occurrences that somebody was told to have acknowledged, with the name.
    acknowledged: BTreeMap<String, Value>,
}

/// What must never change once it was shown.
const LASTING: [&str; 12] = [
    "occurrence",
    "revision",
    "bed",
    "family",
    "rule",
    "subject",
    "priority",
    "condition",
    "signal",
    "value",
    "onset",
    "acknowledged",
];

impl Ledger {
    pub(crate) fn take(&mut self, events: &Events) {
        for event in events.seen.iter().filter(|event| event.name == "alarm") {
            let Some(id) = event.id else { continue };
            if let Some(known) = self.shown.insert(id, event.data.clone()) {
                assert_same(&known, &event.data);
            }
        }
    }

    pub(crate) fn acknowledged(&mut self, answer: &Answer) {
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer = answer.json();
        let occurrence = answer["occurrence"]["occurrence"].as_str().expect("an occurrence");
        self.acknowledged.insert(occurrence.to_owned(), answer["first"]["by"].clone());
    }

    /// What a browser would send as Last-Event-ID.
    pub(crate) fn last_id(&self) -> Option<u64> {
        self.shown.last_key_value().map(|(id, _)| *id)
    }

    /// `events` tell the series from its beginning: without a hole, with all that was shown, each
    /// family of a bed once at a time, and with the acknowledgements.
    pub(crate) fn assert_kept_in(&self, events: &Events) {
        let ids = events.ids();
        assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
        let alarms: Vec<&Event> = events.seen.iter().filter(|e| e.name == "alarm").collect();
        let by_id: BTreeMap<u64, &Value> =
            alarms.iter().filter_map(|event| Some((event.id?, &event.data))).collect();
        for (id, shown) in &self.shown {
            let kept = by_id.get(id).unwrap_or_else(|| panic!("{id} is lost: {shown}"));
            assert_same(shown, kept);
        }
        assert_none_doubled(&alarms);
        for (occurrence, by) in &self.acknowledged {
            let last = alarms.iter().rev().find(|event| event.text("occurrence") == occurrence);
            let last = last.unwrap_or_else(|| panic!("{occurrence} is lost"));
            assert_eq!(last.data["acknowledged"]["by"], *by, "{}", last.data);
        }
    }

    /// This very high pressure has raised exactly one alarm.
    pub(crate) fn assert_once(&self, events: &Events, bed: &str, systolic: u32) {
        let of = |event: &&Event| event.is_alarm(bed, "bp-high") && event.has("value", systolic);
        let mut ids: Vec<&str> =
            events.seen.iter().filter(of).map(|event| event.text("occurrence")).collect();
        ids.dedup();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 1, "{systolic} on {bed}: {ids:?}");
    }
}

fn assert_same(shown: &Value, kept: &Value) {
    for key in LASTING {
        assert_eq!(shown[key], kept[key], "{key} of {shown}\nnow {kept}");
    }
}

/// A second occurrence of the same kind begins only after the first has ended.
fn assert_none_doubled(alarms: &[&Event]) {
    let mut open: BTreeMap<String, &str> = BTreeMap::new();
    for event in alarms {
        let key = ["bed", "family", "subject"].map(|key| event.data[key].to_string()).join(" ");
        let occurrence = event.text("occurrence");
        if event.has("condition", "ended") {
            if open.get(&key) == Some(&occurrence) {
                open.remove(&key);
            }
        } else {
            let known = open.entry(key).or_insert(occurrence);
            assert_eq!(*known, occurrence, "doubled: {}", event.data);
        }
    }
}
