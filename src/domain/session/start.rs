//! How a session begins: the patient, the drug and the way that it is given (clinical 5.1).

use std::sync::Arc;

use crate::domain::ids::SessionId;

/// What the nurse says at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartOrder {
    pub id: SessionId,
    pub patient: Patient,
    pub drug: Arc<str>,
    /// One of the preset's routes.
    pub route: Arc<str>,
    /// By name; `None`: the bed's own.
    pub preset: Option<Arc<str>>,
    pub turn_over: TurnOver,
}

/// A pseudonym and what limits and doses go by; never a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patient {
    /// The clinic's own reference, 1 to 64 characters.
    pub reference: Arc<str>,
    pub initials: Arc<str>,
    pub birth_year: Option<u16>,
    /// 20 to 300 kg.
    pub weight_g: Option<u32>,
}

/// The answer to "new patient?" (contract 3.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TurnOver {
    #[default]
    Unanswered,
    /// Readings before the session are another patient's.
    NewPatient,
    /// Readings before the session are this patient's.
    SamePatient,
}
