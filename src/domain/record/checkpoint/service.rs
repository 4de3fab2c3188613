//! Mirror of the ward itself: its numbers, its sources, the alarms of no bed, and the commands
//! that have been answered (row 17: a repeated one gets the same answer after a restart, too).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bed::BedV1;
use super::device::LinkStateV1;
use super::handover::HandoverV1;
use super::technical::TechnicalV1;
use super::{BY_HAND, Sources, Text};
use crate::domain::alarm::AlarmFamily;
use crate::domain::device::Reject;
use crate::domain::ids::{BedId, BedIndex, DeviceId, ReadingId, Seq, SourceIndex, Uuid};
use crate::domain::input::{Sound, Watching};
use crate::domain::record::act::ActV1;
use crate::domain::record::answer::AnswerV1;
use crate::domain::record::transition::OccurrenceV1;
use crate::domain::record::{HasVersion, Names, RecordError, StampV1, VERSION, by_name};
use crate::domain::time::MonoTime;
use crate::domain::ward::{Answered, Source, Ward, WardPlan};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WardV1<'a> {
    v: u16,
    now: StampV1,
    next_seq: u64,
    next_reading: u64,
    undeclared: u64,
    /// Device, bed, and when.
    #[serde(borrow)]
    heard: Vec<(Text<'a>, Text<'a>, u64)>,
    #[serde(borrow)]
    watching: Option<WatchingV1<'a>>,
    #[serde(borrow)]
    sources: Vec<SourceV1<'a>>,
    #[serde(borrow)]
    service: Vec<TechnicalV1<'a>>,
    #[serde(borrow)]
    gaps: Vec<OccurrenceV1<'a>>,
    /// Oldest first.
    ended: Vec<String>,
    /// Oldest first.
    #[serde(borrow)]
    commands: Vec<AnsweredV1<'a>>,
    /// Sessions that ended, oldest first.
    over: Vec<String>,
    #[serde(borrow)]
    handovers: Vec<HandoverV1<'a>>,
    #[serde(borrow)]
    beds: Vec<BedV1<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WatchingV1<'a> {
    #[serde(borrow)]
    unwatched: Vec<Text<'a>>,
    /// Some visible screen can be heard.
    heard: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceV1<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    link: LinkStateV1<'a>,
    /// Those that are not 0.
    #[serde(borrow)]
    rejects: Vec<(Text<'a>, u64)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnsweredV1<'a> {
    #[serde(borrow)]
    act: ActV1<'a>,
    #[serde(borrow)]
    answer: AnswerV1<'a>,
}

impl HasVersion for WardV1<'_> {
    fn version(&self) -> u16 {
        self.v
    }
}

impl<'a> WardV1<'a> {
    pub(super) fn of(ward: &'a Ward, names: &'a Names) -> Self {
        // An index that the ward has no source for names none, and is dropped when loaded.
        let name = |line: SourceIndex| {
            if line == SourceIndex::BY_HAND {
                return BY_HAND;
            }
            let source = usize::try_from(line.0).ok().and_then(|place| ward.sources.get(place));
            source.map_or("", |source| &*source.plan.name)
        };
        let bed = |bed: BedIndex| ward.beds.get(bed.0 as usize).map(|bed| bed.plan.id.as_str());
        let heard = |(device, (at, when)): (&'a DeviceId, &(BedIndex, MonoTime))| {
            Some((device.as_str().into(), bed(*at)?.into(), when.as_micros()))
        };
        let watching = |it: &Watching| WatchingV1 {
            unwatched: it.unwatched.iter().filter_map(|at| bed(*at)).map(Text::from).collect(),
            heard: it.sound == Sound::Heard,
        };
        let answered = |it: &'a Answered| {
            // An act names a bed of the ward that answered it.
            let act = ActV1::of(&it.act, names).ok()?;
            Some(AnsweredV1 { act, answer: AnswerV1::of(&it.answer) })
        };
        Self {
            v: VERSION,
            now: ward.now.into(),
            next_seq: ward.next_seq.0,
            next_reading: ward.next_reading.0,
            undeclared: ward.undeclared,
            heard: ward.heard.0.iter().filter_map(heard).collect(),
            watching: ward.watching.as_ref().map(watching),
            sources: ward.sources.iter().map(SourceV1::of).collect(),
            service: ward.service.iter().map(|it| TechnicalV1::of(it, name)).collect(),
            gaps: ward.gaps.iter().map(OccurrenceV1::of).collect(),
            ended: ward.ended.iter().map(Uuid::to_string).collect(),
            commands: ward.commands.iter().filter_map(answered).collect(),
            over: ward.over.iter().map(Uuid::to_string).collect(),
            handovers: ward.handovers.iter().map(HandoverV1::of).collect(),
            beds: ward.beds.iter().map(|bed| BedV1::of(bed, name)).collect(),
        }
    }

    pub(super) fn into_ward(self, plan: WardPlan) -> Result<Ward, RecordError> {
        let source_plans = plan.sources.clone();
        let sources = Sources::new(&source_plans);
        let ids: Vec<BedId> = plan.beds.iter().map(|bed| bed.id.clone()).collect();
        let places: BTreeMap<&str, usize> = ids.iter().map(BedId::as_str).zip(0..).collect();
        let names = Names { beds: ids.clone(), sources: Vec::new() };
        let lookup = names.lookup();
        let mut ward = Ward::new(plan, self.now.into());
        ward.next_seq = Seq(self.next_seq);
        ward.next_reading = ReadingId(self.next_reading);
        ward.undeclared = self.undeclared;
        let place = |bed: &str| places.get(bed).map(|place| BedIndex(index_of(*place)));
        for (device, bed, when) in self.heard {
            let Some(bed) = place(&bed) else { continue };
            let when = MonoTime::from_micros(when);
            ward.heard.0.insert(DeviceId::try_new(&device)?, (bed, when));
        }
        ward.watching = self.watching.map(|it| Watching {
            unwatched: it.unwatched.iter().filter_map(|bed| place(bed)).collect(),
            sound: if it.heard { Sound::Heard } else { Sound::Locked },
        });
        for source in self.sources {
            let Some(place) = sources.get(&source.name) else { continue };
            source.restore(&mut ward.sources[place.0 as usize])?;
        }
        for it in self.service {
            let mut it = it.into_domain(|line| sources.get(line))?;
            let is_of_source = it.family == AlarmFamily::LinkDown;
            let subject = it.subject.as_deref().unwrap_or_default();
            if is_of_source && sources.get(subject).is_none() {
                it.since = None;
            }
            ward.service.push(it);
        }
        let gaps = self.gaps.into_iter().map(OccurrenceV1::into_domain);
        ward.gaps = gaps.collect::<Result<_, _>>()?;
        let ended = self.ended.iter().map(|id| Uuid::parse(id));
        ward.ended = ended.collect::<Result<_, _>>()?;
        for it in self.commands {
            let answer = it.answer.into_domain()?;
            match it.act.into_domain(&lookup) {
                Ok(act) => ward.commands.push_back(Answered { act, answer }),
                // Nobody can repeat an act on a bed that left.
                Err(RecordError::UnknownBed(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let over = self.over.iter().map(|id| Uuid::parse(id));
        ward.over = over.collect::<Result<_, _>>()?;
        let handovers = self.handovers.into_iter().map(HandoverV1::into_domain);
        ward.handovers = handovers.collect::<Result<_, _>>()?;
        for bed in self.beds {
            match places.get(&*bed.id) {
                Some(place) => {
                    let (presets, now) = (ward.presets.as_slice(), ward.now.mono);
                    bed.restore(&mut ward.beds[*place], &sources, presets, now)?;
                }
                None if bed.is_in_use() => return Err(RecordError::BedInUse((&*bed.id).into())),
                None => {}
            }
        }
        ward.arm_all();
        Ok(ward)
    }
}

impl<'a> SourceV1<'a> {
    fn of(source: &'a Source) -> Self {
        let Source { plan, link, rejects } = source;
        let counted = Reject::ALL.into_iter().zip(rejects).filter(|(_, count)| **count > 0);
        Self {
            name: (&*plan.name).into(),
            link: LinkStateV1::of(link),
            rejects: counted.map(|(reason, count)| (reason.name().into(), *count)).collect(),
        }
    }

    fn restore(self, source: &mut Source) -> Result<(), RecordError> {
        source.link = self.link.into_domain();
        for (reason, count) in self.rejects {
            let reason = by_name(Reject::ALL, Reject::name, &reason)?;
            source.rejects[reason as usize] = count;
        }
        Ok(())
    }
}

fn index_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
