//! A part as gzipped CSV, spelled as the archive spells it.

use std::io::{self, BufWriter, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use super::table::{Cell, Column};

/// The archive's; `docs/archive-format.md` has the measurement.
const LEVEL: Compression = Compression::new(5);

/// A gzip member without a name or a time: the same rows give the same bytes.
pub(crate) struct CsvPart {
    rows: csv::Writer<GzEncoder<BufWriter<NamedTempFile>>>,
    text: Vec<u8>,
}

impl CsvPart {
    pub(crate) fn new(file: NamedTempFile, columns: &[Column]) -> io::Result<CsvPart> {
        let header: Vec<&str> = columns.iter().map(|column| column.name).collect();
        CsvPart::with_header(file, &csv::ByteRecord::from(header))
    }

    /// A part with the header of another, to take its records over.
    pub(crate) fn with_header(file: NamedTempFile, header: &csv::ByteRecord) -> io::Result<CsvPart> {
        let mut rows = csv::Writer::from_writer(GzEncoder::new(BufWriter::new(file), LEVEL));
        rows.write_byte_record(header)?;
        Ok(CsvPart { rows, text: Vec::new() })
    }

    /// Adds a record as it is.
    pub(crate) fn record(&mut self, record: &csv::ByteRecord) -> io::Result<()> {
        Ok(self.rows.write_byte_record(record)?)
    }

    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            self.text.clear();
            match cell {
                Cell::Unknown => {}
                Cell::Time(at) => write!(self.text, "{at}")?,
                Cell::Text(text) => {
                    self.rows.write_field(text)?;
                    continue;
                }
                Cell::Number(number) => write!(self.text, "{number}")?,
                Cell::Real(number) => write!(self.text, "{number}")?,
                Cell::Flag(flag) => write!(self.text, "{flag}")?,
            }
            self.rows.write_field(&self.text)?;
        }
        Ok(self.rows.write_record(None::<&[u8]>)?)
    }

    pub(crate) fn finish(self) -> io::Result<NamedTempFile> {
        let gzip = self.rows.into_inner().map_err(csv::IntoInnerError::into_error)?;
        gzip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)
    }
}
