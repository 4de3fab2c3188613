//! One device that floods its bed must not hold up another.

use std::time::Duration;

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually, now, wall};
use crate::events::Events;
use crate::mosquitto::Mosquitto;
use crate::payload::{cuff, oximeter, topic};
use crate::publisher::Publisher;

/// How long the device floods, and how fast: five thousand times what a monitor sends, and what an
/// unoptimised build still takes from the broker as it comes. Faster, the broker's own queue grows.
const FLOOD: Duration = Duration::from_secs(3);
const BURST: u32 = 50;
const BURST_EVERY: Duration = Duration::from_millis(10);
/// Safety A1.
const AT_ONCE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_flooding_device_does_not_delay_the_alarm_of_another_bed() {
    // Goal: bay-1 gets thousands of messages a second, bay-2 one very high reading in the midst of
    // it; afterwards every message was taken in.
    // safety:S6
    let mut broker = Mosquitto::stopped("allow_anonymous true\nmax_queued_messages 0");
    broker.start().await;
    let clinic = Clinic::of_beds(&["bay-1", "bay-2"]).with_broker(broker.port());
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    let mut flooding = Publisher::connect(broker.port(), "flooding");
    let mut calm = Publisher::connect(broker.port(), "calm");
    let begun = now();
    let flood = tokio::spawn(async move {
        let mut bursts = tokio::time::interval(BURST_EVERY);
        while now() - begun < FLOOD {
            bursts.tick().await;
            for _ in 0..BURST {
                flooding.send(&topic("bay-1"), oximeter("bay-1", wall(), 97, 71)).await;
            }
        }
        flooding.settled().await;
        flooding.sent()
    });
    tokio::time::sleep(FLOOD / 2).await;
    let sent = now();
    calm.publish(&topic("bay-2"), cuff("bay-2", wall(), 207, 99)).await;
    let alarm = events.until(SOON, "B1", |event| event.is_alarm("bay-2", "bp-high")).await;
    let took = alarm.at - sent;
    let flooded = flood.await.expect("the flood ends");
    eprintln!(
        "{flooded} messages in {FLOOD:?}; the other bed's alarm took {took:?} {}",
        alarm.data["latency_us"]
    );
    assert!(took < AT_ONCE, "{took:?} behind {flooded} messages");
    // Two values in each message of the flood, two in the other.
    eventually(SOON, "every message is taken in", async || {
        (service.figure("dosevigil_readings_total").await >= 2 * flooded + 2).then_some(())
    })
    .await;
    service.stop().await;
}
