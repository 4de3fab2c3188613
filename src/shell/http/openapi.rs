//! `GET /api/openapi.json`: the description of every route, made from the routes themselves.

use std::collections::BTreeMap;
use std::future::{Ready, ready};
use std::sync::LazyLock;

use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use super::access::{Access, ROUTES};
use super::problem::ProblemBody;
use super::sessions::leaving::ChecksBody;
use super::sessions::start::PatientBody;
use super::wire::bed::Bed;
use super::wire::event::{Farewell, Heartbeat, SessionChanged, Snapshot};
use super::wire::occurrence::Occurrence;
use super::wire::session::PastSession;

/// What the description holds beside the routes: the shapes of the live events.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "dosevigil",
        description = "Vital signs, alarms and acknowledgements of a ward. Errors are RFC 9457 \
            problems. Times are RFC 3339, UTC, with milliseconds."
    ),
    components(schemas(
        ProblemBody,
        Snapshot,
        Bed,
        Occurrence,
        SessionChanged,
        PastSession,
        PatientBody,
        ChecksBody,
        Heartbeat,
        Farewell
    ))
)]
pub(crate) struct Document;

static TEXT: LazyLock<String> = LazyLock::new(|| described().to_string());

/// The description of the routes, and who may use each: `x-role` and `security` from the one table.
fn described() -> Value {
    let document = super::routes().split_for_parts().1;
    let mut document = serde_json::to_value(document).expect("the description is JSON");
    document["components"]["securitySchemes"] = json!({
        "cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-dosevigil",
            "description": "With the header `X-CSRF-Token` on changes"},
        "token": {"type": "http", "scheme": "bearer"},
    });
    for route in ROUTES {
        let method = route.method.as_str().to_lowercase();
        let pointer = route.path.replace('~', "~0").replace('/', "~1");
        let Some(operation) = document.pointer_mut(&format!("/paths/{pointer}/{method}")) else {
            continue;
        };
        operation["x-role"] = route.access.name().into();
        let changes = route.method != Method::GET;
        let everywhere = match (changes, route.path.starts_with("/api/")) {
            (true, _) => refusals(route.access, OF_CHANGES),
            (false, true) => refusals(route.access, OF_READS),
            (false, false) => refusals(route.access, &[]),
        };
        complete(&mut operation["responses"], &everywhere);
        operation["security"] = match route.access {
            Access::Public => json!([]),
            Access::Local | Access::Display | Access::Role(_) => {
                json!([{"cookie": []}, {"token": []}])
            }
        };
    }
    document
}

/// What a request that only reads may be answered.
const OF_READS: &[(&str, &str)] =
    &[("400", "invalid-parameter: names it, and what would be right")];

/// What a request that changes something may be answered, whatever it asks for.
const OF_CHANGES: &[(&str, &str)] = &[
    ("400", "invalid-body: the body is not JSON"),
    ("408", "body-too-slow"),
    ("413", "body-too-large"),
    ("415", "content-type: the body is not said to be JSON"),
    ("422", "invalid-body: names the field or header, and what would be right"),
    ("503", "busy; ask again with the same command_id"),
];

fn refusals(access: Access, more: &[(&'static str, &'static str)]) -> BTreeMap<String, String> {
    let known: &[(&str, &str)] = match access {
        Access::Public => &[],
        Access::Local | Access::Display | Access::Role(_) => {
            &[("401", "log-in-needed: nobody known asks"), ("403", "role, or csrf")]
        }
    };
    let all = known.iter().chain(more);
    all.map(|(status, what)| ((*status).to_owned(), (*what).to_owned())).collect()
}

/// Adds the refusals that every such route has to its own, and says of each that it is a problem.
fn complete(responses: &mut Value, everywhere: &BTreeMap<String, String>) {
    let Some(responses) = responses.as_object_mut() else { return };
    for (status, what) in everywhere {
        let own = responses.get(status).and_then(|own| own["description"].as_str());
        let what = match own {
            Some(own) if status == "403" => format!("{what}; {own}"),
            Some(own) => own.to_owned(),
            None => what.clone(),
        };
        responses.insert(status.clone(), json!({"description": what}));
    }
    let schema = json!({"$ref": "#/components/schemas/ProblemBody"});
    let refused = responses.iter_mut().filter(|(status, _)| status.as_str() >= "400");
    // One that says of itself what it is, such as that of `/readyz`, is no problem.
    let is_bare = |response: &Value| response["content"].as_object().is_none_or(Map::is_empty);
    for (_, response) in refused.filter(|(_, response)| is_bare(response)) {
        response["content"] = json!({"application/problem+json": {"schema": schema}});
    }
}

#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "service",
    responses((status = 200, description = "This description", content_type = "application/json"))
)]
pub(crate) fn document() -> Ready<impl IntoResponse> {
    ready(([(CONTENT_TYPE, "application/json")], TEXT.as_str()))
}
