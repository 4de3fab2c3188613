//! Files that are their owner's alone: the chain's key, and the database, which has patients' data
//! (`safety` X11).

use std::fs::{OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Makes an empty file with mode 0600 where there is none; SQLite takes it for a new database, and
/// gives its mode to the files beside it.
pub(super) fn make(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Takes the bits of `closed` from a file that has some of them, with a warning: whoever could read
/// it may have.
pub(super) fn close_to_others(path: &Path, closed: u32) -> io::Result<()> {
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & closed == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, Permissions::from_mode(mode & !closed))?;
    let path = path.display();
    tracing::warn!(%path, "others could use this file ({mode:o}); it is its owner's now");
    Ok(())
}
