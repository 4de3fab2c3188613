//! How much memory a bed takes in the engine.

mod ward;

use ward::{Feed, READINGS};

/// Memory that a bed takes with its session, baseline and monitor: after the longest time that its
/// values are needed for, and at the end of a day of ten hours. In a process of its own: what
/// another measurement left behind would count, too.
#[expect(clippy::print_stdout, reason = "a benchmark tells what it measures")]
fn main() {
    const BEDS: u64 = 100;
    // What all beds share, and what reading the configuration leaves behind.
    let _one = Feed::new(1);
    let before = resident_bytes();
    let mut feed = Feed::new(u32::try_from(BEDS).expect("a few beds"));
    for (seconds, more) in [(330, 330), (36_000, 35_670)] {
        for _ in 0..more {
            for payload in feed.payloads(BEDS) {
                let (input, now) = feed.decode(&payload);
                feed.step(&input, now);
            }
        }
        let each = (resident_bytes() - before) / BEDS;
        println!("{READINGS} readings/s for {seconds} s: {} kB a bed\n", each / 1000);
    }
}

/// What of this process is in memory: the second field of `/proc/self/statm`, in pages (proc(5)).
fn resident_bytes() -> u64 {
    const PAGE_BYTES: u64 = 4096;
    let told = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages = told.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.expect("a number of pages") * PAGE_BYTES
}
