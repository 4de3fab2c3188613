//! A password from the terminal without showing it, or from a line of another program.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};

use anyhow::{Context as _, bail};
use rustix::termios::{self, LocalModes, OptionalActions, Termios};

/// Bytes that a line may have.
const LINE_MAX: u64 = 4096;

const CTRL_C: u8 = 0x03;
const BACKSPACE: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const DELETE: u8 = 0x7F;

/// Gives the terminal back as it was, however the asking ends.
struct Quiet<'a> {
    terminal: &'a File,
    before: Termios,
}

/// The first line of `input`, without its end.
///
/// # Errors
/// When it can't be read, or is not UTF-8.
pub(super) fn line_of(input: impl BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    input.take(LINE_MAX).read_line(&mut line).context("reading the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// What is typed at the terminal until Enter; nothing of it is shown.
///
/// # Errors
/// When there is no terminal, or at Ctrl-C.
pub(super) fn ask(prompt: &str) -> anyhow::Result<String> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty");
    let terminal = terminal.context("there is no terminal to ask at; use --password-stdin")?;
    let quiet = Quiet::make(&terminal)?;
    (&terminal).write_all(prompt.as_bytes())?;
    let typed = typed(&terminal);
    drop(quiet);
    (&terminal).write_all(b"\n")?;
    typed
}

fn typed(input: impl Read) -> anyhow::Result<String> {
    let mut line = Vec::new();
    // Without lines the terminal gives each byte as it is typed; what is ahead of Enter is dropped.
    for byte in BufReader::new(input).bytes() {
        match byte? {
            b'\r' | b'\n' => return String::from_utf8(line).context("reading the password"),
            CTRL_C => bail!("given up"),
            CTRL_U => line.clear(),
            BACKSPACE | DELETE => {
                // A whole character goes: its continuation bytes first.
                while line.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {}
            }
            byte => line.push(byte),
        }
    }
    bail!("the terminal was closed")
}

impl<'a> Quiet<'a> {
    /// No echo, no lines, no signals: Ctrl-C comes as a byte, for the service's own handler waits
    /// for nobody who types.
    fn make(terminal: &'a File) -> anyhow::Result<Self> {
        let before = termios::tcgetattr(terminal).context("this is no terminal")?;
        let mut quiet = before.clone();
        quiet.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        termios::tcsetattr(terminal, OptionalActions::Flush, &quiet)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        if let Err(error) = termios::tcsetattr(self.terminal, OptionalActions::Flush, &self.before)
        {
            tracing::warn!(%error, "the terminal could not be given back as it was");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_line_ends_at_enter_and_may_be_corrected() {
        let table: [(&[u8], Option<&str>); 6] = [
            (b"correct horse\r", Some("correct horse")),
            (b"correx\x7Fct\n rest", Some("correct")),
            ("z\u{00EB}\x08o\n".as_bytes(), Some("zo")),
            (b"wrong\x15right\n", Some("right")),
            (b"\x7F\x7Fa\n", Some("a")),
            (b"never mind\x03\n", None),
        ];
        for (bytes, line) in table {
            assert_eq!(typed(bytes).ok().as_deref(), line, "{bytes:?}");
        }
        assert!(typed(&b"no end"[..]).is_err());
    }

    #[test]
    fn a_line_of_another_program_loses_only_its_end() {
        for text in ["correct horse", "correct horse\n", "correct horse\r\n", "correct horse\nmore"]
        {
            assert_eq!(line_of(text.as_bytes()).expect("text"), "correct horse", "{text:?}");
        }
    }
}
