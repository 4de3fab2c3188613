//! Times as people read them: on the site's clock, with the offset wherever it could be doubted.

use std::time::Duration;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::domain::chart::SessionChart;
use crate::domain::time::{Stamp, WallTime};

/// The site's clock around one session.
pub(super) struct Zone {
    zone: TimeZone,
    start: WallTime,
    /// What the session's times have in common; `None`: the clock changes meanwhile.
    offset: Option<Offset>,
    dose: Option<Stamp>,
}

impl Zone {
    pub(super) fn of(timezone: &str, chart: &SessionChart) -> Self {
        let zone = TimeZone::get(timezone).unwrap_or(TimeZone::UTC);
        let at = |wall| zone.to_offset(timestamp(wall));
        let offset = at(chart.started.wall);
        let offset = (offset == at(chart.until.wall)).then_some(offset);
        let dose = chart.first_dose().map(|dose| dose.started);
        Self { zone, start: chart.started.wall, offset, dose }
    }

    /// "10:15:07", with its date where it is not the session's first day and its offset where the
    /// clock changes during the session.
    pub(super) fn time(&self, at: WallTime) -> String {
        let (at, start) = (self.local(at), self.local(self.start));
        let date = if at.date() == start.date() { "" } else { "%m-%d " };
        let offset = if self.offset.is_some() { "" } else { "%:z" };
        at.strftime(&format!("{date}%H:%M:%S{offset}")).to_string()
    }

    /// "10:15".
    pub(super) fn minute(&self, at: WallTime) -> String {
        self.local(at).strftime("%H:%M").to_string()
    }

    /// "2026-11-22".
    pub(super) fn date(&self, at: WallTime) -> String {
        self.local(at).strftime("%Y-%m-%d").to_string()
    }

    /// "2026-11-22 10:15:07 -05:00".
    pub(super) fn full(&self, at: WallTime) -> String {
        self.local(at).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
    }

    /// With the offset, as FHIR has it: "2026-11-22T10:15:07.250-05:00".
    pub(super) fn iso(&self, at: WallTime) -> String {
        self.local(at).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }

    /// "+12:30" or "−3:00": minutes and seconds from the first dose; empty without one.
    pub(super) fn since_dose(&self, at: Stamp) -> String {
        let Some(dose) = self.dose else { return String::new() };
        match (at.mono.since(dose.mono), dose.mono.since(at.mono)) {
            (Duration::ZERO, before) if before > Duration::ZERO => {
                format!("\u{2212}{}", span(before))
            }
            (after, _) => format!("+{}", span(after)),
        }
    }

    fn local(&self, at: WallTime) -> Zoned {
        timestamp(at).to_zoned(self.zone.clone())
    }
}

/// "12:30": minutes and seconds.
pub(super) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn timestamp(at: WallTime) -> Timestamp {
    let edge = if at.as_micros() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(at.as_micros()).unwrap_or(edge)
}
