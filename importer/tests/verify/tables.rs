//! A store's SQLite tables, edited behind its back. Blocks are read and written by `docs/store-format.md` alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use model::channel_day::ChannelDay;
use model::day::Day;
use model::presence::ViewerDay;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

/// The bits of a block's number that are its first key.
const FIRST: i64 = (1 << 28) - 1;

/// The files of a store that nobody has open.
pub(crate) struct Tables {
    folder: TempDir,
    day: Day,
}

impl Tables {
    /// A copy of a store that is closed.
    pub(crate) fn copy(store: &Path, day: Day) -> Tables {
        let folder = TempDir::new().unwrap();
        for file in fs::read_dir(store).unwrap().map(|file| file.unwrap().path()) {
            fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        }
        Tables { folder, day }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn open(&self, file: &str) -> SqliteConnection {
        let path: PathBuf = self.folder.path().join(file);
        SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap()
    }

    /// Runs a statement on `main.db`, which has to change something.
    pub(crate) async fn execute(&self, sql: &str) {
        let mut main = self.open("main.db").await;
        let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut main).await.unwrap();
        assert!(done.rows_affected() > 0, "{sql}");
        main.close().await.unwrap();
    }

    /// The keys of people or channels by the login in their own row; of two with one login, whoever was there first.
    pub(crate) async fn keys(&self, table: &str) -> BTreeMap<String, u32> {
        let mut main = self.open("main.db").await;
        let sql = format!("SELECT login, key FROM {table} ORDER BY key DESC");
        let rows: Vec<(String, u32)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut main).await.unwrap();
        main.close().await.unwrap();
        rows.into_iter().collect()
    }

    /// The blocks of the day as they lie in the table.
    pub(crate) async fn blocks(&self) -> Vec<(i64, Vec<u8>)> {
        let mut month = self.open(&format!("open-{}.db", self.day.month())).await;
        let rows = sqlx::query_as("SELECT k, b FROM block ORDER BY k").fetch_all(&mut month).await.unwrap();
        month.close().await.unwrap();
        rows
    }

    /// Puts other blocks in their place.
    pub(crate) async fn put_blocks(&self, blocks: &[(i64, Vec<u8>)]) {
        let mut month = self.open(&format!("open-{}.db", self.day.month())).await;
        sqlx::query("DELETE FROM block").execute(&mut month).await.unwrap();
        for (number, bytes) in blocks {
            sqlx::query("INSERT INTO block (k, b) VALUES (?, ?)")
                .bind(number)
                .bind(bytes)
                .execute(&mut month)
                .await
                .unwrap();
        }
        month.close().await.unwrap();
    }

    /// Everybody of the day, by key.
    pub(crate) async fn people(&self) -> BTreeMap<u32, ViewerDay> {
        let mut people = BTreeMap::new();
        for (number, bytes) in self.blocks().await {
            let (mut key, mut rest) = ((number & FIRST) as u32, bytes.as_slice());
            while !rest.is_empty() {
                key += number_of(&mut rest) as u32;
                let length = number_of(&mut rest) as usize;
                let (day, after) = rest.split_at(length);
                people.insert(key, ViewerDay::decode(day).unwrap());
                (key, rest) = (key + 1, after);
            }
        }
        people
    }

    /// Puts others in their place, a block each.
    pub(crate) async fn put_people(&self, people: &BTreeMap<u32, ViewerDay>) {
        let block = |(key, day): (&u32, &ViewerDay)| {
            let (mut bytes, mut block) = (Vec::new(), vec![0]);
            day.encode(&mut bytes);
            put_number(bytes.len() as u64, &mut block);
            block.extend(bytes);
            (i64::from(self.day.days()) << 28 | i64::from(*key), block)
        };
        let blocks: Vec<(i64, Vec<u8>)> = people.iter().map(block).collect();
        self.put_blocks(&blocks).await;
    }

    /// Changes a channel's day.
    pub(crate) async fn change_channel(&self, key: u32, change: impl FnOnce(&mut ChannelDay)) {
        let mut main = self.open("main.db").await;
        let sql = "SELECT data FROM channel_day WHERE channel = ?";
        let data: Vec<u8> = sqlx::query_scalar(sql).bind(key).fetch_one(&mut main).await.unwrap();
        let mut day = ChannelDay::decode(&data).unwrap();
        let before = day.clone();
        change(&mut day);
        assert_ne!(day, before);
        let mut bytes = Vec::new();
        day.encode(&mut bytes);
        let update = sqlx::query("UPDATE channel_day SET data = ? WHERE channel = ?").bind(bytes).bind(key);
        update.execute(&mut main).await.unwrap();
        main.close().await.unwrap();
    }
}

fn number_of(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..).step_by(7) {
        let (first, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if *first < 0x80 {
            break;
        }
    }
    number
}

fn put_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
