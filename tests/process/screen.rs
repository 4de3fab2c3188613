//! A dashboard's word of itself: opens a screen and renews its lease, as a page does.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::http;

/// Contract 6: every 2 s; sooner, so that a busy machine does not make it late.
const RENEWED: Duration = Duration::from_secs(1);

pub(crate) struct Screen {
    id: String,
    leased: Leased,
    renewing: JoinHandle<()>,
}

/// A screen's lease and where it is renewed.
#[derive(Clone)]
struct Leased {
    address: SocketAddr,
    who: String,
    path: String,
    lease: Arc<Mutex<Value>>,
}

impl Leased {
    async fn renew(&self) {
        let body = self.lease.lock().expect("no holder panics").clone();
        let renewed = http::post(self.address, &self.path, &self.who, &body).await;
        assert!(renewed.is_ok_and(|answer| answer.status == 204), "a lease is taken");
    }
}

impl Screen {
    /// Opens one and leases from then on. `number` tells it from others of the test.
    pub(crate) async fn open(address: SocketAddr, who: &str, number: u32, lease: Value) -> Self {
        let id = format!("01998f3e-0000-7000-8000-{number:012}");
        let body = json!({"command_id": id, "name": format!("screen {number}"), "kind": "station"});
        let opened = http::post(address, "/api/v1/screens", who, &body).await.expect("an answer");
        assert_eq!(opened.status, 201, "{}", opened.body);
        let leased = Leased {
            address,
            who: who.to_owned(),
            path: format!("/api/v1/screens/{id}/lease"),
            lease: Arc::new(Mutex::new(lease)),
        };
        let renewed = leased.clone();
        let renewing = tokio::spawn(async move {
            loop {
                renewed.renew().await;
                tokio::time::sleep(RENEWED).await;
            }
        });
        Self { id, leased, renewing }
    }

    /// From the next renewal on, at the latest.
    pub(crate) fn says(&self, key: &str, value: impl Into<Value>) {
        self.leased.lease.lock().expect("no holder panics")[key] = value.into();
    }

    /// As `says`; returns once the service knows.
    pub(crate) async fn tells(&self, key: &str, value: impl Into<Value>) {
        self.says(key, value);
        self.leased.renew().await;
    }

    /// A graceful close.
    pub(crate) async fn close(self) {
        self.renewing.abort();
        let path = format!("/api/v1/screens/{}", self.id);
        let command = self.id.replace("7000", "7001");
        let Leased { address, who, .. } = &self.leased;
        let closed = http::delete(*address, &path, who, &command).await;
        assert_eq!(closed.expect("an answer").status, 204);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}
