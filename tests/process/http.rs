//! The least HTTP client: one request per connection, the answer read whole. Who asks is given as
//! whole header lines, such as a token's.

use std::io;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

/// # Errors
/// When nobody listens, or the answer breaks off.
pub(crate) async fn get(address: SocketAddr, path: &str, who: &str) -> io::Result<Answer> {
    exchange(
        address,
        format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{who}\r\n"),
    )
    .await
}

/// # Errors
/// As `get`.
pub(crate) async fn post(
    address: SocketAddr,
    path: &str,
    who: &str,
    body: &Value,
) -> io::Result<Answer> {
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{who}\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    exchange(address, head + &body).await
}

/// A request without a body, under a command of its own.
///
/// # Errors
/// As `get`.
pub(crate) async fn delete(
    address: SocketAddr,
    path: &str,
    who: &str,
    command: &str,
) -> io::Result<Answer> {
    let head = format!(
        "DELETE {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{who}\
         command-id: {command}\r\n\r\n"
    );
    exchange(address, head).await
}

async fn exchange(address: SocketAddr, request: String) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let broken = || io::Error::new(io::ErrorKind::UnexpectedEof, "the answer broke off");
    let text = String::from_utf8(answer).map_err(io::Error::other)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(broken)?;
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { unchunked(body).ok_or_else(broken)? } else { body.to_owned() };
    Ok(Answer { status, head: head.to_owned(), body })
}

/// The header line of a token.
pub(crate) fn bearer(token: &str) -> String {
    format!("authorization: Bearer {token}\r\n")
}

/// Logs in as a browser does; the header line with the cookie.
///
/// # Errors
/// As `get`.
pub(crate) async fn log_in(address: SocketAddr, name: &str, password: &str) -> io::Result<String> {
    let body = serde_json::json!({"name": name, "password": password});
    let answer = post(address, "/api/v1/login", "", &body).await?;
    let line = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let pair = line.and_then(|line| line.split(';').next());
    let refused = || io::Error::other(format!("{}: {}", answer.status, answer.body));
    Ok(format!("cookie: {}\r\n", pair.ok_or_else(refused)?))
}

/// `None` when the last chunk is missing.
fn unchunked(mut body: &str) -> Option<String> {
    let mut whole = String::new();
    loop {
        let (size, rest) = body.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole.push_str(rest.get(..size)?);
        body = rest.get(size + 2..)?;
    }
}
