//! Who could see and hear an alarm: what screens say of themselves in, who is missed and which
//! alarm nobody has shown out (alarms 9, 12, 13; safety F8; contract 6 `/screens`).
//!
//! Each screen renews a lease every 2 s: whether it can be seen and heard, which beds it shows and
//! the highest alarm that it has painted. A screen that is hidden is no watcher; one whose lease is
//! 5 s old is lost, and comes back with its next one. All times here are transport time, so they do
//! not run faster in a demo.
//!
//! `watch` says which beds nobody sees, `receipt` which alarms nobody has shown. Not here: what
//! becomes of that (the ward's alarms, the next step of an escalation), log-ins, and the journal:
//! what happened comes out as `ScreenEvent`s.

mod receipt;
#[cfg(test)]
mod tests;
mod watch;
mod words;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use self::receipt::Receipts;
use self::watch::Watch;
pub use self::words::{
    Audio, Coverage, Heard, Lease, ScreenChange, ScreenId, ScreenKind, ScreenNote, SoundTest,
    Visibility,
};
use super::alarm::occurrence::Occurrence;
use super::ids::{BedId, BedIndex, CommandId, OccurrenceId, Seq};
use super::input::Watching;
use super::time::{RealTime, WallTime};

/// A lease that is so old is lost (alarms 14).
pub const LEASE_LOST: Duration = Duration::from_secs(5);
/// A screen that is lost so long is forgotten and has to open again. Browsers let a hidden page
/// speak once a minute only.
const FORGOTTEN: Duration = Duration::from_secs(600);
/// Screens known at a time, lost ones among them.
const SCREENS_MAX: usize = 512;
/// Commands remembered, so that a repeated one has its answer and no second effect (contract 6).
const REMEMBERED: usize = 256;

/// What the shell hands to the ward, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreenEvent {
    Noted(ScreenNote),
    Watching(Watching),
    /// Row 23: no screen has shown it within 4 s.
    Unreceived {
        occurrence: OccurrenceId,
        revision: u32,
    },
}

/// A named person's command about a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenOrder {
    pub command: CommandId,
    pub by: Arc<str>,
    pub deed: ScreenDeed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreenDeed {
    Open { name: Arc<str>, kind: ScreenKind },
    Close { screen: ScreenId, whose: Whose },
    SoundTest { screen: ScreenId, heard: Heard },
}

/// Which screens somebody may close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Own,
    /// An admin.
    Anyones,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenRefused {
    /// Never opened, closed, or lost for too long: it opens again.
    Unknown,
    /// Somebody else opened it.
    NotOwn,
    TooMany,
    /// The same command id with another body.
    CommandReused,
    /// `seen` is above the newest alarm: it would receipt what nobody has shown.
    Unsent {
        newest: Seq,
    },
}

/// The screen that a command was about.
pub type ScreenAnswer = Result<ScreenId, ScreenRefused>;

/// A screen as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenView {
    pub id: ScreenId,
    pub name: Arc<str>,
    pub kind: ScreenKind,
    pub owner: Arc<str>,
    /// As of its last lease; `None` before the first.
    pub lease: Option<Lease>,
    /// Of the last lease, or of the opening.
    pub age: Duration,
    pub standing: Standing,
    /// The newest answer; `None`: nobody has said whether it is heard.
    pub sound_test: Option<SoundTest>,
}

/// Whether a screen's lease holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Held,
    Lost,
}

/// Every screen, and what follows from their leases.
#[derive(Debug)]
pub struct Screens {
    screens: BTreeMap<ScreenId, Screen>,
    beds: BTreeMap<BedId, BedIndex>,
    watch: Watch,
    receipts: Receipts,
    answered: VecDeque<(ScreenOrder, ScreenAnswer)>,
}

#[derive(Debug)]
struct Screen {
    name: Arc<str>,
    kind: ScreenKind,
    owner: Arc<str>,
    lease: Option<Lease>,
    /// The last lease, or the opening.
    renewed: RealTime,
    standing: Standing,
    sound_test: Option<SoundTest>,
}

impl Screen {
    /// The lease, where a person would see the page now.
    fn visible(&self) -> Option<&Lease> {
        let held = self.lease.as_ref().filter(|_| self.standing == Standing::Held);
        held.filter(|lease| lease.visibility == Visibility::Visible)
    }

    fn note(&self, screen: ScreenId, change: ScreenChange) -> ScreenEvent {
        let (name, owner) = (Arc::clone(&self.name), Arc::clone(&self.owner));
        ScreenEvent::Noted(ScreenNote { screen, name, kind: self.kind, owner, change })
    }
}

impl Screens {
    /// `beds` in the configuration's order; `now` is the service's start.
    pub fn new(beds: impl IntoIterator<Item = BedId>, now: RealTime) -> Self {
        let beds: BTreeMap<_, _> = beds.into_iter().zip((0..).map(BedIndex)).collect();
        Self {
            screens: BTreeMap::new(),
            watch: Watch::new(beds.len(), now),
            beds,
            receipts: Receipts::default(),
            answered: VecDeque::new(),
        }
    }

    /// Once for each command; a repeated one has the same answer (contract 6). Of the two times of
    /// now, the wall clock's is only shown.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn order(
        &mut self,
        order: ScreenOrder,
        (now, wall): (RealTime, WallTime),
        out: &mut Vec<ScreenEvent>,
    ) -> ScreenAnswer {
        let same = |known: &ScreenOrder| known.command == order.command && known.by == order.by;
        if let Some((known, answer)) = self.answered.iter().find(|(known, _)| same(known)) {
            return if *known == order { *answer } else { Err(ScreenRefused::CommandReused) };
        }
        let answer = self.order_now(&order, (now, wall), out);
        if self.answered.len() == REMEMBERED {
            self.answered.pop_front();
        }
        self.answered.push_back((order, answer));
        answer
    }

    fn order_now(
        &mut self,
        order: &ScreenOrder,
        (now, wall): (RealTime, WallTime),
        out: &mut Vec<ScreenEvent>,
    ) -> ScreenAnswer {
        match &order.deed {
            ScreenDeed::Open { name, kind } => self.open(order, name, *kind, now, out),
            ScreenDeed::Close { screen: id, whose } => {
                let screen = self.screens.get(id).ok_or(ScreenRefused::Unknown)?;
                if screen.owner != order.by && *whose == Whose::Own {
                    return Err(ScreenRefused::NotOwn);
                }
                out.push(screen.note(*id, ScreenChange::Closed { by: order.by.clone() }));
                self.screens.remove(id);
                self.look(now, out);
                Ok(*id)
            }
            ScreenDeed::SoundTest { screen: id, heard } => {
                let screen = self.screens.get_mut(id).ok_or(ScreenRefused::Unknown)?;
                let (heard, by) = (*heard, order.by.clone());
                screen.sound_test = Some(SoundTest { heard, by: by.clone(), at: wall });
                out.push(screen.note(*id, ScreenChange::SoundTest { heard, by }));
                Ok(*id)
            }
        }
    }

    fn open(
        &mut self,
        order: &ScreenOrder,
        name: &Arc<str>,
        kind: ScreenKind,
        now: RealTime,
        out: &mut Vec<ScreenEvent>,
    ) -> ScreenAnswer {
        let id = order.command;
        if self.screens.contains_key(&id) {
            return Err(ScreenRefused::CommandReused);
        }
        if self.screens.len() >= SCREENS_MAX {
            self.forget_longest_lost().ok_or(ScreenRefused::TooMany)?;
        }
        let (name, owner) = (Arc::clone(name), Arc::clone(&order.by));
        let (standing, renewed) = (Standing::Held, now);
        let screen = Screen { name, kind, owner, lease: None, renewed, standing, sound_test: None };
        out.push(screen.note(id, ScreenChange::Opened));
        self.screens.insert(id, screen);
        Ok(id)
    }

    fn forget_longest_lost(&mut self) -> Option<Screen> {
        let lost = self.screens.iter().filter(|(_, screen)| screen.standing == Standing::Lost);
        let id = lost.min_by_key(|(_, screen)| screen.renewed).map(|(id, _)| *id)?;
        self.screens.remove(&id)
    }

    /// Renews a screen's lease. `newest` is the newest alarm transition that was published.
    ///
    /// # Errors
    /// `Unknown`, `NotOwn` or `Unsent`.
    pub fn lease(
        &mut self,
        (id, by): (ScreenId, &str),
        lease: Lease,
        newest: Seq,
        now: RealTime,
        out: &mut Vec<ScreenEvent>,
    ) -> Result<(), ScreenRefused> {
        let screen = self.screens.get_mut(&id).ok_or(ScreenRefused::Unknown)?;
        if *screen.owner != *by {
            return Err(ScreenRefused::NotOwn);
        }
        if lease.seen > newest {
            return Err(ScreenRefused::Unsent { newest });
        }
        let before = screen.visible().map(|lease| (lease.audio, lease.beds.clone()));
        screen.renewed = now;
        if screen.standing == Standing::Lost {
            screen.standing = Standing::Held;
            out.push(screen.note(id, ScreenChange::Back));
        }
        let was = screen.lease.replace(lease.clone());
        for change in changes(was.as_ref(), &lease) {
            out.push(screen.note(id, change));
        }
        let after = screen.visible().map(|lease| (lease.audio, lease.beds.clone()));
        if lease.visibility == Visibility::Visible {
            self.receipts.seen(&lease.beds, lease.seen);
        }
        if before != after {
            self.look(now, out);
        }
        Ok(())
    }

    /// An alarm was published: one that asks for an answer awaits its receipt from now on.
    pub fn told(
        &mut self,
        occurrence: &Occurrence,
        seq: Seq,
        now: RealTime,
        out: &mut Vec<ScreenEvent>,
    ) {
        let bed = occurrence.bed.as_ref().and_then(|bed| self.beds.get(bed).copied());
        self.receipts.told(occurrence, bed, seq, now, out);
    }

    /// What time alone brings by `now`.
    pub fn tick(&mut self, now: RealTime, out: &mut Vec<ScreenEvent>) {
        let mut gone = Vec::new();
        for (id, screen) in &mut self.screens {
            match screen.standing {
                Standing::Held if now.since(screen.renewed) >= LEASE_LOST => {
                    screen.standing = Standing::Lost;
                    out.push(screen.note(*id, ScreenChange::Lost));
                }
                Standing::Lost if now.since(screen.renewed) >= FORGOTTEN => gone.push(*id),
                Standing::Held | Standing::Lost => {}
            }
        }
        gone.iter().for_each(|id| drop(self.screens.remove(id)));
        self.receipts.tick(now, out);
        self.look(now, out);
    }

    /// When `tick` has something to do.
    #[must_use]
    pub fn next_due(&self) -> Option<RealTime> {
        let leases = self.screens.values().map(|screen| match screen.standing {
            Standing::Held => screen.renewed.plus(LEASE_LOST),
            Standing::Lost => screen.renewed.plus(FORGOTTEN),
        });
        leases.chain(self.watch.next_due()).chain(self.receipts.next_due()).min()
    }

    /// Screens that a person would see now: the heartbeat's `watching`.
    #[must_use]
    pub fn watching(&self) -> usize {
        self.screens.values().filter(|screen| screen.visible().is_some()).count()
    }

    /// In the order of their ids.
    pub fn views(&self, now: RealTime) -> impl Iterator<Item = ScreenView> {
        self.screens.iter().map(move |(id, screen)| ScreenView {
            id: *id,
            name: Arc::clone(&screen.name),
            kind: screen.kind,
            owner: Arc::clone(&screen.owner),
            lease: screen.lease.clone(),
            age: now.since(screen.renewed),
            standing: screen.standing,
            sound_test: screen.sound_test.clone(),
        })
    }

    fn look(&mut self, now: RealTime, out: &mut Vec<ScreenEvent>) {
        let visible: Vec<_> = self.screens.values().filter_map(Screen::visible).collect();
        self.watch.look(&visible, now);
        out.extend(self.watch.tell(now).map(ScreenEvent::Watching));
    }
}

/// What a lease says that the one before it did not.
fn changes(was: Option<&Lease>, is: &Lease) -> impl Iterator<Item = ScreenChange> {
    let visibility = was.is_none_or(|was| was.visibility != is.visibility);
    let audio = was.is_none_or(|was| was.audio != is.audio);
    let beds = was.is_none_or(|was| was.beds != is.beds);
    let visibility = visibility.then_some(ScreenChange::Visibility(is.visibility));
    let audio = audio.then_some(ScreenChange::Audio(is.audio));
    let beds = beds.then(|| ScreenChange::Beds(is.beds.clone()));
    visibility.into_iter().chain(audio).chain(beds)
}
