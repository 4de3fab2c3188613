//! Bodies of requests: bounded in size and time (safety X7), then checked field by field, so that
//! an error names the field and what would be right. Unknown and repeated keys are refused.
//!
//! A body is a struct of raw values, one per field, which is also its description; what a field
//! must be is said here once for all bodies.

use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::body::Body;
use futures_util::StreamExt;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;

use super::Limits;
use super::problem::Problem;
use crate::domain::ids::{CommandId, Uuid};
use crate::domain::time::WallTime;

const REASON_CHARS_MAX: usize = 500;
const NAME_CHARS_MAX: usize = 64;
const NAME: &str = "1 to 64 printable characters";

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
    note("reason", value)
}

/// A longer text, where it is given.
pub(crate) fn note(field: &str, value: &Value) -> Result<Option<Arc<str>>, Problem> {
    let read = |value| printable(value, REASON_CHARS_MAX);
    let right = "1 to 500 printable characters, or null, or left out";
    given(value).map(|value| read(value).ok_or_else(|| wrong(field, right))).transpose()
}

/// A field that is an object of its own, with `keys` as people read them.
pub(crate) fn object<'a, T: Deserialize<'a>>(
    field: &str,
    value: &'a Value,
    keys: &str,
) -> Result<T, Problem> {
    let right = format!("an object with {keys}");
    if !value.is_object() {
        return Err(wrong(field, &right));
    }
    T::deserialize(value).map_err(|why| wrong(field, &format!("{right}, but: {why}")))
}

/// A name or another short text, where it is given.
pub(crate) fn name(field: &str, value: &Value) -> Result<Option<Arc<str>>, Problem> {
    let read = |value| printable(value, NAME_CHARS_MAX);
    given(value).map(|value| read(value).ok_or_else(|| wrong(field, NAME))).transpose()
}

/// The same where the body must have it.
pub(crate) fn needed_name(field: &str, value: &Value) -> Result<Arc<str>, Problem> {
    name(field, value)?.ok_or_else(|| wrong(field, NAME))
}

/// A time, where it is given.
pub(crate) fn time(field: &str, value: &Value) -> Result<Option<WallTime>, Problem> {
    let read = |value: &Value| {
        let at: Option<Timestamp> = value.as_str().and_then(|text| text.parse().ok());
        let at = at.map(|at| WallTime::from_micros(at.as_microsecond()));
        at.ok_or_else(|| wrong(field, "a time such as 2026-11-22T10:15:07Z"))
    };
    given(value).map(read).transpose()
}

/// A JSON number in tenths, hundredths ... as `places` says; one that is finer is not rounded but
/// `None`. It goes by the number's digits, so that nothing drifts.
pub(crate) fn decimal(value: &Value, places: u8) -> Option<i64> {
    let text = value.as_number()?.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (fraction, places) = (fraction.trim_end_matches('0'), usize::from(places));
    // A number that is written with an exponent does not parse, and is out of every range.
    (fraction.len() <= places).then(|| format!("{whole}{fraction:0<places$}").parse().ok())?
}

/// The same, within bounds that are in that resolution, too.
pub(crate) fn decimal_within(
    value: &Value,
    places: u8,
    bounds: RangeInclusive<i64>,
) -> Option<i64> {
    decimal(value, places).filter(|number| bounds.contains(number))
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
    fn a_number_is_read_by_its_digits_and_never_rounded() {
        // Goal: no drift at the decimals that a float can't hold; finer or huge ones are refused.
        // Method: as text of JSON, as a client sends it.
        let table = [
            ("56", 3, Some(56_000)),
            ("0.1", 3, Some(100)),
            ("1.005", 3, Some(1_005)),
            ("84.300", 3, Some(84_300)),
            ("-0.5", 3, Some(-500)),
            ("0.0005", 3, None),
            ("82.5", 1, Some(825)),
            ("82.55", 1, None),
            ("1e2", 0, Some(100)),
            ("1e40", 0, None),
            ("1e-7", 3, None),
            ("\"56\"", 3, None),
        ];
        for (text, places, expected) in table {
            let value: Value = serde_json::from_str(text).expect("JSON");
            assert_eq!(decimal(&value, places), expected, "{text}");
        }
        assert_eq!(decimal_within(&json!(56), 0, 1..=56), Some(56));
        assert_eq!(decimal_within(&json!(57), 0, 1..=56), None);
    }

    #[test]
    fn a_time_is_of_its_zone_or_is_named() {
        let second = Ok(Some(WallTime::from_micros(1_000_000)));
        for text in ["1970-01-01T00:00:01Z", "1970-01-01T01:00:01+01:00"] {
            assert_eq!(time("at", &json!(text)), second);
        }
        assert_eq!(time("at", &Value::Null), Ok(None));
        for value in [json!("10:15"), json!("1970-01-01T00:00:01"), json!(1)] {
            named(time("at", &value), &["`at`", "2026-11-22T10:15:07Z"]);
        }
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
        named(needed_name("to", &Value::Null), &["`to`", "1 to 64"]);
        assert_eq!(flag("change", &Value::Null), Ok(false));
        assert_eq!(flag("change", &json!(true)), Ok(true));
        named(flag("change", &json!(1)), &["`change`", "true or false"]);
        let read = |text: &str| (text == "yes").then_some(());
        assert_eq!(word("it", &json!("yes"), "yes", read), Ok(()));
        named(word("it", &json!("no"), "yes", read), &["`it`", "yes"]);
    }
}
