//! A gateway's side of the broker: publishes at QoS 1 and knows what the broker has taken.

use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::{SOON, within};

/// Publishes on their way at once.
const UNDER_WAY: u16 = 500;

pub(crate) struct Publisher {
    client: AsyncClient,
    sent: u64,
    taken: watch::Receiver<u64>,
    task: JoinHandle<()>,
}

/// Whether the broker keeps the message for later subscribers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    No,
    Retained,
}

impl Publisher {
    pub(crate) fn connect(port: u16, client_id: &str) -> Self {
        let mut options = MqttOptions::new(client_id, "127.0.0.1", port);
        options.set_inflight(UNDER_WAY).set_max_packet_size(1 << 20, 1 << 20);
        let (client, mut events) = AsyncClient::new(options, usize::from(UNDER_WAY));
        let (count, taken) = watch::channel(0);
        let task = tokio::spawn(async move {
            // A broker that dies ends it: the tests connect anew.
            while let Ok(event) = events.poll().await {
                if let Event::Incoming(Packet::PubAck(_)) = event {
                    count.send_modify(|count| *count += 1);
                }
            }
        });
        Self { client, sent: 0, taken, task }
    }

    /// Sends; waits only while too many are under way.
    pub(crate) async fn send(&mut self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.send_as(topic, payload, Kept::No).await;
    }

    pub(crate) async fn send_as(&mut self, topic: &str, payload: impl Into<Vec<u8>>, kept: Kept) {
        let retain = kept == Kept::Retained;
        let sent = self.client.publish(topic, QoS::AtLeastOnce, retain, payload);
        within(SOON, "the broker takes a message", sent).await.expect("the broker is there");
        self.sent += 1;
    }

    /// Waits until the broker has taken all.
    pub(crate) async fn settled(&mut self) {
        let all = self.taken.wait_for(|taken| *taken >= self.sent);
        within(SOON, "the broker takes all messages", all).await.expect("the broker is there");
    }

    pub(crate) async fn publish(&mut self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.send(topic, payload).await;
        self.settled().await;
    }

    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.task.abort();
    }
}
