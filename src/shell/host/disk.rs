//! Free space where the data is: too little is a fault long before nothing can be written
//! (safety P4).

use std::io;
use std::path::Path;

use crate::domain::input::FaultState;

/// Safety P4: warn at less than 500 MB.
const LOW_BYTES: u64 = 500 * 1_000_000;
/// It is over only some way above, so that it does not come and go.
const ENOUGH_BYTES: u64 = 600 * 1_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Enough,
    Low,
}

impl Space {
    pub(super) const fn after(self, free_bytes: u64) -> Self {
        match self {
            _ if free_bytes < LOW_BYTES => Self::Low,
            Self::Low if free_bytes < ENOUGH_BYTES => Self::Low,
            Self::Low | Self::Enough => Self::Enough,
        }
    }

    pub(super) fn state(self) -> FaultState {
        match self {
            Self::Enough => FaultState::Over,
            Self::Low => {
                FaultState::Present { why: "less than 500 MB are free on the data's disk".into() }
            }
        }
    }
}

/// What anybody but root may still write.
pub(super) fn free_bytes(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_500_megabytes_is_low_until_there_are_600() {
        // safety:P4. At, just under, and on the way back.
        let table = [
            (Space::Enough, 500_000_000, Space::Enough),
            (Space::Enough, 499_999_999, Space::Low),
            (Space::Low, 500_000_000, Space::Low),
            (Space::Low, 599_999_999, Space::Low),
            (Space::Low, 600_000_000, Space::Enough),
            (Space::Low, 0, Space::Low),
        ];
        for (before, free, after) in table {
            assert_eq!(before.after(free), after, "{before:?} {free}");
        }
    }

    #[test]
    fn the_free_space_of_a_folder_is_found_and_of_none_is_an_error() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(free_bytes(folder.path()).expect("it is there") > 0);
        assert!(free_bytes(&folder.path().join("none")).is_err());
    }
}
