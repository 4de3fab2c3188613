//! What a request proves its sender with: the cookie `__Host-dosevigil` or `Authorization: Bearer`
//! (contract 6), and with the cookie, on changes, `X-CSRF-Token` (safety X4, X5). An
//! `Authorization` that is not right is not made good by a cookie.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Extensions, Method, Request};
use axum::response::Response;
use tower_service::Service;

use super::problem::Problem;
use crate::shell::identity::{Caller, Identity, Secret, Via};

/// `__Host-`: a browser takes it only with Secure, Path=/ and without a domain.
const NAME: &str = "__Host-dosevigil";
/// Never kept over the browser's end; the server ends it by itself, too.
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";
const CSRF: &str = "x-csrf-token";

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The router for one connection: each request is told its `Peer`.
#[derive(Clone, Debug)]
pub(crate) struct WithPeer {
    pub(crate) router: Router,
    pub(crate) peer: Peer,
}

impl<B> Service<Request<B>> for WithPeer
where
    Router: Service<Request<B>, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = <Router as Service<Request<B>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.router.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        self.router.call(request)
    }
}

/// The address that acts are recorded with.
pub(crate) fn from(extensions: &Extensions) -> Arc<str> {
    let peer = extensions.get::<Peer>();
    peer.map_or_else(|| "unknown".into(), |peer| peer.0.ip().to_canonical().to_string().into())
}

/// Who sends these headers; `None`: nobody that is known.
pub(crate) async fn caller(
    identity: &Identity,
    headers: &HeaderMap,
) -> Result<Option<Caller>, Problem> {
    if headers.contains_key(AUTHORIZATION) {
        let Some(token) = bearer(headers) else { return Ok(None) };
        return Ok(identity.by_token(&token).await?);
    }
    let Some(secret) = cookie(headers) else { return Ok(None) };
    Ok(identity.by_cookie(&secret).await?)
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let right = values.next().is_none() && scheme.eq_ignore_ascii_case("bearer");
    right.then(|| Secret::parse(token.trim()))?
}

/// The cookie's secret, where it stands exactly once.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<Secret> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';'));
    let mut ours = pairs.filter_map(|pair| pair.trim().strip_prefix(NAME)?.strip_prefix('='));
    let value = ours.next()?;
    if ours.next().is_some() { None } else { Secret::parse(value) }
}

/// `Set-Cookie` of a log-in that has begun.
pub(crate) fn set(secret: &Secret) -> HeaderValue {
    let text = format!("{NAME}={}; {ATTRIBUTES}", secret.reveal());
    let mut value = HeaderValue::try_from(text).expect("hexadecimal digits fit a header");
    value.set_sensitive(true);
    value
}

/// `Set-Cookie` of a board's credential, which outlives the browser: the longest time that browsers
/// keep a cookie for.
pub(crate) fn set_for_long(secret: &Secret) -> HeaderValue {
    let text = format!("{NAME}={}; {ATTRIBUTES}; Max-Age=34560000", secret.reveal());
    let mut value = HeaderValue::try_from(text).expect("hexadecimal digits fit a header");
    value.set_sensitive(true);
    value
}

/// `Set-Cookie` that takes it from the browser.
pub(crate) fn clear() -> HeaderValue {
    HeaderValue::try_from(format!("{NAME}=; {ATTRIBUTES}; Max-Age=0"))
        .expect("the text fits a header")
}

/// A cookie goes along with whatever a browser sends; this header only comes from our own page.
pub(crate) fn check_csrf(
    method: &Method,
    headers: &HeaderMap,
    caller: &Option<Caller>,
) -> Result<(), Problem> {
    if method == Method::GET || method == Method::HEAD {
        return Ok(());
    }
    let csrf = match caller.as_ref().map(|caller| &caller.via) {
        Some(Via::Cookie { csrf, .. } | Via::Board { csrf, .. }) => csrf,
        Some(Via::Token { .. }) | None => return Ok(()),
    };
    let mut sent = headers.get_all(CSRF).iter();
    let first = sent.next().and_then(|value| value.to_str().ok());
    let right = sent.next().is_none() && first.is_some_and(|sent| csrf.matches(sent));
    if right { Ok(()) } else { Err(Problem::Csrf) }
}

/// Whoever makes the request; only on routes that the gate does not leave open to all.
#[derive(Clone, Debug)]
pub(crate) struct By(pub(crate) Caller);

impl<S: Sync> FromRequestParts<S> for By {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned();
        std::future::ready(caller.map(Self).ok_or(Problem::LogInNeeded)).await
    }
}

/// The sender's address, for the audit.
#[derive(Clone, Debug)]
pub(crate) struct From(pub(crate) Arc<str>);

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        std::future::ready(Ok(Self(from(&parts.extensions)))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, HeaderValue::from_str(value).expect("a header"));
        }
        map
    }

    #[test]
    fn a_secret_is_taken_only_where_it_stands_once_and_in_its_place() {
        let digits = "0123456789abcdef".repeat(4);
        let secret = Secret::parse(&digits);
        let ours = format!("{NAME}={digits}");
        let table = [
            (vec![("cookie", ours.clone())], true),
            (vec![("cookie", format!("a=b; {ours} ; c"))], true),
            (vec![("cookie", "a=b".into()), ("cookie", ours.clone())], true),
            (vec![("cookie", format!("{ours}; {ours}"))], false),
            (vec![("cookie", ours.clone()), ("cookie", ours.clone())], false),
            (vec![("cookie", format!("x{ours}"))], false),
            (vec![("cookie", format!("dosevigil={digits}"))], false),
            (vec![("cookie", format!("{NAME}={}", &digits[1..]))], false),
            (vec![], false),
        ];
        for (pairs, found) in &table {
            let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let expected = if *found { secret.clone() } else { None };
            assert_eq!(cookie(&headers(&pairs)), expected, "{pairs:?}");
        }
        let table = [
            (vec![format!("Bearer {digits}")], true),
            (vec![format!("bearer {digits}")], true),
            (vec![format!("Basic {digits}")], false),
            (vec![digits.clone()], false),
            (vec![format!("Bearer {digits}"), format!("Bearer {digits}")], false),
        ];
        for (values, found) in &table {
            let pairs: Vec<_> = values.iter().map(|v| ("authorization", v.as_str())).collect();
            let expected = if *found { secret.clone() } else { None };
            assert_eq!(bearer(&headers(&pairs)), expected, "{values:?}");
        }
    }

    #[test]
    fn the_cookie_is_a_host_cookie_that_no_script_and_no_other_site_gets() {
        // safety:X4
        let secret = Secret::random().expect("random");
        for value in [set(&secret), clear()] {
            let text = value.to_str().expect("text").to_owned();
            let mut parts = text.split("; ");
            assert!(parts.next().is_some_and(|pair| pair.starts_with("__Host-dosevigil=")));
            let attributes: Vec<&str> = parts.collect();
            for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
                assert!(attributes.contains(&attribute), "{attribute}");
            }
            assert!(!text.contains("Domain"));
        }
    }
}
