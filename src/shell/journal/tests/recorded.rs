//! A journal read from the shell, for a replay: whether its clinic was simulated.

use super::support::*;
use super::*;
use crate::domain::alarm::occurrence::Subject;
use crate::domain::reading::Origin;

/// An alarm at second `n`, which is its seq and ticket, too.
fn alarm_from(origin: Origin, n: u64) -> Batch {
    let mut batch = alarm(n, n, Seq(n));
    if let Subject::Alarm { occurrence, .. } = &mut batch.transitions[0].subject {
        occurrence.origin = origin;
        occurrence.text = r#"by hand: "simulated":false, "simulated":true"#.into();
    }
    batch
}

/// What a second reader of a journal of these finds.
async fn origin(batches: impl IntoIterator<Item = Batch>) -> Origin {
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    for batch in batches {
        let ticket = batch.ticket;
        journal.append(batch).expect("there is room");
        committed_through(&mut notices, ticket).await;
    }
    let mut beside = Recorded::open(&clinic.path()).await.expect("a second reader");
    let origin = beside.origin().await.expect("it is read");
    assert_eq!(beside.transitions().await.expect("from the first on")[0].seq, Seq(1));
    journal.close().await.expect("it closes");
    origin
}

#[tokio::test]
async fn a_clinic_was_simulated_where_all_of_its_alarms_say_so() {
    // Goal: what is replayed is a patient's in doubt. What stands in a text decides nothing.
    let simulated = |n| alarm_from(Origin::Simulated, n);
    let of_patient = |n| alarm_from(Origin::Patient, n);
    let started = |n| session_start(n, n, Seq(n));
    assert_eq!(origin([started(1)]).await, Origin::Patient, "no alarm says anything");
    assert_eq!(origin([started(1), simulated(2), started(3)]).await, Origin::Simulated);
    assert_eq!(origin([of_patient(1)]).await, Origin::Patient);
    for mixed in [[simulated(1), of_patient(2)], [of_patient(1), simulated(2)]] {
        assert_eq!(origin(mixed).await, Origin::Patient);
    }
}

#[tokio::test]
async fn the_last_of_many_alarms_still_counts() {
    // Method: more of them than are read at a time, in one commit.
    const MANY: u64 = 1_001;
    for last in [Origin::Simulated, Origin::Patient] {
        let mut batch = alarm_from(Origin::Simulated, 1);
        for n in 2..=MANY {
            let origin = if n == MANY { last } else { Origin::Simulated };
            batch.transitions.extend(alarm_from(origin, n).transitions);
        }
        assert_eq!(origin([batch]).await, last);
    }
}
