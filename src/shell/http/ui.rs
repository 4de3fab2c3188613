//! The dashboard (contract 8): the files that `build.rs` left in `OUT_DIR/ui`, embedded, at the
//! addresses of its views and at their own paths. Any other path is a 404 problem.
//!
//! Files below `assets/` carry a hash in their names and never change; all others are asked for
//! again each time and answered with 304 while they are the same.

use std::fmt::Write;
use std::future::{Ready, ready};

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

use super::problem::Problem;

#[derive(Embed)]
#[folder = "$OUT_DIR/ui/"]
struct Files;

/// A file of the dashboard.
pub(crate) fn asset(method: Method, uri: Uri, headers: HeaderMap) -> Ready<Response> {
    ready(find(&method, uri.path(), &headers).unwrap_or_else(|problem| {
        let mut response = problem.into_response();
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET,HEAD"));
        }
        response
    }))
}

fn find(method: &Method, path: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let name = match path {
        _ if is_view(path) => "index.html",
        _ => path.trim_start_matches('/'),
    };
    let file = Files::get(name).ok_or(Problem::UnknownPath)?;
    if method != Method::GET && method != Method::HEAD {
        return Err(Problem::Method(method.clone()));
    }
    let tag = tag(&file);
    let caching = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers.get(IF_NONE_MATCH).and_then(|sent| sent.to_str().ok());
    let same = known.is_some_and(|sent| sent.split(',').any(|one| one.trim() == tag));
    let common = [(CACHE_CONTROL, caching.to_owned()), (ETAG, tag)];
    if same {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let mut kind = file.metadata.mimetype().to_owned();
    if kind.starts_with("text/") {
        kind.push_str("; charset=utf-8");
    }
    Ok((common, [(CONTENT_TYPE, kind)], Body::from(file.data)).into_response())
}

/// The page's own addresses (contract 8): the page itself finds what each shows.
fn is_view(path: &str) -> bool {
    let named = |folder| path.strip_prefix(folder).is_some_and(|id| !id.is_empty());
    matches!(path, "/" | "/alarms" | "/setup" | "/board") || named("/beds/") || named("/sessions/")
}

fn tag(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    let mut tag = String::from("\"");
    for byte in &hash[..16] {
        write!(tag, "{byte:02x}").expect("writing to a String never fails");
    }
    tag.push('"');
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a build that lost the dashboard fails here and not at a nurse's desk.
    #[test]
    fn the_page_and_a_script_of_its_own_are_embedded() {
        let page = Files::get("index.html").expect("the page is embedded");
        let page = std::str::from_utf8(&page.data).expect("the page is UTF-8");
        let script = page
            .split("src=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .find(|name| name.ends_with(".js"))
            .expect("the page names a script");
        let script = script.trim_start_matches("./").trim_start_matches('/');
        assert!(Files::get(script).is_some(), "{script}");
    }

    /// Goal: the right type and caching for each file, a 304 for what the browser has.
    #[test]
    fn the_page_is_asked_for_again_and_hashed_files_never() {
        let none = HeaderMap::new();
        let page = find(&Method::GET, "/", &none).expect("the page");
        assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(page.headers()[CACHE_CONTROL], "no-cache");
        for view in ["/beds/bay-1", "/sessions/a", "/alarms", "/setup", "/board"] {
            let same = find(&Method::GET, view, &none).expect("the page");
            assert_eq!(same.headers()[ETAG], page.headers()[ETAG], "{view}");
        }
        assert_eq!(find(&Method::GET, "/beds/", &none).expect_err("no bed"), Problem::UnknownPath);
        let mut known = HeaderMap::new();
        known.insert(IF_NONE_MATCH, page.headers()[ETAG].clone());
        let again = find(&Method::GET, "/", &known).expect("the page");
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        for name in Files::iter().filter(|name| name.starts_with("assets/")) {
            let file = find(&Method::GET, &format!("/{name}"), &none).expect("an asset");
            let caching = &file.headers()[CACHE_CONTROL];
            assert!(caching.to_str().expect("text").ends_with("immutable"), "{name}");
            let kind = file.headers()[CONTENT_TYPE].to_str().expect("text").to_owned();
            assert!(!name.ends_with(".js") || kind.starts_with("text/javascript"), "{name} {kind}");
        }
        let missing = find(&Method::GET, "/../Cargo.toml", &none);
        assert_eq!(missing.expect_err("nothing there"), Problem::UnknownPath);
        let posted = find(&Method::POST, "/", &none);
        assert_eq!(posted.expect_err("read only"), Problem::Method(Method::POST));
    }
}
