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

impl Patient {
    const WEIGHT_G: std::ops::RangeInclusive<u32> = 20_000..=300_000;
    const BORN_FROM: u16 = 1900;

    /// Whether these can be a patient's, in the year that it is now.
    #[must_use]
    pub fn is_plausible(&self, this_year: u16) -> bool {
        let text = |text: &str, longest: usize| {
            let length = text.chars().count();
            (1..=longest).contains(&length) && !text.chars().any(char::is_control)
        };
        text(&self.reference, 64)
            && text(&self.initials, 8)
            && self.birth_year.is_none_or(|year| (Self::BORN_FROM..=this_year).contains(&year))
            && self.weight_g.is_none_or(|weight| Self::WEIGHT_G.contains(&weight))
    }

    /// In whole years, as if the birthday were over; `None`: the year of birth is not known.
    #[must_use]
    pub fn age_in(&self, year: u16) -> Option<u8> {
        u8::try_from(year.checked_sub(self.birth_year?)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patient() -> Patient {
        let (reference, initials) = ("P-17".into(), "A.B.".into());
        Patient { reference, initials, birth_year: Some(1960), weight_g: Some(70_000) }
    }

    #[test]
    fn what_can_be_no_patients_is_not_plausible() {
        // Goal: at each bound and just past it.
        let text = |n| -> Arc<str> { "x".repeat(n).into() };
        let weight = |weight_g| Patient { weight_g, ..patient() };
        let born = |birth_year| Patient { birth_year, ..patient() };
        let reference = |reference| Patient { reference, ..patient() };
        let initials = |initials| Patient { initials, ..patient() };
        let good = [
            weight(None),
            weight(Some(20_000)),
            weight(Some(300_000)),
            born(None),
            born(Some(1900)),
            born(Some(2026)),
            reference(text(64)),
            initials(text(8)),
        ];
        let bad = [
            weight(Some(19_999)),
            weight(Some(300_001)),
            born(Some(1899)),
            born(Some(2027)),
            reference(text(0)),
            reference(text(65)),
            reference("a\nb".into()),
            initials(text(0)),
            initials(text(9)),
        ];
        for it in good {
            assert!(it.is_plausible(2026), "{it:?}");
        }
        for it in bad {
            assert!(!it.is_plausible(2026), "{it:?}");
        }
    }

    #[test]
    fn an_age_counts_from_the_year_of_birth() {
        assert_eq!(patient().age_in(2026), Some(66));
        assert_eq!(Patient { birth_year: None, ..patient() }.age_in(2026), None);
        assert_eq!(patient().age_in(1959), None);
    }
}
