//! The self-test's driver (safety P7): every 60 s of real time a synthetic breach of the reserved
//! bed goes into the intake like any reading, and has to come back from the hub as the alarm that
//! it is. What the breach is and what must come of it is `domain::self_test`'s; what a failure
//! means is the ward's.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::hub::Hub;
use super::lane::{EngineHandle, Published, SelfTested};
use super::{Intake, Timing};
use crate::domain::input::Input;

/// The ends of the pipeline that a trial goes through, and who is told how it went.
#[derive(Debug)]
pub struct Pipeline {
    pub intake: mpsc::Sender<Intake>,
    pub hub: Hub,
    pub engine: EngineHandle,
    pub clock: Arc<Clock>,
    pub pace: Pace,
}

/// When trials happen. `Pace::CLINIC` but in tests.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub every: Duration,
    /// Longest way of a trial, from the intake to the hub.
    pub way: Duration,
}

impl Pace {
    /// Safety P7; the way is ours.
    pub const CLINIC: Self = Self { every: Duration::from_secs(60), way: Duration::from_secs(10) };
}

/// Tries the pipeline until `stop` is cancelled.
pub async fn run(pipeline: Pipeline, stop: CancellationToken) {
    let mut due = tokio::time::interval(pipeline.pace.every);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let trials = async {
        for number in 1.. {
            due.tick().await;
            let outcome = match tokio::time::timeout(pipeline.pace.way, pipeline.once(number)).await
            {
                Ok(outcome) => outcome,
                Err(_elapsed) => failed(LATE),
            };
            if pipeline.engine.self_tested(outcome).await.is_err() {
                return; // the engine has ended
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = trials => stop.cancelled().await,
    }
}

impl Pipeline {
    async fn once(&self, number: u64) -> SelfTested {
        let mut live = self.hub.subscribe();
        loop {
            if self.send(number).await.is_err() {
                return failed("the intake is closed");
            }
            match caught(&mut live, number).await {
                Caught::Outcome(outcome) => return outcome,
                // It may be among what was left out: once more.
                Caught::Lagged => {}
            }
        }
    }

    async fn send(&self, number: u64) -> Result<(), mpsc::error::SendError<Intake>> {
        let (received, receipt) = (self.clock.now(), self.clock.real());
        let timing = Timing { receipt, decoded: receipt };
        let input = Input::SelfTest { number };
        self.intake.send(Intake { received, input, ack: None, timing }).await
    }
}

enum Caught {
    Outcome(SelfTested),
    Lagged,
}

async fn caught(live: &mut Receiver<Arc<Published>>, number: u64) -> Caught {
    loop {
        match live.recv().await {
            Ok(event) => {
                if let Published::SelfTest { number: its, outcome } = &*event
                    && *its == number
                {
                    return Caught::Outcome(match outcome {
                        Ok(_alarm) => SelfTested::Passed,
                        Err(why) => failed(why),
                    });
                }
            }
            Err(RecvError::Lagged(_)) => return Caught::Lagged,
            Err(RecvError::Closed) => return Caught::Outcome(failed("the hub is closed")),
        }
    }
}

const LATE: &str = "it did not come back in time";

fn failed(why: &str) -> SelfTested {
    SelfTested::Failed { why: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::clock::Speed;
    use crate::shell::lane::Command;

    struct Rig {
        pipeline: Option<Pipeline>,
        hub: Hub,
        intake: mpsc::Receiver<Intake>,
        commands: mpsc::Receiver<Command>,
    }

    impl Rig {
        fn new(way: Duration) -> Self {
            let (lane, intake) = mpsc::channel(4);
            let (commands, asked) = mpsc::channel(4);
            let (hub, engine) = (Hub::default(), EngineHandle::new(commands));
            let clock = Arc::new(Clock::start(Speed::REAL, None));
            let every = Duration::from_millis(5);
            let pace = Pace { every, way };
            let pipeline = Some(Pipeline { intake: lane, hub: hub.clone(), engine, clock, pace });
            Self { pipeline, hub, intake, commands: asked }
        }

        async fn number(&mut self) -> u64 {
            let input = self.intake.recv().await.expect("a trial").input;
            let Input::SelfTest { number } = input else { panic!("not a trial: {input:?}") };
            number
        }

        async fn outcome(&mut self) -> SelfTested {
            let command = self.commands.recv().await.expect("an outcome");
            let Command::SelfTested(outcome) = command else { panic!("not one: {command:?}") };
            outcome
        }
    }

    #[tokio::test]
    async fn a_trial_that_comes_back_right_has_passed_and_any_other_failed() {
        // safety:P7 technical:self-test
        // Method: the test is engine and journal; each trial comes back in another way.
        let mut rig = Rig::new(Duration::from_secs(3600));
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(rig.pipeline.take().expect("made"), stop.clone()));
        let alarm = || {
            let (mut ward, message) = crate::domain::self_test::trial(Default::default());
            let mut told = Vec::new();
            ward.step(&message, Default::default(), &mut told);
            Arc::new(crate::domain::self_test::judged(&told).expect("it is right").clone())
        };
        let number = rig.number().await;
        rig.hub.publish(Published::SelfTest { number: number + 1, outcome: Err("another's") });
        rig.hub.publish(Published::SelfTest { number, outcome: Ok(alarm()) });
        assert_eq!(rig.outcome().await, SelfTested::Passed);

        let number = rig.number().await;
        rig.hub.publish(Published::SelfTest { number, outcome: Err("no alarm came") });
        assert_eq!(rig.outcome().await, failed("no alarm came"));

        // Left behind by a storm of other events: the trial is sent once more.
        let number = rig.number().await;
        for _ in 0..=crate::shell::hub::QUEUE {
            rig.hub.publish(Published::SelfTest { number: 0, outcome: Err("a storm") });
        }
        assert_eq!(rig.number().await, number);
        rig.hub.publish(Published::SelfTest { number, outcome: Ok(alarm()) });
        assert_eq!(rig.outcome().await, SelfTested::Passed);

        stop.cancel();
        task.await.expect("no panic");
    }

    #[tokio::test]
    async fn a_trial_that_does_not_come_back_in_time_has_failed() {
        // safety:P7 technical:self-test
        let mut rig = Rig::new(Duration::from_millis(5));
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(rig.pipeline.take().expect("made"), stop.clone()));
        rig.number().await;
        assert_eq!(rig.outcome().await, failed(LATE));
        stop.cancel();
        task.await.expect("no panic");
    }
}
