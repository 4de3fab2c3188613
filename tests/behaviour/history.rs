//! Random histories of one bed, from a seed that a failing test prints.

use std::time::Duration;

use dosevigil::domain::act::Baseline;
use dosevigil::domain::alarm::rule::Judged;
use dosevigil::domain::device::Message;
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Absent, Quantity, Reading, Validity, ValueSource};

/// What happens at one moment.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// The oximeter's line: pulse, SpO2 and respiration, each with a value or none.
    Sample([Option<i32>; 3], Validity),
    /// Systolic and diastolic of one of two cuffs, or taken by hand (2).
    Cuff {
        sys: i32,
        dia: i32,
        cuff: usize,
        validity: Validity,
    },
    Link(Line),
    Reject,
    /// Of the families shown of the bed, in their order, the n-th; its newest occurrence.
    Acknowledge(usize),
    /// The same, a revision too old.
    Stale(usize),
    /// The command before, once more.
    Again,
    AcknowledgeService,
    Unreceived(usize),
    /// Whether a visible screen shows the bed.
    Watched(bool),
    PauseAudio,
    ResumeAudio,
    PauseAlarms,
    ResumeAlarms,
    BeginStandby,
    EndStandby,
    Baseline(Baseline),
    /// A lead moves one of `LIMITS`; `None`: back to the preset's.
    Limit(usize, Option<i32>),
    /// A symptom that feeds B3, or none; and the sedation score.
    Observe {
        symptom: bool,
        moaas: Option<i32>,
    },
    Restart(Duration),
    SessionStarts,
    DoseStarts,
    DoseEnds,
    SessionEnds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    OximeterLost,
    OximeterBack,
    BrokerLost,
    BrokerBack,
    /// A gateway of the broker's tells that it has lost the monitor behind it.
    MonitorLost,
    MonitorBack,
    /// It is there itself: a retained status that comes again.
    GatewayHere,
}

/// Acts with the time since the start, in order.
pub(crate) type History = Vec<(Duration, Act)>;

/// The stories that an ordinary run plays.
pub(crate) const STORIES: u64 = 100_000;

/// How many histories of a kind, of which an ordinary run plays so many: `DOSEVIGIL_HISTORIES` says
/// how many stories to play instead, and of every other kind in the same proportion.
pub(crate) fn count(ordinary: u64) -> u64 {
    let wanted = std::env::var("DOSEVIGIL_HISTORIES").ok();
    let wanted: Option<u64> = wanted.map(|n| n.parse().expect("DOSEVIGIL_HISTORIES is a number"));
    wanted.map_or(ordinary, |wanted| (ordinary * wanted).div_ceil(STORIES))
}

/// SplitMix64: small, and the same for ever.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    /// One of these.
    pub(crate) fn of_these(&mut self, values: &[i32]) -> i32 {
        let place = usize::try_from(self.below(values.len() as u64)).expect("a small number");
        values[place]
    }

    /// True once in `n`.
    pub(crate) fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// Limits that a lead moves in a history: rule, and what it judges.
pub(crate) const LIMITS: [(&str, Judged); 4] = [
    ("B4", Judged::Metric(Metric::NibpSys)),
    ("B2", Judged::Metric(Metric::NibpSys)),
    ("H1", Judged::HeartRate),
    ("O1", Judged::Metric(Metric::SpO2)),
];

/// Around each limit and clear level of the default rules.
pub(crate) const VALUES: [&[i32]; 3] = [
    &[
        35, 39, 45, 49, 52, 90, 90, 107, 108, 110, 111, 117, 118, 119, 120, 121, 130, 137, 138,
        139, 140, 141, 150,
    ],
    &[97, 94, 93, 92, 91, 90, 89, 87, 86, 85, 80],
    &[14, 12, 11, 10, 9, 8, 7, 5, 0],
];
const SYSTOLIC: [i32; 17] =
    [79, 88, 94, 128, 158, 160, 161, 164, 165, 174, 175, 176, 180, 186, 195, 199, 205];
/// Beside a low systolic.
const LOW_DIASTOLIC: [i32; 4] = [40, 50, 60, 65];
const DIASTOLIC: [i32; 8] = [80, 80, 80, 95, 99, 100, 110, 121];
pub(crate) const METRICS: [(Metric, ValueSource); 3] = [
    (Metric::PulseRate, ValueSource::Pleth),
    (Metric::SpO2, ValueSource::Pleth),
    (Metric::RespRate, ValueSource::Ecg),
];

/// About two minutes of continuous values: mostly one a second, in spells, with gaps, absent and
/// questionable ones.
pub(crate) fn continuous(random: &mut Random) -> History {
    let mut at = Duration::ZERO;
    let mut now = [90, 97, 14];
    let stay = 2 + random.below(12);
    let mut history = History::new();
    for _ in 0..60 + random.below(60) {
        at += Duration::from_millis(match random.below(40) {
            0 => 3_000 + 500 * random.below(50),
            1..4 => 500,
            4..6 => 1_500 + 500 * random.below(4),
            _ => 1_000,
        });
        for (value, values) in now.iter_mut().zip(VALUES) {
            if random.once_in(stay) {
                *value = random.of_these(values);
            }
        }
        let absent = random.once_in(30);
        let values = now.map(|value| (!absent || !random.once_in(2)).then_some(value));
        let validity = validity(random);
        history.push((at, Act::Sample(values, validity)));
    }
    history
}

/// Everything at once, restarts and acknowledgements included.
pub(crate) fn everything(random: &mut Random) -> History {
    let mut history = continuous(random);
    let end = history.last().map_or(Duration::ZERO, |(at, _)| *at);
    for _ in 0..12 {
        let at = Duration::from_millis(random.below(end.as_secs() * 4) * 250);
        let act = match random.below(12) {
            0..4 => cuff(random),
            4 => Act::Link(Line::OximeterLost),
            5 => Act::Link(Line::OximeterBack),
            6 => Act::Link(Line::BrokerLost),
            7 => Act::Link(Line::BrokerBack),
            8 => Act::Reject,
            9 if random.once_in(6) => Act::SessionEnds,
            9 => Act::DoseEnds,
            10 if random.once_in(3) => Act::Restart(Duration::from_secs(random.below(30))),
            _ => Act::Acknowledge(random.below(4).try_into().expect("small")),
        };
        history.push((at, act));
    }
    history.sort_by_key(|(at, _)| *at);
    // Readings of one cuff within five seconds would be one determination.
    apart(&mut history);
    history
}

/// Readings of one cuff within five seconds would be one determination.
pub(crate) fn apart(history: &mut History) {
    let mut newest = [None; 3];
    history.retain(|(at, act)| {
        let Act::Cuff { cuff, .. } = act else { return true };
        let apart = newest[*cuff].is_none_or(|before| *at > before + Duration::from_secs(6));
        if apart {
            newest[*cuff] = Some(*at);
        }
        apart
    });
}

pub(crate) fn cuff(random: &mut Random) -> Act {
    let sys = random.of_these(&SYSTOLIC);
    let dia = random.of_these(if sys < 100 { &LOW_DIASTOLIC[..] } else { &DIASTOLIC });
    let cuff = usize::from(random.once_in(8));
    Act::Cuff { sys, dia, cuff, validity: validity(random) }
}

pub(crate) fn validity(random: &mut Random) -> Validity {
    if random.once_in(25) { Validity::Questionable } else { Validity::Good }
}

/// The message of a sample.
pub(crate) fn sample(values: [Option<i32>; 3], validity: Validity) -> Message {
    let readings = METRICS.into_iter().zip(values).map(|((metric, source), value)| Reading {
        validity,
        ..Reading::new(metric, value.map(Quantity).ok_or(Absent::Unavailable), source)
    });
    Message { readings: readings.collect(), ..Message::default() }
}
