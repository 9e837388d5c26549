//! SQLite: a folder of files. `main.db` has names, channels and figures; a file a month has viewer-days as blocks.

use std::collections::BTreeMap;
use std::path::PathBuf;

use model::day::{Day, Month};
use model::words::Origin;
use tokio::sync::{Mutex, RwLock};

use self::file::File;
use self::months::MonthFiles;

mod ageing;
mod directory;
mod erase;
mod figures;
mod file;
mod folder;
mod import;
mod live;
mod months;
mod night;
mod people;
mod population;
mod reading;
mod sql;
mod store;
pub(crate) mod suppression;
pub(crate) mod upkeep;
mod verification;

/// A folder of SQLite files, held by this process alone.
#[derive(Debug)]
pub struct SqliteStore {
    folder: PathBuf,
    origin: Origin,
    main: File,
    months: RwLock<BTreeMap<Month, MonthFiles>>,
    /// The generation of each day held, as the months' files say; kept here since nobody else writes them.
    generations: RwLock<BTreeMap<Day, u32>>,
    /// One import at a time: it gives keys.
    importing: Mutex<()>,
    /// Held while a month is made anew under the one name that such files have. Taken before `importing`, where both are.
    making: Mutex<()>,
    /// Held while files that no reader finds any more are closed and removed: whoever makes one of the same name waits,
    /// and imports of other months do not. Taken after `importing`, where both are.
    retiring: Mutex<()>,
    /// Released when the process ends, however it ends.
    _lock: std::fs::File,
}

impl SqliteStore {
    /// Waits for what runs and closes all files.
    pub async fn close(&self) {
        let _last = self.importing.lock().await;
        let _gone = self.retiring.lock().await;
        for files in self.months.read().await.values() {
            if let Some(open) = &files.open {
                open.close().await;
            }
            if let Some(closed) = &files.closed {
                closed.file.walker.close().await;
                closed.file.reader.close().await;
            }
        }
        self.main.close().await;
    }

    /// The months that may hold days of [from, until), in order.
    async fn months(&self, from: Day, until: Day) -> Vec<Month> {
        if from >= until {
            return Vec::new();
        }
        self.months.read().await.range(from.month()..=until.plus(-1).month()).map(|(month, _)| *month).collect()
    }

    /// The generations of the days held of [from, until).
    async fn generations(&self, from: Day, until: Day) -> Vec<(Day, u32)> {
        if from >= until {
            return Vec::new();
        }
        self.generations.read().await.range(from..until).map(|(day, generation)| (*day, *generation)).collect()
    }
}
