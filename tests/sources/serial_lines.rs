//! Serial lines over pseudo-terminals (safety:S5).

use std::time::Duration;

use dosevigil::config::{NoninFormat, SerialProtocol};
use dosevigil::domain::device::Reject;
use dosevigil::domain::input::Input;
use tokio_serial::SerialStream;

use crate::cable::{Cable, nonin_packet};
use crate::rig::{Got, Rig, SOON, lost_since, payload, serial_config};

const NONIN: SerialProtocol = SerialProtocol::Nonin(NoninFormat::Auto);
const CUFF: SerialProtocol = SerialProtocol::GeDinamapAscii;
/// `ge-dinamap-ascii` 8, na_ok.
const NA_OK: &[u8] = b" NA1100012132084100%Z\r";

fn reading() -> Got {
    Got::message(0, "bay-1-line", None)
}

#[tokio::test]
async fn a_cuff_opened_by_its_path_is_polled_and_gives_readings() {
    // Goal: the order of link changes, the readings, and that only the verified reply is asked for.
    let mut cable = Cable::plugged();
    let mut rig = Rig::serial(serial_config(&cable.path(), CUFF), 1);
    for _ in 0..3 {
        assert_eq!(cable.command().await, b" NA!2\r");
        cable.write(NA_OK).await;
    }
    let (intake, before) = rig.until(SOON, reading()).await;
    assert_eq!(before, [Got::Opening, Got::Negotiating, Got::Online]);
    let Input::Message { message, .. } = intake.input else { panic!("not a message") };
    assert!(message.readings.iter().any(|reading| reading.value.is_ok()));
    assert!(intake.ack.is_none());
    rig.ended().await;
}

#[tokio::test]
async fn an_unplugged_line_is_lost_and_heals_when_it_is_back() {
    // safety:S5: each reason is said, the loss keeps its first date, and the line comes back.
    let mut cable = Cable::plugged();
    let mut rig = Rig::serial(serial_config(&cable.path(), NONIN), 1);
    rig.until(SOON, Got::Negotiating).await;
    cable.write(&nonin_packet(72, 97)).await;
    rig.until(SOON, reading()).await;
    cable.unplug();
    rig.until(SOON, Got::lost("unplugged")).await;
    let (absent, _) = rig.until(SOON, Got::lost("no such device")).await;
    assert!(lost_since(&absent).mono < absent.received.mono, "dated at the first sign");
    cable.plug();
    rig.until(SOON, Got::Negotiating).await;
    cable.write(&nonin_packet(73, 96)).await;
    let (_, before) = rig.until(SOON, reading()).await;
    assert_eq!(before, [Got::Online]);
    rig.ended().await;
}

#[tokio::test]
async fn a_cuff_that_does_not_answer_three_polls_is_lost() {
    // Goal: dated at its last byte, and asked again until it answers.
    let mut cable = Cable::plugged();
    let mut rig = Rig::serial(serial_config(&cable.path(), CUFF), 1);
    cable.command().await;
    cable.write(NA_OK).await;
    rig.until(SOON, Got::Online).await;
    let (lost, _) = rig.until(SOON, Got::lost("no answer to three polls")).await;
    let silence = lost.received.mono.since(lost_since(&lost).mono);
    assert!(silence >= Duration::from_secs(3), "dated at the last byte, {silence:?} before");
    // It is asked again, and is there as soon as it answers.
    rig.until(SOON, Got::Negotiating).await;
    cable.write(NA_OK).await;
    rig.until(SOON, Got::Online).await;
    rig.ended().await;
}

#[tokio::test]
async fn a_silent_oximeter_is_lost() {
    // Goal: silence counts in clinical time; five seconds of it are one at speed 5.
    let mut cable = Cable::plugged();
    let mut rig = Rig::serial(serial_config(&cable.path(), NONIN), 5);
    rig.until(SOON, Got::Negotiating).await;
    // A second after the opening it would be too late for the first packet.
    fed_until(&mut cable, &mut rig, Got::Online).await;
    let (lost, _) = rig.until(SOON, Got::lost("silent")).await;
    let silence = lost.received.mono.since(lost_since(&lost).mono);
    assert!(silence >= Duration::from_secs(5), "{silence:?}");
    rig.ended().await;
}

#[tokio::test]
async fn the_partial_first_frame_is_skipped_and_later_garbage_is_refused_and_left_behind() {
    // Goal: opening in mid-frame is no fault of the line; noise later on is, once.
    let mut cable = Cable::plugged();
    let mut rig = Rig::serial(serial_config(&cable.path(), NONIN), 1);
    rig.until(SOON, Got::Negotiating).await;
    cable.write(&nonin_packet(72, 97)[65..]).await;
    cable.write(&nonin_packet(72, 97)).await;
    let (_, before) = rig.until(SOON, reading()).await;
    assert_eq!(before, [Got::Online], "the tail of a packet is not an error of the line");
    cable.write(&[0x55; 40]).await;
    cable.write(&nonin_packet(0x7F, 97)).await;
    rig.until(SOON, Got::Rejected(Some(0), Reject::Checksum)).await;
    // One packet a second goes on, so the line is fed until one does.
    fed_until(&mut cable, &mut rig, reading()).await;
    rig.ended().await;
}

#[tokio::test]
async fn a_line_with_nothing_but_garbage_says_so() {
    // Goal: a wrong baud rate does not pass for an unplugged cable.
    let mut cable = Cable::plugged();
    let mut rig = Rig::serial(serial_config(&cable.path(), CUFF), 1);
    let why = "nothing but garbage: check protocol, baud rate and parity";
    let garbage = Got::lost(why);
    let babble = async {
        loop {
            cable.command().await;
            cable.write(&[0xF8; 300]).await;
        }
    };
    let before = tokio::select! {
        (_, before) = rig.until(SOON, garbage) => before,
        () = babble => Vec::new(),
    };
    assert!(before.contains(&Got::Negotiating) && !before.contains(&Got::Online));
    rig.ended().await;
}

#[tokio::test]
async fn a_path_that_cannot_be_opened_says_why() {
    // Goal: what stands on the screen tells what to do.
    let cable = Cable::plugged();
    let held = SerialStream::open(&tokio_serial::new(cable.path().to_string_lossy(), 9600))
        .expect("the line is free");
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let absent = Cable::unplugged();
    let table = [
        (cable.path(), "busy: another program holds the line"),
        (file.path().to_owned(), "not a serial line"),
        (absent.path(), "no such device"),
    ];
    for (path, why) in table {
        let mut rig = Rig::serial(serial_config(&path, NONIN), 1);
        rig.until(SOON, Got::lost(why)).await;
        rig.ended().await;
    }
    drop(held);
}

#[tokio::test]
async fn a_line_that_stays_away_costs_next_to_nothing() {
    // Method: all of this test runs on one thread, so the thread's CPU time is the source's.
    let mut cable = Cable::plugged();
    let mut rig = Rig::serial(serial_config(&cable.path(), NONIN), 1);
    rig.until(SOON, Got::Negotiating).await;
    cable.unplug();
    rig.until(SOON, Got::lost("no such device")).await;
    let (before, begun) = (thread_cpu(), rig.clock.real());
    rig.until(SOON, Got::Opening).await;
    let quiet = tokio::time::timeout(Duration::from_secs(3), rig.next(SOON)).await;
    assert!(quiet.is_err(), "a loss that was told is not told again");
    let (spent, passed) = (thread_cpu() - before, rig.clock.real() - begun);
    assert!(spent < passed / 20, "5 % of {passed:?}, but it took {spent:?}");
    rig.ended().await;
}

#[tokio::test]
async fn a_json_line_of_another_bed_is_refused() {
    // safety:S1: the configured bed wins over what a line says.
    let mut cable = Cable::plugged();
    let config = serial_config(&cable.path(), SerialProtocol::VitalsJson);
    let mut rig = Rig::serial(config, 1);
    rig.until(SOON, Got::Negotiating).await;
    let named =
        |bed: &str| payload("cuff-7", 5).replace(r#""v":1"#, &format!(r#""v":1,"bed":"{bed}""#));
    let lines = [payload("cuff-7", 4), named("bay-2"), named("bay-1")].join("\n") + "\n";
    cable.write(lines.as_bytes()).await;
    let (_, before) = rig.until(SOON, Got::message(0, "cuff-7", Some(5))).await;
    let refused = Got::Rejected(Some(0), Reject::BedMismatch);
    assert_eq!(before, [Got::Online, Got::message(0, "cuff-7", Some(4)), refused]);
    rig.ended().await;
}

/// Feeds the line until `wanted` comes.
async fn fed_until(cable: &mut Cable, rig: &mut Rig, wanted: Got) {
    let fed = async {
        loop {
            cable.write(&nonin_packet(74, 96)).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        _ = rig.until(SOON, wanted) => {}
        () = fed => {}
    }
}

/// CPU time of this thread (`schedstat`: nanoseconds on the processor come first).
fn thread_cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanos = text.split(' ').next().and_then(|field| field.parse().ok());
    Duration::from_nanos(nanos.expect("a number"))
}
