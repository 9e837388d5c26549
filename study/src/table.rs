//! A report as an aligned table for people.

use std::fmt;

use crate::price::MONTH_DAYS;
use crate::report::{Outcome, Report};
use crate::rows::Order;
use crate::setting::Setting;

/// Writes a report as text.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a>(pub &'a Report);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.0;
        let (day, origin, mb) = (report.day, report.origin, |bytes: u64| bytes as f64 / 1e6);
        let (sweeps, all) = (report.sweeps, report.sweeps_of_day);
        writeln!(
            f,
            "{day} ({origin}): {sweeps} of {all} sweeps, {} rows, {:.1} MB of text",
            report.rows,
            mb(report.text_bytes)
        )?;
        write!(f, "the day: {:.1} MB of text", mb(report.day_text_bytes))?;
        if let Some(bytes) = report.archive_bytes {
            write!(f, ", {:.2} MB in the archive", mb(bytes))?;
        }
        let scaled = if sweeps < all { "sizes and times are scaled to the day; " } else { "" };
        writeln!(f, "\n{scaled}times are CPU seconds of one thread\n")?;
        writeln!(f, "{:<14}{:^42}{:^42}", "", "rows sorted", "rows shuffled")?;
        write!(f, "{:<14}", "")?;
        for _ in 0..2 {
            write!(f, "{:>10}{:>7}{:>9}{:>8}{:>8}", "MB", "ratio", "write s", "read s", "month")?;
        }
        writeln!(f)?;
        for sorted in report.outcomes.iter().filter(|outcome| outcome.order == Order::Sorted) {
            let ours = if sorted.setting == Setting::OURS { " *" } else { "" };
            write!(f, "{:<14}", format!("{}{ours}", sorted.setting))?;
            figures(f, sorted)?;
            if let Some(shuffled) = report.outcome(sorted.setting, Order::Shuffled) {
                figures(f, shuffled)?;
            }
            writeln!(f)?;
        }
        let price = report.price_per_gb.per_gb();
        writeln!(
            f,
            "\n* as the archive is. month: what keeping {MONTH_DAYS} such days costs a month at {price} a GB; list prices:"
        )?;
        for list in report.list_prices {
            writeln!(f, "  {} {} {} ({})", list.per_gb, list.currency, list.store, list.source)?;
        }
        writeln!(f, "\nread without help by:")?;
        report
            .readers
            .iter()
            .try_for_each(|readers| writeln!(f, "  {:<15}{}", readers.codecs, readers.programs.join(", ")))
    }
}

fn figures(f: &mut fmt::Formatter<'_>, outcome: &Outcome) -> fmt::Result {
    let Outcome { day_bytes, ratio, write_s, read_s, month_cost, .. } = outcome;
    let mb = *day_bytes as f64 / 1e6;
    write!(f, "{mb:>10.2}{ratio:>7.2}{write_s:>9.2}{read_s:>8.2}{month_cost:>8.3}")
}
