//! Packets of a broker in, inputs for the engine out: topic, retained flag, payload, bed and device
//! are judged here, each refusal under exactly one reason (contract 4, safety S1 and S7).
//!
//! Knows nothing of connections, but for the number that an `Ack` carries. A refused message needs
//! no answer of the engine: it is acknowledged as soon as those before it are.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::super::link;
use super::super::rejects::RejectLog;
use super::super::topic::{Kind, Refusal, Topics};
use super::super::{BedNames, Outlet, Receipt, Stopped};
use crate::domain::device::Reject;
use crate::domain::device::vitals_json::{self, Presence};
use crate::domain::ids::{DeviceId, SourceIndex};
use crate::domain::input::{Input, LinkChange};
use crate::domain::time::Stamp;
use crate::shell::Ack;

/// What the event loop hands over, in the order in which it happened.
#[derive(Debug)]
pub(super) enum Item {
    Publish(Publish),
    /// Of the broker itself.
    Link(Receipt, LinkChange),
    /// A message that was too large to be read.
    Oversized(Receipt),
}

#[derive(Debug)]
pub(super) struct Publish {
    pub(super) receipt: Receipt,
    pub(super) topic: String,
    pub(super) payload: Bytes,
    pub(super) freshness: Freshness,
    /// `None` at QoS 0.
    pub(super) ack: Option<Ack>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    Live,
    Retained,
}

pub(super) struct Delivery {
    /// The broker's name in the configuration.
    name: Arc<str>,
    topics: Topics,
    beds: BedNames,
    outlet: Outlet,
    refused: mpsc::Sender<Ack>,
    log: RejectLog,
}

impl Delivery {
    pub(super) fn new(
        name: Arc<str>,
        topics: Topics,
        beds: BedNames,
        outlet: Outlet,
        refused: mpsc::Sender<Ack>,
    ) -> Self {
        Self { name, topics, beds, outlet, refused, log: RejectLog::default() }
    }

    pub(super) async fn run(mut self, mut items: mpsc::Receiver<Item>) {
        while let Some(item) = items.recv().await {
            let handed = match item {
                Item::Publish(publish) => self.publish(publish).await,
                Item::Link(receipt, change) => self.link(receipt, change).await,
                Item::Oversized(receipt) => self.refuse(receipt, (None, Reject::TooLarge)).await,
            };
            if let Err(Stopped) = handed {
                return;
            }
        }
    }

    async fn publish(&mut self, publish: Publish) -> Result<(), Stopped> {
        let source = self.outlet.source;
        match judge(&self.topics, &self.beds, source, &publish) {
            Ok(input) => {
                if let Input::Link { device, change, .. } = &input {
                    link::log(&self.name, device.as_ref(), change);
                }
                self.outlet.send(publish.receipt, input, publish.ack).await
            }
            Err(refusal) => {
                if let Some(ack) = publish.ack {
                    self.refused.send(ack).await.map_err(|_| Stopped)?;
                }
                self.refuse(publish.receipt, refusal).await
            }
        }
    }

    async fn refuse(&mut self, receipt: Receipt, refusal: Refusal) -> Result<(), Stopped> {
        let (bed, reason) = refusal;
        self.log.note(&self.name, reason, receipt.instant);
        let input = Input::Rejected { bed, source: self.outlet.source, reason };
        self.outlet.send(receipt, input, None).await
    }

    async fn link(&self, receipt: Receipt, change: LinkChange) -> Result<(), Stopped> {
        link::log(&self.name, None, &change);
        let source = self.outlet.source;
        let input = Input::Link { bed: None, source, device: None, change };
        self.outlet.send(receipt, input, None).await
    }
}

/// What a publish says, or why it is not taken.
fn judge(
    topics: &Topics,
    beds: &BedNames,
    source: SourceIndex,
    publish: &Publish,
) -> Result<Input, Refusal> {
    let route = topics.route(&publish.topic).ok_or((None, Reject::Undeclared))?;
    let known = route.bed(beds);
    match (route.kind, publish.freshness) {
        (Kind::Status, Freshness::Live | Freshness::Retained) => {
            let bed = known.map_err(|reject| (None, reject))?.ok_or((None, Reject::Undeclared))?;
            let presence = vitals_json::decode_status(&publish.payload);
            let presence = presence.map_err(|reject| (Some(bed), reject))?;
            let device = route.device.map(DeviceId::try_new).transpose();
            let device = device.map_err(|_| (Some(bed), Reject::Undeclared))?;
            let change = change_of(presence, publish.receipt.stamp);
            Ok(Input::Link { bed: Some(bed), source, device, change })
        }
        (Kind::Readings, Freshness::Retained) => Err((known.ok().flatten(), Reject::Retained)),
        (Kind::Readings, Freshness::Live) => {
            let bed = known.map_err(|reject| (None, reject))?;
            let message = vitals_json::decode(&publish.payload).map_err(|reject| (bed, reject))?;
            let (bed, device) = route.owner(beds, &message)?;
            Ok(Input::Message { bed, source, device, message })
        }
    }
}

fn change_of(presence: Presence, at: Stamp) -> LinkChange {
    match presence {
        Presence::Online => LinkChange::Online,
        Presence::Offline => LinkChange::Lost { since: at, why: "device says offline".into() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{TopicConfig, TopicLevel};
    use crate::domain::ids::{BedId, BedIndex};
    use crate::shell::clock::{Clock, Speed};

    const BAY_1: Option<BedIndex> = Some(BedIndex(0));
    const GOOD: &str = r#"{"v":1,"device":{"id":"cuff-7"},"ts":"2026-11-22T10:15:07Z","obs":[]}"#;

    fn judged(topic: &str, payload: &str, freshness: Freshness) -> Result<Input, Refusal> {
        let exact = |text: &str| TopicLevel::Exact(text.into());
        let levels = vec![exact("v"), TopicLevel::Bed, TopicLevel::Device, exact("obs")];
        let topics = Topics::new(&[TopicConfig { levels, bed: None, devices: Vec::new() }]);
        let beds = BedNames::new([BedId::try_new("bay-1").expect("a good name")]);
        let clock = Clock::start(Speed::REAL, None);
        let receipt = Receipt { stamp: clock.now(), instant: clock.real() };
        let payload = Bytes::copy_from_slice(payload.as_bytes());
        let publish = Publish { receipt, topic: topic.into(), payload, freshness, ack: None };
        judge(&topics, &beds, SourceIndex(3), &publish)
    }

    #[test]
    fn each_unusable_message_is_refused_under_one_reason_with_its_bed_where_known() {
        // safety:S1, safety:S7: refused whole, and a retained message is never a reading.
        let other_bed = GOOD.replace(r#""v":1,"#, r#""v":1,"bed":"bay-2","#);
        let own_bed = GOOD.replace(r#""v":1,"#, r#""v":1,"bed":"bay-1","#);
        let long = format!("{GOOD}{}", " ".repeat(5000));
        let live = Freshness::Live;
        let table = [
            ("v/bay-1/cuff-7/obs", GOOD, live, None),
            ("v/bay-1/cuff-7/obs", &own_bed, live, None),
            ("v/bay-1/cuff-7/obs", GOOD, Freshness::Retained, Some((BAY_1, Reject::Retained))),
            ("v/bay-9/cuff-7/obs", GOOD, Freshness::Retained, Some((None, Reject::Retained))),
            ("v/bay-9/cuff-7/obs", GOOD, live, Some((None, Reject::Undeclared))),
            ("v/bay-1/cuff-8/obs", GOOD, live, Some((BAY_1, Reject::Undeclared))),
            ("v/bay-1/cuff-7/cmd", GOOD, live, Some((None, Reject::Undeclared))),
            ("v/bay-1/cuff-7/obs", &other_bed, live, Some((BAY_1, Reject::BedMismatch))),
            ("v/bay-1/cuff-7/obs", "{", live, Some((BAY_1, Reject::Schema))),
            ("v/bay-1/cuff-7/obs", &long, live, Some((BAY_1, Reject::TooLarge))),
            ("v/bay-1/cuff-7/status", "{}", live, Some((BAY_1, Reject::Schema))),
            ("v/bay-9/cuff-7/status", r#"{"online":true}"#, live, Some((None, Reject::Undeclared))),
        ];
        for (topic, payload, freshness, expected) in table {
            let refusal = judged(topic, payload, freshness).err();
            assert_eq!(refusal, expected, "{topic} {freshness:?}");
        }
    }

    #[test]
    fn a_retained_status_is_the_link_of_its_device() {
        // Goal: both words, with bed and device from the topic.
        for (payload, online) in [(r#"{"online":true}"#, true), (r#"{"online":false}"#, false)] {
            let input = judged("v/bay-1/cuff-7/status", payload, Freshness::Retained);
            let Ok(Input::Link { bed, source: SourceIndex(3), device, change }) = input else {
                panic!("not a link: {input:?}");
            };
            assert_eq!((bed, device.as_ref().map(DeviceId::as_str)), (BAY_1, Some("cuff-7")));
            match change {
                LinkChange::Online => assert!(online),
                LinkChange::Lost { why, .. } => {
                    assert!(!online);
                    assert_eq!(&*why, "device says offline");
                }
                LinkChange::Opening | LinkChange::Negotiating => panic!("{change:?}"),
            }
        }
    }
}
