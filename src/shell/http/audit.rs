//! `GET /api/v1/audit?since&limit` (contract 6): what people did, newest first: their acts on the
//! ward from the journal, and what happened to log-ins, users and tokens.
//!
//! The two are kept apart and each has its own order; a page takes the later one of both, by their
//! clocks. In a simulated clinic that runs fast these are two different clocks.

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::query::{AuditCursor, AuditFilter};
use super::wire::Page;
use super::wire::audit::AuditEntry;
use super::{AppState, within};
use crate::domain::time::WallTime;
use crate::shell::identity::AuditLine;
use crate::shell::lane::{ActEntry, ActsPage, ActsQuery};

/// Who did what, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    tag = "people",
    params(
        ("since" = Option<String>, Query, description = "RFC 3339: none that is older"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 if absent"),
        ("next" = Option<String>, Query, description = "The cursor of the page before")
    ),
    responses(
        (status = 200, description = "A page", body = inline(Page<AuditEntry>)),
        (status = 400, description = "invalid-parameter: names it"),
        (status = 503, description = "Journal or users can't be read now")
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let AuditFilter { since, limit, before } = AuditFilter::parse(&parameters)?;
    let asked = state.0.history.acts(ActsQuery { since, before: before.act, limit: limit + 1 });
    let asked = async { asked.await.map_err(Problem::History) };
    let acts = within(state.0.limits.answer, asked).await?;
    let lines = state.0.identity.audit_before(before.line, limit + 1).await?;
    let lines = lines.into_iter().take_while(|line| since.is_none_or(|since| line.at >= since));
    let merged = Merged::new(acts, lines.collect(), before, limit);
    let items = merged.items.into_iter().map(|item| match item {
        Item::Act(ActEntry { act: Ok(taken), .. }) => AuditEntry::of_act(&state.0.site, &taken),
        Item::Act(ActEntry { act: Err(why), .. }) => AuditEntry::unreadable(&why),
        Item::Line(line) => AuditEntry::of_identity(line),
    });
    let next = merged.next.map(|cursor| cursor.to_string());
    Ok(Json(Page { items: items.collect(), next }).into_response())
}

#[derive(Debug)]
enum Item {
    Act(ActEntry),
    Line(AuditLine),
}

/// The first `limit` of both, and where the next page begins.
#[derive(Debug)]
struct Merged {
    items: Vec<Item>,
    next: Option<AuditCursor>,
}

impl Merged {
    fn new(acts: ActsPage, lines: Vec<AuditLine>, from: AuditCursor, limit: usize) -> Self {
        let more_acts = acts.next;
        let (mut acts, mut lines) =
            (acts.items.into_iter().peekable(), lines.into_iter().peekable());
        let (mut items, mut cursor) = (Vec::new(), from);
        while items.len() < limit {
            let takes_act = match (acts.peek(), lines.peek()) {
                (Some(act), Some(line)) => at(act).is_none_or(|at| at >= line.at),
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            if takes_act {
                let act = acts.next().expect("it was peeked at");
                cursor.act = Some(act.n);
                items.push(Item::Act(act));
            } else {
                let line = lines.next().expect("it was peeked at");
                cursor.line = Some(line.id);
                items.push(Item::Line(line));
            }
        }
        let unread = acts.peek().is_some() || lines.peek().is_some();
        if !unread && let Some(scanned) = more_acts {
            cursor.act = Some(scanned);
        }
        let next = (unread || more_acts.is_some()).then_some(cursor);
        Self { items, next }
    }
}

/// `None`: not known; it stays where it is.
fn at(entry: &ActEntry) -> Option<WallTime> {
    entry.act.as_ref().ok().map(|taken| taken.at.wall)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::act::{Act, Actor, Deed};
    use crate::domain::ids::{BedIndex, CommandId};
    use crate::domain::role::Role;
    use crate::domain::time::Stamp;
    use crate::shell::lane::ActTaken;

    fn act(n: u64, micros: i64) -> ActEntry {
        let wall = WallTime::from_micros(micros);
        let act = Act {
            command: CommandId::from_bits(n.into()),
            by: Actor::new("kim", Role::Nurse),
            reason: None,
            deed: Deed::PauseAudio { bed: BedIndex(0) },
        };
        let at = Stamp { wall, ..Stamp::default() };
        ActEntry { n, act: Ok(ActTaken { at, act, caused: Vec::new() }) }
    }

    fn line(id: i64, micros: i64) -> AuditLine {
        let (who, what, from) = ("kim".into(), "log-in".into(), String::new());
        AuditLine { id, at: WallTime::from_micros(micros), who, what, from, detail: String::new() }
    }

    fn ids(merged: &Merged) -> Vec<i64> {
        let id = |item: &Item| match item {
            Item::Act(act) => i64::try_from(act.n).expect("small"),
            Item::Line(line) => line.id,
        };
        merged.items.iter().map(id).collect()
    }

    #[test]
    fn a_page_has_the_later_of_both_and_the_next_goes_on_behind_it() {
        // Goal: nothing is left out or told twice from page to page.
        let acts = || vec![act(40, 9), act(30, 5), act(20, 1)];
        let lines = || vec![line(3, 7), line(2, 4), line(1, 4)];
        let page = ActsPage { items: acts(), next: None };
        let first = Merged::new(page, lines(), AuditCursor::default(), 3);
        assert_eq!(ids(&first), [40, 3, 30]);
        let cursor = AuditCursor { act: Some(30), line: Some(3) };
        assert_eq!(first.next, Some(cursor));
        let page = ActsPage { items: acts().split_off(2), next: None };
        let second = Merged::new(page, lines().split_off(1), cursor, 3);
        assert_eq!((ids(&second), second.next), (vec![2, 1, 20], None));
    }

    #[test]
    fn acts_that_no_person_did_lead_on_to_the_next_page() {
        let page = ActsPage { items: Vec::new(), next: Some(12) };
        let merged = Merged::new(page, Vec::new(), AuditCursor::default(), 3);
        assert_eq!(merged.next, Some(AuditCursor { act: Some(12), line: None }));
    }
}
