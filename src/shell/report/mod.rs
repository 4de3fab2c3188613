//! A session's chart → what a clinic files: the page that prints, the readings as CSV, the FHIR
//! bundle (contract 6, report and exports; alarms, Dashboard HMI 13).
//!
//! Each writer is a function of its facts: the same facts give the same bytes. Nothing is worked
//! out here that the chart does not hold.

mod csv;
mod fhir;
mod html;
mod zone;

#[cfg(test)]
mod tests;

use crate::domain::alarm::rule::AlarmPreset;
use crate::domain::chart::SessionChart;
use crate::domain::reading::Origin;
use crate::domain::time::WallTime;
use crate::shell::lane::{ExportFormat, Exported};

/// Everything that a file says.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub chart: &'a SessionChart,
    pub site: &'a str,
    /// IANA name; an unknown one is UTC.
    pub timezone: &'a str,
    /// The preset of the session as the site has it now; `None`: it has left the configuration.
    pub preset: Option<&'a AlarmPreset>,
    /// SHA-256 of the configuration that the session was last under, in hexadecimal digits.
    pub configuration: &'a str,
    /// Number and code of the chain's last entry.
    pub chain: (u64, &'a str),
    pub generated: WallTime,
}

impl Facts<'_> {
    fn is_simulated(&self) -> bool {
        self.chart.origin == Origin::Simulated
    }

    /// Whether the preset is approved, as far as we know it (contract 3.2).
    fn is_approved(&self) -> bool {
        self.preset.is_some_and(|preset| preset.approval.is_some())
    }
}

/// Writes one file.
#[must_use]
pub fn write(facts: &Facts<'_>, format: ExportFormat) -> Exported {
    let (ending, text, style) = match format {
        ExportFormat::Html => {
            let (text, style) = html::page(facts);
            ("html", text, Some(style))
        }
        ExportFormat::Csv => ("csv", csv::rows(facts), None),
        ExportFormat::Fhir => ("fhir.json", fhir::bundle(facts).to_string(), None),
    };
    let mark = if facts.is_simulated() { "SIMULATED-" } else { "" };
    Exported { name: format!("{mark}session-{}.{ending}", facts.chart.id), text, style }
}
