//! `vigie collect --once`: a sweep now, as a first look at what a configuration collects.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::io::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use archive::Archive;
use archive::error::ArchiveError;
use collector::clock::Clock;
use collector::door::Door;
use collector::error::SweepError;
use model::login::Login;
use model::sample::StreamSample;
use model::words::Evidence;
use tokio::time::Instant;

use crate::cli::CollectArgs;
use crate::config::Config;
use crate::report::{Swept, chain, time_of_day};
use crate::serve::{Parts, plan};

/// As long as a sweep of a slot may take that began with it.
const SWEEP_MAX: Duration = Duration::from_secs(270);

/// Sweeps the slot that it is, however much of it is over, into the archive.
pub(crate) async fn collect_once(args: CollectArgs) -> Result<()> {
    let config = Config::load(&args.config.config)?;
    let plan = plan(&config, &args.config)?;
    let clock = Clock::wall();
    let parts = Parts::of(&config, plan, clock).await?;
    let archive = Archive::create(&config.archive.url, config.archive.origin).await?;
    let spool = config.archive.spool().await?;
    let mut collector = parts.collector(&config, archive.clone(), spool.clone(), clock).await?;
    let at = clock.slot();
    let place = collector.archive().clone();
    if collector.listens() {
        eprintln!(
            "listening to chats until the slot ends, {} UTC: who writes is heard from when a chat is joined, who is there is \
             known after ten minutes of listening, which `vigie collect` goes on doing",
            time_of_day(at + 1)
        );
    }
    match collector.sweep(at, &clock, Instant::now() + SWEEP_MAX).await {
        Ok(summary) => eprintln!("{}", Swept(&summary)),
        Err(SweepError::Archive { source: ArchiveError::SlotTaken { .. }, .. }) => {
            if collector.is_swept(at).await? {
                eprintln!("{at} was swept before: this sweep is not kept, the other one is");
            } else {
                let next = time_of_day(at + 1);
                eprintln!("{at} was not swept to its end before, and is not begun again: sweep from {next} UTC on");
            }
        }
        Err(error) => return Err(error.into()),
    }
    if args.print {
        let mut rows = place.read_streams(at).await?;
        rows.sort_by_key(|row| std::cmp::Reverse(row.stream.as_ref().map(|stream| stream.viewer_count)));
        let mut wrote: HashMap<Login, u32> = HashMap::new();
        let people = place.read_chatters(at).await?;
        for person in people.iter().filter(|person| person.evidence == Evidence::Spoke) {
            *wrote.entry(person.channel.clone()).or_default() += 1;
        }
        write!(std::io::stdout().lock(), "{}", Table { rows: &rows, wrote: &wrote }).context("cannot print")?;
    }
    if let Some(spool) = spool {
        let mut door = Door::of(&config.store.url, config.privacy.secret()?).await?;
        if let Err(error) = spool.ship(&archive, &mut door).await {
            eprintln!("it waits in the spool, and goes on when a collector runs again: {}", chain(&error));
        }
    }
    Ok(())
}

/// The channels of a sweep, a line each. Nobody in them is named.
struct Table<'a> {
    rows: &'a [StreamSample],
    wrote: &'a HashMap<Login, u32>,
}

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let known = |count: Option<u32>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
        let heads = ["channel", "status", "viewers", "in chat", "wrote", "list", "source", "game"];
        let [channel, status, viewers, count, wrote, list, source, game] = heads;
        writeln!(f, "{channel:<25} {status:<9} {viewers:>8} {count:>8} {wrote:>6}  {list:<9} {source:<6} {game}")?;
        for row in self.rows {
            let stream = row.stream.as_ref();
            let viewers = known(stream.and_then(|stream| stream.viewer_count));
            let (count, list) = (known(row.chatter_count), row.list_status.as_str());
            // Only a chat that is listened to tells it.
            let wrote = known(self.wrote.get(&row.channel).copied());
            // Nobody asked for a list.
            let (list, source) = row.chatters_source.map_or(("–", "–"), |source| (list, source.as_str()));
            // Whatever a server sends, it moves no cursor.
            let game: String = stream.map_or("", |stream| &stream.game).chars().filter(|c| !c.is_control()).collect();
            let line = format!(
                "{:<25} {:<9} {viewers:>8} {count:>8} {wrote:>6}  {list:<9} {source:<6} {game}",
                row.channel.as_str(),
                row.status.as_str()
            );
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
