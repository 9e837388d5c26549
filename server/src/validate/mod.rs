//! `vigie validate`: every inference, held against invented people whose truth is known.
//!
//! `pipeline` invents people of a family, writes their days into an archive, imports them, and reads each back from the store as a page
//! does; `subject` puts beside it what is true; `everybody` is what the nightly passes make of all of them; `table` asks each inference about each, `judge`
//! holds the answer against the truth; [`report`] and `text` tell what
//! came out. `docs/validation.md` has the definitions.

mod everybody;
mod folder;
mod judge;
mod pipeline;
pub mod report;
mod subject;
mod table;
mod text;

use std::io::Write as _;

use anyhow::{Context as _, Result, bail};
use model::analysis::bootstrap::LEVEL;
use model::day::Day;
use simulator::population::{Family, Sample, VERSION};

use self::folder::Folder;
use self::pipeline::{Asked, Imported};
use self::report::{FamilyReport, Report};
use self::table::TABLE;
use crate::cli::{Families, ValidateArgs};
use crate::report::steps;

/// The first day of every validation: of 120 days the clocks of North America change on the 49th, those of Europe on the 70th.
const FIRST_DAY: (i32, u32, u32) = (2026, 1, 19);
/// Channels unless told: one for so many people.
const PEOPLE_PER_CHANNEL: u32 = 40;
/// The fewest and the most of them: fewer are hardly ever on air, and an archive of more is large.
const CHANNELS: (u32, u32) = (60, 200);

/// Runs it.
pub(crate) async fn validate(args: ValidateArgs) -> Result<()> {
    let (year, month, day) = FIRST_DAY;
    let from = Day::from_ymd(year, month, day).context("the first day is no day")?;
    let (least, most) = CHANNELS;
    let channels = args.channels.unwrap_or((args.people / PEOPLE_PER_CHANNEL).clamp(least, most));
    let sample = Sample { people: args.people, channels, from, until: from.plus(i32::from(args.days)) };
    let families = match args.family {
        Families::A => &[Family::A][..],
        Families::B => &[Family::B],
        Families::Both => &[Family::A, Family::B],
    };
    let folder = Folder::open(args.data.as_deref(), args.seed, sample)?;
    let mut reports = Vec::new();
    for family in families {
        let asked = Asked { seed: args.seed, family: *family, sample };
        reports.push(of_family(asked, &folder).await?);
    }
    let report = Report {
        format: report::FORMAT,
        populations: VERSION,
        seed: args.seed,
        people: sample.people,
        channels: sample.channels,
        from: sample.from,
        until: sample.until,
        level: LEVEL,
        families: reports,
    };
    let text = if args.json {
        serde_json::to_string_pretty(&report).context("cannot write the report")? + "\n"
    } else {
        report.to_string()
    };
    std::io::stdout().write_all(text.as_bytes()).context("cannot print")?;
    folder.close();
    Ok(())
}

async fn of_family(asked: Asked, folder: &Folder) -> Result<FamilyReport> {
    let Imported { subjects, everybody, facts } = pipeline::run(asked, folder).await?;
    if subjects.iter().all(|subject| subject.trace.is_none()) {
        bail!("the store holds nobody of these people: the import read nothing");
    }
    let bar = steps(format!("asking about family {:?}", asked.family), subjects.len() as u64, "people");
    let done = bar.clone();
    let inferences = tokio::task::spawn_blocking(move || table::ask(TABLE, &subjects, &everybody, &|| done.inc(1)))
        .await
        .context("the inferences ended before their answers")?;
    bar.finish_and_clear();
    Ok(FamilyReport { family: asked.family, facts, inferences })
}
