//! Ketamine into a muscle: the short way, for a clinic without an infusion pump.

use dosevigil::domain::alarm::rule::Phase;

use super::visit::{BOTH, Taken, Visit, mg};

#[test]
fn a_visit_for_an_injection_takes_at_most_twelve_acts() {
    // Goal: arrival, two readings, the dose, the way home (issue: at most 12 API acts). Readings
    // taken by hand are acts of their own; a monitor's are none.
    for taken in BOTH {
        let mut visit = Visit::arrives(taken, "ketamine", "im", "ketamine-im");
        visit.accepts_a_baseline();
        visit.gives(mg(35)).expect("all gates are passed");
        assert_eq!(visit.phase(), Some(Phase::Active));
        let dosed = visit.acts;
        assert!(dosed <= 5, "{dosed} acts to the dose");
        for minute in [12, 22, 32, 42, 52, 62] {
            visit.until(minute);
            visit.pressure(136, 84);
        }
        visit.until(63);
        assert_eq!(visit.phase(), Some(Phase::Recovery), "60 minutes after the injection");
        visit.until(77);
        visit.pressure(128, 80);
        visit.until(93);
        assert_eq!(visit.phase(), Some(Phase::Discharge), "90 minutes after the injection");
        visit.pressure(124, 78);
        let readings = match taken {
            Taken::ByMonitor => 0,
            Taken::ByHand => 10,
        };
        if taken == Taken::ByMonitor {
            visit.leaves().expect("nothing is missing");
            assert_eq!(visit.raised, Vec::<&str>::new());
        } else {
            visit.acknowledges_all();
            visit.leaves().expect("nothing is missing");
        }
        assert!(visit.acts - readings <= 12, "{taken:?}: {} acts", visit.acts);
    }
}
