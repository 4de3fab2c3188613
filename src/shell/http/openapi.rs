//! `GET /api/openapi.json`: the description of every route, made from the routes themselves.

use std::future::{Ready, ready};
use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::OpenApi;

use super::wire::bed::Bed;
use super::wire::event::{Farewell, Heartbeat, SessionChanged, Snapshot};
use super::wire::json;
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

static TEXT: LazyLock<String> = LazyLock::new(|| json(&super::routes().split_for_parts().1));

#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "service",
    responses((status = 200, description = "This description", content_type = "application/json"))
)]
pub(crate) fn document() -> Ready<impl IntoResponse> {
    ready(([(CONTENT_TYPE, "application/json")], TEXT.as_str()))
}
