//! Who may do what: a person's (or a machine's) role against what an act needs (alarms 7, safety
//! X2). Which route needs what is the web's table; who somebody is, is the shell's business.
//!
//! | | reads | nurse's acts | lead's acts | administration | reads the set-up |
//! |---|---|---|---|---|---|
//! | viewer | yes | | | | |
//! | nurse | yes | yes | | | |
//! | lead | yes | yes | yes | | yes |
//! | admin | yes | | | yes | yes |

/// What a user or token is on this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Viewer,
    Nurse,
    /// The prescriber, or who leads the session.
    Lead,
    /// Configures and manages users; is not on the floor, so acknowledges and pauses nothing.
    Admin,
}

/// What an act asks of the role of whoever does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// Reading, which every role may.
    Viewer,
    Nurse,
    Lead,
    Admin,
    /// Reading how the site is set up, which a lead and an admin may.
    Setup,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Nurse, Self::Lead, Self::Admin];

    /// The wire's and the command line's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Nurse => "nurse",
            Self::Lead => "lead",
            Self::Admin => "admin",
        }
    }

    /// The role of that name; `None` for any other word.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// May acknowledge, pause, hand over, run sessions (alarms 7).
    #[must_use]
    pub const fn is_on_the_floor(self) -> bool {
        self.permits(Needed::Nurse)
    }

    #[must_use]
    pub const fn permits(self, needed: Needed) -> bool {
        match needed {
            Needed::Viewer => true,
            Needed::Nurse => matches!(self, Self::Nurse | Self::Lead),
            Needed::Lead => matches!(self, Self::Lead),
            Needed::Admin => matches!(self, Self::Admin),
            Needed::Setup => matches!(self, Self::Lead | Self::Admin),
        }
    }
}

impl Needed {
    pub const ALL: [Self; 5] = [Self::Viewer, Self::Nurse, Self::Lead, Self::Admin, Self::Setup];

    /// The least role that it is open to, for descriptions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Nurse => "nurse",
            Self::Lead => "lead",
            Self::Admin => "admin",
            Self::Setup => "lead or admin",
        }
    }

    /// The roles that it is open to, in words.
    #[must_use]
    pub const fn roles(self) -> &'static str {
        match self {
            Self::Viewer => "viewer, nurse, lead or admin",
            Self::Nurse => "nurse or lead",
            Self::Lead => "lead",
            Self::Admin => "admin",
            Self::Setup => "lead or admin",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_may_what_a_nurse_may_and_an_admin_is_not_on_the_floor() {
        // Goal: every cell of the table above.
        // safety:X2
        let table = [
            (Role::Viewer, [true, false, false, false, false]),
            (Role::Nurse, [true, true, false, false, false]),
            (Role::Lead, [true, true, true, false, true]),
            (Role::Admin, [true, false, false, true, true]),
        ];
        for (role, expected) in table {
            let permitted = Needed::ALL.map(|needed| role.permits(needed));
            assert_eq!(permitted, expected, "{role:?}");
        }
    }

    #[test]
    fn the_roles_told_as_permitted_are_those_that_are() {
        for needed in Needed::ALL {
            let told: Vec<&str> = needed.roles().split([' ', ',']).collect();
            for role in Role::ALL {
                assert_eq!(
                    told.contains(&role.name()),
                    role.permits(needed),
                    "{needed:?} {role:?}"
                );
            }
        }
    }

    #[test]
    fn a_role_is_found_by_its_own_name_only() {
        for role in Role::ALL {
            assert_eq!(Role::by_name(role.name()), Some(role));
        }
        for other in ["", "Nurse", "root", "nurse "] {
            assert_eq!(Role::by_name(other), None, "{other:?}");
        }
    }
}
