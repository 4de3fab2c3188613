//! Bodies of requests: bounded in size and time (safety X7), then checked field by field, so that
//! an error names the field and what would be right. Unknown keys are refused.

use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderMap;
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;
use utoipa::ToSchema;

use super::Limits;
use super::problem::Problem;
use crate::domain::act::{Act, Deed};
use crate::domain::ids::{CommandId, OccurrenceId};
use crate::shell::identity::Caller;

const REASON_CHARS_MAX: usize = 500;

/// The whole body, if it is small and quick enough.
pub(crate) async fn read(body: Body, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let all = async {
        let mut chunks = body.into_data_stream();
        let mut bytes = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| Problem::BrokenBody("the body broke off".into()))?;
            if bytes.len() + chunk.len() > limits.body_bytes {
                return Err(Problem::BodyTooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(limits.body, all).await.unwrap_or(Err(Problem::BodyTooSlow))
}

/// Body of an acknowledgement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcknowledgeBody {
    /// The revision that the person saw.
    #[schema(value_type = u32)]
    revision: Value,
    /// A UUID of the client's own, new with each act, the same when it asks again.
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
    /// treated, artefact, expected, or 1 to 500 characters of text.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    reason: Value,
}

/// A body whose keys are `keys`, as people read them.
pub(crate) fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8], keys: &str) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        Category::Data => {
            Problem::InvalidBody(format!("{error}; the body is an object with {keys}"))
        }
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::BrokenBody(format!("the body must be JSON: {error}"))
        }
    })
}

impl AcknowledgeBody {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        parse(bytes, "revision, command_id and, if wanted, reason")
    }

    pub(crate) fn act(self, occurrence: OccurrenceId, by: &Caller) -> Result<Act, Problem> {
        let revision = self.revision.as_u64().and_then(|revision| u32::try_from(revision).ok());
        let reason = if self.reason.is_null() {
            Some(None)
        } else {
            printable(&self.reason, REASON_CHARS_MAX).map(Some)
        };
        let revision = revision
            .ok_or_else(|| wrong("revision", "the occurrence's whole number of that name"))?;
        Ok(Act {
            deed: Deed::Acknowledge { occurrence, revision },
            command: command(&self.command_id)?,
            by: by.actor(),
            reason: reason.ok_or_else(|| {
                wrong("reason", "1 to 500 printable characters, or null, or left out")
            })?,
        })
    }
}

/// A command's id, as each change carries one (contract 6).
pub(crate) fn command(value: &Value) -> Result<CommandId, Problem> {
    let id = value.as_str().and_then(|id| CommandId::parse(id).ok());
    id.ok_or_else(|| wrong("command_id", "a UUID"))
}

/// The same of a request without a body.
pub(crate) fn command_of(headers: &HeaderMap) -> Result<CommandId, Problem> {
    let mut values = headers.get_all("command-id").iter();
    let id = values.next().and_then(|value| CommandId::parse(value.to_str().ok()?).ok());
    let right = id.filter(|_| values.next().is_none());
    right.ok_or_else(|| Problem::InvalidBody("header `Command-Id` must be a UUID, once".into()))
}

pub(crate) fn wrong(field: &str, right: &str) -> Problem {
    Problem::InvalidBody(format!("field `{field}` must be {right}"))
}

pub(crate) fn printable(value: &Value, chars_max: usize) -> Option<Arc<str>> {
    let text = value.as_str()?;
    let fits = (1..=chars_max).contains(&text.chars().count());
    let seen = !text.chars().all(char::is_whitespace);
    (fits && seen && !text.chars().any(is_hidden)).then(|| text.into())
}

/// Control characters, and those that have no width or turn the direction of what follows: a text
/// must not be able to look like another.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::role::Role;
    use crate::shell::identity::{Secret, Standing, Via};

    const ID: &str = "01998f3e-0000-7000-8000-000000000000";

    fn parse(body: &str) -> Result<Act, Problem> {
        AcknowledgeBody::parse(body.as_bytes())?.act(OccurrenceId::from_bits(1), &kim())
    }

    fn kim() -> Caller {
        let hash = Secret::parse(&"0".repeat(64)).expect("64 digits").hash();
        let (standing, via) = (Standing::Full, Via::Token { hash });
        Caller { name: "kim".into(), role: Role::Nurse, standing, via }
    }

    fn with(field: &str, value: &str) -> String {
        let mut fields = [("revision", "2"), ("command_id", ""), ("reason", "null")];
        let id = format!("\"{ID}\"");
        fields[1].1 = &id;
        let mut pairs: Vec<String> = fields
            .iter()
            .filter(|(name, _)| *name != field)
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        pairs.push(format!("\"{field}\":{value}"));
        format!("{{{}}}", pairs.join(","))
    }

    /// Goal: what the contract allows arrives as it was typed, at the edges of each field too.
    #[test]
    fn a_right_body_becomes_the_act() {
        let act = parse(&with("reason", "\"artefact\"")).expect("a right body");
        let deed = Deed::Acknowledge { occurrence: OccurrenceId::from_bits(1), revision: 2 };
        assert_eq!((&act.deed, &*act.by.name), (&deed, "kim"));
        assert_eq!(act.reason.as_deref(), Some("artefact"));
        assert_eq!(act.command.to_string(), ID);
        let longest = "å".repeat(REASON_CHARS_MAX);
        for (field, value) in [
            ("reason", "null".to_owned()),
            ("reason", format!("\"{}\"", "x".repeat(REASON_CHARS_MAX))),
            ("reason", format!("\"{longest}\"")),
            ("reason", "\"Zoë's cuff\"".to_owned()),
            ("revision", u32::MAX.to_string()),
        ] {
            assert!(parse(&with(field, &value)).is_ok(), "{field} {value}");
        }
    }

    /// Goal: each wrong field is named in the answer; nothing is guessed, cut or left aside.
    #[test]
    fn a_wrong_field_is_named() {
        let table = [
            ("revision", "-1".to_owned()),
            ("revision", "2.5".to_owned()),
            ("revision", "\"2\"".to_owned()),
            ("revision", "4294967296".to_owned()),
            ("command_id", "\"7\"".to_owned()),
            ("command_id", "null".to_owned()),
            ("reason", "\"  \"".to_owned()),
            ("reason", "\"Kim\\u0007\"".to_owned()),
            ("reason", "\"Kim\\u202e\"".to_owned()),
            ("name", "\"Kim\"".to_owned()),
            ("reason", "\"\"".to_owned()),
            ("reason", format!("\"{}\"", "x".repeat(REASON_CHARS_MAX + 1))),
            ("reason", "7".to_owned()),
            ("colour", "\"red\"".to_owned()),
        ];
        for (field, value) in table {
            let answer = parse(&with(field, &value));
            let Err(Problem::InvalidBody(detail)) = answer else { panic!("{field}: {answer:?}") };
            assert!(detail.contains(&format!("`{field}`")), "{detail}");
        }
        for (body, named) in [("{}", "`revision`"), ("[]", "object"), ("7", "object")] {
            let answer = parse(body);
            let Err(Problem::InvalidBody(detail)) = answer else { panic!("{body}: {answer:?}") };
            assert!(detail.contains(named), "{detail}");
        }
        let twice = with("reason", "\"one\",\"reason\":\"two\"");
        assert!(matches!(parse(&twice), Err(Problem::InvalidBody(_))));
        for broken in ["", "{", "{\"revision\":2,}", "\u{FEFF}{}"] {
            assert!(matches!(parse(broken), Err(Problem::BrokenBody(_))), "{broken:?}");
        }
    }
}
