//! Figures in, one Markdown table out: the service, L1 beside it, and the aim.

use std::fmt::Write as _;

/// Lines of the table, as they come.
#[derive(Default)]
pub(crate) struct Table(String);

/// What a figure is held against.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Aim {
    None,
    AtLeast(f64),
    AtMost(f64),
    /// Of L1's figure.
    Times(f64),
}

pub(crate) struct Row<'a> {
    pub(crate) what: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) service: f64,
    pub(crate) bare: Option<f64>,
    pub(crate) aim: Aim,
}

impl Table {
    pub(crate) fn put(&mut self, row: &Row<'_>) {
        let Row { what, unit, service, bare, aim } = row;
        let ratio = bare.map(|bare| service / bare);
        let (aim, met) = match (*aim, ratio) {
            (Aim::AtLeast(least), _) => (format!("≥ {}", figure(least)), Some(*service >= least)),
            (Aim::AtMost(most), _) => (format!("≤ {}", figure(most)), Some(*service <= most)),
            (Aim::Times(most), Some(ratio)) => (format!("≤ {most} × L1"), Some(ratio <= most)),
            (Aim::None | Aim::Times(_), _) => (String::new(), None),
        };
        let met = met.map_or("", |met| if met { "yes" } else { "no" });
        let bare = bare.map(figure).unwrap_or_default();
        let ratio = ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let service = figure(*service);
        writeln!(self.0, "| {what} | {unit} | {service} | {bare} | {ratio} | {aim} | {met} |")
            .expect("a String takes all that is written");
    }

    /// A line that stands for itself, under the table.
    pub(crate) fn text(&self, notes: &[String]) -> String {
        let head = "| figure | unit | service | L1 | service ÷ L1 | aim | met |\n\
                    |---|---|---:|---:|---:|---|---|\n";
        let notes: String = notes.iter().map(|note| format!("\n- {note}")).collect();
        format!("{head}{}{notes}\n", self.0)
    }
}

/// Three digits that tell something.
fn figure(value: f64) -> String {
    match value.abs() {
        1000.0.. => {
            let digits = format!("{value:.0}");
            let mut grouped = String::new();
            for (i, digit) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            grouped
        }
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
