//! A serial line: a path in, messages and link changes of one bed out (safety S5; `protocols`,
//! rules for every decoder; `ge-dinamap-ascii` 4, 6 and 7).
//!
//! The task opens the line, asks where the protocol is polled, reads, and hands on. End of file,
//! an error, silence or nothing but garbage lose the line: it is closed, said, and opened again
//! every second. Only read commands are ever sent; nothing here can start an inflation. JSON lines
//! have no cadence, so their silence is no loss of the line: ages and overdue readings are the
//! bed's to watch.

mod pace;
mod port;
mod thin;

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio_serial::SerialStream;
use tokio_util::sync::CancellationToken;

use self::pace::{Cause, Command, Due, Heard, Pace};
use self::thin::Thinner;
use super::link::{self, Loss, Teller};
use super::rejects::RejectLog;
use super::{BedNames, Outlet, Receipt, Stopped};
use crate::config::{NoninFormat, SerialConfig, SerialProtocol, Unverified};
use crate::domain::device::ge_dinamap_ascii::{GeDinamapAscii, polls};
use crate::domain::device::nonin::{Format, Nonin};
use crate::domain::device::vitals_json::JsonLines;
use crate::domain::device::{Decoded, Decoder, Event, Frames, Message, Reject};
use crate::domain::ids::SourceIndex;
use crate::domain::input::{Input, LinkChange};
use crate::domain::time::Stamp;
use crate::shell::Intake;
use crate::shell::clock::Clock;

/// Between two attempts to open (safety S5). Real time.
const REOPEN: Duration = Duration::from_secs(1);
/// A write that takes longer has lost the line.
const WRITE_LIMIT: Duration = Duration::from_secs(1);
/// A free-running oximeter sends 375 bytes a second: so long without one is silence.
const NONIN_SILENCE: Duration = Duration::from_secs(5);
/// The shortest real time that any span of clinical time becomes at higher speeds.
const SILENCE_FLOOR: Duration = Duration::from_secs(1);
/// Polls are no closer than that in real time (safety F7).
const POLL_FLOOR: Duration = Duration::from_millis(100);
const READ_SIZE: usize = 4096;

/// Keeps the line until `cancel`, or until the engine is gone.
pub async fn run(
    config: SerialConfig,
    source: SourceIndex,
    beds: BedNames,
    clock: Arc<Clock>,
    lane: mpsc::Sender<Intake>,
    cancel: CancellationToken,
) {
    let outlet = Outlet { source, clock, lane, cancel };
    let line = Line { config, beds, outlet, teller: Teller::default(), log: RejectLog::default() };
    // Ends in one way only: it was told to.
    let Stopped = line.keep().await;
}

struct Line {
    config: SerialConfig,
    beds: BedNames,
    outlet: Outlet,
    teller: Teller,
    log: RejectLog,
}

/// One opening of the line: all of it starts anew with the next.
struct Opened {
    decoder: Decoder,
    pace: Pace,
    thinner: Option<Thinner>,
    /// The last byte; the opening before the first.
    heard: Stamp,
    events: Vec<Decoded>,
}

impl Line {
    async fn keep(mut self) -> Stopped {
        loop {
            if let Err(stopped) = self.attempt().await {
                return stopped;
            }
        }
    }

    /// Opens the line, keeps it until it is lost, and waits before the next attempt.
    async fn attempt(&mut self) -> Result<(), Stopped> {
        let change = self.teller.opening();
        self.say(change).await?;
        let loss = match port::open(&self.config) {
            Ok(mut port) => {
                let change = self.teller.negotiating();
                self.say(change).await?;
                let loss = self.listen(&mut port).await;
                port::close(port);
                loss?
            }
            Err(why) => Loss { since: self.outlet.clock.now(), why },
        };
        let change = self.teller.lost(loss);
        self.say(change).await?;
        self.outlet.pause(REOPEN).await
    }

    async fn listen(&mut self, port: &mut SerialStream) -> Result<Loss, Stopped> {
        let mut opened = self.opened();
        let start = self.outlet.clock.real();
        let cancel = self.outlet.cancel.clone();
        let mut buffer = [0; READ_SIZE];
        loop {
            let elapsed = self.outlet.clock.real().saturating_duration_since(start);
            let wait = match opened.pace.due(elapsed) {
                Due::Send(command) => match send(port, command).await {
                    Ok(()) => continue,
                    Err(why) => return Ok(Loss { since: self.outlet.clock.now(), why }),
                },
                Due::Lost(cause) => return Ok(Loss { since: opened.heard, why: why(cause) }),
                Due::Wait(until) => until.map(|until| until.saturating_sub(elapsed)),
            };
            let read = tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(Stopped),
                read = port.read(&mut buffer) => read,
                () = sleep_or_never(wait) => continue,
            };
            match read {
                Ok(0) => return Ok(self.gone("unplugged".into())),
                Ok(n) => {
                    let heard = self.take(&mut opened, &buffer[..n]).await?;
                    // Judged after the hand-over: while the engine made us wait, bytes could come.
                    let now = self.outlet.clock.real().saturating_duration_since(start);
                    opened.pace.heard(now, heard);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(self.gone(port::why_gone(&error))),
            }
        }
    }

    fn opened(&self) -> Opened {
        let clock = &self.outlet.clock;
        let real = |clinical: Duration, floor: Duration| clock.speed().real(clinical).max(floor);
        let frames = match self.config.unverified {
            Unverified::Refused => Frames::VerifiedOnly,
            Unverified::Accepted => Frames::All,
        };
        let (decoder, pace, thinner) = match self.config.protocol {
            SerialProtocol::GeDinamapAscii => (
                Decoder::GeDinamapAscii(GeDinamapAscii::new(frames)),
                Pace::polled(polls(frames), real(self.config.poll, POLL_FLOOR)),
                None,
            ),
            SerialProtocol::Nonin(format) => (
                Decoder::Nonin(Nonin::new(nonin_format(format), frames)),
                Pace::free(Some(real(NONIN_SILENCE, SILENCE_FLOOR))),
                Some(Thinner::new(clock.speed().factor())),
            ),
            SerialProtocol::VitalsJson => {
                (Decoder::VitalsJson(JsonLines::new()), Pace::free(None), None)
            }
        };
        Opened { decoder, pace, thinner, heard: clock.now(), events: Vec::new() }
    }

    fn gone(&self, why: Arc<str>) -> Loss {
        Loss { since: self.outlet.clock.now(), why }
    }

    /// Decodes what one read gave and hands it on.
    async fn take(&mut self, opened: &mut Opened, bytes: &[u8]) -> Result<Heard, Stopped> {
        let receipt = self.outlet.receipt();
        opened.heard = receipt.stamp;
        opened.decoder.push(bytes, &mut opened.events);
        let mut heard = Heard::default();
        for Decoded { at, event } in std::mem::take(&mut opened.events) {
            match event {
                Event::Message(message) => {
                    heard.valid += 1;
                    let change = self.teller.online();
                    self.say(change).await?;
                    self.message(&mut opened.thinner, receipt, message).await?;
                }
                // We opened the line in the middle of this frame.
                Event::Rejected { .. } if at == 0 => heard.refused += 1,
                Event::Rejected { reason: Reject::Unknown, .. } => {
                    // An answer that we don't know is still an answer.
                    heard.valid += 1;
                    self.refuse(receipt, Reject::Unknown).await?;
                }
                Event::Rejected { reason, .. } => {
                    heard.refused += 1;
                    self.refuse(receipt, reason).await?;
                }
            }
        }
        Ok(heard)
    }

    async fn message(
        &mut self,
        thinner: &mut Option<Thinner>,
        receipt: Receipt,
        message: Message,
    ) -> Result<(), Stopped> {
        let bed = self.config.bed;
        if self.beds.contradicts(bed, message.bed.as_deref()) {
            return self.refuse(receipt, Reject::BedMismatch).await;
        }
        let message = match thinner {
            Some(thinner) => thinner.pass(message, receipt.stamp.mono),
            None => Some(message),
        };
        let Some(message) = message else { return Ok(()) };
        let device = message.device.clone().unwrap_or_else(|| self.config.name.clone());
        let input = Input::Message { bed, source: self.outlet.source, device, message };
        self.outlet.send(receipt, input, None).await
    }

    async fn refuse(&mut self, receipt: Receipt, reason: Reject) -> Result<(), Stopped> {
        self.log.note(self.config.name.as_str(), reason, receipt.instant);
        let bed = Some(self.config.bed);
        let input = Input::Rejected { bed, source: self.outlet.source, reason };
        self.outlet.send(receipt, input, None).await
    }

    async fn say(&self, change: Option<LinkChange>) -> Result<(), Stopped> {
        let Some(change) = change else { return Ok(()) };
        link::log(self.config.name.as_str(), None, &change);
        let (bed, source) = (Some(self.config.bed), self.outlet.source);
        let input = Input::Link { bed, source, device: None, change };
        self.outlet.send(self.outlet.receipt(), input, None).await
    }
}

const fn nonin_format(format: NoninFormat) -> Format {
    match format {
        NoninFormat::Auto => Format::Auto,
        NoninFormat::One => Format::One,
        NoninFormat::Two => Format::Two,
        NoninFormat::Seven => Format::Seven,
    }
}

async fn send(port: &mut SerialStream, command: Command) -> Result<(), Arc<str>> {
    match tokio::time::timeout(WRITE_LIMIT, port.write_all(command)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(port::why_gone(&error)),
        Err(_) => Err("the line takes no more bytes".into()),
    }
}

async fn sleep_or_never(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}

fn why(cause: Cause) -> Arc<str> {
    match cause {
        Cause::Unanswered => "no answer to three polls".into(),
        Cause::Silent => "silent".into(),
        Cause::Garbage => "nothing but garbage: check protocol, baud rate and parity".into(),
    }
}
