//! A store's tables as they lie there.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::scanner::{files, has_extension};

/// Every row of every table of a SQLite store that nobody has open, by file and table: each value spelled out.
///
/// Left out is what the clock says: how long an import took, and when the tables were made.
pub(crate) async fn tables(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    for path in files(folder).iter().filter(|path| has_extension(path, "db")) {
        let mut file = SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
        let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '_sqlx_migrations' ORDER BY name";
        for name in sqlx::query_scalar::<_, String>(names).fetch_all(&mut file).await.unwrap() {
            let columns = format!("SELECT name FROM pragma_table_info('{name}') WHERE name <> 'import_ms'");
            let columns: Vec<String> = sqlx::query_scalar(AssertSqlSafe(columns)).fetch_all(&mut file).await.unwrap();
            let values: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            let rows = format!("SELECT {} FROM \"{name}\" ORDER BY 1", values.join(" || ' ' || "));
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut file).await.unwrap();
            tables.insert(format!("{}: {name}", path.file_name().unwrap().to_str().unwrap()), rows);
        }
        file.close().await.unwrap();
    }
    tables
}
