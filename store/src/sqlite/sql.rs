//! Texts of SQL that depend on how many rows there are.

use std::fmt::{Display, Write};

/// SQLite takes 32,766 parameters in a statement; this many rows of up to nine columns stay far below, and more
/// rows are no faster.
pub(super) const ROWS_A_STATEMENT: usize = 1_000;
/// Blocks are large: this many make 200 kB.
pub(super) const BLOCKS_A_STATEMENT: usize = 100;

/// `(?,?),(?,?)…`: placeholders of rows.
pub(super) fn values(rows: usize, columns: usize) -> String {
    let row = format!("({}),", vec!["?"; columns].join(","));
    let mut text = row.repeat(rows);
    text.pop();
    text
}

/// `[1,2]`: a list as one parameter, for `json_each`.
pub(super) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let mut text = "[".to_owned();
    for item in items {
        if text.len() > 1 {
            text.push(',');
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "{item}");
    }
    text.push(']');
    text
}

/// `["a","b"]`: a list of logins as one parameter; they have nothing that JSON would escape.
pub(super) fn quoted<'a>(logins: impl IntoIterator<Item = &'a str>) -> String {
    list(logins.into_iter().map(|login| format!("\"{login}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        assert_eq!(
            (values(2, 3), list([1, 2]), list::<u32>([])),
            ("(?,?,?),(?,?,?)".into(), "[1,2]".into(), "[]".into())
        );
    }
}
