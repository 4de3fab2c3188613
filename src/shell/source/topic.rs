//! Topics: a topic of a publish in; whose it is out (contract 3.1, `vitals-json` 3).
//!
//! Pure. A topic without wildcards is found by name, the others in the configuration's order; the
//! number of beds costs nothing. It says nothing about a payload, except whether the device and
//! the bed that it names are those of the topic.

use std::collections::BTreeMap;

use super::BedNames;
use crate::config::{TopicConfig, TopicLevel};
use crate::domain::device::{Message, Reject};
use crate::domain::ids::{BedIndex, DeviceId};

/// All topics of one broker, with the `/status` sisters of those that end in `/obs`.
#[derive(Debug)]
pub(super) struct Topics {
    entries: Vec<Entry>,
    /// Entries without a wildcard.
    exact: BTreeMap<Box<str>, usize>,
    /// The others.
    patterns: Vec<usize>,
}

/// What a topic carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Readings,
    /// A device's `{"online":…}`; retained is right for it.
    Status,
}

#[derive(Debug)]
struct Entry {
    levels: Vec<TopicLevel>,
    kind: Kind,
    whose: Whose,
}

/// Whose a topic without `{bed}` is.
#[derive(Debug)]
enum Whose {
    Bed(BedIndex),
    /// By the topic's device, else by the payload's.
    Devices(BTreeMap<Box<str>, BedIndex>),
}

/// A topic that was found, with what it captured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route<'a> {
    pub(super) kind: Kind,
    whose: &'a Whose,
    bed: Option<&'a str>,
    pub(super) device: Option<&'a str>,
}

/// Why a message is not taken, and the bed where it is known all the same.
pub(super) type Refusal = (Option<BedIndex>, Reject);

impl Topics {
    pub(super) fn new(topics: &[TopicConfig]) -> Self {
        let entries: Vec<Entry> = topics.iter().flat_map(entries_of).collect();
        let (mut exact, mut patterns) = (BTreeMap::new(), Vec::new());
        for (i, entry) in entries.iter().enumerate() {
            if entry.levels.iter().all(|level| matches!(level, TopicLevel::Exact(_))) {
                exact.entry(filter(&entry.levels).into()).or_insert(i);
            } else {
                patterns.push(i);
            }
        }
        Self { entries, exact, patterns }
    }

    /// What to subscribe to, each once.
    pub(super) fn filters(&self) -> Vec<(String, Kind)> {
        let mut seen = BTreeMap::new();
        for entry in &self.entries {
            seen.entry(filter(&entry.levels)).or_insert(entry.kind);
        }
        seen.into_iter().collect()
    }

    pub(super) fn route<'a>(&'a self, topic: &'a str) -> Option<Route<'a>> {
        if let Some(&i) = self.exact.get(topic) {
            let Entry { kind, whose, .. } = &self.entries[i];
            return Some(Route { kind: *kind, whose, bed: None, device: None });
        }
        self.patterns.iter().find_map(|&i| self.entries[i].matched(topic))
    }
}

impl Entry {
    fn matched<'a>(&'a self, topic: &'a str) -> Option<Route<'a>> {
        let (mut bed, mut device) = (None, None);
        let mut parts = topic.split('/');
        for level in &self.levels {
            let part = parts.next()?;
            match level {
                TopicLevel::Exact(text) if **text != *part => return None,
                TopicLevel::Exact(_) | TopicLevel::Any => {}
                TopicLevel::Bed => bed = Some(part),
                TopicLevel::Device => device = Some(part),
            }
        }
        let end = parts.next().is_none();
        end.then_some(Route { kind: self.kind, whose: &self.whose, bed, device })
    }
}

impl Route<'_> {
    /// The bed, as far as the topic tells: `Ok(None)` when only the payload's device can.
    ///
    /// # Errors
    /// `Undeclared` when the topic names a bed or a device that is not configured.
    pub(super) fn bed(&self, beds: &BedNames) -> Result<Option<BedIndex>, Reject> {
        match (self.bed, self.whose, self.device) {
            (Some(name), ..) => beds.index(name).ok_or(Reject::Undeclared).map(Some),
            (None, Whose::Bed(bed), _) => Ok(Some(*bed)),
            (None, Whose::Devices(_), None) => Ok(None),
            (None, Whose::Devices(devices), Some(device)) => {
                devices.get(device).copied().ok_or(Reject::Undeclared).map(Some)
            }
        }
    }

    /// The bed and the device of a decoded message.
    ///
    /// # Errors
    /// `BedMismatch` when the payload names another bed than the topic; `Undeclared` when bed or
    /// device are not configured or the payload's device is not the topic's; `Schema` when neither
    /// names a device.
    pub(super) fn owner(
        &self,
        beds: &BedNames,
        message: &Message,
    ) -> Result<(BedIndex, DeviceId), Refusal> {
        let known = self.bed(beds).map_err(|reject| (None, reject))?;
        let device = match (&message.device, self.device) {
            (Some(own), Some(captured)) if own.as_str() != captured => {
                return Err((known, Reject::Undeclared));
            }
            (Some(own), _) => own.clone(),
            (None, Some(captured)) => {
                DeviceId::try_new(captured).map_err(|_| (known, Reject::Undeclared))?
            }
            (None, None) => return Err((known, Reject::Schema)),
        };
        let bed = match (known, self.whose) {
            (Some(bed), _) => bed,
            (None, Whose::Bed(bed)) => *bed,
            (None, Whose::Devices(devices)) => {
                *devices.get(device.as_str()).ok_or((None, Reject::Undeclared))?
            }
        };
        if beds.contradicts(bed, message.bed.as_deref()) {
            return Err((Some(bed), Reject::BedMismatch));
        }
        Ok((bed, device))
    }
}

/// A topic, and its `/status` sister when it ends in `/obs`.
fn entries_of(topic: &TopicConfig) -> Vec<Entry> {
    let whose = || match topic.bed {
        Some(bed) => Whose::Bed(bed),
        None => Whose::Devices(
            topic.devices.iter().map(|(device, bed)| (device.as_str().into(), *bed)).collect(),
        ),
    };
    let readings = Entry { levels: topic.levels.clone(), kind: Kind::Readings, whose: whose() };
    let Some((TopicLevel::Exact(last), head)) = topic.levels.split_last() else {
        return vec![readings];
    };
    if **last != *"obs" {
        return vec![readings];
    }
    let mut levels = head.to_vec();
    levels.push(TopicLevel::Exact("status".into()));
    vec![readings, Entry { levels, kind: Kind::Status, whose: whose() }]
}

fn filter(levels: &[TopicLevel]) -> String {
    let level = |level: &TopicLevel| match level {
        TopicLevel::Exact(text) => text.to_string(),
        TopicLevel::Any | TopicLevel::Bed | TopicLevel::Device => "+".to_owned(),
    };
    levels.iter().map(level).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::BedId;

    const BAY_1: BedIndex = BedIndex(0);
    const BAY_2: BedIndex = BedIndex(1);

    fn beds() -> BedNames {
        BedNames::new(["bay-1", "bay-2"].map(|name| BedId::try_new(name).expect("a good name")))
    }

    fn device(name: &str) -> DeviceId {
        DeviceId::try_new(name).expect("a good name")
    }

    fn topic(text: &str, bed: Option<BedIndex>, devices: &[(&str, BedIndex)]) -> TopicConfig {
        let level = |part: &str| match part {
            "{bed}" => TopicLevel::Bed,
            "{device}" => TopicLevel::Device,
            "+" => TopicLevel::Any,
            text => TopicLevel::Exact(text.into()),
        };
        let devices = devices.iter().map(|(name, bed)| (device(name), *bed)).collect();
        TopicConfig { levels: text.split('/').map(level).collect(), bed, devices }
    }

    fn topics() -> Topics {
        Topics::new(&[
            topic("v/{bed}/{device}/obs", None, &[]),
            topic("ble/+/{device}", None, &[("a4:c1", BAY_2)]),
            topic("home/7/data", Some(BAY_1), &[]),
            topic("gate/data", None, &[("cuff-1", BAY_1), ("cuff-2", BAY_2)]),
        ])
    }

    fn message(named: &str, bed: Option<&str>) -> Message {
        let own = (!named.is_empty()).then(|| device(named));
        Message { device: own, bed: bed.map(Into::into), ..Message::default() }
    }

    #[test]
    fn a_topic_that_ends_in_obs_subscribes_to_its_sister_too() {
        // Goal: each filter once, with + for what is captured, and /status only beside /obs.
        let filters = topics().filters();
        let names: Vec<&str> = filters.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["ble/+/+", "gate/data", "home/7/data", "v/+/+/obs", "v/+/+/status"]);
        let status = filters.iter().filter(|(_, kind)| *kind == Kind::Status);
        assert_eq!(status.count(), 1);
    }

    #[test]
    fn each_message_finds_its_bed_and_device_or_one_reason() {
        // Goal: every way in which a topic and a payload can say whose they are, or disagree.
        let (topics, beds) = (topics(), beds());
        let undeclared = |bed| Err((bed, Reject::Undeclared));
        let table = [
            ("v/bay-1/cuff-7/obs", "cuff-7", None, Ok((BAY_1, "cuff-7"))),
            ("v/bay-2/cuff-7/obs", "cuff-7", Some("bay-2"), Ok((BAY_2, "cuff-7"))),
            (
                "v/bay-2/cuff-7/obs",
                "cuff-7",
                Some("bay-1"),
                Err((Some(BAY_2), Reject::BedMismatch)),
            ),
            ("v/bay-2/cuff-7/obs", "cuff-8", None, undeclared(Some(BAY_2))),
            ("v/bay-2/cuff-7/obs", "cuff-8", Some("bay-1"), undeclared(Some(BAY_2))),
            ("v/bay-9/cuff-7/obs", "cuff-7", None, undeclared(None)),
            ("ble/hall/a4:c1", "a4:c1", None, Ok((BAY_2, "a4:c1"))),
            ("ble/hall/a4:c1", "", None, Ok((BAY_2, "a4:c1"))),
            ("ble/hall/ff:ff", "ff:ff", None, undeclared(None)),
            ("home/7/data", "x", None, Ok((BAY_1, "x"))),
            ("home/7/data", "x", Some("bay-2"), Err((Some(BAY_1), Reject::BedMismatch))),
            ("home/7/data", "", None, Err((Some(BAY_1), Reject::Schema))),
            ("gate/data", "cuff-2", None, Ok((BAY_2, "cuff-2"))),
            ("gate/data", "cuff-3", None, undeclared(None)),
        ];
        for (name, own, bed, expected) in table {
            let route = topics.route(name).expect("a subscribed topic");
            let expected = expected.map(|(bed, name)| (bed, device(name)));
            assert_eq!(route.owner(&beds, &message(own, bed)), expected, "{name} {own:?} {bed:?}");
        }
    }

    #[test]
    fn topics_with_other_levels_are_not_found() {
        // Goal: fewer, more or other levels are no match.
        let topics = topics();
        for other in ["v/bay-1/cuff-7", "v/bay-1/cuff-7/obs/x", "home/8/data", "", "v/bay-1//cmd"] {
            assert!(topics.route(other).is_none(), "{other}");
        }
        let status = topics.route("v/bay-1/cuff-7/status").expect("the sister");
        assert_eq!((status.kind, status.device), (Kind::Status, Some("cuff-7")));
        assert_eq!(status.bed(&beds()), Ok(Some(BAY_1)));
    }
}
