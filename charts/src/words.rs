//! The words of a chart, in the reader's language: charts know none.

/// What a chart is called and what it shows, read out by assistive technology.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Its name. Empty hides the chart from assistive technology, for where the text beside it says the same.
    pub title: String,
    /// What it shows, computed from its data; may be empty.
    pub desc: String,
}

/// How a number becomes text in the reader's language, with its unit.
pub type Format<'a> = &'a dyn Fn(u64) -> String;
