//! Everything that can be wrong with a request, as RFC 9457 `application/problem+json`
//! (contract 6). `type` is stable and told apart by programs; `detail` is for people and says
//! what would be right. Nothing of the request but its own names is repeated back.

use std::future::{Ready, ready};

use axum::Json;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::refusal;
use super::wire::visit::Missing;
use crate::domain::act::Refused;
use crate::domain::role::{Needed, Role};
use crate::domain::screens::ScreenRefused;
use crate::shell::identity::IdentityError;
use crate::shell::lane::Busy;

/// Why a request is not answered as it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    UnknownPath,
    UnknownBed,
    UnknownOccurrence,
    /// A person's act, by the ward.
    Refused(Refused),
    /// The same, in the words of that act.
    Explained {
        refused: Refused,
        detail: String,
    },
    /// Neither one that runs nor one that has ended.
    UnknownSession,
    /// The ward's word on a value, by the field that it was sent in.
    BadValue {
        field: &'static str,
        right: &'static str,
    },
    /// Not JSON at all.
    BrokenBody(String),
    /// JSON, but not what the route takes; names the field.
    InvalidBody(String),
    /// Names the parameter.
    InvalidParameter(String),
    ContentType,
    BodyTooLarge,
    BodyTooSlow,
    Method(Method),
    ForeignHost,
    ForeignOrigin,
    /// Nobody is known to ask, or by a log-in that only displays.
    LogInNeeded,
    WrongLogIn,
    RoleNeeded {
        needed: Needed,
        has: Role,
    },
    Csrf,
    /// A route without a line in the table of access.
    NotListed,
    UnknownPreset,
    UnknownUser,
    NameTaken,
    LastAdmin,
    /// What a screen asks.
    Screen(ScreenRefused),
    /// No code that a board may pair with, or no longer one.
    WrongCode,
    /// A log-out while responsible for a running session.
    Responsible,
    Busy,
    History(String),
}

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Problem"))]
pub(crate) struct ProblemBody {
    /// Stable, such as `/problems/stale-revision`.
    r#type: String,
    title: &'static str,
    status: u16,
    /// What is wrong and what would be right.
    detail: String,
    /// The revision now, with `stale-revision`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    current: Option<u32>,
    /// All that is missing, with `not-ready`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    missing: Option<Vec<Missing>>,
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownPath
            | Self::UnknownBed
            | Self::UnknownOccurrence
            | Self::UnknownSession
            | Self::UnknownPreset
            | Self::UnknownUser => StatusCode::NOT_FOUND,
            Self::Refused(refused) | Self::Explained { refused, .. } => refusal::status(refused),
            Self::NameTaken | Self::LastAdmin | Self::Responsible => StatusCode::CONFLICT,
            Self::Screen(refused) => refusal::screen_status(*refused),
            Self::LogInNeeded | Self::WrongLogIn | Self::WrongCode => StatusCode::UNAUTHORIZED,
            Self::BrokenBody(_) | Self::InvalidParameter(_) => StatusCode::BAD_REQUEST,
            Self::InvalidBody(_) | Self::BadValue { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignHost
            | Self::ForeignOrigin
            | Self::RoleNeeded { .. }
            | Self::Csrf
            | Self::NotListed => StatusCode::FORBIDDEN,
            Self::Busy | Self::History(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Last segment of `type`, and the title.
    const fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Self::UnknownPath => ("unknown-path", "There is nothing here"),
            Self::UnknownBed => ("unknown-bed", "There is no such bed"),
            Self::UnknownOccurrence => ("unknown-occurrence", "There is no such alarm"),
            Self::Refused(refused) | Self::Explained { refused, .. } => refusal::kind(refused),
            Self::UnknownSession => ("unknown-session", "There is no such session"),
            Self::BadValue { .. } => refusal::kind(&Refused::BadValue),
            Self::BrokenBody(_) | Self::InvalidBody(_) => {
                ("invalid-body", "The body is not what this route takes")
            }
            Self::InvalidParameter(_) => ("invalid-parameter", "A parameter is not right"),
            Self::ContentType => ("content-type", "Only JSON is taken"),
            Self::BodyTooLarge => ("body-too-large", "The body is too large"),
            Self::BodyTooSlow => ("body-too-slow", "The body came too slowly"),
            Self::Method(_) => ("method-not-allowed", "This method is not for this path"),
            Self::ForeignHost => ("foreign-host", "The host name is not ours"),
            Self::ForeignOrigin => ("foreign-origin", "The request comes from another site"),
            Self::LogInNeeded => ("log-in-needed", "Log in first"),
            Self::WrongLogIn => ("wrong-log-in", "Name or password is not right"),
            Self::RoleNeeded { .. } => ("role", "Your role does not allow this"),
            Self::Csrf => ("csrf", "The request does not come from the page"),
            Self::NotListed => ("not-listed", "This route is open to nobody"),
            Self::UnknownPreset => ("unknown-preset", "There is no such preset"),
            Self::UnknownUser => ("unknown-user", "There is no such user"),
            Self::NameTaken => ("name-taken", "The name is taken"),
            Self::LastAdmin => ("last-admin", "This is the last admin"),
            Self::Screen(refused) => refusal::screen_kind(*refused),
            Self::WrongCode => ("wrong-code", "The code is not good, or no longer"),
            Self::Responsible => ("responsible", "You are responsible for a session"),
            Self::Busy => ("busy", "The service is busy"),
            Self::History(_) => ("busy", "The journal does not answer"),
        }
    }

    pub(crate) fn detail(&self) -> String {
        match self {
            Self::UnknownPath => "the routes are listed in /api/openapi.json".into(),
            Self::UnknownBed => "the beds are listed in /api/v1/beds".into(),
            Self::UnknownOccurrence => {
                "occurrences are listed in /api/v1/alarms; their ids are UUIDs".into()
            }
            Self::Refused(refused) => refusal::detail(refused),
            Self::Explained { detail, .. } => detail.clone(),
            Self::UnknownSession => {
                "sessions, the ended ones too, are listed in /api/v1/sessions?state=all".into()
            }
            Self::BadValue { field, right } => format!("field `{field}` must be {right}"),
            Self::BrokenBody(why) | Self::InvalidBody(why) | Self::InvalidParameter(why) => {
                why.clone()
            }
            Self::ContentType => "send the header `Content-Type: application/json`".into(),
            Self::BodyTooLarge => "a body has at most 65536 bytes".into(),
            Self::BodyTooSlow => "a body must arrive within 10 s".into(),
            Self::Method(method) => {
                format!("{method} is not taken here; the header `Allow` says what is")
            }
            Self::ForeignHost => {
                "the header `Host` must be localhost, 127.0.0.1 or [::1], with any port".into()
            }
            Self::ForeignOrigin => {
                "the header `Origin` must be absent or name the same host as `Host`".into()
            }
            Self::LogInNeeded => "log in at /api/v1/login, or send `Authorization: Bearer` with a \
                token in force; a log-in that is idle for 30 min only displays"
                .into(),
            Self::WrongLogIn => "no user of this name has this password".into(),
            Self::RoleNeeded { needed, has } => {
                format!("this needs the role {}; yours is {}", needed.roles(), has.name())
            }
            Self::Csrf => {
                "send the header `X-CSRF-Token` with the value of `csrf` in /api/v1/me".into()
            }
            Self::NotListed => "the route has no line in the table of access".into(),
            Self::UnknownPreset => "the presets are listed in /api/v1/presets".into(),
            Self::UnknownUser => "the users are listed in /api/v1/users".into(),
            Self::NameTaken => "choose another name; users are disabled, never deleted".into(),
            Self::LastAdmin => "make another admin first".into(),
            Self::Screen(refused) => refusal::screen_detail(*refused),
            Self::WrongCode => {
                "an admin gets a new one at /api/v1/screens/pairings; it is good once, for 10 min"
                    .into()
            }
            Self::Responsible => {
                "hand your sessions over first, or end them: /api/v1/handovers".into()
            }
            Self::Busy => "try again in a second, with the same command_id if there is one".into(),
            Self::History(why) => format!("try again in a second; the journal says: {why}"),
        }
    }
}

/// Where the ward answers `BadValue`, names the field that holds the value.
pub(crate) fn naming(field: &'static str, right: &'static str) -> impl FnOnce(Problem) -> Problem {
    move |problem| {
        if problem == Problem::Refused(Refused::BadValue) {
            Problem::BadValue { field, right }
        } else {
            problem
        }
    }
}

impl From<Busy> for Problem {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::NameTaken => Self::NameTaken,
            IdentityError::UnknownUser => Self::UnknownUser,
            IdentityError::LastAdmin => Self::LastAdmin,
            IdentityError::CommandReused => Self::Refused(Refused::CommandReused),
            IdentityError::Busy
            | IdentityError::Database(_)
            | IdentityError::Hash(_)
            | IdentityError::NoRandom(_)
            | IdentityError::UnknownToken => {
                tracing::warn!(%error, "who asks is not known, or not changed");
                Self::Busy
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (kind, title) = self.kind();
        let (mut current, mut missing) = (None, None);
        if let Self::Refused(refused) = &self {
            if let Refused::Stale { current: now } = refused {
                current = Some(*now);
            }
            if let Refused::NotReady { missing: all } = refused {
                missing = Some(all.iter().map(Missing::new).collect());
            }
        }
        let status = self.status();
        let body = ProblemBody {
            r#type: format!("/problems/{kind}"),
            title,
            status: status.as_u16(),
            detail: self.detail(),
            current,
            missing,
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Answer to a method that the path does not take.
pub(crate) fn method_not_allowed(method: Method) -> Ready<Problem> {
    ready(Problem::Method(method))
}
