//! The page's style: for paper first, without a colour that has to be seen. Each printed page says
//! whose it is, where it comes from, and which page of how many it is (alarms, Dashboard HMI 13).

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::super::Facts;
use super::super::zone::Zone;
use crate::domain::alarm::rule::Approval;

const FIXED: &str = "
body{font:13px/1.35 sans-serif;color:#000;background:#fff;margin:1em auto;max-width:190mm}
h1{font-size:20px;margin:.4em 0}h2{font-size:15px;margin:1em 0 .3em;break-after:avoid}
.banner{border:3px double #000;font-weight:bold;font-size:15px;padding:.3em;text-align:center}
dl{display:grid;grid-template-columns:max-content 1fr max-content 1fr;gap:.1em .8em;
margin:.5em 0}
dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #000;padding:.15em .35em;text-align:left;vertical-align:top}
td{overflow-wrap:break-word}thead{display:table-header-group}tr{break-inside:avoid}
.sheet{break-before:page}.sheet td:first-child{width:45%}
svg{width:100%;height:auto;break-inside:avoid}svg text{font:11px sans-serif;fill:#000}
.frame{fill:none;stroke:#000}.grid{stroke:#bbb;stroke-width:.5}.value{stroke:#000;stroke-width:1.6}
.limit{stroke:#000;stroke-width:.8;stroke-dasharray:5 3}.mark{stroke:#000;stroke-width:1}
.phase{stroke:#000;stroke-width:.6;stroke-dasharray:1 3}.hatch{stroke:#000;stroke-width:.7}
.gap{fill:url(#no-data);stroke:#000;stroke-width:.4}
";

/// The whole style of one report.
pub(super) fn of(facts: &Facts<'_>, zone: &Zone) -> String {
    let chart = facts.chart;
    let (count, code) = facts.chain;
    let simulated = facts.is_simulated().then_some("SIMULATED");
    let unapproved = (!facts.is_approved()).then_some(Approval::MISSING);
    let warnings: Vec<&str> = simulated.into_iter().chain(unapproved).collect();
    let warnings = warnings.join(" · ");
    let whose = format!("{} · session {}", facts.site, chart.id);
    let patient = match &*chart.patient.reference {
        "" => "patient without a reference".to_owned(),
        reference => format!("patient {reference}"),
    };
    let origin = format!(
        "generated {} · configuration {} · chain {count} {}",
        zone.full(facts.generated),
        short(facts.configuration),
        short(code),
    );
    let box_of = |place: &str, text: &str| {
        format!("@{place}{{font:9px sans-serif;content:\"{}\"}}", quoted(text))
    };
    let boxes = [
        box_of("top-left", &whose),
        box_of("top-center", &warnings),
        box_of("top-right", &patient),
        box_of("bottom-left", &origin),
    ];
    format!(
        "{FIXED}@page{{size:A4;margin:18mm 12mm;{}@bottom-right{{font:9px sans-serif;\
         content:\"page \" counter(page) \" / \" counter(pages)}}}}",
        boxes.concat()
    )
}

/// Enough of a hash to compare by eye; the whole one is on the page itself.
fn short(hash: &str) -> &str {
    hash.get(..16).unwrap_or(hash)
}

/// Text of people, made harmless in a style's string: all but plain letters by their numbers.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-' | ':' | '.' | '/') {
            quoted.push(letter);
        } else {
            // The space ends the number and is no part of the text.
            write!(quoted, "\\{:06x} ", u32::from(letter)).expect("a String takes all");
        }
    }
    quoted
}

/// What a content security policy names this style by.
pub(super) fn name(style: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(style.as_bytes())))
}

/// RFC 4648, 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let mut bits = 0_u32;
        for place in 0..3 {
            bits = bits << 8 | u32::from(three.get(place).copied().unwrap_or(0));
        }
        for place in 0..4_usize {
            let letter = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or(0);
            let is_padding = place > three.len();
            text.push(if is_padding { '=' } else { char::from(LETTERS[letter]) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_come_out() {
        let table =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, coded) in table {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_reference_cannot_leave_its_string() {
        let quoted = quoted("a\"}</style>\\\n");
        assert_eq!(quoted, "a\\000022 \\00007d \\00003c /style\\00003e \\00005c \\00000a ");
    }
}
