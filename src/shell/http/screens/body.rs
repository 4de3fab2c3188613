//! Bodies of requests about screens, checked field by field.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::ids::{BedId, BedIndex, CommandId, Seq};
use crate::domain::screens::{
    Audio, Coverage, Heard, Lease, ScreenDeed, ScreenId, ScreenKind, Visibility,
};
use crate::shell::http::body::{command, printable, wrong};
use crate::shell::http::problem::Problem;
use crate::shell::http::site::Site;

const NAME_CHARS_MAX: usize = 64;

/// Body of an opening.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenBody {
    /// A UUID of the client's own; it becomes the screen's id.
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
    /// Where it stands: 1 to 64 printable characters.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    name: Value,
    /// station | board
    #[schema(value_type = String)]
    kind: Value,
}

/// Body of a sound test.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SoundTestBody {
    /// A UUID of the client's own, new with each act, the same when it asks again.
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
    /// Whether the person heard it.
    #[schema(value_type = bool)]
    heard: Value,
}

/// Body of a lease.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaseBody {
    /// Whether a person before the screen would see the page.
    #[schema(value_type = bool)]
    visible: Value,
    /// unlocked | locked | muted
    #[schema(value_type = String)]
    audio: Value,
    /// The beds that it shows, or `"all"`.
    #[schema(value_type = Vec<String>)]
    beds: Value,
    /// The highest alarm `seq` that it has painted; 0 before the first.
    #[schema(value_type = u64)]
    seen: Value,
}

impl OpenBody {
    pub(super) fn deed(&self) -> Result<(CommandId, ScreenDeed), Problem> {
        let command = command(&self.command_id)?;
        let name = printable(&self.name, NAME_CHARS_MAX)
            .ok_or_else(|| wrong("name", "1 to 64 printable characters"))?;
        let kind = self.kind.as_str();
        let kind = ScreenKind::ALL.into_iter().find(|one| Some(one.name()) == kind);
        let kind = kind.ok_or_else(|| wrong("kind", "station or board"))?;
        Ok((command, ScreenDeed::Open { name, kind }))
    }
}

impl SoundTestBody {
    pub(super) fn deed(&self, screen: ScreenId) -> Result<(CommandId, ScreenDeed), Problem> {
        let command = command(&self.command_id)?;
        let heard = self.heard.as_bool().ok_or_else(|| wrong("heard", "true or false"))?;
        let heard = if heard { Heard::Yes } else { Heard::No };
        Ok((command, ScreenDeed::SoundTest { screen, heard }))
    }
}

impl LeaseBody {
    pub(super) fn lease(&self, site: &Site) -> Result<Lease, Problem> {
        let visible = self.visible.as_bool().ok_or_else(|| wrong("visible", "true or false"))?;
        let audio = self.audio.as_str();
        let audio = Audio::ALL.into_iter().find(|one| Some(one.name()) == audio);
        let seen = self.seen.as_u64();
        Ok(Lease {
            visibility: if visible { Visibility::Visible } else { Visibility::Hidden },
            audio: audio.ok_or_else(|| wrong("audio", "unlocked, locked or muted"))?,
            beds: coverage(&self.beds, site).ok_or_else(|| {
                wrong("beds", "\"all\", or a list of beds that /api/v1/beds lists")
            })?,
            seen: Seq(seen.ok_or_else(|| wrong("seen", "a whole number, 0 or more"))?),
        })
    }
}

fn coverage(beds: &Value, site: &Site) -> Option<Coverage> {
    if beds.as_str() == Some("all") {
        return Some(Coverage::All);
    }
    let bed =
        |bed: &Value| -> Option<BedIndex> { site.place_of(&BedId::try_new(bed.as_str()?).ok()?) };
    let shown: Option<BTreeSet<BedIndex>> = beds.as_array()?.iter().map(bed).collect();
    shown.map(Coverage::Beds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::http::body::parse;
    use crate::shell::http::tests::sample;

    const ID: &str = "01998f3e-0000-7000-8000-00000000000a";

    fn lease(body: &str) -> Result<Lease, Problem> {
        parse::<LeaseBody>(body.as_bytes(), "visible, audio, beds and seen")?.lease(&sample::site())
    }

    fn field(problem: Problem) -> String {
        let detail = problem.detail();
        detail.split('`').nth(1).unwrap_or(&detail).to_owned()
    }

    #[test]
    fn a_right_lease_says_who_sees_and_hears_what() {
        // safety:F8
        let body = r#"{"visible":true,"audio":"locked","beds":["bay-0","bay-1"],"seen":12}"#;
        let both = Coverage::Beds(BTreeSet::from([BedIndex(0), BedIndex(1)]));
        let (visibility, audio) = (Visibility::Visible, Audio::Locked);
        assert_eq!(lease(body), Ok(Lease { visibility, audio, beds: both, seen: Seq(12) }));
        let body = r#"{"visible":false,"audio":"muted","beds":"all","seen":0}"#;
        let (visibility, audio) = (Visibility::Hidden, Audio::Muted);
        let all = Lease { visibility, audio, beds: Coverage::All, seen: Seq(0) };
        assert_eq!(lease(body), Ok(all));
    }

    #[test]
    fn a_wrong_field_is_named() {
        // Method: one field at a time, from a right body.
        let right = [
            ("visible", "true"),
            ("audio", "\"unlocked\""),
            ("beds", "[\"bay-1\"]"),
            ("seen", "1"),
        ];
        let table = [
            ("visible", "1"),
            ("visible", "null"),
            ("audio", "\"on\""),
            ("audio", "true"),
            ("beds", "\"bay-1\""),
            ("beds", "[\"bay-9\"]"),
            ("beds", "[1]"),
            ("beds", "null"),
            ("seen", "-1"),
            ("seen", "1.5"),
            ("seen", "\"1\""),
        ];
        for (key, value) in table {
            let fields = right.map(|(name, usual)| {
                let value = if name == key { value } else { usual };
                format!("\"{name}\":{value}")
            });
            let problem = lease(&format!("{{{}}}", fields.join(","))).expect_err(value);
            assert_eq!(field(problem), key, "{value}");
        }
        let open = |kind: &str, name: &str| {
            let body = format!(r#"{{"command_id":"{ID}","name":"{name}","kind":"{kind}"}}"#);
            parse::<OpenBody>(body.as_bytes(), "command_id, name and kind")?.deed()
        };
        assert!(open("station", "desk").is_ok() && open("board", "hall").is_ok());
        assert_eq!(field(open("phone", "desk").expect_err("no such kind")), "kind");
        assert_eq!(field(open("board", "").expect_err("no name")), "name");
    }
}
