//! What people and other parts of the service ask of the engine, one command at a time.

use tokio::sync::oneshot;

use super::{Engine, Round};
use crate::domain::act::{Answer, Refused, Unknown};
use crate::domain::input::Input;
use crate::domain::ward::Reply;
use crate::shell::lane::Command;

impl Engine {
    pub(super) fn command(&mut self, command: Command) -> Round {
        let now = self.clock.now();
        match command {
            Command::Act { act, reply } => {
                let answer = match self.step(Input::Act(act), now, None) {
                    Reply::Acted(answer) => answer,
                    // The bed that was to answer is out of service.
                    Reply::None => Err(Refused::Unknown(Unknown::Bed)),
                };
                self.answer(reply, answer);
            }
            Command::Screen { order, reply } => {
                let _asker_left = reply.send(self.order_screen(order));
            }
            Command::Lease { screen, by, lease, reply } => {
                let _asker_left = reply.send(self.lease(screen, &by, lease));
            }
            Command::Screens { reply } => {
                let _asker_left = reply.send(self.screens());
            }
            Command::Fault { fault, state } => self.faulted(fault, state),
            Command::SelfTested(outcome) => self.self_tested(outcome),
            Command::View { reply } => {
                let _asker_left = reply.send(self.view());
            }
            Command::Ready { reply } => {
                let _asker_left = reply.send(self.readiness());
            }
            Command::Metrics { reply } => {
                let _asker_left = reply.send(self.metrics());
            }
        }
        Round::Goes
    }

    /// An act that did something is answered once it is durable; one that did nothing, once what
    /// was before it is.
    fn answer(&mut self, reply: oneshot::Sender<Answer>, answer: Answer) {
        if !self.caused.is_empty() {
            self.replies.push((reply, answer));
        } else if let Some(last) = self.board.waiting.back_mut().filter(|last| !last.shown) {
            last.replies.push((reply, answer));
        } else {
            let _asker_left = reply.send(answer);
        }
    }
}
