//! MQTT gateways seen from a broker: a scripted one on `rumqttc`'s own packet types, so that
//! nothing else need be installed. Clinical time runs 20 times faster.

use std::time::Duration;

use rumqttc::mqttbytes::QoS;
use rumqttc::mqttbytes::v4::{ConnAck, Connect, ConnectReturnCode, Packet, PubAck, Publish};
use simulators::clock::{SimClock, Speed};
use simulators::scenario::Scenario;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::bytes::BytesMut;
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(60);

/// One gateway's connection.
struct Session {
    socket: TcpStream,
    received: BytesMut,
}

/// What a gateway sent, or how it went.
enum Heard {
    Publish(Publish),
    Disconnect,
    Gone,
}

impl Session {
    /// Takes the next connection and acknowledges it.
    async fn accept(listener: &TcpListener) -> (Self, Connect) {
        let (socket, _) = within(listener.accept()).await.expect("a connection");
        let mut session = Self { socket, received: BytesMut::new() };
        match session.packet().await {
            Some(Packet::Connect(connect)) => {
                let mut ack = BytesMut::new();
                let packet = ConnAck::new(ConnectReturnCode::Success, false);
                packet.write(&mut ack).expect("it fits");
                session.socket.write_all(&ack).await.expect("the socket takes it");
                (session, connect)
            }
            other => panic!("not a connect: {other:?}"),
        }
    }

    /// The next publish (acknowledged here) or the end.
    async fn next(&mut self) -> Heard {
        loop {
            match self.packet().await {
                None => return Heard::Gone,
                Some(Packet::Publish(publish)) => {
                    let mut ack = BytesMut::new();
                    PubAck::new(publish.pkid).write(&mut ack).expect("it fits");
                    // The gateway may have pulled its cable meanwhile.
                    let _ = self.socket.write_all(&ack).await;
                    return Heard::Publish(publish);
                }
                Some(Packet::Disconnect) => return Heard::Disconnect,
                Some(_) => {}
            }
        }
    }

    async fn packet(&mut self) -> Option<Packet> {
        loop {
            if let Ok(packet) = Packet::read(&mut self.received, 65_536) {
                return Some(packet);
            }
            match within(self.socket.read_buf(&mut self.received)).await {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    async fn publish(&mut self) -> Publish {
        match self.next().await {
            Heard::Publish(publish) => publish,
            Heard::Disconnect | Heard::Gone => panic!("the gateway left"),
        }
    }
}

async fn within<T>(waited_for: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, waited_for).await.expect("it comes in time")
}

/// The demo's bed 4 alone, its network cable out from 200 to 220 s (10 to 11 s of real time).
fn one_gateway() -> Scenario {
    let mut scenario = Scenario::first_clinic();
    scenario.beds.retain(|bed| bed.id == "bay-4");
    scenario.story.retain(|event| event.bed == "bay-1");
    for event in &mut scenario.story {
        event.bed = "bay-4".to_owned();
        event.at_s = 200.0;
        event.change = simulators::scenario::Change::Unplug {
            device: "bay-4-monitor".to_owned(),
            for_s: 20.0,
        };
    }
    scenario
}

#[tokio::test]
async fn a_gateway_publishes_loses_its_cable_comes_back_and_says_goodbye() {
    // Goal: topics, status, last will, sequence, reconnect, farewell. Method: one whole run.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("mqtt://{}", listener.local_addr().expect("it is bound"));
    let dir = std::env::temp_dir().join(format!("simulators-broker-{}", std::process::id()));
    let clock = SimClock::start(Speed::try_new(20).expect("in bounds"));
    let simulation =
        simulators::start(&one_gateway(), clock, &dir, Some(&url)).expect("nothing serial here");
    let token = CancellationToken::new();
    let running = tokio::spawn(simulation.run(token.clone()));

    let (mut session, connect) = Session::accept(&listener).await;
    let status = "vitals/v1/demo-clinic/bay-4/bay-4-monitor/status";
    let will = connect.last_will.expect("a last will");
    assert_eq!((will.topic.as_str(), &will.message[..]), (status, &br#"{"online":false}"#[..]));
    assert!(will.retain);
    let online = session.publish().await;
    assert_eq!((online.topic.as_str(), &online.payload[..]), (status, &br#"{"online":true}"#[..]));
    assert!(online.retain);
    let mut seqs = Vec::new();
    loop {
        match session.next().await {
            Heard::Publish(publish) => seqs.push(seq_of(&publish)),
            Heard::Gone => break,
            Heard::Disconnect => panic!("a pulled cable says no goodbye"),
        }
    }
    assert_eq!(seqs.first(), Some(&3601), "goes on from the past's 3600 messages");
    assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");

    let (mut session, _) = Session::accept(&listener).await;
    assert!(session.publish().await.retain, "online again");
    let next = session.publish().await;
    assert!(seq_of(&next) > *seqs.last().expect("not empty"));
    token.cancel();
    let mut last = None;
    loop {
        match session.next().await {
            Heard::Publish(publish) => last = Some(publish),
            Heard::Disconnect => break,
            Heard::Gone => panic!("no goodbye"),
        }
    }
    let last = last.expect("a farewell");
    assert_eq!((last.topic.as_str(), &last.payload[..]), (status, &br#"{"online":false}"#[..]));
    within(running).await.expect("no panic").expect("no failure");
    let _ = std::fs::remove_dir_all(dir);
}

fn seq_of(publish: &Publish) -> u64 {
    assert_eq!(publish.topic, "vitals/v1/demo-clinic/bay-4/bay-4-monitor/obs");
    assert_eq!(publish.qos, QoS::AtLeastOnce);
    assert!(!publish.retain);
    let message: serde_json::Value =
        serde_json::from_slice(&publish.payload).expect("a message is JSON");
    message["seq"].as_u64().expect("a number")
}
