//! What people enter: the accepted baseline, symptoms and sedation, and that a reading does not
//! stand or stands at another value (alarms 7, rows 24 and 25; contract 6).
//!
//! Nothing is deleted: each is told with who, old, new and why. How a baseline is summed up from
//! readings is `summing`'s, and hand-taken readings are `by_hand`'s.

use std::sync::Arc;

use super::limits::note_of;
use super::{Bed, Desk, Ending, Remembered};
use crate::domain::act::{Act, Answer, Baseline, Done, Refused, Symptom, Symptoms, Unknown};
use crate::domain::alarm::family::LetGo;
use crate::domain::alarm::occurrence::{EndReason, SessionChange};
use crate::domain::alarm::rule::Judged;
use crate::domain::ids::ReadingId;
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Quantity, plausible};
use crate::domain::time::Stamp;
use crate::domain::vital::Tag;

/// A baseline is what a person accepted: only a person changes it (alarms 7).
const BASELINE_STAYS: &str = "of the accepted baseline, which stays";

impl Bed {
    /// Readings that a named person took as the baseline; another one needs a reason.
    pub(in crate::domain) fn accept_baseline(
        &mut self,
        baseline: Baseline,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        let session = self.session.as_mut().ok_or(Refused::Unknown(Unknown::Session))?;
        if (session.baseline.is_some() || session.dose_start().is_some()) && act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        if !is_plausible(&baseline) {
            return Err(Refused::BadValue);
        }
        session.baseline_taken = Some(now.mono);
        session.baseline_of.clear();
        let old = session.baseline.replace(baseline).map(|old| words(&old));
        let note = note_of(act, "baseline", old, Some(words(&baseline)));
        self.tell_session(SessionChange::BaselineAccepted, Some(note), now, desk);
        let by = Some(act.by.name.clone());
        self.adapt(Some(&Ending { why: EndReason::BaselineChanged, by }), now.mono);
        self.tick(now, desk);
        Ok(Done::Taken)
    }

    /// The whole current list of symptoms (B3), and the sedation score where it was taken (SED1).
    pub(in crate::domain) fn observe(
        &mut self,
        (symptoms, moaas, note): (Symptoms, Option<u8>, Option<&Arc<str>>),
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        let before = self.in_force();
        let session = self.session.as_mut().ok_or(Refused::Unknown(Unknown::Session))?;
        if moaas.is_some_and(|score| plausible(Metric::Moaas, score.into()).is_err()) {
            return Err(Refused::BadValue);
        }
        let old = observed(session.symptoms, session.moaas);
        session.symptoms = symptoms;
        session.moaas = moaas.or(session.moaas);
        let mut new = observed(session.symptoms, session.moaas);
        if let Some(note) = note {
            new = format!("{new}; {note}");
        }
        let note = note_of(act, "observation", Some(old), Some(new));
        self.tell_session(SessionChange::Observed, Some(note), now, desk);
        let by = Some(act.by.name.clone());
        self.enter(before, &Ending { why: EndReason::SymptomGone, by }, now.mono);
        if moaas.is_some() {
            self.judge_entered(now.mono);
        }
        self.tick(now, desk);
        Ok(Done::Taken)
    }

    /// Row 24: the reading does not stand; the newest one that does is judged at once.
    pub(in crate::domain) fn void_reading(
        &mut self,
        reading: ReadingId,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        if act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        let (metric, old) = self.may_change(reading)?;
        let stays = self.is_of_baseline(reading).then(|| BASELINE_STAYS.to_owned());
        let gone = self.recent.void(reading, &act.by.name);
        if let Some(gone) = &gone {
            self.may_enter_again(gone);
        }
        let note = match &gone {
            Some(gone) => note_of(act, "nibp", Some(gone.words()), stays),
            None => note_of(act, metric.info().name, Some(old.to_string()), None),
        };
        let pressures = [Metric::NibpSys, Metric::NibpDia, Metric::NibpMap];
        let is_pressure = super::cuff::is_pressure(metric);
        let metrics = if is_pressure { pressures.to_vec() } else { vec![metric] };
        for vital in self.vitals.iter_mut().filter(|vital| metrics.contains(&vital.metric)) {
            vital.lately.change(reading, None);
            let is_theirs =
                |gone: &Remembered| gone.device == vital.device && gone.source() == vital.source;
            if gone.as_ref().is_some_and(is_theirs) {
                match self.recent.of(vital.metric, vital.source, &vital.device) {
                    Some(before) => vital.newest = before,
                    None => vital.newest.value = Err(Absent::Invalid),
                }
            } else if gone.is_none() && vital.newest.id == reading {
                vital.take_back();
            }
        }
        self.reading_changed(&metrics, note, act, now, desk);
        Ok(Done::Taken)
    }

    /// Row 24: the reading stands at another value.
    pub(in crate::domain) fn amend_reading(
        &mut self,
        (reading, value): (ReadingId, i32),
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        if act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        let (metric, old) = self.may_change(reading)?;
        if plausible(metric, value.into()).is_err() {
            return Err(Refused::BadValue);
        }
        let metrics = if self.recent.find(reading).is_some() {
            self.recent.amend(reading, value).ok_or(Refused::BadValue)?
        } else {
            vec![metric]
        };
        for vital in self.vitals.iter_mut().filter(|vital| metrics.contains(&vital.metric)) {
            vital.lately.change(reading, Some(value));
            let kept = self.recent.of(vital.metric, vital.source, &vital.device);
            match kept.filter(|_| super::cuff::is_pressure(vital.metric)) {
                Some(kept) => vital.newest = kept,
                None if vital.newest.id == reading => {
                    vital.newest.value = Ok(Quantity(value));
                    vital.newest.tag = Tag::Plain;
                }
                None => {}
            }
        }
        let mut new = value.to_string();
        if self.is_of_baseline(reading) {
            new = format!("{new}, {BASELINE_STAYS}");
        }
        let note = note_of(act, metric.info().name, Some(old.to_string()), Some(new));
        self.reading_changed(&metrics, note, act, now, desk);
        Ok(Done::Taken)
    }

    fn reading_changed(
        &mut self,
        metrics: &[Metric],
        note: crate::domain::alarm::occurrence::ActNote,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        self.tell_session(SessionChange::ReadingVoided, Some(note), now, desk);
        let by = Some(act.by.name.clone());
        self.readings_changed(metrics, &Ending { why: EndReason::ReadingVoided, by }, now.mono);
        if metrics.iter().copied().any(super::cuff::is_pressure) {
            self.count_after_high();
        }
        self.tick(now, desk);
    }

    /// What the nurse had entered for a session goes with it.
    pub(super) fn forget_entered(&mut self, ending: &Ending) {
        for (family, rules) in self.families.iter_mut().zip(self.rules.families()) {
            if family.bands.forget(rules, Judged::Metric(Metric::Moaas)) == LetGo::Held {
                family.let_go = Some(ending.clone());
            }
        }
    }

    /// Whether this is one of the bed's readings that are remembered.
    pub(in crate::domain) fn knows(&self, reading: ReadingId) -> bool {
        self.known(reading).is_some()
    }

    /// The metric and value of a reading that a person may void or amend: not of a session that
    /// has ended, whose record is closed.
    fn may_change(&self, reading: ReadingId) -> Result<(Metric, i32), Refused> {
        let found = self.known(reading).ok_or(Refused::ReadingPast)?;
        let mut others = self.vitals.iter().map(|vital| match vital.lately.find(reading) {
            Some(point) => Some(point.at),
            None => (vital.newest.id == reading).then_some(vital.newest.received.mono),
        });
        let determined = self.recent.with(reading).map(|it| it.received.mono);
        let at = determined.or_else(|| others.find_map(|at| at));
        let before = at.is_none_or(|at| at < self.patient_since);
        if self.session.is_none() && before { Err(Refused::SessionOver) } else { Ok(found) }
    }

    /// The metric and value of one of the newest readings.
    fn known(&self, reading: ReadingId) -> Option<(Metric, i32)> {
        self.recent.find(reading).or_else(|| {
            self.vitals.iter().find_map(|vital| {
                let newest = vital.newest.value.ok().filter(|_| vital.newest.id == reading);
                let lately = vital.lately.find(reading).map(|point| point.value);
                Some((vital.metric, newest.map(|value| value.0).or(lately)?))
            })
        })
    }

    /// Whether the accepted baseline was summed up from this reading's determination.
    fn is_of_baseline(&self, reading: ReadingId) -> bool {
        let session = self.session.as_ref();
        let part = session.zip(self.recent.with(reading));
        part.is_some_and(|(session, it)| it.is_one_of(&session.baseline_of))
    }
}

/// The figures of a baseline with the metric whose band each must lie in.
fn figures(baseline: &Baseline) -> [(Metric, &'static str, Option<i32>); 5] {
    let Baseline { sys, dia, map, heart_rate, spo2 } = *baseline;
    [
        (Metric::NibpSys, "S", sys),
        (Metric::NibpDia, "D", dia),
        (Metric::NibpMap, "MAP", map),
        (Metric::HeartRate, "HR", heart_rate),
        (Metric::SpO2, "SpO2", spo2),
    ]
}

fn is_plausible(baseline: &Baseline) -> bool {
    let pair = baseline.sys.zip(baseline.dia).is_none_or(|(sys, dia)| sys > dia);
    let all = figures(baseline);
    let bad = |(metric, _, value): &(Metric, _, Option<i32>)| {
        value.is_some_and(|value| plausible(*metric, value.into()).is_err())
    };
    pair && all.iter().any(|(_, _, value)| value.is_some()) && !all.iter().any(bad)
}

/// "S 124 D 78 HR 72".
fn words(baseline: &Baseline) -> String {
    let all = figures(baseline).into_iter();
    let all = all.filter_map(|(_, name, value)| Some(format!("{name} {}", value?)));
    all.collect::<Vec<_>>().join(" ")
}

/// "headache, nausea; MOAA/S 4".
fn observed(symptoms: Symptoms, moaas: Option<u8>) -> String {
    let names: Vec<_> = symptoms.iter().map(Symptom::name).collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    match moaas {
        Some(score) => format!("{names}; MOAA/S {score}"),
        None => names,
    }
}
