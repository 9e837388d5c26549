//! The rows of an object, read the plain way: gzip, then CSV, a record at a time.

use std::io::Read as _;

use archive::Archive;
use archive::path::Kind;
use bytes::Bytes;
use csv::{ByteRecord, ReaderBuilder};
use flate2::bufread::MultiGzDecoder;
use futures::{Stream, StreamExt, stream};
use model::day::Day;
use model::slot::{Slot, SlotTime};

use super::error::VerifyError;

/// Objects fetched ahead: a few megabytes.
const AHEAD: usize = 4;

/// More text than any sweep has is cut, which the counts then show: a few kilobytes can inflate to all memory.
const TEXT_MAX: u64 = 1 << 30;

/// Inflated bytes that are parsed at a time.
const BUFFER: usize = 1 << 17;

/// One object as it lies in the archive.
pub(super) struct Object {
    pub(super) name: String,
    pub(super) slot: Slot,
    pub(super) bytes: Bytes,
}

/// Where a row has the columns asked for.
pub(super) struct Places<const N: usize>([Option<usize>; N]);

/// A row by the columns asked for: what a file lacks is empty, which means unknown.
pub(super) struct Row<'a, const N: usize> {
    record: &'a ByteRecord,
    places: &'a Places<N>,
}

/// The objects of one kind of these sweeps, in order.
pub(super) fn objects<'a>(
    archive: &'a Archive,
    kind: Kind,
    day: Day,
    sweeps: &'a [Slot],
) -> impl Stream<Item = Result<Object, VerifyError>> + 'a {
    let fetch = move |slot: &'a Slot| {
        let (slot, at) = (*slot, SlotTime::new(day, *slot));
        async move {
            let bytes = archive.read_object(kind, at).await?;
            Ok(Object { name: kind.object(at), slot, bytes })
        }
    };
    stream::iter(sweeps).map(fetch).buffered(AHEAD)
}

impl Object {
    /// Gives every row to `each`, which says what is wrong with one. Errors: that, or no gzip, or no CSV.
    pub(super) fn each<const N: usize>(
        &self,
        columns: [&str; N],
        mut each: impl FnMut(&Row<'_, N>) -> Result<(), &'static str>,
    ) -> Result<(), VerifyError> {
        let failed = |source| VerifyError::Csv { object: self.name.clone(), source };
        let text = MultiGzDecoder::new(self.bytes.as_ref()).take(TEXT_MAX);
        let mut reader = ReaderBuilder::new().buffer_capacity(BUFFER).from_reader(text);
        let header = reader.byte_headers().map_err(failed)?;
        let places = Places(columns.map(|column| header.iter().position(|name| name == column.as_bytes())));
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(failed)? {
            each(&Row { record: &record, places: &places }).map_err(|reason| VerifyError::Row {
                object: self.name.clone(),
                line: record.position().map_or(0, csv::Position::line),
                reason,
            })?;
        }
        Ok(())
    }
}

impl<'a, const N: usize> Row<'a, N> {
    /// A field's bytes, by the place of its column among those asked for.
    pub(super) fn bytes(&self, column: usize) -> &'a [u8] {
        self.places.0[column].and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    /// A field's text.
    pub(super) fn text(&self, column: usize) -> Result<&'a str, &'static str> {
        std::str::from_utf8(self.bytes(column)).map_err(|_| "a field is not UTF-8")
    }

    /// A field as what it means; nothing where it is empty.
    pub(super) fn parsed<T: std::str::FromStr>(&self, column: usize) -> Result<Option<T>, &'static str> {
        match self.text(column)? {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| "a field is not what its column holds"),
        }
    }
}
