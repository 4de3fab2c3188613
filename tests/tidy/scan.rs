//! Rust source text to the same text with comments, strings and characters blanked, line for line,
//! so that a word in a comment is not taken for code and a brace in a string is not counted.

/// `text` with every character of a comment or literal replaced by a space; newlines stay.
pub(crate) fn blank(text: &str) -> String {
    let mut scanner = Scanner { chars: text.chars().collect(), at: 0, out: String::new() };
    while scanner.at < scanner.chars.len() {
        scanner.item();
    }
    scanner.out
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    out: String,
}

impl Scanner {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn keep(&mut self, count: usize) {
        let end = (self.at + count).min(self.chars.len());
        self.out.extend(&self.chars[self.at..end]);
        self.at = end;
    }

    fn hide(&mut self, count: usize) {
        let end = (self.at + count).min(self.chars.len());
        let hidden = self.chars[self.at..end].iter();
        self.out.extend(hidden.map(|c| if *c == '\n' { '\n' } else { ' ' }));
        self.at = end;
    }

    fn item(&mut self) {
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => self.line_comment(),
            ('/', '*') => self.block_comment(),
            ('"', _) => self.string(),
            ('\'', _) => self.character_or_lifetime(),
            (c, _) if c.is_alphanumeric() || c == '_' => self.word(),
            _ => self.keep(1),
        }
    }

    fn line_comment(&mut self) {
        while self.at < self.chars.len() && self.peek(0) != '\n' {
            self.hide(1);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_u32;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    self.hide(1);
                    continue;
                }
            }
            self.hide(2);
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.hide(1);
        while self.at < self.chars.len() {
            match self.peek(0) {
                '\\' => self.hide(2),
                '"' => return self.hide(1),
                _ => self.hide(1),
            }
        }
    }

    /// A word, and the literal that it is the prefix of: `r"…"`, `br#"…"#`, `b'x'`, `c"…"`.
    fn word(&mut self) {
        let start = self.at;
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            self.keep(1);
        }
        let prefix: String = self.chars[start..self.at].iter().collect();
        let hashes = (0..).take_while(|&n| self.peek(n) == '#').count();
        let raw = matches!(prefix.as_str(), "r" | "br" | "cr") && self.peek(hashes) == '"';
        if raw {
            self.raw_string(hashes);
        }
    }

    fn raw_string(&mut self, hashes: usize) {
        self.hide(hashes + 1);
        let closes = |s: &Self| s.peek(0) == '"' && (1..=hashes).all(|n| s.peek(n) == '#');
        while self.at < self.chars.len() && !closes(self) {
            self.hide(1);
        }
        self.hide(hashes + 1);
    }

    fn character_or_lifetime(&mut self) {
        if self.peek(1) == '\\' {
            self.hide(3);
            while self.at < self.chars.len() && self.peek(0) != '\'' {
                self.hide(1);
            }
            self.hide(1);
        } else if self.peek(2) == '\'' {
            self.hide(3);
        } else {
            self.keep(1);
        }
    }
}

#[test]
fn comments_strings_and_characters_are_blanked_and_code_is_kept() {
    let table = [
        ("a // b {", "a       "),
        ("a /* b /* { */ } */ c", "a                   c"),
        (r#"f("{ \" }")"#, "f(        )"),
        (r##"f(r#"{" }"#)"##, "f(r        )"),
        (r#"f(b"{")"#, "f(b   )"),
        ("m('{', '\\'', '\\u{7B}')", "m(   ,     ,         )"),
        ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
        ("r#type", "r#type"),
        ("x\n// {\ny", "x\n    \ny"),
    ];
    for (text, expected) in table {
        let blanked = blank(text);
        let width = |s: &str| s.chars().count();
        assert_eq!(blanked, expected, "{text:?}");
        assert_eq!(width(&blanked), width(text), "{text:?}");
    }
}
