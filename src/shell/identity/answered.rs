//! The answers to the latest commands of each user: the same id with the same body is answered
//! again without a second effect, with another body it is refused (contract 6). In memory only:
//! after a restart a repeated command finds its own effect (a taken name, a change already made).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::{BodyDigest, IdentityError, User};
use crate::domain::ids::CommandId;

/// Commands remembered for each user; admins make few.
const PER_USER: usize = 64;
/// Users remembered; the one who began first is forgotten first.
const USERS: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Answered {
    by_user: BTreeMap<Arc<str>, VecDeque<(CommandId, BodyDigest, User)>>,
    order: VecDeque<Arc<str>>,
}

impl Answered {
    /// The answer that was given; `None`: it is a new command.
    pub(super) fn find(
        &self,
        who: &Arc<str>,
        command: CommandId,
        digest: &BodyDigest,
    ) -> Result<Option<User>, IdentityError> {
        let mut known = self.by_user.get(who).into_iter().flatten();
        match known.find(|(id, ..)| *id == command) {
            None => Ok(None),
            Some((_, same, answer)) if same == digest => Ok(Some(answer.clone())),
            Some(_) => Err(IdentityError::CommandReused),
        }
    }

    pub(super) fn keep(
        &mut self,
        who: &Arc<str>,
        command: CommandId,
        digest: BodyDigest,
        answer: User,
    ) {
        if !self.by_user.contains_key(who) {
            if self.order.len() == USERS
                && let Some(first) = self.order.pop_front()
            {
                self.by_user.remove(&first);
            }
            self.order.push_back(Arc::clone(who));
        }
        let known = self.by_user.entry(Arc::clone(who)).or_default();
        if known.len() == PER_USER {
            known.pop_front();
        }
        known.push_back((command, digest, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::role::Role;
    use crate::shell::identity::UserAccess;

    fn answer(name: &str) -> User {
        User { name: name.into(), role: Role::Nurse, access: UserAccess::Enabled }
    }

    #[test]
    fn a_command_is_answered_again_but_only_to_whom_and_for_what_it_was() {
        let (ann, bob): (Arc<str>, Arc<str>) = ("ann".into(), "bob".into());
        let id = CommandId::from_bits(7);
        let mut answered = Answered::default();
        answered.keep(&ann, id, [1; 32], answer("kim"));
        assert_eq!(answered.find(&ann, id, &[1; 32]).expect("the same"), Some(answer("kim")));
        let other = answered.find(&ann, id, &[2; 32]);
        assert!(matches!(other, Err(IdentityError::CommandReused)), "{other:?}");
        assert_eq!(answered.find(&bob, id, &[2; 32]).expect("a new one"), None);
    }

    #[test]
    fn the_memory_has_a_bound_for_each_user_and_for_all() {
        let mut answered = Answered::default();
        for user in 0..=USERS {
            let who: Arc<str> = format!("admin-{user}").into();
            for id in 0..=PER_USER {
                let id = CommandId::from_bits(id as u128);
                answered.keep(&who, id, [0; 32], answer("kim"));
            }
        }
        assert_eq!((answered.by_user.len(), answered.order.len()), (USERS, USERS));
        assert!(answered.by_user.values().all(|known| known.len() == PER_USER));
        let last: Arc<str> = format!("admin-{USERS}").into();
        let oldest = answered.find(&last, CommandId::from_bits(0), &[0; 32]);
        assert_eq!(oldest.expect("forgotten"), None);
    }
}
