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
use crate::domain::view::SourceView;

impl Ward {
    /// The lines and brokers, in the order of the configuration.
    pub fn source_views(&self) -> impl Iterator<Item = SourceView> {
        self.sources.iter().map(|source| SourceView {
            state: source.link.state(),
            why: source.link.why(),
            rejects: source.rejects,
        })
    }

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
