//! The last stage of an import: a day's rows out of its runs, shard by shard.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use model::day::Day;
use model::identity::ChannelKey;
use store::rows::{RowError, ViewerRows};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::error::ImportError;
use crate::learnt::Learnt;
use crate::merge::MergedPart;
use crate::options::ImportOptions;
use crate::people::{Rules, Shard, ShardRows, Tally, rows};
use crate::renamed::{Renamed, RenamedError};
use crate::spill::Spill;

/// By the number that runs have: the channel's key, unless it opted out, and what was read of it.
pub(crate) struct Numbered {
    pub(crate) keys: Vec<Option<ChannelKey>>,
    pub(crate) observations: Vec<u64>,
}

/// A day's rows, by login, and where its observations went.
#[derive(Default)]
pub(crate) struct Made {
    pub(crate) rows: ViewerRows,
    pub(crate) tally: Tally,
}

/// Makes the rows shard by shard, each on a thread of its own.
pub(crate) async fn make_rows(
    (spill, parts): (Spill, Vec<MergedPart>),
    channels: Numbered,
    learnt: Learnt,
    options: &ImportOptions,
) -> Result<Made, RowsError> {
    let (spill, learnt) = (Arc::new(spill), Arc::new(learnt));
    let renamed = if parts.iter().any(|part| part.ids) || !learnt.is_empty() {
        let (spill, learnt) = (Arc::clone(&spill), Arc::clone(&learnt));
        let runs = parts.iter().map(|part| part.runs).sum();
        spawn_blocking(move || Renamed::find(&spill, runs, &learnt)).await?.map_err(RowsError::Renamed)?
    } else {
        Renamed::default()
    };
    let Numbered { keys, observations } = channels;
    let shared = Arc::new((renamed, keys, options.bots.clone(), options.suppression.clone()));
    let idle: Arc<Mutex<Vec<Shard>>> = Arc::default();
    let shard = |number: usize| -> JoinHandle<Result<ShardRows, RowError>> {
        let (spill, shared, idle) = (Arc::clone(&spill), Arc::clone(&shared), Arc::clone(&idle));
        let learnt = Arc::clone(&learnt);
        spawn_blocking(move || {
            let (renamed, keys, bots, suppression) = &*shared;
            let idle = || idle.lock().unwrap_or_else(PoisonError::into_inner);
            let mut shard = idle().pop().unwrap_or_else(|| Shard::with(learnt));
            let made = rows(&spill, number, &mut shard, &Rules { renamed, keys, bots, suppression });
            idle().push(shard);
            made
        })
    };
    let mut made = Made::default();
    let mut at_work: VecDeque<JoinHandle<Result<ShardRows, RowError>>> = VecDeque::new();
    let mut shards = (0..spill.shards()).map(shard);
    loop {
        // One more than there are threads, so that none waits for rows to be taken.
        at_work.extend(shards.by_ref().take(options.threads.get() + 1 - at_work.len()));
        let Some(next) = at_work.pop_front() else { break };
        let ShardRows { rows, tally } = next.await??;
        made.tally.add(&tally);
        made.rows.append(&rows)?;
    }
    made.rows.learn(learnt.renamings.clone());
    if made.tally.came == observations { Ok(made) } else { Err(RowsError::Unaccounted) }
}

/// What stops rows from being made.
pub(crate) enum RowsError {
    Rows(RowError),
    Renamed(RenamedError),
    Unaccounted,
    Stopped(tokio::task::JoinError),
}

impl RowsError {
    pub(crate) fn of(self, day: Day) -> ImportError {
        match self {
            RowsError::Rows(RowError::Temporary(source)) | RowsError::Renamed(RenamedError::Temporary(source)) => {
                ImportError::Temporary { day, source }
            }
            RowsError::Rows(source) => ImportError::Rows { day, source },
            RowsError::Renamed(RenamedError::Logins(logins)) => ImportError::Logins { day, logins },
            RowsError::Unaccounted => ImportError::UnaccountedChannel(day),
            RowsError::Stopped(source) => ImportError::Stopped { day, source },
        }
    }
}

impl From<RowError> for RowsError {
    fn from(source: RowError) -> RowsError {
        RowsError::Rows(source)
    }
}

impl From<io::Error> for RowsError {
    fn from(source: io::Error) -> RowsError {
        RowsError::Rows(source.into())
    }
}

impl From<tokio::task::JoinError> for RowsError {
    fn from(source: tokio::task::JoinError) -> RowsError {
        RowsError::Stopped(source)
    }
}
