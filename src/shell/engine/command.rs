//! What people and other parts of the service ask of the engine, one command at a time.

use tokio::sync::oneshot;

use super::publish::occurrence;
use super::{Engine, Round};
use crate::domain::act::{Answer, Done, Refused, Unknown};
use crate::domain::ids::Seq;
use crate::domain::input::Input;
use crate::domain::ward::Reply;
use crate::shell::lane::{Acted, Command};

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
                let seq = self.seq_of(&answer);
                self.answer(reply, Acted { answer, seq });
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

    /// Where the occurrence of an acknowledgement stands in the series: in what is about to be
    /// committed, or, where somebody was first, as it was published.
    fn seq_of(&self, answer: &Answer) -> Option<Seq> {
        let Ok(Done::Acknowledged(told)) = answer else { return None };
        let waiting = self.board.waiting.iter().flat_map(|pending| &pending.transitions);
        let newest = waiting
            .chain(&self.caused)
            .rfind(|caused| occurrence(caused).is_some_and(|it| *it == **told));
        newest.map(|caused| caused.transition.seq).or_else(|| {
            let shown = self.board.shown.get(&told.id)?;
            shown.seq.filter(|_| *shown.occurrence == **told)
        })
    }

    /// An act that did something is answered once it is durable; one that did nothing, once what
    /// was before it is.
    fn answer(&mut self, reply: oneshot::Sender<Acted>, answer: Acted) {
        if !self.caused.is_empty() {
            self.replies.push((reply, answer));
        } else if let Some(last) = self.board.waiting.back_mut().filter(|last| !last.shown) {
            last.replies.push((reply, answer));
        } else {
            let _asker_left = reply.send(answer);
        }
    }
}
