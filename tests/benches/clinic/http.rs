//! Requests to the service: HTTP/1.0, so that an answer's end is the connection's end and a stream
//! comes without chunks. `who` is the header line of a token, or nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// The body of a 200; `None` when nobody answers, or with another status.
pub(crate) fn get(port: u16, path: &str, who: &str) -> Option<String> {
    let mut answer = open(port, path, who)?;
    let mut body = String::new();
    answer.read_to_string(&mut body).ok()?;
    Some(body)
}

/// The body of a 200 as it comes.
pub(crate) fn open(port: u16, path: &str, who: &str) -> Option<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_nodelay(true).ok()?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n{who}\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = BufReader::with_capacity(1 << 20, stream);
    let mut line = String::new();
    answer.read_line(&mut line).ok()?;
    let is_good = line.split(' ').nth(1) == Some("200");
    while !line.trim_end().is_empty() {
        line.clear();
        answer.read_line(&mut line).ok()?;
    }
    is_good.then_some(answer)
}
