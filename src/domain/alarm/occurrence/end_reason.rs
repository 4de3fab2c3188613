//! Why an occurrence ended.

/// Why an occurrence ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// A valid reading inside the clear level, or the technical cause is gone.
    Cleared,
    /// No rule of the family is in phase any more (row 25).
    Phase,
    /// Raised latched: there is no condition to end (row 28).
    Moment,
    /// A named person changed the limit (row 24).
    LimitChanged,
    /// A named person accepted another baseline (row 24).
    BaselineChanged,
    /// A named person voided or amended the reading (row 24).
    ReadingVoided,
    /// The symptom that the rule goes with is gone (row 24).
    SymptomGone,
    /// A named person said that the room is empty (row 32).
    RoomEmpty,
    /// The session ended with a named disposition (row 29).
    SessionEnded,
    /// A named person moved the session to another bed.
    SessionMoved,
}

impl EndReason {
    pub const ALL: [Self; 10] = [
        Self::Cleared,
        Self::Phase,
        Self::Moment,
        Self::LimitChanged,
        Self::BaselineChanged,
        Self::ReadingVoided,
        Self::SymptomGone,
        Self::RoomEmpty,
        Self::SessionEnded,
        Self::SessionMoved,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cleared => "cleared",
            Self::Phase => "phase",
            Self::Moment => "moment",
            Self::LimitChanged => "limit changed",
            Self::BaselineChanged => "baseline changed",
            Self::ReadingVoided => "reading voided",
            Self::SymptomGone => "symptom gone",
            Self::RoomEmpty => "room empty",
            Self::SessionEnded => "session ended",
            Self::SessionMoved => "session moved",
        }
    }
}
