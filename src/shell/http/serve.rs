//! The accept loop: connections in, each served by the router under the limits of safety X7.
//!
//! `axum::serve` sets no time limit on headers, hence hyper-util with a timer. HTTP/1.1 only: no
//! browser speaks HTTP/2 without TLS, and telling the versions apart would wait on a silent
//! connection outside the header time limit.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::credentials::{Peer, WithPeer};

/// Wait after a failed accept (out of file descriptors): others end meanwhile.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Limits on what a client may cost; `Limits::CONTRACT` outside tests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time for a request's header, and of an idle connection.
    pub header: Duration,
    /// Largest header, at least 8 kB.
    pub header_bytes: usize,
    /// Time for a request's body.
    pub body: Duration,
    pub body_bytes: usize,
    /// Time for the engine's or the journal's answer; then 503.
    pub answer: Duration,
    /// Open at once; more wait unaccepted.
    pub connections: usize,
    /// Time for requests under way at shutdown.
    pub drain: Duration,
}

impl Limits {
    /// Safety X7; the drain leaves room in the 5 s of a whole shutdown (safety P2).
    pub const CONTRACT: Self = Self {
        header: Duration::from_secs(10),
        header_bytes: 16 * 1024,
        body: Duration::from_secs(10),
        body_bytes: 64 * 1024,
        answer: Duration::from_secs(10),
        connections: 512,
        drain: Duration::from_secs(2),
    };
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("{0} is not a loopback address: without TLS only loopback is served")]
    NotLoopback(SocketAddr),
    #[error("the listener is not usable: {0}")]
    Listener(#[from] std::io::Error),
}

/// Serves until `shutdown`, then ends within `limits.drain`: requests under way are finished,
/// streams end by themselves on the token of their `AppState`.
///
/// # Errors
/// `ServeError` when the listener cannot be used; never because of a client.
///
/// # Panics
/// When a handler did: only a bed's step is caught, any other panic is to end the process.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback(address));
    }
    let permits = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            Some(ended) = connections.join_next() => {
                pass_on_panic(ended);
                continue;
            }
            accepted = accept(&listener, &permits) => accepted,
        };
        let (stream, peer, permit) = accepted;
        let service = WithPeer { router: router.clone(), peer };
        connections.spawn(connection(stream, service, limits, shutdown.clone(), permit));
    }
    drop(listener);
    while let Some(ended) = connections.join_next().await {
        pass_on_panic(ended);
    }
    Ok(())
}

/// Takes a permit before the connection, so that what is over the limit waits in the kernel.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> (TcpStream, Peer, OwnedSemaphorePermit) {
    let permit = Arc::clone(permits).acquire_owned().await.expect("nobody closes this semaphore");
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, Peer(peer), permit),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    service: WithPeer,
    limits: Limits,
    shutdown: CancellationToken,
    _permit: OwnedSemaphorePermit,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_buf_size(limits.header_bytes);
    let served = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut served = pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = shutdown.cancelled() => {
            served.as_mut().graceful_shutdown();
            match tokio::time::timeout(limits.drain, served).await {
                Ok(ended) => ended,
                Err(_elapsed) => {
                    tracing::warn!("a connection was cut: it did not end in time");
                    Ok(())
                }
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error, "a connection ended badly");
    }
}

fn pass_on_panic(ended: Result<(), JoinError>) {
    match ended.map_err(JoinError::try_into_panic) {
        Ok(()) | Err(Err(_)) => {}
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
    }
}
