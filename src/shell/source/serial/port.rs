//! Opens a serial line by its path, and says in plain words why it can't be opened or read.
//!
//! Taking the line exclusively is on purpose: two readers would each get half of the bytes.

use std::io;
use std::sync::Arc;

use tokio_serial::{
    ClearBuffer, DataBits, Error, ErrorKind, FlowControl, SerialPort, SerialStream, StopBits,
};

use crate::config::{Flow, Line, Parity, SerialConfig};

pub(super) fn open(config: &SerialConfig) -> Result<SerialStream, Arc<str>> {
    let path = config.path.to_string_lossy();
    let Line { baud, data_bits, parity, stop_bits, flow, dtr_on_open } = config.line;
    let builder = tokio_serial::new(path, baud)
        .data_bits(match data_bits {
            5 => DataBits::Five,
            6 => DataBits::Six,
            7 => DataBits::Seven,
            _ => DataBits::Eight,
        })
        .parity(match parity {
            Parity::None => tokio_serial::Parity::None,
            Parity::Even => tokio_serial::Parity::Even,
            Parity::Odd => tokio_serial::Parity::Odd,
        })
        .stop_bits(match stop_bits {
            2 => StopBits::Two,
            _ => StopBits::One,
        })
        .flow_control(match flow {
            Flow::None => FlowControl::None,
            Flow::RtsCts => FlowControl::Hardware,
        })
        .dtr_on_open(dtr_on_open);
    let port = SerialStream::open(&builder).map_err(|error| why_not_open(&error))?;
    // What waited in the driver is of an unknown age.
    port.clear(ClearBuffer::Input).map_err(|error| why_not_open(&error))?;
    Ok(port)
}

/// Gives the line up; what was not sent is thrown away, or the close could wait for a device that
/// no longer takes bytes.
pub(super) fn close(port: SerialStream) {
    if let Err(error) = port.clear(ClearBuffer::All) {
        tracing::debug!(%error, "a lost line could not be cleared");
    }
    drop(port);
}

pub(super) fn why_gone(error: &io::Error) -> Arc<str> {
    // EIO, ENXIO and ENODEV: how a tty says that its device went away.
    match error.raw_os_error() {
        Some(5 | 6 | 19) => "unplugged".into(),
        Some(_) | None => format!("the line failed: {error}").into(),
    }
}

fn why_not_open(error: &Error) -> Arc<str> {
    let not_a_line =
        error.description == "Not a typewriter" || error.description == "Is a directory";
    match error.kind {
        ErrorKind::NoDevice => "busy: another program holds the line".into(),
        ErrorKind::Io(io::ErrorKind::NotFound) => "no such device".into(),
        ErrorKind::Io(io::ErrorKind::PermissionDenied) => "no permission to open the device".into(),
        ErrorKind::Unknown if not_a_line => "not a serial line".into(),
        ErrorKind::Io(_) | ErrorKind::Unknown | ErrorKind::InvalidInput => {
            format!("can't be opened: {}", error.description).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_why_a_line_cannot_be_opened_has_plain_words() {
        // Goal: the words that the operating system uses do not reach the screen.
        let table = [
            (ErrorKind::NoDevice, "Unable to acquire exclusive lock", "busy: another program"),
            (ErrorKind::Io(io::ErrorKind::NotFound), "", "no such device"),
            (ErrorKind::Unknown, "Not a typewriter", "not a serial line"),
            (ErrorKind::Io(io::ErrorKind::PermissionDenied), "", "no permission"),
            (ErrorKind::Unknown, "I/O error", "can't be opened: I/O error"),
        ];
        for (kind, description, expected) in table {
            let why = why_not_open(&Error::new(kind, description));
            assert!(why.starts_with(expected), "{why}");
        }
        assert_eq!(&*why_gone(&io::Error::from_raw_os_error(5)), "unplugged");
    }
}
