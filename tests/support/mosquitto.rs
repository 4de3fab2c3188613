//! A real mosquitto on a free loopback port, with its own folder; gone when dropped.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

const START_LIMIT: Duration = Duration::from_secs(10);

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
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("bound").port();
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

impl Drop for Mosquitto {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // Already gone is as good.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
