//! The engine's side of the screens: their commands and leases in, what follows from them into the
//! ward as inputs, alarms just published into their wait for a receipt (safety F8).

use std::time::{Duration, Instant};

use super::Engine;
use crate::domain::ids::BedId;
use crate::domain::input::Input;
use crate::domain::screens::{
    Lease, ScreenAnswer, ScreenEvent, ScreenId, ScreenNote, ScreenOrder, ScreenRefused, ScreenView,
    Screens,
};
use crate::domain::time::RealTime;

#[derive(Debug)]
pub(super) struct Watchers {
    screens: Screens,
    /// Of the screens' time line.
    begun: Instant,
    /// What the ward has not had yet.
    events: Vec<ScreenEvent>,
    /// When time alone brings something.
    due: Option<RealTime>,
}

impl Watchers {
    pub(super) fn new(beds: impl IntoIterator<Item = BedId>, begun: Instant) -> Self {
        let screens = Screens::new(beds, RealTime::default());
        let due = screens.next_due();
        Self { screens, begun, events: Vec::new(), due }
    }

    fn at(&self, now: Instant) -> RealTime {
        RealTime::of(now.saturating_duration_since(self.begun))
    }

    /// Real time until something is due by itself.
    pub(super) fn until_due(&self, now: Instant) -> Option<Duration> {
        let now = self.at(now);
        self.due.map(|due| due.since(now))
    }

    pub(super) fn watching(&self) -> u32 {
        u32::try_from(self.screens.watching()).unwrap_or(u32::MAX)
    }
}

impl Engine {
    pub(super) fn order_screen(&mut self, order: ScreenOrder) -> ScreenAnswer {
        let now = (self.watchers.at(self.clock.real()), self.clock.now().wall);
        let Watchers { screens, events, .. } = &mut self.watchers;
        let answer = screens.order(order, now, events);
        self.watchers.due = self.watchers.screens.next_due();
        answer
    }

    pub(super) fn lease(
        &mut self,
        screen: ScreenId,
        by: &str,
        lease: Lease,
    ) -> Result<(), ScreenRefused> {
        let now = self.watchers.at(self.clock.real());
        let Watchers { screens, events, .. } = &mut self.watchers;
        let renewed = screens.lease((screen, by), lease, self.board.seq, now, events);
        self.watchers.due = self.watchers.screens.next_due();
        renewed
    }

    pub(super) fn screens(&self) -> Vec<ScreenView> {
        let now = self.watchers.at(self.clock.real());
        self.watchers.screens.views(now).collect()
    }

    /// After each round: what was published awaits its receipt, what the screens brought goes to
    /// the ward.
    pub(super) fn attend(&mut self) {
        let now = self.watchers.at(self.clock.real());
        let Watchers { screens, events, due, .. } = &mut self.watchers;
        let is_due = due.is_some_and(|due| due <= now);
        if !is_due && self.board.told.is_empty() && events.is_empty() {
            return;
        }
        for (seq, occurrence) in self.board.told.drain(..) {
            screens.told(&occurrence, seq, now, events);
        }
        if is_due {
            screens.tick(now, events);
        }
        *due = screens.next_due();
        for event in std::mem::take(events) {
            let input = match event {
                ScreenEvent::Noted(note) => {
                    log(&note);
                    Input::Screen(note)
                }
                ScreenEvent::Watching(watching) => Input::Watching(watching),
                ScreenEvent::Unreceived { occurrence, revision } => {
                    Input::Unreceived { occurrence, revision }
                }
            };
            self.step(input, self.clock.now(), None);
        }
    }
}

fn log(note: &ScreenNote) {
    let ScreenNote { screen, name, kind, owner, change } = note;
    let (name, owner, kind) = (&**name, &**owner, kind.name());
    tracing::info!(%screen, name, kind, owner, "screen {change:?}");
}
