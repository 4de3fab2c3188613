//! What must hold of the simulated clinic at its opening, whatever its beds and patients.

use super::*;
use crate::cli::replay::{self, Format, ReplayArgs};
use crate::config::Config;
use crate::domain::input::Input;
use crate::domain::reading::Origin;
use crate::domain::time::{MonoTime, WallTime};
use crate::domain::view::BedView;
use crate::domain::ward::{Reply, Ward};

/// 2026-11-22, 09:00 UTC.
const BEGIN: Stamp =
    Stamp { mono: MonoTime::from_micros(0), wall: WallTime::from_micros(1_795_338_000_000_000) };

/// A clinic before its past is played.
struct Before {
    ward: Ward,
    config: Config,
    events: past::Events,
    opening: Stamp,
    _folder: tempfile::TempDir,
}

fn clinic_of(beds: usize, seed: u64) -> Scenario {
    Scenario::first_clinic().with_beds(beds, seed).reseeded(seed)
}

fn before(scenario: &Scenario) -> Before {
    let folder = tempfile::tempdir().unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = clinic::config(scenario, folder.path(), listen, "mqtt://127.0.0.1:1").unwrap();
    let (events, opening) = events(scenario, &config, BEGIN);
    let ward = Ward::new(app::plan(&config, Origin::Simulated), BEGIN);
    Before { ward, config, events, opening, _folder: folder }
}

/// The story's, its past from `begin` on, and when it opens.
fn events(scenario: &Scenario, config: &Config, begin: Stamp) -> (past::Events, Stamp) {
    let opening = begin.plus(Duration::from_secs_f64(scenario.past_s));
    let wall = jiff::Timestamp::from_microsecond(opening.wall.as_micros()).unwrap();
    (past::Events::of(scenario, config, wall, begin).unwrap(), opening)
}

fn play(ward: &mut Ward, events: &mut past::Events) -> anyhow::Result<()> {
    events.play(|input, at| ward.step(&input, at, &mut Vec::new()))
}

fn views(ward: &Ward, now: Stamp) -> impl Iterator<Item = BedView> {
    ward.beds().iter().map(move |bed| bed.view(now))
}

fn played(scenario: &Scenario) -> Before {
    let mut it = before(scenario);
    play(&mut it.ward, &mut it.events).unwrap();
    it
}

#[test]
fn the_clinic_has_four_ways_of_dosing_and_a_free_bed() {
    // Goal: the story's beds: bay 2 was dosed 20 minutes ago, bay 3 has had its 84 mg.
    let Before { ward, opening, .. } = played(&clinic_of(BEDS, 0));
    let of = |bed: BedView| {
        let session = bed.session?;
        let given: u64 = session.doses.iter().filter_map(|dose| dose.micrograms).sum();
        let minutes = bed.since_dose?.as_secs() / 60;
        Some((bed.preset.name.to_string(), session.doses.len(), given, minutes))
    };
    let found: Vec<_> = views(&ward, opening).map(of).collect();
    let want = [
        Some(("ketamine-iv".to_owned(), 1, 35_000, 15)),
        Some(("ketamine-iv".to_owned(), 1, 35_000, 20)),
        Some(("esketamine-nasal".to_owned(), 3, 84_000, 25)),
        Some(("ketamine-im".to_owned(), 1, 35_000, 45)),
        None,
    ];
    assert_eq!(found, want);
}

#[test]
fn every_simulated_patient_has_a_baseline_and_each_act_is_taken() {
    // Goal: no drawn patient is refused anything. Method: two clinics, and their acts of after the
    // opening.
    for seed in [0, 7] {
        let Before { mut ward, events, opening, .. } = played(&clinic_of(14, seed));
        let sessions: Vec<_> = views(&ward, opening).filter_map(|bed| bed.session).collect();
        assert_eq!(sessions.len(), 13, "all but the free bed's");
        let without: Vec<_> = sessions.iter().filter(|it| it.baseline.is_none()).collect();
        assert!(without.is_empty(), "seed {seed}: {without:?}");
        assert!(!events.to_come.is_empty());
        for (act, at) in events.to_come {
            let mut send = |act| match ward.step(&Input::Act(act), at, &mut Vec::new()) {
                Reply::Acted(answer) => answer,
                Reply::None => panic!("an act has an answer"),
            };
            let answer = send(act.clone());
            let answer = nurse::of_lead(&act, &answer).map_or(answer, send);
            assert!(answer.is_ok(), "seed {seed}: {act:?}: {answer:?}");
        }
    }
}

#[test]
fn a_dose_that_the_gate_stops_is_ordered_by_the_lead() {
    // Goal: a patient with a high pressure at rest (B7) stops no demo. Method: bay 2's.
    let mut scenario = clinic_of(BEDS, 0);
    scenario.beds[1].traits.systolic = 148.0;
    let Before { ward, opening, .. } = played(&scenario);
    let bed = views(&ward, opening).nth(1).unwrap();
    assert!(bed.since_dose.is_some(), "{:?}", bed.session);
}

#[test]
fn a_kept_database_goes_on_with_the_sessions_that_it_has() {
    // Goal: `--data` a second time; its beds are in use then.
    let scenario = clinic_of(BEDS, 0);
    let Before { mut ward, config, .. } = played(&scenario);
    let of = |ward: &Ward| -> Vec<_> {
        views(ward, ward.now()).map(|bed| bed.session.map(|it| it.id)).collect()
    };
    let kept = of(&ward);
    let begin = ward.now().plus(Duration::from_secs(3600));
    let (mut again, _) = events(&scenario, &config, begin);
    play(&mut ward, &mut again).unwrap();
    assert_eq!(of(&ward), kept);
}

#[test]
fn an_act_that_is_refused_stops_the_demo() {
    // Goal: a broken story is told, not shown as a clinic without doses. Method: bay 3 gets a
    // fourth device.
    let mut scenario = clinic_of(BEDS, 0);
    let again = scenario.beds[2].doses[2];
    scenario.beds[2].doses.push(again);
    let Before { mut ward, mut events, .. } = before(&scenario);
    let refused = play(&mut ward, &mut events).unwrap_err().to_string();
    assert!(refused.contains("the simulated nurse was refused"), "{refused}");
}

#[test]
fn the_clinic_opens_at_the_hosts_time_however_long_its_past_took() {
    // Goal: at speed 1 a client that goes by its own clock is not ahead. Method: the past ended 7 s
    // ago; nothing of the time between is jumped over.
    let clock = Clock::held(Speed::REAL, Duration::from_secs(1507), None);
    let opening = clock.now().plus(Duration::from_secs(1500));
    let (mut monitors, begun) = (None, clock.real());
    open(&clock, opening, simulators::clock::Speed::REAL, |sim| {
        monitors = Some(sim.opened_wall());
        Ok(())
    })
    .unwrap();
    let (now, host) = (clock.now(), clock.host_wall());
    // As long as this took, a machine may have stood still in the midst of it.
    let took = clock.real() - begun;
    let within = i64::try_from(took.as_micros()).unwrap() + 1_000_000;
    assert!(host.micros_since(now.wall).abs() < within, "{now:?} {host:?}");
    assert!(now.mono >= opening.mono && now.mono.since(opening.mono) <= took);
    let monitors = WallTime::from_micros(monitors.unwrap().as_microsecond());
    assert!(now.wall.micros_since(monitors).abs() < within, "the monitors' clocks agree");
}

#[tokio::test]
async fn its_journal_is_replayed_to_the_same_transitions_and_says_simulated() {
    // safety:A3 Goal: what a simulated clinic told comes out again, each line marked. Method: the
    // past of two beds through the service as it is; nothing listens at the broker's address.
    let mut scenario = clinic_of(BEDS, 0);
    scenario.beds.truncate(2);
    let folder = tempfile::tempdir().unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = clinic::config(&scenario, folder.path(), listen, "mqtt://127.0.0.1:1").unwrap();
    let opened = app::open(config.clone()).await.unwrap();
    let age = Duration::from_secs_f64(scenario.past_s);
    let clock = Arc::new(Clock::held(Speed::REAL, age, None));
    let (mut events, opening) = events(&scenario, &config, clock.now());
    let simulation = Simulation { speed: Speed::REAL, seed: 0, played_until: None };
    let running = opened.start(Arc::clone(&clock), Some(simulation), |engine| {
        events.play(|input, at| engine.feed(input, at)).unwrap();
        clock.release(opening);
    });
    let stop = CancellationToken::new();
    stop.cancel();
    running.await.unwrap().until(stop).await.unwrap();

    let args = ReplayArgs {
        files: vec![folder.path().join("dosevigil.db")],
        presets: Vec::new(),
        dose_at: None,
        format: Format::Jsonl,
        config: folder.path().join("monitor.toml"),
    };
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    replay::run(&args, &mut out, &mut errors).await.unwrap();
    let text = String::from_utf8([out, errors].concat()).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let (summary, told) = lines.split_last().unwrap();
    assert_eq!(summary["same_as_journal"], true, "{summary}");
    assert!(told.iter().all(|line| line["simulated"] == true), "{text}");
    assert!(told.iter().any(|line| line["event"] == "alarm"), "{text}");
}
