//! What a client may cost (safety X7), and how the service ends.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::sample;
use super::support::{DEADLINE, Mood, QUICK, Service, in_time};
use crate::shell::http::{Limits, ServeError, serve};

fn post_head(service: &Service, length: usize) -> String {
    format!(
        "POST /api/v1/alarms/{}/acknowledge HTTP/1.0\r\nHost: localhost\r\n{}\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
        sample::ALARM,
        service.nurse()
    )
}

/// 300 connections that never finish their header: half of them silent, half in mid-header.
async fn slow_headers(service: &Service) -> Vec<TcpStream> {
    let mut slow = Vec::new();
    for number in 0..300 {
        let mut stream = TcpStream::connect(service.address).await.expect("it listens");
        if number % 2 == 0 {
            // One whose time is up already takes no more.
            let _dropped = stream.write_all(b"GET /livez HTTP/1.1\r\nHost: loc").await;
        }
        slow.push(stream);
    }
    slow
}

/// Goal: slow connections do not keep a good one waiting, and are dropped when their time is up.
/// Method: one service where their time is never up, and one where it soon is.
#[tokio::test]
async fn slow_headers_are_dropped_and_keep_nobody_waiting() {
    let patient = Service::start(9, Limits { header: 2 * DEADLINE, ..Limits::CONTRACT }).await;
    let _slow = slow_headers(&patient).await;
    assert_eq!(patient.get("/livez").await.status, 200);
    let service = Service::start(9, Limits { header: QUICK, ..Limits::CONTRACT }).await;
    for mut stream in slow_headers(&service).await {
        let mut bytes = Vec::new();
        // A reset is as good an end as a close.
        let _ended = in_time(stream.read_to_end(&mut bytes)).await;
        assert!(!String::from_utf8_lossy(&bytes).contains("200 OK"));
    }
}

/// Goal: connections over the limit wait, and get their turn when another ends.
#[tokio::test]
async fn connections_over_the_limit_wait_for_their_turn() {
    let limits = Limits { connections: 2, ..Limits::CONTRACT };
    let service = Service::start(9, limits).await;
    let first = service.live("/api/v1/events", "").await;
    let _second = service.live("/api/v1/events", "").await;
    let mut third = Box::pin(service.get("/livez"));
    tokio::select! {
        _early = &mut third => panic!("a third connection was served"),
        () = async { for _ in 0..1000 { tokio::task::yield_now().await } } => {}
    }
    drop(first);
    // The stream notices that its browser is gone when it next has something to say.
    while service.ward().view.seq.0 < 200 {
        service.commit_next();
        tokio::task::yield_now().await;
    }
    assert_eq!(in_time(third).await.status, 200);
}

/// Goal: a body of 64 kB is read, one byte more is refused and nothing of it is used.
#[tokio::test]
async fn a_body_over_its_size_is_refused() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let path = format!("/api/v1/alarms/{}/acknowledge", sample::ALARM);
    let max = Limits::CONTRACT.body_bytes;
    let just_fits = service.post(&path, &" ".repeat(max)).await;
    assert_eq!((just_fits.status, just_fits.problem().as_str()), (400, "invalid-body"));
    let too_large = service.post(&path, &" ".repeat(max + 1)).await;
    assert_eq!((too_large.status, too_large.problem().as_str()), (413, "body-too-large"));
    assert!(too_large.json()["detail"].as_str().expect("text").contains("65536"));
}

/// Goal: a body that trickles in is given up in time, with a reason.
#[tokio::test]
async fn a_slow_body_is_refused() {
    let service = Service::start(9, Limits { body: QUICK, ..Limits::CONTRACT }).await;
    let answer = service.ask(&(post_head(&service, 100) + "{\"revision\":")).await;
    assert_eq!((answer.status, answer.problem().as_str()), (408, "body-too-slow"));
}

/// Goal: a header over 16 kB is refused.
#[tokio::test]
async fn a_header_over_its_size_is_refused() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let request = |bytes| {
        let filler = "x".repeat(bytes);
        format!("GET /livez HTTP/1.0\r\nHost: localhost\r\nX-Filler: {filler}\r\n\r\n")
    };
    assert_eq!(service.ask(&request(8 * 1024)).await.status, 200);
    assert_eq!(service.ask(&request(17 * 1024)).await.status, 431);
}

/// Goal: a request under way at a stop is answered; one that never ends is cut in time.
#[tokio::test]
async fn a_stop_finishes_requests_under_way_but_waits_for_nobody() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let mut waiting = TcpStream::connect(service.address).await.expect("it listens");
    let mut stuck = TcpStream::connect(service.address).await.expect("it listens");
    stuck.write_all(post_head(&service, 100).as_bytes()).await.expect("it reads");
    service.ward().mood = Mood::Silent;
    let nurse = service.nurse();
    let asked = format!("GET /api/v1/beds HTTP/1.0\r\nHost: localhost\r\n{nurse}\r\n");
    waiting.write_all(asked.as_bytes()).await.expect("sent");
    // An answered request shows that those sent before it have been taken up.
    assert_eq!(service.get("/livez").await.status, 200);
    service.shutdown.cancel();
    service.ward().mood = Mood::Answering;
    service.ask_engine().await;
    let mut text = String::new();
    in_time(waiting.read_to_string(&mut text)).await.expect("an answer");
    assert!(text.contains("200 OK"), "{text}");
    in_time(service.stop()).await.expect("a clean end");
}

/// Goal: without TLS nobody off this machine is served, whatever the configuration says.
#[tokio::test]
async fn only_loopback_is_served() {
    let listener = TcpListener::bind("0.0.0.0:0").await.expect("a free port");
    let token = CancellationToken::new();
    let refused = serve(listener, axum::Router::new(), Limits::CONTRACT, token).await;
    let Err(error @ ServeError::NotLoopback(_)) = refused else { panic!("{refused:?}") };
    assert!(error.to_string().contains("loopback"));
}
