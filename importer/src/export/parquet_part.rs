//! A part as Parquet, in groups of rows of bounded size.

use std::io::{self, BufWriter};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use tempfile::NamedTempFile;

use super::table::{Cell, Column, Kind};

/// Rows held in memory, and read at once by whoever reads a column: about what DuckDB's own files have.
const GROUP_ROWS: usize = 1 << 17;

/// The library's own default.
const ZSTD_LEVEL: i32 = 3;

pub(crate) struct ParquetPart {
    file: SerializedFileWriter<BufWriter<NamedTempFile>>,
    columns: Vec<ColumnBuffer>,
    rows: usize,
}

/// A column of the group that is being filled.
struct ColumnBuffer {
    /// Of an optional column, 1 for a known value and 0 for an unknown one.
    known: Option<Vec<i16>>,
    values: Values,
}

/// The known values.
enum Values {
    Numbers(Vec<i64>),
    Reals(Vec<f64>),
    Flags(Vec<bool>),
    /// All texts in one buffer, and where each ends: an allocation a group instead of one a value.
    Texts {
        bytes: Vec<u8>,
        ends: Vec<usize>,
    },
}

impl ParquetPart {
    pub(crate) fn new(file: NamedTempFile, columns: &[Column]) -> io::Result<ParquetPart> {
        let buffers = columns.iter().map(ColumnBuffer::new).collect();
        let open = || {
            let fields: Result<Vec<_>> = columns.iter().map(|column| Ok(Arc::new(field(*column)?))).collect();
            let schema = Type::group_type_builder("row").with_fields(fields?).build()?;
            let compression = Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?);
            let properties = WriterProperties::builder().set_compression(compression).build();
            SerializedFileWriter::new(BufWriter::new(file), Arc::new(schema), Arc::new(properties))
        };
        Ok(ParquetPart { file: open().map_err(into_io)?, columns: buffers, rows: 0 })
    }

    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(*cell);
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS { self.end_group().map_err(into_io) } else { Ok(()) }
    }

    fn end_group(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            let Some(writer) = group.next_column()? else { break };
            column.write(writer)?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<NamedTempFile> {
        if self.rows > 0 {
            self.end_group().map_err(into_io)?;
        }
        let file = self.file.into_inner().map_err(into_io)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

impl ColumnBuffer {
    fn new(column: &Column) -> ColumnBuffer {
        let values = match column.kind {
            Kind::Time | Kind::Number => Values::Numbers(Vec::new()),
            Kind::Real => Values::Reals(Vec::new()),
            Kind::Flag => Values::Flags(Vec::new()),
            Kind::Text => Values::Texts { bytes: Vec::new(), ends: Vec::new() },
        };
        ColumnBuffer { known: column.optional.then(Vec::new), values }
    }

    fn push(&mut self, cell: Cell<'_>) {
        if let Some(known) = &mut self.known {
            known.push(i16::from(cell != Cell::Unknown));
        }
        match (&mut self.values, cell) {
            (Values::Numbers(values), Cell::Time(at)) => values.push(at.unix() * 1_000),
            // Twitch's ids have 18 digits at most, and counts are far from it.
            (Values::Numbers(values), Cell::Number(number)) => values.push(number as i64),
            (Values::Reals(values), Cell::Real(number)) => values.push(number),
            (Values::Flags(values), Cell::Flag(flag)) => values.push(flag),
            (Values::Texts { bytes, ends }, Cell::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(bytes.len());
            }
            (_, cell) => debug_assert_eq!(cell, Cell::Unknown, "a cell is of its column's kind"),
        }
    }

    /// Writes what is held, and forgets it. Errors: the disk's, and a column that is not of its kind, or lacks a value.
    fn write(&mut self, mut writer: SerializedColumnWriter<'_>) -> Result<()> {
        let known = self.known.as_deref();
        match (&mut self.values, writer.untyped()) {
            (Values::Numbers(values), ColumnWriter::Int64ColumnWriter(column)) => {
                column.write_batch(values, known, None)?;
                values.clear();
            }
            (Values::Reals(values), ColumnWriter::DoubleColumnWriter(column)) => {
                column.write_batch(values, known, None)?;
                values.clear();
            }
            (Values::Flags(values), ColumnWriter::BoolColumnWriter(column)) => {
                column.write_batch(values, known, None)?;
                values.clear();
            }
            (Values::Texts { bytes, ends }, ColumnWriter::ByteArrayColumnWriter(column)) => {
                let all = Bytes::from(std::mem::take(bytes));
                let mut start = 0;
                let texts =
                    ends.drain(..).map(|end| ByteArray::from(all.slice(std::mem::replace(&mut start, end)..end)));
                column.write_batch(&texts.collect::<Vec<_>>(), known, None)?;
            }
            _ => return Err(ParquetError::General("a column is not of its kind".to_owned())),
        }
        if let Some(known) = &mut self.known {
            known.clear();
        }
        writer.close()
    }
}

fn field(column: Column) -> Result<Type> {
    let (physical, logical) = match column.kind {
        Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS))),
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Number => (Physical::INT64, None),
        Kind::Real => (Physical::DOUBLE, None),
        Kind::Flag => (Physical::BOOLEAN, None),
    };
    Type::primitive_type_builder(column.name, physical)
        .with_logical_type(logical)
        .with_repetition(if column.optional { Repetition::OPTIONAL } else { Repetition::REQUIRED })
        .build()
}

/// The disk's own error where it is one: "no space left" is to be told as such.
pub(crate) fn into_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}
