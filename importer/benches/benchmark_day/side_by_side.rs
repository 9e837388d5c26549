//! Us and the others, on the benchmark day.

use crate::day::BenchmarkDay;
use crate::reference::{Query, lines};
use crate::table::{Program, Table};
use crate::{Failure, number, ours};

/// The fastest of everybody, in turn.
pub(crate) fn day() -> Result<(), Failure> {
    let day = BenchmarkDay::asked()?;
    let mut programs: Vec<Program<'_>> = vec![
        ("vigie: archive to rows".to_owned(), Box::new(|| ours::rows(&day))),
        ("vigie: archive to SQLite".to_owned(), Box::new(|| ours::run(&day, None))),
        ("gzip -dc | wc -l".to_owned(), Box::new(|| lines(&day))),
    ];
    for query in Query::fastest() {
        let day = &day;
        programs.push((query.name(), Box::new(move || query.run(day))));
    }
    Table::measure(number("ROUNDS", 3)?, &programs)?.print();
    Ok(())
}

/// Every formulation once, after ours.
pub(crate) fn queries() -> Result<(), Failure> {
    let day = BenchmarkDay::asked()?;
    let mut programs: Vec<Program<'_>> = vec![("vigie: archive to rows".to_owned(), Box::new(|| ours::rows(&day)))];
    for query in Query::all()? {
        let day = &day;
        programs.push((query.name(), Box::new(move || query.run(day))));
    }
    Table::measure(number("ROUNDS", 1)?, &programs)?.print();
    Ok(())
}
