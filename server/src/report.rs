//! What the terminal is told: errors with their causes, bars for what takes long.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io::{self, ErrorKind, IsTerminal as _};

use indicatif::{ProgressBar, ProgressStyle};
use model::slot::SlotTime;
use model::sweep::SweepSummary;

/// What to do about a full disk, where nobody has said it yet.
const FREE_SOME: &str = "free some space";

/// An error with all its causes, in one line; of a full disk also what to do.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut full = is_full(error);
    let mut cause = error.source();
    while let Some(error) = cause {
        let deeper = error.to_string();
        if !text.ends_with(&deeper) {
            text.push_str(": ");
            text.push_str(&deeper);
        }
        full |= is_full(error);
        cause = error.source();
    }
    if full && !text.contains(FREE_SOME) {
        text.push_str("; ");
        text.push_str(FREE_SOME);
        text.push_str(" and do it again: nothing is left half done");
    }
    text
}

/// Several failures in one line, each with its causes.
pub fn chains(errors: &[anyhow::Error]) -> String {
    errors.iter().map(|error| chain(&**error)).collect::<Vec<_>>().join("; ")
}

/// Whether a file could not be written because there is no room for it.
fn is_full(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| {
        matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
    })
}

/// A bar over `total` steps on a terminal; elsewhere one line when it begins.
pub fn steps(act: impl Into<Cow<'static, str>>, total: u64, unit: &str) -> ProgressBar {
    let act = act.into();
    if total <= 1 {
        return ProgressBar::hidden();
    }
    if !std::io::stderr().is_terminal() {
        eprintln!("{act}: {total} {unit}");
        return ProgressBar::hidden();
    }
    let template = format!("{{msg:22}} {{bar:30}} {{pos}}/{{len}} {unit}, {{per_sec}}, {{eta}} left");
    // The template is ours: it parses.
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_style(style).with_message(act)
}

/// A bar over rows whose number is not known yet, with their rate and the time left; nothing where no terminal is.
pub fn rows_bar(act: impl Into<Cow<'static, str>>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = "{msg:22} {bar:30} {human_pos}/{human_len} rows, {per_sec}, {eta} left";
    // The template is ours: it parses.
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_message(act)
}

/// A sweep summed up in a sentence.
pub struct Swept<'a>(pub &'a SweepSummary);

impl Display for Swept<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let SweepSummary { at, sweep_ms, live, viewers, chatters, complete, partial, missing, unknown } = self.0;
        let seconds = f64::from(*sweep_ms) / 1_000.0;
        write!(
            f,
            "{at}: {live} channels live with {viewers} viewers, {unknown} unknown; lists: {complete} complete with {chatters} people, \
             {partial} partial, {missing} missing; {seconds:.1} s"
        )
    }
}

/// `21:15`: when a slot begins, in UTC.
pub fn time_of_day(at: SlotTime) -> String {
    let text = at.slot().hhmm();
    let (hours, minutes) = text.split_at(2);
    format!("{hours}:{minutes}")
}

/// Tells a person who watches what is to come: the sweep of `first` and those after it. Of a chat that is listened to it is
/// known at the end of a slot.
pub fn tell_sweeps(first: SlotTime, listens: bool) {
    if io::stderr().is_terminal() {
        let first = if listens { first + 1 } else { first };
        eprintln!("A line a sweep, every five minutes, from {} UTC on; Ctrl-C stops.", time_of_day(first));
    }
}

/// Tells a person who watches of a sweep; elsewhere the log does.
pub fn tell_sweep(summary: &SweepSummary) {
    if io::stderr().is_terminal() {
        eprintln!("{}", Swept(summary));
    }
}
