//! SQLite: a folder of files. `main.db` has names, channels and figures; a file a month has viewer-days as blocks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use model::day::{Day, Month};
use model::words::Origin;
use tokio::sync::{Mutex, RwLock};

use self::file::File;

mod directory;
mod figures;
mod file;
mod folder;
mod import;
mod people;
mod sql;
mod store;
mod suppression;

/// A folder of SQLite files, held by this process alone.
#[derive(Debug)]
pub struct SqliteStore {
    folder: PathBuf,
    origin: Origin,
    main: File,
    months: RwLock<BTreeMap<Month, Arc<File>>>,
    /// The generation of each day held, as the months' files say; kept here since nobody else writes them.
    generations: RwLock<BTreeMap<Day, u32>>,
    /// One import at a time: it gives keys.
    importing: Mutex<()>,
    /// Released when the process ends, however it ends.
    _lock: std::fs::File,
}

impl SqliteStore {
    /// Waits for what runs and closes all files.
    pub async fn close(&self) {
        let _last = self.importing.lock().await;
        for file in self.months.read().await.values() {
            file.close().await;
        }
        self.main.close().await;
    }

    /// The months' files that may hold days of [from, until), in order.
    async fn months(&self, from: Day, until: Day) -> Vec<Arc<File>> {
        if from >= until {
            return Vec::new();
        }
        self.months
            .read()
            .await
            .range(from.month()..=until.plus(-1).month())
            .map(|(_, file)| Arc::clone(file))
            .collect()
    }

    /// The generations of the days held of [from, until).
    async fn generations(&self, from: Day, until: Day) -> Vec<(Day, u32)> {
        if from >= until {
            return Vec::new();
        }
        self.generations.read().await.range(from..until).map(|(day, generation)| (*day, *generation)).collect()
    }
}
