//! The words that an enum has on the wire, as TypeScript unions of literals: each from the enum's
//! own names, so that a new or another word is another type (see `typescript`).

use std::path::PathBuf;

use ts_rs::{Config, TS};

use super::{bed, event, occurrence, preset};
pub(crate) use crate::config::Watch;
pub(crate) use crate::domain::act::{Disposition, Symptom};
pub(crate) use crate::domain::alarm::occurrence::{
    Change, EndReason, Presence, SessionChange, Signal,
};
pub(crate) use crate::domain::alarm::rule::{DoseMark, Judged, Phase, RequiredSignal};
pub(crate) use crate::domain::alarm::{AlarmFamily, AlarmKind, Priority};
use crate::domain::bed::{IF_SEEN, PLACES};
use crate::domain::ids::RuleId;
pub(crate) use crate::domain::metric::Metric;
pub(crate) use crate::domain::reading::{Absent, ValueSource};
pub(crate) use crate::domain::role::Role;
pub(crate) use crate::domain::screens::{Audio, ScreenKind};
use crate::domain::session::checks::{Checks, Missing};
pub(crate) use crate::domain::session::hand::{Arm, CuffSize};
use crate::domain::session::task::TaskKind;
pub(crate) use crate::domain::session::task::TaskState;
use crate::domain::time::Stamp;
pub(crate) use crate::domain::view::{Freshness, LinkState, Side};
pub(crate) use crate::shell::http::site::SourceKind;

/// The metrics that a tile has.
pub(crate) struct ShownMetric;
/// What may be missing for a dose or a discharge.
pub(crate) struct MissingWhat;
/// What may be to be done.
pub(crate) struct TaskWhat;

/// All variants of an enum that does not list them itself; without one, it does not compile.
macro_rules! every {
    ($of:ident: $($variant:ident $({ $field:ident: $value:expr })?),+) => {{
        let _ = |it: &$of| match it { $($of::$variant { .. } => ()),+ };
        [$($of::$variant $({ $field: $value })?),+]
    }};
}

macro_rules! words {
    ($($of:ident: $words:expr,)+) => { $(
        impl TS for $of {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;

            fn name(_: &Config) -> String {
                stringify!($of).into()
            }

            fn inline(_: &Config) -> String {
                let words = $words.into_iter().map(|word| format!("{word:?}"));
                words.collect::<Vec<_>>().join(" | ")
            }

            fn decl(of: &Config) -> String {
                format!("type {} = {};", stringify!($of), Self::inline(of))
            }

            /// Tells a type with a declaration of its own from one without.
            fn output_path() -> Option<PathBuf> {
                Some(stringify!($of).into())
            }
        }
    )+ };
}

words! {
    Absent: every!(Absent: Range { raw: 0 }, Pair { raw: 0 }, Unit, Unavailable, Invalid, Stale)
        .map(Absent::name),
    AlarmFamily: AlarmFamily::ALL.map(AlarmFamily::name),
    AlarmKind: every!(AlarmKind: Physiological, Technical).map(occurrence::kind),
    Arm: Arm::ALL.map(Arm::name),
    Audio: Audio::ALL.map(Audio::name),
    Change: Change::ALL.map(Change::name),
    CuffSize: CuffSize::ALL.map(CuffSize::name),
    Disposition: Disposition::ALL.map(Disposition::name),
    DoseMark: every!(DoseMark: Start, End).map(preset::mark),
    EndReason: EndReason::ALL.map(EndReason::name),
    Freshness: every!(Freshness: Live, Grey, Removed, Absent).map(Freshness::name),
    Judged: std::iter::once(Judged::HeartRate)
        .chain(Metric::ALL.map(Judged::Metric))
        .map(Judged::name),
    LinkState: every!(LinkState: Opening, Negotiating, Online, Quiet, Lost).map(LinkState::name),
    Metric: Metric::ALL.map(|metric| metric.info().name),
    MissingWhat: missing(),
    Phase: Phase::ALL.map(Phase::name),
    Presence: every!(Presence: Present, Clearing, Ended).map(Presence::name),
    Priority: Priority::ALL.map(Priority::name),
    RequiredSignal: RequiredSignal::ALL.map(preset::signal),
    Role: Role::ALL.map(Role::name),
    ScreenKind: ScreenKind::ALL.map(ScreenKind::name),
    SessionChange: SessionChange::ALL.map(SessionChange::name),
    ShownMetric: PLACES.into_iter().chain(IF_SEEN).map(Judged::name),
    Side: every!(Side: Low, High).map(bed::side),
    Signal: every!(Signal: Active, Paused, Acknowledged, Latched, None).map(Signal::name),
    SourceKind: every!(SourceKind: Serial, Mqtt).map(event::kind),
    Symptom: Symptom::ALL.map(Symptom::name),
    TaskState: every!(TaskState: Upcoming, Due, Overdue).map(TaskState::name),
    TaskWhat: tasks(),
    ValueSource: ValueSource::ALL.map(ValueSource::name),
    Watch: every!(Watch: Session, Always).map(bed::watch),
}

fn missing() -> impl Iterator<Item = &'static str> {
    let rule = || RuleId::try_new("B6").expect("B6 is a rule's name");
    let named = every!(
        Missing: Baseline,
        Pressure { rule: rule() },
        Readings { rule: rule() },
        DeviceRest { until: Stamp::default() },
        DoseRunning,
        Observation { until: Stamp::default() },
        DischargePressure { rule: rule() },
        TimedReading { id: "".into() },
        Sedation { moaas: None },
        Symptoms,
        Check { name: "" }
    );
    let checks = Checks::ALL.all().map(|(name, _)| name);
    let named = named.map(|it| it.name()).into_iter().filter(|name| !name.is_empty());
    named.chain(checks)
}

fn tasks() -> [&'static str; 5] {
    let all = every!(
        TaskKind: Baseline,
        CuffReading,
        TimedReading { id: "".into() },
        NextDevice { number: 1 },
        Discharge
    );
    all.map(|it| it.name())
}
