//! A real mosquitto on a free loopback port, with its own folder; gone when dropped.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tempfile::TempDir;

const START_LIMIT: Duration = Duration::from_secs(60);
/// Ports that a system gives to nobody by itself, neither to a listener at port 0 nor to a client:
/// one of those may be taken by another test while the broker is down, even by the service's own
/// attempts to reach it.
const PORTS: std::ops::Range<u16> = 20_000..30_000;
/// So many ports are tried.
const TRIES: u16 = 1000;

pub(crate) struct Mosquitto {
    port: u16,
    folder: TempDir,
    child: Option<Child>,
}

impl Mosquitto {
    /// A broker that is not running yet: its port is free, and stays the same.
    ///
    /// `extra`: further lines of its configuration.
    pub(crate) fn stopped(extra: &str) -> Self {
        let port = free_port();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = format!(
            "listener {port} 127.0.0.1\npersistence false\nmax_inflight_messages 1000\n\
             max_queued_messages 20000\nset_tcp_nodelay true\nlog_type error\n{extra}\n"
        );
        fs::write(folder.path().join("mosquitto.conf"), config).expect("writable");
        Self { port, folder, child: None }
    }

    pub(crate) async fn started() -> Self {
        let mut broker = Self::stopped("allow_anonymous true");
        broker.start().await;
        broker
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns once it takes connections.
    pub(crate) async fn start(&mut self) {
        let config = self.folder.path().join("mosquitto.conf");
        let program = ["/usr/sbin/mosquitto", "mosquitto"].into_iter();
        let program = program.min_by_key(|path| !Path::new(path).exists()).expect("two of them");
        let mut command = Command::new(program);
        command.arg("-c").arg(config).stdin(Stdio::null()).stdout(Stdio::null());
        self.child = Some(command.spawn().expect("mosquitto is installed (apt: mosquitto)"));
        let address = ("127.0.0.1", self.port);
        let answers = async {
            while TcpStream::connect(address).is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(START_LIMIT, answers).await.expect("mosquitto answers in time");
    }

    /// kill -9: sessions and subscriptions are lost.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it is ours");
            child.wait().expect("it is ours");
        }
    }

    /// Stops it without closing a connection; `thaw` lets it go on.
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.as_ref().expect("it runs").id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().expect("kill is there");
        assert!(sent.success());
    }

    /// Publishes at QoS 1 and returns when the broker has taken it.
    pub(crate) async fn publish(&self, topic: &str, payload: &str) {
        self.publish_with(&["-t", topic, "-m", payload]).await;
    }

    /// As `publish`, with the arguments of `mosquitto_pub`.
    pub(crate) async fn publish_with(&self, arguments: &[&str]) {
        let port = self.port.to_string();
        let published = tokio::process::Command::new("mosquitto_pub")
            .args(["-h", "127.0.0.1", "-p", &port, "-q", "1"])
            .args(arguments)
            .status()
            .await
            .expect("mosquitto_pub is installed (apt: mosquitto-clients)");
        assert!(published.success());
    }
}

/// Another one at each call; processes that run at once begin at different places.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let count = PORTS.end - PORTS.start;
    let begin = u16::try_from(std::process::id() % u32::from(count) * 97 % u32::from(count));
    let begin = begin.expect("less than there are ports");
    let mut tries = (0..TRIES).map(|_| {
        let place = NEXT.fetch_add(1, Ordering::Relaxed) % count;
        PORTS.start + (begin + place) % count
    });
    let free = tries.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.expect("a free port")
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // Already gone is as good.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
