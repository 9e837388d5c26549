//! One part of a table on its way to the disk, in either format.

use std::io;
use std::path::PathBuf;

use model::day::Day;
use tempfile::NamedTempFile;

use super::csv_part::CsvPart;
use super::error::ExportError;
use super::folder::Folder;
#[cfg(feature = "parquet")]
use super::parquet_part::ParquetPart;
use super::table::{Cell, Table};

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet, zstd.
    #[cfg(feature = "parquet")]
    Parquet,
    /// CSV as the archive's, gzipped.
    Csv,
}

impl Format {
    /// Those that this program was built with.
    pub const ALL: &'static [Format] = &[
        #[cfg(feature = "parquet")]
        Format::Parquet,
        Format::Csv,
    ];

    /// How its files' names end.
    pub fn extension(self) -> &'static str {
        match self {
            #[cfg(feature = "parquet")]
            Format::Parquet => "parquet",
            Format::Csv => "csv.gz",
        }
    }
}

/// Takes the rows of a table and a day.
pub(crate) struct PartWriter {
    table: Table,
    /// What it will be called.
    part: PathBuf,
    rows: u64,
    body: Body,
}

enum Body {
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetPart>),
    Csv(Box<CsvPart>),
}

/// A part that is whole and has no name yet.
pub(crate) struct WholePart {
    pub(crate) table: Table,
    pub(crate) file: NamedTempFile,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

impl PartWriter {
    /// An empty part in the folder.
    pub(crate) fn begin(folder: &Folder, table: Table, day: Day, format: Format) -> Result<PartWriter, ExportError> {
        let part = folder.part(table, day, format);
        let body = folder.begin(table).and_then(|file| {
            Ok(match format {
                #[cfg(feature = "parquet")]
                Format::Parquet => Body::Parquet(Box::new(ParquetPart::new(file, table.columns())?)),
                Format::Csv => Body::Csv(Box::new(CsvPart::new(file, table.columns())?)),
            })
        });
        match body {
            Ok(body) => Ok(PartWriter { table, part, rows: 0, body }),
            Err(source) => Err(ExportError::Write { part, source }),
        }
    }

    /// Adds a row: a cell a column.
    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        debug_assert_eq!(cells.len(), self.table.columns().len());
        self.rows += 1;
        let written = match &mut self.body {
            #[cfg(feature = "parquet")]
            Body::Parquet(body) => body.row(cells),
            Body::Csv(body) => body.row(cells),
        };
        written.map_err(|source| ExportError::Write { part: self.part.clone(), source })
    }

    /// Ends it: its bytes are on the disk.
    pub(crate) fn finish(self) -> Result<WholePart, ExportError> {
        let PartWriter { table, part, rows, body } = self;
        let synced = |file: NamedTempFile| -> io::Result<(NamedTempFile, u64)> {
            file.as_file().sync_all()?;
            let bytes = file.as_file().metadata()?.len();
            Ok((file, bytes))
        };
        let file = match body {
            #[cfg(feature = "parquet")]
            Body::Parquet(body) => body.finish(),
            Body::Csv(body) => body.finish(),
        };
        let whole = file.and_then(synced);
        let (file, bytes) = whole.map_err(|source| ExportError::Write { part, source })?;
        Ok(WholePart { table, file, rows, bytes })
    }
}
