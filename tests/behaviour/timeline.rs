//! What a family told over a history, as short lines with their times: the words in which a model
//! and the ward are compared.

use std::time::Duration;

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::occurrence::{Subject, Transition};

use crate::support::START;

/// Adds what is said at a moment; the last word of a moment counts, and the same again is nothing.
pub(crate) fn note(told: &mut Vec<(Duration, String)>, at: Duration, said: String) {
    if told.last().is_some_and(|(before, _)| *before == at) {
        told.pop();
    }
    if told.last().is_none_or(|(_, before)| *before != said) {
        told.push((at, said));
    }
}

/// The ward's transitions of a family in the model's words.
pub(crate) fn said(transitions: &[Transition], family: AlarmFamily) -> Vec<(Duration, String)> {
    let mut told = Vec::new();
    for transition in transitions {
        let Subject::Alarm { occurrence, .. } = &transition.subject else { continue };
        if occurrence.family != family {
            continue;
        }
        let rule = occurrence.rule.as_ref().map_or("", |rule| rule.as_str());
        let said = format!(
            "{rule} {} {} {} r{}{}",
            occurrence.priority.name(),
            occurrence.presence.name(),
            occurrence.signal.name(),
            occurrence.revision,
            if occurrence.frozen { " frozen" } else { "" }
        );
        note(&mut told, transition.at.mono.since(START.mono), said);
    }
    told
}
