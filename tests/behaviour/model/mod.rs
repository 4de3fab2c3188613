//! A slow, obvious model of one bed, written from the tables of alarms 11 to 14 and clinical 2.3,
//! and not from the code: it keeps all readings, and asks at each moment at which something could
//! change what is there, and then how it is told.

mod acts;
pub(crate) mod continuous;
pub(crate) mod cuff;
mod gates;
mod people;
pub(crate) mod preset;
pub(crate) mod session;
mod stream;
pub(crate) mod technical;
pub(crate) mod told;

use std::collections::BTreeSet;
use std::time::Duration;

use dosevigil::domain::alarm::AlarmFamily;

use self::continuous::Timed;
use self::cuff::{Edges, PARTS, Reading, Shown, Spot};
use self::gates::gates;
use self::preset::{Band, Of};
use self::session::{Session, Situation, overdue};
use self::stream::Stream;
use self::technical::Technical;
use self::told::{At, Hazard, Line, Told};
use crate::history::{Act, History};

/// The metrics of a sample, in its order.
const SAMPLED: [Of; 3] = [Of::Rate, Of::Spo2, Of::Resp];
const MICRO: Duration = Duration::from_micros(1);

/// Row 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standby {
    No,
    /// In a session.
    Until(At),
    Overrun,
    RoomEmpty,
}

#[derive(Debug)]
pub(crate) struct Model {
    now: At,
    due: BTreeSet<At>,
    session: Session,
    situation: Situation,
    streams: [Stream; 3],
    timed: Vec<(usize, Timed)>,
    pressures: Vec<Spot>,
    sedation: Vec<Spot>,
    newest: Option<Reading>,
    /// Since a restart no determination has come, and no score.
    unmeasured: bool,
    unscored: bool,
    /// What the gates said when they were last asked.
    gates: [(AlarmFamily, Option<Hazard>); 2],
    technical: Technical,
    /// Alarm pause, with its end.
    paused: Option<At>,
    standby: Standby,
    bed: Told,
    service: Told,
}

/// What the bed and the service tell over a history and `after` it.
pub(crate) fn tells(history: &History, after: Duration) -> Vec<Line> {
    let mut model = Model::new();
    let mut down = Duration::ZERO;
    for (at, act) in history {
        let at = *at + down;
        model.until(at);
        model.now = at;
        if let Act::Restart(time) = act {
            down += *time;
            model.restart(at + *time);
        } else {
            model.take(act, at);
        }
    }
    model.until(model.now + after);
    let mut lines = model.bed.lines;
    lines.extend(model.service.lines);
    lines
}

impl Model {
    fn new() -> Self {
        let (mut timed, mut pressures, mut sedation) = (Vec::new(), Vec::new(), Vec::new());
        for family in preset::families() {
            let of = family.bands[0].limits[0].of;
            match SAMPLED.iter().position(|sampled| *sampled == of) {
                Some(stream) => timed.push((stream, Timed::new(family))),
                None if family.family == AlarmFamily::Sedation => sedation.push(Spot::new(family)),
                None => pressures.push(Spot::new(family)),
            }
        }
        let mut model = Self {
            now: At::ZERO,
            due: BTreeSet::new(),
            session: Session::default(),
            situation: Situation { symptom: true, ..Situation::default() },
            streams: [Stream::new(), Stream::new(), Stream::new()],
            timed,
            pressures,
            sedation,
            newest: None,
            unmeasured: false,
            unscored: false,
            gates: gates(&[], &Situation::default()),
            technical: Technical::default(),
            paused: None,
            standby: Standby::No,
            bed: Told::default(),
            service: Told::default(),
        };
        model.refresh(At::ZERO);
        model
    }

    fn until(&mut self, to: At) {
        loop {
            let told = [self.bed.due(), self.service.due()];
            let due = self.due.first().copied().into_iter().chain(told.into_iter().flatten());
            let Some(at) = due.min().filter(|due| *due <= to) else { break };
            self.due.remove(&at);
            // What fell due while it could not happen happens now.
            self.now = self.now.max(at);
            self.moment(self.now);
        }
    }

    fn moment(&mut self, at: At) {
        if self.paused.is_some_and(|until| until <= at) {
            self.paused = None;
            self.end_inhibition(at);
        }
        if matches!(self.standby, Standby::Until(until) if until <= at) {
            self.standby = Standby::Overrun;
            self.technical.back = [Some(at); 3];
            self.end_inhibition(at);
        }
        for stream in 0..self.streams.len() {
            if self.streams[stream].turned_grey(at) {
                self.gone(stream, at);
            }
        }
        if !self.bed.inhibited {
            for (stream, family) in &mut self.timed {
                family.time(&self.streams[*stream], at);
            }
            self.pressures.iter_mut().for_each(|family| family.time(at));
        }
        self.refresh(at);
        self.bed.time(at);
        self.service.time(at);
    }

    fn gone(&mut self, stream: usize, at: At) {
        self.streams[stream].missing = true;
        let families = self.timed.iter_mut().filter(|(of, _)| *of == stream);
        families.for_each(|(_, family)| family.gone(at));
    }

    /// Row 28; nothing happened while the process was down.
    fn restart(&mut self, at: At) {
        self.now = at;
        let gap = self.service.gap(at);
        (self.unmeasured, self.unscored) = (true, true);
        for stream in &mut self.streams {
            stream.missing = true;
        }
        self.timed.iter_mut().for_each(|(_, family)| family.restart());
        if self.bed.inhibited && self.standby != Standby::RoomEmpty {
            let families = self.pressures.iter_mut();
            families.for_each(|family| family.count_again(at, &mut self.due));
        }
        self.technical.back = self.technical.back.map(|back| back.or(Some(at)));
        self.technical.speaks = false;
        // Nobody has said yet who watches.
        self.technical.untold = true;
        (self.bed.unwatched, self.service.unwatched) = (false, false);
        self.paused = None;
        if matches!(self.standby, Standby::Until(_)) {
            self.standby = Standby::No;
        }
        self.service.restart(at);
        self.service.latched.push(gap);
        self.bed.restart(at);
        self.bed.inhibited = self.standby == Standby::RoomEmpty;
        self.refresh(at);
    }

    /// Brings everything that follows from the facts up to date, and tells it.
    fn refresh(&mut self, at: At) {
        self.enter_situation(at);
        self.plan(at);
        self.tell(at);
        self.bed.sound_ends_pause(at);
    }

    fn enter_situation(&mut self, at: At) {
        let situation = self.session.situation(at);
        if situation != self.situation {
            self.situation = situation;
            self.in_force(at);
            self.ask_gates();
        }
    }

    fn ask_gates(&mut self) {
        if !self.bed.inhibited {
            self.gates = gates(&self.session.determinations, &self.situation);
        }
    }

    fn in_force(&mut self, at: At) {
        let situation = &self.situation;
        for (stream, family) in &mut self.timed {
            family.baseline_rate = situation.baseline.and_then(|it| it.heart_rate);
            let edges = family.limits().map(|(band, limit)| situation.edge(band, limit)).collect();
            family.in_force(edges, &self.streams[*stream], at, &mut self.due);
            if self.bed.inhibited {
                family.inhibit();
            }
        }
        let spot = |family: &Spot| -> Vec<Edges> {
            let of = |band: &Band| {
                PARTS.map(|part| {
                    let limit = band.limits.iter().find(|limit| limit.of == part);
                    limit.and_then(|limit| situation.edge(band, limit))
                })
            };
            family.family.bands.iter().map(of).collect()
        };
        let when = (at, self.session.interval(at));
        // While alarms are paused nothing new is judged.
        let shown = if self.bed.inhibited { Shown::No } else { self.shown(at) };
        let newest = self.newest.map(|newest| (newest, shown));
        for family in &mut self.pressures {
            family.in_force(spot(family), newest, when, &mut self.due);
        }
        let entered = self.observation(at);
        for family in &mut self.sedation {
            family.in_force(spot(family), entered.map(|it| (it, Shown::Yes)), when, &mut self.due);
        }
    }

    /// The newest sedation score as a reading.
    fn observation(&self, at: At) -> Option<Reading> {
        let moaas = self.session.moaas?;
        Some(Reading { at, values: [None, None, None, Some(moaas)], cuff: 0, good: true })
    }

    fn shown(&self, at: At) -> Shown {
        let removed = self.newest.map(|newest| newest.at + self.session.removed(at));
        let shown = removed.is_some_and(|removed| at <= removed);
        if shown { Shown::Yes } else { Shown::No }
    }

    /// The newest determination is overdue.
    fn is_old(&self, at: At) -> bool {
        let grey = overdue(self.session.interval(at));
        self.newest.is_none_or(|newest| at > newest.at + grey)
    }

    /// The reminders' plan, and the moments that the interval brings.
    fn plan(&mut self, at: At) {
        let interval = self.session.interval(at);
        let from = self.newest.map(|newest| newest.at);
        let from = from.or(self.session.started).unwrap_or_default();
        if self.bed.plan != (from, interval) {
            self.bed.replan((from, interval), at);
            let late =
                [overdue(interval), overdue(interval) + MICRO, session::very_overdue(interval)];
            self.due.extend(late.map(|late| from + late).into_iter().filter(|due| *due > at));
        }
    }

    fn tell(&mut self, at: At) {
        if !self.bed.inhibited {
            self.tell_of_patient(at);
        }
        for (is_of_bed, key, hazard) in self.causes(at) {
            let told = if is_of_bed { &mut self.bed } else { &mut self.service };
            told.update(key, hazard, false, at);
        }
    }

    /// Family by family; one that sounds meanwhile ends the pause of the sound.
    fn tell_of_patient(&mut self, at: At) {
        // Only another reading takes the mark away.
        self.unmeasured |= self.is_old(at);
        let spot = |family: &Spot, frozen| (family.family.family, family.hazard(), frozen);
        let pressures = self.pressures.iter().map(|family| spot(family, self.unmeasured));
        let timed = self.timed.iter().map(|(stream, family)| {
            (family.family.family, family.hazard(), self.streams[*stream].missing)
        });
        let sedation = self.sedation.iter().map(|family| spot(family, self.unscored));
        let gates = self.gates.iter().map(|(family, hazard)| (*family, *hazard, self.unmeasured));
        for (family, hazard, frozen) in pressures.chain(timed).chain(sedation).chain(gates) {
            self.bed.update((family, ""), hazard, frozen, at);
            self.bed.sound_ends_pause(at);
        }
    }
}
