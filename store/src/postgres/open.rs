//! Opening a database: whose data it holds, tables up to date.

use std::str::FromStr;
use std::time::Duration;

use model::words::Origin;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};

use super::PostgresStore;
use crate::error::{Result, StoreError, failed, migration_failed};
use crate::values::Columns;

/// A page asks a few statements in a row, an import takes one connection for seconds. Postgres allows 100 by default,
/// and several programs share it.
const CONNECTIONS: u32 = 8;
/// Longer than any statement but an import's; a database that does not answer is told sooner.
const ACQUIRE: Duration = Duration::from_secs(30);

impl PostgresStore {
    /// Opens the store in a database; see [`crate::AnyStore::open`].
    pub async fn open(url: &str, origin: Option<Origin>) -> Result<PostgresStore> {
        let options = PgConnectOptions::from_str(url).map_err(|error| StoreError::Address(Some(error)))?;
        let place = place_of(&options);
        // Once, by itself: a pool would try again for as long as it may wait, and the operator with it.
        let mut first = PgConnection::connect_with(&options).await.map_err(failed("connect", &place))?;
        let there: bool = sqlx::query_scalar("SELECT to_regclass('meta') IS NOT NULL")
            .fetch_one(&mut first)
            .await
            .map_err(failed("look for the tables", &place))?;
        first.close().await.map_err(failed("connect", &place))?;
        if !there && origin.is_none() {
            return Err(StoreError::Absent { place });
        }
        let pool =
            PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE).connect_lazy_with(options);
        migrator().run(&pool).await.map_err(migration_failed(&place))?;
        let origin = claim_origin(&pool, &place, origin).await?;
        Ok(PostgresStore { place, origin, pool })
    }
}

/// What messages call a database: never its URL, which may hold a password.
pub(super) fn place_of(options: &PgConnectOptions) -> String {
    let name = options.get_database().unwrap_or_else(|| options.get_username());
    let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string());
    format!("Postgres database {name} on {host}")
}

/// The last step of the schema.
pub(super) fn latest() -> i64 {
    migrator().iter().map(|step| step.version).max().unwrap_or(0)
}

/// The origin that the store has, or gets now.
async fn claim_origin(pool: &PgPool, place: &str, asked: Option<Origin>) -> Result<Origin> {
    let failed = failed("read the origin", place);
    if let Some(asked) = asked {
        let insert = sqlx::query("INSERT INTO meta (one, origin) VALUES (1, $1) ON CONFLICT (one) DO NOTHING");
        insert.bind(asked.as_str()).execute(pool).await.map_err(&failed)?;
    }
    let held: Option<String> =
        sqlx::query_scalar("SELECT origin FROM meta").fetch_optional(pool).await.map_err(failed)?;
    let Some(held) = held else { return Err(StoreError::Absent { place: place.to_owned() }) };
    let held: Origin = Columns { place }.expect("origin", held.parse().ok())?;
    match asked {
        Some(asked) if asked != held => Err(StoreError::Origin { place: place.to_owned(), held, asked }),
        _ => Ok(held),
    }
}

/// The steps of the schema. Listed by hand: the macro that finds them would compile every driver of sqlx a second time.
pub(super) fn migrator() -> Migrator {
    crate::migrations::migrator(&[
        ("start", include_str!("../../../migrations/postgres/0001_start.sql")),
        ("names", include_str!("../../../migrations/postgres/0002_names.sql")),
        ("suppressed", include_str!("../../../migrations/postgres/0003_suppressed.sql")),
        ("accounts", include_str!("../../../migrations/postgres/0004_accounts.sql")),
        ("closed_months", include_str!("../../../migrations/postgres/0005_closed_months.sql")),
        ("games", include_str!("../../../migrations/postgres/0006_games.sql")),
        ("jobs", include_str!("../../../migrations/postgres/0007_jobs.sql")),
        ("verification", include_str!("../../../migrations/postgres/0008_verification.sql")),
        ("live_ids", include_str!("../../../migrations/postgres/0009_live_ids.sql")),
        ("exports", include_str!("../../../migrations/postgres/0010_exports.sql")),
        ("opted_out", include_str!("../../../migrations/postgres/0011_opted_out.sql")),
        ("withdrawals", include_str!("../../../migrations/postgres/0012_withdrawals.sql")),
        ("next_key", include_str!("../../../migrations/postgres/0013_next_key.sql")),
        ("verified", include_str!("../../../migrations/postgres/0014_verified.sql")),
        ("nights", include_str!("../../../migrations/postgres/0015_nights.sql")),
        ("population", include_str!("../../../migrations/postgres/0016_population.sql")),
        ("archive_bytes", include_str!("../../../migrations/postgres/0017_archive_bytes.sql")),
    ])
}
