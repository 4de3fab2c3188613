//! What the service sends, as the types of the page: `src/dashboard/generated.ts`. It is made from
//! the shapes of this module and its neighbours by `make types`; no build makes it.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use ts_rs::{Config, TS, TypeVisitor};

use super::Page;
use super::act::Outcome;
use super::audit::AuditEntry;
use super::bed::Bed;
use super::event::{Farewell, Heartbeat, SessionChanged, Snapshot};
use super::occurrence::Occurrence;
use super::preset::{Preset, PresetSummary};
use super::reading::Reading;
use super::session::{PastSession, Session, SessionDetail};
use super::trend::Trend;
use crate::shell::http::alarms::Acknowledgement;
use crate::shell::http::handovers::Handover;
use crate::shell::http::limits::LimitSet;
use crate::shell::http::login::{LoggedIn, Me};
use crate::shell::http::problem::ProblemBody;
use crate::shell::http::screens::pairing::{Code, Paired};
use crate::shell::http::screens::{Opened, Screen};
use crate::shell::http::sessions::by_hand::Entered;
use crate::shell::http::setup::Setup;
use crate::shell::http::users::UserBody;

const COLUMNS: usize = 100;
const FIRST: &str =
    "// Made from the service's own shapes by `make types`; change those, never this.
// A test of the service fails where this is not what it sends.
";

/// All live events and all answers that have a body.
type Sent = (
    (Snapshot<'static>, Bed<'static>, SessionChanged<'static>, Heartbeat<'static>, Farewell),
    (Acknowledgement<'static>, Outcome, LimitSet, Entered, ProblemBody),
    (LoggedIn<'static>, Me<'static>, Opened, Code<'static>, Paired<'static>),
    (Page<Occurrence<'static>>, Page<Reading<'static>>, Page<PastSession<'static>>),
    (Page<AuditEntry>, Trend<'static>, Session<'static>, SessionDetail<'static>),
    (PresetSummary<'static>, Preset<'static>, Setup<'static>),
    (Handover<'static>, Screen<'static>, UserBody<'static>),
);

/// The declarations by name, each with those that it needs.
struct Declared {
    of: Config,
    all: BTreeMap<String, String>,
}

impl TypeVisitor for Declared {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_generics(self);
        // Lists, maps and numbers have no declaration, and no place for one.
        if T::output_path().is_some() {
            let name = T::ident(&self.of);
            if !self.all.contains_key(&name) {
                self.all.insert(name, T::decl(&self.of));
                T::visit_dependencies(self);
            }
        }
    }
}

/// Without the docs, which stand in the code, and in lines that are not too long.
fn laid_out(declaration: &str) -> String {
    let bare = |part: &str| part.split_once("*/").map_or(part.to_owned(), |(_, rest)| rest.into());
    let bare: String = declaration.split("/**").map(bare).collect();
    let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut text, mut column) = (String::new(), 0);
    let pieces = bare.replace(", }", " }").replace(", ", ",\n");
    for piece in pieces.replace(" | \"", "\n| \"").replace(" | {", "\n| {").lines() {
        let wide = piece.chars().count() + 1;
        let (between, at) = if column == 0 {
            ("export ", 6)
        } else if column + wide > COLUMNS {
            ("\n  ", 1)
        } else {
            (" ", column)
        };
        text.push_str(between);
        text.push_str(piece);
        column = at + wide;
    }
    text
}

fn types() -> String {
    let mut declared =
        Declared { of: Config::new().with_large_int("number"), all: BTreeMap::new() };
    declared.visit::<Sent>();
    let each = declared.all.values().map(|it| format!("\n{}\n", laid_out(it)));
    std::iter::once(FIRST.to_owned()).chain(each).collect()
}

/// Goal: a field, a word or a null that changes here is another type of the page, which then does
/// not compile where it reads what was.
#[test]
fn the_page_has_the_types_of_what_is_sent() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dashboard/generated.ts");
    let types = types();
    if env::var_os("DOSEVIGIL_TYPES").is_some() {
        fs::write(&path, &types).expect("the page's directory can be written to");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == types, "{} is not what the code says: make types", path.display());
}
