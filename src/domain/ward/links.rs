//! What sources say of themselves and of a bed's devices: whose link it is, and whose refusal.
//!
//! A status topic may name a bed and no device (contract 3.2): it speaks for every device that the
//! source has on that bed, and never for the broker itself.

use super::{SourceKind, Ward};
use crate::domain::alarm::occurrence::Transition;
use crate::domain::bed::{Bed, BedInput};
use crate::domain::device::Reject;
use crate::domain::ids::{BedIndex, DeviceId, SourceIndex};
use crate::domain::input::LinkChange;
use crate::domain::link::Link;
use crate::domain::time::Stamp;

impl Ward {
    pub(super) fn rejected(
        &mut self,
        bed: Option<BedIndex>,
        source: SourceIndex,
        reason: Reject,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let Some(of) = self.sources.get_mut(source.0 as usize) else { return };
        of.rejects[reason as usize] += 1;
        let name = of.plan.name.clone();
        match bed {
            Some(bed) => {
                let input = BedInput::Rejected { line: source, name: &name };
                self.bed_step(bed, input, now, out);
            }
            None => self.undeclared += 1,
        }
    }

    pub(super) fn link(
        &mut self,
        bed: Option<BedIndex>,
        source: SourceIndex,
        device: Option<&DeviceId>,
        change: &LinkChange,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let Some(of) = self.sources.get_mut(source.0 as usize) else { return };
        let own = device.is_none()
            && match of.plan.kind {
                SourceKind::Serial => true,
                SourceKind::Broker => bed.is_none(),
            };
        if own {
            of.link = Link::changed(change, now);
        }
        let Some(bed) = bed else { return self.broker(source, change, now, out) };
        let concerned = match device {
            Some(device) => vec![device.clone()],
            None => self.devices_of(bed, source, change),
        };
        for device in &concerned {
            let input = BedInput::Link { line: source, device, change };
            self.bed_step(bed, input, now, out);
        }
    }

    /// Whom a change concerns that names no device: a serial line itself, or every device that the
    /// broker has on this bed. A loss before any of them has spoken is the broker's by name, for
    /// it has to be told of something.
    fn devices_of(&self, bed: BedIndex, source: SourceIndex, change: &LinkChange) -> Vec<DeviceId> {
        let Some(bed) = self.beds.get(bed.0 as usize) else { return Vec::new() };
        let of = &self.sources[source.0 as usize].plan;
        match of.kind {
            SourceKind::Serial => line_of(bed, source).into_iter().collect(),
            SourceKind::Broker => {
                let known = bed.devices.iter().filter(|device| device.line == source);
                let known: Vec<_> = known.map(|device| device.id.clone()).collect();
                let named = DeviceId::try_new(&of.name).ok();
                match change {
                    LinkChange::Lost { .. } => {
                        let others = known.into_iter().filter(|id| Some(id) != named.as_ref());
                        let others: Vec<_> = others.collect();
                        if others.is_empty() { named.into_iter().collect() } else { others }
                    }
                    LinkChange::Opening | LinkChange::Negotiating | LinkChange::Online => known,
                }
            }
        }
    }
}

fn line_of(bed: &Bed, source: SourceIndex) -> Option<DeviceId> {
    let own = bed.plan.lines.iter().find(|(_, line)| *line == source);
    own.map(|(device, _)| device.clone())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::*;
    use crate::config;
    use crate::domain::alarm::AlarmFamily;
    use crate::domain::bed::{BedPlan, Watch};
    use crate::domain::device::Message;
    use crate::domain::ids::BedId;
    use crate::domain::input::Input;
    use crate::domain::reading::Origin;
    use crate::domain::time::{MonoTime, WallTime};
    use crate::domain::view::LinkState;
    use crate::domain::ward::{SourcePlan, WardPlan};

    const BED: BedIndex = BedIndex(0);
    const BROKER: SourceIndex = SourceIndex(0);

    fn at(second: u64) -> Stamp {
        let start = Stamp {
            mono: MonoTime::from_micros(0),
            wall: WallTime::from_micros(1_795_000_000_000_000),
        };
        start.plus(Duration::from_secs(second))
    }

    fn ward() -> Ward {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
        let preset = config::load(&example).expect("the example is valid").alarms.preset;
        let bed = BedPlan {
            id: BedId::try_new("bay-1").expect("a valid name"),
            watch: Watch::Session,
            preset,
            lines: Vec::new(),
            origin: Origin::Patient,
        };
        let source = SourcePlan { name: "ward".into(), kind: SourceKind::Broker };
        let plan = WardPlan {
            site: "test".into(),
            beds: vec![bed],
            sources: vec![source],
            origin: Origin::Patient,
        };
        Ward::new(plan, at(0))
    }

    fn link(bed: Option<BedIndex>, change: LinkChange) -> Input {
        Input::Link { bed, source: BROKER, device: None, change }
    }

    fn lost(second: u64) -> LinkChange {
        LinkChange::Lost { since: at(second), why: "device says offline".into() }
    }

    fn heard(device: &str) -> Input {
        let device = DeviceId::try_new(device).expect("a valid name");
        Input::Message { bed: BED, source: BROKER, device, message: Message::default() }
    }

    fn links_down(ward: &Ward) -> Vec<&str> {
        let down = ward.occurrences().filter(|it| it.family == AlarmFamily::LinkDown);
        down.filter_map(|it| it.subject.as_deref()).collect()
    }

    #[test]
    fn a_status_without_a_device_is_the_link_of_the_beds_devices_and_not_the_brokers() {
        // safety:S1. Goal: the last will of a topic with a fixed bed is an alarm, whether its
        // devices have spoken or not, and readiness goes by the broker alone.
        let table: [(&[&str], &[&str]); 3] =
            [(&[], &["ward"]), (&["cuff"], &["cuff"]), (&["cuff", "oxi"], &["cuff", "oxi"])];
        for (devices, down) in table {
            let mut ward = ward();
            let mut out = Vec::new();
            ward.step(&link(None, LinkChange::Online), at(1), &mut out);
            for device in devices {
                ward.step(&heard(device), at(2), &mut out);
            }
            ward.step(&link(Some(BED), lost(3)), at(3), &mut out);
            ward.step(&Input::Tick, at(60), &mut out);
            assert_eq!(links_down(&ward), down, "{devices:?}");
            let states: Vec<_> = ward.source_views().map(|view| view.state).collect();
            assert_eq!(states, [LinkState::Online], "{devices:?}");

            ward.step(&link(Some(BED), LinkChange::Online), at(61), &mut out);
            assert_eq!(links_down(&ward), [""; 0], "{devices:?}: the birth message ends it");
        }
    }
}
