//! Files of at most 400 lines, functions of at most 70, lines of at most 100 columns, each module
//! with its doc first, and no module whose name says nothing.

use crate::source::{Kind, Source};
use crate::tokens;
use crate::{assert_none, assert_rule, findings_in_tree};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
const COLUMNS_MAX: usize = 100;

const EMPTY_NAMES: [&str; 10] = [
    "util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "types", "stuff",
];
const INSTEAD_OF_PROCESS: &str =
    "the field's verb: `decode` bytes, `evaluate` limits, `step` state, `append`, `publish`";

fn too_large(source: &Source) -> Vec<String> {
    if source.kind == Kind::Other {
        return Vec::new();
    }
    let mut found = Vec::new();
    let lines = source.text.lines().count();
    if lines > FILE_LINES_MAX {
        let what = format!("{lines} lines, at most {FILE_LINES_MAX}; instead: split by question");
        found.push(source.finding(FILE_LINES_MAX + 1, &what));
    }
    for (number, line) in source.numbered() {
        let columns = line.chars().count();
        if columns > COLUMNS_MAX {
            let what = format!("{columns} columns, at most {COLUMNS_MAX}; instead: break the line");
            found.push(source.finding(number, &what));
        }
    }
    for function in tokens::functions(&source.tokens) {
        let lines = function.lines.end() - function.lines.start() + 1;
        if lines > FUNCTION_LINES_MAX {
            let name = &function.name;
            let what = format!(
                "`{name}` has {lines} lines, at most {FUNCTION_LINES_MAX}; instead: \
                                keep the ifs here and move the leaves out"
            );
            found.push(source.finding(*function.lines.start(), &what));
        }
    }
    found
}

fn without_doc(source: &Source) -> Vec<String> {
    let bare = source.kind == Kind::Rust && !source.text.starts_with("//!");
    let what = "no module doc; instead: begin with `//!`: what it turns into what, and by which \
                section";
    if bare { vec![source.finding(1, what)] } else { Vec::new() }
}

fn named_for_nothing(source: &Source) -> Vec<String> {
    if source.kind == Kind::Other {
        return Vec::new();
    }
    let mut found = Vec::new();
    let parts = source.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    for part in parts.filter(|part| EMPTY_NAMES.contains(part)) {
        let what = format!("`{part}` names no concept; instead: the thing that the module holds");
        found.push(source.finding(1, &what));
    }
    for pair in source.tokens.windows(2) {
        let name = pair[1].text.as_str();
        let instead = match pair[0].text.as_str() {
            "mod" if EMPTY_NAMES.contains(&name) => "the thing that the module holds",
            "fn" if name == "process" || name.starts_with("process_") => INSTEAD_OF_PROCESS,
            "fn" if name == "handle_data" => INSTEAD_OF_PROCESS,
            _ => continue,
        };
        found.push(
            source.finding(pair[1].line, &format!("`{name}` says nothing; instead: {instead}")),
        );
    }
    found
}

#[test]
fn files_functions_and_lines_are_short() {
    assert_none(&findings_in_tree(too_large));
}

#[test]
fn each_module_begins_with_its_doc() {
    assert_none(&findings_in_tree(without_doc));
}

#[test]
fn modules_and_functions_are_named_for_what_they_hold_and_do() {
    assert_none(&findings_in_tree(named_for_nothing));
}

#[test]
fn what_is_too_large_is_found_and_what_just_fits_is_not() {
    let lines = |count: usize| "//! x\n".repeat(count);
    let function = |inner: usize| format!("fn f() {{\n{}}}\n", "// }\n".repeat(inner));
    let wide = |columns: usize| format!("//! {}", "é".repeat(columns - 4));
    let bad = [
        ("src/a.rs", lines(401), 401),
        ("src/dashboard/a.ts", lines(401), 401),
        ("tests/a.rs", function(69), 1),
        ("src/a.rs", format!("fn g() {{}}\nimpl A {{\n{}}}", function(69)), 3),
        ("src/a.rs", wide(101), 1),
        ("tests/browser/a.mjs", wide(101), 1),
    ];
    let good = [("src/a.rs", lines(400)), ("tests/a.rs", function(68)), ("src/a.rs", wide(100))];
    let bad: Vec<_> = bad.iter().map(|(path, text, line)| (*path, text.as_str(), *line)).collect();
    let good: Vec<_> = good.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_rule(too_large, &bad, &good);
}

#[test]
fn a_missing_doc_and_an_empty_name_are_found() {
    assert_rule(without_doc, &[("src/a.rs", "use b;\n//! x", 1)], &[("src/a.rs", "//! x")]);
    let bad = [
        ("src/utils.rs", "", 1),
        ("src/dashboard/helper.ts", "", 1),
        ("src/manager/mod.rs", "", 1),
        ("src/a.rs", "\nmod common {}", 2),
        ("src/a.rs", "fn process_frame() {}", 1),
    ];
    let good = [("tests/process.rs", "//! utils\nfn processed() {}"), ("src/a.rs", "mod typed;")];
    assert_rule(named_for_nothing, &bad, &good);
}
