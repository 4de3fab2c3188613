//! What the ward told over a history, as short lines with their times: the words in which the
//! model and the ward are compared.

use std::collections::BTreeMap;

use dosevigil::domain::alarm::occurrence::{Subject, Transition};

use crate::model::told::{At, Line};
use crate::support::START;

/// What is compared: of each family and subject, what it said at the end of each moment.
pub(crate) type Timeline = BTreeMap<(String, String), Vec<(At, String)>>;

/// The last word of a moment counts; an occurrence that began in a moment after another had ended
/// in it is told with both.
pub(crate) fn timeline(lines: impl Iterator<Item = Line>) -> Timeline {
    let mut all = Timeline::new();
    for Line { at, key: (family, subject), change, said } in lines {
        let told = all.entry((family.name().to_owned(), subject)).or_default();
        let before = told.pop_if(|(before, said)| *before == at && !said.contains("ended"));
        let said = match before {
            Some((_, before)) => {
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
        told.push((at, said));
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
        Some(Line { at, key: (occurrence.family, subject), change: change.name(), said })
    })
}
