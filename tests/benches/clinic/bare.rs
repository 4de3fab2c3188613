//! The yardstick L1: what anybody would write in an afternoon. One subscription, typed JSON, a
//! threshold, and one SQLite commit with synchronous=FULL per alarm, which is then told as a line
//! on standard output. No journal of readings, no acknowledgement after the commit, no delays, no
//! limits of phases, no screens.
//!
//! This program runs itself again to be it, so that the service and L1 are different processes.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use rumqttc::{AsyncClient, Event, MqttOptions, NetworkOptions, Packet, QoS};
use serde::Deserialize;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};

/// Messages between two lines that tell how many have been read.
pub(crate) const TOLD_EACH: u64 = 500;
/// Requests of the client that may wait.
const REQUESTS: usize = 16;

#[derive(Deserialize)]
struct Message<'a> {
    seq: u32,
    #[serde(borrow)]
    obs: Vec<Observation<'a>>,
}

#[derive(Deserialize)]
struct Observation<'a> {
    sig: &'a str,
    val: Option<f64>,
    sys: Option<f64>,
}

/// Which alarms a bed has.
#[derive(Default)]
struct Bed {
    apnoea: bool,
    high: bool,
    low: bool,
}

/// Runs until it is killed.
pub(crate) fn run(port: u16, folder: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(subscribe(port, folder));
}

async fn subscribe(port: u16, folder: &Path) {
    let mut database = open(folder).await;
    let mut options = MqttOptions::new("bare", "127.0.0.1", port);
    options.set_clean_session(true);
    let (client, mut events) = AsyncClient::new(options, REQUESTS);
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    events.set_network_options(network);
    client.subscribe("vitals/v1/bench/+/+/obs", QoS::AtLeastOnce).await.expect("room for one");
    let mut beds = BTreeMap::new();
    let mut read = 0;
    let mut out = std::io::stdout();
    loop {
        let Event::Incoming(Packet::Publish(publish)) = events.poll().await.expect("the broker")
        else {
            continue;
        };
        let bed = publish.topic.split('/').nth(3).expect("a bed in the topic");
        let message: Message<'_> = serde_json::from_slice(&publish.payload).expect("our message");
        for value in crossed(&mut beds, bed, &message) {
            store(&mut database, bed, message.seq, value).await;
            writeln!(out, "alarm {bed} {}", message.seq).expect("somebody reads");
        }
        read += 1;
        if read % TOLD_EACH == 0 {
            writeln!(out, "read {read}").expect("somebody reads");
        }
    }
}

async fn open(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join("bare.db"));
    let options = options.create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
    let options = options.synchronous(SqliteSynchronous::Full);
    let mut database = options.connect().await.expect("a database can be made");
    sqlx::query("CREATE TABLE alarm (bed TEXT, seq BIGINT, value DOUBLE PRECISION)")
        .execute(&mut database)
        .await
        .expect("a new database");
    database
}

async fn store(database: &mut SqliteConnection, bed: &str, seq: u32, value: f64) {
    let insert = sqlx::query("INSERT INTO alarm VALUES (?, ?, ?)").bind(bed).bind(seq).bind(value);
    insert.execute(database).await.expect("a row can be written");
}

/// The values with which an alarm begins.
fn crossed(beds: &mut BTreeMap<String, Bed>, bed: &str, message: &Message<'_>) -> Vec<f64> {
    if !beds.contains_key(bed) {
        beds.insert(bed.to_owned(), Bed::default());
    }
    let bed = beds.get_mut(bed).expect("put there if it was not");
    let mut begun = Vec::new();
    for observation in &message.obs {
        if let ("rr", Some(rate)) = (observation.sig, observation.val) {
            begins(&mut bed.apnoea, rate == 0.0, rate, &mut begun);
        }
        if let Some(sys) = observation.sys {
            begins(&mut bed.high, sys >= 200.0, sys, &mut begun);
            begins(&mut bed.low, sys <= 79.0, sys, &mut begun);
        }
    }
    begun
}

fn begins(is_on: &mut bool, violates: bool, value: f64, begun: &mut Vec<f64>) {
    if violates && !*is_on {
        begun.push(value);
    }
    *is_on = violates;
}
