//! The chain's key: a file of 64 hexadecimal digits, made at the first start with mode 0600, and
//! never in a log, an error or a `Debug` text (`safety` X11; contract 3.1 `[audit]`).

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;

use super::chain::{from_hex, to_hex};
use super::error::JournalError;
use super::private;

/// A key ready for use; the two blocks that every HMAC begins with are computed once.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// Whether the journal has been written with a key before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chained {
    /// The chain has entries: the key must be there.
    Already,
    /// The chain is empty: a key may be made.
    NotYet,
}

impl Key {
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Hmac::new_from_slice(&bytes).expect("HMAC takes a key of any length"))
    }

    pub(super) fn mac(&self) -> Hmac<Sha256> {
        self.0.clone()
    }

    /// Reads the key file, or makes it where there is no chain yet.
    ///
    /// # Errors
    /// `KeyMissing`, `KeyMalformed`, or `Key` with what the file system said.
    pub(super) fn read_or_make(path: &Path, chained: Chained) -> Result<Self, JournalError> {
        let failed = |source| JournalError::Key { path: path.to_owned(), source };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                private::close_to_others(path, 0o077).map_err(failed)?;
                let bytes = from_hex(text.trim_ascii_end());
                let malformed = || JournalError::KeyMalformed { path: path.to_owned() };
                bytes.map(Self::from_bytes).ok_or_else(malformed)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => match chained {
                Chained::Already => Err(JournalError::KeyMissing { path: path.to_owned() }),
                Chained::NotYet => make(path).map_err(failed),
            },
            Err(error) => Err(failed(error)),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

fn make(path: &Path) -> io::Result<Key> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(directory) = directory {
        std::fs::create_dir_all(directory)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{}", to_hex(&bytes))?;
    // The chain is worthless without its key: it must be on the disk before the first entry.
    file.sync_all()?;
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(Key::from_bytes(bytes))
}
