//! `POST /api/v1/sessions/{id}/limits` (contract 6; alarms 7): one limit of a running session. A
//! nurse tightens; a lead widens, inside the rails, or a nurse on a lead's order by phone.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::AppState;
use super::act::{Doer, Shared};
use super::body::{self, decimal, flag, given, read, word, wrong};
use super::problem::Problem;
use super::sessions::session;
use super::wire::Figure;
#[cfg(test)]
use super::wire::words;
use crate::domain::act::{Deed, Done, LimitOf, LimitOrder};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::rule::Judged;
use crate::domain::ids::RuleId;
use crate::domain::metric::Metric;

/// A limit's new number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitBody {
    /// The rule's id, such as B2.
    #[schema(value_type = String)]
    rule: Value,
    /// The metric, as limits name it: nibp_sys, heart_rate, spo2 ...
    #[schema(value_type = String)]
    metric: Value,
    /// In the metric's unit; null: back to the preset's.
    #[schema(value_type = Option<f64>)]
    value: Value,
    /// Where rule and metric leave two: which family.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    family: Value,
    /// true: the number is a rise or drop from the baseline.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    change: Value,
    /// Why: 1 to 500 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Value,
    /// Who ordered it by phone, where a nurse acts as a lead.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    ordered_by: Value,
    /// A UUID of the client's own, new with each act, the same when it asks again.
    #[serde(default)]
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
}

/// The limit before and after.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LimitSet {
    rule: String,
    #[cfg_attr(test, ts(as = "words::Judged"))]
    metric: &'static str,
    old: Figure,
    new: Figure,
}

/// Moves one limit of a session, or gives it back its preset's number; judged at once.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/limits",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    request_body = LimitBody,
    responses(
        (status = 200, description = "The limit before and after", body = LimitSet),
        (status = 403, description = "lead-needed: it widens the limit"),
        (status = 404, description = "unknown-session, or unknown-rule: no such limit in force"),
        (status = 409, description = "command-reused"),
        (status = 422, description = "outside-rails, which it names; limits-cross; ambiguous; \
            reason-needed; or invalid-body, which names the field")
    )
)]
pub(crate) async fn set(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<LimitSet>, Problem> {
    let session = session(id)?;
    let bytes = read(body, &state.0.limits).await?;
    let keys = "rule, metric, value, reason, command_id and, where needed, family, change, \
        ordered_by";
    let body: LimitBody = body::parse(&bytes, keys)?;
    let limit = body.order()?;
    let (rule, judged) = (limit.rule.to_string(), limit.judged);
    let LimitBody { command_id, reason, ordered_by, .. } = &body;
    let deed = Deed::SetLimit { session, limit };
    let act = doer.act(deed, Shared { command_id, reason, ordered_by })?;
    let Done::LimitSet { old, new } = state.act(act).await? else { return Err(Problem::Busy) };
    let figure = |raw| Figure::of(metric(judged), raw);
    Ok(Json(LimitSet { rule, metric: judged.name(), old: figure(old), new: figure(new) }))
}

impl LimitBody {
    fn order(&self) -> Result<LimitOrder, Problem> {
        let rule =
            word("rule", &self.rule, "a rule's id such as B2", |id| RuleId::try_new(id).ok())?;
        let right = "a metric that limits name, such as nibp_sys or heart_rate";
        let judged = word("metric", &self.metric, right, Judged::by_name)?;
        let family =
            |value| word("family", value, "a family such as bp-high", AlarmFamily::by_name);
        let family = given(&self.family).map(family).transpose()?;
        let of = if flag("change", &self.change)? { LimitOf::Change } else { LimitOf::Value };
        let value = given(&self.value).map(|value| number(judged, value)).transpose()?;
        Ok(LimitOrder { rule, judged, family, of, value })
    }
}

/// Whose unit and resolution the limits of `judged` have.
fn metric(judged: Judged) -> Metric {
    *judged.metrics().first().expect("whatever is judged has a metric")
}

/// A JSON number in the metric's resolution; one that is finer is not rounded but refused. One
/// beyond all that can be is the largest or smallest there is: the ward's refusal names the rails.
fn number(judged: Judged, value: &Value) -> Result<i32, Problem> {
    let decimals = metric(judged).info().decimals;
    if let Some(far) = value.as_f64().filter(|it| it.abs() >= f64::from(i32::MAX)) {
        return Ok(if far > 0.0 { i32::MAX } else { i32::MIN });
    }
    let number = decimal(value, decimals).ok_or_else(|| {
        wrong("value", &format!("a number with at most {decimals} decimals, or null"))
    })?;
    Ok(i32::try_from(number).unwrap_or(if number > 0 { i32::MAX } else { i32::MIN }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order(body: &Value) -> Result<LimitOrder, Problem> {
        let body: LimitBody = body::parse(body.to_string().as_bytes(), "its keys")?;
        body.order()
    }

    #[test]
    fn a_limit_is_read_in_the_resolution_of_its_metric() {
        // Goal: whole metrics take whole numbers, tenths are tenths, null is the preset's; nothing
        // is rounded.
        let spo2 = json!({"rule": "O2", "metric": "spo2", "value": 92});
        let expected = LimitOrder {
            rule: RuleId::try_new("O2").expect("a right name"),
            judged: Judged::Metric(Metric::SpO2),
            family: None,
            of: LimitOf::Value,
            value: Some(92),
        };
        assert_eq!(order(&spo2), Ok(expected.clone()));
        let back = json!({"rule": "O2", "metric": "spo2", "value": null});
        assert_eq!(order(&back), Ok(LimitOrder { value: None, ..expected }));
        let table = [
            ("nibp_sys", json!(175.0), Some(175)),
            ("nibp_sys", json!(-5), Some(-5)),
            ("nibp_sys", json!(175.5), None),
            ("temp", json!(38.5), Some(385)),
            ("temp", json!(38.55), None),
            ("nibp_sys", json!("175"), None),
            ("nibp_sys", json!(99_999_999), Some(99_999_999)),
            ("nibp_sys", json!(1e300), Some(i32::MAX)),
            ("nibp_sys", json!(-1e300), Some(i32::MIN)),
            ("temp", json!(999_999_999), Some(i32::MAX)),
        ];
        for (metric, value, expected) in table {
            let body = json!({"rule": "B2", "metric": metric, "value": value});
            let found = order(&body).map(|order| order.value);
            match expected {
                Some(_) => assert_eq!(found, Ok(expected), "{body}"),
                None => assert!(
                    matches!(&found, Err(Problem::InvalidBody(why))
                    if why.contains("`value`")),
                    "{body} {found:?}"
                ),
            }
        }
    }

    #[test]
    fn family_and_change_tell_two_limits_apart() {
        let body = json!({"rule": "R2", "metric": "resp", "value": 8, "family": "resp-low",
            "change": true});
        let order = order(&body).expect("a right body");
        assert_eq!((order.family, order.of), (Some(AlarmFamily::RespLow), LimitOf::Change));
    }

    #[test]
    fn each_wrong_field_of_a_limit_is_named() {
        let right = json!({"rule": "B2", "metric": "nibp_sys", "value": 170});
        for (field, value) in [
            ("rule", json!("")),
            ("rule", json!(2)),
            ("metric", json!("blood")),
            ("family", json!("high")),
            ("change", json!("yes")),
            ("colour", json!("red")),
        ] {
            let mut body = right.clone();
            body[field] = value;
            let answer = order(&body);
            let Err(Problem::InvalidBody(why)) = answer else { panic!("{field}: {answer:?}") };
            assert!(why.contains(&format!("`{field}`")), "{why}");
        }
        let missing = order(&json!({"rule": "B2", "metric": "nibp_sys"}));
        assert!(matches!(&missing, Err(Problem::InvalidBody(why)) if why.contains("`value`")));
    }
}
