//! The alarms of a session: each with its shape and stars, who took it and after how long.

use super::super::zone::span;
use super::Page;
use crate::domain::alarm::Priority;
use crate::domain::chart::AlarmLine;

/// Shape and stars of a priority: to be told apart without a colour (alarms, Dashboard HMI).
pub(super) const fn shape(priority: Priority) -> &'static str {
    match priority {
        Priority::High => "\u{25b2}\u{2605}\u{2605}\u{2605}",
        Priority::Medium => "\u{25c6}\u{2605}\u{2605}",
        Priority::Low => "\u{25cf}\u{2605}",
    }
}

impl Page<'_> {
    pub(super) fn alarms(&mut self) {
        let zone = self.zone;
        let row = |line: &AlarmLine| {
            let it = &line.occurrence;
            let rule = it.rule.as_ref().map_or(String::new(), |rule| format!(" {rule}"));
            let subject = it.subject.as_deref().map_or(String::new(), |it| format!(" ({it})"));
            let taken = it.acknowledged.as_ref().map_or("nobody".to_owned(), |taken| {
                let reason = taken.reason.as_deref().map_or(String::new(), |it| format!(": {it}"));
                format!("{} {}{reason}", zone.time(taken.at.wall), taken.by)
            });
            let response = it.response().map_or(String::new(), span);
            let ended = it.ended.map_or("not ended".to_owned(), |(at, why)| {
                let by = it.ended_by.as_deref().map_or(String::new(), |by| format!(", {by}"));
                format!("{} {}{by}", zone.time(at.wall), why.name())
            });
            let step =
                if it.escalation == 0 { String::new() } else { format!("E{}", it.escalation) };
            [
                format!("{} {}", shape(it.priority), it.priority.name()),
                zone.time(line.raised.wall),
                zone.since_dose(line.raised),
                format!("{}{rule}{subject}: {}", it.family.name(), it.text),
                taken,
                response,
                ended,
                step,
            ]
        };
        let rows: Vec<_> = self.facts.chart.alarms.iter().map(row).collect();
        let head =
            ["priority", "raised", "T", "what", "acknowledged", "response", "ended", "escalated"];
        self.table("Alarms", head, &rows);
    }
}
