//! What was given: infusions with their pauses, nasal devices, injections and lozenges.
//!
//! An infusion runs until it is ended; all else is given in a moment, so it has an end at once.
//! Nothing is deleted: what was taken back or voided stays and does not count. Which doses a
//! session admits is `giving`'s.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::act::Refused;
use crate::domain::ids::Uuid;
use crate::domain::input::DoseEvent;
use crate::domain::time::{MonoTime, Stamp, WallTime};

/// An entry can be taken back for so long (contract 6).
const UNDO: Duration = Duration::from_secs(60);

/// No dose of these drugs is larger: a slip of the pen.
const MOST_MICROGRAMS: u64 = 2_000_000;

/// A device has one of these numbers (clinical 1.3: 84 mg are three).
pub const DEVICES: std::ops::RangeInclusive<u8> = 1..=3;

/// Times come and go in whole milliseconds: one that was shown may be so much before what it is of.
const ON_THE_WIRE: Duration = Duration::from_millis(1);

/// Named by the command that entered it.
pub type DoseId = Uuid;

/// As it was entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoseOrder {
    /// What is to be given: of the drug's base where a salt has one (clinical 6).
    pub micrograms: Option<u64>,
    /// 1, 2, 3: of a nasal spray (clinical 1.3).
    pub device_number: Option<u8>,
    pub lot: Option<Arc<str>>,
    /// `None`: now.
    pub started: Option<WallTime>,
    pub ended: Option<WallTime>,
}

/// What happened to a dose; `None`: now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoseChange {
    Pause {
        at: Option<WallTime>,
    },
    Resume {
        at: Option<WallTime>,
    },
    End {
        at: Option<WallTime>,
        /// A part of what was ordered; `None`: all of it.
        given_micrograms: Option<u64>,
    },
}

/// How a dose of a route is given (contract 3.2 `routes`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// iv: runs until it is ended.
    Infusion,
    /// nasal: one device or spray after another, with a rest between.
    Nasal,
    /// im, sc, sl, po: in a moment.
    Moment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dose {
    pub id: DoseId,
    pub micrograms: Option<u64>,
    pub device_number: Option<u8>,
    pub lot: Option<Arc<str>>,
    pub started: Stamp,
    pub ended: Option<Stamp>,
    /// Of an infusion, oldest first; the last one may be without an end.
    pub pauses: Vec<(Stamp, Option<Stamp>)>,
    /// When it was entered: it can be taken back for 60 s from then.
    pub entered: Stamp,
    /// Does not count: taken back or voided, by whom.
    pub voided: Option<Arc<str>>,
}

impl Way {
    #[must_use]
    pub fn of(route: &str) -> Self {
        match route {
            "iv" => Self::Infusion,
            "nasal" => Self::Nasal,
            _ => Self::Moment,
        }
    }
}

impl Dose {
    /// One that only times are known of.
    #[must_use]
    pub const fn plain(id: DoseId, started: Stamp) -> Self {
        Self {
            id,
            micrograms: None,
            device_number: None,
            lot: None,
            started,
            ended: None,
            pauses: Vec::new(),
            entered: started,
            voided: None,
        }
    }

    /// As it was entered at `now`, in a session that began at `session`.
    ///
    /// # Errors
    /// `BadTime`: to come, before the session, or ended before it started. `BadValue`: no such
    /// amount, or no such device by this way.
    pub fn of_order(
        id: DoseId,
        order: &DoseOrder,
        way: Way,
        session: Stamp,
        now: Stamp,
    ) -> Result<Self, Refused> {
        let started = moment(order.started, session, now)?;
        let ended = match (order.ended, way) {
            (Some(_), _) => Some(moment(order.ended, started, now)?),
            (None, Way::Infusion) => None,
            (None, Way::Nasal | Way::Moment) => Some(started),
        };
        order.micrograms.map_or(Ok(()), amount)?;
        let is_device = |number| way == Way::Nasal && DEVICES.contains(&number);
        if !order.device_number.is_none_or(is_device) {
            return Err(Refused::BadValue);
        }
        Ok(Self {
            micrograms: order.micrograms,
            device_number: order.device_number,
            lot: order.lot.clone(),
            ended,
            entered: now,
            ..Self::plain(id, started)
        })
    }

    #[must_use]
    pub const fn counts(&self) -> bool {
        self.voided.is_none()
    }

    /// It counts and has not ended, paused or not.
    #[must_use]
    pub const fn runs(&self) -> bool {
        self.counts() && self.ended.is_none()
    }

    /// Since when it is paused.
    #[must_use]
    pub fn paused_since(&self) -> Option<Stamp> {
        let (from, until) = self.pauses.last()?;
        (self.runs() && until.is_none()).then_some(*from)
    }

    /// Paused, resumed, ended.
    ///
    /// # Errors
    /// `DoseOver`: it does not run. `BadTime`: to come, or before what happened to it last.
    /// `AlreadySo`, `NotSo`: it is paused, or not. `BadValue`: more than was ordered, or nothing.
    pub fn change(&mut self, change: DoseChange, now: Stamp) -> Result<(), Refused> {
        if !self.runs() {
            return Err(Refused::DoseOver);
        }
        let paused = self.paused_since();
        let latest =
            self.pauses.last().map_or(self.started, |(from, until)| until.unwrap_or(*from));
        match (change, paused) {
            (DoseChange::Pause { .. }, Some(_)) => return Err(Refused::AlreadySo),
            (DoseChange::Resume { .. }, None) => return Err(Refused::NotSo),
            (DoseChange::Pause { at }, None) => self.pauses.push((moment(at, latest, now)?, None)),
            (DoseChange::Resume { at }, Some(_)) => self.pause_over(moment(at, latest, now)?),
            (DoseChange::End { at, given_micrograms }, _) => {
                let at = moment(at, latest, now)?;
                if let Some(given) = given_micrograms {
                    let ordered = self.micrograms.unwrap_or(MOST_MICROGRAMS);
                    if given > ordered {
                        return Err(Refused::BadValue);
                    }
                    self.micrograms = Some(given);
                }
                self.pause_over(at);
                self.ended = Some(at);
            }
        }
        Ok(())
    }

    fn pause_over(&mut self, at: Stamp) {
        if let Some((_, until)) = self.pauses.last_mut() {
            until.get_or_insert(at);
        }
    }

    /// Takes the entry back.
    ///
    /// # Errors
    /// `DoseOver`: it does not count. `UndoTooLate`: void it instead.
    pub fn undo(&mut self, by: &Arc<str>, now: MonoTime) -> Result<(), Refused> {
        if self.counts() && now.since(self.entered.mono) > UNDO {
            return Err(Refused::UndoTooLate);
        }
        self.void(by)
    }

    /// It was not given.
    ///
    /// # Errors
    /// `DoseOver`: it does not count as it is.
    pub fn void(&mut self, by: &Arc<str>) -> Result<(), Refused> {
        if !self.counts() {
            return Err(Refused::DoseOver);
        }
        self.voided = Some(by.clone());
        Ok(())
    }

    /// It was another amount.
    ///
    /// # Errors
    /// `DoseOver`: it does not count. `BadValue`: no such amount. `AlreadySo`: it is this one.
    pub fn amend(&mut self, micrograms: u64) -> Result<(), Refused> {
        if !self.counts() {
            return Err(Refused::DoseOver);
        }
        amount(micrograms)?;
        if self.micrograms.replace(micrograms) == Some(micrograms) {
            return Err(Refused::AlreadySo);
        }
        Ok(())
    }

    /// "device 2", "dose".
    #[must_use]
    pub fn name(&self) -> String {
        self.device_number.map_or_else(|| "dose".to_owned(), |number| format!("device {number}"))
    }

    /// "28 mg, lot L1", "35 mg, paused".
    #[must_use]
    pub fn words(&self) -> String {
        let amount = self.micrograms.map_or_else(|| "amount not known".to_owned(), milligrams);
        let lot = self.lot.as_ref().map(|lot| format!("lot {lot}"));
        let state = match self.ended {
            None if self.paused_since().is_some() => Some("paused"),
            None => Some("running"),
            Some(ended) => (ended != self.started).then_some("ended"),
        };
        let parts = [Some(amount), lot, state.map(str::to_owned)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// When something was, `None`: now; not before `earliest`.
fn moment(at: Option<WallTime>, earliest: Stamp, now: Stamp) -> Result<Stamp, Refused> {
    let at = at.map_or(Some(now), |wall| now.at_wall(wall)).ok_or(Refused::BadTime)?;
    if at.mono >= earliest.mono {
        Ok(at)
    } else if at.mono.plus(ON_THE_WIRE) > earliest.mono {
        Ok(earliest)
    } else {
        Err(Refused::BadTime)
    }
}

const fn amount(micrograms: u64) -> Result<(), Refused> {
    if micrograms == 0 || micrograms > MOST_MICROGRAMS { Err(Refused::BadValue) } else { Ok(()) }
}

/// "28 mg", "0.5 mg".
fn milligrams(micrograms: u64) -> String {
    let mut text = format!("{}.{:03}", micrograms / 1_000, micrograms % 1_000);
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    text.push_str(" mg");
    text
}

/// A dose event that no person entered. An end without a start is the end of a dose that began
/// then; a start ends what ran, for no event could end that any more.
pub fn note_event(doses: &mut Vec<Dose>, event: DoseEvent) {
    let plain = |at| Dose::plain(DoseId::from_bits(doses.len() as u128 + 1), at);
    let running = doses.iter().rposition(Dose::runs);
    match event {
        DoseEvent::Started { at } => {
            let next = plain(at);
            if let Some(running) = running.map(|place| &mut doses[place]) {
                running.ended = Some(std::cmp::max_by_key(running.started, at, |it| it.mono));
            }
            doses.push(next);
        }
        DoseEvent::Ended { at } => match running.or_else(|| doses.iter().rposition(Dose::counts)) {
            Some(last) => doses[last].ended = Some(at),
            None => doses.push(Dose { ended: Some(at), ..plain(at) }),
        },
    }
}

#[cfg(test)]
mod tests;
