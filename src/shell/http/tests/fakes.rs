//! An engine and a journal that answer through the real lanes what a test has laid down in `Ward`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;

use super::sample;
use super::support::{Mood, Ward};
use crate::domain::act::{Act, Baseline, Deed, Done, Lateness, VisitDeed};
use crate::domain::alarm::occurrence::{Acknowledged, Occurrence};
use crate::domain::ids::{ReadingId, Seq};
use crate::domain::metric::Metric;
use crate::shell::hub::Hub;
use crate::shell::lane::{
    Acted, ActsPage, AlarmPage, Command, Exported, History, Readiness, ReadingsPage, SessionsPage,
};

pub(super) async fn fake_engine(
    ward: Arc<Mutex<Ward>>,
    hub: Hub,
    mut commands: mpsc::Receiver<Command>,
) {
    let mut unanswered = Vec::new();
    while let Some(command) = commands.recv().await {
        unanswered.push(command);
        let mut ward = ward.lock().expect("no holder panics");
        if ward.mood == Mood::Answering {
            unanswered.drain(..).for_each(|command| answer(&mut ward, &hub, command));
        }
    }
}

/// Whoever asked may be gone: that is no error of the engine.
fn answer(ward: &mut Ward, hub: &Hub, command: Command) {
    match command {
        Command::View { reply } => {
            drop(reply.send(ward.view.clone()));
            (0..ward.commits_after_view).for_each(|_| ward.commit_next(hub));
        }
        Command::Ready { reply } => {
            let self_check_age = Duration::from_millis(250);
            let not_ready = ward.not_ready.clone();
            let self_test = Some(sample::at(5_000).wall);
            drop(reply.send(Readiness { self_check_age, self_test, not_ready }));
        }
        Command::Metrics { reply } => drop(reply.send("dosevigil_readings_total 7".into())),
        Command::Act { act, reply } => {
            let done = done(&act);
            ward.acts.push(act);
            let answer = ward.refusal.clone().map_or(Ok(done), Err);
            drop(reply.send(Acted { answer, seq: Some(ward.view.seq) }));
        }
        Command::Screen { order, reply } => {
            let answer = ward.screen_refusal.map_or(Ok(order.command), Err);
            ward.orders.push(order);
            let _asker_left = reply.send(answer);
        }
        Command::Lease { screen, by, lease, reply } => {
            ward.leases.push((screen, by, lease));
            let _asker_left = reply.send(ward.screen_refusal.map_or(Ok(()), Err));
        }
        Command::Screens { reply } => drop(reply.send(sample::screens())),
        Command::Fault { .. } | Command::SelfTested(_) => {}
    }
}

/// As the ward answers such a deed.
fn done(act: &Act) -> Done {
    match &act.deed {
        Deed::Acknowledge { .. } => {
            let by = Arc::clone(&act.by.name);
            let acknowledged = Some(Acknowledged { by, at: sample::at(9_000), reason: None });
            Done::Acknowledged(Box::new(Occurrence { acknowledged, ..sample::occurrence() }))
        }
        Deed::PauseAudio { .. } | Deed::PauseAlarms { .. } => Done::Until(sample::at(120_000)),
        Deed::BeginStandby { .. } => Done::Unlimited,
        Deed::SetLimit { .. } => Done::LimitSet { old: 180, new: 170 },
        Deed::OfferHandover { .. } => {
            Done::HandoverOffered { handover: act.command, lapses: sample::at(60_000) }
        }
        Deed::AcceptHandover { .. } => Done::HandedOver { sessions: vec![sample::SESSION] },
        Deed::ResumeAudio { .. }
        | Deed::ResumeAlarms { .. }
        | Deed::EndStandby { .. }
        | Deed::KeepDevice { .. }
        | Deed::RejectHandover { .. }
        | Deed::AcceptBaseline { .. }
        | Deed::Observe { .. }
        | Deed::VoidReading { .. }
        | Deed::AmendReading { .. }
        | Deed::Visit(
            VisitDeed::ChoosePreset { .. }
            | VisitDeed::ChangeDose { .. }
            | VisitDeed::UndoDose { .. }
            | VisitDeed::VoidDose { .. }
            | VisitDeed::AmendDose { .. }
            | VisitDeed::Intervene { .. }
            | VisitDeed::MoveSession { .. },
        )
        | Deed::EndSession { .. } => Done::Taken,
        Deed::Visit(VisitDeed::StartSession { order, .. }) => {
            Done::SessionStarted { session: order.id }
        }
        Deed::Visit(VisitDeed::AcceptReadings { .. }) => {
            Done::BaselineAccepted(Baseline::default())
        }
        Deed::Visit(VisitDeed::GiveDose { .. }) => Done::DoseGiven { dose: act.command },
        Deed::Visit(VisitDeed::EnterReading { reading, .. }) => Done::ReadingsEntered {
            readings: (1..).map(ReadingId).take(reading.values.len()).collect(),
            lateness: Lateness::InTime,
        },
    }
}

pub(super) async fn fake_journal(ward: Arc<Mutex<Ward>>, mut questions: mpsc::Receiver<History>) {
    while let Some(question) = questions.recv().await {
        let ward = ward.lock().expect("no holder panics");
        match question {
            History::Transitions { after, through, limit, reply } => {
                let found = ward.log.iter().filter(|one| one.seq > after && one.seq <= through);
                drop(reply.send(Ok(found.take(limit).cloned().collect())));
            }
            History::Acts { query, reply } => {
                let items = sample::acts().into_iter().take(query.limit).collect();
                drop(reply.send(Ok(ActsPage { items, next: None })));
            }
            History::Export { session, format, reply } => {
                let text = format!("{format:?} of {session}");
                let style = Some("'sha256-x'".to_owned());
                let name = format!("SIMULATED-{format:?}");
                let found = (session == sample::SESSION).then_some(Exported { name, text, style });
                drop(reply.send(Ok(found)));
            }
            History::Alarms { query, reply } => {
                let newest = query.before.map_or(ward.view.seq.0, |before| before.0 - 1);
                let items = (1..=newest).rev().take(query.limit);
                let items: Vec<_> = items.map(|seq| (Seq(seq), sample::occurrence())).collect();
                let next = items.last().map(|(seq, _)| *seq).filter(|seq| seq.0 > 1);
                drop(reply.send(Ok(AlarmPage { items, next })));
            }
            History::Readings { query, reply } => {
                let items = sample::readings().into_iter().take(query.limit).collect();
                drop(reply.send(Ok(ReadingsPage { items, next: Some(7) })));
            }
            History::MetricOf { reading, reply } => {
                drop(reply.send(Ok((reading == sample::TEMP).then_some(Metric::Temp))));
            }
            History::Trend { query, reply } => drop(reply.send(Ok(sample::trend(query)))),
            History::Sessions { query, reply } => {
                let mut items = sample::past_sessions();
                items.retain(|it| query.only.is_none_or(|only| only == it.id));
                drop(reply.send(Ok(SessionsPage { items, next: Some(40) })));
            }
            History::Events { reply, .. } => drop(reply.send(Ok(sample::events()))),
        }
    }
}
