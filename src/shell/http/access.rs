//! The one table of who may ask what (safety X1, X2; contract 6), and the gate that holds it. The
//! API's description, the table in the README and the tests are made from the same lines.
//!
//! Deny by default: a route that has no line here is refused, whoever asks. The dashboard's own
//! files are no routes and open to all. What a request must look like is `guard`'s.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ALLOW, HeaderValue};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::credentials::{self, Peer};
use super::problem::Problem;
use super::query;
use crate::domain::role::Needed;
use crate::shell::identity::{Caller, Note, Standing};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody who reaches the service.
    Public,
    /// This machine; from elsewhere, whoever is known.
    Local,
    /// Whoever is known, also by a log-in that has timed out and only displays.
    Display,
    /// Whoever has such a role, by a log-in that has not timed out, or by a token.
    Role(Needed),
}

/// Whether a request shows that a person is there; else it does not keep a log-in from timing out
/// (safety X4: leases and streams are no activity).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    Person,
    Page,
}

/// A line of the table.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    /// As the router has it: `{bed}` stands for any one segment.
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    pub(crate) activity: Activity,
    /// Its query parameters; to a route of the API that has none each is one too many.
    pub(crate) query: &'static [&'static str],
}

const fn route(method: Method, path: &'static str, access: Access, activity: Activity) -> Route {
    Route { method, path, access, activity, query: &[] }
}

impl Route {
    const fn takes(mut self, query: &'static [&'static str]) -> Self {
        self.query = query;
        self
    }
}

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

const ADMIN: Access = Access::Role(Needed::Admin);
const VIEWER: Access = Access::Role(Needed::Viewer);
const NURSE: Access = Access::Role(Needed::Nurse);

/// Every route; what a page asks by itself is no activity.
pub(crate) const ROUTES: &[Route] = &[
    route(GET, "/livez", Access::Public, Activity::Page),
    route(GET, "/readyz", Access::Public, Activity::Page),
    route(GET, "/metrics", Access::Local, Activity::Page),
    route(POST, "/api/v1/login", Access::Public, Activity::Person),
    route(POST, "/api/v1/logout", Access::Display, Activity::Person),
    route(GET, "/api/v1/me", Access::Display, Activity::Page),
    route(GET, "/api/v1/users", ADMIN, Activity::Person),
    route(POST, "/api/v1/users", ADMIN, Activity::Person),
    route(PUT, "/api/v1/users/{name}", ADMIN, Activity::Person),
    route(GET, "/api/v1/beds", Access::Display, Activity::Page),
    route(GET, "/api/v1/beds/{bed}", Access::Display, Activity::Person),
    route(GET, "/api/v1/alarms", Access::Display, Activity::Person).takes(query::OF_ALARMS),
    route(POST, "/api/v1/alarms/{occurrence}/acknowledge", NURSE, Activity::Person),
    route(POST, "/api/v1/beds/{bed}/audio-pause", NURSE, Activity::Person),
    route(DELETE, "/api/v1/beds/{bed}/audio-pause", NURSE, Activity::Person),
    route(POST, "/api/v1/beds/{bed}/alarm-pause", NURSE, Activity::Person),
    route(DELETE, "/api/v1/beds/{bed}/alarm-pause", NURSE, Activity::Person),
    route(POST, "/api/v1/beds/{bed}/standby", NURSE, Activity::Person),
    route(DELETE, "/api/v1/beds/{bed}/standby", NURSE, Activity::Person),
    route(POST, "/api/v1/beds/{bed}/devices", NURSE, Activity::Person),
    route(GET, "/api/v1/beds/{bed}/readings", VIEWER, Activity::Person).takes(query::OF_READINGS),
    route(POST, "/api/v1/beds/{bed}/readings", NURSE, Activity::Person),
    route(GET, "/api/v1/beds/{bed}/trend", VIEWER, Activity::Page).takes(query::OF_TREND),
    route(POST, "/api/v1/readings/{id}/void", NURSE, Activity::Person),
    route(POST, "/api/v1/readings/{id}/amend", NURSE, Activity::Person),
    route(GET, "/api/v1/sessions", NURSE, Activity::Page).takes(query::OF_SESSIONS),
    route(POST, "/api/v1/sessions", NURSE, Activity::Person),
    route(GET, "/api/v1/sessions/{id}", NURSE, Activity::Person),
    route(PUT, "/api/v1/sessions/{id}/preset", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/baseline", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/doses", NURSE, Activity::Person),
    route(PUT, "/api/v1/sessions/{id}/doses/{dose}", NURSE, Activity::Person),
    route(DELETE, "/api/v1/sessions/{id}/doses/{dose}", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/doses/{dose}/void", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/doses/{dose}/amend", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/readings", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/observations", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/interventions", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/limits", NURSE, Activity::Person),
    route(GET, "/api/v1/sessions/{id}/report", NURSE, Activity::Person),
    route(GET, "/api/v1/sessions/{id}/export.csv", NURSE, Activity::Person),
    route(GET, "/api/v1/sessions/{id}/export.fhir.json", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/move", NURSE, Activity::Person),
    route(POST, "/api/v1/sessions/{id}/end", NURSE, Activity::Person),
    route(GET, "/api/v1/handovers", NURSE, Activity::Page),
    route(POST, "/api/v1/handovers", NURSE, Activity::Person),
    route(POST, "/api/v1/handovers/{id}/accept", NURSE, Activity::Person),
    route(POST, "/api/v1/handovers/{id}/reject", NURSE, Activity::Person),
    route(GET, "/api/v1/presets", VIEWER, Activity::Person),
    route(GET, "/api/v1/presets/{name}", VIEWER, Activity::Person),
    route(GET, "/api/v1/setup", Access::Role(Needed::Setup), Activity::Person),
    route(GET, "/api/v1/audit", ADMIN, Activity::Person).takes(query::OF_AUDIT),
    route(GET, "/api/v1/events", Access::Display, Activity::Page).takes(query::OF_EVENTS),
    route(GET, "/api/v1/screens", Access::Display, Activity::Page),
    route(POST, "/api/v1/screens", Access::Display, Activity::Page),
    route(DELETE, "/api/v1/screens/{id}", Access::Display, Activity::Page),
    route(POST, "/api/v1/screens/{id}/lease", Access::Display, Activity::Page),
    route(POST, "/api/v1/screens/{id}/sound-test", NURSE, Activity::Person),
    route(POST, "/api/v1/screens/pairings", ADMIN, Activity::Person),
    route(POST, "/api/v1/screens/pair", Access::Public, Activity::Person),
    route(GET, "/api/openapi.json", Access::Display, Activity::Page),
];

impl Access {
    /// Of the description's `x-role` and the README.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Public => "none",
            Self::Local => "none on this machine, else any",
            Self::Display => "any, display-only too",
            Self::Role(needed) => needed.name(),
        }
    }

    /// What is missing for `caller` to use such a route; nothing of the request is looked at.
    pub(crate) fn check(self, caller: Option<&Caller>) -> Result<(), Problem> {
        let needed = match (self, caller) {
            (Self::Public, _) | (Self::Display | Self::Local, Some(_)) => return Ok(()),
            (Self::Role(_) | Self::Display | Self::Local, None) => {
                return Err(Problem::LogInNeeded);
            }
            (Self::Role(needed), Some(_)) => needed,
        };
        match caller {
            Some(caller) if caller.standing == Standing::DisplayOnly => Err(Problem::LogInNeeded),
            Some(caller) if !caller.role.permits(needed) => {
                Err(Problem::RoleNeeded { needed, has: caller.role })
            }
            Some(_) => Ok(()),
            None => Err(Problem::LogInNeeded),
        }
    }
}

/// The table's line for a request; a `HEAD` is a `GET` whose body stays here.
fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    ROUTES.iter().find(|route| route.method == *method && route.path == path)
}

/// Lets a request through to its route, with its `Caller`, or tells what is missing.
pub(crate) async fn gate(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let path = matched.as_ref().map_or("", MatchedPath::as_str);
    let Some(route) = find(request.method(), path) else {
        return Ok(not_listed(request.method(), path));
    };
    if route.access == Access::Public || route.access == Access::Local && is_local(&request) {
        check_query(route, request.uri())?;
        return Ok(next.run(request).await);
    }
    let caller = credentials::caller(&state.0.identity, request.headers()).await?;
    let admitted = route
        .access
        .check(caller.as_ref())
        .and_then(|()| credentials::check_csrf(request.method(), request.headers(), &caller));
    let Some(caller) = caller else { return Err(admitted.err().unwrap_or(Problem::LogInNeeded)) };
    if let Err(problem) = admitted {
        if problem != Problem::LogInNeeded {
            let from = credentials::from(request.extensions());
            let detail = format!("{} {path}: {}", route.method, problem.detail());
            let who = Arc::clone(&caller.name);
            state.0.identity.note(Note { who, what: "refused", from, detail });
        }
        return Err(problem);
    }
    if route.activity == Activity::Person {
        state.0.identity.active(&caller);
    }
    check_query(route, request.uri())?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// A misspelt parameter must not look as if it had been heard. Whoever watches the service may add
/// what they like.
fn check_query(route: &Route, uri: &Uri) -> Result<(), Problem> {
    match uri.query() {
        Some(query) if route.query.is_empty() && route.path.starts_with("/api/") => {
            query::none(query)
        }
        Some(_) | None => Ok(()),
    }
}

fn is_local(request: &Request) -> bool {
    let peer = request.extensions().get::<Peer>();
    peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
}

/// A method that the path does not take, or a route that somebody forgot to list here.
fn not_listed(method: &Method, path: &str) -> Response {
    let methods = ROUTES.iter().filter(|route| route.path == path);
    let mut allowed: Vec<&str> = methods.map(|route| route.method.as_str()).collect();
    if allowed.is_empty() {
        tracing::error!(%method, path, "this route is not in the table of access");
        return Problem::NotListed.into_response();
    }
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    let mut response = Problem::Method(method.clone()).into_response();
    if let Ok(value) = HeaderValue::try_from(allowed.join(",")) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::domain::role::Role;
    use crate::shell::identity::{Secret, Via};

    const README: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));

    fn caller(role: Role, standing: Standing) -> Caller {
        let hash = Secret::parse(&"0".repeat(64)).expect("64 digits").hash();
        Caller { name: Arc::from("kim"), role, standing, via: Via::Token { hash } }
    }

    #[test]
    fn each_access_admits_its_roles_and_nobody_else() {
        // Goal: every kind of access against every role, a log-in that timed out, and nobody.
        // safety:X2
        let (ok, log_in) = (Ok(()), Err(Problem::LogInNeeded));
        let refused = |needed, has| Err(Problem::RoleNeeded { needed, has });
        for role in Role::ALL {
            let (full, idle) = (caller(role, Standing::Full), caller(role, Standing::DisplayOnly));
            for access in [Access::Public, Access::Local, Access::Display] {
                assert_eq!(access.check(Some(&full)), ok, "{access:?} {role:?}");
                assert_eq!(access.check(Some(&idle)), ok, "{access:?} {role:?}");
            }
            for needed in Needed::ALL {
                let expected = if role.permits(needed) { Ok(()) } else { refused(needed, role) };
                assert_eq!(Access::Role(needed).check(Some(&full)), expected);
                assert_eq!(Access::Role(needed).check(Some(&idle)), log_in);
            }
        }
        assert_eq!(Access::Public.check(None), ok);
        for access in [Access::Local, Access::Display, NURSE, ADMIN] {
            assert_eq!(access.check(None), log_in, "{access:?}");
        }
    }

    #[test]
    fn the_readme_shows_the_table_as_it_is() {
        // Method: the text between the markers is this test's own.
        let mut table = String::from("| route | role |\n| --- | --- |\n");
        for Route { method, path, access, .. } in ROUTES {
            writeln!(table, "| `{method} {path}` | {} |", access.name()).expect("a String");
        }
        let (begin, end) = ("<!-- access: begin -->\n", "<!-- access: end -->");
        let (_, rest) = README.split_once(begin).expect("the marker is there");
        let (shown, _) = rest.split_once(end).expect("the other marker is there");
        assert_eq!(shown, table, "README.md, between {begin}");
    }
}
