//! The mosquitto of `config/mosquitto.conf` on a free loopback port, in its own folder; gone when
//! dropped.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::pace::{START_LIMIT, wait_until};

pub(crate) struct Mosquitto {
    pub(crate) port: u16,
    child: Child,
    _folder: TempDir,
}

impl Mosquitto {
    /// Returns once it takes connections.
    pub(crate) fn start() -> Self {
        let (port, folder) = (free_port(), super::folder());
        let shipped = fs::read_to_string("config/mosquitto.conf").expect("it is shipped");
        let settings = shipped.lines().filter(|line| !line.starts_with("listener "));
        let own = format!(
            "listener {port} 127.0.0.1\npersistence_location {}/\nlog_type none\n",
            folder.path().display()
        );
        let config = settings.fold(own, |all, line| all + line + "\n");
        let path = folder.path().join("mosquitto.conf");
        fs::write(&path, config).expect("a writable folder");
        // Debian keeps it where only root's PATH looks.
        let programs = ["/usr/sbin/mosquitto", "mosquitto"].into_iter();
        let program = programs.min_by_key(|path| !Path::new(path).exists()).expect("two of them");
        let mut command = Command::new(program);
        command.arg("-c").arg(path).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        let child = command.spawn().expect("mosquitto is installed (apt: mosquitto)");
        let broker = Self { port, child, _folder: folder };
        wait_until(START_LIMIT, "mosquitto answers", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok().then_some(())
        });
        broker
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("it is bound").port()
}
