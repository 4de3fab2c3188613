//! Random stories of one bed: short, with everything in them that the model knows, each act off
//! the second so that nothing falls on another thing's end.

use std::time::Duration;

use dosevigil::domain::act::Baseline;

use crate::history::{Act, History, Line, Random, VALUES, apart, cuff, validity};

/// What happens to the service in a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Runs,
    /// Now and then it stands still, and starts again.
    Restarts,
}

/// How often something comes.
#[derive(Clone, Copy)]
enum Pace {
    /// Samples each few seconds.
    Samples,
    /// Determinations each few minutes.
    Cuffs,
    Both,
}

pub(crate) fn story(random: &mut Random, service: Service) -> History {
    let mut at = Duration::ZERO;
    let mut history = History::new();
    if service == Service::Restarts {
        // Other stories than those of the same seed without restarts.
        random.below(2);
    }
    if !random.once_in(10) {
        history.push((at, Act::SessionStarts));
        if !random.once_in(4) {
            history.push((at, Act::DoseStarts));
        }
    }
    let pace = [Pace::Samples, Pace::Cuffs, Pace::Both][small(random.below(3))];
    if random.once_in(10) {
        // Towards the discharge.
        history.push((at, Act::DoseEnds));
        at += Duration::from_secs(50 * 60);
    }
    let mut now = [90, 97, 14];
    let stay = 2 + random.below(8);
    let mut lost = [false; 3];
    for _ in 0..4 + random.below(16) {
        at += gap(random, pace);
        let acted = random.once_in(3).then(|| act(random, service, &mut lost)).flatten();
        let act = acted.or_else(|| {
            let sampled = match pace {
                Pace::Samples => true,
                Pace::Cuffs => false,
                Pace::Both => !random.once_in(3),
            };
            if sampled {
                sample(random, &mut now, stay, lost[0])
            } else {
                determination(random, lost[1])
            }
        });
        history.extend(act.map(|act| (at, act)));
    }
    apart(&mut history);
    history
}

fn small(n: u64) -> usize {
    n.try_into().expect("a small number")
}

fn gap(random: &mut Random, pace: Pace) -> Duration {
    let off = Duration::from_micros(1 + random.below(999_998));
    off + Duration::from_secs(match pace {
        Pace::Samples => [1, 1, 2, 3, 4, 4, 5, 9, 20][small(random.below(9))],
        Pace::Cuffs => 6 + [0, 20, 60, 120, 170, 240, 420][small(random.below(7))],
        Pace::Both => [1, 2, 3, 5, 8, 13, 40, 100][small(random.below(8))],
    })
}

fn sample(random: &mut Random, now: &mut [i32; 3], stay: u64, lost: bool) -> Option<Act> {
    for (value, values) in now.iter_mut().zip(VALUES) {
        if random.once_in(stay) {
            *value = random.of_these(values);
        }
    }
    let absent = random.once_in(20);
    let values = now.map(|value| (!absent || !random.once_in(2)).then_some(value));
    let validity = validity(random);
    (!lost).then_some(Act::Sample(values, validity))
}

fn determination(random: &mut Random, broker_lost: bool) -> Option<Act> {
    let act = cuff(random);
    let by_broker = matches!(act, Act::Cuff { cuff: 1.., .. });
    (!by_broker || !broker_lost).then_some(act)
}

fn act(random: &mut Random, service: Service, lost: &mut [bool; 3]) -> Option<Act> {
    let place = small(random.below(6));
    let act = match random.below(26) {
        0..3 => link(random, lost),
        3..8 => Act::Acknowledge(place),
        8 => Act::AcknowledgeService,
        9 => Act::Stale(place),
        10 => Act::Again,
        11 => Act::Unreceived(place),
        12 => Act::Watched(random.once_in(2)),
        13..16 => Act::PauseAudio,
        16 => [Act::ResumeAudio, Act::SessionEnds][small(random.below(2))].clone(),
        17 => [Act::PauseAlarms, Act::BeginStandby][small(random.below(2))].clone(),
        18 => [Act::ResumeAlarms, Act::EndStandby][small(random.below(2))].clone(),
        19 => Act::Baseline(baseline(random)),
        20 => Act::Observe { symptom: random.once_in(2), moaas: None },
        21 => {
            let moaas = (!random.once_in(3)).then(|| random.of_these(&[1, 2, 2, 3, 3, 4, 5]));
            Act::Observe { symptom: random.once_in(2), moaas }
        }
        24 | 25 => limit(random),
        22 if random.once_in(2) => Act::DoseStarts,
        22 => Act::DoseEnds,
        _ => Act::Restart(Duration::from_secs(random.below(200))),
    };
    let restarts = matches!(act, Act::Restart(_));
    let wanted = !restarts || service == Service::Restarts;
    wanted.then_some(act)
}

fn link(random: &mut Random, lost: &mut [bool; 3]) -> Act {
    let line = small(random.below(if lost[1] { 2 } else { 3 }));
    if line == 2 && random.once_in(3) {
        return Act::Link(Line::GatewayHere);
    }
    lost[line] = !lost[line];
    Act::Link(match (line, lost[line]) {
        (0, true) => Line::OximeterLost,
        (0, false) => Line::OximeterBack,
        (1, true) => Line::BrokerLost,
        (1, false) => Line::BrokerBack,
        (_, true) => Line::MonitorLost,
        (_, false) => Line::MonitorBack,
    })
}

fn limit(random: &mut Random) -> Act {
    let place = small(random.below(4));
    let values: &[i32] = [
        &[155, 160, 164, 166, 170, 176],
        &[170, 175, 178, 181, 187, 195],
        &[112, 116, 119, 122, 131, 139],
        &[86, 88, 89, 91, 92, 94],
    ][place];
    Act::Limit(place, (!random.once_in(5)).then(|| random.of_these(values)))
}

fn baseline(random: &mut Random) -> Baseline {
    Baseline {
        sys: Some(random.of_these(&[118, 121, 124, 130, 135, 140])),
        dia: Some(random.of_these(&[70, 75, 80])),
        map: None,
        heart_rate: Some(random.of_these(&[54, 60, 80, 91, 100])),
        spo2: Some(random.of_these(&[94, 95, 97, 98])),
    }
}
