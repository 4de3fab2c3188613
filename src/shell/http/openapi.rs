//! `GET /api/openapi.json`: the description of every route, made from the routes themselves.

use std::future::{Ready, ready};
use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::access::{Access, ROUTES};
use super::wire::bed::Bed;
use super::wire::event::{Farewell, Heartbeat, SessionChanged, Snapshot};
use super::wire::occurrence::Occurrence;

/// What the description holds beside the routes: the shapes of the live events.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "dosevigil",
        description = "Vital signs, alarms and acknowledgements of a ward. Errors are RFC 9457 \
            problems. Times are RFC 3339, UTC, with milliseconds."
    ),
    components(schemas(Snapshot, Bed, Occurrence, SessionChanged, Heartbeat, Farewell))
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
        if route.access == Access::Public {
            operation["security"] = json!([]);
            continue;
        }
        operation["security"] = json!([{"cookie": []}, {"token": []}]);
        operation["responses"]["401"] = refusal("log-in-needed: nobody known asks");
        operation["responses"]["403"] = refusal("role, or csrf");
    }
    document
}

fn refusal(description: &str) -> Value {
    let schema = json!({"$ref": "#/components/schemas/ProblemBody"});
    json!({"description": description, "content": {"application/problem+json": {"schema": schema}}})
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
