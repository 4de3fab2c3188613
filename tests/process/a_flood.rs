//! One device that floods its bed must not hold up another.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually, now, wall};
use crate::events::Events;
use crate::mosquitto::Mosquitto;
use crate::payload::{cuff, oximeter, topic};
use crate::publisher::Publisher;

/// How fast the device floods: five thousand times what a monitor sends, and what an unoptimised
/// build still takes from the broker as it comes. Faster, the broker's own queue grows.
const BURST: u32 = 50;
const BURST_EVERY: Duration = Duration::from_millis(10);
/// What has flooded when the other device sends.
const MIDST: u64 = 7500;
/// As much as the service must not need the end of to alarm.
const FLOOD_MAX: u64 = 60_000;

#[tokio::test]
async fn a_flooding_device_does_not_delay_the_alarm_of_another_bed() {
    // Goal: bay-1 gets thousands of messages a second, bay-2 one very high reading in the midst of
    // it, whose alarm is there while the flood goes on; afterwards every message was taken in.
    // safety:S6
    let mut broker = Mosquitto::stopped("allow_anonymous true\nmax_queued_messages 0");
    broker.start().await;
    let clinic = Clinic::of_beds(&["bay-1", "bay-2"]).with_broker(broker.port());
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    let mut flooding = Publisher::connect(broker.port(), "flooding");
    let mut calm = Publisher::connect(broker.port(), "calm");
    let (count, mut counted) = watch::channel(0);
    let (enough, is_enough) = watch::channel(false);
    let flood = tokio::spawn(async move {
        let mut bursts = tokio::time::interval(BURST_EVERY);
        bursts.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !*is_enough.borrow() && flooding.sent() < FLOOD_MAX {
            bursts.tick().await;
            for _ in 0..BURST {
                flooding.send(&topic("bay-1"), oximeter("bay-1", wall(), 97, 71)).await;
            }
            count.send_replace(flooding.sent());
        }
        flooding.settled().await;
        flooding.sent()
    });
    counted.wait_for(|count| *count >= MIDST).await.expect("the flood goes on");
    let sent = now();
    calm.publish(&topic("bay-2"), cuff("bay-2", wall(), 207, 99)).await;
    let alarm = events.until(SOON, "B1", |event| event.is_alarm("bay-2", "bp-high")).await;
    let (took, behind) = (alarm.at - sent, *counted.borrow());
    enough.send_replace(true);
    let flooded = flood.await.expect("the flood ends");
    eprintln!(
        "{flooded} messages; the other bed's alarm took {took:?} {}",
        alarm.data["latency_us"]
    );
    assert!(behind < FLOOD_MAX, "the alarm came after the flood only");
    // Two values in each message of the flood, two in the other.
    eventually(SOON, "every message is taken in", async || {
        (service.figure("dosevigil_readings_total").await >= 2 * flooded + 2).then_some(())
    })
    .await;
    service.stop().await;
}
