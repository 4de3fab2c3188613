//! A broker that does what a test tells it, packet by packet.

use bytes::BytesMut;
use rumqttc::mqttbytes::v4::{ConnAck, ConnectReturnCode, Packet, SubAck, SubscribeReasonCode};
use rumqttc::{Publish, QoS};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::rig::SOON;

const PACKET_MAX: usize = 1024 * 1024;

pub(crate) struct Script(TcpListener);

/// One connection of the service, connected and subscribed.
pub(crate) struct Peer {
    stream: TcpStream,
    buffer: BytesMut,
}

impl Script {
    pub(crate) async fn listening() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.expect("a free port"))
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().expect("bound").port()
    }

    /// Takes the next connection and grants its subscriptions, which it must ask for anew.
    pub(crate) async fn accept(&self, answer: SubscribeReasonCode) -> Peer {
        let accepted = async {
            loop {
                if let Some(peer) = self.accept_one(answer).await {
                    return peer;
                }
            }
        };
        tokio::time::timeout(SOON, accepted).await.expect("a connection in time")
    }

    /// `None`: the service has given the connection up, as it does with one that took too long.
    async fn accept_one(&self, answer: SubscribeReasonCode) -> Option<Peer> {
        let (stream, _) = self.0.accept().await.expect("a connection");
        let mut peer = Peer { stream, buffer: BytesMut::new() };
        let packet = peer.read().await?;
        let Packet::Connect(connect) = packet else { panic!("no Connect: {packet:?}") };
        assert!(!connect.clean_session, "the session must outlive the connection");
        let connack = ConnAck::new(ConnectReturnCode::Success, true);
        peer.send(&Packet::ConnAck(connack)).await;
        let packet = peer.read().await?;
        let Packet::Subscribe(asked) = packet else { panic!("no Subscribe: {packet:?}") };
        let codes = vec![answer; asked.filters.len()];
        peer.send(&Packet::SubAck(SubAck::new(asked.pkid, codes))).await;
        Some(peer)
    }
}

impl Peer {
    /// The next packet that is no ping; `None`: the service closed the connection.
    pub(crate) async fn read(&mut self) -> Option<Packet> {
        loop {
            match Packet::read(&mut self.buffer, PACKET_MAX) {
                Ok(Packet::PingReq) => self.send(&Packet::PingResp).await,
                Ok(packet) => return Some(packet),
                Err(_) => {
                    let read = self.stream.read_buf(&mut self.buffer).await;
                    if read.ok().is_none_or(|n| n == 0) {
                        return None;
                    }
                }
            }
        }
    }

    pub(crate) async fn send(&mut self, packet: &Packet) {
        let mut bytes = BytesMut::new();
        packet.write(&mut bytes, PACKET_MAX).expect("a good packet");
        // A service that has gone is seen when reading.
        let _ = self.stream.write_all(&bytes).await;
    }

    pub(crate) async fn publish(&mut self, topic: &str, packet: u16, payload: &str) {
        let mut publish = Publish::new(topic, QoS::AtLeastOnce, payload);
        publish.pkid = packet;
        self.send(&Packet::Publish(publish)).await;
    }
}
