//! What a source says of its link, and when it need not say it again.
//!
//! A line that stays away is tried every second for days: the engine hears of each loss and of
//! each new reason, not of each attempt. Within one loss `since` stays that of its first sign.

use std::sync::Arc;

use crate::domain::ids::DeviceId;
use crate::domain::input::LinkChange;
use crate::domain::time::Stamp;

/// Remembers what the engine was told; each method gives the change to tell, if it is news.
#[derive(Debug, Default)]
pub(super) struct Teller {
    told: Told,
    loss: Option<Loss>,
}

/// Why a link is gone, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) since: Stamp,
    pub(super) why: Arc<str>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Told {
    #[default]
    Nothing,
    Opening,
    Negotiating,
    Online,
    Lost,
}

impl Teller {
    pub(super) fn opening(&mut self) -> Option<LinkChange> {
        let news = matches!(self.told, Told::Nothing | Told::Lost);
        news.then(|| {
            self.told = Told::Opening;
            LinkChange::Opening
        })
    }

    pub(super) fn negotiating(&mut self) -> Option<LinkChange> {
        (self.told == Told::Opening).then(|| {
            self.told = Told::Negotiating;
            LinkChange::Negotiating
        })
    }

    pub(super) fn online(&mut self) -> Option<LinkChange> {
        self.loss = None;
        (self.told != Told::Online).then(|| {
            self.told = Told::Online;
            LinkChange::Online
        })
    }

    pub(super) fn lost(&mut self, loss: Loss) -> Option<LinkChange> {
        let since = match &self.loss {
            Some(told) if told.why == loss.why => return None,
            Some(told) => told.since,
            None => loss.since,
        };
        let why = Arc::clone(&loss.why);
        self.loss = Some(Loss { since, why: loss.why });
        self.told = Told::Lost;
        Some(LinkChange::Lost { since, why })
    }
}

/// One sentence per change told: the one place where links are logged. `device`: of one device of
/// a broker, not of the source itself.
pub(super) fn log(source: &str, device: Option<&DeviceId>, change: &LinkChange) {
    let device = device.map(DeviceId::as_str);
    match change {
        LinkChange::Opening => tracing::info!(source, device, "link is being opened"),
        LinkChange::Negotiating => tracing::info!(source, device, "link is open, no data yet"),
        LinkChange::Online => tracing::info!(source, device, "link is online"),
        LinkChange::Lost { why, .. } => tracing::warn!(source, device, %why, "link is lost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{MonoTime, WallTime};

    fn at(second: u64) -> Stamp {
        Stamp { mono: MonoTime::from_micros(second * 1_000_000), wall: WallTime::default() }
    }

    fn loss(second: u64, why: &str) -> Loss {
        Loss { since: at(second), why: why.into() }
    }

    #[test]
    fn a_lost_line_is_told_once_per_reason_and_keeps_its_first_sign() {
        // An unplugged cable: lost, tried again, then away for good, then back.
        let mut teller = Teller::default();
        assert_eq!(teller.opening(), Some(LinkChange::Opening));
        assert_eq!(teller.negotiating(), Some(LinkChange::Negotiating));
        assert_eq!(teller.online(), Some(LinkChange::Online));
        assert_eq!(teller.online(), None);
        let unplugged = LinkChange::Lost { since: at(10), why: "unplugged".into() };
        assert_eq!(teller.lost(loss(10, "unplugged")), Some(unplugged));
        assert_eq!(teller.opening(), Some(LinkChange::Opening));
        let absent = LinkChange::Lost { since: at(10), why: "no such device".into() };
        assert_eq!(teller.lost(loss(11, "no such device")), Some(absent));
        assert_eq!(teller.opening(), Some(LinkChange::Opening));
        for second in 12..100 {
            assert_eq!(teller.lost(loss(second, "no such device")), None);
            assert_eq!(teller.opening(), None);
        }
        assert_eq!(teller.negotiating(), Some(LinkChange::Negotiating));
        assert_eq!(teller.online(), Some(LinkChange::Online));
        let again = LinkChange::Lost { since: at(200), why: "no such device".into() };
        assert_eq!(teller.lost(loss(200, "no such device")), Some(again));
    }

    #[test]
    fn a_silent_line_that_opens_again_and_again_is_told_once() {
        // Goal: the journal is not filled by a device that is switched off.
        let mut teller = Teller::default();
        let cycle = |teller: &mut Teller, second| {
            let told =
                [teller.opening(), teller.negotiating(), teller.lost(loss(second, "silent"))];
            told.into_iter().flatten().count()
        };
        assert_eq!(cycle(&mut teller, 5), 3);
        assert_eq!(cycle(&mut teller, 11), 2);
        assert_eq!(cycle(&mut teller, 17), 0);
    }
}
