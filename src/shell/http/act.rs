//! A request for an act → the domain's `Act`: who asks, on which screen, under which command, why
//! and on whose order; then the ward's answer, or its refusal as a problem (contract 6).
//!
//! The command's id stands in the body as `command_id` or, where there is no body, in the header
//! `Command-Id`. Whether the role is enough for the deed is decided by the ward.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::AppState;
use super::body::{self, given, wrong};
use super::commands::Kind;
use super::explained::Words;
use super::problem::Problem;
use super::wire::act::Outcome;
use crate::domain::act::{Act, Actor, Deed, Done};
use crate::domain::ids::{BedId, BedIndex, CommandId, Seq};
use crate::shell::identity::Caller;
use crate::shell::lane::Acted;

const COMMAND: &str = "Command-Id";
const SCREEN: &str = "Screen-Id";

/// Whoever asks for an act, with what its headers say of it.
#[derive(Clone, Debug)]
pub(crate) struct Doer {
    caller: Caller,
    command: Option<CommandId>,
    screen: Option<Arc<str>>,
}

/// Body of an act that needs nothing but its id; may be left out where the header has that.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PlainBody {
    /// A UUID of the client's own, new with each act, the same when it asks again.
    #[schema(value_type = Option<String>, format = "uuid")]
    command_id: Value,
    /// Why: 1 to 500 characters.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    reason: Value,
    /// Who ordered it by phone, where a nurse acts as a lead.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    ordered_by: Value,
}

/// The fields of a body that are the same for all acts; `Value::Null` where it has none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared<'a> {
    pub(crate) command_id: &'a Value,
    pub(crate) reason: &'a Value,
    pub(crate) ordered_by: &'a Value,
}

/// A body of an act with fields of its own.
pub(crate) trait ActBody: DeserializeOwned {
    /// Its keys, as people read them.
    const KEYS: &'static str;

    fn shared(&self) -> Shared<'_>;
}

/// A body of an act: its own fields, and those that all acts share. One that is left out is null;
/// whether it may be is for whoever reads it.
macro_rules! act_body {
    ($(#[$about:meta])* $name:ident, $keys:literal, { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, Default, serde::Deserialize, utoipa::ToSchema)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct $name {
            $($own)*
            /// A UUID of the client's own, new with each act, the same when it asks again.
            #[schema(value_type = Option<String>, format = "uuid")]
            command_id: serde_json::Value,
            /// Why: 1 to 500 characters.
            #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
            reason: serde_json::Value,
            /// Who ordered it by phone, where a nurse acts as a lead.
            #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
            ordered_by: serde_json::Value,
        }

        impl $crate::shell::http::act::ActBody for $name {
            const KEYS: &'static str =
                concat!($keys, ", command_id and, where they are asked for, reason, ordered_by");

            fn shared(&self) -> $crate::shell::http::act::Shared<'_> {
                let Self { command_id, reason, ordered_by, .. } = self;
                $crate::shell::http::act::Shared { command_id, reason, ordered_by }
            }
        }
    };
}
pub(crate) use act_body;

impl<S: Sync> FromRequestParts<S> for Doer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned().ok_or(Problem::LogInNeeded);
        let read = |caller| {
            let command = header(&parts.headers, COMMAND)?;
            let screen = header(&parts.headers, SCREEN)?.map(|id| id.to_string().into());
            Ok(Self { caller, command, screen })
        };
        std::future::ready(caller.and_then(read)).await
    }
}

/// The command's id of a request that never has a body.
pub(crate) fn command_of(headers: &HeaderMap) -> Result<CommandId, Problem> {
    header(headers, COMMAND)?.ok_or_else(|| wrong_header(COMMAND))
}

/// A UUID in a header that stands there once, or not at all.
fn header(headers: &HeaderMap, name: &str) -> Result<Option<CommandId>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let id = value.to_str().ok().and_then(|text| CommandId::parse(text).ok());
    match (id, values.next()) {
        (Some(id), None) => Ok(Some(id)),
        (None, _) | (Some(_), Some(_)) => Err(wrong_header(name)),
    }
}

fn wrong_header(name: &str) -> Problem {
    Problem::InvalidBody(format!("header `{name}` must be a UUID, once"))
}

impl Doer {
    /// `deed` in the caller's name.
    pub(crate) fn act(self, deed: impl Into<Deed>, fields: Shared<'_>) -> Result<Act, Problem> {
        let by = Actor {
            ordered_by: body::name("ordered_by", fields.ordered_by)?,
            screen: self.screen,
            ..self.caller.actor()
        };
        let reason = body::reason(fields.reason)?;
        let command = command(self.command, fields.command_id)?;
        Ok(Act { command, by, reason, deed: deed.into() })
    }

    /// `deed` with a body that has no fields of its own, or none at all.
    pub(crate) fn plain(self, deed: impl Into<Deed>, bytes: &[u8]) -> Result<Act, Problem> {
        let body = match bytes {
            [] => PlainBody::default(),
            bytes => {
                body::parse(bytes, "command_id and, where they are asked for, reason, ordered_by")?
            }
        };
        let PlainBody { command_id, reason, ordered_by } = &body;
        self.act(deed, Shared { command_id, reason, ordered_by })
    }

    /// The command's id, for a deed that is named by it.
    pub(crate) fn command(&self, command_id: &Value) -> Result<CommandId, Problem> {
        command(self.command, command_id)
    }
}

fn command(header: Option<CommandId>, value: &Value) -> Result<CommandId, Problem> {
    let in_body = given(value).map(|value| body::uuid("command_id", value)).transpose()?;
    match (in_body, header) {
        (Some(body), Some(header)) if body != header => {
            Err(wrong("command_id", "the same as in the header `Command-Id`"))
        }
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err(wrong("command_id", "a UUID, or stand in the header `Command-Id`")),
    }
}

impl AppState {
    /// What the ward did; durable by then, or shown because the journal stalls.
    pub(crate) async fn act(&self, act: Act) -> Result<Done, Problem> {
        self.acted(act).await.map(|(done, _)| done)
    }

    /// The same, with where an acknowledged occurrence stands in the series.
    pub(crate) async fn acted(&self, act: Act) -> Result<(Done, Option<Seq>), Problem> {
        self.0.commands.claim(&act.by.name, act.command, Kind::Act)?;
        let words = Words::of(&act.deed);
        let Acted { answer, seq } = self.answer(self.0.engine.act(act)).await?;
        match answer {
            Ok(done) => Ok((done, seq)),
            Err(refused) => Err(self.explained(refused, words).await),
        }
    }

    /// The body of an act with fields of its own.
    pub(crate) async fn asked<B: ActBody>(&self, body: Body) -> Result<B, Problem> {
        let bytes = body::read(body, &self.0.limits).await?;
        body::parse(&bytes, B::KEYS)
    }

    /// What the ward did, as whoever asked is told.
    pub(crate) async fn outcome(&self, act: Act) -> Result<Json<Outcome>, Problem> {
        Ok(Json(Outcome::new(&self.act(act).await?)))
    }

    /// The bed of a path's segment.
    pub(crate) fn bed(
        &self,
        name: Result<Path<String>, PathRejection>,
    ) -> Result<BedIndex, Problem> {
        let Path(name) = name.map_err(|_| Problem::UnknownBed)?;
        self.bed_named(&name)
    }

    /// The bed of a body's field.
    pub(crate) fn bed_named(&self, name: &str) -> Result<BedIndex, Problem> {
        let bed = BedId::try_new(name).map_err(|_| Problem::UnknownBed)?;
        self.0.site.place_of(&bed).ok_or(Problem::UnknownBed)
    }

    /// A deed with nothing but its id and perhaps a reason.
    pub(crate) async fn act_plainly(
        &self,
        doer: Doer,
        deed: impl Into<Deed>,
        body: Body,
    ) -> Result<Done, Problem> {
        let bytes = body::read(body, &self.0.limits).await?;
        self.act(doer.plain(deed, &bytes)?).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::role::Role;
    use crate::shell::identity::{Secret, Standing, Via};

    const ID: &str = "01998f3e-0000-7000-8000-000000000000";
    const OTHER: &str = "01998f3e-0000-7000-8000-000000000001";
    const DEED: Deed = Deed::PauseAudio { bed: BedIndex(1) };

    fn kim(command: Option<&str>) -> Doer {
        let hash = Secret::parse(&"0".repeat(64)).expect("64 digits").hash();
        let (role, standing) = (Role::Nurse, Standing::Full);
        let caller = Caller { name: "kim".into(), role, standing, via: Via::Token { hash } };
        let command = command.map(|id| CommandId::parse(id).expect("a UUID"));
        Doer { caller, command, screen: Some(OTHER.into()) }
    }

    #[test]
    fn an_act_carries_who_where_why_and_on_whose_order() {
        let (command_id, reason, ordered_by) = (json!(ID), json!("movement"), json!("Dr Ode"));
        let fields = Shared { command_id: &command_id, reason: &reason, ordered_by: &ordered_by };
        let act = kim(None).act(DEED, fields).expect("a right act");
        let by = Actor {
            name: "kim".into(),
            role: Role::Nurse,
            ordered_by: Some("Dr Ode".into()),
            screen: Some(OTHER.into()),
        };
        assert_eq!((act.by, act.reason.as_deref(), act.deed), (by, Some("movement"), DEED));
        assert_eq!(act.command.to_string(), ID);
    }

    #[test]
    fn the_command_stands_in_the_body_or_in_the_header() {
        // Goal: either is enough, both must agree, neither is refused with what is missing.
        let body = format!(r#"{{"command_id":"{ID}"}}"#);
        let table = [
            (None, body.as_str(), Ok(ID)),
            (Some(ID), "", Ok(ID)),
            (Some(ID), "{}", Ok(ID)),
            (Some(ID), body.as_str(), Ok(ID)),
            (Some(OTHER), body.as_str(), Err("the same as in the header `Command-Id`")),
            (None, "", Err("a UUID, or stand in the header `Command-Id`")),
            (None, r#"{"command_id":7}"#, Err("a UUID")),
        ];
        for (header, body, expected) in table {
            let act = kim(header).plain(DEED, body.as_bytes());
            let found = act.map(|act| act.command.to_string());
            let wrong = |right| wrong("command_id", right);
            assert_eq!(found, expected.map(str::to_owned).map_err(wrong), "{header:?} {body}");
        }
    }

    #[test]
    fn a_header_that_is_no_uuid_or_stands_twice_is_named() {
        let mut headers = HeaderMap::new();
        assert_eq!(header(&headers, SCREEN), Ok(None));
        headers.append(SCREEN, ID.parse().expect("a header's value"));
        assert_eq!(
            header(&headers, SCREEN).map(|id| id.map(|id| id.to_string())),
            Ok(Some(ID.into()))
        );
        headers.append(SCREEN, ID.parse().expect("a header's value"));
        let twice = header(&headers, SCREEN);
        assert!(matches!(&twice, Err(Problem::InvalidBody(why)) if why.contains(SCREEN)));
        headers.insert(COMMAND, "7".parse().expect("a header's value"));
        let wrong = header(&headers, COMMAND);
        assert!(matches!(&wrong, Err(Problem::InvalidBody(why)) if why.contains(COMMAND)));
    }
}
