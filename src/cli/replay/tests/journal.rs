//! A live service's journal, played once more: the same transitions, bit for bit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::{changed_preset, from_root, replay, success};
use crate::app;
use crate::config;
use crate::domain::act::{Act, Actor, Deed, Disposition};
use crate::domain::device::Message;
use crate::domain::ids::{BedIndex, DeviceId, OccurrenceId, SessionId, SourceIndex, Uuid};
use crate::domain::input::{DoseEvent, Input, SessionStart};
use crate::domain::metric::Metric;
use crate::domain::reading::{Quantity, Reading, ValueSource};
use crate::domain::role::Role;
use crate::domain::session::checks::Checks;
use crate::domain::time::Stamp;
use crate::shell::clock::{Clock, Speed};

/// A clinic of one bed with a serial line that is not there, in a folder of its own.
struct Clinic(TempDir);

impl Clinic {
    fn new() -> Self {
        let clinic = Self(tempfile::tempdir().unwrap());
        clinic.limits("ketamine-iv", &from_root("config/presets"));
        clinic
    }

    fn config(&self) -> PathBuf {
        self.0.path().join("monitor.toml")
    }

    fn database(&self) -> String {
        self.0.path().join("journal.db").display().to_string()
    }

    /// Puts a preset in force.
    fn limits(&self, preset: &str, folder: &Path) {
        let text = format!(
            "[site]\nname = \"test-clinic\"\ntimezone = \"UTC\"\n\
             [storage]\npath = \"journal.db\"\n[audit]\nkey_file = \"audit.key\"\n\
             [http]\nlisten = \"127.0.0.1:0\"\n\
             [alarms]\npreset = {preset:?}\npresets_dir = {folder:?}\n\
             [[bed]]\nid = \"bay-1\"\nlabel = \"Bay 1\"\n\
             [[serial]]\nname = \"cuff\"\nbed = \"bay-1\"\npath = \"no-such-line\"\n\
             protocol = \"vitals-json\"\n"
        );
        std::fs::write(self.config(), text).unwrap();
    }

    /// Starts the service, gives it `history` and stops it in order.
    async fn live(&self, history: impl FnOnce(Stamp) -> Vec<(Stamp, Input)>) {
        let config = config::load(&self.config()).unwrap_or_else(|wrong| panic!("{wrong}"));
        let opened = app::open(config).await.unwrap();
        let clock = Arc::new(Clock::start(Speed::REAL, opened.recovery.last));
        let history = history(clock.now());
        let running = opened.start(clock, None, |engine| {
            for (at, input) in history {
                engine.feed(input, at);
            }
        });
        let stop = CancellationToken::new();
        stop.cancel();
        running.await.unwrap().until(stop).await.unwrap();
    }
}

const SESSION: SessionId = SessionId::from_bits(7);

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn message(readings: Vec<Reading>) -> Input {
    Input::Message {
        bed: BedIndex(0),
        source: SourceIndex(0),
        device: DeviceId::try_new("cuff").unwrap(),
        message: Message { readings, ..Message::default() },
    }
}

fn cuff(sys: i32, dia: i32) -> Input {
    let value = |metric, value| Reading::new(metric, Ok(Quantity(value)), ValueSource::Nibp);
    message(vec![value(Metric::NibpSys, sys), value(Metric::NibpDia, dia)])
}

fn pulse(value: i32) -> Input {
    message(vec![Reading::new(Metric::PulseRate, Ok(Quantity(value)), ValueSource::Pleth)])
}

/// A session with a dose, a cuff reading that is confirmed as high, a pulse that is too fast.
fn first_day(start: Stamp) -> Vec<(Stamp, Input)> {
    let bed = BedIndex(0);
    let session = SessionStart {
        id: SESSION,
        initials: "A.B.".into(),
        drug: "ketamine".into(),
        route: "iv".into(),
        age_years: None,
        responsible: Some("kim".into()),
    };
    let at = |n| start.plus(seconds(n));
    let mut history = vec![
        (at(1), Input::SessionStarted { bed, start: session }),
        (at(2), Input::Dose { bed, dose: DoseEvent::Started { at: at(2) } }),
        (at(10), cuff(186, 104)),
        (at(70), cuff(188, 104)),
    ];
    history.extend((100..160).map(|n| (at(n), pulse(150))));
    history
}

/// After a restart: the pressure is good again, the nurse takes what is HIGH and ends the session.
fn second_day(start: Stamp, high: &[(OccurrenceId, u32)]) -> Vec<(Stamp, Input)> {
    let at = |n| start.plus(seconds(n));
    let act = |command, deed| {
        let by = Actor::new("kim", Role::Nurse);
        let reason = Some("because".into());
        Input::Act(Act { command: Uuid::from_bits(command), by, reason, deed })
    };
    let taken = high.iter().zip(2..).map(|((occurrence, revision), command)| {
        let deed = Deed::Acknowledge { occurrence: *occurrence, revision: *revision };
        (at(50), act(command, deed))
    });
    let end = Deed::EndSession {
        session: SESSION,
        disposition: Disposition::Admitted,
        checks: Checks::default(),
    };
    let pressure = (at(5), cuff(130, 80));
    std::iter::once(pressure).chain(taken).chain([(at(60), act(1, end))]).collect()
}

/// Each HIGH alarm in the lines of a replay, at its last revision.
fn high_alarms(lines: &[serde_json::Value]) -> Vec<(OccurrenceId, u32)> {
    let mut high = BTreeMap::new();
    for line in lines.iter().filter(|line| line["priority"] == "high") {
        let id = Uuid::parse(line["occurrence"].as_str().unwrap()).unwrap();
        high.insert(id, u32::try_from(line["revision"].as_u64().unwrap()).unwrap());
    }
    high.into_iter().collect()
}

async fn told(database: &str, config: &str) -> Vec<serde_json::Value> {
    let lines = replay(&[database, "--config", config, "--format", "jsonl"]).await.out;
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn replaying_a_live_journal_gives_the_same_transitions_bit_for_bit() {
    // safety:A3 replay identity. Goal: what a journal's inputs come to is what the live service
    // told, over a stop and a start. Method: the engine, the journal and a lost line as they are;
    // the command compares each transition with the recorded one; here they are counted, too.
    let clinic = Clinic::new();
    clinic.live(first_day).await;
    let config = clinic.config().display().to_string();
    let high = high_alarms(&told(&clinic.database(), &config).await);
    assert_eq!(high.len(), 2, "pressure and pulse");
    clinic.live(|start| second_day(start, &high)).await;
    let text = replay(&[&clinic.database(), "--config", &config]).await;
    assert_eq!((text.exit, text.errors.as_str()), (success(), ""));
    for part in [
        "bay-1 session started intake",
        "bay-1 confirmed bp-high B2 high active r2 \"Systolic 188 ≥ 180 mmHg\"",
        "bay-1 raised hr-high H2 high active r1",
        "service raised monitoring-gap",
        "bay-1 restored bp-high B2 high active r2 frozen restored",
        "bay-1 acknowledged hr-high H2 high acknowledged r1 frozen restored",
        "bay-1 acknowledged bp-high B2 high none r2 restored",
        "bay-1 session ended ended",
        // The gap, and that there is no second channel.
        "alarms outside any session, not counted here: 2\n",
    ] {
        assert!(text.out.contains(part), "{part} in\n{}", text.out);
    }
    let lines = told(&clinic.database(), &config).await;
    let (summary, told) = lines.split_last().expect("a summary");
    assert!(told.iter().zip(1..).all(|(line, seq)| line["seq"] == seq), "every number once");
    assert_eq!(summary["same_as_journal"], true, "{}", text.out);
    assert_eq!(summary["transitions"], told.len());
}

#[tokio::test]
async fn a_journal_under_other_limits_differs_and_says_from_where() {
    // safety:A3. Goal: the comparison can fail. Method: the configuration's limits change after
    // the journal was written; asked for as a preset they are a question, not a difference.
    let clinic = Clinic::new();
    clinic.live(first_day).await;
    let config = clinic.config().display().to_string();
    let higher = [("at_or_above = 180", "at_or_above = 190")];
    let (folder, preset) = changed_preset("higher", &higher);
    let what_if = replay(&[&clinic.database(), "--config", &config, "--preset", &preset]).await;
    assert_eq!(what_if.exit, success(), "{}", what_if.errors);
    for absent in ["B2 high", "the journal"] {
        assert!(!what_if.out.contains(absent), "{absent} in\n{}", what_if.out);
    }
    clinic.limits("higher", folder.path());
    let differs = replay(&[&clinic.database(), "--config", &config]).await;
    assert!(differs.out.contains("DIFFERS from the journal, from transition "), "{}", differs.out);
}
