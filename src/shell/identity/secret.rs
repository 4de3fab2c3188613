//! Random secrets of log-ins and tokens. Only their hashes are stored; a log-in's CSRF token is
//! derived from its secret, so that it needs no place of its own (safety X4, X5). None of them
//! shows in a `Debug` text.

use std::fmt::{self, Write as _};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// 256 random bits, as the 64 hexadecimal digits that its owner holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// SHA-256 of a secret: what is stored, and by what a log-in is known inside the service. The
/// secret has 256 random bits, so a slow hash would add nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretHash([u8; 32]);

/// What a page sends in `X-CSRF-Token`: HMAC-SHA256 under the log-in's secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Csrf(String);

/// The machine gives no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the machine gives no random bytes: {0}")]
pub struct NoRandom(getrandom::Error);

impl Secret {
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn random() -> Result<Self, NoRandom> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(NoRandom)?;
        Ok(Self(hex(&bytes)))
    }

    /// What a client sent; `None` when it can't be one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        (text.len() == 64 && text.bytes().all(digit)).then(|| Self(text.to_owned()))
    }

    /// The text for its owner, and for nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0.as_bytes()).into())
    }

    #[must_use]
    pub fn csrf(&self) -> Csrf {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes());
        let mut mac = mac.expect("HMAC takes a key of any length");
        mac.update(b"dosevigil csrf 1");
        Csrf(hex(&mac.finalize().into_bytes()))
    }
}

impl SecretHash {
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Csrf {
    /// The text for the page of this log-in.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// In a time that does not tell how much of it is right.
    #[must_use]
    pub fn matches(&self, sent: &str) -> bool {
        let differing = self.0.bytes().zip(sent.bytes()).fold(0, |bits, (a, b)| bits | (a ^ b));
        self.0.len() == sent.len() && differing == 0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

impl fmt::Debug for Csrf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Csrf(..)")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String never fails");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_256_random_bits_and_shows_in_no_debug_text() {
        // safety:X4 safety:X11
        let (one, other) = (Secret::random().expect("random"), Secret::random().expect("random"));
        assert_ne!(one, other);
        assert_eq!(one.reveal().len() * 4, 256);
        assert_eq!(Secret::parse(one.reveal()), Some(one.clone()));
        for shown in [format!("{one:?}"), format!("{:?}", one.hash()), format!("{:?}", one.csrf())]
        {
            assert!(shown.ends_with("(..)"), "{shown}");
        }
        for wrong in ["", "0", &one.reveal()[1..], &one.reveal().to_uppercase().replace('0', "G")] {
            assert_eq!(Secret::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_csrf_token_belongs_to_one_secret_and_does_not_reveal_it() {
        // safety:X5
        let (one, other) = (Secret::random().expect("random"), Secret::random().expect("random"));
        let csrf = one.csrf();
        assert!(csrf.matches(one.csrf().reveal()));
        for wrong in [other.csrf().reveal(), one.reveal(), "", &csrf.reveal()[..63]] {
            assert!(!csrf.matches(wrong));
        }
    }
}
