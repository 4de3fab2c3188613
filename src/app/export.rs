//! A session's record out of the journal, with what the site says of itself → a file: for the web
//! and for `dosevigil export` (contract 2, 6).

use std::sync::Arc;

use crate::config::Config;
use crate::domain::alarm::rule::AlarmPreset;
use crate::domain::chart::SessionChart;
use crate::domain::ids::{BedId, SessionId};
use crate::shell::clock::Clock;
use crate::shell::journal::SessionRecord;
use crate::shell::lane::{ExportFormat, Exported};
use crate::shell::report::{self, Facts};

/// What a file says besides the session's own record.
#[derive(Debug)]
pub struct Filing {
    site: Arc<str>,
    timezone: Arc<str>,
    beds: Vec<BedId>,
    /// The site's own, and all by name.
    preset: Arc<AlarmPreset>,
    presets: Vec<Arc<AlarmPreset>>,
    clock: Arc<Clock>,
}

impl Filing {
    #[must_use]
    pub fn new(config: &Config, clock: Arc<Clock>) -> Self {
        Self {
            site: Arc::clone(&config.site.name),
            timezone: Arc::clone(&config.site.timezone),
            beds: config.beds.iter().map(|bed| bed.id.clone()).collect(),
            preset: Arc::clone(&config.alarms.preset),
            presets: config.alarms.presets.clone(),
            clock,
        }
    }

    /// `None`: the record has no start of this session.
    #[must_use]
    pub fn file(
        &self,
        session: SessionId,
        record: &SessionRecord,
        format: ExportFormat,
    ) -> Option<Exported> {
        let SessionRecord { inputs, transitions, configuration, head } = record;
        let chart = SessionChart::fold(session, &self.beds, inputs, transitions)?;
        let preset = match chart.preset.as_deref() {
            Some(name) => self.presets.iter().find(|preset| *preset.name == *name),
            None => Some(&self.preset),
        };
        let code = head.code();
        let facts = Facts {
            chart: &chart,
            site: &self.site,
            timezone: &self.timezone,
            preset: preset.map(|preset| &**preset),
            configuration,
            chain: (head.count, &code),
            generated: self.clock.now().wall,
        };
        Some(report::write(&facts, format))
    }
}
