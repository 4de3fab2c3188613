//! SIGTERM in the midst of traffic.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually, wall};
use crate::events::Events;
use crate::mosquitto::Mosquitto;
use crate::payload::{cuff, topic};
use crate::publisher::Publisher;

const BEDS: u32 = 100;

fn bed(number: u32) -> String {
    format!("bay-{number}")
}

#[tokio::test]
async fn a_stop_in_the_midst_of_traffic_loses_no_alarm_and_ends_in_five_seconds() {
    // Goal: exit 0 in time, streams get their farewell, and over the stop and the next start each
    // very high reading raises exactly one alarm, whether the first process had it, had answered
    // for it, or had not.
    // safety:P2 safety:A3 safety:S3
    let broker = Mosquitto::started().await;
    let beds: Vec<String> = (1..=BEDS).map(bed).collect();
    let clinic = Clinic::of_beds(&beds).with_broker(broker.port());
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    let port = broker.port();
    let traffic = tokio::spawn(async move {
        let mut gateway = Publisher::connect(port, "gateway");
        for number in 1..=BEDS {
            let bed = bed(number);
            gateway.publish(&topic(&bed), cuff(&bed, wall(), 200 + number % 80, 99)).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let third = |event: &crate::events::Event| event.id == Some(u64::from(BEDS / 3));
    events.until(SOON, "a third of the alarms", third).await;
    let address = service.address;
    service.stop().await;
    events.ended(SOON).await;
    let last = events.seen.last().expect("events came");
    assert_eq!((&*last.name, last.text("reason")), ("bye", "shutting down"), "{address}");
    traffic.await.expect("the traffic ends");
    assert_eq!(clinic.integrity().await, "ok");

    let service = clinic.start().await;
    service.ready().await;
    let alarms = eventually(SOON, "an alarm on every bed", async || {
        let alarms = service.list("/api/v1/alarms?state=all&limit=200").await;
        let high = alarms.into_iter().filter(|alarm| alarm["family"] == "bp-high");
        let high: Vec<_> = high.collect();
        (high.len() as u32 >= BEDS).then_some(high)
    })
    .await;
    let mut by_bed = BTreeMap::new();
    for alarm in &alarms {
        *by_bed.entry(alarm["bed"].as_str().expect("a bed")).or_insert(0) += 1;
    }
    assert!(by_bed.values().all(|count| *count == 1), "{by_bed:?}");
    for seen in events.seen.iter().filter(|event| event.data["family"] == "bp-high") {
        let kept = alarms.iter().any(|alarm| alarm["occurrence"] == seen.data["occurrence"]);
        assert!(kept, "{}", seen.data);
    }
    service.stop().await;
}
