//! Making room for rows to come, table by table, while others read and write.

use sqlx::{AssertSqlSafe, Connection as _};

use super::stats::taken;
use super::{TABLES, part_of};
use crate::access::JobKey;
use crate::error::{Result, failed};
use crate::postgres::reading::Reading;
use crate::upkeep::vacuum::{Vacuumed, VacuumedPart};
use crate::values::Columns;

/// See [`crate::upkeep::vacuum`].
pub(crate) async fn vacuum(_: &JobKey, url: &str) -> Result<Vacuumed> {
    let reading = Reading::take(url).await?;
    let (place, tables) = (reading.place.clone(), reading.tables.clone());
    // Rows that were replaced after its moment would be kept as long as it lasts.
    let mut connection = reading.into_connection().await?;
    let failed = failed("give space back", &place);
    let columns = Columns { place: &place };
    let mut vacuumed = Vacuumed::default();
    for name in tables.into_iter().map(|table| table.name) {
        if !TABLES.contains(&name.as_str()) && part_of(&name).is_none() {
            continue;
        }
        let bytes_before = taken(&mut connection, columns, &name).await?;
        if bytes_before == 0 {
            continue;
        }
        let sql = format!("VACUUM (ANALYZE) {name}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map_err(&failed)?;
        let bytes_after = taken(&mut connection, columns, &name).await?;
        vacuumed.parts.push(VacuumedPart { name, bytes_before, bytes_after });
    }
    connection.close().await.map_err(failed)?;
    Ok(vacuumed)
}
