//! One class of mistake in a preset each: edits of the shipped one. What is said of them stands in
//! the snapshots of `broken`.

use super::Case;

/// Each class of mistake in a preset.
pub(super) const PRESET_CASES: &[Case] = &[
    (
        "preset_low_not_under_high",
        &[
            ("resp-low = 2, resp-high = 2", "resp-low = 5, resp-high = 5"),
            ("at_or_below = 9 }", "at_or_below = 12 }"),
            ("at_or_above = 31", "at_or_above = 20"),
        ],
    ),
    ("preset_low_over_high", &[("at_or_below = 49", "at_or_below = 125")]),
    (
        "preset_outside_rails",
        &[
            ("\"nibp_sys\", at_or_above = 180", "\"nibp_sys\", at_or_above = 230"),
            ("at_or_below = 85", "at_or_below = 79"),
        ],
    ),
    (
        "preset_priority_differs",
        &[(
            "confirm = { how = \"recuff\", within_s = 180 }",
            "confirm = { how = \"recuff\", within_s = 180 }\npriority = \"low\"",
        )],
    ),
    (
        "preset_unknown_metric",
        &[("{ metric = \"spo2\", at_or_below = 85 }", "{ metric = \"etco2\", at_or_below = 85 }")],
    ),
    ("preset_unknown_family", &[("[rule.resp-high.R2]", "[rule.temp-high.X1]")]),
    (
        "preset_phase_without_high",
        &[(
            "persist_s = 15\nwhy = { severity = \"irreversible\"",
            "persist_s = 15\nphases = [\"active\"]\nwhy = { severity = \"irreversible\"",
        )],
    ),
    (
        "preset_required_without_limit",
        &[
            ("spo2-low = 1, ", ""),
            (
                "[rule.spo2-low.O1]\nany = [{ metric = \"spo2\", at_or_below = 90 }]\n\
                 persist_s = 15\nwhy = { severity = \"reversible\", onset = \"prompt\", \
                 source = \"[WELCH]\" }\n",
                "",
            ),
            (
                "[rule.spo2-low.O2]\nany = [{ metric = \"spo2\", at_or_below = 85 }]\n\
                 persist_s = 10\nwhy = { severity = \"irreversible\", onset = \"prompt\", \
                 source = \"[RHEIN]\" }\n",
                "",
            ),
            (
                "[rule.spo2-low.O3]\nany = [{ metric = \"spo2\", at_or_below = 93 }, { metric = \
                 \"spo2\", drop_at_or_above = 4 }]\npersist_s = 60\nphases = [\"active\"]\nwhy = \
                 { severity = \"reversible\", onset = \"delayed\", source = \"(M)\" }\n",
                "",
            ),
        ],
    ),
    (
        "preset_family_without_high",
        &[(
            "onset = \"prompt\", source = \"NEWS2 red band (M); [BIOL]\"",
            "onset = \"delayed\", source = \"x\"",
        )],
    ),
    ("preset_wrong_side", &[("\"spo2\", at_or_below = 85", "\"spo2\", at_or_above = 85")]),
    (
        "preset_limit_not_whole",
        &[
            ("\"nibp_sys\", at_or_above = 180", "\"nibp_sys\", at_or_above = nan"),
            ("at_or_below = 85", "at_or_below = 85.5"),
        ],
    ),
    (
        "preset_changes",
        &[
            ("\"nibp_sys\", rise_at_or_above = 40", "\"nibp_sys\", rise_at_or_above = 61"),
            ("\"nibp_dia\", rise_at_or_above = 25", "\"nibp_map\", rise_at_or_above = 25"),
            ("rise_at_or_above = 30", "drop_at_or_above = 30"),
            ("drop_at_or_above = 4", "at_or_below = 92, drop_at_or_above = 4"),
            ("\"resp\", at_or_above = 31", "\"resp\", rise_at_or_above = 10"),
        ],
    ),
    (
        "preset_flags",
        &[
            ("with_symptom = true", "with_symptom = false"),
            ("at_or_below = 90 }]", "at_or_below = 90 }]\ndelayed_if_baseline_below = 55"),
        ],
    ),
    ("preset_delayed_too_early", &[("baseline_below = 55", "baseline_below = 80")]),
    (
        "preset_sedation",
        &[("at_or_below = 2 }", "at_or_below = 5 }"), ("sedation = 1", "sedation = 0")],
    ),
    (
        "preset_recuff_of_a_medium",
        &[(
            "{ metric = \"nibp_dia\", at_or_above = 110 }",
            "{ metric = \"nibp_dia\", at_or_above = 110, why = { severity = \"reversible\", \
             onset = \"prompt\", source = \"x\" } }",
        )],
    ),
    (
        "preset_gates",
        &[
            ("at_or_above = 141, over_65 = 151", "at_or_above = 119, over_65 = 181"),
            (
                "{ metric = \"nibp_sys\", at_or_above = 160 }",
                "{ metric = \"spo2\", at_or_above = 90 }",
            ),
            ("rise_at_most = 20", "rise_at_most = 61"),
            ("at_or_below = 139", "at_or_below = 181"),
        ],
    ),
    (
        "preset_gates_of_nothing",
        &[
            (
                "any = [{ metric = \"nibp_sys\", at_or_above = 160 }, { metric = \"nibp_dia\", \
                 at_or_above = 100 }]\nlast",
                "any = []\npriority = \"high\"\nlast",
            ),
            (
                "near = [{ metric = \"nibp_sys\", rise_at_most = 20 }, { metric = \"nibp_dia\", \
                 rise_at_most = 15 }]",
                "near = []",
            ),
            (
                "onset = \"delayed\", source = \"label: until",
                "onset = \"prompt\", source = \"label: until",
            ),
            ("pass = \"either\"", "pass = \"either\"\npriority = \"low\""),
        ],
    ),
    (
        "preset_gate_readings",
        &[
            ("last = { readings = 2, spacing_s = 60 }", "last = { readings = 0, spacing_s = 30 }"),
            ("pass = \"either\"", "pass = \"any\""),
        ],
    ),
    (
        "preset_due",
        &[(
            "# due = [{ id = \"T2\", what = \"nibp\", at_min = 40, alarm_min = 45 }]",
            "due = [{ id = \"T2\", what = \"nibp\", at_min = 45, alarm_min = 45 },\n    { id = \
             \"T2\", what = \"nibp\", at_min = 40, alarm_min = 45 },\n    { id = \"\", what = \
             \"nibp\", at_min = 40, alarm_min = 45 }]",
        )],
    ),
    (
        "preset_delays",
        &[
            ("within_s = 180", "within_s = 600"),
            ("persist_s = 60", "persist_s = 61"),
            ("\"nibp_sys\", at_or_above = 180", "\"nibp_sys\", persist_s = 5, at_or_above = 180"),
        ],
    ),
    ("preset_confirm_holds_back_high", &[("how = \"recuff\", within_s = 180", "how = \"next\"")]),
    (
        "preset_apnoea_alone",
        &[("    { metric = \"resp\", at_or_below = 7, persist_s = 30 },\n", "")],
    ),
    (
        "preset_header",
        &[
            ("name = \"ketamine-iv\"", "name = \"ketamine\""),
            ("approved_on = \"\"", "approved_on = \"yesterday\""),
            ("routes = [\"iv\"]", "routes = []"),
            ("bp-high = 5, ", ""),
            (
                "observe = { after = \"dose_end\", min = 60 }",
                "observe = { after = \"dose_end\", min = 10 }",
            ),
            ("{metric} {value}", "{baseline} {value}"),
        ],
    ),
    ("preset_missing_key", &[("approved_by = \"\"", ""), ("how = \"recuff\", ", "")]),
];
