//! Removed rows that leave the files: a vacuum takes them out, but none that somebody may still see.
//!
//! It says nothing of those that it leaves. So whoever erased waits first until nobody is left who began to read before:
//! whoever begins later sees what the erasure left, and holds nothing up.

use std::time::{Duration, Instant};

use sqlx::{PgConnection, Postgres, Transaction};

use super::PostgresStore;
use crate::error::{Result, StoreError, failed};

/// How long whoever began before is waited for. Pages read for milliseconds; backups and checks for minutes, which nobody
/// waits for.
const WAIT: Duration = Duration::from_secs(5);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Whether anything that a transaction removed may still be seen: it or an older one is under way or prepared, somebody
/// of this database or a replica reads as of a moment before it ended, or a slot keeps rows for a replica that is away. Who
/// vacuums reads too, and keeps nothing.
///
/// The first condition is what makes the answer hold for good: no moment that begins later can be older then.
const SEEN: &str = "SELECT pg_snapshot_xmin(pg_current_snapshot()) <= $1::text::xid8 \
     OR EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.pid <> pg_backend_pid() \
       AND (a.datname = current_database() OR a.datid IS NULL) AND age(a.backend_xmin) >= age($1::text::xid8::xid) \
       AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_vacuum v WHERE v.pid = a.pid)) \
     OR EXISTS (SELECT 1 FROM pg_replication_slots WHERE age(xmin) >= age($1::text::xid8::xid))";

/// What may hold somebody, and how it is vacuumed.
///
/// A vacuum that finds few rows to remove leaves them in the indexes, unless told. Those on names and ids are told; those
/// of the other tables have keys alone, which lead to nobody any more, and are as large as everybody's months. What the
/// planner remembers of a column are values of it: it is made anew too, as far as our role may.
const ERASED: [&str; 3] = [
    "VACUUM block, viewer_month, opted_out, job, night, channel_night",
    "VACUUM (INDEX_CLEANUP ON, ANALYZE) login_span, person",
    "VACUUM pg_statistic",
];

/// The number of the transaction that the connection is in, over all that the database ever had.
pub(super) async fn transaction_number(tx: &mut Transaction<'_, Postgres>) -> sqlx::Result<String> {
    sqlx::query_scalar("SELECT pg_current_xact_id()::text").fetch_one(&mut **tx).await
}

impl PostgresStore {
    /// Takes what a transaction erased of a person out of the files. Errors: [`StoreError::RowsHeld`].
    pub(super) async fn reclaim_person(&self, erased_in: &str) -> Result<()> {
        self.reclaim(erased_in, &ERASED).await
    }

    /// The same of what jobs said.
    pub(super) async fn reclaim_jobs(&self, erased_in: &str) -> Result<()> {
        self.reclaim(erased_in, &["VACUUM job"]).await
    }

    async fn reclaim(&self, erased_in: &str, vacuums: &[&'static str]) -> Result<()> {
        let failed = failed("take erased rows out of the files", &self.place);
        let mut connection = self.pool.acquire().await.map_err(&failed)?;
        let until = Instant::now() + WAIT;
        while is_seen(&mut connection, erased_in).await.map_err(&failed)? {
            if Instant::now() >= until {
                return Err(StoreError::RowsHeld { place: self.place.clone() });
            }
            tokio::time::sleep(PAUSE).await;
        }
        for vacuum in vacuums {
            sqlx::query(*vacuum).execute(&mut *connection).await.map_err(&failed)?;
        }
        Ok(())
    }
}

async fn is_seen(connection: &mut PgConnection, erased_in: &str) -> sqlx::Result<bool> {
    // Nothing is null where slots and readers are counted.
    sqlx::query_scalar(SEEN).bind(erased_in).fetch_one(connection).await
}
