//! The event loop of one broker: connects, subscribes, hands packets on, sends acknowledgements
//! (safety S3; the points of the MQTT client are in `super`).
//!
//! Each connection has a number, counted at its ConnAck. An acknowledgement for an earlier one is
//! dropped, for the broker uses packet ids again. It does not look into a payload.

use std::time::Duration;

use rumqttc::mqttbytes::Error as PacketError;
use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, Packet, PubAck, Publish as Received, QoS,
    StateError, SubAck, SubscribeFilter, SubscribeReasonCode,
};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::access;
use super::acks::{Acks, InOrder};
use super::deliver::{Freshness, Item, Publish};
use super::why::{why_lost, why_state};
use crate::config::MqttConfig;
use crate::domain::device::vitals_json::MESSAGE_MAX;
use crate::domain::input::LinkChange;
use crate::domain::time::Stamp;
use crate::shell::Ack;
use crate::shell::source::backoff;
use crate::shell::source::link::{Loss, Teller};
use crate::shell::source::topic::Kind;
use crate::shell::source::{Outlet, Receipt, Stopped};

/// Requests of ours to the event loop: one subscription per connection.
const REQUESTS: usize = 4;
/// How long the engine may still answer after we were told to stop.
const SETTLE_LIMIT: Duration = Duration::from_secs(1);
/// A connection that stood so long was a good one: the next wait is the shortest again.
const STOOD: Duration = Duration::from_secs(10);
/// The largest packet that is read only to be refused, so that the broker does not send it again
/// for ever. Larger ones need the broker's own limit.
const PACKET_CEILING: usize = 16 * 1024 * 1024;

pub(super) struct Poller {
    config: MqttConfig,
    filters: Vec<(String, Kind)>,
    outlet: Outlet,
    items: mpsc::Sender<Item>,
    acks: Acks,
    client: AsyncClient,
    events: EventLoop,
    teller: Teller,
    /// Number of the current or last connection.
    connection: u64,
    /// Messages of this connection that wait for their acknowledgement.
    unanswered: InOrder,
    /// When anything was last heard from the broker.
    heard: Stamp,
    /// How long hand-overs have waited since one did not have to.
    stalled: Duration,
}

/// Why a connection, or an attempt at one, is over.
enum End {
    Stopped,
    /// The engine's lane is full.
    Behind,
    Lost(String),
}

/// How long a hand-over may wait.
#[derive(Clone, Copy)]
enum Patience {
    /// While the broker expects our pings.
    QuarterOfKeepAlive,
    /// While there is no connection.
    Endless,
}

impl From<Stopped> for End {
    fn from(Stopped: Stopped) -> Self {
        Self::Stopped
    }
}

impl Poller {
    pub(super) fn new(
        config: MqttConfig,
        filters: Vec<(String, Kind)>,
        outlet: Outlet,
        items: mpsc::Sender<Item>,
        acks: Acks,
    ) -> Self {
        let (client, mut events) = AsyncClient::new(access::options(&config), REQUESTS);
        events.set_network_options(access::network());
        let heard = outlet.clock.now();
        Self {
            config,
            filters,
            outlet,
            items,
            acks,
            client,
            events,
            teller: Teller::default(),
            connection: 0,
            unanswered: InOrder::default(),
            heard,
            stalled: Duration::ZERO,
        }
    }

    pub(super) async fn run(mut self) {
        let mut attempt = 0;
        loop {
            let started = self.outlet.clock.real();
            let why = match self.attempt().await {
                End::Stopped => break,
                End::Behind => "the service was behind and dropped the connection".to_owned(),
                End::Lost(why) => why,
            };
            if self.outlet.clock.real().saturating_duration_since(started) >= STOOD {
                attempt = 0;
            }
            let pause = backoff::delay(&self.config.client_id, attempt);
            attempt = attempt.saturating_add(1);
            if self.give_up(why).await.is_err() || self.pause(pause).await.is_err() {
                break;
            }
        }
        self.settle().await;
    }

    /// One attempt, from connecting to the end of the connection.
    async fn attempt(&mut self) -> End {
        let change = self.teller.opening();
        if let Err(end) = self.say(change, Patience::Endless).await {
            return end;
        }
        if let Err(why) = access::unlock(&self.config, &mut self.events.mqtt_options) {
            return End::Lost(why);
        }
        if let Err(end) = self.connect().await {
            return end;
        }
        match self.serve().await {
            Err(end) => end,
            Ok(never) => match never {},
        }
    }

    async fn connect(&mut self) -> Result<(), End> {
        let connected = {
            let connecting = self.events.poll();
            tokio::pin!(connecting);
            loop {
                tokio::select! {
                    () = self.outlet.cancel.cancelled() => return Err(End::Stopped),
                    connected = &mut connecting => break connected,
                    // There is no connection that they could belong to.
                    () = self.acks.next() => self.acks.batch.clear(),
                }
            }
        };
        match connected {
            Ok(Event::Incoming(Packet::ConnAck(_))) => Ok(()),
            Ok(other) => Err(End::Lost(format!("the broker began with {other:?}"))),
            Err(error) => Err(self.explain(&error)),
        }
    }

    /// Polls until the connection is over.
    async fn serve(&mut self) -> Result<std::convert::Infallible, End> {
        self.connection += 1;
        self.unanswered = InOrder::default();
        self.heard = self.outlet.clock.now();
        self.stalled = Duration::ZERO;
        // Whatever the broker says of the session: a restarted one forgets subscriptions.
        let filter =
            |(topic, _): &(String, Kind)| SubscribeFilter::new(topic.clone(), QoS::AtLeastOnce);
        let filters: Vec<SubscribeFilter> = self.filters.iter().map(filter).collect();
        // Online is said once something can come, or a broker that refuses would look well.
        let change = if filters.is_empty() {
            self.teller.online()
        } else if let Err(error) = self.client.try_subscribe_many(filters) {
            return Err(End::Lost(format!("the topics could not be subscribed to: {error}")));
        } else {
            self.teller.negotiating()
        };
        self.say(change, Patience::QuarterOfKeepAlive).await?;
        loop {
            tokio::select! {
                () = self.outlet.cancel.cancelled() => return Err(End::Stopped),
                () = self.acks.next() => self.answer().await?,
                event = self.events.poll() => match event {
                    Ok(Event::Incoming(packet)) => self.take(packet).await?,
                    Ok(Event::Outgoing(_)) => {}
                    Err(error) => return Err(self.explain(&error)),
                },
            }
        }
    }

    async fn take(&mut self, packet: Packet) -> Result<(), End> {
        let receipt = self.outlet.receipt();
        self.heard = receipt.stamp;
        if let Packet::Publish(received) = packet {
            // Kept by the session, it may come before the subscription is granted.
            let change = self.teller.online();
            self.say(change, Patience::QuarterOfKeepAlive).await?;
            let publish = self.publish(received, receipt);
            if let Some(ack) = publish.ack {
                self.unanswered.expect(ack.packet);
            }
            self.hand_on(Item::Publish(publish), Patience::QuarterOfKeepAlive).await?;
        } else if let Packet::SubAck(answer) = packet {
            self.check_subscription(&answer)?;
            let change = self.teller.online();
            self.say(change, Patience::QuarterOfKeepAlive).await?;
        }
        Ok(())
    }

    fn publish(&self, received: Received, receipt: Receipt) -> Publish {
        let Received { qos, retain, topic, pkid, mut payload, .. } = received;
        if payload.len() > MESSAGE_MAX {
            // Still too large, and no longer holding the packet's memory while it waits.
            payload = bytes::Bytes::copy_from_slice(&payload[..=MESSAGE_MAX]);
        }
        let (source, connection) = (self.outlet.source, self.connection);
        let ack = Ack { source, connection, packet: pkid };
        Publish {
            receipt,
            topic,
            payload,
            freshness: if retain { Freshness::Retained } else { Freshness::Live },
            ack: (qos != QoS::AtMostOnce).then_some(ack),
        }
    }

    /// A broker that grants none of the topics of readings would leave all beds silent.
    fn check_subscription(&self, answer: &SubAck) -> Result<(), End> {
        let refused = |code: &SubscribeReasonCode| *code == SubscribeReasonCode::Failure;
        let answers = || self.filters.iter().zip(&answer.return_codes);
        for ((topic, _), _) in answers().filter(|(_, code)| refused(code)) {
            tracing::error!(source = %self.config.name, topic, "the broker refuses a subscription");
        }
        let mut readings = answers().filter(|((_, kind), _)| *kind == Kind::Readings);
        match readings.all(|(_, code)| refused(code)) {
            true => Err(End::Lost("the broker refuses all subscriptions: check its ACL".into())),
            false => Ok(()),
        }
    }

    /// Sends the acknowledgements at hand; those of another connection are dropped.
    async fn answer(&mut self) -> Result<(), End> {
        let Some(network) = self.events.network.as_mut() else {
            self.acks.batch.clear();
            return Ok(());
        };
        let ours = |ack: &Ack| ack.connection == self.connection;
        for ack in self.acks.batch.drain(..).filter(ours) {
            self.unanswered.answered(ack.packet);
        }
        let packets = self.unanswered.take_ready();
        if packets.is_empty() {
            return Ok(());
        }
        let write = async {
            for packet in packets {
                network.write(Packet::PubAck(PubAck::new(packet))).await?;
            }
            network.flush().await
        };
        match tokio::time::timeout(self.config.keep_alive, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(End::Lost(why_state(&error))),
            Err(_) => Err(End::Lost("the broker takes no more bytes".to_owned())),
        }
    }

    /// Hands an item to the decoding task, sending acknowledgements while it waits.
    async fn hand_on(&mut self, item: Item, patience: Patience) -> Result<(), End> {
        let item = match self.items.try_send(item) {
            Ok(()) => {
                self.stalled = Duration::ZERO;
                return Ok(());
            }
            Err(TrySendError::Closed(_)) => return Err(End::Stopped),
            Err(TrySendError::Full(item)) => item,
        };
        let began = self.outlet.clock.real();
        let limit = match patience {
            Patience::QuarterOfKeepAlive => {
                (self.config.keep_alive / 4).saturating_sub(self.stalled)
            }
            Patience::Endless => Duration::MAX,
        };
        let items = self.items.clone();
        let room = items.reserve();
        let late = tokio::time::sleep(limit);
        tokio::pin!(room, late);
        loop {
            tokio::select! {
                // A machine that stood still is no reason to give up what has come meanwhile.
                biased;
                () = self.outlet.cancel.cancelled() => return Err(End::Stopped),
                room = &mut room => {
                    room.map_err(|_| End::Stopped)?.send(item);
                    self.stalled += self.outlet.clock.real().saturating_duration_since(began);
                    return Ok(());
                }
                () = &mut late => return Err(End::Behind),
                () = self.acks.next() => self.answer().await?,
            }
        }
    }

    /// Closes what is left of the connection and says so.
    async fn give_up(&mut self, why: String) -> Result<(), End> {
        self.events.clean();
        self.events.pending.clear();
        // Read from the old connection, so numbered with it: polled later they would pass for
        // messages of the next one. What finds no room is sent again, being un-acknowledged.
        let left: Vec<Event> = self.events.state.events.drain(..).collect();
        for event in left {
            if let Event::Incoming(Packet::Publish(received)) = event {
                let publish = self.publish(received, self.outlet.receipt());
                if self.items.try_send(Item::Publish(publish)).is_err() {
                    break;
                }
            }
        }
        let change = self.teller.lost(Loss { since: self.heard, why: why.into() });
        self.say(change, Patience::Endless).await
    }

    async fn say(&mut self, change: Option<LinkChange>, patience: Patience) -> Result<(), End> {
        let Some(change) = change else { return Ok(()) };
        self.hand_on(Item::Link(self.outlet.receipt(), change), patience).await
    }

    async fn pause(&mut self, pause: Duration) -> Result<(), Stopped> {
        let over = self.outlet.pause(pause);
        tokio::pin!(over);
        loop {
            tokio::select! {
                over = &mut over => return over,
                () = self.acks.next() => self.acks.batch.clear(),
            }
        }
    }

    /// After the order to stop: what the engine still makes durable is acknowledged.
    async fn settle(mut self) {
        let late = tokio::time::sleep(SETTLE_LIMIT);
        tokio::pin!(late);
        while !self.unanswered.is_empty() && self.events.network.is_some() {
            tokio::select! {
                // What is there is sent, though the time may be over.
                biased;
                () = self.acks.next() => if self.answer().await.is_err() { return },
                () = &mut late => return,
            }
        }
    }

    /// Plain words for the link; and the way out of the one error that would come back for ever.
    fn explain(&mut self, error: &ConnectionError) -> End {
        if let ConnectionError::MqttState(StateError::Deserialization(
            PacketError::PayloadSizeLimitExceeded(bytes),
        )) = error
        {
            return self.admit_oversized(*bytes);
        }
        End::Lost(why_lost(error))
    }

    /// The broker sends an oversized message again at each connection. So the next connection reads
    /// it, refuses it and acknowledges it.
    fn admit_oversized(&mut self, bytes: usize) -> End {
        let limit = self.config.max_packet_bytes;
        if bytes <= PACKET_CEILING {
            self.events.mqtt_options.set_max_packet_size(bytes, limit);
        } else if self.items.try_send(Item::Oversized(self.outlet.receipt())).is_err() {
            let source = &*self.config.name;
            tracing::warn!(source, bytes, "an oversized message was refused but not counted");
        }
        End::Lost(format!("a message of {bytes} bytes is over max_packet_bytes ({limit})"))
    }
}
