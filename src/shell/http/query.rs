//! Query parameters into the journal's terms; what does not fit is named, with what would be right.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::problem::Problem;
use crate::domain::ids::{BedId, BedIndex, Seq, SessionId};
use crate::domain::time::WallTime;
use crate::shell::lane::{AlarmQuery, ReadingsQuery, SessionsQuery, TrendQuery};

const LIMIT_DEFAULT: usize = 50;
const LIMIT_MAX: usize = 200;
const TREND: Duration = Duration::from_secs(2 * 3600);
/// A visit lasts hours; a day of a busy ward is read in a few seconds.
const TREND_MAX_US: u64 = 24 * 3600 * 1_000_000;
const TREND_POINTS: usize = 240;
const TREND_POINTS_MAX: usize = 1000;

/// What each route takes, as the table of access has it.
pub(crate) const OF_ALARMS: &[&str] = &["state", "bed", "session", "since", "limit", "next"];
pub(crate) const OF_AUDIT: &[&str] = &["since", "limit", "next"];
pub(crate) const OF_EVENTS: &[&str] = &["after"];
pub(crate) const OF_READINGS: &[&str] = &["since", "limit", "next"];
pub(crate) const OF_SESSIONS: &[&str] = &["state", "limit", "next"];
pub(crate) const OF_TREND: &[&str] = &["from", "to", "points"];

/// What `GET /alarms` is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AlarmFilter {
    pub(crate) which: Which,
    pub(crate) query: AlarmQuery,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Present,
    All,
}

impl AlarmFilter {
    pub(crate) fn parse(parameters: &[(String, String)]) -> Result<Self, Problem> {
        let mut filter = Self {
            which: Which::Present,
            query: AlarmQuery { limit: LIMIT_DEFAULT, ..AlarmQuery::default() },
        };
        once_each(parameters)?;
        for (name, value) in parameters {
            filter.take(name, value)?;
        }
        Ok(filter)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let query = &mut self.query;
        match name {
            "state" => {
                self.which = match value {
                    "present" => Which::Present,
                    "all" => Which::All,
                    _ => return Err(wrong(name, "present or all")),
                }
            }
            "bed" => {
                let bed = BedId::try_new(value);
                query.bed = Some(bed.map_err(|_| wrong(name, "1 to 32 of a-z, 0-9 and -"))?);
            }
            "session" => {
                let session = SessionId::parse(value);
                query.session = Some(session.map_err(|_| wrong(name, "a UUID"))?);
            }
            "since" => query.since = Some(since(name, value)?),
            "limit" => query.limit = limit(name, value)?,
            "next" => {
                query.before = Some(Seq(cursor(name, value)?));
            }
            _ => return Err(unknown(name, OF_ALARMS)),
        }
        Ok(())
    }
}

/// What `GET /audit` is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AuditFilter {
    pub(crate) since: Option<WallTime>,
    pub(crate) limit: usize,
    pub(crate) before: AuditCursor,
}

/// How far a reader of the audit has come: an act's place in the journal, a line's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditCursor {
    pub(crate) act: Option<u64>,
    pub(crate) line: Option<i64>,
}

impl AuditFilter {
    pub(crate) fn parse(parameters: &[(String, String)]) -> Result<Self, Problem> {
        once_each(parameters)?;
        let mut filter = Self { since: None, limit: LIMIT_DEFAULT, before: AuditCursor::default() };
        for (name, value) in parameters {
            match name.as_str() {
                "since" => filter.since = Some(since(name, value)?),
                "limit" => filter.limit = limit(name, value)?,
                "next" => {
                    let cursor = AuditCursor::parse(value);
                    filter.before = cursor.ok_or_else(|| wrong(name, "the cursor of a page"))?;
                }
                _ => return Err(unknown(name, OF_AUDIT)),
            }
        }
        Ok(filter)
    }
}

impl AuditCursor {
    fn parse(text: &str) -> Option<Self> {
        let (act, line) = text.split_once('.')?;
        let act = if act.is_empty() { None } else { Some(act.parse().ok()?) };
        let line = if line.is_empty() { None } else { Some(line.parse().ok()?) };
        Some(Self { act, line })
    }
}

impl fmt::Display for AuditCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(act) = self.act {
            write!(f, "{act}")?;
        }
        f.write_str(".")?;
        self.line.map_or(Ok(()), |line| write!(f, "{line}"))
    }
}

fn since(name: &str, value: &str) -> Result<WallTime, Problem> {
    let right = "a time such as 2026-11-22T10:15:07Z (in a URL, + is written %2B)";
    let since: Timestamp = value.parse().map_err(|_| wrong(name, right))?;
    Ok(WallTime::from_micros(since.as_microsecond()))
}

fn limit(name: &str, value: &str) -> Result<usize, Problem> {
    match value.parse() {
        Ok(limit @ 1..=LIMIT_MAX) => Ok(limit),
        Ok(_) | Err(_) => Err(wrong(name, "a number from 1 to 200")),
    }
}

/// `?after=` of the live events; the id itself is judged against the journal.
pub(crate) fn after(parameters: &[(String, String)]) -> Result<Option<&str>, Problem> {
    once_each(parameters)?;
    match parameters {
        [] => Ok(None),
        [(name, value)] if name == "after" => Ok(Some(value)),
        [(name, _), ..] => Err(unknown(name, OF_EVENTS)),
    }
}

/// What `GET /sessions` is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionFilter {
    Running,
    All(SessionsQuery),
}

impl SessionFilter {
    pub(crate) fn parse(parameters: &[(String, String)]) -> Result<Self, Problem> {
        once_each(parameters)?;
        let mut query = SessionsQuery { before: None, limit: LIMIT_DEFAULT, only: None };
        let mut all = false;
        for (name, value) in parameters {
            match name.as_str() {
                "state" => match value.as_str() {
                    "running" => {}
                    "all" => all = true,
                    _ => return Err(wrong(name, "running or all")),
                },
                "limit" => query.limit = limit(name, value)?,
                "next" => query.before = Some(cursor(name, value)?),
                _ => return Err(unknown(name, OF_SESSIONS)),
            }
        }
        Ok(if all { Self::All(query) } else { Self::Running })
    }
}

/// What `GET /beds/{bed}/readings` is asked for.
pub(crate) fn readings(
    parameters: &[(String, String)],
    bed: BedIndex,
) -> Result<ReadingsQuery, Problem> {
    once_each(parameters)?;
    let mut query = ReadingsQuery { bed, since: None, before: None, limit: LIMIT_DEFAULT };
    for (name, value) in parameters {
        match name.as_str() {
            "since" => query.since = Some(since(name, value)?),
            "limit" => query.limit = limit(name, value)?,
            "next" => query.before = Some(cursor(name, value)?),
            _ => return Err(unknown(name, OF_READINGS)),
        }
    }
    Ok(query)
}

/// What `GET /beds/{bed}/trend` is asked for; `now` ends it where nothing else does.
pub(crate) fn trend(
    parameters: &[(String, String)],
    bed: BedIndex,
    now: WallTime,
) -> Result<TrendQuery, Problem> {
    once_each(parameters)?;
    let (mut from, mut to, mut points) = (None, None, TREND_POINTS);
    for (name, value) in parameters {
        match name.as_str() {
            "from" => from = Some(since(name, value)?),
            "to" => to = Some(since(name, value)?),
            "points" => match value.parse() {
                Ok(wanted @ 1..=TREND_POINTS_MAX) => points = wanted,
                Ok(_) | Err(_) => return Err(wrong(name, "a number from 1 to 1000")),
            },
            _ => return Err(unknown(name, OF_TREND)),
        }
    }
    let to = to.unwrap_or(now);
    let from = from.unwrap_or(to.minus(TREND));
    if from >= to || to.micros_since(from).unsigned_abs() > TREND_MAX_US {
        return Err(wrong("from", "before `to`, by at most 24 h"));
    }
    Ok(TrendQuery { bed, from, to, points })
}

/// The query of a route that takes no parameters.
pub(crate) fn none(query: &str) -> Result<(), Problem> {
    let Some(first) = query.split('&').find(|pair| !pair.is_empty()) else { return Ok(()) };
    let name = shown(first.split_once('=').map_or(first, |(name, _)| name));
    let detail = format!("parameter `{name}` is not known; this route takes none");
    Err(Problem::InvalidParameter(detail))
}

fn cursor(name: &str, value: &str) -> Result<u64, Problem> {
    value.parse().map_err(|_| wrong(name, "the cursor of a page"))
}

fn once_each(parameters: &[(String, String)]) -> Result<(), Problem> {
    let repeated = parameters
        .iter()
        .enumerate()
        .find(|(place, (name, _))| parameters[..*place].iter().any(|(earlier, _)| earlier == name));
    match repeated {
        None => Ok(()),
        Some((_, (name, _))) => Err(wrong(name, "given once")),
    }
}

fn wrong(name: &str, right: &str) -> Problem {
    Problem::InvalidParameter(format!("parameter `{}` must be {right}", shown(name)))
}

fn unknown(name: &str, known: &[&str]) -> Problem {
    let (name, known) = (shown(name), known.join(", "));
    Problem::InvalidParameter(format!("parameter `{name}` is not known; known here: {known}"))
}

/// A client's own word, cut and without control characters.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<AlarmFilter, Problem> {
        let owned: Vec<_> =
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        AlarmFilter::parse(&owned)
    }

    /// Goal: every parameter arrives in the journal's question.
    #[test]
    fn every_parameter_reaches_the_question() {
        let session = "01998f3e-0000-7000-8000-000000000000";
        let filter = parse(&[
            ("state", "all"),
            ("bed", "bay-1"),
            ("session", session),
            ("since", "1970-01-01T00:00:01+00:00"),
            ("limit", "200"),
            ("next", "17"),
        ]);
        let query = AlarmQuery {
            bed: BedId::try_new("bay-1").ok(),
            session: SessionId::parse(session).ok(),
            since: Some(WallTime::from_micros(1_000_000)),
            before: Some(Seq(17)),
            limit: 200,
        };
        assert_eq!(filter, Ok(AlarmFilter { which: Which::All, query }));
        let plain = parse(&[]).expect("nothing is asked for");
        assert_eq!((plain.which, plain.query.limit), (Which::Present, LIMIT_DEFAULT));
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    /// Goal: what a route is said to take it hears; all of it is named to whoever asks otherwise.
    #[test]
    fn a_route_hears_the_parameters_that_it_is_said_to_take() {
        type Parse = fn(&[(String, String)]) -> Option<Problem>;
        let routes: [(&[&str], Parse); 6] = [
            (OF_ALARMS, |asked| AlarmFilter::parse(asked).err()),
            (OF_AUDIT, |asked| AuditFilter::parse(asked).err()),
            (OF_EVENTS, |asked| after(asked).err()),
            (OF_READINGS, |asked| readings(asked, BedIndex(1)).err()),
            (OF_SESSIONS, |asked| SessionFilter::parse(asked).err()),
            (OF_TREND, |asked| trend(asked, BedIndex(1), WallTime::from_micros(0)).err()),
        ];
        for (names, parse) in routes {
            let told = |name| format!("{:?}", parse(&owned(&[(name, "")])));
            for name in names {
                assert!(!told(name).contains("is not known"), "{name}: {}", told(name));
            }
            let colour = told("colour");
            assert!(colour.contains("`colour` is not known"), "{names:?}: {colour}");
            assert!(colour.contains(&names.join(", ")), "{names:?}: {colour}");
        }
    }

    /// Goal: a trend ends now and is of two hours where nothing is said, of a day at most.
    #[test]
    fn a_trend_is_of_a_stretch_of_time_that_is_not_too_long() {
        let at = |hour: i64| WallTime::from_micros(hour * 3_600_000_000);
        let (bed, now) = (BedIndex(1), at(100));
        let asked = |pairs: &[(&str, &str)]| trend(&owned(pairs), bed, now);
        let plain = TrendQuery { bed, from: at(98), to: now, points: TREND_POINTS };
        assert_eq!(asked(&[]), Ok(plain));
        let (from, to) = (("from", "1970-01-01T00:00:00Z"), ("to", "1970-01-02T00:00:00Z"));
        let day = TrendQuery { bed, from: at(0), to: at(24), points: 1000 };
        assert_eq!(asked(&[from, to, ("points", "1000")]), Ok(day));
        for (pairs, named) in [
            (vec![from, ("to", "1970-01-02T00:00:01Z")], "24 h"),
            (vec![from, ("to", from.1)], "`from`"),
            (vec![("points", "0")], "`points`"),
            (vec![("points", "1001")], "`points`"),
            (vec![("bed", "1")], "`bed`"),
        ] {
            let Err(Problem::InvalidParameter(detail)) = asked(&pairs) else { panic!("{pairs:?}") };
            assert!(detail.contains(named), "{detail}");
        }
    }

    /// Goal: each wrong parameter is named, and the answer says what would be right.
    #[test]
    fn a_wrong_parameter_is_named_with_what_would_be_right() {
        let table = [
            (vec![("state", "ended")], "parameter `state` must be present or all"),
            (vec![("bed", "Bay 1")], "parameter `bed` must be 1 to 32 of a-z, 0-9 and -"),
            (vec![("session", "7")], "parameter `session` must be a UUID"),
            (vec![("limit", "0")], "parameter `limit` must be a number from 1 to 200"),
            (vec![("limit", "201")], "parameter `limit` must be a number from 1 to 200"),
            (vec![("limit", "many")], "parameter `limit` must be a number from 1 to 200"),
            (vec![("next", "-1")], "parameter `next` must be the cursor of a page"),
            (vec![("limit", "1"), ("limit", "2")], "parameter `limit` must be given once"),
        ];
        for (pairs, detail) in table {
            assert_eq!(parse(&pairs), Err(Problem::InvalidParameter(detail.into())));
        }
        for pairs in [[("since", "yesterday")], [("colour", "red")]] {
            let Err(Problem::InvalidParameter(detail)) = parse(&pairs) else { panic!("{pairs:?}") };
            assert!(detail.contains(pairs[0].0), "{detail}");
        }
    }
}
