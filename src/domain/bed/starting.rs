//! A session begins on this bed, and gets another preset (contract 3.3 and 6; rows 24, 25 and 32
//! of alarms 11). Whether preset, drug and route go together, and what is known of other beds, the
//! ward has looked at.
//!
//! Open occurrences stay at a start. Readings of before are the patient's only where the nurse says
//! so; else nothing of them is left on the bed: no baseline, gate or tile knows them.

use std::sync::Arc;
use std::time::Duration;

use super::limits::{check_order, is_tighter, note_of};
use super::{Bed, Desk, Ending};
use crate::domain::act::{Act, Answer, Done, LimitOrder, Refused, Unknown};
use crate::domain::alarm::AlarmKind;
use crate::domain::alarm::occurrence::{ActNote, EndReason, SessionChange};
use crate::domain::alarm::personal::{Personal, figure_of, kind_of};
use crate::domain::alarm::rule::{AlarmPreset, Component};
use crate::domain::input::SessionStart;
use crate::domain::metric::Metric;
use crate::domain::session::Session;
use crate::domain::session::dose::Dose;
use crate::domain::session::start::{StartOrder, TurnOver};
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::Vital;

/// Readings newer than this may be another patient's: the nurse is asked (contract 3.3).
pub(super) const TURN_OVER: Duration = Duration::from_secs(600);
/// Walk-in readings that a session may begin with are no older.
pub(super) const WALK_IN: Duration = Duration::from_secs(3600);

impl Bed {
    /// By a named person, who is responsible for it from now on.
    pub(in crate::domain) fn start_session(
        &mut self,
        order: &StartOrder,
        preset: &Arc<AlarmPreset>,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        let window = now.mono.minus(TURN_OVER);
        let since = match order.turn_over {
            TurnOver::Unanswered if self.has_readings_since(window) => {
                return Err(Refused::NewPatientUnanswered);
            }
            TurnOver::Unanswered | TurnOver::NewPatient => None,
            TurnOver::SamePatient => Some(self.patient_since.max(now.mono.minus(WALK_IN))),
        };
        let start = SessionStart {
            id: order.id,
            initials: order.patient.initials.clone(),
            drug: order.drug.clone(),
            route: order.route.clone(),
            age_years: order.patient.age_in(now.wall.utc_year()),
            responsible: Some(act.by.name.clone()),
        };
        let session = Session {
            patient: order.patient.clone(),
            preset: Some((&*preset.name).into()),
            ..Session::new(&start, now)
        };
        let gone = self.keep_readings_since(since);
        self.patient_since = since.unwrap_or(now.mono);
        let before = self.in_force();
        self.occupied(Some(act.note()), now, desk);
        self.session = Some(session);
        let note = note_of(act, "preset", None, Some(version_of(preset)));
        self.begun(Some(note), now, desk);
        self.take_preset(preset, act, now, desk);
        for metric in gone {
            self.input_missing(metric, now.mono);
        }
        self.enter(before, &Ending::PHASE, now.mono);
        self.tick(now, desk);
        Ok(Done::SessionStarted { session: order.id })
    }

    /// As a recording or a simulator tells it: with the bed's own preset, its readings of before
    /// not the patient's.
    pub(in crate::domain) fn session_started(
        &mut self,
        start: &SessionStart,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        let before = self.in_force();
        self.occupied(None, now, desk);
        self.patient_since = now.mono;
        self.session = Some(Session::new(start, now));
        self.begun(None, now, desk);
        self.adapt(None, now.mono);
        self.enter(before, &Ending::PHASE, now.mono);
        self.tick(now, desk);
    }

    fn begun(&mut self, note: Option<ActNote>, now: Stamp, desk: &mut Desk<'_>) {
        self.watched_since = now.mono;
        self.forget_choices();
        self.tell_session(SessionChange::Started, note, now, desk);
    }

    /// Rows 24 and 25: a nurse before the first dose that counts, a lead after it; with a reason.
    /// Moved limits go along where they are tighter than the new preset's.
    pub(in crate::domain) fn choose_preset(
        &mut self,
        preset: &Arc<AlarmPreset>,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        let session = self.session.as_ref().ok_or(Refused::Unknown(Unknown::Session))?;
        if act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        let chosen = session.preset.as_deref().unwrap_or(&self.rules.preset.name);
        if *chosen == *preset.name {
            return Err(Refused::AlreadySo);
        }
        if session.doses.iter().any(Dose::counts) && !act.by.acts_as_lead() {
            return Err(Refused::LeadNeeded);
        }
        let goes_along = |order: &LimitOrder| {
            let part = part_of(preset, order);
            let figure = part.and_then(figure_of).zip(order.value);
            part.zip(figure).is_some_and(|(part, (old, new))| is_tighter(part.limit, old, new))
        };
        let (limits, dropped): (Vec<_>, Vec<_>) =
            session.limits.iter().cloned().partition(goes_along);
        let personal = Personal { limits: &limits, ..session.personal() };
        check_order(&personal.families(preset))?;
        let (old, new) = (version_of(&self.rules.preset), version_of(preset));
        let session = self.session.as_mut().expect("it was there");
        session.limits = limits;
        session.preset = Some((&*preset.name).into());
        let note = note_of(act, "preset", Some(old), Some(new));
        self.tell_session(SessionChange::PresetChosen, Some(note), now, desk);
        for order in dropped {
            let what = format!("{} {}", order.rule, order.judged.name());
            let new = part_of(preset, &order).and_then(figure_of).map(|it| it.to_string());
            let note = note_of(act, &what, order.value.map(|it| it.to_string()), new);
            self.tell_session(SessionChange::LimitChanged, Some(note), now, desk);
        }
        let before = self.in_force();
        self.take_preset(preset, act, now, desk);
        self.enter(before, &Ending::PHASE, now.mono);
        self.tick(now, desk);
        Ok(Done::Taken)
    }

    /// A person brings a preset into force; what it has no rules for ends by name.
    pub(super) fn take_preset(
        &mut self,
        preset: &Arc<AlarmPreset>,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        let (why, by) = (EndReason::LimitChanged, &act.by.name);
        for index in self.lacking_in(preset) {
            self.each_episode_of(index..index + 1, now, desk, |it, scene| {
                it.end_by(why, by, scene);
            });
        }
        self.use_preset(preset, Some(&Ending { why, by: Some(by.clone()) }), now.mono);
    }

    /// Whether any value was received since then.
    fn has_readings_since(&self, from: MonoTime) -> bool {
        let newest = self.vitals.iter().filter_map(|vital| {
            let newest = vital.newest.value.is_ok().then_some(vital.newest.received.mono);
            newest.max(vital.valued)
        });
        let recent = self.recent.0.iter().map(|it| it.received.mono);
        newest.chain(recent).any(|at| at >= from)
    }

    /// Determinations and spot values received before are another patient's and leave the bed, all
    /// of them where `from` is `None`. What a device sends all the time is of now. Returns what the
    /// bed has no value of any more.
    pub(super) fn keep_readings_since(&mut self, from: Option<MonoTime>) -> Vec<Metric> {
        let stays = |at: MonoTime| from.is_some_and(|from| at >= from);
        self.recent.0.retain(|it| stays(it.received.mono));
        let leaves = |it: &Vital| it.is_intermittent() && !stays(it.newest.received.mono);
        let gone = self.vitals.iter().filter(|it| leaves(it)).map(|it| it.metric).collect();
        self.vitals.retain(|it| !leaves(it));
        self.vitals.iter_mut().for_each(|it| it.lately.forget_before(from));
        for device in &mut self.devices {
            device.last_systolic = device.last_systolic.filter(|(_, at)| stays(*at));
        }
        // What recurred was the other's.
        self.raises.0.retain(|it| it.family.kind() == AlarmKind::Technical || stays(it.at));
        gone
    }
}

/// "ketamine-iv 1.0.0".
fn version_of(preset: &AlarmPreset) -> String {
    format!("{} {}", preset.name, preset.version)
}

/// The limit of a preset that an order is about.
fn part_of<'a>(preset: &'a AlarmPreset, order: &LimitOrder) -> Option<&'a Component> {
    let families = preset.families.iter().filter(|it| Some(it.family) == order.family);
    let bands = families.flat_map(|it| &it.bands);
    let mut bands = bands.filter(|it| it.id == order.rule && it.gate.is_none());
    let is_it =
        |part: &&Component| part.judged == order.judged && kind_of(part.limit) == Some(order.of);
    bands.find_map(|band| band.components.iter().find(is_it))
}
