//! A status that names a bed but no device: its bed's devices of that broker, never the broker.
use std::path::Path;
use std::time::Duration;

use dosevigil::config;
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::bed::{BedPlan, Watch};
use dosevigil::domain::device::Message;
use dosevigil::domain::ids::{BedId, BedIndex, DeviceId, SourceIndex};
use dosevigil::domain::input::{Input, LinkChange};
use dosevigil::domain::reading::Origin;
use dosevigil::domain::time::{MonoTime, Stamp, WallTime};
use dosevigil::domain::view::LinkState;
use dosevigil::domain::ward::{SourceKind, SourcePlan, Ward, WardPlan};

const BED: BedIndex = BedIndex(0);
const BROKER: SourceIndex = SourceIndex(0);

fn at(second: u64) -> Stamp {
    let start = Stamp {
        mono: MonoTime::from_micros(0),
        wall: WallTime::from_micros(1_795_000_000_000_000),
    };
    start.plus(Duration::from_secs(second))
}

fn ward() -> Ward {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
    let preset = config::load(&example).expect("the example is valid").alarms.preset;
    let bed = BedPlan {
        declared: Vec::new(),
        id: BedId::try_new("bay-1").expect("a valid name"),
        watch: Watch::Session,
        preset,
        lines: Vec::new(),
        origin: Origin::Patient,
    };
    let source = SourcePlan { name: "ward".into(), kind: SourceKind::Broker };
    let plan = WardPlan {
        escalation: dosevigil::domain::alarm::escalation::EscalationTimes::DEFAULT,
        presets: Vec::new(),
        site: "test".into(),
        beds: vec![bed],
        sources: vec![source],
        origin: Origin::Patient,
    };
    Ward::new(plan, at(0))
}

fn link(bed: Option<BedIndex>, change: LinkChange) -> Input {
    Input::Link { bed, source: BROKER, device: None, change }
}

fn lost(second: u64) -> LinkChange {
    LinkChange::Lost { since: at(second), why: "device says offline".into() }
}

fn heard(device: &str) -> Input {
    let device = DeviceId::try_new(device).expect("a valid name");
    Input::Message { bed: BED, source: BROKER, device, message: Message::default() }
}

fn links_down(ward: &Ward) -> Vec<&str> {
    let down = ward.occurrences().filter(|it| it.family == AlarmFamily::LinkDown);
    down.filter_map(|it| it.subject.as_deref()).collect()
}

#[test]
fn a_status_without_a_device_is_the_link_of_the_beds_devices_and_not_the_brokers() {
    // safety:S1. Goal: the last will of a topic with a fixed bed is an alarm, whether its
    // devices have spoken or not, and readiness goes by the broker alone.
    let table: [(&[&str], &[&str]); 3] =
        [(&[], &["ward"]), (&["cuff"], &["cuff"]), (&["cuff", "oxi"], &["cuff", "oxi"])];
    for (devices, down) in table {
        let mut ward = ward();
        let mut out = Vec::new();
        ward.step(&link(None, LinkChange::Online), at(1), &mut out);
        for device in devices {
            ward.step(&heard(device), at(2), &mut out);
        }
        ward.step(&link(Some(BED), lost(3)), at(3), &mut out);
        ward.step(&Input::Tick, at(60), &mut out);
        assert_eq!(links_down(&ward), down, "{devices:?}");
        let states: Vec<_> = ward.source_views().map(|view| view.state).collect();
        assert_eq!(states, [LinkState::Online], "{devices:?}");

        ward.step(&link(Some(BED), LinkChange::Online), at(61), &mut out);
        assert_eq!(links_down(&ward), [""; 0], "{devices:?}: the birth message ends it");
    }
}
