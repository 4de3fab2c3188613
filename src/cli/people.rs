//! What `user` and `token` have in common: the site's users, opened by the configuration.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use tokio::task::JoinHandle;

use crate::app::{self, Failure};
use crate::config;
use crate::shell::identity::{AccountName, BOARD, BadAccountName, Identity};

/// Exit code of a configuration error (contract 2).
const EXIT_CONFIG: u8 = 2;

pub(super) struct Site {
    pub(super) identity: Identity,
    writer: JoinHandle<()>,
}

impl Site {
    /// The inner error is an exit code whose reason has been told on `errors`.
    pub(super) async fn open(
        config: &Path,
        errors: &mut impl Write,
    ) -> std::io::Result<Result<Self, ExitCode>> {
        let config = match config::load(config) {
            Ok(config) => config,
            Err(found) => {
                write!(errors, "{found}")?;
                return Ok(Err(ExitCode::from(EXIT_CONFIG)));
            }
        };
        match app::identity(&config).await.map_err(Failure::from) {
            Ok((identity, writer)) => Ok(Ok(Self { identity, writer: tokio::spawn(writer.run()) })),
            Err(failure) => {
                writeln!(errors, "dosevigil: {failure}")?;
                Ok(Err(ExitCode::from(failure.exit_code())))
            }
        }
    }

    /// Waits until everything is written.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        let Self { identity, writer } = self;
        drop(identity);
        Ok(writer.await?)
    }
}

pub(super) fn name(text: &str) -> Result<AccountName, BadAccountName> {
    AccountName::try_new(text)
}

/// A new user's name: none that a wall board has.
pub(super) fn new_user(text: &str) -> Result<AccountName, String> {
    if text.starts_with(BOARD) {
        return Err(format!("names that begin with `{BOARD}` are the wall boards'"));
    }
    name(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_user_can_not_be_called_as_a_wall_board_is() {
        for (text, taken) in [("kim", true), ("boardman", true), ("board.hall", false)] {
            assert_eq!(new_user(text).is_ok(), taken, "{text}");
        }
    }
}
