//! What the kernel counts of a process, and of this machine.

use std::fs::{self, File};
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

/// Page-sized writes, each synced.
const SYNCS: usize = 200;

/// CPU time used so far, user and system, of all threads that live, in seconds. To the nanosecond,
/// where `/proc/<pid>/stat` counts in hundredths of a second.
pub(crate) fn cpu_s(pid: u32) -> f64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).expect("the process runs");
    let of = |thread: std::io::Result<fs::DirEntry>| {
        let path = thread.ok()?.path().join("schedstat");
        let text = fs::read_to_string(path).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    threads.filter_map(of).sum::<f64>() / 1e9
}

/// Resident memory in MiB.
pub(crate) fn rss_mib(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).expect("a size in kB");
    kib.parse::<f64>().expect("a number") / 1024.0
}

/// CPU, cores, kernel, and how long a durable write takes here.
pub(crate) fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("unknown CPU", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = Command::new("uname").arg("-sr").output().expect("uname is there");
    let kernel = String::from_utf8_lossy(&kernel.stdout).trim().to_owned();
    let version = Command::new("mosquitto").arg("-h").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = version.unwrap_or_default();
    let version = version.lines().next().unwrap_or("mosquitto").to_owned();
    let (p50, p99) = sync_times();
    let synced = format!("a synced write of 4 KiB: p50 {p50:.2} ms, p99 {p99:.2} ms");
    format!("{model}, {cores} cores, {kernel}, {version}; {synced}")
}

fn sync_times() -> (f64, f64) {
    let folder = super::folder();
    let mut file = File::create(folder.path().join("sync")).expect("a writable folder");
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..SYNCS {
        let begun = Instant::now();
        file.write_all(&[7; 4096]).expect("room on the disk");
        file.sync_data().expect("a file can be synced");
        times.push(begun.elapsed());
    }
    times.sort();
    let at = |part: usize| times[SYNCS * part / 100].as_secs_f64() * 1e3;
    (at(50), at(99))
}
