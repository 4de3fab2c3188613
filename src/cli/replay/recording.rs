//! One recording → the transitions of one bed, through the ward of the live service.
//!
//! Time is the recording's: the ward starts at a fixed stamp, is stepped with `Tick` at each
//! deadline between two rows as the engine does it, and ends at the last row. The session starts
//! at the first row. Nothing is read from a clock, so the same rows give the same transitions.
//!
//! A recording does not say when a dose ended. A preset whose phases count from the end of the
//! dose stays active to the end of the recording; one that counts from its start has a dose of one
//! moment.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};

use super::moments::{Moment, Moments};
use super::print::{Beds, Note, Of, Printer, Summary};
use super::rows::Rows;
use super::tally::Tally;
use crate::domain::alarm::escalation::EscalationTimes;
use crate::domain::alarm::occurrence::Transition;
use crate::domain::alarm::rule::{AlarmPreset, DoseMark};
use crate::domain::bed::{BedPlan, Watch};
use crate::domain::ids::{BedId, BedIndex, DeviceId, SourceIndex, Uuid};
use crate::domain::input::{DoseEvent, Input, LinkChange, SessionStart};
use crate::domain::reading::Origin;
use crate::domain::time::{MonoTime, Stamp, WallTime};
use crate::domain::ward::{SourceKind, SourcePlan, Ward, WardPlan};

/// Time 0 of every recording: 2026-01-01T00:00:00Z, an hour into the monotonic line.
const START: Stamp = Stamp {
    mono: MonoTime::from_micros(3_600_000_000),
    wall: WallTime::from_micros(1_767_225_600_000_000),
};

const BED: BedIndex = BedIndex(0);
const SOURCE: SourceIndex = SourceIndex(0);

/// Plays and prints a CSV that was found to be whole.
///
/// # Errors
/// When it can't be read any more, was changed meanwhile, or the output can't be written.
pub(super) fn play(
    path: &Path,
    preset: &Arc<AlarmPreset>,
    dose: Option<Duration>,
    printer: &mut Printer<'_, impl Write>,
) -> anyhow::Result<Tally> {
    let file = path.display().to_string();
    let opened = File::open(path).with_context(|| format!("{file}: can't be read"))?;
    let of = Of { file: &file, preset, zero: START, beds: Beds::One, origin: Origin::Patient };
    printer.heading(&of)?;
    let (mut tally, mut out) = (Tally::default(), Vec::new());
    let mut player: Option<Player> = None;
    for moment in Moments::new(Rows::new(BufReader::new(opened))) {
        let moment = moment.map_err(|bad| anyhow!("{file}:{}: {}", bad.line, bad.what))?;
        let player = player.get_or_insert_with(|| Player::start(preset, moment.at, dose, &mut out));
        player.play(moment, &mut out);
        for transition in out.drain(..) {
            tally.count(&transition);
            printer.transition(&of, &transition)?;
        }
    }
    let player = player.with_context(|| format!("{file}: has no reading any more"))?;
    tally.end(player.now().mono);
    let note = if player.was_dosed() { Note::Nothing } else { Note::NoDose };
    printer.summary(&Summary { file: Some(&file), preset, tally: &tally, note })?;
    Ok(tally)
}

/// A bed that a recording is played to.
#[derive(Debug)]
struct Player {
    ward: Ward,
    device: DeviceId,
    dose: Dose,
    marks: DoseMark,
}

/// The dose, as far as it is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dose {
    ToCome { at: Stamp },
    Given,
}

impl Player {
    /// Starts the session at `first`, the time of the first row. The dose is given at `dose`, or
    /// at the first row.
    fn start(
        preset: &Arc<AlarmPreset>,
        first: Duration,
        dose: Option<Duration>,
        out: &mut Vec<Transition>,
    ) -> Self {
        let at = START.plus(first);
        let mut player = Self {
            ward: Ward::new(plan(preset), at),
            device: DeviceId::try_new("recording").expect("a printable name"),
            dose: Dose::ToCome { at: START.plus(dose.unwrap_or(first)) },
            marks: preset.active.mark,
        };
        let (source, change) = (SOURCE, LinkChange::Online);
        player.ward.step(&Input::Link { bed: None, source, device: None, change }, at, out);
        let start = SessionStart {
            id: Uuid::of_onset(at.wall, &["replay"]),
            initials: "".into(),
            drug: (&*preset.drug).into(),
            route: preset.routes.first().map_or("", |route| route).into(),
            age_years: None,
            responsible: None,
        };
        player.ward.step(&Input::SessionStarted { bed: BED, start }, at, out);
        player
    }

    /// Lets time pass up to the moment, and takes its messages.
    fn play(&mut self, moment: Moment, out: &mut Vec<Transition>) {
        let now = START.plus(moment.at);
        self.dose_by(now, out);
        self.until(now, out);
        for message in moment.messages {
            let device = self.device.clone();
            let input = Input::Message { bed: BED, source: SOURCE, device, message };
            self.ward.step(&input, now, out);
        }
    }

    /// Whether the dose came before the recording ended.
    fn was_dosed(&self) -> bool {
        self.dose == Dose::Given
    }

    /// The newest moment lived through.
    const fn now(&self) -> Stamp {
        self.ward.now()
    }

    /// Gives the dose when it is due by `now`; a dose before the first row is given with it.
    fn dose_by(&mut self, now: Stamp, out: &mut Vec<Transition>) {
        let Dose::ToCome { at } = self.dose else { return };
        if at.mono > now.mono {
            return;
        }
        self.dose = Dose::Given;
        let given = if at.mono > self.ward.now().mono { at } else { self.ward.now() };
        self.until(given, out);
        let events = match self.marks {
            DoseMark::Start => vec![DoseEvent::Started { at }, DoseEvent::Ended { at }],
            DoseMark::End => vec![DoseEvent::Started { at }],
        };
        for dose in events {
            self.ward.step(&Input::Dose { bed: BED, dose }, given, out);
        }
    }

    fn until(&mut self, to: Stamp, out: &mut Vec<Transition>) {
        while let Some(due) = self.ward.next_deadline().filter(|due| *due <= to.mono) {
            let now = self.ward.now();
            self.ward.step(&Input::Tick, now.plus(due.since(now.mono)), out);
        }
    }
}

fn plan(preset: &Arc<AlarmPreset>) -> WardPlan {
    let bed = BedPlan {
        id: BedId::try_new("replay").expect("a name of the contract's letters"),
        watch: Watch::Session,
        preset: Arc::clone(preset),
        lines: Vec::new(),
        declared: Vec::new(),
        origin: Origin::Patient,
    };
    WardPlan {
        site: "replay".into(),
        beds: vec![bed],
        sources: vec![SourcePlan { name: "recording".into(), kind: SourceKind::Broker }],
        origin: Origin::Patient,
        escalation: EscalationTimes::DEFAULT,
        presets: Vec::new(),
    }
}
