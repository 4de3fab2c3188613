//! A session as one page of HTML that prints: everything of contract 5.2's record on paper.
//!
//! Black and white is enough: a priority is a shape with stars, what is void is struck out, a gap
//! is hatched. The page needs nothing from elsewhere, runs no script, and its own policy admits
//! only its own style. All text of people is escaped, in the page as in its style.

mod alarms;
mod limits;
mod sheet;
mod style;
mod tables;
mod trend;

use std::fmt::{self, Write as _};

use super::Facts;
use super::zone::Zone;
use crate::domain::alarm::rule::Approval;

/// Text of people and devices, made harmless in HTML.
struct Safe<T>(T);

impl<T: fmt::Display> fmt::Display for Safe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.to_string().chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                letter => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

/// The page as it grows.
struct Page<'a> {
    facts: &'a Facts<'a>,
    zone: &'a Zone,
    html: String,
}

/// The report's text, and the name of its style in a content security policy.
pub(super) fn page(facts: &Facts<'_>) -> (String, String) {
    let zone = Zone::of(facts.timezone, facts.chart);
    let style = style::of(facts, &zone);
    let mut page = Page { facts, zone: &zone, html: String::new() };
    let name = style::name(&style);
    page.put(format_args!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <title>Session record, {site}, {id}</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src {name}\"><style>{style}</style></head>\n\
         <body><main>\n",
        site = Safe(facts.site),
        id = facts.chart.id,
    ));
    page.banners();
    page.summary();
    page.trend();
    page.doses();
    page.pressures();
    page.people();
    page.alarms();
    page.limits();
    page.gaps();
    page.events();
    page.origin();
    if &*facts.chart.drug == "esketamine" {
        page.sheet();
    }
    page.put(format_args!("</main></body></html>\n"));
    (page.html, name)
}

impl Page<'_> {
    fn put(&mut self, text: fmt::Arguments<'_>) {
        self.html.write_fmt(text).expect("a String takes all that is written");
    }

    /// A table with its title; without a row it says so.
    fn table<const N: usize>(&mut self, title: &str, head: [&str; N], rows: &[[String; N]]) {
        self.put(format_args!("<section><h2>{}</h2>\n", Safe(title)));
        if rows.is_empty() {
            self.put(format_args!("<p>None.</p></section>\n"));
            return;
        }
        self.put(format_args!("<table><thead><tr>"));
        for name in head {
            self.put(format_args!("<th scope=\"col\">{}</th>", Safe(name)));
        }
        self.put(format_args!("</tr></thead><tbody>\n"));
        for row in rows {
            self.put(format_args!("<tr>"));
            for cell in row {
                self.put(format_args!("<td>{}</td>", Safe(cell)));
            }
            self.put(format_args!("</tr>\n"));
        }
        self.put(format_args!("</tbody></table></section>\n"));
    }

    /// What nobody may miss, above all else.
    fn banners(&mut self) {
        let mut banners = Vec::new();
        if self.facts.is_simulated() {
            banners.push("SIMULATED: no patient");
        }
        if !self.facts.is_approved() {
            banners.push(Approval::MISSING);
        }
        if self.facts.chart.ended.is_none() {
            banners.push("THE SESSION IS STILL RUNNING: this record is not complete");
        }
        if !banners.is_empty() {
            self.put(format_args!("<p class=\"banner\">{}</p>\n", banners.join("<br>")));
        }
    }

    fn summary(&mut self) {
        let (chart, zone) = (self.facts.chart, self.zone);
        let patient = &chart.patient;
        let said =
            |text: &str| if text.is_empty() { "\u{2014}".to_owned() } else { text.to_owned() };
        let preset = match self.facts.preset {
            Some(preset) => {
                let approval = match &preset.approval {
                    Some(approval) => format!("approved by {} on {}", approval.by, approval.on),
                    None => "not approved".to_owned(),
                };
                format!("{} {}, {approval}", preset.name, preset.version)
            }
            None => {
                let name = chart.preset.as_deref().unwrap_or("unknown");
                format!("{name}, which is no longer in the configuration")
            }
        };
        let beds: Vec<String> = chart
            .stays
            .iter()
            .map(|stay| format!("{} from {}", stay.bed, zone.time(stay.from.wall)))
            .collect();
        let ended = chart.ended.map_or("running".to_owned(), |at| zone.full(at.wall));
        let born = patient.birth_year.map_or("\u{2014}".to_owned(), |year| year.to_string());
        let weight = patient.weight_g.map_or("\u{2014}".to_owned(), |grams| {
            format!("{}.{} kg", grams / 1000, grams % 1000 / 100)
        });
        let rows = [
            ("Site", said(self.facts.site)),
            ("Session", chart.id.to_string()),
            ("Patient reference", said(&patient.reference)),
            ("Initials", said(&patient.initials)),
            ("Year of birth", born),
            ("Weight", weight),
            ("Drug, route", format!("{}, {}", chart.drug, chart.route)),
            ("Preset", preset),
            ("Bed", beds.join("; ")),
            ("Started", zone.full(chart.started.wall)),
            ("Ended", ended),
            ("Disposition", tables::disposition(chart)),
            ("Times", format!("{}; T counts from the first dose", self.facts.timezone)),
        ];
        self.put(format_args!("<h1>Session record</h1>\n<dl>\n"));
        for (name, text) in rows {
            self.put(format_args!("<dt>{name}</dt><dd>{}</dd>\n", Safe(text)));
        }
        self.put(format_args!("</dl>\n"));
    }

    /// Where it all comes from.
    fn origin(&mut self) {
        let Facts { configuration, chain: (count, code), generated, .. } = *self.facts;
        let rows = [
            ["Generated".to_owned(), self.zone.full(generated)],
            ["dosevigil".to_owned(), env!("CARGO_PKG_VERSION").to_owned()],
            ["Configuration, SHA-256".to_owned(), configuration.to_owned()],
            [format!("Journal chain, entry {count}"), code.to_owned()],
        ];
        self.table("Where this record comes from", ["what", "value"], &rows);
    }
}
