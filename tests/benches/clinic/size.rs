//! What a clinic's size costs: how soon after the start it answers and shows its first alarm, and
//! how much memory it holds once every bed has sent a message.

use std::thread::sleep;
use std::time::Duration;

use super::broker::Mosquitto;
use super::message::{Message, Tells};
use super::pace::{START_LIMIT, wait_until};
use super::proc;
use super::publisher::Publisher;
use super::subject::{Kind, Subject};

/// Between two messages of the bed that is without breath when the start comes.
const APNOEA_EACH: Duration = Duration::from_millis(2);
/// Messages written at once.
const AT_ONCE: u32 = 100;
/// Until memory is looked at.
const SETTLE: Duration = Duration::from_secs(1);

pub(crate) struct Figures {
    /// Spawn to the first 200 of `/livez`; L1 has none.
    pub(crate) live: Option<Duration>,
    /// Spawn to the first alarm on a screen.
    pub(crate) first_alarm: Duration,
    pub(crate) rss_mib: f64,
}

pub(crate) fn run(kind: Kind, beds: u32) -> Figures {
    let broker = Mosquitto::start();
    let mut publisher = Publisher::connect(broker.port);
    let subject = Subject::spawn(kind, broker.port, beds);
    let live = subject.until_live();
    let mut seq = 0;
    let first = wait_until(START_LIMIT, "the first alarm", || {
        seq += 1;
        publisher.publish(&Message::new(0, seq, Tells::APNOEA));
        sleep(APNOEA_EACH);
        subject.alarms.try_recv().ok()
    });
    let first_alarm = first.at.duration_since(subject.spawned);
    for bed in 1..beds {
        publisher.queue(&Message::new(bed, 1, Tells::State));
        if bed % AT_ONCE == 0 {
            publisher.flush();
            sleep(Duration::from_millis(2));
        }
    }
    publisher.flush();
    let others = 4 * (u64::from(beds) - 1);
    if kind == Kind::Service {
        wait_until(START_LIMIT, "all messages are in", || {
            (subject.messages(1) >= others).then_some(())
        });
    }
    sleep(SETTLE);
    Figures { live, first_alarm, rss_mib: proc::rss_mib(subject.pid()) }
}
