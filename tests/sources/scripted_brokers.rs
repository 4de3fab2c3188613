//! Faults of brokers that a real one does not make on demand (safety:S3).

use std::time::Duration;

use rumqttc::QoS;
use rumqttc::mqttbytes::v4::{Packet, SubscribeReasonCode};

use crate::rig::{Got, Rig, SOON, mqtt_config, payload};
use crate::script::{Peer, Script};

const GRANTED: SubscribeReasonCode = SubscribeReasonCode::Success(QoS::AtLeastOnce);
const TOPIC: &str = "v/bay-1/cuff-7/obs";

fn message(seq: u32) -> Got {
    Got::message(0, "cuff-7", Some(seq))
}

async fn puback(peer: &mut Peer) -> u16 {
    match tokio::time::timeout(SOON, peer.read()).await.expect("a packet in time") {
        Some(Packet::PubAck(ack)) => ack.pkid,
        other => panic!("not a PubAck: {other:?}"),
    }
}

#[tokio::test]
async fn an_acknowledgement_for_an_earlier_connection_is_dropped() {
    // The broker uses packet id 7 again, for another message: the late answer to the first must
    // not acknowledge the second.
    let script = Script::listening().await;
    let mut rig = Rig::mqtt(mqtt_config(script.port()), 16);
    let mut peer = script.accept(GRANTED).await;
    peer.publish(TOPIC, 7, &payload("cuff-7", 1)).await;
    let (first, _) = rig.until(SOON, message(1)).await;
    drop(peer);
    let mut peer = script.accept(GRANTED).await;
    peer.publish(TOPIC, 7, &payload("cuff-7", 2)).await;
    peer.publish(TOPIC, 8, &payload("cuff-7", 3)).await;
    let (second, _) = rig.until(SOON, message(2)).await;
    let (third, _) = rig.until(SOON, message(3)).await;
    rig.answer(&first).await;
    rig.answer(&third).await;
    let early = tokio::time::timeout(Duration::from_millis(500), peer.read()).await;
    assert!(early.is_err(), "7 of this connection was not answered: {early:?}");
    rig.answer(&second).await;
    assert_eq!(puback(&mut peer).await, 7);
    assert_eq!(puback(&mut peer).await, 8);
    rig.ended().await;
}

#[tokio::test]
async fn messages_read_with_the_end_of_a_connection_are_not_taken_for_the_next_ones() {
    // Several messages and the hang-up arrive in one read; the broker sends them again.
    let script = Script::listening().await;
    let mut rig = Rig::mqtt(mqtt_config(script.port()), 16);
    let mut peer = script.accept(GRANTED).await;
    for seq in 1..=4_u16 {
        peer.publish(TOPIC, seq, &payload("cuff-7", seq.into())).await;
    }
    drop(peer);
    let mut peer = script.accept(GRANTED).await;
    peer.publish(TOPIC, 1, &payload("cuff-7", 9)).await;
    let mut connections = Vec::new();
    loop {
        let intake = rig.next(SOON).await;
        if let (Got::Message { seq, .. }, Some(ack)) = (Got::of(&intake.input), intake.ack) {
            connections.push((seq, ack.connection));
            rig.answer(&intake).await;
            if seq == Some(9) {
                break;
            }
        }
    }
    let (last, earlier) = connections.split_last().expect("at least the last");
    assert_eq!(*last, (Some(9), 2));
    assert!(earlier.iter().all(|(_, connection)| *connection == 1), "{connections:?}");
    assert_eq!(puback(&mut peer).await, 1);
    rig.ended().await;
}

#[tokio::test]
async fn a_service_that_is_behind_drops_the_connection_unanswered_and_loses_nothing() {
    // Nobody takes inputs until the connection is gone; then the broker sends all of it again.
    let script = Script::listening().await;
    let mut rig = Rig::mqtt(mqtt_config(script.port()), 1);
    let mut peer = script.accept(GRANTED).await;
    for seq in 1..=600_u16 {
        peer.publish(TOPIC, seq, &payload("cuff-7", seq.into())).await;
    }
    let gone = tokio::time::timeout(SOON, peer.read()).await.expect("a disconnect in time");
    assert!(gone.is_none(), "nothing may be acknowledged: {gone:?}");
    // On a machine that stands still it is behind, and is sent all of it, more than once.
    let again = async {
        loop {
            let mut peer = script.accept(GRANTED).await;
            for seq in 1..=600_u16 {
                peer.publish(TOPIC, seq, &payload("cuff-7", seq.into())).await;
            }
            let gone = peer.read().await;
            assert!(gone.is_none(), "nothing may be acknowledged: {gone:?}");
        }
    };
    let taken = async {
        let (mut seen, mut lost) = (vec![0; 601], Vec::new());
        while seen[1..].contains(&0) {
            let got = Got::of(&rig.next(SOON).await.input);
            if let Got::Message { seq: Some(seq), .. } = got {
                seen[usize::try_from(seq).expect("small")] += 1;
            } else if let Got::Lost(why) = got {
                lost.push(why);
            } else {
                let link = matches!(got, Got::Opening | Got::Negotiating | Got::Online);
                assert!(link, "{got:?}");
            }
        }
        lost
    };
    let lost = tokio::select! {
        lost = taken => lost,
        () = again => Vec::new(),
    };
    assert!(!lost.is_empty());
    for why in lost {
        assert_eq!(why, "the service was behind and dropped the connection");
    }
    rig.ended().await;
}

#[tokio::test]
async fn a_broker_that_refuses_all_subscriptions_is_a_lost_link() {
    // Goal: a connection over which nothing can come is not called online for long.
    let script = Script::listening().await;
    let mut rig = Rig::mqtt(mqtt_config(script.port()), 16);
    let refusal = Got::lost("the broker refuses all subscriptions: check its ACL");
    let mut peer = script.accept(SubscribeReasonCode::Failure).await;
    let (_, before) = rig.until(SOON, refusal).await;
    assert_eq!(before, [Got::Opening, Got::Negotiating]);
    assert_eq!(peer.read().await, None);
    let mut peer = script.accept(SubscribeReasonCode::Failure).await;
    assert_eq!(peer.read().await, None);
    let _peer = script.accept(GRANTED).await;
    let (_, before) = rig.until(SOON, Got::Online).await;
    assert_eq!(before, [Got::Opening, Got::Negotiating], "one reason is told once");
    rig.ended().await;
}

#[tokio::test]
async fn a_refused_message_is_acknowledged_without_the_engine_in_its_turn() {
    // Goal: nobody has to answer for it, and no acknowledgement is out of order (MQTT 3.1.1 4.6).
    let script = Script::listening().await;
    let mut rig = Rig::mqtt(mqtt_config(script.port()), 16);
    let mut peer = script.accept(GRANTED).await;
    peer.publish(TOPIC, 1, "{").await;
    assert_eq!(puback(&mut peer).await, 1);
    peer.publish(TOPIC, 2, &payload("cuff-7", 1)).await;
    peer.publish("v/bay-9/cuff-7/obs", 3, &payload("cuff-7", 1)).await;
    let (good, _) = rig.until(SOON, message(1)).await;
    rig.answer(&good).await;
    assert_eq!(puback(&mut peer).await, 2);
    assert_eq!(puback(&mut peer).await, 3);
    rig.ended().await;
}

#[tokio::test]
async fn what_the_engine_answers_after_the_order_to_stop_is_still_acknowledged() {
    // Goal: a clean stop makes the broker send nothing twice, and keeps the session.
    let script = Script::listening().await;
    let mut rig = Rig::mqtt(mqtt_config(script.port()), 16);
    let mut peer = script.accept(GRANTED).await;
    peer.publish(TOPIC, 5, &payload("cuff-7", 1)).await;
    let (intake, _) = rig.until(SOON, message(1)).await;
    rig.stop();
    rig.answer(&intake).await;
    assert_eq!(puback(&mut peer).await, 5);
    let end = tokio::time::timeout(SOON, peer.read()).await;
    assert_eq!(end.expect("nothing is left to wait for"), None, "no Disconnect packet");
    rig.ended().await;
}
