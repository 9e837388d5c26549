//! What a demo remembers between two starts: which people it invented, and how late it was.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use crate::cli::{DemoArgs, WorldArgs};

/// The file of a demo's folder that holds it.
const FILE: &str = "demo.json";

/// A demo's memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemoState {
    seed: u64,
    viewers: u32,
    channels: u32,
    weeks: u16,
    /// The virtual instant it began at, Unix time in milliseconds; its past is the weeks before.
    pub(super) start_ms: i64,
    /// The last virtual instant, where the next start resumes.
    pub(super) now_ms: i64,
}

impl DemoState {
    /// The memory of the folder, or a new one. Errors: the folder cannot be used, or holds other people than asked for.
    pub(super) fn open(args: &DemoArgs, wall_ms: i64) -> Result<DemoState> {
        let folder = &args.data;
        std::fs::create_dir_all(folder).with_context(|| not_writable(folder))?;
        let WorldArgs { seed, viewers, channels } = args.world;
        let file = path(folder);
        let asked_ms = args.start.map(jiff::Timestamp::as_millisecond);
        if !file.exists() {
            let start_ms = asked_ms.unwrap_or(wall_ms);
            let state = DemoState { seed, viewers, channels, weeks: args.weeks, start_ms, now_ms: start_ms };
            state.save(folder)?;
            return Ok(state);
        }
        let text = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let state: DemoState = serde_json::from_slice(&text).with_context(|| {
            format!(
                "{} is damaged: delete the folder {}, its people are invented and come back",
                file.display(),
                folder.display()
            )
        })?;
        let same = (state.seed, state.viewers, state.channels, state.weeks) == (seed, viewers, channels, args.weeks);
        if !same || asked_ms.is_some_and(|asked| asked != state.start_ms) {
            bail!(
                "{} holds another demo (--seed {} --viewers {} --channels {} --weeks {}): name another folder with --data, or delete it",
                folder.display(),
                state.seed,
                state.viewers,
                state.channels,
                state.weeks
            );
        }
        Ok(state)
    }

    /// The same demo at another virtual instant.
    pub(super) fn at(&self, now_ms: i64) -> DemoState {
        DemoState { now_ms, ..self.clone() }
    }

    /// Writes it, whole or not at all. Errors: the folder cannot be written.
    pub(super) fn save(&self, folder: &Path) -> Result<()> {
        let (file, aside) = (path(folder), folder.join(".demo.json.new"));
        // A struct of numbers always serialises.
        let text = serde_json::to_vec_pretty(self).context("cannot write the demo's state")?;
        std::fs::write(&aside, text).and_then(|()| std::fs::rename(&aside, &file)).with_context(|| not_writable(folder))
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

fn not_writable(folder: &Path) -> String {
    format!("the folder {} cannot be written: give this user the right, or name another with --data", folder.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    fn args(folder: &Path, more: &[&str]) -> DemoArgs {
        let mut line = vec!["vigie", "demo", "--data", folder.to_str().unwrap()];
        line.extend(more);
        match crate::cli::Cli::try_parse_from(line).unwrap().command {
            crate::cli::Command::Demo(args) => args,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_demo_resumes_where_it_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = DemoState::open(&args(folder.path(), &[]), 1_000).unwrap();
        state.now_ms = 5_000;
        state.save(folder.path()).unwrap();
        let again = DemoState::open(&args(folder.path(), &[]), 9_000).unwrap();
        assert_eq!((again.start_ms, again.now_ms), (1_000, 5_000));
    }

    #[test]
    fn another_population_or_a_damaged_file_is_refused_with_the_mend() {
        let folder = tempfile::tempdir().unwrap();
        DemoState::open(&args(folder.path(), &[]), 0).unwrap();
        let error = DemoState::open(&args(folder.path(), &["--seed", "2"]), 0).unwrap_err().to_string();
        assert!(error.contains("--data"), "{error}");
        std::fs::write(path(folder.path()), "{").unwrap();
        let error = DemoState::open(&args(folder.path(), &[]), 0).unwrap_err().to_string();
        assert!(error.contains("delete the folder"), "{error}");
    }
}
