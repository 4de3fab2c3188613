//! Names and numbers of things, each its own type so that none can stand in for another.

use std::fmt;
use std::sync::Arc;

use super::time::WallTime;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A bed: `[a-z0-9-]{1,32}` (contract 3.1).
    BedId
}
text_id! {
    /// A device, by the name that it sends or that the configuration gives it; 1 to 64 printable
    /// characters.
    DeviceId
}
text_id! {
    /// A rule of a preset, such as `B2`: 1 to 16 of `[A-Za-z0-9-]`.
    RuleId
}

/// Why a name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadName(&'static str);

impl BedId {
    /// The bed of the self-test (contract 3.3): a name that no configuration can give, for
    /// `try_new` takes no `_`.
    #[must_use]
    pub fn self_test() -> Self {
        Self("_selftest".into())
    }

    /// # Errors
    /// When the name is not `[a-z0-9-]{1,32}`.
    pub fn try_new(name: &str) -> Result<Self, BadName> {
        let ok = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        if (1..=32).contains(&name.len()) && name.bytes().all(ok) {
            Ok(Self(name.into()))
        } else {
            Err(BadName("must be 1 to 32 of a-z, 0-9 and -"))
        }
    }
}

impl DeviceId {
    /// Whatever a person took and entered: a device that no line belongs to.
    #[must_use]
    pub fn by_hand() -> Self {
        Self("by-hand".into())
    }

    /// # Errors
    /// When the name is empty, longer than 64 bytes or holds a control character.
    pub fn try_new(name: &str) -> Result<Self, BadName> {
        if (1..=64).contains(&name.len()) && !name.chars().any(char::is_control) {
            Ok(Self(name.into()))
        } else {
            Err(BadName("must be 1 to 64 bytes without control characters"))
        }
    }
}

impl RuleId {
    /// # Errors
    /// When the name is not `[A-Za-z0-9-]{1,16}`.
    pub fn try_new(name: &str) -> Result<Self, BadName> {
        let ok = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
        if (1..=16).contains(&name.len()) && name.bytes().all(ok) {
            Ok(Self(name.into()))
        } else {
            Err(BadName("must be 1 to 16 of A-Z, a-z, 0-9 and -"))
        }
    }
}

/// A bed's place in the configuration: what sources address, so that a reading finds its bed in
/// constant time. Journals and the wire use `BedId`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BedIndex(pub u32);

/// A source's (serial line's, broker's) place in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceIndex(pub u32);

impl SourceIndex {
    /// What people enter comes over no line: none is lost with it, and none stands for it.
    pub const BY_HAND: Self = Self(u32::MAX);
}

/// Place of a transition in the site's one series: from 1, no hole, never reused (contract 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub u64);

/// The journal's number of a reading; apart from `Seq` and from the device's own sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadingId(pub u64);

/// 128 bits written as a UUID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(u128);

/// One episode of one family on one bed.
pub type OccurrenceId = Uuid;
/// One visit of one patient.
pub type SessionId = Uuid;
/// A client's name for one state-changing request (contract 6).
pub type CommandId = Uuid;

impl Uuid {
    #[must_use]
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    #[must_use]
    pub const fn as_bits(self) -> u128 {
        self.0
    }

    /// A version 7 UUID (RFC 9562, 5.7) of an onset: its milliseconds, and as its random bits a
    /// hash of `parts`. Deterministic, so that a replay names the same occurrence the same.
    #[must_use]
    pub fn of_onset(onset: WallTime, parts: &[&str]) -> Self {
        let millis = u128::from(onset.as_millis().max(0).unsigned_abs()) & 0xFFFF_FFFF_FFFF;
        let high = u128::from(fnv1a(parts, 0xCBF2_9CE4_8422_2325) & 0x0FFF);
        let low = u128::from(fnv1a(parts, 0x9AE1_6A3B_2F90_404F) & 0x3FFF_FFFF_FFFF_FFFF);
        Self(millis << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
    }

    /// # Errors
    /// When `text` is not 8-4-4-4-12 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        const BAD: BadName = BadName("must be a UUID such as 01998f3e-0000-7000-8000-000000000000");
        let dashes =
            text.len() == 36 && [8, 13, 18, 23].iter().all(|&i| text.as_bytes()[i] == b'-');
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        if !dashes || digits.len() != 32 || !digits.bytes().all(|c| c.is_ascii_hexdigit()) {
            return Err(BAD);
        }
        u128::from_str_radix(&digits, 16).map(Self).map_err(|_| BAD)
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let b = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            b >> 96,
            (b >> 80) & 0xFFFF,
            (b >> 64) & 0xFFFF,
            (b >> 48) & 0xFFFF,
            b & 0xFFFF_FFFF_FFFF
        )
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// FNV-1a over the parts with a separator that no part holds: stable for ever, unlike std's hasher.
fn fnv1a(parts: &[&str], basis: u64) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain(std::iter::once(0)));
    bytes.fold(basis, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occurrence_id_is_a_version_7_uuid_of_its_onset_and_parts() {
        let onset = WallTime::from_micros(1_795_342_507_250_000);
        let id = Uuid::of_onset(onset, &["clinic", "bay-1", "bp-high", "1"]);
        let text = id.to_string();
        assert_eq!(text.as_bytes()[14], b'7');
        assert!(matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
        assert_eq!(Uuid::parse(&text), Ok(id));
        assert_eq!(id, Uuid::of_onset(onset, &["clinic", "bay-1", "bp-high", "1"]));
        assert_ne!(id, Uuid::of_onset(onset, &["clinic", "bay-1", "bp-high", "2"]));
        assert_ne!(id, Uuid::of_onset(onset, &["clinic", "bay-11", "bp-high", "1"]));
    }

    #[test]
    fn bed_names_outside_the_contract_are_refused() {
        for bad in ["", "Bay-1", "bay_1", "bay 1", "a".repeat(33).as_str()] {
            assert!(BedId::try_new(bad).is_err(), "{bad:?}");
        }
        assert!(BedId::try_new("bay-1").is_ok());
    }
}
