//! Who may do what: the four roles of contract 6. viewer < nurse < lead; admin is not on the floor.

/// What a person or a machine logged in as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Viewer,
    Nurse,
    /// Session lead or prescriber.
    Lead,
    /// Configures, manages users, reads the audit; does nothing to a patient's alarms.
    Admin,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Nurse, Self::Lead, Self::Admin];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Nurse => "nurse",
            Self::Lead => "lead",
            Self::Admin => "admin",
        }
    }

    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// May acknowledge, pause, hand over, run sessions (alarms 7).
    #[must_use]
    pub const fn is_on_the_floor(self) -> bool {
        match self {
            Self::Nurse | Self::Lead => true,
            Self::Viewer | Self::Admin => false,
        }
    }
}
