//! The self-test: its successes are told, and a journal that stalls fails it.

use std::time::Duration;

use serde_json::Value;
use sqlx::Executor as _;

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually};
use crate::events::{Event, Events};

/// Between two trials (safety P7).
const EVERY: Duration = Duration::from_secs(60);
/// Longest way of a trial.
const WAY: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_journal_that_stalls_fails_the_self_test_and_nothing_else_knows_of_its_bed() {
    // Goal: the first trial passes and is told; the second finds the journal locked from outside.
    // Trials are real time, so this test takes more than a minute.
    // safety:P7 technical:self-test
    let clinic = Clinic::of_beds(&["bay-1"]);
    let service = clinic.start().await;
    let passed = eventually(SOON, "the first trial passes", async || {
        let ready = service.get("/readyz").await.json();
        ready["last_self_test"].as_str().map(str::to_owned)
    })
    .await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    let told = |event: &Event| event.name == "heartbeat" && event.has("self_test", &*passed);
    events.until(SOON, "the heartbeat tells it", told).await;
    assert_eq!(service.figure("dosevigil_readings_total").await, 0);

    let mut other = clinic.open_database().await;
    other.execute("BEGIN IMMEDIATE").await.expect("the lock is to be had");
    let failed = |event: &Event| event.is_alarm("", "self-test");
    let failed = events.until(EVERY + WAY + SOON, "the self-test fails", failed).await;
    // The first trial is long over, and a third one would be told a minute later.
    let after = failed.at - service.begun;
    assert!((EVERY..2 * EVERY).contains(&after), "the second trial was to fail: {after:?}");
    assert_eq!((failed.text("priority"), failed.text("signal")), ("high", "active"));
    other.execute("ROLLBACK").await.expect("it is ours");
    // The trial is late, not lost; the next one clears the alarm, a minute on.
    let beds = service.get("/api/v1/beds").await.json();
    assert_eq!(beds["items"].as_array().map(Vec::len), Some(1));
    let alarms = service.list("/api/v1/alarms?state=all").await;
    let own = |alarm: &&Value| alarm["bed"] == "_selftest";
    assert_eq!(alarms.iter().filter(own).count(), 0, "{alarms:#?}");
    service.end_troubled("-TERM").await;
}
