//! The live events: nothing missing, nothing twice, nobody waited for.

use std::sync::Arc;

use super::sample;
use super::support::{DEADLINE, Event, Live, Mood, Service, in_time};
use crate::domain::alarm::occurrence::Change;
use crate::domain::ids::{ReadingId, Seq};
use crate::shell::http::Limits;
use crate::shell::hub::QUEUE;
use crate::shell::lane::Published;

fn heartbeat(millis: u64) -> Published {
    sample::heartbeat(millis)
}

async fn first_names(live: &mut Live, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    for _ in 0..count {
        names.push(live.next().await.expect("an event").name);
    }
    names
}

/// The events up to the one with id `last`.
async fn through(live: &mut Live, last: u64) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let event = live.next().await.expect("the stream goes on");
        let id = event.id;
        events.push(event);
        if id == Some(last) {
            return events;
        }
    }
}

/// Goal: whoever comes back with the id that they saw last gets the snapshot, then every missed
/// transition once and marked, then live ones, while transitions go on being published.
/// Method: 1,200 missed in three pages; 200 more are committed by another task during it all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_returning_screen_gets_every_transition_once_and_in_order() {
    for header in ["", "Last-Event-ID: 100\r\n"] {
        let service = Arc::new(Service::start(1300, Limits::CONTRACT).await);
        let publisher = tokio::spawn({
            let service = Arc::clone(&service);
            async move {
                for _ in 0..200 {
                    service.commit_next();
                    tokio::task::yield_now().await;
                }
            }
        });
        // The header of a browser that comes back wins over the address it first asked.
        let path = if header.is_empty() { "after=100" } else { "after=7" };
        let mut live = service.live(&format!("/api/v1/events?{path}"), header).await;
        let events = through(&mut live, 1500).await;
        in_time(publisher).await.expect("no panic");

        assert_eq!(events[0].name, "snapshot");
        assert_eq!(events[0].id, None);
        let snapshot = events[0].data["seq"].as_u64().expect("a seq");
        let ids: Vec<u64> = events.iter().filter_map(|event| event.id).collect();
        assert_eq!(ids, (101..=1500).collect::<Vec<u64>>());
        for event in events.iter().skip(1) {
            let seq = event.data["seq"].as_u64().expect("a seq");
            assert_eq!(event.id, Some(seq));
            assert_eq!(event.name, if seq % 10 == 0 { "session" } else { "alarm" });
            assert_eq!(event.data["replayed"].as_bool(), (seq <= snapshot).then_some(true));
        }
    }
}

/// Goal: a transition between the snapshot and the first live event is not lost.
/// Method: it is committed at once after the view, on one thread, before the stream can go on.
#[tokio::test]
async fn nothing_is_lost_between_the_snapshot_and_the_first_live_event() {
    for (path, first) in [("/api/v1/events", 6), ("/api/v1/events?after=4", 5)] {
        let service = Service::start(5, Limits::CONTRACT).await;
        service.ward().commits_after_view = 3;
        let mut live = service.live(path, "").await;
        let events = through(&mut live, 8).await;
        let ids: Vec<u64> = events.iter().filter_map(|event| event.id).collect();
        assert_eq!(ids, (first..=8).collect::<Vec<_>>());
    }
}

/// Goal: a first visit gets a snapshot and then only what is newer.
#[tokio::test]
async fn a_new_screen_gets_the_snapshot_and_then_live_events() {
    let service = Service::start(9, Limits::CONTRACT).await;
    let mut live = service.live("/api/v1/events", "").await;
    assert_eq!(live.next().await.expect("an event").name, "snapshot");
    service.hub.publish(heartbeat(60_000));
    service.commit_next();
    let bed = Arc::new(sample::bed());
    service.hub.publish(Published::Vitals { bed });
    let beat = live.next().await.expect("an event");
    assert_eq!((beat.name.as_str(), beat.id), ("heartbeat", None));
    let session = live.next().await.expect("an event");
    assert_eq!((session.name.as_str(), session.id), ("session", Some(10)));
    assert_eq!(session.data["session"]["initials"], "A.B.");
    let vitals = live.next().await.expect("an event");
    assert_eq!((vitals.name.as_str(), vitals.id), ("vitals", None));
    assert_eq!(vitals.data["id"], "bay-1");
}

/// Goal: an id that the journal cannot continue from is said, never guessed at.
#[tokio::test]
async fn an_id_that_cannot_be_continued_from_gets_resync_and_a_snapshot() {
    let service = Service::start(20_000, Limits::CONTRACT).await;
    service.ward().log.drain(..15_000);
    for id in ["20001", "9999", "14999", "-1", "x", "18446744073709551616"] {
        let mut live = service.live(&format!("/api/v1/events?after={id}"), "").await;
        let resync = live.next().await.expect("an event");
        assert_eq!(resync.name, "resync", "{id}");
        assert!(resync.data["reason"].as_str().is_some_and(|why| why.contains("id")), "{id}");
        assert_eq!(live.next().await.expect("an event").name, "snapshot", "{id}");
        service.commit_next();
        let next = live.next().await.expect("an event");
        assert_eq!(next.id, Some(service.ward().view.seq.0), "{id}");
    }
    let mut kept = service.live("/api/v1/events?after=15000", "").await;
    assert_eq!(first_names(&mut kept, 2).await, ["snapshot", "alarm"]);
    let newest = service.ward().view.seq.0;
    let mut nothing_missed = service.live(&format!("/api/v1/events?after={newest}"), "").await;
    assert_eq!(nothing_missed.next().await.expect("an event").name, "snapshot");
    service.commit_next();
    assert_eq!(nothing_missed.next().await.expect("an event").id, Some(newest + 1));
}

/// Goal: a screen that falls a queue behind starts again once, and is then sent away.
/// Method: one thread, so that a burst of more than the queue holds is published at one go.
#[tokio::test]
async fn a_slow_screen_gets_one_resync_and_then_bye() {
    let service = Service::start(5, Limits::CONTRACT).await;
    let mut live = service.live("/api/v1/events", "").await;
    assert_eq!(live.next().await.expect("an event").name, "snapshot");
    let burst = |service: &Service| {
        for _ in 0..=QUEUE {
            service.commit_next();
        }
    };
    burst(&service);
    assert_eq!(first_names(&mut live, 2).await, ["resync", "snapshot"]);
    service.commit_next();
    assert_eq!(live.next().await.expect("an event").id, Some(5 + QUEUE as u64 + 2));
    burst(&service);
    let bye = live.next().await.expect("an event");
    assert_eq!((bye.name.as_str(), bye.data["reason"].as_str()), ("bye", Some("too slow")));
    assert!(live.next().await.is_none());
    let metrics = service.get("/metrics").await.body;
    for figure in ["stream_resyncs_total 1\n", "stream_byes_total 1\n", "streams_open 0\n"] {
        assert!(metrics.contains(figure), "{metrics}");
    }
}

/// Goal: events of before the snapshot never leave an old state on the screen: vitals and logged
/// transitions are skipped, an alarm without seq is followed by what came of it.
/// Method: they are published while the stream waits for its snapshot.
#[tokio::test]
async fn nothing_older_than_the_snapshot_stays_on_the_screen() {
    let service = Service::start(9, Limits::CONTRACT).await;
    service.ward().mood = Mood::Silent;
    let service = Arc::new(service);
    let asking = tokio::spawn({
        let service = Arc::clone(&service);
        async move { service.live("/api/v1/events", "").await }
    });
    in_time(async {
        while service.hub.listeners() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut before = sample::bed();
    for vital in &mut before.vitals {
        vital.age = vital.age.map(|age| age / 2);
    }
    let mut earlier = sample::bed();
    for vital in &mut earlier.vitals {
        vital.reading = vital.reading.map(|ReadingId(id)| ReadingId(id - 1));
    }
    for bed in [before, earlier] {
        service.hub.publish(Published::Vitals { bed: Arc::new(bed) });
    }
    let alarm = |seq, millis, occurrence| {
        let (at, occurrence) = (sample::at(millis), Arc::new(occurrence));
        let change = Change::Updated;
        service.hub.publish(Published::Alarm { seq, at, change, occurrence, latency: None });
    };
    alarm(Some(Seq(8)), 10_008, sample::occurrence());
    alarm(None, 10_008, sample::technical());
    alarm(Some(Seq(9)), 10_009, sample::technical());
    service.hub.publish(heartbeat(10_010));
    alarm(Some(Seq(10)), 10_011, sample::occurrence());
    // With the next question the engine answers the stream's, too.
    service.ward().mood = Mood::Answering;
    service.ask_engine().await;
    let mut live = in_time(asking).await.expect("no panic");
    assert_eq!(first_names(&mut live, 1).await, ["snapshot"]);
    let unlogged = live.next().await.expect("an event");
    assert_eq!((unlogged.id, &unlogged.data["family"]), (None, &"link-down".into()));
    let logged = live.next().await.expect("an event");
    assert_eq!((logged.id, &logged.data["family"]), (Some(9), &"link-down".into()));
    assert_eq!(first_names(&mut live, 1).await, ["heartbeat"]);
    assert_eq!(live.next().await.expect("an event").id, Some(10));
}

/// Goal: a stop ends every stream with its reason, also in the midst of what was missed, and the
/// service ends in time.
#[tokio::test]
async fn a_stop_says_bye_on_every_stream() {
    // A connection that is cut has no bye.
    let service = Service::start(5_000, Limits { drain: DEADLINE, ..Limits::CONTRACT }).await;
    let mut live = service.live("/api/v1/events", "").await;
    let mut replaying = service.live("/api/v1/events?after=0", "").await;
    assert_eq!(live.next().await.expect("an event").name, "snapshot");
    assert_eq!(replaying.next().await.expect("an event").name, "snapshot");
    let stopped = tokio::spawn(service.stop());
    for stream in [&mut live, &mut replaying] {
        let bye = loop {
            let event = stream.next().await.expect("no end without a bye");
            if event.name == "bye" {
                break event;
            }
        };
        assert_eq!(bye.data["reason"], "shutting down");
        assert!(stream.next().await.is_none());
    }
    in_time(stopped).await.expect("no panic").expect("a clean end");
}
