//! A real mosquitto, started, killed and frozen (safety:S3, safety:S4, safety:S7).

use std::fs;
use std::os::unix::fs::PermissionsExt;

use dosevigil::domain::device::Reject;
use tokio::process::Command;

use crate::mosquitto::Mosquitto;
use crate::rig::{Got, Rig, SOON, lost_since, mqtt_config, payload};

const TOPIC: &str = "v/bay-1/cuff-7/obs";

fn message(seq: u32) -> Got {
    Got::message(0, "cuff-7", Some(seq))
}

#[tokio::test]
async fn a_broker_absent_at_start_is_awaited() {
    // safety:S4: the loss is said at once, the reason in plain words, and readings come later.
    let mut broker = Mosquitto::stopped("allow_anonymous true");
    let mut rig = Rig::mqtt(mqtt_config(broker.port()), 64);
    let (_, before) = rig.until(SOON, Got::lost("no broker answers there")).await;
    assert_eq!(before, [Got::Opening]);
    broker.start().await;
    let (_, before) = rig.until(SOON, Got::Online).await;
    assert!(before.ends_with(&[Got::Opening, Got::Negotiating]), "{before:?}");
    broker.publish(TOPIC, &payload("cuff-7", 1)).await;
    let (intake, _) = rig.until(SOON, message(1)).await;
    assert!(intake.ack.is_some());
    rig.ended().await;
}

#[tokio::test]
async fn a_killed_broker_is_lost_and_is_subscribed_to_again_when_it_is_back() {
    // The restarted broker has forgotten session and subscriptions.
    let mut broker = Mosquitto::started().await;
    let mut rig = Rig::mqtt(mqtt_config(broker.port()), 64);
    rig.until(SOON, Got::Online).await;
    broker.kill();
    rig.until(SOON, Got::lost("the broker closed the connection")).await;
    broker.start().await;
    rig.until(SOON, Got::Online).await;
    broker.publish(TOPIC, &payload("cuff-7", 2)).await;
    rig.until(SOON, message(2)).await;
    rig.ended().await;
}

#[tokio::test]
async fn a_frozen_broker_is_lost_in_time_and_dated_at_the_last_sign_of_life() {
    // Goal: nothing closes the connection, so only our own pings find it out.
    let broker = Mosquitto::started().await;
    let mut rig = Rig::mqtt(mqtt_config(broker.port()), 64);
    rig.until(SOON, Got::Online).await;
    broker.freeze();
    let (lost, _) = rig.until(SOON, Got::lost("the broker does not answer our ping")).await;
    // A ping waits for its answer as long as the connection is kept alive without one.
    let silence = lost.received.mono.since(lost_since(&lost).mono);
    assert!(silence >= mqtt_config(broker.port()).keep_alive, "found after {silence:?}");
    broker.thaw();
    rig.until(SOON, Got::Online).await;
    rig.ended().await;
}

#[tokio::test]
async fn a_retained_reading_is_refused_and_a_retained_status_is_not() {
    // safety:S7: what lay at the broker before we came is never a reading.
    let broker = Mosquitto::started().await;
    let retained = payload("cuff-7", 1);
    broker.publish_with(&["-r", "-t", TOPIC, "-m", &retained]).await;
    let offline = r#"{"online":false}"#;
    broker.publish_with(&["-r", "-t", "v/bay-2/cuff-8/status", "-m", offline]).await;
    let mut rig = Rig::mqtt(mqtt_config(broker.port()), 64);
    let wanted = [
        Got::Rejected(Some(0), Reject::Retained),
        Got::Device { bed: Some(1), device: "cuff-8".to_owned(), online: false },
    ];
    let mut seen = Vec::new();
    while !wanted.iter().all(|got| seen.contains(got)) {
        seen.push(Got::of(&rig.next(SOON).await.input));
    }
    assert!(!seen.contains(&message(1)));
    rig.ended().await;
}

#[tokio::test]
async fn a_message_that_was_not_acknowledged_comes_again_and_an_acknowledged_one_does_not() {
    // The service goes away and comes back with the same client id.
    let broker = Mosquitto::started().await;
    let mut rig = Rig::mqtt(mqtt_config(broker.port()), 64);
    rig.until(SOON, Got::Online).await;
    broker.publish(TOPIC, &payload("cuff-7", 2)).await;
    broker.publish(TOPIC, &payload("cuff-7", 3)).await;
    let (second, _) = rig.until(SOON, message(2)).await;
    rig.until(SOON, message(3)).await;
    rig.answer(&second).await;
    rig.ended().await;

    broker.publish(TOPIC, &payload("cuff-7", 4)).await;
    let mut rig = Rig::mqtt(mqtt_config(broker.port()), 64);
    let (_, before) = rig.until(SOON, message(4)).await;
    assert!(before.contains(&message(3)) && !before.contains(&message(2)), "{before:?}");
    rig.ended().await;
}

#[tokio::test]
async fn an_oversized_message_is_refused_once_and_makes_no_reconnect_loop() {
    // Goal: it costs one connection, is counted, and what waits behind it comes through.
    let broker = Mosquitto::started().await;
    let mut rig = Rig::mqtt(mqtt_config(broker.port()), 64);
    rig.until(SOON, Got::Online).await;
    let file = broker.folder().join("large");
    fs::write(&file, vec![b'x'; 300_000]).expect("writable");
    let file = file.to_string_lossy();
    broker.publish_with(&["-t", TOPIC, "-f", &file]).await;
    broker.publish(TOPIC, &payload("cuff-7", 2)).await;
    let (_, before) = rig.until(SOON, message(2)).await;
    let count = |wanted: fn(&Got) -> bool| before.iter().filter(|got| wanted(got)).count();
    assert_eq!(count(|got| *got == Got::Rejected(Some(0), Reject::TooLarge)), 1, "{before:?}");
    assert_eq!(count(|got| matches!(got, Got::Lost(_))), 1, "{before:?}");
    rig.ended().await;
}

#[tokio::test]
async fn a_password_is_read_from_its_file_at_each_attempt() {
    // Goal: a corrected password needs no restart.
    let mut broker = Mosquitto::stopped("allow_anonymous false");
    let passwords = broker.folder().join("passwords");
    let made = Command::new("mosquitto_passwd")
        .args(["-b", "-c"])
        .arg(&passwords)
        .args(["dosevigil", "a-good-one"])
        .status()
        .await
        .expect("mosquitto_passwd is installed (apt: mosquitto)");
    assert!(made.success());
    fs::set_permissions(&passwords, fs::Permissions::from_mode(0o644)).expect("ours");
    fs::set_permissions(broker.folder(), fs::Permissions::from_mode(0o755)).expect("ours");
    let config_file = broker.folder().join("mosquitto.conf");
    let config = fs::read_to_string(&config_file).expect("ours");
    let config = format!("{config}password_file {}\n", passwords.display());
    fs::write(&config_file, config).expect("ours");
    broker.start().await;

    let password_file = broker.folder().join("secret");
    fs::write(&password_file, "a-wrong-one\n").expect("writable");
    fs::set_permissions(&password_file, fs::Permissions::from_mode(0o600)).expect("ours");
    let mut config = mqtt_config(broker.port());
    config.username = Some("dosevigil".into());
    config.password_file = Some(password_file.clone());
    let mut rig = Rig::mqtt(config, 64);
    rig.until(SOON, Got::lost("the broker refuses us: NotAuthorized")).await;
    fs::write(&password_file, "a-good-one\n").expect("writable");
    rig.until(SOON, Got::Online).await;
    rig.ended().await;
}
