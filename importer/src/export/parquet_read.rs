//! A part of presence as Parquet, read again to take people out.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use archive::erase::Names;
use model::identity::TwitchId;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;

use super::erase::Rewritten;
use super::folder::Folder;
use super::parquet_part::{ParquetPart, into_io};
use super::table::{Cell, Table};

/// What says whose a row is.
const WHO: [&str; 2] = ["login", "twitch_id"];

/// A part without them; nothing when it does not name them.
pub(crate) fn without(folder: &Folder, part: &Path, names: &Names) -> io::Result<Option<Rewritten>> {
    let reader = SerializedFileReader::new(File::open(part)?).map_err(into_io)?;
    // Two columns to see whether they are in it: most parts stay.
    let removed = count(&reader, names).map_err(into_io)?;
    if removed == 0 {
        return Ok(None);
    }
    let columns = Table::Presence.columns();
    let mut kept = ParquetPart::new(folder.begin(Table::Presence)?, columns)?;
    for row in reader.get_row_iter(None).map_err(into_io)? {
        let row = row.map_err(into_io)?;
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        let named = row.get_column_iter().map(|(name, _)| name.as_str()).eq(columns.iter().map(|column| column.name));
        if !named {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its columns are not those of presence"));
        }
        if !is_theirs(&row, names) {
            kept.row(&fields.into_iter().map(cell).collect::<Result<Vec<_>>>().map_err(into_io)?)?;
        }
    }
    Ok(Some(Rewritten { file: kept.finish()?, removed }))
}

/// The rows that name them.
fn count(reader: &SerializedFileReader<File>, names: &Names) -> Result<u64> {
    let schema = reader.metadata().file_metadata().schema();
    let who = schema.get_fields().iter().filter(|field| WHO.contains(&field.name())).map(Arc::clone).collect();
    let projection = Type::group_type_builder(schema.name()).with_fields(who).build()?;
    let mut theirs = 0;
    for row in reader.get_row_iter(Some(projection))? {
        theirs += u64::from(is_theirs(&row?, names));
    }
    Ok(theirs)
}

fn is_theirs(row: &Row, names: &Names) -> bool {
    let (mut theirs, mut known) = ("", None);
    for (name, field) in row.get_column_iter() {
        match (name.as_str(), field) {
            ("login", Field::Str(login)) => theirs = login,
            ("twitch_id", Field::Long(id)) => known = u64::try_from(*id).ok().and_then(TwitchId::new),
            _ => {}
        }
    }
    names.hold(theirs, known)
}

/// A value as the writer takes it: times are numbers to it.
fn cell(field: &Field) -> Result<Cell<'_>> {
    Ok(match field {
        Field::Null => Cell::Unknown,
        Field::Str(text) => Cell::Text(text),
        Field::Bool(flag) => Cell::Flag(*flag),
        Field::Long(number) | Field::TimestampMillis(number) => {
            Cell::Number(u64::try_from(*number).map_err(|_| ParquetError::General("a number is below 0".to_owned()))?)
        }
        other => return Err(ParquetError::General(format!("no column of presence holds {other}"))),
    })
}
