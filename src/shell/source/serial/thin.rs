//! Thins a stream of packets to one a second: the last packet of each second, and at once whatever
//! changes a status or an absence (`protocols`, rules for every decoder, Nonin).
//!
//! Packets come three a second. The one that completes a second is its last and goes on as it
//! comes, so thinning adds no delay. At higher speeds the period is at least 100 ms real (F7).

use std::time::Duration;

use crate::domain::device::Message;
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Reading};
use crate::domain::time::MonoTime;

/// One a second, less half the time between two packets: the packet that comes next would be late.
const PERIOD: Duration = Duration::from_millis(833);
/// The shortest period in real time (safety F7).
const REAL_PERIOD: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(super) struct Thinner {
    period: Duration,
    passed: Option<Passed>,
}

#[derive(Debug)]
struct Passed {
    at: MonoTime,
    absences: Vec<Absence>,
}

/// A metric, and the word for why it has no value.
type Absence = (Metric, Option<&'static str>);

impl Thinner {
    /// `speed`: how much faster than real time the clinic runs.
    pub(super) fn new(speed: u32) -> Self {
        Self { period: PERIOD.max(REAL_PERIOD * speed), passed: None }
    }

    /// The message when it goes on, `None` when another one stands for it. A message carries the
    /// statuses that changed with it: one that carries any always goes on.
    pub(super) fn pass(&mut self, message: Message, at: MonoTime) -> Option<Message> {
        let absences = absences(&message);
        if let Some(passed) = &self.passed
            && message.statuses.is_empty()
            && passed.absences == absences
            && at.since(passed.at) < self.period
        {
            return None;
        }
        self.passed = Some(Passed { at, absences });
        Some(message)
    }
}

fn absences(message: &Message) -> Vec<Absence> {
    let absence = |reading: &Reading| (reading.metric, reading.value.err().map(Absent::name));
    message.readings.iter().map(absence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::{DeviceStatus, StatusCode};
    use crate::domain::reading::{Quantity, ValueSource};

    fn packet(spo2: Result<i32, Absent>) -> Message {
        let reading = Reading::new(Metric::SpO2, spo2.map(Quantity), ValueSource::Pleth);
        Message { readings: vec![reading], ..Message::default() }
    }

    fn changed(spo2: i32) -> Message {
        let status = DeviceStatus { code: StatusCode::LowPerfusion, active: true };
        Message { statuses: vec![status], ..packet(Ok(spo2)) }
    }

    fn at(packet: u64) -> MonoTime {
        MonoTime::from_micros(packet * 333_333)
    }

    #[test]
    fn one_packet_in_three_goes_on() {
        // Goal: three a second become one, whatever their values do.
        let mut thinner = Thinner::new(1);
        let passed = (0..30).filter(|&n| {
            let value = i32::try_from(90 + n % 5).expect("small");
            thinner.pass(packet(Ok(value)), at(n)).is_some()
        });
        assert_eq!(passed.collect::<Vec<_>>(), [0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
    }

    #[test]
    fn a_change_of_status_or_of_absence_goes_on_at_once() {
        // Goal: "sensor off" never waits for its second.
        let mut thinner = Thinner::new(1);
        let packets = [
            (packet(Ok(97)), true),
            (packet(Ok(96)), false),
            (changed(96), true),
            (packet(Err(Absent::Unavailable)), true),
            (packet(Err(Absent::Unavailable)), false),
            (packet(Ok(95)), true),
        ];
        for (n, (message, passes)) in (0..).zip(packets) {
            assert_eq!(thinner.pass(message, at(n)).is_some(), passes, "packet {n}");
        }
    }

    #[test]
    fn at_high_speed_the_period_is_a_tenth_of_a_real_second() {
        // safety:F7 Goal: at speed 120 that is 12 clinical seconds, 36 packets.
        let mut thinner = Thinner::new(120);
        let passed = (0..74).filter(|&n| thinner.pass(packet(Ok(97)), at(n)).is_some());
        assert_eq!(passed.collect::<Vec<_>>(), [0, 37]);
    }
}
