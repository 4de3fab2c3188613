//! Serial monitors seen from the other end of the cable: a client that opens the path.
//! Waits on conditions with a deadline; clinical time runs 20 times faster.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use simulators::Simulation;
use simulators::clock::{SimClock, Speed};
use simulators::device::dinamap::checksum;
use simulators::scenario::{Change, Scenario, StoryEvent};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_serial::SerialStream;
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(60);
const SPEED: u32 = 20;
/// When cables are pulled, in clinical seconds: 10 s of real time, for the client to open them.
const PULLED_S: f64 = 200.0;

/// A directory of its own per test, gone afterwards.
struct Directory(PathBuf);

impl Directory {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("simulators-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn first_clinic(dir: &Path) -> Simulation {
    start(&Scenario::first_clinic().with_beds(2, 0), dir)
}

fn start(scenario: &Scenario, dir: &Path) -> Simulation {
    let clock = SimClock::start(Speed::try_new(SPEED).expect("in bounds"));
    simulators::start(scenario, clock, dir, None).expect("PTYs are to be had")
}

fn open(path: &Path) -> Option<SerialStream> {
    SerialStream::open(&tokio_serial::new(path.to_str()?, 9600)).ok()
}

async fn within<T>(what: &str, waited_for: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, waited_for)
        .await
        .unwrap_or_else(|_elapsed| panic!("not in time: {what}"))
}

async fn reopen(path: &Path) -> SerialStream {
    loop {
        match open(path) {
            Some(port) => return port,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

#[tokio::test]
async fn a_cuff_monitor_answers_a_poll_and_answers_again_after_a_reopen() {
    // Goal: the round trip over a PTY. Method: poll for pressure twice, with a new handle.
    let dir = Directory::new("poll");
    let simulation = first_clinic(&dir.0);
    assert_eq!(simulation.ports().count(), 4);
    let token = CancellationToken::new();
    let running = tokio::spawn(simulation.run(token.clone()));
    let path = dir.0.join("bay-2-cuff");
    for _ in 0..2 {
        // The mark of the handle before is taken off from time to time only.
        let mut port = within("the path opens", reopen(&path)).await;
        port.write_all(b"\r\n NA!2\r\n").await.expect("the line takes a command");
        let mut reply = [0; 22];
        within("a reply", port.read_exact(&mut reply)).await.expect("the reply is whole");
        assert_eq!(&reply[..3], b" NA");
        assert_eq!(reply[19..21], checksum(&reply[..19]));
        assert_eq!(reply[21], b'\r');
    }
    token.cancel();
    let ended = within("a clean end", running).await;
    ended.expect("no panic").expect("no failure");
    assert!(std::fs::symlink_metadata(&path).is_err(), "the path is gone");
}

#[tokio::test]
async fn a_pulled_cable_ends_the_read_and_the_path_opens_again_when_it_is_back() {
    // Goal: unplug and replug as the service sees them. Method: two lines are read to the end; one
    // stays away, the other is opened again.
    let dir = Directory::new("unplug");
    let token = CancellationToken::new();
    let running = tokio::spawn(start(&two_cables(), &dir.0).run(token.clone()));
    let away = dir.0.join("bay-1-oximeter");
    let path = dir.0.join("bay-2-oximeter");
    let open = |path| open(path).expect("the path opens");
    let (gone, left) = (open(&away), open(&path));
    for port in [gone, left] {
        let received = within("the end of the line", to_the_end(port)).await;
        let frames = received.chunks_exact(5);
        assert!(frames.len() >= 25, "{} bytes before the cable was out", received.len());
        let is_whole = |f: &[u8]| f[0] == 1 && f[4] == f[..4].iter().fold(0, add);
        assert!(frames.into_iter().all(is_whole));
    }
    assert!(std::fs::symlink_metadata(&away).is_err(), "the path is gone with the cable");

    let mut port = within("the cable is back", reopen(&path)).await;
    let mut packet = [0; 125];
    within("a packet", port.read_exact(&mut packet)).await.expect("a whole packet");
    assert_eq!(packet[..2], [0x01, 0x83]);
    token.cancel();
    within("a clean end", running).await.expect("no panic").expect("no failure");
}

/// One oximeter's cable is pulled for good, the other's for two real seconds.
fn two_cables() -> Scenario {
    let mut scenario = Scenario::first_clinic().with_beds(2, 0);
    scenario.story.clear();
    for (bed, for_s) in [("bay-1", 1e6), ("bay-2", 40.0)] {
        let change = Change::Unplug { device: format!("{bed}-oximeter"), for_s };
        scenario.story.push(StoryEvent { at_s: PULLED_S, bed: bed.to_owned(), change });
    }
    scenario
}

async fn to_the_end(mut port: SerialStream) -> Vec<u8> {
    let (mut received, mut buffer) = (Vec::new(), [0; 1024]);
    loop {
        match port.read(&mut buffer).await {
            Ok(0) | Err(_) => return received,
            Ok(count) => received.extend_from_slice(&buffer[..count]),
        }
    }
}

fn add(sum: u8, byte: &u8) -> u8 {
    sum.wrapping_add(*byte)
}

#[tokio::test]
async fn nobody_reading_blocks_nothing_and_leaves_no_old_bytes() {
    // Goal: a full buffer is thrown away. Method: write 200 KB unread, then read what is left.
    let dir = Directory::new("full");
    let path = dir.0.join("port");
    let mut port = simulators::port::Port::open(&path).expect("a PTY is to be had");
    within("writes return", async {
        for _ in 0..10 {
            port.write(&[0x55; 20_000]).await.expect("the PTY stands");
        }
    })
    .await;
    let mut client = open(&path).expect("the path opens");
    port.write(&[0xAA]).await.expect("the PTY stands");
    let mut old = 0;
    let mut byte = [0; 1];
    within("the new byte", async {
        loop {
            client.read_exact(&mut byte).await.expect("the line stands");
            if byte[0] == 0xAA {
                return;
            }
            old += 1;
        }
    })
    .await;
    assert!(old < 20_000, "{old} old bytes");
}

#[tokio::test]
async fn a_port_can_be_opened_after_its_client_was_killed() {
    // Goal: a killed service's exclusive mark goes. Method: leave the mark as a killed client
    // does, then release. Root may open in spite of a mark, so another user tries.
    let dir = Directory::new("killed");
    let path = dir.0.join("port");
    let port = simulators::port::Port::open(&path).expect("a PTY is to be had");
    assert!(opens_for_a_user(&path), "free at first");
    let killed = std::fs::File::open(&path).expect("the path opens");
    rustix::termios::ioctl_tiocexcl(&killed).expect("a PTY takes the mark");
    drop(killed);
    assert!(!opens_for_a_user(&path), "the mark stays");
    port.release().expect("the PTY stands");
    assert!(opens_for_a_user(&path), "the mark is off");
}

/// Whether somebody without root's rights can open the port.
fn opens_for_a_user(path: &Path) -> bool {
    const NOBODY: u32 = 65_534;
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", "exec 3<>\"$0\""]).arg(path).stderr(std::process::Stdio::null());
    let found = std::fs::metadata(path).expect("the port is there");
    if found.uid() == 0 {
        let anyone = std::fs::Permissions::from_mode(0o666);
        std::fs::set_permissions(path, anyone).expect("root may");
        shell.uid(NOBODY);
    }
    shell.status().expect("a shell runs").success()
}

#[tokio::test]
async fn a_file_in_the_way_is_not_removed() {
    // Goal: a port never deletes what isn't a link. Method: a plain file at the path.
    let dir = Directory::new("file");
    let path = dir.0.join("port");
    std::fs::write(&path, "mine").expect("the directory can be written");
    assert!(simulators::port::Port::open(&path).is_err());
    assert_eq!(std::fs::read_to_string(&path).expect("it is still there"), "mine");
}
