//! Which kind of request the latest command ids came with (contract 6: the same id with another
//! body is 409). Ward, screens, users and pairings remember their own commands and answers; none of
//! them sees that an id was used on another.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::problem::Problem;
use crate::domain::act::Refused;
use crate::domain::ids::CommandId;

/// As many as the ward remembers.
const KEPT: usize = 1024;

/// Who remembers a command and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Act,
    Screen,
    User,
    Pairing,
}

/// The latest ids of all users, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Commands(Mutex<VecDeque<(Arc<str>, CommandId, Kind)>>);

impl Commands {
    /// # Errors
    /// `command-reused`: this user's id came with another kind of request.
    pub(crate) fn claim(
        &self,
        who: &Arc<str>,
        command: CommandId,
        kind: Kind,
    ) -> Result<(), Problem> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let used = known.iter().find(|(by, id, _)| *id == command && by == who);
        match used {
            Some((_, _, before)) if *before == kind => Ok(()),
            Some(_) => Err(Problem::Refused(Refused::CommandReused)),
            None => {
                if known.len() == KEPT {
                    known.pop_front();
                }
                known.push_back((Arc::clone(who), command, kind));
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_good_for_one_kind_of_request_of_one_user() {
        let (commands, kim, lee): (_, Arc<str>, Arc<str>) =
            (Commands::default(), "kim".into(), "lee".into());
        let id = CommandId::from_bits(7);
        let reused = Err(Problem::Refused(Refused::CommandReused));
        assert_eq!(commands.claim(&kim, id, Kind::Act), Ok(()));
        assert_eq!(commands.claim(&kim, id, Kind::Act), Ok(()), "asked again");
        assert_eq!(commands.claim(&kim, id, Kind::Screen), reused);
        assert_eq!(commands.claim(&lee, id, Kind::Screen), Ok(()), "another user's");
        for number in 0..KEPT {
            let newer = CommandId::from_bits(100 + number as u128);
            assert_eq!(commands.claim(&kim, newer, Kind::User), Ok(()));
        }
        assert_eq!(commands.claim(&kim, id, Kind::Screen), Ok(()), "forgotten: it has a bound");
    }
}
