//! The ward's whole state as one line of JSON: with it, the inputs after it are enough to start
//! again (`style` 2.9; row 28 of alarms 11; safety A8).
//!
//! The picture is exact: a ward that was loaded answers every input as the one that was saved
//! would have. Everything that the configuration decides is left out and goes by name, so the
//! checkpoint of one configuration can be loaded under the next:
//!
//! - a new bed, source, rule or family starts fresh;
//! - a bed that left is skipped, or refused (`BedInUse`) while its session runs or an alarm of it
//!   is open or latched;
//! - of a source that left, or a serial line that was given to another bed, the devices and values
//!   go, and what was told of them loses its cause;
//! - of a rule that left, or judges other components, the holds go, and what governs the family's
//!   occurrence is worked out again;
//! - of a family that left, the occurrence stays, without a cause.
//!
//! An occurrence never vanishes by that: it ends as any other does, told as `ended` with reason
//! `cleared` (or `phase` where no rule of the family is in phase), and a HIGH one stays latched.
//!
//! Not here: when to save, where to, and the transitions of a restart, which `Input::Restarted`
//! brings. A step that is not finished cannot be saved: save between steps.

mod bed;
mod conflict;
mod device;
mod episode;
mod family;
mod handover;
mod hold;
mod inactivation;
mod recent;
mod service;
mod session;
mod technical;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use self::service::WardV1;
use super::{Names, RecordError, malformed, parse};
use crate::domain::bed::BedPlan;
use crate::domain::ids::SourceIndex;
use crate::domain::ward::{SourceKind, SourcePlan, Ward, WardPlan};

type Text<'a> = Cow<'a, str>;

/// The line of what people enter: a name that no configuration can give to a source.
const BY_HAND: &str = "\nby-hand";

impl Ward {
    /// Everything that later steps depend on, of the version that this release writes. Between
    /// steps only.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        let beds = self.beds.iter().map(|bed| bed.plan.id.clone()).collect();
        let names = Names { beds, sources: Vec::new() };
        serde_json::to_vec(&WardV1::of(self, &names)).expect("mirrors hold no map")
    }

    /// The ward that `save` wrote, under a configuration that may have changed since; the
    /// module's list says what becomes of what that no longer has.
    ///
    /// # Errors
    /// `BedInUse` when a bed left the configuration that must not; `Version` or `Malformed` when
    /// this is no checkpoint that this release knows.
    pub fn load(plan: WardPlan, state: &[u8]) -> Result<Self, RecordError> {
        let text = std::str::from_utf8(state).map_err(|_| malformed("not UTF-8"))?;
        parse::<WardV1<'_>>(text)?.into_ward(plan)
    }
}

/// The configuration's sources by name.
struct Sources<'a>(BTreeMap<&'a str, (SourceIndex, SourceKind)>);

impl<'a> Sources<'a> {
    fn new(plans: &'a [SourcePlan]) -> Self {
        let places = (0..).map(SourceIndex).zip(plans);
        Self(places.map(|(place, plan)| (&*plan.name, (place, plan.kind))).collect())
    }

    fn get(&self, name: &str) -> Option<SourceIndex> {
        self.0.get(name).map(|(place, _)| *place)
    }

    /// A source as one bed sees it: a serial line that was given to another bed is not there.
    fn of_bed(&self, name: &str, bed: &BedPlan) -> Option<SourceIndex> {
        if name == BY_HAND {
            return Some(SourceIndex::BY_HAND);
        }
        let (place, kind) = *self.0.get(name)?;
        let is_of_bed = match kind {
            SourceKind::Serial => bed.lines.iter().any(|(_, line)| *line == place),
            SourceKind::Broker => true,
        };
        is_of_bed.then_some(place)
    }
}

/// Whole microseconds, which all times but a vital's period are made of.
fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}
