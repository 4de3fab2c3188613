//! The whole line measured from outside: a real mosquitto, the service's release binary, monitors
//! that publish and a dashboard that watches; beside it, in the same run, the yardstick L1 (`bare`)
//! under the same load. Prints one table; nothing is asserted (style 2.7, Budgets).
//!
//! `cargo bench --bench clinic -- [--quick] [in-process|steady|flood|size|storm]...`: shorter runs,
//! and only some of the parts.
#![expect(clippy::disallowed_methods, reason = "measuring is reading the clock")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures for people"
)]

mod bare;
mod broker;
mod flood;
mod http;
mod message;
mod pace;
mod proc;
mod publisher;
mod report;
mod screen;
mod size;
mod steady;
mod storm;
mod subject;
mod table;
#[path = "../ward.rs"]
mod ward;

use std::io::{Write, stderr, stdout};
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use report::Report;

/// First argument of this program when it is to be L1.
pub(crate) const BARE: &str = "--bare-subscriber";

/// What is measured, and how long.
struct Plan {
    parts: Vec<String>,
    /// Service and L1 take turns so often.
    rounds: u32,
    steady: Duration,
    state: Duration,
    flood: Duration,
    in_process: Duration,
}

impl Plan {
    fn of(arguments: &[String]) -> Self {
        let parts = arguments.iter().filter(|argument| !argument.starts_with('-')).cloned();
        let quick = arguments.iter().any(|argument| argument == "--quick");
        let (rounds, steady, rest) = if quick { (1, 8, 2) } else { (2, 20, 5) };
        Self {
            parts: parts.collect(),
            rounds,
            steady: Duration::from_secs(steady),
            state: Duration::from_secs(2 * rest),
            flood: Duration::from_secs(rest),
            in_process: Duration::from_millis(500),
        }
    }

    fn has(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|wanted| wanted == part)
    }
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, port, folder] = &arguments[..]
        && first == BARE
    {
        bare::run(port.parse().expect("a port"), Path::new(folder));
        return Ok(());
    }
    // `cargo test --benches` runs it, too, and wants no figures.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let plan = Plan::of(&arguments);
    let mut report = Report::default();
    type Measure = fn(&mut Report, &Plan);
    let parts: [(&str, Measure); 5] = [
        ("in-process", Report::in_process),
        ("steady", Report::steady),
        ("flood", Report::flood),
        ("size", Report::size),
        ("storm", Report::storm),
    ];
    for (name, measure) in parts.into_iter().filter(|(name, _)| plan.has(name)) {
        writeln!(stderr(), "measuring: {name}")?;
        measure(&mut report, &plan);
    }
    write!(stdout(), "\n{}\n{}", proc::machine(), report.text())
}

/// A folder on the disk that is built on, not in memory.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made")
}
