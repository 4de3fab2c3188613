//! `POST`/`GET /api/v1/screens`, `DELETE /screens/{id}`, `POST /screens/{id}/lease` and
//! `/sound-test` (contract 6); `pairing` has the wall boards. Who is watching, and what follows
//! from it, is `domain::screens`'s.

pub(crate) mod body;
pub(crate) mod pairing;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use self::body::{LeaseBody, OpenBody, SoundTestBody};
use super::AppState;
use super::act::command_of;
use super::body::{parse, read};
use super::commands::Kind;
use super::credentials::By;
use super::problem::{Problem, ProblemBody};
use super::site::Site;
use super::wire::{Id, Page, Time};
use crate::domain::role::Role;
use crate::domain::screens::{
    Coverage, Heard, ScreenDeed, ScreenId, ScreenOrder, ScreenView, Standing, Visibility, Whose,
};
#[cfg(test)]
use crate::shell::http::wire::words;

/// Answer to an opening.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Opened {
    id: Id,
}

/// A screen, as its last lease said.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Screen<'a> {
    id: Id,
    name: &'a str,
    /// station | board
    #[cfg_attr(test, ts(as = "words::ScreenKind"))]
    kind: &'static str,
    /// Who opened it.
    owner: &'a str,
    /// visible | hidden | lost (no lease for 5 s) | silent (none yet)
    state: &'static str,
    /// unlocked | locked | muted; null before the first lease.
    #[cfg_attr(test, ts(as = "Option<words::Audio>"))]
    audio: Option<&'static str>,
    /// The beds that it shows; null: all, or no lease yet.
    beds: Option<Vec<&'a str>>,
    /// The highest alarm `seq` that it has painted.
    seen: Option<u64>,
    /// Since its last lease, in seconds.
    age_s: u64,
    /// The newest answer; null: nobody has said whether it is heard.
    sound_test: Option<SoundTest<'a>>,
}

/// Who said whether a screen's test sounds are heard, and when.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct SoundTest<'a> {
    heard: bool,
    by: &'a str,
    at: Time,
}

impl<'a> Screen<'a> {
    fn new(site: &'a Site, view: &'a ScreenView) -> Self {
        let lease = view.lease.as_ref();
        let state = match (view.standing, lease) {
            (Standing::Lost, _) => "lost",
            (Standing::Held, None) => "silent",
            (Standing::Held, Some(lease)) => match lease.visibility {
                Visibility::Visible => "visible",
                Visibility::Hidden => "hidden",
            },
        };
        let beds = lease.and_then(|lease| match &lease.beds {
            Coverage::All => None,
            Coverage::Beds(beds) => {
                Some(beds.iter().filter_map(|bed| site.name_of(*bed)).collect())
            }
        });
        Self {
            id: Id(view.id),
            name: &view.name,
            kind: view.kind.name(),
            owner: &view.owner,
            state,
            audio: lease.map(|lease| lease.audio.name()),
            beds,
            seen: lease.map(|lease| lease.seen.0),
            age_s: view.age.as_secs(),
            sound_test: view.sound_test.as_ref().map(|test| SoundTest {
                heard: test.heard == Heard::Yes,
                by: &test.by,
                at: Time(test.at),
            }),
        }
    }
}

/// Opens a screen: from now on it is expected to renew its lease every 2 s.
#[utoipa::path(
    post,
    path = "/api/v1/screens",
    tag = "screens",
    request_body = OpenBody,
    responses(
        (status = 201, description = "Open, now or before; the id is the command's", body = Opened),
        (status = 400, description = "The body is not JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 409, description = "command-reused", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "A field is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "Busy, or too many screens", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn open(
    State(state): State<AppState>,
    By(caller): By,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = read(body, &state.0.limits).await?;
    let body: OpenBody = parse(&bytes, "command_id, name and kind")?;
    let (command, deed) = body.deed()?;
    let id = ordered(&state, ScreenOrder { command, by: caller.name, deed }).await?;
    Ok((StatusCode::CREATED, Json(Opened { id: Id(id) })).into_response())
}

/// All screens that are open, lost ones for 10 minutes.
#[utoipa::path(
    get,
    path = "/api/v1/screens",
    tag = "screens",
    responses(
        (status = 200, description = "All screens, on one page", body = inline(Page<Screen>)),
        (status = 503, description = "The engine does not answer", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn list(State(state): State<AppState>) -> Result<Response, Problem> {
    let views = state.answer(state.0.engine.screens()).await?;
    let items = views.iter().map(|view| Screen::new(&state.0.site, view)).collect();
    Ok(Json(Page { items, next: None }).into_response())
}

/// Closes a screen: announced, so it is not lost. One's own; an admin anybody's.
#[utoipa::path(
    delete,
    path = "/api/v1/screens/{id}",
    tag = "screens",
    params(
        ("id" = String, Path, description = "The screen's id"),
        ("Command-Id" = String, Header, description = "A UUID of the client's own, new with each \
            act, the same when it asks again")
    ),
    responses(
        (status = 204, description = "Closed, now or before"),
        (status = 403, description = "not-your-screen", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "There is no such screen", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 409, description = "command-reused", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "The header is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "The engine does not answer", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn close(
    State(state): State<AppState>,
    By(caller): By,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let screen = screen_of(id)?;
    let command = command_of(&headers)?;
    let whose = if caller.role == Role::Admin { Whose::Anyones } else { Whose::Own };
    let deed = ScreenDeed::Close { screen, whose };
    ordered(&state, ScreenOrder { command, by: caller.name, deed }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What a person answered to "did you hear it?"; recorded with name and time.
#[utoipa::path(
    post,
    path = "/api/v1/screens/{id}/sound-test",
    tag = "screens",
    params(("id" = String, Path, description = "The screen's id")),
    request_body = SoundTestBody,
    responses(
        (status = 204, description = "Recorded, now or before"),
        (status = 400, description = "The body is not JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "There is no such screen", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 409, description = "command-reused", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "A field is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "The engine does not answer", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn sound_test(
    State(state): State<AppState>,
    By(caller): By,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Problem> {
    let screen = screen_of(id)?;
    let bytes = read(body, &state.0.limits).await?;
    let body: SoundTestBody = parse(&bytes, "command_id and heard")?;
    let (command, deed) = body.deed(screen)?;
    ordered(&state, ScreenOrder { command, by: caller.name, deed }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Renews a screen's lease. No activity of a person: it keeps no log-in from timing out.
#[utoipa::path(
    post,
    path = "/api/v1/screens/{id}/lease",
    tag = "screens",
    params(("id" = String, Path, description = "The screen's id")),
    request_body = LeaseBody,
    responses(
        (status = 204, description = "Renewed"),
        (status = 400, description = "The body is not JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 403, description = "not-your-screen", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "There is no such screen: open one", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "A field is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "The engine does not answer", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn lease(
    State(state): State<AppState>,
    By(caller): By,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Problem> {
    let screen = screen_of(id)?;
    let bytes = read(body, &state.0.limits).await?;
    let body: LeaseBody = parse(&bytes, "visible, audio, beds and seen")?;
    let lease = body.lease(&state.0.site)?;
    let renewed = state.answer(state.0.engine.lease(screen, caller.name, lease)).await?;
    renewed.map_err(Problem::Screen)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn screen_of(id: Result<Path<String>, PathRejection>) -> Result<ScreenId, Problem> {
    let id = id.ok().and_then(|Path(id)| ScreenId::parse(&id).ok());
    id.ok_or(Problem::Screen(crate::domain::screens::ScreenRefused::Unknown))
}

async fn ordered(state: &AppState, order: ScreenOrder) -> Result<ScreenId, Problem> {
    state.0.commands.claim(&order.by, order.command, Kind::Screen)?;
    state.answer(state.0.engine.screen(order)).await?.map_err(Problem::Screen)
}
