//! A cable that can be pulled: a pseudo-terminal behind a path that stays the same.

use std::os::unix::fs::symlink;
use std::path::PathBuf;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_serial::{SerialPort, SerialStream};

pub(crate) struct Cable {
    folder: TempDir,
    ends: Option<Ends>,
}

/// The device's end, and the other side kept open so that the device does not see a hang-up.
struct Ends {
    device: SerialStream,
    _line: SerialStream,
}

impl Cable {
    pub(crate) fn unplugged() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), ends: None }
    }

    pub(crate) fn plugged() -> Self {
        let mut cable = Self::unplugged();
        cable.plug();
        cable
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("tty")
    }

    pub(crate) fn plug(&mut self) {
        let (device, line) = SerialStream::pair().expect("a pseudo-terminal");
        let name = line.name().expect("it has a name");
        symlink(name, self.path()).expect("writable");
        self.ends = Some(Ends { device, _line: line });
    }

    pub(crate) fn unplug(&mut self) {
        self.ends = None;
        std::fs::remove_file(self.path()).expect("it was plugged");
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.device().write_all(bytes).await.expect("the line takes it");
    }

    /// The next command, up to its CR.
    pub(crate) async fn command(&mut self) -> Vec<u8> {
        let mut command = Vec::new();
        loop {
            let byte = self.device().read_u8().await.expect("the line goes on");
            command.push(byte);
            if byte == b'\r' {
                return command;
            }
        }
    }

    fn device(&mut self) -> &mut SerialStream {
        &mut self.ends.as_mut().expect("plugged").device
    }
}

/// One packet of Nonin format 2 (`nonin` 3).
pub(crate) fn nonin_packet(rate: u8, spo2: u8) -> Vec<u8> {
    let frame = |place: u8| {
        let status = 0x82 | u8::from(place == 0);
        let data = match place {
            1 => rate,
            2 => spo2,
            _ => 0,
        };
        let pleth = 0x64;
        let sum = [status, pleth, data].iter().fold(1_u8, |sum, byte| sum.wrapping_add(*byte));
        [1, status, pleth, data, sum]
    };
    (0..25).flat_map(frame).collect()
}
