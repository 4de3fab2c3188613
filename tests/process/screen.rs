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
    address: SocketAddr,
    who: String,
    id: String,
    lease: Arc<Mutex<Value>>,
    renewing: JoinHandle<()>,
}

impl Screen {
    /// Opens one and leases from then on. `number` tells it from others of the test.
    pub(crate) async fn open(address: SocketAddr, who: &str, number: u32, lease: Value) -> Self {
        let id = format!("01998f3e-0000-7000-8000-{number:012}");
        let body = json!({"command_id": id, "name": format!("screen {number}"), "kind": "station"});
        let opened = http::post(address, "/api/v1/screens", who, &body).await.expect("an answer");
        assert_eq!(opened.status, 201, "{}", opened.body);
        let lease = Arc::new(Mutex::new(lease));
        let (path, shared, who) =
            (format!("/api/v1/screens/{id}/lease"), Arc::clone(&lease), who.to_owned());
        let sender = who.clone();
        let renewing = tokio::spawn(async move {
            loop {
                let body = shared.lock().expect("no holder panics").clone();
                let renewed = http::post(address, &path, &sender, &body).await;
                assert!(renewed.is_ok_and(|answer| answer.status == 204), "a lease is taken");
                tokio::time::sleep(RENEWED).await;
            }
        });
        Self { address, who, id, lease, renewing }
    }

    /// From the next renewal on, at the latest.
    pub(crate) fn says(&self, key: &str, value: impl Into<Value>) {
        self.lease.lock().expect("no holder panics")[key] = value.into();
    }

    /// A graceful close.
    pub(crate) async fn close(self) {
        self.renewing.abort();
        let path = format!("/api/v1/screens/{}", self.id);
        let command = self.id.replace("7000", "7001");
        let closed = http::delete(self.address, &path, &self.who, &command).await;
        assert_eq!(closed.expect("an answer").status, 204);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}
