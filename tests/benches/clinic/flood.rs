//! As much as goes through one mosquitto: publishes wait for those under test, never the other way
//! round, so that the broker drops nothing.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::message::{Message, Tells};
use super::publisher::Publisher;
use super::steady::{BEDS, Shape};
use super::subject::Subject;

/// Messages published and not yet taken in.
const UNDER_WAY: u64 = 8000;
/// Messages written at once.
const AT_ONCE: u64 = 100;
const WARM_UP: Duration = Duration::from_secs(1);
/// Between two looks at how far the other side is.
const LOOK_EACH: Duration = Duration::from_millis(10);

/// Readings a second over `duration`.
pub(crate) fn run(
    subject: &Subject,
    publisher: &mut Publisher,
    shape: Shape,
    duration: Duration,
) -> f64 {
    let (tells, readings) = match shape {
        Shape::Single => (Tells::BREATHING, 1),
        Shape::State => (Tells::State, 4),
    };
    let before = subject.messages(readings);
    let (begun, mut sent) = (Instant::now(), 0);
    let mut window = None;
    let mut looked = begun;
    let mut taken = 0;
    loop {
        if looked.elapsed() >= LOOK_EACH {
            (looked, taken) = (Instant::now(), subject.messages(readings) - before);
            match window {
                None if begun.elapsed() >= WARM_UP => window = Some((looked, taken)),
                Some((since, at)) if since.elapsed() >= duration => {
                    let seconds = looked.duration_since(since).as_secs_f64();
                    return (taken - at) as f64 * readings as f64 / seconds;
                }
                None | Some(_) => {}
            }
        }
        if sent - taken >= UNDER_WAY {
            sleep(LOOK_EACH / 4);
            continue;
        }
        for _ in 0..AT_ONCE {
            let bed = u32::try_from(sent % u64::from(BEDS)).expect("a bed's number");
            let seq = u32::try_from(sent / u64::from(BEDS)).expect("not so many");
            publisher.queue(&Message::new(bed, seq + 1, tells));
            sent += 1;
        }
        publisher.flush();
    }
}
