//! What the ward told over a history, as short lines with their times: the words in which the
//! model and the ward are compared.

use std::collections::BTreeMap;

use dosevigil::domain::alarm::occurrence::{Subject, Transition};

use crate::model::told::{At, Line};
use crate::support::START;

/// What is compared: of each family and subject, what it said at the end of each moment.
pub(crate) type Timeline = BTreeMap<Key, Vec<Said>>;

/// Family and subject.
pub(crate) type Key = (String, String);

/// When, of which occurrence by its onset, and what.
pub(crate) type Said = (At, At, String);

/// The last word of a moment counts, with all its changes; of two occurrences in one moment each.
pub(crate) fn timeline(lines: impl Iterator<Item = Line>) -> Timeline {
    let mut all = Timeline::new();
    for Line { at, key: (family, subject), of, change, said } in lines {
        let told = all.entry((family.name().to_owned(), subject)).or_default();
        let before = told.pop_if(|(before, whose, _)| (*before, *whose) == (at, of));
        let said = match before {
            Some((.., before)) => {
                let changes = before.split(' ').next().unwrap_or_default();
                // Which of several things at once ended a pause is nobody's concern.
                match (changes, change) {
                    ("resumed", _) => format!("{change} {said}"),
                    (_, "resumed") => format!("{changes} {said}"),
                    (_, _) => format!("{changes}+{change} {said}"),
                }
            }
            None => format!("{change} {said}"),
        };
        told.push((at, of, said));
        told.sort_by_key(|(at, of, _)| (*at, *of));
    }
    all
}

/// The ward's transitions in the model's words.
pub(crate) fn told(transitions: &[Transition]) -> impl Iterator<Item = Line> {
    transitions.iter().filter_map(|transition| {
        let Subject::Alarm { change, occurrence } = &transition.subject else { return None };
        let rule = occurrence.rule.as_ref().map_or("", |rule| rule.as_str());
        let marks = [(occurrence.frozen, " frozen"), (occurrence.restored, " restored")];
        let marks = marks.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark);
        let said = format!(
            "{rule} {} {} {} r{} e{}{}",
            occurrence.priority.name(),
            occurrence.presence.name(),
            occurrence.signal.name(),
            occurrence.revision,
            occurrence.escalation,
            marks.collect::<String>(),
        );
        let subject = occurrence.subject.as_deref().unwrap_or_default().to_owned();
        let at = transition.at.mono.since(START.mono);
        let of = occurrence.onset.mono.since(START.mono);
        Some(Line { at, key: (occurrence.family, subject), of, change: change.name(), said })
    })
}
