//! Serial ports without hardware: puts a monitor behind a pseudo-terminal that the service
//! opens by a stable path, as it would open `/dev/serial/by-id/...`. Pulling the cable closes
//! both ends, so the reader sees end of file or EIO, and takes the path away.
//! Neither end is handed on to a child process, which would keep a pulled cable alive.
//! Baud rate and parity mean nothing on a PTY. Bytes that nobody reads are thrown away, as a
//! real line does. Deliberately knows no protocol beyond "a command ends with CR".

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::io::ioctl_fionbio;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{
    OptionalActions, QueueSelector, ioctl_tiocnxcl, tcflush, tcgetattr, tcsetattr,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::pipe;
use tokio_util::sync::CancellationToken;

use crate::clinic::{Monitor, Station};
use crate::clock::SimClock;
use crate::device::dinamap::Dinamap;
use crate::device::nonin::Nonin;
use crate::fault::{Line, Plug};
use crate::noise::{Noise, Stream};

/// A write that takes longer meets a full buffer: nobody reads.
const WRITE_TIMEOUT: Duration = Duration::from_millis(100);
/// How often the mark of a killed client is taken off.
const RELEASE_EVERY: Duration = Duration::from_millis(250);
/// Longest command line that is kept while waiting for its CR.
const COMMAND_BYTES_MAX: usize = 64;

/// A port at a path.
#[derive(Debug)]
pub struct Port {
    path: PathBuf,
    cable: Option<Cable>,
}

/// Both ends. The far one is held open so that the service may close and reopen its own
/// handle without our end seeing EIO.
#[derive(Debug)]
struct Cable {
    /// The two directions of the near end.
    sent: pipe::Sender,
    heard: pipe::Receiver,
    far: File,
}

impl Port {
    /// A plugged-in port at `path`, a symbolic link that is made here.
    ///
    /// # Errors
    /// No PTY to be had, or something other than a symbolic link is at `path`.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut port = Self { path: path.to_owned(), cable: None };
        port.plug()?;
        Ok(port)
    }

    /// The path to open.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the cable in: a new PTY at the same path. Nothing happens when it is in already.
    ///
    /// # Errors
    /// As `open`.
    pub fn plug(&mut self) -> io::Result<()> {
        if self.cable.is_some() {
            return Ok(());
        }
        let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&near)?;
        unlockpt(&near)?;
        ioctl_fionbio(&near, true)?;
        let device = PathBuf::from(OsString::from_vec(ptsname(&near, Vec::new())?.into_bytes()));
        let flags = OFlags::NOCTTY | OFlags::NONBLOCK;
        let flags = i32::try_from(flags.bits()).expect("open flags fit in 32 bits");
        let far = OpenOptions::new().read(true).write(true).custom_flags(flags).open(&device)?;
        let mut line = tcgetattr(&far)?;
        line.make_raw();
        tcsetattr(&far, OptionalActions::Now, &line)?;
        remove_link(&self.path)?;
        std::os::unix::fs::symlink(device, &self.path)?;
        let heard = pipe::Receiver::from_owned_fd_unchecked(near.try_clone()?)?;
        let sent = pipe::Sender::from_owned_fd_unchecked(near)?;
        self.cable = Some(Cable { sent, heard, far });
        Ok(())
    }

    /// Pulls the cable: the path is gone, then both ends are closed. In this order, for whoever
    /// sees the end may look for the path at once, and its PTY may be another port's by then.
    ///
    /// # Errors
    /// The link cannot be removed; the cable is out all the same.
    pub fn unplug(&mut self) -> io::Result<()> {
        let removed = remove_link(&self.path);
        self.cable = None;
        removed
    }

    /// Reads what the service sent; waits for ever while the cable is out.
    ///
    /// # Errors
    /// Those of the PTY.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.cable {
            Some(cable) => cable.heard.read(buffer).await,
            None => std::future::pending().await,
        }
    }

    /// Sends bytes; they are lost when the cable is out or nobody reads.
    ///
    /// # Errors
    /// Those of the PTY.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(cable) = &mut self.cable else {
            return Ok(());
        };
        match tokio::time::timeout(WRITE_TIMEOUT, cable.sent.write_all(bytes)).await {
            Ok(written) => written,
            // Nobody reads: what waits there would be read as if it were new.
            Err(_elapsed) => Ok(tcflush(&cable.far, QueueSelector::IFlush)?),
        }
    }

    /// Lets the port be opened again after a service was killed: its exclusive mark
    /// (TIOCEXCL) stays on a PTY whose far end is held open, as no hardware would keep it.
    /// The lock that two running services exclude each other by is not touched.
    ///
    /// # Errors
    /// Those of the PTY.
    pub fn release(&self) -> io::Result<()> {
        match &self.cable {
            Some(cable) => Ok(ioctl_tiocnxcl(&cable.far)?),
            None => Ok(()),
        }
    }

    fn follow(&mut self, plug: Plug) -> io::Result<()> {
        match plug {
            Plug::In => self.plug(),
            Plug::Out => self.unplug(),
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        // The process is on its way out: a link left behind is replaced at the next start.
        let _ = self.unplug();
    }
}

/// Removes a symbolic link, and refuses to remove anything else.
fn remove_link(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(found) if found.file_type().is_symlink() => std::fs::remove_file(path),
        Ok(_) => {
            let text = format!("{} is there and is no symbolic link", path.display());
            Err(io::Error::new(io::ErrorKind::AlreadyExists, text))
        }
    }
}

/// Runs a serial monitor until `token` is cancelled.
///
/// # Errors
/// The PTY fails for another reason than a pulled cable.
pub(crate) async fn run(
    station: Station,
    port: Port,
    clock: SimClock,
    token: CancellationToken,
) -> io::Result<()> {
    let Station { monitor, line, seed, .. } = station;
    match monitor {
        Monitor::Dinamap(dinamap) => {
            let noise = Noise::new(seed);
            Polled { dinamap, line, port, clock, noise, replies: 0 }.run(token).await
        }
        Monitor::Nonin(nonin) => stream(nonin, line, port, clock, token).await,
        Monitor::Gateway { .. } => unreachable!("a gateway has no serial port"),
    }
}

/// A monitor that answers.
struct Polled {
    dinamap: Dinamap,
    line: Line,
    port: Port,
    clock: SimClock,
    noise: Noise,
    replies: i64,
}

impl Polled {
    async fn run(mut self, token: CancellationToken) -> io::Result<()> {
        let mut heard = Vec::new();
        let mut buffer = [0; 256];
        loop {
            let now_s = self.clock.now_s();
            self.port.follow(self.line.plug(now_s))?;
            self.port.release()?;
            let count = tokio::select! {
                biased;
                () = token.cancelled() => return Ok(()),
                () = self.clock.until(self.line.next_change_s(now_s)) => {
                    heard.clear();
                    continue;
                }
                count = self.port.read(&mut buffer) => count?,
                () = tokio::time::sleep(RELEASE_EVERY) => continue,
            };
            heard.extend_from_slice(&buffer[..count]);
            while let Some(end) = heard.iter().position(|byte| *byte == b'\r') {
                let command: Vec<u8> = heard.drain(..=end).collect();
                self.answer(&command, &token).await?;
            }
            if heard.len() > COMMAND_BYTES_MAX {
                heard.clear();
            }
        }
    }

    async fn answer(&mut self, command: &[u8], token: &CancellationToken) -> io::Result<()> {
        let t_s = self.clock.now_s();
        let Some(reply) = self.dinamap.reply(command, t_s) else {
            return Ok(());
        };
        self.replies += 1;
        // DINAMAP 7: a reply comes within 50 to 300 ms.
        let delay_s = 0.05 + 0.25 * self.noise.uniform(Stream::Delay, self.replies);
        tokio::select! {
            biased;
            () = token.cancelled() => return Ok(()),
            () = tokio::time::sleep(self.clock.real(delay_s)) => {}
        }
        for frame in self.line.pass(reply, self.clock.now_s()) {
            self.port.write(&frame).await?;
        }
        Ok(())
    }
}

/// A monitor that sends of itself.
async fn stream(
    mut nonin: Nonin,
    mut line: Line,
    mut port: Port,
    clock: SimClock,
    token: CancellationToken,
) -> io::Result<()> {
    let period_s = clock.period_s(nonin.period_s());
    let mut next_s = clock.now_s();
    loop {
        let now_s = clock.now_s();
        port.follow(line.plug(now_s))?;
        port.release()?;
        tokio::select! {
            biased;
            () = token.cancelled() => return Ok(()),
            () = clock.until(line.next_change_s(now_s).min(next_s)) => {}
            () = tokio::time::sleep(RELEASE_EVERY) => {}
        }
        let t_s = clock.now_s();
        if t_s < next_s {
            continue;
        }
        // After a stall it goes on from now and doesn't make up for what it missed.
        next_s = (next_s + period_s).max(t_s);
        for frame in line.pass(nonin.packet(t_s), t_s) {
            port.write(&frame).await?;
        }
    }
}
