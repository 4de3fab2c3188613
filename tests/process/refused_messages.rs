//! What can't be used: refused whole, counted under one reason, shown, and never a reading.

use jiff::Timestamp;

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually, wall};
use crate::events::Events;
use crate::mosquitto::Mosquitto;
use crate::payload::{cuff, device, message, oximeter, topic};
use crate::publisher::{Kept, Publisher};
use crate::service::Service;

async fn rejects(service: &Service, reason: &str) -> u64 {
    let name = format!("dosevigil_rejects_total{{source=\"clinic\",reason=\"{reason}\"}}");
    service.figure(&name).await
}

#[tokio::test]
async fn a_retained_message_is_never_a_reading() {
    // Goal: a broker's memory of an old very high reading raises nothing.
    // safety:S7 safety:F2
    let broker = Mosquitto::started().await;
    let clinic = Clinic::of_beds(&["bay-1"]).with_broker(broker.port());
    let mut gateway = Publisher::connect(broker.port(), "gateway");
    let high = cuff("bay-1", wall(), 231, 125);
    gateway.send_as(&topic("bay-1"), high, Kept::Retained).await;
    gateway.settled().await;
    let service = clinic.start().await;
    eventually(SOON, "the message is refused", async || {
        (rejects(&service, "retained").await > 0).then_some(())
    })
    .await;
    let vital = service.vital("bay-1", "nibp_sys").await;
    assert!(vital["value"].is_null() && vital["state"] == "absent", "{vital}");
    let listed = service.list("/api/v1/alarms?state=all&bed=bay-1").await;
    assert!(listed.iter().all(|alarm| alarm["kind"] == "technical"), "{listed:#?}");
    service.stop().await;
}

#[tokio::test]
async fn a_message_for_a_bed_that_nobody_declared_is_counted_and_shown() {
    // Goal: neither dropped in silence nor taken for another bed's.
    // safety:S1
    let broker = Mosquitto::started().await;
    let clinic = Clinic::of_beds(&["bay-1"]).with_broker(broker.port());
    let mut gateway = Publisher::connect(broker.port(), "gateway");
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    gateway.publish(&topic("bay-9"), cuff("bay-9", wall(), 231, 125)).await;
    let told = |event: &crate::events::Event| {
        event.name == "heartbeat"
            && event.has("undeclared", 1)
            && event.data["sources"][0]["rejects"]["undeclared"] == 1
    };
    events.until(SOON, "the heartbeat tells it", told).await;
    assert_eq!(rejects(&service, "undeclared").await, 1);
    assert_eq!(service.figure("dosevigil_undeclared_total").await, 1);
    let patient = |event: &crate::events::Event| event.has("kind", "physiological");
    assert!(!events.seen.iter().any(patient), "{:#?}", events.seen);
    service.stop().await;
}

#[tokio::test]
async fn what_cannot_be_used_is_counted_under_its_own_reason_and_three_in_ten_seconds_alarm() {
    // Goal: one message of each class, each on the bed named; then the alarm of that bed, and a
    // good message of the same bed is still taken.
    // safety:S1
    let broker = Mosquitto::started().await;
    let beds: Vec<String> = (1..=9).map(|n| format!("bay-{n}")).collect();
    let clinic = Clinic::of_beds(&beds).with_broker(broker.port());
    let mut gateway = Publisher::connect(broker.port(), "gateway");
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;

    let now = wall();
    let cases = unusable(now);
    for (reason, bed, payload) in &cases {
        gateway.publish(&topic(bed), payload.clone()).await;
        eventually(SOON, reason, async || (rejects(&service, reason).await > 0).then_some(()))
            .await;
    }
    let mut total = 0;
    for (reason, ..) in &cases {
        let count = rejects(&service, reason).await;
        let expected = cases.iter().filter(|(other, ..)| other == reason).count();
        assert_eq!(count, expected as u64, "{reason}");
        total += 1;
    }
    assert_eq!(total, cases.len());
    let invalid = |event: &crate::events::Event| event.data["family"] == "invalid-data";
    events.take_arrived();
    assert!(!events.seen.iter().any(invalid), "one or two are no alarm");

    for _ in 0..3 {
        gateway.publish(&topic("bay-9"), "not JSON").await;
    }
    let alarm = events.until(SOON, "invalid data", invalid).await;
    assert!(alarm.is_alarm("bay-9", "invalid-data"), "{}", alarm.data);
    gateway.publish(&topic("bay-9"), oximeter("bay-9", wall(), 95, 66)).await;
    eventually(SOON, "a good message is taken", async || {
        (service.vital("bay-9", "spo2").await["value"] == 95).then_some(())
    })
    .await;
    service.stop().await;
}

/// Reason, bed and message.
fn unusable(now: Timestamp) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let good = message("bay-1", now, "");
    let inner = format!("{}1{}", "[".repeat(20), "]".repeat(20));
    let deep = good.replace(r#""obs""#, &format!(r#""more":{inner},"obs""#));
    let crc = good.strip_suffix('}').expect("an object").to_owned() + r#","crc":"00000000"}"#;
    let twice = good.replace(r#""v":1,"#, r#""v":1,"v":1,"#);
    let elsewhere = message("bay-5", now, "").replace(r#""v":1,"#, r#""v":1,"bed":"bay-6","#);
    let long = message("bay-3", now, "")
        .replace(r#""obs""#, &format!(r#""more":"{}","obs""#, "x".repeat(5000)));
    let stranger = message("bay-7", now, "").replace(&device("bay-7"), "stranger");
    vec![
        ("schema", "bay-1", b"{\"v\":1,\"half\":\xFF}".to_vec()),
        ("checksum", "bay-1", crc.into_bytes()),
        ("duplicate_key", "bay-2", twice.replace("bay-1", "bay-2").into_bytes()),
        ("version", "bay-2", good.replace(r#""v":1"#, r#""v":2"#).into_bytes()),
        ("too_large", "bay-3", long.into_bytes()),
        ("too_deep", "bay-4", deep.replace("bay-1", "bay-4").into_bytes()),
        ("bed_mismatch", "bay-5", elsewhere.into_bytes()),
        ("undeclared", "bay-7", stranger.into_bytes()),
    ]
}
