//! Ketamine 0.5 mg/kg over 40 minutes, watched for an hour after it.

use dosevigil::domain::alarm::rule::Phase;

use super::visit::{BOTH, Visit, mg};

#[test]
fn an_infusion_of_40_minutes_is_watched_for_an_hour_after_it() {
    // Goal: phases follow the dose's end; nobody leaves before the hour, and a calm visit has no
    // alarm about the pressure.
    for taken in BOTH {
        let mut visit = Visit::arrives(taken, "ketamine", "iv", "ketamine-iv");
        assert_eq!(visit.phase(), Some(Phase::Intake));
        visit.until(3);
        visit.accepts_a_baseline();
        assert_eq!(visit.phase(), Some(Phase::Baseline));
        visit.until(10);
        let infusion = visit.gives(mg(35)).expect("all gates are passed");
        for minute in [20, 30, 40, 50] {
            visit.until(minute);
            visit.pressure(134, 84);
            assert_eq!(visit.phase(), Some(Phase::Active), "{taken:?} at {minute} min");
        }
        visit.ends_infusion(infusion);
        visit.until(60);
        visit.pressure(130, 82);
        visit.until(70);
        visit.pressure(126, 80);
        visit.until(79);
        assert_eq!(visit.phase(), Some(Phase::Active), "30 minutes after the infusion");
        visit.until(81);
        assert_eq!(visit.phase(), Some(Phase::Recovery));
        visit.pressure(124, 78);
        assert_eq!(visit.missing_to_leave(), ["observation"]);
        visit.until(96);
        visit.pressure(123, 79);
        visit.until(111);
        assert_eq!(visit.phase(), Some(Phase::Discharge));
        visit.pressure(122, 78);
        visit.acknowledges_all();
        assert!(visit.leaves().is_ok(), "{taken:?}: {:?}", visit.leaves());
        assert_eq!(visit.phase(), None);
        assert!(!visit.raised.contains(&"bp-high"), "{:?}", visit.raised);
        assert!(!visit.raised.contains(&"nibp-overdue"), "{:?}", visit.raised);
    }
}
