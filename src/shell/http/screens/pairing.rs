//! `POST /api/v1/screens/pairings`, `POST /api/v1/screens/pair` (contract 6; safety X4): an admin
//! gets a code, and whoever types it on a wall board within 10 min has a credential for it that
//! reads and leases, does nothing else and does not time out.
//!
//! The credential is a token of the name `board.NAME`, which its browser holds as a cookie: it is
//! listed and revoked like any other (`dosevigil token`). Codes are kept in memory, used once, and
//! gone with a restart.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::ids::CommandId;
use crate::domain::role::Role;
use crate::shell::http::AppState;
use crate::shell::http::body::{command, parse, read, wrong};
use crate::shell::http::commands::Kind;
use crate::shell::http::credentials::{self, By, From};
use crate::shell::http::problem::{Problem, ProblemBody};
use crate::shell::identity::{AccountName, Author, BOARD, IdentityError};

/// How long a code is good for.
const VALID: Duration = Duration::from_secs(600);
/// Codes that are good at a time; a newer one takes the oldest's place.
const CODES_MAX: usize = 16;
/// Twelve of these: 60 random bits. None is easily taken for another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH: usize = 12;

/// Codes that were given out and not used yet.
#[derive(Debug, Default)]
pub(crate) struct Pairings(Mutex<VecDeque<Pairing>>);

struct Pairing {
    code: String,
    by: Arc<str>,
    command: CommandId,
    given: Instant,
}

impl fmt::Debug for Pairing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pairing(..)")
    }
}

/// Body of a pairing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PairingBody {
    /// A UUID of the client's own, new with each act, the same when it asks again.
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
}

/// Answer to a pairing.
#[derive(Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "PairingCode"))]
pub(crate) struct Code<'a> {
    /// To be typed on the board, once, within 10 min.
    code: &'a str,
    /// Seconds that it is still good for.
    valid_s: u64,
}

/// Body of a board.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PairBody {
    code: String,
    /// Of the board: 1 to 26 of a-z, 0-9, `.`, `_` and `-`; no board has had it before.
    name: String,
}

/// Answer to a board; the credential comes in `Set-Cookie`.
#[derive(Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Paired<'a> {
    /// As its token is listed.
    name: &'a str,
}

impl Pairings {
    /// The code of this command: a new one, or the one that it got before, with what is left of
    /// its time.
    fn give(
        &self,
        by: &Arc<str>,
        command: CommandId,
        code: String,
        now: Instant,
    ) -> (String, Duration) {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given.retain(|it| now.saturating_duration_since(it.given) < VALID);
        if let Some(it) = given.iter().find(|it| it.command == command && it.by == *by) {
            let age = now.saturating_duration_since(it.given);
            return (it.code.clone(), VALID.saturating_sub(age));
        }
        if given.len() == CODES_MAX {
            given.pop_front();
        }
        let by = Arc::clone(by);
        given.push_back(Pairing { code: code.clone(), by, command, given: now });
        (code, VALID)
    }

    /// Who gave this code, which is used up by it.
    fn take(&self, code: &str, now: Instant) -> Option<Pairing> {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given.retain(|it| now.saturating_duration_since(it.given) < VALID);
        let place = given.iter().position(|it| it.code == code)?;
        given.remove(place)
    }

    /// A board that was refused for its name may try another one.
    fn give_back(&self, pairing: Pairing) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(pairing);
    }
}

fn random_code() -> Result<String, Problem> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|_| Problem::Busy)?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

/// Gives a code for one board.
#[utoipa::path(
    post,
    path = "/api/v1/screens/pairings",
    tag = "screens",
    request_body = PairingBody,
    responses(
        (status = 201, description = "The code, new or as before", body = Code),
        (status = 400, description = "The body is not JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 409, description = "command-reused", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "A field is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "Busy; ask again", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn give(
    State(state): State<AppState>,
    By(caller): By,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = read(body, &state.0.limits).await?;
    let body: PairingBody = parse(&bytes, "command_id")?;
    let (command, now) = (command(&body.command_id)?, state.0.clock.real());
    state.0.commands.claim(&caller.name, command, Kind::Pairing)?;
    let (code, left) = state.0.pairings.give(&caller.name, command, random_code()?, now);
    let answer = Code { code: &code, valid_s: left.as_secs() };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// Makes this browser a wall board. Like a log-in it needs nobody known, and carries no command id:
/// the code is good once.
#[utoipa::path(
    post,
    path = "/api/v1/screens/pair",
    tag = "screens",
    request_body = PairBody,
    responses(
        (status = 201, description = "Paired; `Set-Cookie` has the credential", body = Paired),
        (status = 400, description = "The body is not JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 401, description = "The code is not good, or no longer", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 409, description = "name-taken: the code stays good", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "A field is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "Busy; ask again", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn pair(
    State(state): State<AppState>,
    From(from): From,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = read(body, &state.0.limits).await?;
    let PairBody { code, name } = parse(&bytes, "code and name")?;
    // The name alone first: an empty one is one with the prefix.
    let name = AccountName::try_new(&name);
    let name = name.and_then(|name| AccountName::try_new(&format!("{BOARD}{name}")));
    let name = name.map_err(|_| wrong("name", "1 to 26 of a-z, 0-9, `.`, `_` and `-`"))?;
    let pairing = state.0.pairings.take(&code, state.0.clock.real()).ok_or(Problem::WrongCode)?;
    let by = Author { who: Arc::clone(&pairing.by), from, command: None };
    match state.0.identity.create_token(by, name.clone(), Role::Viewer).await {
        Ok(secret) => {
            let cookie = [(SET_COOKIE, credentials::set_for_long(&secret))];
            let answer = Paired { name: name.as_str() };
            Ok((StatusCode::CREATED, cookie, Json(answer)).into_response())
        }
        Err(error) => {
            state.0.pairings.give_back(pairing);
            Err(IdentityError::into(error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::Uuid;
    use crate::shell::clock::{Clock, Speed};

    #[test]
    fn a_code_is_good_once_for_ten_minutes_and_the_same_for_the_same_command() {
        // safety:X4
        let now = Clock::start(Speed::REAL, None).real();
        let later = |seconds| now + Duration::from_secs(seconds);
        let (pairings, ada): (_, Arc<str>) = (Pairings::default(), "ada".into());
        let command = Uuid::from_bits(1);
        let (code, left) = pairings.give(&ada, command, "FIRST".into(), now);
        assert_eq!((code.as_str(), left), ("FIRST", VALID));
        let again = pairings.give(&ada, command, "SECOND".into(), later(60));
        assert_eq!(again, ("FIRST".into(), VALID - Duration::from_secs(60)));

        assert!(pairings.take("SECOND", later(60)).is_none(), "never given out");
        let taken = pairings.take("FIRST", later(599)).expect("good for 10 min");
        assert_eq!(&*taken.by, "ada");
        assert!(pairings.take("FIRST", later(599)).is_none(), "good once");
        pairings.give_back(taken);
        assert!(pairings.take("FIRST", later(600)).is_none(), "no longer good");
    }

    #[test]
    fn codes_are_random_and_bounded_in_number() {
        // safety:X4 safety:P6
        let (one, other) = (random_code().expect("random"), random_code().expect("random"));
        assert!(one != other && one.len() == LENGTH, "{one} {other}");
        let now = Clock::start(Speed::REAL, None).real();
        let (pairings, ada): (_, Arc<str>) = (Pairings::default(), "ada".into());
        for number in 0..=CODES_MAX {
            let command = Uuid::from_bits(number as u128);
            pairings.give(&ada, command, format!("CODE{number}"), now);
        }
        assert!(pairings.take("CODE0", now).is_none(), "the oldest has gone");
        assert!(pairings.take("CODE1", now).is_some());
    }
}
