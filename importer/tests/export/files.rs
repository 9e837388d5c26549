//! Parts, read by their libraries and nothing of ours.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use csv::Reader;
use flate2::read::MultiGzDecoder;
use importer::export::Format;
use model::day::Day;
use model::slot::SlotTime;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

/// A row by column; unknown is empty.
pub(crate) type Row = BTreeMap<String, String>;

/// Where a part lies, as the documentation says.
pub(crate) fn part(out: &Path, table: &str, day: Day, format: Format) -> PathBuf {
    let ending = match format {
        Format::Parquet => "parquet",
        Format::Csv => "csv.gz",
    };
    out.join(format!("{table}/date={day}/part-0.{ending}"))
}

/// The rows of a part, in order.
pub(crate) fn rows(out: &Path, table: &str, day: Day, format: Format) -> Vec<Row> {
    let file = File::open(part(out, table, day, format)).unwrap();
    match format {
        Format::Csv => Reader::from_reader(MultiGzDecoder::new(file)).deserialize().map(Result::unwrap).collect(),
        Format::Parquet => {
            let reader = SerializedFileReader::new(file).unwrap();
            let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
            rows.map(|row| row.into_columns().into_iter().map(|(name, field)| (name, text(&field))).collect()).collect()
        }
    }
}

/// Spelled as CSV spells it.
fn text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Bool(flag) => flag.to_string(),
        Field::Long(number) => number.to_string(),
        Field::Double(number) => number.to_string(),
        Field::Str(text) => text.clone(),
        Field::TimestampMillis(at) => SlotTime::from_unix(at / 1_000).unwrap().to_string(),
        other => panic!("{other:?} is of no kind that we write"),
    }
}

/// Everything that a reader of the folder would find.
pub(crate) fn visible(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = folder.read_dir() else { return found };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.file_name().unwrap().to_str().unwrap().starts_with('.') {
            continue;
        }
        if path.is_dir() { found.extend(visible(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
