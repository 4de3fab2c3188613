//! A very high cuff reading, over both kinds of link; a re-sent one; one that is durable.

use sqlx::Connection as _;

use crate::clinic::Clinic;
use crate::clock::{SOON, eventually, wall};
use crate::events::{Event, Events};
use crate::lines::Monitor;
use crate::mosquitto::Mosquitto;
use crate::payload::{cuff, oximeter, seconds_before, topic};
use crate::publisher::Publisher;
use crate::service::Service;

/// A slow disk has it shown without its number first.
fn is_numbered(bed: &str) -> impl Fn(&Event) -> bool {
    move |event| event.is_alarm(bed, "bp-high") && event.id.is_some()
}

/// The alarm is high, numbered, and the same in the list and in the bed's picture.
async fn assert_raised(service: &Service, alarm: &Event, bed: &str, systolic: u32) {
    let id = alarm.id.expect("a live event after its commit has an id");
    for (key, value) in [("rule", "B1"), ("priority", "high"), ("signal", "active")] {
        assert!(alarm.has(key, value), "{key}: {}", alarm.data);
    }
    assert!(alarm.has("condition", "present") && alarm.has("value", systolic), "{}", alarm.data);
    assert!(alarm.has("seq", id) && alarm.has("revision", 1), "{}", alarm.data);
    let listed = service.list(&format!("/api/v1/alarms?state=present&bed={bed}")).await;
    // Others may stand for what a slow machine is late with.
    let of_it: Vec<_> = listed.iter().filter(|it| it["family"] == "bp-high").collect();
    let [listed] = of_it[..] else { panic!("one alarm: {listed:#?}") };
    for key in ["occurrence", "revision", "value", "onset", "reading", "text"] {
        assert_eq!(listed[key], alarm.data[key], "{key}");
    }
    // It goes on to a next step by itself.
    assert!(listed["seq"].as_u64() >= Some(id), "{listed}");
    let shown = service.get(&format!("/api/v1/beds/{bed}")).await.json();
    let shown = shown["occurrences"].as_array().expect("a bed has occurrences");
    assert!(shown.contains(&alarm.data["occurrence"]), "{shown:?}");
}

#[tokio::test]
async fn a_very_high_cuff_reading_over_a_serial_line_alarms_at_once() {
    // Goal: B1 through a real serial line, from the monitor's answer to the live event.
    // rule:B1 safety:A2
    let clinic = Clinic::of_beds(&["bay-1"]);
    let clinic = clinic.with_serial("bay-1-cuff", "bay-1", "ge-dinamap-ascii", "");
    let monitor = Monitor::cuff(&clinic.port("bay-1-cuff"));
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;

    eventually(SOON, "the pressure is shown", async || {
        (service.vital("bay-1", "nibp_sys").await["value"] == 128).then_some(())
    })
    .await;
    monitor.measures(212, 118).await;
    let alarm = events.until(SOON, "B1", is_numbered("bay-1")).await;
    assert_raised(&service, &alarm, "bay-1", 212).await;
    assert_eq!(alarm.data["reading"]["device"], "bay-1-cuff");
    service.stop().await;
}

#[tokio::test]
async fn a_very_high_cuff_reading_over_mqtt_alarms_at_once() {
    // Goal: B1 through a real broker; the diastolic governs when it alone is too high.
    // rule:B1 safety:A2
    let broker = Mosquitto::started().await;
    let clinic = Clinic::of_beds(&["bay-1", "bay-2"]).with_broker(broker.port());
    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    let mut gateway = Publisher::connect(broker.port(), "gateway");

    gateway.publish(&topic("bay-1"), cuff("bay-1", wall(), 128, 79)).await;
    gateway.publish(&topic("bay-2"), cuff("bay-2", wall(), 201, 118)).await;
    let alarm = events.until(SOON, "B1", is_numbered("bay-2")).await;
    assert_raised(&service, &alarm, "bay-2", 201).await;
    assert!(!events.seen.iter().any(|event| event.is_alarm("bay-1", "bp-high")));
    service.stop().await;
}

#[tokio::test]
async fn a_low_cuff_reading_sent_again_after_a_crash_is_not_taken_for_its_confirmation() {
    // Goal: a determination counts once over a restart. Method: B9 asks for a second low reading;
    // the first is sent again after a kill, then a true second one comes.
    // row:31 rule:B9 safety:P9
    let broker = Mosquitto::started().await;
    let clinic = Clinic::of_beds(&["bay-1"]).with_broker(broker.port());
    let first = cuff("bay-1", seconds_before(wall(), 60), 86, 52);
    let mut gateway = Publisher::connect(broker.port(), "gateway");
    let advised = async |service: &Service| {
        eventually(SOON, "the advice to repeat", async || {
            let bed = service.get("/api/v1/beds/bay-1").await.json();
            (bed["advisories"].as_array().is_some_and(|all| !all.is_empty())).then_some(())
        })
        .await;
    };

    let service = clinic.start().await;
    service.ready().await;
    gateway.publish(&topic("bay-1"), first.clone()).await;
    advised(&service).await;
    eventually(SOON, "the reading is durable", async || {
        (clinic.journaled("%bay-1-monitor%").await > 0).then_some(())
    })
    .await;
    service.kill().await;

    let service = clinic.start().await;
    service.ready().await;
    let mut events = Events::open(service.address, &service.nurse, None).await;
    advised(&service).await;
    let repeated = "dosevigil_repeated_total";
    let before = service.figure(repeated).await;
    gateway.publish(&topic("bay-1"), first).await;
    eventually(SOON, "the repeated reading is counted", async || {
        (service.figure(repeated).await > before).then_some(())
    })
    .await;
    let listed = service.list("/api/v1/alarms?state=all&bed=bay-1").await;
    assert!(listed.iter().all(|alarm| alarm["family"] != "bp-low"), "{listed:#?}");

    gateway.publish(&topic("bay-1"), cuff("bay-1", wall(), 85, 51)).await;
    let alarm = events.until(SOON, "B9", |event| event.is_alarm("bay-1", "bp-low")).await;
    assert!(alarm.has("rule", "B9"), "{}", alarm.data);
    service.stop().await;
}

#[tokio::test]
async fn a_routine_reading_is_on_the_disk_soon_after_it_came() {
    // Goal: a crash takes no more than the last moment of routine readings. Method: look into the
    // database beside the running service, kill it, and look again.
    // safety:P9
    let broker = Mosquitto::started().await;
    let clinic = Clinic::of_beds(&["bay-1"]).with_broker(broker.port());
    let mut gateway = Publisher::connect(broker.port(), "gateway");
    let service = clinic.start().await;
    service.ready().await;
    gateway.publish(&topic("bay-1"), oximeter("bay-1", wall(), 97, 71)).await;
    eventually(SOON, "the reading is taken in", async || {
        (service.vital("bay-1", "spo2").await["value"] == 97).then_some(())
    })
    .await;
    eventually(SOON, "the reading is durable", async || {
        (clinic.journaled("%bay-1-monitor%").await > 0).then_some(())
    })
    .await;
    service.kill().await;
    assert!(clinic.journaled("%bay-1-monitor%").await > 0);
    assert_eq!(clinic.integrity().await, "ok");
}

impl Clinic {
    /// How many inputs of the journal look like `pattern`.
    async fn journaled(&self, pattern: &str) -> i64 {
        let mut conn = self.open_database().await;
        let count = sqlx::query_scalar("SELECT count(*) FROM input WHERE body LIKE ?");
        let count = count.bind(pattern).fetch_one(&mut conn).await.expect("the journal is read");
        conn.close().await.expect("it closes");
        count
    }
}
