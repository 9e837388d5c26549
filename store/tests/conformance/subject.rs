//! A store under test, and what lies in its tables whatever the database.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use model::day::Day;
use model::words::Origin;
use sqlx::{Connection, PgConnection, SqliteConnection};
use store::AnyStore;
use tempfile::TempDir;

use crate::cluster::Cluster;

/// Where stores come from.
#[derive(Clone)]
pub(crate) enum Maker {
    Sqlite,
    Postgres(Arc<Cluster>),
}

/// A new store.
pub(crate) struct Subject {
    pub(crate) store: AnyStore,
    pub(crate) maker: Maker,
    pub(crate) url: String,
    // Removed with the subject.
    pub(crate) folder: Option<TempDir>,
}

/// Somebody who reads for long.
#[expect(dead_code, reason = "they are held, and nothing is asked of them")]
pub(crate) enum LongReader {
    Sqlite(Vec<SqliteConnection>),
    Postgres(PgConnection),
}

/// Each database is for one case.
static DATABASES: AtomicU32 = AtomicU32::new(0);

impl Maker {
    /// An empty store.
    pub(crate) async fn make(&self, origin: Origin) -> Subject {
        let (url, folder) = self.place().await;
        self.subject(url, folder, Some(origin)).await
    }

    /// A copy of a store that an older version wrote.
    pub(crate) async fn golden(&self, from: &Path) -> Subject {
        let (url, folder) = self.place().await;
        if let Some(folder) = &folder {
            let to = folder.path().join("store");
            fs::create_dir(&to).unwrap();
            for file in fs::read_dir(from).unwrap().map(|file| file.unwrap().path()) {
                if file.extension().is_some_and(|extension| extension == "db") {
                    fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
                }
            }
        } else {
            let mut database = PgConnection::connect(&url).await.unwrap();
            let sql = fs::read_to_string(from.join("postgres.sql")).unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut database).await.unwrap();
            database.close().await.unwrap();
        }
        self.subject(url, folder, None).await
    }

    /// A store at an address.
    pub(crate) async fn subject(&self, url: String, folder: Option<TempDir>, origin: Option<Origin>) -> Subject {
        let store = AnyStore::open(&url, origin).await.unwrap();
        Subject { store, maker: self.clone(), url, folder }
    }

    /// An address where nothing is yet.
    pub(crate) async fn place(&self) -> (String, Option<TempDir>) {
        match self {
            Maker::Sqlite => {
                let folder = TempDir::new().unwrap();
                (format!("sqlite:{}", folder.path().join("store").display()), Some(folder))
            }
            Maker::Postgres(cluster) => {
                let name = format!("case_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
                let mut admin = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
                let create = format!("CREATE DATABASE {name}");
                sqlx::query(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
                admin.close().await.unwrap();
                (cluster.url(&name), None)
            }
        }
    }
}

impl Subject {
    /// Closes the store and opens it again.
    pub(crate) async fn reopened(mut self) -> Subject {
        self.store.close().await;
        self.store = reopen(self.store, &self.url).await;
        self
    }

    /// The blocks of a day as they lie in the table: (first key, bytes).
    pub(crate) async fn blocks(&self, day: Day) -> Vec<(i64, Vec<u8>)> {
        let key = i64::from(day.days()) << 28;
        match &self.maker {
            Maker::Sqlite => {
                let sql = "SELECT k - ?1, b FROM block WHERE k >= ?1 AND k < ?2 ORDER BY k";
                let mut file = self.sqlite(&format!("open-{}.db", day.month())).await;
                sqlx::query_as(sql).bind(key).bind(key + (1 << 28)).fetch_all(&mut file).await.unwrap()
            }
            Maker::Postgres(_) => {
                let sql = "SELECT first::int8, b FROM block WHERE day = $1 ORDER BY first";
                sqlx::query_as(sql).bind(day.days()).fetch_all(&mut self.postgres().await).await.unwrap()
            }
        }
    }

    /// All channel-days as they lie in the table: (day, generation, channel, bytes).
    pub(crate) async fn channel_days(&self) -> Vec<(i64, i64, i64, Vec<u8>)> {
        let sql = "SELECT CAST(day AS bigint), CAST(generation AS bigint), CAST(channel AS bigint), data FROM channel_day ORDER BY 1, 2, 3";
        match &self.maker {
            Maker::Sqlite => sqlx::query_as(sql).fetch_all(&mut self.sqlite("main.db").await).await.unwrap(),
            Maker::Postgres(_) => sqlx::query_as(sql).fetch_all(&mut self.postgres().await).await.unwrap(),
        }
    }

    /// Runs a statement behind the store's back.
    pub(crate) async fn execute(&self, sql: &'static str) {
        match &self.maker {
            Maker::Sqlite => drop(sqlx::query(sql).execute(&mut self.sqlite("main.db").await).await.unwrap()),
            Maker::Postgres(_) => drop(sqlx::query(sql).execute(&mut self.postgres().await).await.unwrap()),
        }
    }

    /// Runs a statement in one of SQLite's files, or its like in Postgres.
    pub(crate) async fn execute_in(&self, file: &str, sqlite: &'static str, postgres: &'static str) {
        match &self.maker {
            Maker::Sqlite => drop(sqlx::query(sqlite).execute(&mut self.sqlite(file).await).await.unwrap()),
            Maker::Postgres(_) => drop(sqlx::query(postgres).execute(&mut self.postgres().await).await.unwrap()),
        }
    }

    /// Every row of every table, as text, sorted, but for when migrations ran: (table, rows).
    pub(crate) async fn rows(&self) -> BTreeMap<String, Vec<String>> {
        let mut all = BTreeMap::new();
        if let Maker::Postgres(_) = &self.maker {
            let mut database = self.postgres().await;
            let sql = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_sqlx_migrations'";
            for table in sqlx::query_scalar::<_, String>(sql).fetch_all(&mut database).await.unwrap() {
                let sql = format!("SELECT t::text FROM {table} t ORDER BY 1");
                let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut database).await.unwrap();
                all.insert(table, rows);
            }
            return all;
        }
        for entry in fs::read_dir(self.url.strip_prefix("sqlite:").unwrap()).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            if Path::new(&file).extension().is_none_or(|extension| extension != "db") {
                continue;
            }
            let mut database = self.sqlite(&file).await;
            let sql = "SELECT m.name, group_concat('quote(' || c.name || ')', '||'',''||') FROM sqlite_master m JOIN pragma_table_info(m.name) c                  WHERE m.type = 'table' AND m.name <> '_sqlx_migrations' GROUP BY m.name";
            for (table, columns) in sqlx::query_as::<_, (String, String)>(sql).fetch_all(&mut database).await.unwrap() {
                let sql = format!("SELECT {columns} FROM {table} ORDER BY 1");
                let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut database).await.unwrap();
                all.insert(format!("{file} {table}"), rows);
            }
            database.close().await.unwrap();
        }
        all
    }

    /// The files of its tables and indexes that hold these bytes anywhere, in free space too.
    pub(crate) async fn files_with(&self, needle: &[u8]) -> Vec<String> {
        let files: Vec<(String, PathBuf)> = match &self.maker {
            Maker::Sqlite => {
                let files = fs::read_dir(self.url.strip_prefix("sqlite:").unwrap()).unwrap();
                files
                    .map(|file| file.unwrap())
                    .map(|file| (file.file_name().into_string().unwrap(), file.path()))
                    .collect()
            }
            Maker::Postgres(cluster) => {
                let mut database = self.postgres().await;
                // What is in memory alone would be found in no file.
                sqlx::query("CHECKPOINT").execute(&mut database).await.unwrap();
                let sql = "SELECT relname::text, pg_relation_filepath(oid) FROM pg_class \
                     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')";
                let files: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&mut database).await.unwrap();
                files.into_iter().map(|(name, path)| (name, cluster.data().join(path))).collect()
            }
        };
        let holds = |path: &Path| fs::read(path).unwrap().windows(needle.len()).any(|bytes| bytes == needle);
        files.into_iter().filter(|(_, path)| holds(path)).map(|(name, _)| name).collect()
    }

    /// What Postgres' planner remembers of the values of columns, as text; nothing of SQLite, whose planner is told nothing.
    pub(crate) async fn planners_notes(&self) -> String {
        let sql = "SELECT coalesce(string_agg(concat(histogram_bounds::text, most_common_vals::text), ' '), '') FROM pg_stats \
             WHERE schemaname = 'public'";
        match &self.maker {
            Maker::Sqlite => String::new(),
            Maker::Postgres(_) => sqlx::query_scalar(sql).fetch_one(&mut self.postgres().await).await.unwrap(),
        }
    }

    /// Somebody who reads the tables of people's days, until they are dropped.
    pub(crate) async fn long_reader(&self) -> LongReader {
        match &self.maker {
            Maker::Sqlite => {
                let mut files = Vec::new();
                for path in fs::read_dir(self.url.strip_prefix("sqlite:").unwrap()).unwrap() {
                    let path = path.unwrap().path();
                    if path.extension().is_some_and(|extension| extension == "db") {
                        let mut file = self.sqlite(path.file_name().unwrap().to_str().unwrap()).await;
                        sqlx::raw_sql("BEGIN; SELECT count(*) FROM sqlite_master").execute(&mut file).await.unwrap();
                        files.push(file);
                    }
                }
                LongReader::Sqlite(files)
            }
            Maker::Postgres(_) => {
                let mut database = self.postgres().await;
                let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT (SELECT count(*) FROM block) + (SELECT count(*) FROM viewer_month)";
                sqlx::raw_sql(sql).execute(&mut database).await.unwrap();
                LongReader::Postgres(database)
            }
        }
    }

    /// Whether somebody waits to lock readers out.
    pub(crate) async fn waits(&self) -> bool {
        let sql = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' \
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
        match &self.maker {
            Maker::Sqlite => false,
            Maker::Postgres(_) => sqlx::query_scalar(sql).fetch_one(&mut self.postgres().await).await.unwrap(),
        }
    }

    async fn sqlite(&self, file: &str) -> SqliteConnection {
        SqliteConnection::connect(&format!("{}/{file}", self.url)).await.unwrap()
    }

    async fn postgres(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }
}

async fn reopen(store: AnyStore, url: &str) -> AnyStore {
    // The folder's lock goes with the store.
    drop(store);
    AnyStore::open(url, None).await.unwrap()
}
