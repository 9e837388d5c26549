//! What must hold between the tables of names, as statements that give the key of each exception. Both databases
//! understand them.

/// A rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// What the exceptions are.
    pub(crate) what: &'static str,
    /// Gives their keys, one a row, as int8.
    pub(crate) sql: &'static str,
}

macro_rules! rules {
    ($holder:literal, $span:literal, $things:literal) => {
        &[
            Rule {
                what: "logins that several hold at once",
                sql: concat!(
                    "SELECT CAST(min(key) AS bigint) FROM ",
                    $span,
                    " WHERE until_day IS NULL GROUP BY login HAVING count(*) > 1"
                ),
            },
            Rule {
                what: concat!($things, " that hold several logins at once"),
                sql: concat!(
                    "SELECT CAST(key AS bigint) FROM ",
                    $span,
                    " WHERE until_day IS NULL GROUP BY key HAVING count(*) > 1"
                ),
            },
            Rule {
                what: "spans that end before they begin",
                sql: concat!("SELECT CAST(key AS bigint) FROM ", $span, " WHERE until_day < from_day"),
            },
            Rule {
                what: concat!($things, " whose key the next newcomer would get too"),
                sql: concat!(
                    "SELECT CAST(h.key AS bigint) FROM ",
                    $holder,
                    " h WHERE h.key >= coalesce((SELECT n.key FROM next_key n WHERE n.kind = '",
                    $holder,
                    "'), 0)"
                ),
            },
            Rule {
                what: concat!("spans of no ", $holder),
                sql: concat!(
                    "SELECT CAST(s.key AS bigint) FROM ",
                    $span,
                    " s WHERE NOT EXISTS (SELECT 1 FROM ",
                    $holder,
                    " h WHERE h.key = s.key)"
                ),
            },
            Rule {
                what: concat!($things, " whose name leads to no span of theirs"),
                sql: concat!(
                    "SELECT CAST(h.key AS bigint) FROM ",
                    $holder,
                    " h WHERE NOT EXISTS (SELECT 1 FROM ",
                    $span,
                    " s WHERE s.login = h.login AND s.key = h.key)"
                ),
            },
            Rule {
                what: concat!($things, " whose name is not the login that they hold"),
                sql: concat!(
                    "SELECT CAST(s.key AS bigint) FROM ",
                    $span,
                    " s JOIN ",
                    $holder,
                    " h ON h.key = s.key WHERE s.until_day IS NULL AND h.login <> s.login"
                ),
            },
        ]
    };
}

/// Of people and of channels, with the table that findings name.
pub(crate) const RULES: &[(&str, &[Rule])] = &[
    ("login_span", rules!("person", "login_span", "people")),
    ("channel_span", rules!("channel", "channel_span", "channels")),
];

/// All logins of a table of spans, to be parsed: (login, key).
pub(crate) const LOGINS: &[(&str, &str)] = &[
    ("login_span", "SELECT login, CAST(key AS bigint) FROM login_span"),
    ("channel_span", "SELECT login, CAST(key AS bigint) FROM channel_span"),
];

/// The tables whose rows are of a day and a generation, and the pairs in them.
pub(crate) const GENERATIONS: &[(&str, &str)] = &[
    ("channel_day", "SELECT DISTINCT CAST(day AS bigint), CAST(generation AS bigint) FROM channel_day"),
    ("day_record", "SELECT DISTINCT CAST(day AS bigint), CAST(generation AS bigint) FROM day_record"),
    ("skipped_sweep", "SELECT DISTINCT CAST(day AS bigint), CAST(generation AS bigint) FROM skipped_sweep"),
    ("verification", "SELECT DISTINCT CAST(day AS bigint), CAST(generation AS bigint) FROM verification"),
];
