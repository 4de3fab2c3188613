//! Names of users and of tokens.

use std::fmt;
use std::sync::Arc;

/// A user's or a token's name: `[a-z0-9._-]{1,32}`. A token's is told as `token:NAME`, which no
/// user can be called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountName(Arc<str>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 32 of a-z, 0-9, `.`, `_` and `-`")]
pub struct BadAccountName;

impl AccountName {
    /// # Errors
    /// When the name is not `[a-z0-9._-]{1,32}`.
    pub fn try_new(name: &str) -> Result<Self, BadAccountName> {
        let ok = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"._-".contains(&c);
        let fits = (1..=32).contains(&name.len()) && name.bytes().all(ok);
        if fits { Ok(Self(name.into())) } else { Err(BadAccountName) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text, shared.
    #[must_use]
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_outside_the_rule_are_refused() {
        let longest = "a".repeat(32);
        for good in ["kim", "k", "kim.lee_2-b", longest.as_str()] {
            assert!(AccountName::try_new(good).is_ok(), "{good}");
        }
        let too_long = "a".repeat(33);
        for bad in ["", "Kim", "kim lee", "kim:lee", "kim\n", "zoë", too_long.as_str()] {
            assert_eq!(AccountName::try_new(bad), Err(BadAccountName), "{bad:?}");
        }
    }
}
