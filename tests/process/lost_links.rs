//! Links that are not there, go away and come back: a broker absent at start, a killed broker, an
//! unplugged serial line.

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually, wall};
use crate::events::{Event, Events};
use crate::lines::Monitor;
use crate::mosquitto::Mosquitto;
use crate::payload::{cuff, topic};
use crate::publisher::Publisher;

fn raised(bed: &str, subject: &str) -> impl Fn(&Event) -> bool {
    move |event| {
        event.is_alarm(bed, "link-down")
            && event.has("subject", subject)
            && event.has("condition", "present")
    }
}

fn healed(bed: &str, subject: &str) -> impl Fn(&Event) -> bool {
    move |event| {
        event.is_alarm(bed, "link-down")
            && event.has("subject", subject)
            && event.has("condition", "ended")
    }
}

/// A very high reading of bay-1 alarms after the broker's return.
async fn assert_alarms_again(broker: &Mosquitto, events: &mut Events) {
    let mut gateway = Publisher::connect(broker.port(), "gateway");
    gateway.publish(&topic("bay-1"), cuff("bay-1", wall(), 214, 112)).await;
    events.until(SOON, "an alarm again", |event| event.is_alarm("bay-1", "bp-high")).await;
}

#[tokio::test]
async fn a_broker_that_is_absent_at_start_is_shown_and_alarms_work_once_it_comes() {
    // Goal: the service is up without its broker and says so everywhere.
    // safety:S4 safety:S3 rule:T3
    let mut broker = Mosquitto::stopped("allow_anonymous true");
    let clinic = Clinic::of_beds(&["bay-1", "bay-2"]).with_broker(broker.port());
    let service = clinic.start().await;
    let ready = service.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.json()["reasons"].to_string().contains("clinic"), "{}", ready.body);
    for bed in service.list("/api/v1/beds?").await {
        assert_eq!(bed["state"], "absent", "{bed}");
        let vitals = bed["vitals"].as_array().expect("a bed has vitals");
        assert!(vitals.iter().all(|vital| vital["value"].is_null()), "{bed}");
    }
    // From the beginning: the alarm may be there before the stream.
    let mut events = Events::open(service.address, &service.nurse, Some(0)).await;
    let alarm = events.until(SOON, "link down", raised("", "clinic")).await;
    assert!(alarm.data["bed"].is_null() && alarm.has("kind", "technical"), "{}", alarm.data);

    broker.start().await;
    events.until(SOON, "the link is back", healed("", "clinic")).await;
    assert_alarms_again(&broker, &mut events).await;
    service.stop().await;
}

#[tokio::test]
async fn a_killed_broker_raises_one_alarm_for_the_whole_service_and_heals() {
    // Goal: kill -9 of the broker, which forgets session and subscriptions; then it is back.
    // safety:S3 rule:T3
    let mut broker = Mosquitto::started().await;
    let clinic = Clinic::of_beds(&["bay-1", "bay-2"]).with_broker(broker.port());
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    broker.kill();
    let alarm = events.until(SOON, "link down", raised("", "clinic")).await;
    assert!(alarm.has("priority", "medium") && alarm.data["bed"].is_null(), "{}", alarm.data);
    assert_eq!(service.get("/readyz").await.status, 503);

    broker.start().await;
    let back = events.until(SOON, "the link is back", healed("", "clinic")).await;
    assert_eq!(back.data["occurrence"], alarm.data["occurrence"]);
    service.ready().await;
    assert_alarms_again(&broker, &mut events).await;
    let downs = events.seen.iter().filter(|event| event.is_alarm("", "link-down"));
    assert!(downs.clone().all(|event| event.has("subject", "clinic")));
    assert!(downs.count() >= 2);
    service.stop().await;
}

#[tokio::test]
async fn an_unplugged_serial_line_alarms_on_its_bed_and_its_numbers_go_at_once() {
    // Goal: the cable of an oximeter is pulled and put back.
    // safety:S5 rule:T3
    let clinic = Clinic::of_beds(&["bay-1", "bay-2"]);
    let clinic = clinic.with_serial("bay-1-oximeter", "bay-1", "nonin", "format = 2");
    let monitor = Monitor::oximeter(&clinic.port("bay-1-oximeter"));
    let service = clinic.start().await;
    service.ready().await;
    let live = async |metric: &'static str| {
        eventually(SOON, "the number is live", async || {
            (service.vital("bay-1", metric).await["state"] == "live").then_some(())
        })
        .await;
    };
    monitor.shows(96, 81).await;
    live("spo2").await;
    let mut events = Events::open(service.address, &service.nurse, None).await;

    monitor.unplug().await;
    for metric in ["spo2", "heart_rate"] {
        eventually(SOON, "the number is removed", async || {
            let vital = service.vital("bay-1", metric).await;
            (vital["value"].is_null() && vital["state"] == "removed").then_some(())
        })
        .await;
    }
    let alarm = events.until(SOON, "link down", raised("bay-1", "bay-1-oximeter")).await;
    let service_wide = |event: &Event| event.is_alarm("", "link-down");
    assert!(!events.seen.iter().any(service_wide));

    monitor.plug().await;
    let back = events.until(SOON, "the line is back", healed("bay-1", "bay-1-oximeter")).await;
    assert_eq!(back.data["occurrence"], alarm.data["occurrence"]);
    live("spo2").await;
    live("heart_rate").await;
    service.stop().await;
}
