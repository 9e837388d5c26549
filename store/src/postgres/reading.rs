//! Reading a database as of one moment, for long, without being in the way.
//!
//! Whoever reads a table keeps others from dropping it until the transaction ends, and whoever waits to drop a month's
//! table lets no reader of any month pass. So one transaction keeps the moment and touches no table, and each table is
//! read in a short one of its own that begins with that moment.

use std::str::FromStr as _;

use model::words::Origin;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};

use super::open::{latest, place_of};
use crate::error::{Result, StoreError, failed};
use crate::upkeep::backup::BackupError;
use crate::values::Columns;

/// A database as of one moment.
#[derive(Debug)]
pub(super) struct Reading {
    /// Its name, for messages.
    pub(super) place: String,
    pub(super) origin: Origin,
    /// The tables that hold rows: partitions, not what they are parts of.
    pub(super) tables: Vec<Table>,
    /// Keeps the moment.
    holder: PgConnection,
    moment: String,
    /// Reads.
    pub(super) connection: PgConnection,
    /// Whether it is in a transaction.
    begun: bool,
}

/// A table that holds rows.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    /// What it is a part of.
    pub(super) parent: Option<String>,
    pub(super) columns: Vec<String>,
    oid: i64,
}

/// Our tables and partitions, and what else is in their schema. By name, which is the order of a backup.
const TABLES: &str = "SELECT c.relname::text, p.relname::text, \
     array(SELECT attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum), \
     c.oid::int8 \
     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent \
     WHERE c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'meta'::regclass) \
     AND c.relkind = 'r' ORDER BY 1";

impl Reading {
    /// Errors: there is no store, or its tables are not of this version.
    pub(super) async fn take(url: &str) -> Result<Reading> {
        let options = PgConnectOptions::from_str(url).map_err(|error| StoreError::Address(Some(error)))?;
        // Reading all of a month takes seconds: no reason to warn.
        let options = options.disable_statement_logging();
        let place = place_of(&options);
        let failed = failed("begin to read", &place);
        let mut holder = PgConnection::connect_with(&options).await.map_err(&failed)?;
        let connection = PgConnection::connect_with(&options).await.map_err(&failed)?;
        let there: bool = sqlx::query_scalar(
            "SELECT to_regclass('meta') IS NOT NULL AND to_regclass('_sqlx_migrations') IS NOT NULL",
        )
        .fetch_one(&mut holder)
        .await
        .map_err(&failed)?;
        if !there {
            return Err(StoreError::Absent { place });
        }
        // It does nothing but wait, which some databases allow for minutes only.
        let begin =
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0";
        sqlx::raw_sql(begin).execute(&mut holder).await.map_err(&failed)?;
        let moment: String =
            sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut holder).await.map_err(&failed)?;
        let mut reading = Reading {
            place: place.clone(),
            origin: Origin::Real,
            tables: Vec::new(),
            holder,
            moment,
            connection,
            begun: false,
        };
        reading.renew().await?;
        let version: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
            .fetch_one(&mut reading.connection)
            .await
            .map_err(&failed)?;
        match version.unwrap_or(0) {
            version if version > latest() => return Err(StoreError::Newer { place, version }),
            version if version < latest() => return Err(StoreError::Older { place }),
            _ => {}
        }
        let origin: Option<String> = sqlx::query_scalar("SELECT origin FROM meta")
            .fetch_optional(&mut reading.connection)
            .await
            .map_err(&failed)?;
        let Some(origin) = origin else { return Err(StoreError::Absent { place }) };
        reading.origin = Columns { place: &place }.expect("origin", origin.parse().ok())?;
        let tables: Vec<(String, Option<String>, Vec<String>, i64)> =
            sqlx::query_as(TABLES).fetch_all(&mut reading.connection).await.map_err(&failed)?;
        let tables = tables.into_iter().map(|(name, parent, columns, oid)| Table { name, parent, columns, oid });
        reading.tables = tables.collect();
        Ok(reading)
    }

    /// Lets go of what was read, and begins again at the same moment.
    pub(super) async fn renew(&mut self) -> Result<()> {
        let failed = failed("begin to read", &self.place);
        let end = if self.begun { "ROLLBACK;" } else { "" };
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT";
        let sql = format!("{end} {begin} '{}'", self.moment);
        let begun = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await;
        if begun.is_err() {
            // The moment goes with the connection that keeps it: where that was lost, it is what is wrong.
            self.holder.ping().await.map_err(&failed)?;
        }
        begun.map_err(failed)?;
        self.begun = true;
        Ok(())
    }

    /// Begins to read one table, which stays until the next is begun. Errors: it was dropped since the moment, or is
    /// another of the same name, in which nothing of that moment would be found.
    pub(super) async fn table(&mut self, table: &Table) -> Result<()> {
        self.renew().await?;
        let lock = format!("LOCK TABLE {} IN ACCESS SHARE MODE", table.name);
        match sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut self.connection).await {
            // undefined_table
            Err(sqlx::Error::Database(error)) if error.code().is_some_and(|code| code == "42P01") => {
                return Err(BackupError::Changing.into());
            }
            locked => locked.map_err(failed("begin to read", &self.place))?,
        };
        let same: Option<bool> = sqlx::query_scalar("SELECT to_regclass($1)::oid::int8 = $2")
            .bind(&table.name)
            .bind(table.oid)
            .fetch_one(&mut self.connection)
            .await
            .map_err(failed("begin to read", &self.place))?;
        if same == Some(true) { Ok(()) } else { Err(BackupError::Changing.into()) }
    }

    /// Lets the moment go; the connection is out of any transaction then.
    pub(super) async fn into_connection(mut self) -> Result<PgConnection> {
        let failed = failed("end reading", &self.place);
        sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await.map_err(&failed)?;
        self.holder.close().await.map_err(failed)?;
        Ok(self.connection)
    }

    /// Ends both transactions.
    pub(super) async fn close(self) -> Result<()> {
        let failed = failed("end reading", &self.place);
        self.connection.close().await.map_err(&failed)?;
        self.holder.close().await.map_err(failed)
    }
}
