//! MQTT gateways: publishes a monitor's messages to a broker over QoS 1, with its retained
//! `/status` and last will (`vitals-json` 3). While it has no broker it makes no messages: a
//! determination then goes with the first one after the reconnect, with its own instant.
//! Deliberately plain `mqtt://` only: this is a simulator on the broker's own machine.

use std::time::Duration;

use anyhow::Context;
use rumqttc::{
    AsyncClient, Event, EventLoop, LastWill, MqttOptions, NetworkOptions, Outgoing, Packet, QoS,
};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clinic::{Station, Topics};
use crate::clock::SimClock;
use crate::device::gateway::{Gateway, PERIOD_S};
use crate::fault::{Line, Plug};
use crate::noise::{Noise, Stream};

const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// Messages that may wait in the client; more are lost, as in a small gateway.
const WAITING_MAX: usize = 16;
const BACKOFF_MIN_S: f64 = 0.2;
const BACKOFF_MAX_S: f64 = 5.0;
/// How long the farewell may take: next to nothing, but on a machine that stands still.
const FAREWELL: Duration = Duration::from_secs(2);

const ONLINE: &str = r#"{"online":true}"#;
const OFFLINE: &str = r#"{"online":false}"#;

/// Where the broker is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerAddress {
    host: String,
    port: u16,
}

impl BrokerAddress {
    /// Reads `mqtt://HOST[:PORT]`; the port is 1883 when absent.
    ///
    /// # Errors
    /// Another scheme, no host, or a port that is no number.
    pub fn parse(url: &str) -> anyhow::Result<Self> {
        let rest = url.strip_prefix("mqtt://").context("a broker is given as mqtt://HOST:PORT")?;
        let rest = rest.trim_end_matches('/');
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().context("the broker's port")?),
            None => (rest, 1883),
        };
        anyhow::ensure!(!host.is_empty(), "the broker's host is missing");
        Ok(Self { host: host.to_owned(), port })
    }
}

/// Whether the broker took us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Session {
    Down,
    Up,
    /// We said goodbye.
    Left,
}

/// Runs one gateway until `token` is cancelled.
pub(crate) async fn run(
    station: Station,
    gateway: Gateway,
    topics: Topics,
    broker: BrokerAddress,
    clock: SimClock,
    token: CancellationToken,
) {
    let Station { mut line, seed, device, .. } = station;
    let mut publisher = Publisher { gateway, topics, clock };
    while !token.is_cancelled() {
        match line.plug(clock.now_s()) {
            Plug::Out => {
                tokio::select! {
                    () = token.cancelled() => {}
                    () = clock.until(line.next_change_s(clock.now_s())) => {}
                }
            }
            Plug::In => {
                let options =
                    options(&broker, &publisher.topics, &format!("sim-{device}-{seed:x}"));
                publisher.connected(&mut line, options, Noise::new(seed), &token).await;
            }
        }
    }
}

fn options(broker: &BrokerAddress, topics: &Topics, client_id: &str) -> MqttOptions {
    let mut options = MqttOptions::new(client_id, &broker.host, broker.port);
    options.set_keep_alive(KEEP_ALIVE);
    options.set_last_will(LastWill::new(&topics.status, OFFLINE, QoS::AtLeastOnce, true));
    options
}

struct Publisher {
    gateway: Gateway,
    topics: Topics,
    clock: SimClock,
}

impl Publisher {
    /// Publishes until the cable is pulled or the token is cancelled. Pulling drops the socket
    /// without a farewell, so the broker sends the last will.
    async fn connected(
        &mut self,
        line: &mut Line,
        options: MqttOptions,
        noise: Noise,
        token: &CancellationToken,
    ) {
        let (client, mut events) = AsyncClient::new(options, WAITING_MAX);
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        events.set_network_options(network);
        let (tell, mut session) = watch::channel(Session::Down);
        // Aborted when dropped at the end of this function.
        let mut poller = JoinSet::new();
        poller.spawn(poll(events, client.clone(), self.topics.status.clone(), noise, tell));

        let period_s = self.clock.period_s(PERIOD_S);
        let mut next_s = self.clock.now_s();
        loop {
            let now_s = self.clock.now_s();
            if line.plug(now_s) == Plug::Out {
                return;
            }
            tokio::select! {
                biased;
                () = token.cancelled() => break,
                () = self.clock.until(line.next_change_s(now_s).min(next_s)) => {}
            }
            let t_s = self.clock.now_s();
            if t_s < next_s || line.plug(t_s) == Plug::Out {
                continue;
            }
            next_s = (next_s + period_s).max(t_s);
            if *session.borrow() == Session::Up {
                self.publish(line, &client, t_s);
            }
        }
        let status = (&self.topics.status, QoS::AtLeastOnce, true, OFFLINE);
        let farewell = client.try_publish(status.0, status.1, status.2, status.3);
        if farewell.and_then(|()| client.try_disconnect()).is_ok() {
            let left = session.wait_for(|session| *session == Session::Left);
            // Without an answer in time the broker's last will says the same.
            let _ = tokio::time::timeout(FAREWELL, left).await;
        }
    }

    fn publish(&mut self, line: &mut Line, client: &AsyncClient, t_s: f64) {
        let message = self.gateway.message(t_s, self.clock.opened_wall()).into_bytes();
        for payload in line.pass(message, t_s) {
            let sent = client.try_publish(&self.topics.obs, QoS::AtLeastOnce, false, payload);
            if let Err(error) = sent {
                tracing::debug!(topic = %self.topics.obs, %error, "a message was lost");
            }
        }
    }
}

/// Does nothing but poll, and waits longer after each failure in a row.
async fn poll(
    mut events: EventLoop,
    client: AsyncClient,
    status: String,
    noise: Noise,
    tell: watch::Sender<Session>,
) {
    let mut backoff_s = BACKOFF_MIN_S;
    let mut failures = 0;
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Packet::ConnAck(_))) => {
                backoff_s = BACKOFF_MIN_S;
                if let Err(error) = client.try_publish(&status, QoS::AtLeastOnce, true, ONLINE) {
                    tracing::debug!(topic = %status, %error, "online could not be said");
                }
                tell.send_replace(Session::Up);
            }
            Ok(Event::Outgoing(Outgoing::Disconnect)) => {
                tell.send_replace(Session::Left);
                return;
            }
            Ok(_) => {}
            Err(error) => {
                tell.send_replace(Session::Down);
                tracing::debug!(%error, backoff_s, "no broker");
                failures += 1;
                let jitter = 0.75 + 0.5 * noise.uniform(Stream::Delay, failures);
                tokio::time::sleep(Duration::from_secs_f64(backoff_s * jitter)).await;
                backoff_s = (backoff_s * 2.0).min(BACKOFF_MAX_S);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_given_by_host_and_port() {
        // Goal: the accepted forms, and no guess about the others.
        let address = |host: &str, port| BrokerAddress { host: host.to_owned(), port };
        for (url, want) in [
            ("mqtt://127.0.0.1:18830", Some(address("127.0.0.1", 18830))),
            ("mqtt://localhost", Some(address("localhost", 1883))),
            ("mqtt://localhost/", Some(address("localhost", 1883))),
            ("mqtts://localhost", None),
            ("localhost:1883", None),
            ("mqtt://", None),
            ("mqtt://localhost:x", None),
        ] {
            assert_eq!(BrokerAddress::parse(url).ok(), want, "{url}");
        }
    }
}
