//! The trend as a drawing: values as they were measured, limits, phases, doses, alarms, and gaps
//! hatched as "no data". Nothing is interpolated: a stream is drawn as the span of its values in
//! each column, a cuff's reading as a bar from diastolic to systolic.

use std::fmt::Write as _;

use super::alarms::shape;
use super::limits::nearest;
use super::{Page, Safe};
use crate::domain::alarm::limit::Side;
use crate::domain::alarm::rule::{Judged, Phase};
use crate::domain::chart::{GapCause, SessionChart, Value};
use crate::domain::metric::Metric;
use crate::domain::time::{MonoTime, Stamp};

/// In units of the drawing; a column is one unit wide.
const LEFT: u64 = 60;
const WIDTH: u64 = 900;
const PANEL: i64 = 130;
const BETWEEN: i64 = 34;
/// Above the first panel: alarms, doses and phases.
const TOP: i64 = 82;

/// Minutes between two lines of time: the first that gives at most 12 of them.
const STEPS_MIN: [u64; 7] = [5, 10, 15, 30, 60, 120, 240];

/// One band of the drawing.
struct Panel {
    title: &'static str,
    metrics: &'static [Metric],
    judged: Judged,
    low: i32,
    high: i32,
}

const PANELS: [Panel; 4] = [
    Panel {
        title: "Blood pressure, mmHg",
        metrics: &[Metric::NibpSys, Metric::NibpDia],
        judged: Judged::Metric(Metric::NibpSys),
        low: 30,
        high: 230,
    },
    Panel {
        title: "Heart rate, pulse, /min",
        metrics: &[Metric::HeartRate, Metric::PulseRate],
        judged: Judged::HeartRate,
        low: 30,
        high: 170,
    },
    Panel {
        title: "SpO2, %",
        metrics: &[Metric::SpO2],
        judged: Judged::Metric(Metric::SpO2),
        low: 70,
        high: 102,
    },
    Panel {
        title: "Respiration, /min",
        metrics: &[Metric::RespRate],
        judged: Judged::Metric(Metric::RespRate),
        low: 0,
        high: 40,
    },
];

/// Time to the right.
struct Scale {
    from: MonoTime,
    span_us: u64,
}

impl Scale {
    fn x(&self, at: MonoTime) -> u64 {
        let since = u64::try_from(at.since(self.from).as_micros()).unwrap_or(u64::MAX);
        LEFT + since.min(self.span_us).saturating_mul(WIDTH) / self.span_us
    }
}

impl Panel {
    /// Values up; what lies outside is drawn at the edge.
    fn y(&self, top: i64, value: i32) -> i64 {
        let value = i64::from(value.clamp(self.low, self.high));
        let (low, high) = (i64::from(self.low), i64::from(self.high));
        top + (high - value) * PANEL / (high - low)
    }
}

impl Page<'_> {
    pub(super) fn trend(&mut self) {
        let chart = self.facts.chart;
        let seen = |panel: &&Panel| {
            let is_of = |value: &Value| panel.metrics.contains(&value.metric);
            chart.values.iter().any(|value| is_of(value) && value.standing().is_some())
        };
        let panels: Vec<&Panel> = PANELS.iter().filter(seen).collect();
        self.put(format_args!("<section><h2>Trend</h2>\n"));
        if panels.is_empty() {
            self.put(format_args!("<p>No values.</p></section>\n"));
            return;
        }
        let span_us = chart.until.mono.since(chart.started.mono).as_micros();
        let span_us = u64::try_from(span_us).unwrap_or(u64::MAX).max(1);
        let scale = Scale { from: chart.started.mono, span_us };
        let rows = i64::try_from(panels.len()).unwrap_or(4);
        let height = TOP + rows * (PANEL + BETWEEN);
        self.put(format_args!(
            "<svg viewBox=\"0 0 {} {height}\" role=\"img\" aria-label=\"Trend of the session\">\
             <defs><pattern id=\"no-data\" width=\"6\" height=\"6\" \
             patternUnits=\"userSpaceOnUse\"><path class=\"hatch\" d=\"M0 6L6 0\"/></pattern>\
             </defs>\n",
            LEFT + WIDTH + 50
        ));
        let bottom = height - BETWEEN;
        self.times(&scale, bottom);
        self.marks(&scale, bottom);
        for (panel, top) in panels.into_iter().zip((0..).map(|n| TOP + n * (PANEL + BETWEEN))) {
            self.panel(panel, &scale, top);
        }
        self.put(format_args!(
            "</svg><p>Hatched: no data. Dashed: the nearest limit of the preset in that phase. \
             Bars: diastolic to systolic; \u{00d7}: void.</p></section>\n"
        ));
    }

    fn times(&mut self, scale: &Scale, bottom: i64) {
        let chart = self.facts.chart;
        let minutes = scale.span_us / 60_000_000;
        let step = STEPS_MIN.into_iter().find(|step| minutes / step <= 12).unwrap_or(480);
        let mut lines = String::new();
        let every = std::time::Duration::from_secs(step * 60);
        let mut at = chart.started;
        while at.mono <= chart.until.mono {
            let x = scale.x(at.mono);
            writeln!(
                lines,
                "<path class=\"grid\" d=\"M{x} {TOP}V{bottom}\"/><text x=\"{x}\" y=\"{y}\" \
                 text-anchor=\"middle\">{}</text>",
                self.zone.minute(at.wall),
                y = bottom + 14,
            )
            .expect("a String takes all");
            at = at.plus(every);
        }
        self.put(format_args!("{lines}"));
    }

    /// Phases, doses and alarms above the panels.
    fn marks(&mut self, scale: &Scale, bottom: i64) {
        let chart = self.facts.chart;
        let mut marks = String::new();
        let mut line = |class: &str, at: Stamp, y: i64, text: &str| {
            let x = scale.x(at.mono);
            let text = Safe(text);
            writeln!(
                marks,
                "<path class=\"{class}\" d=\"M{x} {y}V{bottom}\"/>\
                 <text x=\"{}\" y=\"{y}\">{text}</text>",
                x + 2
            )
            .expect("a String takes all");
        };
        // Phases that follow each other closely are still read.
        for ((at, phase), y) in chart.phases.iter().zip([66, 56].into_iter().cycle()) {
            line("phase", *at, y, phase.name());
        }
        for (number, dose) in (1..).zip(chart.doses.iter().filter(|dose| dose.counts())) {
            line("mark", dose.started, 44, &format!("dose {number}"));
            if let Some(ended) = dose.ended.filter(|ended| *ended != dose.started) {
                line("phase", ended, 44, "end");
            }
        }
        for alarm in &chart.alarms {
            let (x, priority) = (scale.x(alarm.raised.mono), alarm.occurrence.priority);
            let first = shape(priority).chars().next().unwrap_or('?');
            let y = match priority {
                crate::domain::alarm::Priority::High => 10,
                crate::domain::alarm::Priority::Medium => 21,
                crate::domain::alarm::Priority::Low => 31,
            };
            writeln!(marks, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{first}</text>")
                .expect("a String takes all");
        }
        self.put(format_args!("{marks}"));
    }

    fn panel(&mut self, panel: &Panel, scale: &Scale, top: i64) {
        let chart = self.facts.chart;
        self.put(format_args!(
            "<rect class=\"frame\" x=\"{LEFT}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{PANEL}\"/>\
             <text x=\"{LEFT}\" y=\"{}\">{}</text>\n",
            top - 5,
            panel.title
        ));
        for value in [panel.low, i32::midpoint(panel.low, panel.high), panel.high] {
            let y = panel.y(top, value);
            self.put(format_args!("<text x=\"28\" y=\"{}\">{value}</text>\n", y + 4));
        }
        for gap in chart.gaps.iter().filter(|gap| no_data(chart, panel, gap)) {
            let (from, until) = (scale.x(gap.from.mono), scale.x(gap.until.mono));
            self.put(format_args!(
                "<rect class=\"gap\" x=\"{from}\" y=\"{top}\" width=\"{}\" height=\"{PANEL}\"/>\n",
                (until - from).max(1)
            ));
        }
        self.limit_lines(panel, scale, top);
        let drawn = if panel.metrics.contains(&Metric::NibpSys) {
            bars(chart, panel, scale, top)
        } else {
            columns(chart, panel, scale, top)
        };
        self.put(format_args!("{drawn}"));
    }

    fn limit_lines(&mut self, panel: &Panel, scale: &Scale, top: i64) {
        let Some(preset) = self.facts.preset else { return };
        let chart = self.facts.chart;
        let ends = chart.phases.iter().skip(1).map(|(at, _)| *at).chain([chart.until]);
        let spans: Vec<(Stamp, Stamp, Phase)> =
            chart.phases.iter().zip(ends).map(|((from, phase), to)| (*from, to, *phase)).collect();
        for (from, to, phase) in spans {
            for side in [Side::Upper, Side::Lower] {
                let Some(limit) = nearest(&preset.families, panel.judged, phase, side) else {
                    continue;
                };
                let (y, x, end) = (panel.y(top, limit), scale.x(from.mono), scale.x(to.mono));
                self.put(format_args!(
                    "<path class=\"limit\" d=\"M{x} {y}H{end}\"/>\
                     <text x=\"{}\" y=\"{y}\" text-anchor=\"end\">{limit}</text>\n",
                    end.saturating_sub(2)
                ));
            }
        }
    }
}

/// Whether nothing of this panel was measured in the gap: of two metrics that stand for each other,
/// both are missing.
fn no_data(chart: &SessionChart, panel: &Panel, gap: &crate::domain::chart::Gap) -> bool {
    let other = |value: &Value| {
        panel.metrics.contains(&value.metric)
            && value.standing().is_some()
            && !value.is_spot()
            && value.at.mono > gap.from.mono
            && value.at.mono < gap.until.mono
    };
    let is_of = panel.metrics.iter().any(|metric| gap.is_of(*metric));
    let is_outage = gap.cause == GapCause::Outage;
    is_of && (is_outage || !chart.values.iter().any(other))
}

/// A cuff's readings, each from diastolic to systolic; void ones are crossed.
fn bars(chart: &SessionChart, panel: &Panel, scale: &Scale, top: i64) -> String {
    let mut drawn = String::new();
    for pressure in chart.pressures() {
        let x = scale.x(pressure.systolic.at.mono);
        let (sys, dia) = (panel.y(top, pressure.sys), panel.y(top, pressure.dia));
        writeln!(
            drawn,
            "<path class=\"value\" d=\"M{x} {sys}V{dia}M{a} {sys}H{b}M{a} {dia}H{b}\"/>",
            a = x - 3,
            b = x + 3,
        )
        .expect("a String takes all");
    }
    for void in chart.values.iter().filter(|it| it.metric == Metric::NibpSys && is_void(it)) {
        let x = scale.x(void.at.mono);
        let y = panel.y(top, void.value.map_or(panel.low, |quantity| quantity.0)) + 4;
        writeln!(drawn, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">\u{00d7}</text>")
            .expect("a String takes all");
    }
    drawn
}

fn is_void(value: &Value) -> bool {
    value.correction.as_ref().is_some_and(|correction| correction.value.is_none())
}

/// A stream: in each column the span of its values.
fn columns(chart: &SessionChart, panel: &Panel, scale: &Scale, top: i64) -> String {
    let mut columns = std::collections::BTreeMap::<u64, (i32, i32)>::new();
    for value in chart.values.iter().filter(|value| panel.metrics.contains(&value.metric)) {
        let Some(figure) = value.standing() else { continue };
        let column = columns.entry(scale.x(value.at.mono)).or_insert((figure, figure));
        *column = (column.0.min(figure), column.1.max(figure));
    }
    let mut path = String::new();
    for (x, (low, high)) in columns {
        let (from, to) = (panel.y(top, low) + 1, panel.y(top, high) - 1);
        write!(path, "M{x} {from}V{to}").expect("a String takes all");
    }
    format!("<path class=\"value\" d=\"{path}\"/>\n")
}
