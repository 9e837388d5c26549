//! Changing which tables a month's rows lie in, with nobody kept waiting behind it.
//!
//! Who drops a partition locks its whole table. While that lock waits for somebody who reads for long, everybody who comes
//! later waits behind it: one `pg_dump` would stop all pages. So the lock is waited for during moments only; in between
//! the others pass.

use std::future::Future;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Postgres, Transaction};

use super::PostgresStore;
use crate::error::{Result, StoreError, failed};

/// What readers wait at most for one lock. Pages ask a few statements of some milliseconds: whoever is not gone by then
/// reads for long.
const LOCK_WAIT_MS: u64 = 100;

/// Between two tries: longer than a try, so that who waited behind it is answered, and never the same, so that two
/// programs do not keep meeting.
const PAUSE_MS: u64 = 150;
const JITTER_MS: u64 = 150;

/// Some seconds in all. Who reads for longer does so for minutes or hours, and whoever asked asks again.
const TRIES: u32 = 20;

impl PostgresStore {
    /// Begins to change tables: nobody imports until it ends, and it fails with [`StoreError::Occupied`] where it would
    /// have to wait. What locks comes last, and is short.
    pub(super) async fn begin_reshape(&self) -> Result<Transaction<'static, Postgres>> {
        let mut tx = self.begin_import().await?;
        self.wait_for_moments(&mut tx).await?;
        Ok(tx)
    }

    /// From here on a transaction fails with [`StoreError::Occupied`] where it would have to wait for a lock.
    pub(super) async fn wait_for_moments(&self, tx: &mut Transaction<'_, Postgres>) -> Result<()> {
        let sql = format!("SET LOCAL lock_timeout = {LOCK_WAIT_MS}");
        let set = sqlx::query(AssertSqlSafe(sql)).execute(&mut **tx).await;
        set.map(drop).map_err(failed("change the tables", &self.place))
    }
}

/// Tries anew while others are in the way. Errors: those of the last try.
pub(super) async fn patiently<T, F>(mut attempt: impl FnMut() -> F + Send) -> Result<T>
where
    F: Future<Output = Result<T>> + Send,
{
    for _ in 1..TRIES {
        match attempt().await {
            Err(StoreError::Occupied { .. }) => tokio::time::sleep(pause()).await,
            done => return done,
        }
    }
    attempt().await
}

fn pause() -> Duration {
    // The standard library's hashes begin with chance: as good as any for this.
    Duration::from_millis(PAUSE_MS + RandomState::new().hash_one(()) % JITTER_MS)
}
