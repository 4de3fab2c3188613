//! Messages of `vitals-json` 1, as text: pressures of a cuff and the values of a monitor.

use jiff::{SignedDuration, Timestamp};

pub(crate) fn topic(bed: &str) -> String {
    format!("vitals/v1/test-clinic/{bed}/{}/obs", device(bed))
}

/// Each bed has one monitor in these tests.
pub(crate) fn device(bed: &str) -> String {
    format!("{bed}-monitor")
}

/// One determination of a cuff, completed at `at`.
pub(crate) fn cuff(bed: &str, at: Timestamp, systolic: u32, diastolic: u32) -> String {
    let obs = format!(
        r#"{{"sig":"nibp","sys":{systolic},"dia":{diastolic},"unit":"mmHg","at":"{at:.3}"}}"#
    );
    message(bed, at, &obs)
}

pub(crate) fn oximeter(bed: &str, at: Timestamp, spo2: u32, rate: u32) -> String {
    let obs = format!(
        r#"{{"sig":"spo2","val":{spo2},"unit":"%"}},{{"sig":"pr","val":{rate},"unit":"/min"}}"#
    );
    message(bed, at, &obs)
}

pub(crate) fn message(bed: &str, at: Timestamp, obs: &str) -> String {
    format!(r#"{{"v":1,"device":{{"id":"{}"}},"ts":"{at:.3}","obs":[{obs}]}}"#, device(bed))
}

pub(crate) fn seconds_before(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_sub(SignedDuration::from_secs(seconds)).expect("a time of this century")
}
