//! Postgres: the tables of the SQLite folder in one database, where a day changes in one transaction.

use model::words::Origin;
use sqlx::PgPool;

mod ageing;
mod copy;
mod directory;
mod erase;
mod figures;
mod import;
mod months;
mod night;
mod open;
mod people;
mod population;
mod reading;
mod reclaim;
mod reshape;
mod store;
pub(crate) mod suppression;
pub(crate) mod upkeep;
mod verification;

/// A Postgres database.
#[derive(Debug)]
pub struct PostgresStore {
    /// Its name, for messages.
    place: String,
    origin: Origin,
    pool: PgPool,
}

impl PostgresStore {
    /// Waits for what runs and closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
