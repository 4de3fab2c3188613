//! Each default rule of ketamine-iv: at its limit, just under and just over.

use dosevigil::domain::reading::Reading;

use crate::feed::{Cuff, heart, pulse, resp, spo2};
use crate::support::TestWard;

/// A rule, the value at its limit, the nearest value that is inside, and the alarm that it gives
/// when nothing milder or worse is violated.
type Continuous = (&'static str, fn(i32) -> Reading, i32, i32, u64, &'static str);

/// Samples for `delay` seconds at `bad` raise it then and not before; as many at `good` do not.
#[test]
fn continuous_rules_alarm_at_their_limit_after_their_delay() {
    // rule:H1 rule:H2 rule:H3 rule:H4 rule:H5 rule:O1 rule:O2 rule:O3 rule:R1 rule:R2
    let table: [Continuous; 18] = [
        ("H1", pulse, 121, 110, 30, "hr-high H1 medium"),
        ("H1 by ECG", heart, 121, 110, 30, "hr-high H1 medium"),
        ("H1 under H2", pulse, 140, 110, 30, "hr-high H1 medium"),
        ("H2", pulse, 141, 110, 15, "hr-high H2 high"),
        ("H2 by ECG", heart, 300, 110, 15, "hr-high H2 high"),
        ("H3", pulse, 111, 110, 60, "hr-high H3 low"),
        ("H3 under H1", pulse, 120, 110, 60, "hr-high H3 low"),
        ("H4", pulse, 49, 50, 30, "hr-low H4 medium"),
        ("H4 over H5", heart, 40, 50, 30, "hr-low H4 medium"),
        ("H5", pulse, 39, 50, 10, "hr-low H5 high"),
        ("O1", spo2, 90, 94, 15, "spo2-low O1 medium"),
        ("O1 over O2", spo2, 86, 94, 15, "spo2-low O1 medium"),
        ("O2", spo2, 85, 94, 10, "spo2-low O2 high"),
        ("O3", spo2, 93, 94, 60, "spo2-low O3 low"),
        ("O3 over O1", spo2, 91, 94, 60, "spo2-low O3 low"),
        ("R1", resp, 7, 10, 30, "resp-low R1 high"),
        ("R2 low", resp, 9, 10, 60, "resp-low R2 medium"),
        ("R2 high", resp, 31, 30, 60, "resp-high R2 medium"),
    ];
    for (rule, reading, bad, good, delay, told) in table {
        let mut ward = TestWard::active();
        ward.stream(delay + 30, &[reading(good)]);
        ward.nothing_told();
        ward.stream(delay - 1, &[reading(bad)]);
        ward.sends(&[reading(bad)]);
        ward.advance(std::time::Duration::from_millis(999));
        ward.nothing_told();
        ward.advance(std::time::Duration::from_millis(1));
        let at = delay + 30 + delay;
        ward.expect(&[&format!("{:02}:{:02} raised {told} active r1", at / 60, at % 60)]);
        assert!(!rule.is_empty());
    }
}

/// One reading, or two of the same a minute apart, and what they give.
#[test]
fn cuff_rules_alarm_at_their_limit() {
    // rule:B1 rule:B2 rule:B4 rule:B9 rule:B10
    let none: [&str; 0] = [];
    let map = |map| Cuff { map: Some(map), ..Cuff::new(110, 70) };
    let table = [
        (Cuff::new(200, 80), vec!["raised bp-high B1 high active r1"]),
        (Cuff::new(199, 80), vec!["raised bp-high B2 medium active r1"]),
        (Cuff::new(150, 120), vec!["raised bp-high B1 high active r1"]),
        (Cuff::new(150, 119), vec!["raised bp-high B2 medium active r1"]),
        (Cuff::new(180, 80), vec!["raised bp-high B2 medium active r1"]),
        (Cuff::new(150, 110), vec!["raised bp-high B2 medium active r1"]),
        (Cuff::new(179, 80), none.to_vec()),
        (Cuff::new(150, 109), none.to_vec()),
        (Cuff::new(79, 60), vec!["raised bp-low B10 high active r1"]),
        (Cuff::new(80, 60), none.to_vec()),
        (map(54), vec!["raised bp-low B10 high active r1"]),
        (map(55), none.to_vec()),
    ];
    for (cuff, told) in table {
        let mut ward = TestWard::active();
        ward.determination(cuff);
        let told: Vec<_> = told.iter().map(|line| format!("00:00 {line}")).collect();
        ward.expect(&told.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let twice = [
        (Cuff::new(165, 80), Some("bp-high B4 medium")),
        (Cuff::new(164, 80), None),
        (Cuff::new(150, 100), Some("bp-high B4 medium")),
        (Cuff::new(150, 99), None),
        (Cuff::new(89, 60), Some("bp-low B9 medium")),
        (Cuff::new(90, 60), None),
        (map(64), Some("bp-low B9 medium")),
        (map(65), None),
    ];
    for (cuff, told) in twice {
        let mut ward = TestWard::active();
        ward.determination(cuff);
        ward.at("01:00").determination(cuff);
        let told = told.map(|told| format!("01:00 raised {told} active r1"));
        ward.expect(&told.as_deref().into_iter().collect::<Vec<_>>());
    }
}
