//! Plays a random history to a `TestWard`: each act as the input that it stands for.

use dosevigil::domain::session::checks::Checks;
use std::collections::BTreeSet;

use dosevigil::domain::act::{
    self, Actor, Answer, Deed, Disposition, LimitOf, LimitOrder, Symptom, Symptoms,
};
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::occurrence::Occurrence;
use dosevigil::domain::device::{Reject, StatusCode};
use dosevigil::domain::ids::{CommandId, OccurrenceId, RuleId, SessionId};
use dosevigil::domain::input::{Input, LinkChange, Sound, Watching};
use dosevigil::domain::reading::ValueSource;
use dosevigil::domain::role::Role;

use crate::feed::Cuff;
use crate::history::{Act, LIMITS, Line, sample};
use crate::sensor_off::status;
use crate::support::{BED, BROKER, CUFF_LINE, OXIMETER_LINE, TestWard, device};

/// A ward, and the newest command that it was given.
pub(crate) struct Player {
    pub(crate) ward: TestWard,
    newest: Option<(act::Act, Answer)>,
    commands: u128,
}

impl Player {
    pub(crate) fn of(ward: TestWard) -> Self {
        Self { ward, newest: None, commands: 0 }
    }

    /// Takes one act of a history, now. What is refused stays without effect.
    pub(crate) fn lives(&mut self, act: &Act) {
        let ward = &mut self.ward;
        match act {
            Act::Sample(values, validity) => {
                ward.message(OXIMETER_LINE, "oximeter", sample(*values, *validity));
            }
            Act::Cuff { sys, dia, cuff, validity } => {
                let (line, from, source) = [
                    (CUFF_LINE, "cuff", ValueSource::Nibp),
                    (BROKER, "other", ValueSource::Nibp),
                    (BROKER, "hand", ValueSource::Manual),
                ][*cuff];
                let cuff = Cuff { validity: *validity, source, ..Cuff::new(*sys, *dia) };
                ward.message(line, from, cuff.message());
            }
            Act::Link(Line::OximeterLost) => ward.link_lost(OXIMETER_LINE, "unplugged"),
            Act::Link(Line::OximeterBack) => ward.link_online(OXIMETER_LINE),
            Act::Link(Line::BrokerLost) => ward.link_lost(BROKER, "refused"),
            Act::Link(Line::BrokerBack) => ward.link_online(BROKER),
            Act::Link(Line::MonitorLost) => {
                ward.message(BROKER, "gateway", status(StatusCode::CommsLost, true));
            }
            Act::Link(Line::MonitorBack) => {
                ward.message(BROKER, "gateway", status(StatusCode::CommsLost, false));
            }
            Act::Link(Line::GatewayHere) => {
                let (device, change) = (Some(device("gateway")), LinkChange::Online);
                ward.input(&Input::Link { bed: Some(BED), source: BROKER, device, change });
            }
            Act::Reject => ward.reject(OXIMETER_LINE, Reject::Checksum),
            Act::Restart(down) => ward.restart(*down),
            Act::SessionStarts => ward.session(),
            Act::DoseStarts => ward.dose(),
            Act::DoseEnds => ward.dose_ended(),
            Act::Watched(watched) => {
                let unwatched = if *watched { Vec::new() } else { vec![BED] };
                ward.input(&Input::Watching(Watching { unwatched, sound: Sound::Heard }));
            }
            Act::Unreceived(place) => {
                if let Some((occurrence, revision)) = shown(ward, Of::Bed, *place, 0) {
                    ward.input(&Input::Unreceived { occurrence, revision });
                }
            }
            Act::Acknowledge(_)
            | Act::Stale(_)
            | Act::Again
            | Act::AcknowledgeService
            | Act::PauseAudio
            | Act::ResumeAudio
            | Act::PauseAlarms
            | Act::ResumeAlarms
            | Act::BeginStandby
            | Act::EndStandby
            | Act::Baseline(_)
            | Act::Limit(..)
            | Act::Observe { .. }
            | Act::SessionEnds => self.does(act),
        }
    }

    /// A person's act.
    fn does(&mut self, act: &Act) {
        let session = SessionId::from_bits(7);
        let acknowledge = |shown: Option<(OccurrenceId, u32)>| {
            shown.map(|(occurrence, revision)| Deed::Acknowledge { occurrence, revision })
        };
        let deed = match act {
            Act::Acknowledge(place) => acknowledge(shown(&self.ward, Of::Bed, *place, 0)),
            Act::Stale(place) => acknowledge(shown(&self.ward, Of::Bed, *place, 1)),
            Act::AcknowledgeService => acknowledge(shown(&self.ward, Of::Service, 0, 0)),
            Act::Again => return self.again(),
            Act::PauseAudio => Some(Deed::PauseAudio { bed: BED }),
            Act::ResumeAudio => Some(Deed::ResumeAudio { bed: BED }),
            Act::PauseAlarms => Some(Deed::PauseAlarms { bed: BED }),
            Act::ResumeAlarms => Some(Deed::ResumeAlarms { bed: BED }),
            Act::BeginStandby => Some(Deed::BeginStandby { bed: BED }),
            Act::EndStandby => Some(Deed::EndStandby { bed: BED }),
            Act::Baseline(baseline) => Some(Deed::AcceptBaseline { session, baseline: *baseline }),
            Act::Limit(place, value) => {
                let (rule, judged) = LIMITS[*place];
                let rule = RuleId::try_new(rule).expect("a valid name");
                let (family, of, value) = (None, LimitOf::Value, *value);
                let limit = LimitOrder { rule, judged, family, of, value };
                Some(Deed::SetLimit { session, limit })
            }
            Act::Observe { symptom, moaas } => {
                let symptoms: &[Symptom] = if *symptom { &[Symptom::Headache] } else { &[] };
                let moaas = moaas.map(|score| score.try_into().expect("a score of 0 to 5"));
                Some(Deed::Observe { session, symptoms: Symptoms::of(symptoms), moaas, note: None })
            }
            Act::SessionEnds => Some(Deed::EndSession {
                session,
                disposition: Disposition::HomeEscorted,
                checks: Checks::ALL,
            }),
            Act::Sample(..)
            | Act::Cuff { .. }
            | Act::Link(_)
            | Act::Reject
            | Act::Unreceived(_)
            | Act::Watched(_)
            | Act::Restart(_)
            | Act::SessionStarts
            | Act::DoseStarts
            | Act::DoseEnds => None,
        };
        let Some(deed) = deed else { return };
        self.commands += 1;
        let act = act::Act {
            command: CommandId::from_bits(self.commands),
            by: Actor::new("Kim", Role::Lead),
            reason: Some("because".into()),
            deed,
        };
        let answer = self.ward.take(&act);
        self.newest = Some((act, answer));
    }

    /// Row 17: the same answer, and no second effect.
    fn again(&mut self) {
        let Some((act, answer)) = &self.newest else { return };
        self.ward.until(self.ward.now);
        let told = self.ward.fresh.len();
        assert_eq!(self.ward.take(act), *answer, "another answer to the same command");
        assert_eq!(self.ward.fresh.len(), told, "a second effect of {act:?}");
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Bed,
    Service,
}

/// Of the families shown, in their order, the n-th; its newest occurrence.
fn shown(ward: &TestWard, of: Of, place: usize, behind: u32) -> Option<(OccurrenceId, u32)> {
    let all = || {
        let ours = move |it: &&Occurrence| it.bed.is_some() == (of == Of::Bed);
        ward.ward.occurrences().filter(ours)
    };
    let families: BTreeSet<AlarmFamily> = all().map(|it| it.family).collect();
    let family = families.iter().nth(place.checked_rem(families.len())?)?;
    let shown = all().filter(|it| it.family == *family);
    let newest = shown.max_by_key(|it| (it.onset.mono, it.subject.clone()))?;
    Some((newest.id, newest.revision.checked_sub(behind)?))
}
