//! Mirror of one bed, and how it is put back under a configuration that may have changed since.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::conflict::{AsideV1, ConflictV1};
use super::device::{DeviceV1, VitalV1};
use super::family::{FamilyV1, Fit};
use super::inactivation::{AudioV1, InactivationV1, RaisedV1};
use super::recent::RememberedV1;
use super::session::SessionV1;
use super::technical::{TechnicalV1, end_causes_that_left};
use super::{Sources, Text};
use crate::domain::alarm::rule::{AlarmPreset, FamilyRules};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::bed::{Bed, Counts, Moved, Recent, Rejects, Technical};
use crate::domain::device::BedsideAlarm;
use crate::domain::ids::{DeviceId, SourceIndex};
use crate::domain::reading::Origin;
use crate::domain::record::{RecordError, StampV1, by_name};
use crate::domain::time::MonoTime;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BedV1<'a> {
    #[serde(borrow)]
    pub(super) id: Text<'a>,
    #[serde(borrow)]
    session: Option<SessionV1<'a>>,
    #[serde(borrow)]
    devices: Vec<DeviceV1<'a>>,
    #[serde(borrow)]
    vitals: Vec<VitalV1<'a>>,
    /// The newest last.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    recent: Vec<RememberedV1<'a>>,
    #[serde(borrow)]
    families: Vec<FamilyV1<'a>>,
    #[serde(borrow)]
    technical: Vec<TechnicalV1<'a>>,
    #[serde(borrow)]
    lost_brokers: Vec<(Text<'a>, StampV1, Text<'a>)>,
    #[serde(borrow)]
    rejects: Vec<(Text<'a>, [Option<u64>; 3])>,
    /// Device, code, priority, and whether it is active.
    #[serde(borrow)]
    bedside_alarms: Vec<(Text<'a>, Text<'a>, Text<'a>, bool)>,
    #[serde(borrow)]
    conflicts: Vec<ConflictV1<'a>>,
    #[serde(borrow)]
    aside: Vec<AsideV1<'a>>,
    simulated: bool,
    #[serde(borrow)]
    audio: Option<AudioV1<'a>>,
    #[serde(borrow)]
    inactivation: InactivationV1<'a>,
    /// Oldest first.
    #[serde(borrow)]
    raises: Vec<RaisedV1<'a>>,
    watched_since: u64,
    patient_since: u64,
    /// What the next step must look at, which the one before left.
    #[serde(borrow)]
    moved: MovedV1<'a>,
    deadline: u64,
    counts: CountsV1,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MovedV1<'a> {
    #[serde(borrow)]
    families: Vec<Text<'a>>,
    technical: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountsV1 {
    readings: u64,
    repeated: u64,
    older: u64,
    unknown_keys: u64,
    refused_starts: u64,
}

impl<'a> BedV1<'a> {
    /// `name` names a source by its place.
    pub(super) fn of(bed: &'a Bed, name: impl Fn(SourceIndex) -> &'a str + Copy) -> Self {
        let Bed {
            plan,
            rules,
            session,
            devices,
            vitals,
            recent,
            families,
            technical,
            lost_brokers,
            rejects,
            bedside_alarms,
            conflicts,
            aside,
            origin,
            audio,
            inactivation,
            raises,
            watched_since,
            patient_since,
            moved,
            deadline,
            counts,
        } = bed;
        let rules = rules.families();
        let lost = |(line, since, why): &'a (SourceIndex, _, Arc<str>)| {
            (name(*line).into(), StampV1::from(*since), (&**why).into())
        };
        let refused = |Rejects { line, newest }: &Rejects| {
            (name(*line).into(), newest.map(|at| at.map(MonoTime::as_micros)))
        };
        let bedside = |(device, alarm): &'a (DeviceId, BedsideAlarm)| {
            (
                device.as_str().into(),
                (&*alarm.code).into(),
                alarm.priority.name().into(),
                alarm.active,
            )
        };
        Self {
            id: plan.id.as_str().into(),
            session: session.as_ref().map(SessionV1::of),
            devices: devices.iter().map(|it| DeviceV1::of(it, name(it.line))).collect(),
            vitals: vitals.iter().map(|it| VitalV1::of(it, name(it.line))).collect(),
            recent: recent.0.iter().map(RememberedV1::of).collect(),
            families: families.iter().zip(rules).map(|(it, r)| FamilyV1::of(it, r)).collect(),
            technical: technical.iter().map(|it| TechnicalV1::of(it, name)).collect(),
            lost_brokers: lost_brokers.iter().map(lost).collect(),
            rejects: rejects.iter().map(refused).collect(),
            bedside_alarms: bedside_alarms.iter().map(bedside).collect(),
            conflicts: conflicts.iter().map(ConflictV1::of).collect(),
            aside: aside.iter().map(AsideV1::of).collect(),
            simulated: *origin == Origin::Simulated,
            audio: audio.as_ref().map(AudioV1::of),
            inactivation: InactivationV1::of(inactivation),
            raises: RaisedV1::all(raises),
            watched_since: watched_since.as_micros(),
            patient_since: patient_since.as_micros(),
            moved: MovedV1::of(*moved, rules),
            deadline: deadline.as_micros(),
            counts: CountsV1::of(*counts),
        }
    }

    /// A session runs, or an alarm is open or latched: the bed cannot leave unseen.
    pub(super) fn is_in_use(&self) -> bool {
        self.session.is_some()
            || self.families.iter().any(|family| family.episode.has_occurrence())
            || self.technical.iter().any(|it| it.episode.has_occurrence())
    }

    /// Puts `bed`, fresh from its plan, where this one was. Where the configuration has changed,
    /// everything is looked at again with the next step.
    pub(super) fn restore(
        self,
        bed: &mut Bed,
        sources: &Sources<'_>,
        presets: &[Arc<AlarmPreset>],
        now: MonoTime,
    ) -> Result<(), RecordError> {
        let plan = bed.plan.clone();
        let mut fit = Fit::Same;
        let mut known = |line: &str| {
            let found = sources.of_bed(line, &plan);
            if found.is_none() {
                fit = Fit::Changed;
            }
            found
        };
        for device in self.devices {
            if let Some(line) = known(&device.line) {
                bed.devices.push(device.into_domain(line)?);
            }
        }
        for vital in self.vitals {
            if let Some(line) = known(&vital.line) {
                bed.vitals.push(vital.into_domain(line)?);
            }
        }
        for (line, since, why) in self.lost_brokers {
            if let Some(line) = known(&line) {
                bed.lost_brokers.push((line, since.into(), why.into()));
            }
        }
        for (line, newest) in self.rejects {
            if let Some(line) = known(&line) {
                let newest = newest.map(|at| at.map(MonoTime::from_micros));
                bed.rejects.push(Rejects { line, newest });
            }
        }
        for technical in self.technical {
            bed.technical.push(technical.into_domain(&mut known)?);
        }
        let alarms = self.bedside_alarms.into_iter().map(bedside_alarm);
        bed.bedside_alarms = alarms.collect::<Result<_, _>>()?;
        let conflicts = self.conflicts.into_iter().map(ConflictV1::into_domain);
        bed.conflicts = conflicts.collect::<Result<_, _>>()?;
        let aside = self.aside.into_iter().map(AsideV1::into_domain);
        bed.aside = aside.collect::<Result<_, _>>()?;
        bed.session = self.session.map(SessionV1::into_domain).transpose()?;
        let recent = self.recent.into_iter().map(RememberedV1::into_domain);
        bed.recent = Recent(recent.collect::<Result<_, _>>()?);
        bed.restore_preset(presets, now);
        let saved = if self.simulated { Origin::Simulated } else { Origin::Patient };
        bed.origin = bed.plan.origin.or(saved);
        bed.audio = self.audio.map(AudioV1::into_domain).transpose()?;
        bed.inactivation = self.inactivation.into_domain();
        bed.raises = RaisedV1::into_all(self.raises)?;
        bed.watched_since = MonoTime::from_micros(self.watched_since);
        bed.patient_since = MonoTime::from_micros(self.patient_since);
        bed.counts = self.counts.into_domain();
        bed.deadline = MonoTime::from_micros(self.deadline);
        bed.moved = self.moved.into_domain(bed)?;
        if restore_families(self.families, bed)? == Fit::Changed || fit == Fit::Changed {
            end_causes_that_left(bed);
            bed.moved = Moved::ALL;
            bed.deadline = now;
        }
        Ok(())
    }
}

fn bedside_alarm(
    (device, code, priority, active): (Text<'_>, Text<'_>, Text<'_>, bool),
) -> Result<(DeviceId, BedsideAlarm), RecordError> {
    let priority = by_name(Priority::ALL, Priority::name, &priority)?;
    Ok((DeviceId::try_new(&device)?, BedsideAlarm { code: code.into(), priority, active }))
}

/// Each family goes where the preset has it. An occurrence of one that it no longer has becomes a
/// technical condition without a cause, which the next settling ends.
fn restore_families(saved: Vec<FamilyV1<'_>>, bed: &mut Bed) -> Result<Fit, RecordError> {
    let rules = bed.rules.clone();
    let rules = rules.families();
    let mut fit = if saved.len() == rules.len() { Fit::Same } else { Fit::Changed };
    for family in saved {
        let of = by_name(AlarmFamily::ALL, AlarmFamily::name, &family.family)?;
        if let Some(place) = rules.iter().position(|rules| rules.family == of) {
            let (restored, fits) = family.into_domain(&rules[place])?;
            bed.families[place] = restored;
            fit = if fits == Fit::Changed { fits } else { fit };
            continue;
        }
        fit = Fit::Changed;
        if family.episode.has_occurrence() {
            bed.technical.push(Technical {
                family: of,
                subject: None,
                line: None,
                since: None,
                why: "".into(),
                floor: Priority::Low,
                episode: family.episode.into_orphan()?,
            });
        }
    }
    Ok(fit)
}

impl<'a> MovedV1<'a> {
    fn of(moved: Moved, rules: &'a [FamilyRules]) -> Self {
        let touched = (0..32).zip(rules).filter(|(place, _)| moved.families >> place & 1 == 1);
        let families = touched.map(|(_, rules)| rules.family.name().into()).collect();
        Self { families, technical: moved.technical }
    }

    fn into_domain(self, bed: &Bed) -> Result<Moved, RecordError> {
        let mut families = 0;
        for name in self.families {
            let family = by_name(AlarmFamily::ALL, AlarmFamily::name, &name)?;
            let mut places = (0..32).zip(&bed.rules.preset.families);
            let place = places.find(|(_, rules)| rules.family == family);
            families |= place.map_or(0, |(place, _)| 1 << place);
        }
        Ok(Moved { families, technical: self.technical })
    }
}

impl CountsV1 {
    const fn of(counts: Counts) -> Self {
        let Counts { readings, repeated, older, unknown_keys, refused_starts } = counts;
        Self { readings, repeated, older, unknown_keys, refused_starts }
    }

    const fn into_domain(self) -> Counts {
        let Self { readings, repeated, older, unknown_keys, refused_starts } = self;
        Counts { readings, repeated, older, unknown_keys, refused_starts }
    }
}
