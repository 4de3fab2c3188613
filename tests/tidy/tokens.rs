//! Blanked source to words and marks with their lines, and what is seen at once in them: functions
//! with their lengths, and the lines that are compiled for tests only.

use std::ops::RangeInclusive;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// A word or number, `::`, or one other character.
    pub(crate) text: String,
    /// From 1.
    pub(crate) line: usize,
}

impl Token {
    pub(crate) fn is_word(&self) -> bool {
        self.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// A function with a body, from the line of `fn` to the line of its closing brace.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) lines: RangeInclusive<usize>,
}

pub(crate) fn tokens(blanked: &str) -> Vec<Token> {
    let numbered = blanked.lines().enumerate();
    numbered.flat_map(|(i, text)| line_tokens(text, i + 1)).collect()
}

fn line_tokens(text: &str, line: usize) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if word(first) {
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        found.push(Token { text: rest[..length].to_owned(), line });
        rest = rest[length..].trim_start();
    }
    found
}

/// Index of the brace that closes the one at `open`, or the last token where none does.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i;
        }
    }
    tokens.len().saturating_sub(1)
}

/// Index of the `{` that opens the item at `start`, or of the `;` that ends one without a body.
fn opening(tokens: &[Token], start: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (i, token) in tokens.iter().enumerate().skip(start) {
        match token.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "{" | ";" if depth == 0 => return Some(i),
            _ => {}
        }
    }
    None
}

pub(crate) fn functions(tokens: &[Token]) -> Vec<Function> {
    let starts = tokens.windows(2).enumerate();
    let starts = starts.filter(|(_, pair)| pair[0].text == "fn" && pair[1].is_word());
    let with_body = starts.filter_map(|(i, pair)| {
        let open = opening(tokens, i).filter(|&o| tokens[o].text == "{")?;
        let last = tokens[closing(tokens, open)].line;
        Some(Function { name: pair[1].text.clone(), lines: pair[0].line..=last })
    });
    with_body.collect()
}

/// The lines of the items under `#[cfg(test)]` or `#[cfg(all(test, …))]`.
pub(crate) fn test_lines(tokens: &[Token]) -> Vec<RangeInclusive<usize>> {
    let mut found = Vec::new();
    for i in 0..tokens.len() {
        let starts = |words: &[&str]| {
            let mut rest = tokens[i..].iter();
            words.iter().all(|word| rest.next().is_some_and(|token| token.text == *word))
        };
        let inner = starts(&["#", "!", "[", "cfg", "(", "test", ")"]);
        let outer = starts(&["#", "[", "cfg", "(", "test", ")"])
            || starts(&["#", "[", "cfg", "(", "all", "(", "test"]);
        if inner {
            found.push(1..=usize::MAX);
        } else if outer && let Some(open) = opening(tokens, i) {
            let body = tokens[open].text == "{";
            let end = if body { closing(tokens, open) } else { open };
            found.push(tokens[i].line..=tokens[end].line);
        }
    }
    found
}

#[test]
fn functions_are_measured_to_their_closing_brace() {
    let text = "fn a(x: [u8; 2]) -> u8 {\n  if x { }\n}\ntrait T { fn b();\n fn c() {} }\n\
                struct F(fn(u8));\nfn d() {\n fn e() {\n }\n}";
    let spans = |f: &Function| (f.name.clone(), f.lines.clone());
    let found: Vec<_> = functions(&tokens(text)).iter().map(spans).collect();
    let expected = [("a", 1..=3), ("c", 5..=5), ("d", 7..=10), ("e", 8..=9)];
    assert_eq!(found, expected.map(|(name, lines)| (name.to_owned(), lines)));
}

#[test]
fn test_lines_cover_modules_and_single_items() {
    let text =
        "#[cfg(test)]\nmod tests;\nfn a() {}\n#[cfg(test)]\nmod b {\n fn c() {}\n}\nfn d() {}";
    assert_eq!(test_lines(&tokens(text)), [1..=2, 4..=7]);
}
