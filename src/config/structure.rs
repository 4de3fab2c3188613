//! TOML text → raw types, with every error of form at once: syntax, duplicate, unknown and missing
//! keys, wrong types, numbers out of bounds.
//!
//! serde stops at the first error, so the parsed document is first walked against the JSON Schema
//! of the raw types, the same one that `dosevigil schema` prints. What the walk has reported it
//! repairs with a value of the right type, so that checks of meaning can go on; a file with an
//! error never becomes a configuration, so no repaired value is ever in force.

use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::error::Findings;

/// A value and where it stands in its file.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
pub(super) struct At<T>(Spanned<T>);

impl<T> At<T> {
    pub(super) fn get(&self) -> &T {
        self.0.get_ref()
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.0.span()
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// JSON Schema of a raw type.
pub(super) fn schema_of<T: JsonSchema>() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// Reads `text`; `None` when its syntax leaves nothing to look at. Every error is in `findings`.
pub(super) fn read<T>(text: &str, findings: &mut Findings<'_>) -> Option<T>
where
    T: DeserializeOwned + JsonSchema,
{
    let (mut root, syntax) = DeTable::parse_recoverable(text);
    let mut readable = true;
    for error in syntax {
        let at = error.span().unwrap_or(0..0);
        // A key that stands twice leaves its first value, which can be looked at further.
        if error.message() == "duplicate key" {
            let key = text.get(at.clone()).unwrap_or_default().to_owned();
            findings.form(&key, at, "this key is already set in its table");
        } else {
            readable = false;
            findings.form("", at, format!("not TOML: {}", error.message()));
        }
    }
    if !readable {
        return None;
    }
    let schema = schema_of::<T>();
    let at = root.span();
    Walk { root: &schema, findings }.table("", root.get_mut(), at, &schema);
    match T::deserialize(toml::de::Deserializer::from(root)) {
        Ok(raw) => Some(raw),
        Err(error) => {
            // serde's message may repeat a value, which may be a secret.
            findings.form("", error.span().unwrap_or(0..0), "does not fit the schema");
            None
        }
    }
}

struct Walk<'a, 'b> {
    root: &'a Value,
    findings: &'a mut Findings<'b>,
}

impl<'a> Walk<'a, '_> {
    fn table(&mut self, path: &str, table: &mut DeTable<'_>, at: Range<usize>, schema: &'a Value) {
        let properties = schema.get("properties");
        let others = schema.get("additionalProperties").filter(|others| others.is_object());
        let mut unknown_keys = Vec::new();
        for (key, value) in table.iter_mut() {
            let name: &str = key.get_ref();
            let path = join(path, name);
            match properties.and_then(|known| known.get(name)).or(others) {
                Some(schema) => self.value(&path, value, schema),
                None => {
                    self.findings.form(&path, key.span(), unknown(properties));
                    unknown_keys.push(name.to_owned());
                }
            }
        }
        for name in &unknown_keys {
            table.remove(name.as_str());
        }
        for name in required(schema) {
            if !table.contains_key(name) {
                self.findings.form(&join(path, name), at.clone(), "missing key");
                let property = properties.and_then(|known| known.get(name));
                let value = property.map_or(DeValue::Boolean(false), |it| self.placeholder(it));
                let key = Spanned::new(at.clone(), name.to_owned().into());
                table.insert(key, Spanned::new(at.clone(), value));
            }
        }
    }

    fn value(&mut self, path: &str, value: &mut Spanned<DeValue<'_>>, schema: &'a Value) {
        let schema = self.resolve(schema);
        let at = value.span();
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            if !scalar(value.get_ref()).is_some_and(|scalar| words.contains(&scalar)) {
                self.findings.form(path, at, format!("must be one of {}", list(words)));
                *value.get_mut() = self.placeholder(schema);
            }
            return;
        }
        match (kind(schema), value.get_mut()) {
            ("object", DeValue::Table(table)) => self.table(path, table, at, schema),
            ("array", DeValue::Array(array)) => {
                let Some(items) = schema.get("items") else { return };
                for (place, item) in array.iter_mut().enumerate() {
                    self.value(&format!("{path}[{place}]"), item, items);
                }
            }
            ("integer", DeValue::Integer(integer)) => {
                let number = i64::from_str_radix(integer.as_str(), integer.radix());
                let bound = |name| schema.get(name).and_then(Value::as_i64);
                let (low, high) = (bound("minimum"), bound("maximum"));
                let fits = number.as_ref().is_ok_and(|number| {
                    low.is_none_or(|low| low <= *number) && high.is_none_or(|high| *number <= high)
                });
                if !fits {
                    let reason = format!("{} is out of bounds{}", integer, range(low, high));
                    self.findings.form(path, at, reason);
                    *value.get_mut() = self.placeholder(schema);
                }
            }
            ("string", DeValue::String(_)) | ("boolean", DeValue::Boolean(_)) => {}
            (expected, found) => {
                let (expected, found) = (expected_name(expected), found_name(found));
                self.findings.form(path, at, format!("must be {expected}, not {found}"));
                *value.get_mut() = self.placeholder(schema);
            }
        }
    }

    /// Follows a reference, and the one real branch of an optional table.
    fn resolve(&self, schema: &'a Value) -> &'a Value {
        if let Some(branches) = schema.get("anyOf").and_then(Value::as_array) {
            let real = branches.iter().find(|branch| kind(branch) != "null");
            return real.map_or(schema, |branch| self.resolve(branch));
        }
        let reference = schema.get("$ref").and_then(Value::as_str);
        let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(schema)
    }

    /// A value of the right type, for what was reported as wrong or missing.
    fn placeholder<'v>(&self, schema: &'a Value) -> DeValue<'v> {
        let schema = self.resolve(schema);
        let first = schema.get("enum").and_then(|words| words.get(0)).and_then(Value::as_str);
        match kind(schema) {
            _ if first.is_some() => DeValue::String(first.unwrap_or_default().to_owned().into()),
            "object" => {
                let mut table = DeTable::new();
                for name in required(schema) {
                    let property = &schema["properties"][name];
                    let value = Spanned::new(0..0, self.placeholder(property));
                    table.insert(Spanned::new(0..0, name.to_owned().into()), value);
                }
                DeValue::Table(table)
            }
            "array" => DeValue::Array(DeArray::new()),
            "integer" => {
                let low = schema.get("minimum").and_then(Value::as_i64).unwrap_or(0);
                let parsed = DeValue::parse(if low > 0 { "1" } else { "0" });
                parsed.map_or(DeValue::Boolean(false), Spanned::into_inner)
            }
            "boolean" => DeValue::Boolean(false),
            _ => DeValue::String(String::new().into()),
        }
    }
}

fn join(path: &str, name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let name = match !name.is_empty() && name.chars().all(bare) {
        true => name.to_owned(),
        false => format!("{name:?}"),
    };
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

fn required(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The one type of a schema besides null.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        _ => "",
    }
}

fn scalar(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::from(text.as_ref())),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(Value::from)
        }
        DeValue::Boolean(flag) => Some(Value::from(*flag)),
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn unknown(properties: Option<&Value>) -> String {
    let known = properties.and_then(Value::as_object);
    let names: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    format!("unknown key; known here: {}", names.join(", "))
}

fn list(words: &[Value]) -> String {
    let words = words.iter().filter(|word| !word.is_null());
    let words: Vec<String> = words.map(Value::to_string).collect();
    words.join(", ")
}

fn range(low: Option<i64>, high: Option<i64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("; must be {low} to {high}"),
        (Some(low), None) => format!("; must be at least {low}"),
        (None, Some(high)) => format!("; must be at most {high}"),
        (None, None) => String::new(),
    }
}

fn expected_name(kind: &str) -> &str {
    match kind {
        "object" => "a table",
        "array" => "an array",
        "integer" => "a whole number",
        "string" => "text in quotes",
        "boolean" => "true or false",
        other => other,
    }
}

fn found_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(float) if float.as_str().ends_with(|c: char| c.is_ascii_alphabetic()) => {
            "nan or infinity"
        }
        DeValue::Float(_) => "a number with decimals",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
