//! The people of the clinic through the day: they acknowledge soon, late or never, pause, hand
//! over, note what they see; screens come and go; and now and then the service itself fails.

use dosevigil::domain::session::checks::Checks;
use std::time::Duration;

use dosevigil::domain::act::{
    Actor, Baseline, Deed, Disposition, Done, LimitOf, LimitOrder, Symptom, Symptoms,
};
use dosevigil::domain::alarm::occurrence::Signal;
use dosevigil::domain::alarm::rule::Judged;
use dosevigil::domain::ids::{BedIndex, OccurrenceId, RuleId};
use dosevigil::domain::input::{FaultState, Input, JournalHealth, ServiceFault, Sound, Watching};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::role::Role;

use crate::bedside::{is_over, session, turn};
use crate::clinic::Clinic;
use crate::luck::Luck;

#[derive(Default)]
pub(crate) struct Staff {
    offered: Option<dosevigil::domain::act::HandoverId>,
    journal_fails: bool,
}

fn nurse(luck: &mut Luck) -> Actor {
    let name = ["kim", "lee", "sam"][usize::try_from(luck.below(3)).expect("below three")];
    Actor::new(name, if luck.once_in(5) { Role::Lead } else { Role::Nurse })
}

impl Staff {
    pub(crate) fn second(&mut self, second: u64, clinic: &mut Clinic, luck: &mut Luck) {
        let beds = u32::try_from(clinic.ward.beds().len()).expect("a few beds");
        clinic.advance(Duration::from_secs(1).saturating_sub(Duration::from_millis(30) * beds));
        self.acknowledge(clinic, luck);
        for bed in 0..beds {
            let (turn, within) = turn(bed, second);
            if is_over(within)
                && clinic.ward.beds()[bed as usize].view(clinic.now).session.is_some()
            {
                leaves(bed, turn, clinic, luck);
            }
            if luck.once_in(150) {
                self.does_something(bed, turn, clinic, luck);
            }
        }
        self.service(clinic, luck);
        if second.is_multiple_of(1_200) {
            clinic.checkpoint();
        }
    }

    /// Each alarm that sounds is taken within a minute or so; some never.
    fn acknowledge(&mut self, clinic: &mut Clinic, luck: &mut Luck) {
        let shown: Vec<_> = clinic
            .ward
            .occurrences()
            .filter(|it| matches!(it.signal, Signal::Active | Signal::Paused | Signal::Latched))
            .map(|it| (it.id, it.revision))
            .collect();
        for (occurrence, revision) in shown {
            if luck.once_in(60) {
                let revision = if luck.once_in(10) { revision.saturating_sub(1) } else { revision };
                clinic.does(nurse(luck), Deed::Acknowledge { occurrence, revision });
            } else if luck.once_in(400) {
                clinic.take(&Input::Unreceived { occurrence, revision });
            }
        }
    }

    fn does_something(&mut self, bed: u32, turn: u64, clinic: &mut Clinic, luck: &mut Luck) {
        let (by, session, bed) = (nurse(luck), session(bed, turn), BedIndex(bed));
        let deed = match luck.below(16) {
            0..3 => Deed::PauseAudio { bed },
            3 => Deed::ResumeAudio { bed },
            4 => Deed::PauseAlarms { bed },
            5 => Deed::ResumeAlarms { bed },
            6 => Deed::BeginStandby { bed },
            7..9 => Deed::EndStandby { bed },
            9 => Deed::OfferHandover { sessions: vec![session], to: "lee".into() },
            10 => match self.offered.take() {
                Some(handover) if luck.once_in(2) => Deed::AcceptHandover { handover },
                Some(handover) => Deed::RejectHandover { handover },
                None => return,
            },
            11 => {
                let baseline = Baseline {
                    sys: Some(luck.between(110, 140)),
                    dia: Some(luck.between(65, 85)),
                    map: None,
                    heart_rate: Some(luck.between(50, 90)),
                    spo2: Some(luck.between(94, 99)),
                };
                Deed::AcceptBaseline { session, baseline }
            }
            12 | 13 => {
                let symptoms: &[Symptom] =
                    if luck.once_in(4) { &[Symptom::Headache] } else { &[Symptom::Dizziness] };
                let moaas = (!luck.once_in(3)).then(|| luck.between(2, 5) as u8);
                Deed::Observe { session, symptoms: Symptoms::of(symptoms), moaas, note: None }
            }
            _ => Deed::SetLimit { session, limit: limit(luck) },
        };
        if let Some(Done::HandoverOffered { handover, .. }) = clinic.does(by, deed) {
            self.offered = Some(handover);
        }
    }

    /// Screens, the journal, the service's own health, and a restart now and then.
    fn service(&mut self, clinic: &mut Clinic, luck: &mut Luck) {
        if luck.once_in(900) {
            let unwatched = if luck.once_in(3) { vec![BedIndex(0)] } else { Vec::new() };
            let sound = if luck.once_in(4) { Sound::Locked } else { Sound::Heard };
            clinic.take(&Input::Watching(Watching { unwatched, sound }));
        }
        if luck.once_in(900) {
            let fault = ServiceFault::ALL[usize::try_from(luck.below(7)).expect("below seven")];
            let over = luck.once_in(2);
            let state =
                if over { FaultState::Over } else { FaultState::Present { why: "soak".into() } };
            clinic.take(&Input::Service { fault, state });
        }
        if luck.once_in(1_200) {
            self.journal_fails = !self.journal_fails;
            let health = if self.journal_fails {
                JournalHealth::Failing { why: "disk full".into() }
            } else {
                JournalHealth::Committing
            };
            clinic.take(&Input::Journal(health));
        }
        if luck.once_in(3_000) {
            clinic.restart(Duration::from_secs(1 + luck.below(90)));
        }
    }
}

/// Row 29: what is HIGH is acknowledged first.
fn leaves(bed: u32, turn: u64, clinic: &mut Clinic, luck: &mut Luck) {
    let bed = clinic.ward.beds()[bed as usize].view(clinic.now);
    let of_bed = |id: &OccurrenceId| bed.occurrences.contains(id);
    let shown: Vec<_> = clinic
        .ward
        .occurrences()
        .filter(|it| of_bed(&it.id))
        .map(|it| (it.id, it.revision))
        .collect();
    for (occurrence, revision) in shown {
        clinic.does(nurse(luck), Deed::Acknowledge { occurrence, revision });
    }
    let session = bed.session.map_or_else(|| session(0, turn), |session| session.id);
    let disposition = Disposition::Admitted;
    clinic.does(nurse(luck), Deed::EndSession { session, disposition, checks: Checks::default() });
}

fn limit(luck: &mut Luck) -> LimitOrder {
    let orders = [
        ("B2", Judged::Metric(Metric::NibpSys), 160, 200),
        ("H1", Judged::HeartRate, 105, 140),
        ("O1", Judged::Metric(Metric::SpO2), 86, 94),
    ];
    let (rule, judged, low, high) = orders[usize::try_from(luck.below(3)).expect("below three")];
    LimitOrder {
        rule: RuleId::try_new(rule).expect("a valid name"),
        judged,
        family: None,
        of: LimitOf::Value,
        value: (!luck.once_in(4)).then(|| luck.between(low, high)),
    }
}
