//! What happens to the model: samples, determinations, links and people's acts.

use dosevigil::domain::alarm::AlarmFamily::{NibpOverdue, NoValue};
use dosevigil::domain::alarm::AlarmKind;
use dosevigil::domain::reading::Validity;

use super::cuff::{Reading, Shown, Spot};
use super::preset::{Band, Limit, Of};
use super::session::Session;
use super::stream::Seen;
use super::told::At;
use super::{Model, Standby};
use crate::history::{Act, Line};
use crate::support::seconds;

const TQ: u64 = 120;
const TOILET: u64 = 600;

impl Model {
    pub(super) fn take(&mut self, act: &Act, at: At) {
        match act {
            Act::SessionStarts => {
                if self.standby == Standby::RoomEmpty {
                    self.end_standby(at);
                }
                self.session.started = Some(at);
            }
            Act::DoseStarts => self.session.dose_starts(at),
            Act::DoseEnds => {
                let moments = self.session.dose_ends(at);
                self.due.extend(moments);
            }
            Act::Sample(values, validity) => self.sample(*values, *validity, at),
            Act::Cuff { sys, dia, cuff, validity } => {
                let map = f64::from(sys + 2 * dia) / 3.0;
                // A derived mean is rounded to whole units, as every value is.
                #[expect(clippy::cast_possible_truncation, reason = "a small whole number")]
                let map = map.round() as i32;
                self.determination(&Reading {
                    at,
                    values: [Some(*sys), Some(*dia), Some(map), None],
                    cuff: *cuff,
                    good: *validity == Validity::Good,
                });
            }
            Act::Link(line) => {
                self.technical.link(*line, at);
                if *line == Line::OximeterLost {
                    self.streams.iter_mut().for_each(|stream| stream.losses.push(at));
                    (0..self.streams.len()).for_each(|stream| self.gone(stream, at));
                }
            }
            Act::Limit(place, value) => self.limit(*place, *value),
            Act::Baseline(_) if self.session.started.is_none() => {}
            Act::Observe { .. } if self.session.started.is_none() => {}
            Act::Baseline(baseline) => self.session.baseline = Some(*baseline),
            Act::Observe { symptom, moaas } => {
                self.session.symptom = *symptom;
                self.observed(*moaas, at);
            }
            Act::Acknowledge(place) => self.bed.acknowledge(*place, at),
            Act::AcknowledgeService => self.service.acknowledge(0, at),
            Act::PauseAudio => self.bed.pause_audio(at),
            Act::ResumeAudio => self.bed.end_audio_pause(at),
            Act::PauseAlarms => {
                if self.paused.is_none() && self.standby == Standby::No {
                    self.paused = Some(at + seconds(TQ));
                    self.due.insert(at + seconds(TQ));
                    self.inhibit(at);
                }
            }
            Act::ResumeAlarms => {
                if self.paused.take().is_some() {
                    self.end_inhibition(at);
                }
            }
            Act::Unreceived(place) => self.bed.unreceived(*place, at),
            Act::Watched(watched) => {
                (self.bed.unwatched, self.service.unwatched) = (!watched, !watched);
                (self.technical.unwatched, self.technical.untold) = (!watched, false);
            }
            Act::Stale(_) | Act::Again | Act::Reject | Act::Restart(_) => {}
            Act::BeginStandby => self.begin_standby(at),
            Act::EndStandby => self.end_standby(at),
            Act::SessionEnds => self.session_ends(at),
        }
        self.refresh(at);
    }

    /// Row 24; by a lead, inside the rails.
    fn limit(&mut self, place: usize, value: Option<i32>) {
        if self.session.started.is_none() {
            return;
        }
        let (rule, of) =
            [("B4", Of::Sys), ("B2", Of::Sys), ("H1", Of::Rate), ("O1", Of::Spo2)][place];
        self.session.orders.retain(|order| (order.0, order.1) != (rule, of));
        self.session.orders.extend(value.map(|value| (rule, of, value)));
    }

    fn sample(&mut self, values: [Option<i32>; 3], validity: Validity, at: At) {
        let good = validity == Validity::Good;
        // A line that speaks is there.
        self.technical.link(Line::OximeterBack, at);
        if let Some(pulse) = values[0] {
            self.technical.pulse(pulse, at, self.streams[0].was_silent(at));
        }
        for (stream, value) in values.into_iter().enumerate() {
            self.streams[stream].take(Seen { at, value, good }, &mut self.due);
            for (_, family) in self.timed.iter_mut().filter(|(of, _)| *of == stream) {
                family.note(&self.streams[stream]);
            }
            if value.is_none() {
                self.gone(stream, at);
                continue;
            }
            self.technical.back[stream] = None;
            if self.bed.inhibited {
                continue;
            }
            for (_, family) in self.timed.iter_mut().filter(|(of, _)| *of == stream) {
                family.sample(&self.streams[stream], &mut self.due);
            }
        }
    }

    fn determination(&mut self, reading: &Reading) {
        let at = reading.at;
        self.session.first_reading = self.session.first_reading.or(Some(at));
        if self.session.started.is_some() {
            self.after_high(reading);
            self.session.determinations.push(*reading);
        }
        self.newest = Some(*reading);
        self.unmeasured = false;
        let interval = self.session.interval(at);
        if !self.bed.inhibited {
            for family in &mut self.pressures {
                family.take(reading, interval, &mut self.due);
            }
        }
        self.ask_gates();
    }

    /// Contract 3.2: from a reading that violates until two are past every clear level.
    fn after_high(&mut self, reading: &Reading) {
        let situation = self.session.situation(reading.at);
        let edge = |band: &Band, limit: &Limit| situation.limit(band, limit);
        let (high, clear) = self.pressures[0].high_and_clear(reading, edge);
        let wanted = self.session.after_high;
        self.session.after_high = if high { 2 } else { wanted - u8::from(clear && wanted > 0) };
    }

    fn observed(&mut self, moaas: Option<i32>, at: At) {
        let Some(moaas) = moaas else { return };
        self.session.moaas = Some(moaas);
        self.unscored = false;
        let reading = self.observation(at).expect("it was just entered");
        if !self.bed.inhibited {
            for family in &mut self.sedation {
                family.take(&reading, seconds(0), &mut self.due);
            }
        }
    }

    /// Rows 26 and 32: what is physiological is told by nothing, for a time.
    pub(super) fn inhibit(&mut self, at: At) {
        self.bed.inhibited = true;
        self.timed.iter_mut().for_each(|(_, family)| family.inhibit());
        self.bed.suspend(at);
    }

    /// Row 32.
    fn begin_standby(&mut self, at: At) {
        if matches!(self.standby, Standby::Until(_) | Standby::RoomEmpty) {
            return;
        }
        if self.session.started.is_some() {
            self.standby = Standby::Until(at + seconds(TOILET));
            self.due.insert(at + seconds(TOILET));
            self.paused = None;
            self.inhibit(at);
        } else if !self.bed.has_unacknowledged_high() {
            self.standby = Standby::RoomEmpty;
            self.paused = None;
            self.forget_patient(at);
            self.bed.end_all(at, |it| [NoValue, NibpOverdue].contains(&it));
            self.inhibit(at);
        }
    }

    fn end_standby(&mut self, at: At) {
        match std::mem::replace(&mut self.standby, Standby::No) {
            Standby::No | Standby::Overrun => {}
            Standby::Until(_) | Standby::RoomEmpty => {
                self.technical.back = [Some(at); 3];
                self.end_inhibition(at);
            }
        }
    }

    /// Row 29.
    fn session_ends(&mut self, at: At) {
        if self.session.started.is_none() || self.bed.has_unacknowledged_high() {
            return;
        }
        self.forget_patient(at);
        (self.standby, self.paused) = (Standby::No, None);
        self.session = Session::default();
        self.bed.inhibited = false;
        // The next patient's limits judge no value of this one.
        self.enter_situation(at);
        self.timed.iter_mut().for_each(|(_, family)| family.forget());
        self.pressures.iter_mut().for_each(Spot::forget);
    }

    /// What is open of the patient ends by a named act; only a new value raises it again.
    fn forget_patient(&mut self, at: At) {
        self.bed.end_all(at, |family| family.kind() == AlarmKind::Physiological);
        self.timed.iter_mut().for_each(|(_, family)| family.forget());
        self.pressures.iter_mut().chain(&mut self.sedation).for_each(Spot::forget);
    }

    /// Row 27.
    pub(super) fn end_inhibition(&mut self, at: At) {
        self.bed.inhibited = false;
        self.bed.restore_signals(at);
        for (stream, family) in &mut self.timed {
            family.resume(&self.streams[*stream], at, &mut self.due);
        }
        let when = (at, self.session.interval(at));
        let newest = self.newest.filter(|_| self.shown(at) == Shown::Yes);
        for family in &mut self.pressures {
            family.resume(newest, when, &mut self.due);
        }
        self.ask_gates();
        let entered = self.observation(at);
        self.unscored &= entered.is_none();
        for family in &mut self.sedation {
            family.resume(entered, when, &mut self.due);
        }
    }
}
