//! Bodies of requests: bounded in size and time (safety X7), then checked field by field, so that
//! an error names the field and what would be right. Unknown and repeated keys are refused.
//!
//! A body is a struct of raw values, one per field, which is also its description; what a field
//! must be is said here once for all bodies.

use std::sync::Arc;

use axum::body::Body;
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;

use super::Limits;
use super::problem::Problem;
use crate::domain::ids::{CommandId, Uuid};

const REASON_CHARS_MAX: usize = 500;
const NAME_CHARS_MAX: usize = 64;

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

/// Whether the field stands there; `null` is as good as left out.
pub(crate) fn given(value: &Value) -> Option<&Value> {
    (!value.is_null()).then_some(value)
}

/// Why: 1 to 500 printable characters, where there is one.
pub(crate) fn reason(value: &Value) -> Result<Option<Arc<str>>, Problem> {
    let read = |value| printable(value, REASON_CHARS_MAX);
    let right = "1 to 500 printable characters, or null, or left out";
    given(value).map(|value| read(value).ok_or_else(|| wrong("reason", right))).transpose()
}

/// Somebody's name, where it is given.
pub(crate) fn name(field: &str, value: &Value) -> Result<Option<Arc<str>>, Problem> {
    let read = |value| printable(value, NAME_CHARS_MAX);
    let right = "1 to 64 printable characters";
    given(value).map(|value| read(value).ok_or_else(|| wrong(field, right))).transpose()
}

pub(crate) fn uuid(field: &str, value: &Value) -> Result<Uuid, Problem> {
    let id = value.as_str().and_then(|id| Uuid::parse(id).ok());
    id.ok_or_else(|| wrong(field, "a UUID"))
}

/// A command's id, as each change carries one (contract 6).
pub(crate) fn command(value: &Value) -> Result<CommandId, Problem> {
    uuid("command_id", value)
}

/// A word that `read` knows; `right` says which those are.
pub(crate) fn word<T>(
    field: &str,
    value: &Value,
    right: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Problem> {
    value.as_str().and_then(read).ok_or_else(|| wrong(field, right))
}

/// true, or false where it is left out.
pub(crate) fn flag(field: &str, value: &Value) -> Result<bool, Problem> {
    let read = |value: &Value| value.as_bool().ok_or_else(|| wrong(field, "true or false"));
    Ok(given(value).map(read).transpose()?.unwrap_or(false))
}

/// The field `field` is not `right`.
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
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        revision: Value,
        #[serde(default)]
        reason: Value,
    }

    fn sample(body: &str) -> Result<Sample, Problem> {
        parse(body.as_bytes(), "revision and, if wanted, reason")
    }

    fn named(answer: Result<impl std::fmt::Debug, Problem>, words: &[&str]) {
        let Err(Problem::InvalidBody(detail)) = answer else { panic!("{words:?}: {answer:?}") };
        assert!(words.iter().all(|word| detail.contains(word)), "{detail}");
    }

    #[test]
    fn a_body_is_an_object_of_known_keys_each_once() {
        let body = sample("{\"revision\":2}").expect("reason may be left out");
        assert_eq!((body.revision, body.reason), (json!(2), Value::Null));
        named(sample("{}"), &["`revision`"]);
        named(sample("[]"), &["an object with revision"]);
        named(sample("7"), &["object"]);
        named(sample("{\"revision\":2,\"colour\":1}"), &["`colour`"]);
        named(sample("{\"revision\":2,\"revision\":3}"), &["`revision`"]);
        for broken in ["", "{", "{\"revision\":2,}", "\u{FEFF}{}"] {
            assert!(matches!(sample(broken), Err(Problem::BrokenBody(_))), "{broken:?}");
        }
    }

    #[test]
    fn a_reason_arrives_as_it_was_typed_or_is_named() {
        // Goal: the edges of its length, and letters that a person can't see.
        assert_eq!(reason(&Value::Null), Ok(None));
        let longest = "å".repeat(REASON_CHARS_MAX);
        for text in ["artefact", "Zoë's cuff", "x", &longest] {
            assert_eq!(reason(&json!(text)), Ok(Some(text.into())));
        }
        let too_long = "x".repeat(REASON_CHARS_MAX + 1);
        for text in ["", "  ", "Kim\u{7}", "Kim\u{202e}", &too_long] {
            named(reason(&json!(text)), &["`reason`", "1 to 500"]);
        }
        named(reason(&json!(7)), &["`reason`"]);
    }

    #[test]
    fn each_kind_of_field_says_what_would_be_right() {
        let id = "01998f3e-0000-7000-8000-000000000000";
        assert_eq!(uuid("to", &json!(id)).map(|id| id.to_string()), Ok(id.into()));
        for value in [Value::Null, json!("7"), json!(7)] {
            named(uuid("command_id", &value), &["`command_id`", "a UUID"]);
        }
        let longest = "å".repeat(NAME_CHARS_MAX);
        assert_eq!(name("to", &json!(longest)), Ok(Some(longest.as_str().into())));
        assert_eq!(name("to", &Value::Null), Ok(None));
        named(name("to", &json!(format!("{longest}å"))), &["`to`", "1 to 64"]);
        assert_eq!(flag("change", &Value::Null), Ok(false));
        assert_eq!(flag("change", &json!(true)), Ok(true));
        named(flag("change", &json!(1)), &["`change`", "true or false"]);
        let read = |text: &str| (text == "yes").then_some(());
        assert_eq!(word("it", &json!("yes"), "yes", read), Ok(()));
        named(word("it", &json!("no"), "yes", read), &["`it`", "yes"]);
    }
}
