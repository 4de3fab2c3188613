//! Bytes to judged values, in process: decoders alone, the ward alone, and both after each other
//! for 1, 100 and 10,000 beds side by side, for a reading must cost the same in each.
//!
//! Throughput is in readings on one core; nothing of it is asserted (style 2.7, Budgets).

mod ward;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dosevigil::domain::alarm::occurrence::Transition;
use dosevigil::domain::device::ge_dinamap_ascii::GeDinamapAscii;
use dosevigil::domain::device::nonin::{Format, Nonin};
use dosevigil::domain::device::{Decoded, Decoder, Event, Frames, vitals_json};
use dosevigil::domain::ids::{BedId, BedIndex, ReadingId, Seq};
use dosevigil::domain::record::Names;
use dosevigil::shell::journal::{self, Batch, Durability, JournaledInput};
use serde_json::Value;
use tokio::runtime::Builder;

use ward::{Feed, Payload, READINGS};

const BEDS: [u32; 3] = [1, 100, 10_000];
/// Messages made in one go, so that making them is not measured.
const AT_ONCE: u64 = 4096;
/// Messages that wait for company when an alarm comes.
const ROUTINE: u64 = 15;

/// Adds up what `measured` says that a part of `iterations` took.
fn in_parts(iterations: u64, mut measured: impl FnMut(u64) -> Duration) -> Duration {
    let parts = (0..iterations.div_ceil(AT_ONCE)).map(|part| part * AT_ONCE);
    parts.map(|done| measured(AT_ONCE.min(iterations - done))).sum()
}

#[expect(clippy::disallowed_methods, reason = "measuring is reading the clock")]
fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    let mut feed = Feed::new(100);
    let payloads = feed.payloads(1000);
    group.throughput(Throughput::Elements(READINGS));
    let mut texts = payloads.iter().cycle();
    group.bench_function("vitals-json", |bencher| {
        bencher.iter(|| {
            let payload = texts.next().expect("a cycle has no end");
            vitals_json::decode(black_box(payload.text.as_bytes()))
        });
    });
    let mut events = Vec::new();
    for (name, make, bytes) in serial_lines() {
        let mut decoder = make();
        decoder.push(&bytes, &mut events);
        group.throughput(Throughput::Elements(readings_in(&events)));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                events.clear();
                decoder.push(black_box(&bytes), &mut events);
            });
        });
        events.clear();
    }
    group.finish();
}

fn readings_in(events: &[Decoded]) -> u64 {
    let of = |event: &Event| match event {
        Event::Message(message) => message.readings.len() as u64,
        Event::Rejected { .. } => 0,
    };
    let readings = events.iter().map(|decoded| of(&decoded.event)).sum();
    assert!(readings > 0, "the line's bytes hold readings");
    readings
}

type Line = (&'static str, fn() -> Decoder, Vec<u8>);

/// A second of a Nonin line, and the answers of one poll of a DINAMAP.
fn serial_lines() -> [Line; 2] {
    let nonin = || Decoder::Nonin(Nonin::new(Format::Auto, Frames::VerifiedOnly));
    let dinamap = || Decoder::GeDinamapAscii(GeDinamapAscii::new(Frames::VerifiedOnly));
    let second = vector("nonin", "df2_72_97").repeat(3);
    let answers = ["na_ok", "oa_ok", "ra_spo2src"].map(|id| vector("ge-dinamap-ascii", id));
    [("nonin", nonin, second), ("ge-dinamap-ascii", dinamap, answers.concat())]
}

/// The bytes of a golden vector.
fn vector(protocol: &str, id: &str) -> Vec<u8> {
    let path = format!("tests/vectors/{protocol}.json");
    let text = std::fs::read_to_string(path).expect("the vectors are in the repository");
    let all: Value = serde_json::from_str(&text).expect("the vectors are JSON");
    let vectors = all["vectors"].as_array().expect("a list of vectors");
    let found = vectors.iter().find(|vector| vector["id"] == id).expect("this vector");
    let digits = found["hex"].as_str().expect("bytes as digits").split(' ');
    digits.map(|byte| u8::from_str_radix(byte, 16).expect("two digits")).collect()
}

fn ward_alone(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step");
    group.throughput(Throughput::Elements(READINGS));
    for beds in BEDS {
        let mut feed = Feed::new(beds);
        group.bench_function(format!("{beds} beds"), |bencher| {
            bencher.iter_custom(|iterations| {
                in_parts(iterations, |count| {
                    let payloads = feed.payloads(count);
                    let inputs: Vec<_> = payloads.iter().map(|it| feed.decode(it)).collect();
                    timed(|| {
                        for (input, now) in &inputs {
                            black_box(feed.step(input, *now));
                        }
                    })
                })
            });
        });
    }
    group.finish();
}

fn decode_and_step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode and step");
    group.throughput(Throughput::Elements(READINGS));
    for beds in BEDS {
        let mut feed = Feed::new(beds);
        group.bench_function(format!("{beds} beds"), |bencher| {
            bencher.iter_custom(|iterations| {
                in_parts(iterations, |count| {
                    let payloads = feed.payloads(count);
                    timed(|| {
                        for payload in &payloads {
                            let (input, now) = feed.decode(payload);
                            black_box(feed.step(&input, now));
                        }
                    })
                })
            });
        });
    }
    group.finish();
}

/// An alarm with what waits at 1,000 messages a second: from the hand-over to the notice.
fn commit(criterion: &mut Criterion) {
    let mut feed = Feed::new(100);
    let payloads = feed.payloads(ROUTINE + 1);
    let inputs: Vec<_> = payloads.iter().map(|payload| feed.decode(payload)).collect();
    let alarm = alarm(&mut feed);
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
    let opened = runtime.block_on(journal::open(options(folder.path())));
    let (journal, _, mut notices) = opened.expect("a new journal");
    let mut ticket = 0;
    criterion.bench_function("commit an alarm and 16 messages", |bencher| {
        bencher.iter(|| {
            ticket += 1;
            let inputs = inputs.iter().map(|(input, now)| JournaledInput {
                now: *now,
                first_reading: ReadingId(ticket),
                input: input.clone(),
            });
            let transitions = vec![Transition { seq: Seq(ticket), ..alarm.clone() }];
            let batch = Batch { ticket, inputs: inputs.collect(), transitions };
            journal.append(batch).expect("room for one");
            runtime.block_on(notices.recv()).expect("the journal lives")
        });
    });
    runtime.block_on(journal.close()).expect("it can be closed");
}

fn options(folder: &Path) -> journal::Options {
    let bed = |index: u32| BedId::try_new(&format!("bay-{index}")).expect("a good name");
    let names = Names { beds: (0..100).map(bed).collect(), sources: vec!["clinic".into()] };
    journal::Options {
        path: folder.join("journal.db"),
        key_file: folder.join("key"),
        head_file: None,
        names,
        configuration: [0; 32],
        durability: Durability::CLINIC,
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = decode, ward_alone, decode_and_step, commit
}
criterion_main!(benches);

/// The rest of a message after its head: apnoea of a device that says its value is good.
const APNOEA: &str = r#"{"sig":"rr","val":0,"unit":"/min"}]}"#;

/// An alarm of the first bed.
fn alarm(feed: &mut Feed) -> Transition {
    let now = feed.ward.now().plus(Duration::from_secs(1));
    let text = ward::head(0, u64::from(u32::MAX / 4), now) + APNOEA;
    let payload = Payload { bed: BedIndex(0), now, text };
    let (input, now) = feed.decode(&payload);
    let mut out = Vec::new();
    feed.ward.step(&input, now, &mut out);
    out.pop().expect("respiration 0 is an alarm at once")
}
