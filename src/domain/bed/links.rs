//! Links and sources of one bed: who is there, who is lost, whose messages are refused.
//!
//! A link never ends an alarm; leaving `Online` withdraws the device's values at once. A lost link
//! is one cause and one alarm, however often the line is opened again meanwhile.

use std::sync::Arc;
use std::time::Duration;

use super::watch::{find, technical};
use super::{Bed, Desk, Rejects, Technical};
use crate::domain::alarm::AlarmFamily;
use crate::domain::device::{Message, StatusCode};
use crate::domain::ids::{DeviceId, SourceIndex};
use crate::domain::input::LinkChange;
use crate::domain::link::{Device, Link};
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::Vital;

/// So many whole messages refused within this: "invalid data" (alarms 13).
const REJECTS_WITHIN: Duration = Duration::from_secs(10);
/// A bed's devices, one whose name changes with each message included.
const DEVICES_MAX: usize = 16;
/// Alarms of the bedside monitors that are kept for one bed.
const BEDSIDE_MAX: usize = 32;

impl Bed {
    /// Why a device's link is lost: its broker, its serial line or itself. Its alarm speaks for
    /// the values that are missing with it.
    pub(super) fn lost(&self, line: SourceIndex, device: &DeviceId) -> Option<Arc<str>> {
        if let Some((_, _, why)) = self.lost_brokers.iter().find(|(lost, _, _)| *lost == line) {
            return Some(why.clone());
        }
        self.links_of(line, device).find_map(|known| known.link.why())
    }

    /// Why a device's values are not current: its link is lost, or being opened.
    pub(super) fn no_link(&self, line: SourceIndex, device: &DeviceId) -> Option<Arc<str>> {
        self.lost(line, device).or_else(|| {
            let opening = |known: &Device| matches!(known.link, Link::Opening { .. });
            self.links_of(line, device).any(opening).then(|| "connecting".into())
        })
    }

    /// Whether nothing keeps a device's values from being current; as `no_link`, without its words.
    pub(super) fn is_linked(&self, line: SourceIndex, device: &DeviceId) -> bool {
        let keeps = |link: &Link| matches!(link, Link::Opening { .. } | Link::Lost { .. });
        self.lost_brokers.iter().all(|(lost, _, _)| *lost != line)
            && !self.links_of(line, device).any(|known| keeps(&known.link))
    }

    /// A device's own link, and that of the serial line which it speaks through.
    fn links_of<'a>(
        &'a self,
        line: SourceIndex,
        device: &'a DeviceId,
    ) -> impl Iterator<Item = &'a Device> {
        let concerns = move |known: &&Device| {
            known.line == line && (known.id == *device || self.is_line(&known.id))
        };
        self.devices.iter().filter(concerns)
    }

    pub(super) fn is_line(&self, id: &DeviceId) -> bool {
        self.plan.lines.iter().any(|(line, _)| line == id)
    }

    /// The place of a message's device; a new one takes that of the longest silent one where there
    /// are too many. Where none can go the new one stays: no reading is lost.
    pub(super) fn device_at(&mut self, line: SourceIndex, id: &DeviceId, now: Stamp) -> usize {
        let known = self.devices.iter().position(|device| device.id == *id && device.line == line);
        known.unwrap_or_else(|| {
            if self.devices.len() >= DEVICES_MAX {
                self.forget_longest_silent(now.mono);
            }
            self.devices.push(Device::new(id.clone(), line, Link::Online { since: now }));
            self.devices.len() - 1
        })
    }

    fn forget_longest_silent(&mut self, now: MonoTime) {
        let may_go = self.devices.iter().enumerate().filter(|(_, device)| self.may_go(device));
        let longest = may_go.min_by_key(|(_, device)| self.last_heard(device));
        if let Some((index, _)) = longest {
            self.forget(index, now);
        }
    }

    pub(super) fn forget(&mut self, index: usize, now: MonoTime) {
        let gone = self.devices.remove(index);
        let metrics: Vec<_> = self.vitals_of(&gone).map(|vital| vital.metric).collect();
        self.vitals.retain(|vital| (&vital.device, vital.line) != (&gone.id, gone.line));
        for metric in metrics {
            self.input_missing(metric, now);
        }
        self.drop_unchoosable();
        self.drop_bedside();
    }

    /// No serial line of the plan, and no technical alarm is about it or its values.
    fn may_go(&self, device: &Device) -> bool {
        let open = |it: &&Technical| {
            it.since.is_some() || it.episode.open.is_some() || !it.episode.latched.is_empty()
        };
        let mut open = self.technical.iter().filter(open);
        !self.is_line(&device.id) && !open.any(|it| self.is_about(it, device))
    }

    /// A technical condition of a device or of one of its values.
    pub(super) fn is_about(&self, it: &Technical, device: &Device) -> bool {
        let Some(subject) = it.subject.as_deref() else { return false };
        let mut vitals = self.vitals_of(device);
        subject == device.id.as_str() || vitals.any(|vital| vital.metric.info().name == subject)
    }

    pub(super) fn last_heard(&self, device: &Device) -> MonoTime {
        let received = self.vitals_of(device).map(|vital| vital.newest.received.mono);
        received.max().unwrap_or(device.link.since().mono)
    }

    fn vitals_of<'a>(&'a self, device: &'a Device) -> impl Iterator<Item = &'a Vital> {
        self.vitals.iter().filter(|it| (&it.device, it.line) == (&device.id, device.line))
    }

    /// The monitor's own alarms are information: shown, never an occurrence of ours.
    pub(super) fn bedside(&mut self, device: usize, message: &Message) {
        let id = &self.devices[device].id;
        for alarm in &message.bedside_alarms {
            self.bedside_alarms.retain(|(of, known)| of != id || known.code != alarm.code);
            if alarm.active {
                if self.bedside_alarms.len() == BEDSIDE_MAX {
                    self.bedside_alarms.remove(0);
                }
                self.bedside_alarms.push((id.clone(), alarm.clone()));
            }
        }
    }

    /// Whoever is not there any more tells no alarm that is current.
    pub(super) fn drop_bedside(&mut self) {
        let mut alarms = std::mem::take(&mut self.bedside_alarms);
        alarms.retain(|(of, _)| {
            self.devices.iter().any(|device| {
                device.id == *of
                    && matches!(device.link, Link::Online { .. })
                    && self.no_link(device.line, &device.id).is_none()
            })
        });
        self.bedside_alarms = alarms;
    }

    /// A valid message: its device is there again, and refused ones lie behind.
    pub(super) fn heard(&mut self, line: SourceIndex, device: usize, now: Stamp) {
        for index in 0..self.devices.len() {
            let known = &self.devices[index];
            let concerned = index == device || (known.line == line && self.is_line(&known.id));
            let is_there = matches!(known.link, Link::Online { .. });
            if concerned && !is_there && !known.is_on(StatusCode::CommsLost) {
                let subject = known.id.clone();
                self.devices[index].link = Link::Online { since: now };
                self.values_may_come(line, now.mono);
                self.no_cause(AlarmFamily::LinkDown, Some(subject.as_str()));
            }
        }
        let recent =
            |at: &Option<MonoTime>| at.is_some_and(|at| now.mono.since(at) <= REJECTS_WITHIN);
        let rejects = self.rejects.iter().find(|rejects| rejects.line == line);
        if !rejects.is_some_and(|rejects| rejects.newest.iter().all(recent)) {
            for it in self.technical.iter_mut().filter(|it| it.line == Some(line)) {
                it.since = None;
                self.moved.technical = true;
            }
        }
        if let Some(it) = find(&mut self.technical, AlarmFamily::Evaluator) {
            it.since = None;
            self.moved.technical = true;
        }
    }

    pub(super) fn rejected(
        &mut self,
        line: SourceIndex,
        name: &Arc<str>,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        let index = self.rejects.iter().position(|rejects| rejects.line == line);
        let index = index.unwrap_or_else(|| {
            self.rejects.push(Rejects { line, newest: [None; 3] });
            self.rejects.len() - 1
        });
        let newest = &mut self.rejects[index].newest;
        newest.rotate_left(1);
        newest[2] = Some(now.mono);
        let third = newest[0];
        if third.is_some_and(|third| now.mono.since(third) <= REJECTS_WITHIN) {
            let technical = technical(&mut self.technical, AlarmFamily::InvalidData, Some(name));
            technical.line = Some(line);
            technical.since.get_or_insert(now.mono);
            self.moved.technical = true;
            self.settle(now, desk);
            self.wake_at(now.mono);
        }
    }

    pub(super) fn link_changed(
        &mut self,
        line: SourceIndex,
        id: &DeviceId,
        change: &LinkChange,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        let link = Link::changed(change, now);
        let was_away = self.is_away(line, id);
        let known = self.devices.iter().position(|device| device.id == *id && device.line == line);
        match known {
            // A loss stays a loss while the line is being opened again: one cause, one alarm.
            Some(index) => {
                let device = &mut self.devices[index];
                let stays = match change {
                    LinkChange::Opening | LinkChange::Negotiating | LinkChange::Lost { .. } => {
                        matches!(device.link, Link::Lost { .. })
                    }
                    // A gateway that is there says nothing of the monitor which it has lost.
                    LinkChange::Online => device.is_on(StatusCode::CommsLost),
                };
                if !stays {
                    device.link = link;
                }
            }
            None => self.devices.push(Device::new(id.clone(), line, link)),
        }
        self.drop_bedside();
        let at = known.unwrap_or(self.devices.len() - 1);
        match change {
            LinkChange::Lost { since, why } => self.link_lost(at, since.mono, why),
            LinkChange::Online if self.devices[at].is_on(StatusCode::CommsLost) => {}
            LinkChange::Online => {
                if was_away {
                    self.starts_anew(line, id);
                }
                self.no_cause(AlarmFamily::LinkDown, Some(id.as_str()));
                self.values_may_come(line, now.mono);
            }
            LinkChange::Opening | LinkChange::Negotiating => {}
        }
        self.tick(now, desk);
    }

    /// The broker's own alarm is the ward's; here its devices' values are withdrawn.
    pub(super) fn broker_changed(
        &mut self,
        line: SourceIndex,
        change: &LinkChange,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        match change {
            LinkChange::Lost { since, why } => {
                self.lost_brokers.retain(|(lost, _, _)| *lost != line);
                self.lost_brokers.push((line, *since, why.clone()));
                self.drop_bedside();
                self.tick(now, desk);
            }
            LinkChange::Online => {
                self.lost_brokers.retain(|(lost, _, _)| *lost != line);
                self.values_may_come(line, now.mono);
                self.tick(now, desk);
            }
            LinkChange::Opening | LinkChange::Negotiating => {}
        }
    }

    /// A device whose link is lost, or a serial line that is not open.
    pub(super) fn is_away(&self, line: SourceIndex, id: &DeviceId) -> bool {
        self.links_of(line, id).any(|known| match known.link {
            Link::Lost { .. } => !known.is_on(StatusCode::CommsLost),
            Link::Opening { .. } | Link::Negotiating { .. } => self.is_line(&known.id),
            Link::Online { .. } => false,
        })
    }
}
