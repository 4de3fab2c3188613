//! A journal that does not commit for a while: another program holds the database.

use serde_json::Value;
use sqlx::Executor as _;

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually, wall};
use crate::events::{Event, Events};
use crate::mosquitto::Mosquitto;
use crate::payload::{cuff, oximeter, topic};
use crate::publisher::Publisher;

/// More than the broker sends without acknowledgement, and than it had sent before.
const WINDOW: u64 = 1000;

#[tokio::test]
async fn an_alarm_is_shown_though_the_journal_stalls_and_again_with_its_number() {
    // Goal: a stalled journal holds back no alarm, is itself an alarm, and heals without a hole.
    // Method: a write lock from outside until both alarms were seen without ids.
    // safety:A2 safety:P4
    let broker = Mosquitto::started().await;
    let clinic = Clinic::of_beds(&["bay-1"]).with_broker(broker.port());
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    let mut gateway = Publisher::connect(broker.port(), "gateway");

    let mut other = clinic.open_database().await;
    other.execute("BEGIN IMMEDIATE").await.expect("the lock is to be had");
    gateway.publish(&topic("bay-1"), cuff("bay-1", wall(), 219, 121)).await;
    let early = events.until(SOON, "the alarm", |event| event.is_alarm("bay-1", "bp-high")).await;
    assert!(early.id.is_none() && early.data.get("seq").is_none(), "{}", early.data);
    let stall = events.until(SOON, "the stall's alarm", |e| e.is_alarm("", "journal")).await;
    assert!(stall.id.is_none() && stall.has("priority", "high"), "{}", stall.data);
    let listed = service.list("/api/v1/alarms?state=present").await;
    for shown in [&early, &stall] {
        let unlogged = listed.iter().any(|alarm| {
            alarm["occurrence"] == shown.data["occurrence"]
                && alarm.get("seq").is_none_or(Value::is_null)
        });
        assert!(unlogged, "{listed:#?}");
    }
    assert_eq!(service.get("/readyz").await.status, 503);
    other.execute("ROLLBACK").await.expect("it is ours");

    for shown in [&early, &stall] {
        let same = |event: &Event| {
            event.name == "alarm"
                && event.id.is_some()
                && event.data["occurrence"] == shown.data["occurrence"]
        };
        let numbered = events.until(SOON, "the alarm with its number", same).await;
        assert_eq!(numbered.data["revision"], shown.data["revision"]);
        assert_eq!(numbered.data["onset"], shown.data["onset"]);
    }
    let over = |event: &Event| event.is_alarm("", "journal") && event.has("condition", "ended");
    events.until(SOON, "the stall is over", over).await;
    service.ready().await;
    let ids = events.ids();
    assert!(ids.windows(2).all(|pair| pair[1] == pair[0] + 1), "{ids:?}");
    // A lock that stood for long has made a commit fail, which it logged.
    service.end_troubled("-TERM").await;
}

#[tokio::test]
async fn readings_go_on_though_one_that_alarmed_is_not_committed_for_long() {
    // Goal: a journal that fails does not silence the beds of a broker, whose acknowledgements go
    // in order: all that follows the reading that alarmed would wait for its commit.
    // Method: a write lock from outside, a reading that alarms, then more readings than the
    // broker's window holds; afterwards the alarm is in the journal, once.
    // safety:P4 safety:S3
    let broker = Mosquitto::started().await;
    let clinic = Clinic::of_beds(&["bay-1"]).with_broker(broker.port());
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    let mut gateway = Publisher::connect(broker.port(), "gateway");

    let mut other = clinic.open_database().await;
    other.execute("BEGIN IMMEDIATE").await.expect("the lock is to be had");
    gateway.publish(&topic("bay-1"), cuff("bay-1", wall(), 219, 121)).await;
    let early = events.until(SOON, "the alarm", |event| event.is_alarm("bay-1", "bp-high")).await;
    assert!(early.id.is_none(), "{}", early.data);
    for _ in 0..2 * WINDOW {
        gateway.send(&topic("bay-1"), oximeter("bay-1", wall(), 97, 71)).await;
    }
    gateway.settled().await;
    // Two values in each message.
    eventually(SOON, "every reading is taken in, the journal still failing", async || {
        let readings = service.figure("dosevigil_readings_total").await;
        (readings >= 2 * 2 * WINDOW + 2).then_some(())
    })
    .await;
    assert_eq!(service.get("/readyz").await.status, 503);
    other.execute("ROLLBACK").await.expect("it is ours");

    let numbered = |event: &Event| event.is_alarm("bay-1", "bp-high") && event.id.is_some();
    let alarm = events.until(SOON, "the alarm with its number", numbered).await;
    assert_eq!(alarm.data["occurrence"], early.data["occurrence"]);
    service.ready().await;
    let listed = service.list("/api/v1/alarms?state=all&bed=bay-1").await;
    let pressures = listed.iter().filter(|alarm| alarm["family"] == "bp-high").count();
    assert_eq!(pressures, 1, "{listed:#?}");
    service.end_troubled("-TERM").await;
}
