//! A ketamine lozenge under the tongue, watched for two hours.

use dosevigil::domain::alarm::rule::Phase;

use super::visit::{BOTH, Visit, mg};

#[test]
fn a_lozenge_is_watched_for_two_hours_with_a_reading_every_half_hour() {
    for taken in BOTH {
        let mut visit = Visit::arrives(taken, "ketamine", "sl", "ketamine-oral");
        visit.accepts_a_baseline();
        visit.gives(mg(150)).expect("all gates are passed");
        for minute in [32, 62, 91] {
            visit.until(minute);
            visit.pressure(132, 83);
            assert_eq!(visit.phase(), Some(Phase::Active), "{taken:?} at {minute} min");
        }
        visit.until(93);
        assert_eq!(visit.phase(), Some(Phase::Recovery));
        assert_eq!(visit.missing_to_leave(), ["observation"]);
        visit.until(120);
        visit.pressure(126, 80);
        visit.until(123);
        assert_eq!(visit.phase(), Some(Phase::Discharge));
        visit.pressure(124, 79);
        visit.acknowledges_all();
        visit.leaves().expect("nothing is missing");
        assert!(!visit.raised.contains(&"bp-high"), "{:?}", visit.raised);
        assert!(!visit.raised.contains(&"nibp-overdue"), "{:?}", visit.raised);
    }
}
