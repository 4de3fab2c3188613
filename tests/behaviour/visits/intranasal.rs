//! Racemic ketamine into the nose.

use dosevigil::domain::alarm::rule::Phase;

use super::visit::{BOTH, Visit, mg};

#[test]
fn a_nasal_dose_of_ketamine_is_watched_for_two_hours() {
    for taken in BOTH {
        let mut visit = Visit::arrives(taken, "ketamine", "nasal", "ketamine-intranasal");
        visit.accepts_a_baseline();
        visit.gives(mg(50)).expect("all gates are passed");
        for minute in (17..=92).step_by(15) {
            visit.until(minute);
            visit.pressure(130, 82);
        }
        visit.until(93);
        assert_eq!(visit.phase(), Some(Phase::Recovery));
        visit.until(107);
        visit.pressure(126, 80);
        visit.until(123);
        visit.pressure(124, 79);
        assert_eq!(visit.phase(), Some(Phase::Discharge));
        visit.acknowledges_all();
        visit.leaves().expect("nothing is missing");
        assert!(!visit.raised.contains(&"bp-high"), "{:?}", visit.raised);
        assert!(!visit.raised.contains(&"nibp-overdue"), "{:?}", visit.raised);
    }
}
