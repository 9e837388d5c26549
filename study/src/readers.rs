//! Who reads a compressed CSV file with no help: by its name alone, or by one word in the call.

use serde::Serialize;

/// The programs that read some compressions as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Readers {
    /// The compressions, as their settings are named.
    pub codecs: &'static str,
    /// Who reads them; a note in parentheses.
    pub programs: &'static [&'static str],
}

/// As of autumn 2026; `docs/compression-study.md` says how each was checked.
pub const READERS: [Readers; 5] = [
    Readers {
        codecs: "members, gzip",
        programs: &[
            "BigQuery",
            "ClickHouse",
            "DuckDB",
            "Spark",
            "pandas",
            "pyarrow",
            "polars",
            "Python's gzip",
            "zcat",
        ],
    },
    Readers {
        codecs: "bzip2",
        programs: &["ClickHouse (not as chDB)", "Spark", "pandas", "pyarrow", "Python's bz2", "bzcat"],
    },
    Readers { codecs: "xz", programs: &["ClickHouse", "pandas", "Python's lzma", "xzcat"] },
    Readers {
        codecs: "zstd",
        programs: &["ClickHouse", "DuckDB", "pandas (with zstandard)", "pyarrow", "polars", "zstdcat"],
    },
    Readers { codecs: "brotli", programs: &["ClickHouse"] },
];
