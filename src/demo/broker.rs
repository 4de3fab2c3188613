//! The embedded MQTT broker on a free loopback port: its own threads, nothing on disk, small
//! segments; it ends with the process, for it has no stop call.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::Context;
use rumqttd::{Broker, Config, ConnectionSettings, RouterConfig, ServerSettings};

/// Between two looks whether the broker takes connections, and how many there are: 30 s, of which
/// it needs a hundredth.
const LOOK: Duration = Duration::from_millis(20);
const LOOKS: u32 = 1500;

/// Starts the broker and returns its URL once it takes connections.
///
/// # Errors
/// No free port, or the broker did not come up.
pub(super) fn start() -> anyhow::Result<String> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("a free port for the broker")?;
    let listen = free.local_addr()?;
    drop(free);
    std::thread::Builder::new().name("broker".into()).spawn(move || {
        if let Err(error) = Broker::new(config(listen)).start() {
            tracing::error!(%error, "the embedded broker ended");
        }
    })?;
    for _ in 0..LOOKS {
        if std::net::TcpStream::connect(listen).is_ok() {
            return Ok(format!("mqtt://{listen}"));
        }
        std::thread::sleep(LOOK);
    }
    anyhow::bail!("the embedded broker did not come up on {listen}")
}

fn config(listen: SocketAddr) -> Config {
    let server = ServerSettings {
        name: "demo".to_owned(),
        listen,
        tls: None,
        next_connection_delay_ms: 1,
        connections: ConnectionSettings {
            connection_timeout_ms: 5000,
            max_payload_size: 262_144,
            max_inflight_count: 1000,
            auth: None,
            external_auth: None,
            dynamic_filters: true,
        },
    };
    Config {
        id: 0,
        router: RouterConfig {
            max_connections: 1000,
            max_outgoing_packet_count: 1000,
            max_segment_size: 262_144,
            max_segment_count: 8,
            custom_segment: None,
            initialized_filters: None,
            shared_subscriptions_strategy: rumqttd::Strategy::default(),
        },
        v4: Some([("demo".to_owned(), server)].into_iter().collect()),
        v5: None,
        ws: None,
        cluster: None,
        console: None,
        bridge: None,
        prometheus: None,
        metrics: None,
    }
}
