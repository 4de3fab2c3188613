//! Passwords: what is taken as one, and their argon2id hashes (safety X3). Hashing takes tens of
//! milliseconds of a core and 19 MiB: it never runs on the tasks' own threads.

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

/// Safety X3.
pub(super) const CHARS_MIN: usize = 12;
/// Longer ones are refused: hashing must not be made to take long.
pub(super) const BYTES_MAX: usize = 1024;

/// Safety X3: at least 19 MiB and two passes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Salt and hash are random bytes: no password is known to fit. An unknown user's log-in is checked
/// against it, so that it takes the very same work.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$\
    LORrpRTRipTQu0oQ7s63mw$0kxsuMC9NN0Kon+PaUM7FrDwemuFmeLXn+5Oitkt0Kk";

/// A password that may be set.
#[derive(Clone)]
pub struct NewPassword(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password has at least {CHARS_MIN} characters and at most {BYTES_MAX} bytes")]
pub struct BadPassword;

/// A hash as it is stored: a PHC string with its own salt and costs.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Hashed(pub(super) String);

/// Hashing failed: out of memory or of random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password can't be hashed: {0}")]
pub(super) struct NotHashed(argon2::password_hash::Error);

impl NewPassword {
    /// # Errors
    /// When it has fewer than 12 characters or more than 1,024 bytes.
    pub fn try_new(text: &str) -> Result<Self, BadPassword> {
        let fits = text.len() <= BYTES_MAX && text.chars().count() >= CHARS_MIN;
        if fits { Ok(Self(text.to_owned())) } else { Err(BadPassword) }
    }

    /// Blocks for tens of milliseconds.
    pub(super) fn hash(&self) -> Result<Hashed, NotHashed> {
        hash(&self.0)
    }
}

impl Hashed {
    /// Fits nobody's password, after the same work as any other.
    pub(super) fn of_nobody() -> Self {
        Self(NOBODY.to_owned())
    }

    /// Blocks for tens of milliseconds. A hash that can't be read fits no password.
    pub(super) fn fits(&self, password: &str) -> bool {
        let Ok(parsed) = PasswordHash::new(&self.0) else { return false };
        argon().verify_password(password.as_bytes(), &parsed).is_ok()
    }
}

fn hash(text: &str) -> Result<Hashed, NotHashed> {
    let hash = argon().hash_password(text.as_bytes()).map_err(NotHashed)?;
    Ok(Hashed(hash.to_string()))
}

fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the costs are in bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(..)")
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hashed(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_hashed_with_argon2id_of_19_mib_and_two_passes() {
        // safety:X3
        let password = NewPassword::try_new("correct horse").expect("long enough");
        let (one, other) = (password.hash().expect("hashed"), password.hash().expect("hashed"));
        assert!(one.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", one.0);
        assert_ne!(one.0, other.0, "each has its own salt");
        assert!(one.fits("correct horse") && !one.fits("correct hors") && !one.fits(""));
        assert!(!Hashed("not a hash".into()).fits("not a hash"));
    }

    #[test]
    fn an_unknown_users_password_is_checked_at_the_same_costs() {
        // Goal: the same answer after the same work: what stands for nobody is a whole hash.
        // safety:X3
        let nobody = Hashed::of_nobody();
        let parsed = PasswordHash::new(&nobody.0).expect("a PHC string");
        let real = NewPassword::try_new("correct horse").expect("long enough").hash();
        let real = real.expect("hashed");
        let real = PasswordHash::new(&real.0).expect("a PHC string");
        assert_eq!((parsed.algorithm, parsed.version), (real.algorithm, real.version));
        assert_eq!(parsed.params, real.params);
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|hash| hash.as_bytes().len());
        assert_eq!(length(&parsed), length(&real));
        assert!(!nobody.fits("") && !nobody.fits("correct horse"));
    }

    #[test]
    fn a_password_needs_12_characters_and_at_most_1024_bytes() {
        // safety:X3
        let table = [
            ("å".repeat(11), false),
            ("å".repeat(12), true),
            ("x".repeat(1024), true),
            ("x".repeat(1025), false),
        ];
        for (text, taken) in table {
            assert_eq!(NewPassword::try_new(&text).is_ok(), taken, "{} bytes", text.len());
        }
        let shown = format!("{:?}", NewPassword::try_new(&"x".repeat(12)).expect("long enough"));
        assert!(!shown.contains('x'), "{shown}");
    }
}
