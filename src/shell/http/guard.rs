//! What holds for every request, whatever its route: who may ask (`Host`, `Origin`, content type;
//! safety X5) and the headers that every answer carries (X6). Log-in and roles are `access`'s.

use axum::body::HttpBody as _;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue,
    ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// `dependencies` Web 5.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
    require-trusted-types-for 'script'";

/// Names of this machine: a page elsewhere whose name was made to point here is refused (DNS
/// rebinding), for the service listens on loopback only.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Refuses foreign hosts and foreign or non-JSON changes, then stamps the headers on the answer.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api");
    let content = if request.body().is_end_stream() { Content::Empty } else { Content::Some };
    let mut response = match admit(request.method(), request.uri(), request.headers(), content) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let fixed: [(HeaderName, &'static str); 2] =
        [(X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "no-referrer")];
    let headers = response.headers_mut();
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A report has a stricter one of its own.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    if is_api || !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Whether a request has a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Empty,
    Some,
}

fn admit(method: &Method, uri: &Uri, headers: &HeaderMap, content: Content) -> Result<(), Problem> {
    let host = only(headers, &HOST).ok_or(Problem::ForeignHost)?;
    let named = uri.authority().map(axum::http::uri::Authority::as_str);
    if !is_own(host) || named.is_some_and(|named| !is_own(named)) {
        return Err(Problem::ForeignHost);
    }
    if method == Method::GET || method == Method::HEAD {
        return Ok(());
    }
    if headers.contains_key(ORIGIN) {
        let origin = only(headers, &ORIGIN).ok_or(Problem::ForeignOrigin)?;
        let site = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if site != Some(host) {
            return Err(Problem::ForeignOrigin);
        }
    }
    // Nothing can be hidden in what is not there. A type that is said all the same must be right,
    // for what a page elsewhere may send unasked always has one or an `Origin`.
    if content == Content::Empty && !headers.contains_key(CONTENT_TYPE) {
        return Ok(());
    }
    // A method that no route takes is told so by the router, not by its missing body.
    if (method == Method::POST || method == Method::PUT) && !is_json(headers) {
        return Err(Problem::ContentType);
    }
    Ok(())
}

/// The header's value where it stands exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn is_own(host: &str) -> bool {
    OWN_NAMES.iter().any(|name| {
        host.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && match host[name.len()..].strip_prefix(':') {
                None => host.len() == name.len(),
                Some(port) => port.parse::<u16>().is_ok(),
            }
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = only(headers, &CONTENT_TYPE) else { return false };
    let (kind, parameters) = value.split_once(';').unwrap_or((value, ""));
    let charset = parameters.trim();
    kind.trim().eq_ignore_ascii_case("application/json")
        && (charset.is_empty() || charset.eq_ignore_ascii_case("charset=utf-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(name, HeaderValue::from_static(value));
        }
        map
    }

    /// Goal: only names of this machine are taken as `Host`, and only once.
    #[test]
    fn a_host_that_is_not_this_machine_is_refused() {
        let table = [
            (vec!["localhost"], true),
            (vec!["localhost:8080"], true),
            (vec!["LOCALHOST:1"], true),
            (vec!["127.0.0.1:8080"], true),
            (vec!["[::1]:8080"], true),
            (vec![], false),
            (vec!["evil.example"], false),
            (vec!["localhost.evil.example"], false),
            (vec!["127.0.0.1.evil.example:80"], false),
            (vec!["localhost:"], false),
            (vec!["localhost:99999"], false),
            (vec!["localhost:80@evil"], false),
            (vec!["evil.example", "localhost"], false),
            (vec!["localhost", "evil.example"], false),
        ];
        for (hosts, admitted) in table {
            let pairs: Vec<_> = hosts.iter().map(|host| (HOST, *host)).collect();
            let (uri, pairs) = (Uri::from_static("/"), headers(&pairs));
            let answer = admit(&Method::GET, &uri, &pairs, Content::Empty);
            assert_eq!(answer.is_ok(), admitted, "{hosts:?}");
        }
        let absolute = Uri::from_static("http://evil.example/");
        let own = headers(&[(HOST, "localhost")]);
        let answer = admit(&Method::GET, &absolute, &own, Content::Empty);
        assert_eq!(answer, Err(Problem::ForeignHost));
    }

    /// Goal: a change from another site, or as a plain form, never reaches its route.
    #[test]
    fn a_change_needs_json_and_its_own_origin() {
        let json = (CONTENT_TYPE, "application/json");
        let table = [
            (vec![json.clone()], Ok(())),
            (vec![(CONTENT_TYPE, "application/json; charset=utf-8")], Ok(())),
            (vec![json.clone(), (ORIGIN, "http://localhost:80")], Ok(())),
            (vec![json.clone(), (ORIGIN, "http://localhost:81")], Err(Problem::ForeignOrigin)),
            (vec![json.clone(), (ORIGIN, "http://evil.example")], Err(Problem::ForeignOrigin)),
            (vec![json.clone(), (ORIGIN, "null")], Err(Problem::ForeignOrigin)),
            (vec![], Err(Problem::ContentType)),
            (vec![(CONTENT_TYPE, "text/plain")], Err(Problem::ContentType)),
            (vec![(CONTENT_TYPE, "application/jsonp")], Err(Problem::ContentType)),
            (vec![(CONTENT_TYPE, "application/json; charset=latin1")], Err(Problem::ContentType)),
        ];
        for (mut pairs, expected) in table {
            pairs.push((HOST, "localhost:80"));
            let (uri, headers) = (Uri::from_static("/x"), headers(&pairs));
            let answer = admit(&Method::POST, &uri, &headers, Content::Some);
            assert_eq!(answer, expected, "{pairs:?}");
        }
    }

    /// Goal: no body needs no type; a foreign origin or another type is refused all the same.
    #[test]
    fn a_change_without_a_body_needs_no_type() {
        // safety:X5
        let table = [
            (vec![], Ok(())),
            (vec![(ORIGIN, "http://localhost:80")], Ok(())),
            (vec![(ORIGIN, "http://evil.example")], Err(Problem::ForeignOrigin)),
            (vec![(ORIGIN, "null")], Err(Problem::ForeignOrigin)),
            (vec![(CONTENT_TYPE, "text/plain")], Err(Problem::ContentType)),
            (vec![(CONTENT_TYPE, "application/json")], Ok(())),
        ];
        for (mut pairs, expected) in table {
            pairs.push((HOST, "localhost:80"));
            let (uri, headers) = (Uri::from_static("/x"), headers(&pairs));
            let answer = admit(&Method::POST, &uri, &headers, Content::Empty);
            assert_eq!(answer, expected, "{pairs:?}");
        }
    }
}
