//! Where a validation keeps archives and stores, and whose they are.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use model::day::Day;
use serde::{Deserialize, Serialize};
use simulator::population::{Family, Sample, VERSION};

/// The file that says whose data a folder has.
const FILE: &str = "validation.json";

/// A folder, which goes when it was only for this run.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    is_temporary: bool,
}

/// Whose data they are.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marker {
    populations: u16,
    seed: u64,
    people: u32,
    channels: u32,
    from: Day,
    until: Day,
}

impl Folder {
    /// The folder that was asked for, or one for this run alone. Errors: it cannot be used, or has the days of other people.
    pub(super) fn open(asked: Option<&Path>, seed: u64, sample: Sample) -> Result<Folder> {
        let Some(path) = asked else {
            let path = std::env::temp_dir().join(format!("vigie-validate-{}", std::process::id()));
            std::fs::create_dir(&path)
                .with_context(|| format!("cannot make the folder {}: name another with --data", path.display()))?;
            return Ok(Folder { path, is_temporary: true });
        };
        let Sample { people, channels, from, until } = sample;
        let marker = Marker { populations: VERSION, seed, people, channels, from, until };
        let not_usable = || format!("cannot use the folder {}: name another with --data", path.display());
        std::fs::create_dir_all(path).with_context(not_usable)?;
        let file = path.join(FILE);
        if file.exists() {
            let text = std::fs::read(&file).with_context(not_usable)?;
            let held: Option<Marker> = serde_json::from_slice(&text).ok();
            if held.as_ref() != Some(&marker) {
                bail!(
                    "{} has the days of other invented people ({}): name another folder with --data, or delete it",
                    path.display(),
                    held.map_or("by another version".to_owned(), |held| format!("{held:?}"))
                );
            }
        } else {
            let text = serde_json::to_vec_pretty(&marker).context("cannot write the marker")?;
            std::fs::write(&file, text).with_context(not_usable)?;
        }
        Ok(Folder { path: path.to_owned(), is_temporary: false })
    }

    /// A part of a family's data, as archives and stores are named.
    pub(super) fn part(&self, family: Family, part: &str) -> String {
        let family = match family {
            Family::A => "a",
            Family::B => "b",
        };
        self.path.join(family).join(part).display().to_string()
    }

    /// Removes it when it was for this run alone; the same happens where an error ends the run.
    pub(super) fn close(self) {
        drop(self);
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_temporary
            && let Err(error) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%error, "cannot remove {}", self.path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(people: u32) -> Sample {
        let from: Day = "2026-01-19".parse().unwrap();
        Sample { people, channels: 60, from, until: from.plus(20) }
    }

    #[test]
    fn a_folder_of_other_people_is_refused_and_a_temporary_one_goes() {
        let place = tempfile::tempdir().unwrap();
        drop(Folder::open(Some(place.path()), 1, sample(100)).unwrap());
        drop(Folder::open(Some(place.path()), 1, sample(100)).unwrap());
        for error in [
            Folder::open(Some(place.path()), 2, sample(100)).unwrap_err(),
            Folder::open(Some(place.path()), 1, sample(101)).unwrap_err(),
        ] {
            assert!(error.to_string().contains("--data"), "{error}");
        }
        let temporary = Folder::open(None, 1, sample(100)).unwrap();
        let path = temporary.path.clone();
        assert!(path.exists());
        temporary.close();
        assert!(!path.exists() && place.path().exists());
    }
}
