//! The same import into both databases.

use crate::cluster::Cluster;
use crate::day::BenchmarkDay;
use crate::processes::descendants;
use crate::table::{Program, Table};
use crate::watch::Run;
use crate::{Failure, number, ours};

/// SQLite and Postgres in turn.
pub(crate) fn postgres() -> Result<(), Failure> {
    let day = BenchmarkDay::asked()?;
    let programs: [Program<'_>; 2] = [
        ("vigie: archive to SQLite".to_owned(), Box::new(|| ours::run(&day, None))),
        ("vigie: archive to Postgres".to_owned(), Box::new(|| into_postgres(&day))),
    ];
    Table::measure(number("ROUNDS", 3)?, &programs)?.print();
    Ok(())
}

/// An import into a cluster of its own, as Postgres comes: what it has answered is on the disk. Its start and end are not
/// measured; its memory and its time are added to ours.
fn into_postgres(day: &BenchmarkDay) -> Result<Run, Failure> {
    let cluster = Cluster::start(&[]);
    // Nothing else of ours runs now.
    let server = descendants(std::process::id()).first().copied().ok_or("postgres does not run")?;
    ours::run(day, Some((&cluster.url("postgres"), server)))
}
