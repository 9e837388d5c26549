//! `vigie simulate`: the synthetic Twitch by itself.

use std::io::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use archive::Archive;
use collector::clock::Clock;
use model::slot::{SlotTime, Span};
use model::words::Origin;
use simulator::server::{Latency, Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::write::{Follow, write_days};

use crate::cli::simulate::Simulate;
use crate::demo::world;
use crate::report::steps;
use crate::service::StopSignal;

/// Runs it.
pub(crate) async fn simulate(what: Simulate) -> Result<()> {
    match what {
        Simulate::Archive { world: people, days, until, out } => {
            let world = world(people)?;
            let archive = Archive::create(&out, Origin::Simulated).await?;
            let until = until.unwrap_or_else(|| Clock::wall().slot().day().plus(-1));
            let first = until.plus(1 - i32::from(days));
            let span = Span { from: SlotTime::at(first, 0), to: SlotTime::at(until.plus(1), 0) };
            let bar = steps("inventing", u64::from(days), "days");
            let mut written = Vec::new();
            let progress = |day| {
                bar.inc(1);
                written.push(day);
            };
            let observations = write_days(&world, &archive, &Follow::default(), span, progress).await?;
            bar.finish_and_clear();
            eprintln!("{observations} observations of {days} days in {out}");
            written.sort_unstable_by_key(|written| written.day);
            // Days that were there already were not counted.
            for written in written.iter().filter(|written| written.sweeps > 0) {
                writeln!(std::io::stdout(), "{}, {} sweeps\n{}", written.day, written.sweeps, written.statistics)
                    .context("cannot print")?;
            }
        }
        Simulate::Truth { world: people, login, day } => {
            let world = world(people)?;
            let Some(truth) = world.day_truth(&login, day) else {
                bail!("nobody of these invented people has that login: logins of invented people begin with _");
            };
            let text = serde_json::to_string_pretty(&truth).context("cannot write the truth")?;
            writeln!(std::io::stdout(), "{text}").context("cannot print")?;
        }
        Simulate::Serve { world: people, port, latency, latency_p99, faults, log } => {
            let twitch = Twitch::World(world(people)?);
            let clock = Clock::wall();
            let [median, p99] = [latency, latency_p99].map(|ms| Duration::from_millis(ms.into()));
            let settings = Settings { latency: Latency { median, p99 }, ..Settings::default() };
            let twitch = SimulatedTwitch::with(twitch, settings, move || clock.now(), port).await?;
            if let Some(file) = log {
                twitch.log().write_to(&file)?;
            }
            if let Some(file) = faults {
                twitch.follow_faults(&file).await?;
            }
            let mut stop = StopSignal::expect()?;
            let (base, irc) = (twitch.base(), twitch.irc().plain());
            eprintln!(
                "a simulated Twitch is at {base}: helix = \"{base}/helix\", oauth = \"{base}/oauth2\", tmi = \"{base}\", \
                 irc = \"{irc}\""
            );
            stop.heard().await;
            twitch.stop().await;
        }
    }
    Ok(())
}
