//! One person taken out of exports: parts that name them are written anew, the others stay as they are.
//!
//! A part is replaced whole, so whoever reads meanwhile sees the old one or the new one. Unfinished files go: they may
//! hold the person, and an export that is under way fails instead of naming them.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use archive::erase::Names;
use flate2::read::MultiGzDecoder;
use model::day::Day;
use store::jobs::PersonNames;
use tempfile::NamedTempFile;

use super::csv_part::CsvPart;
use super::error::ExportError;
use super::folder::{DESCRIPTION, Folder, UNFINISHED};
#[cfg(feature = "parquet")]
use super::parquet_read;
use super::table::Table;

/// What was taken out of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErasedParts {
    /// Parts written anew.
    pub parts: u64,
    /// Rows removed.
    pub rows: u64,
}

/// A part without them, which has no name yet.
pub(crate) struct Rewritten {
    pub(crate) file: NamedTempFile,
    /// Rows that are no longer in it.
    pub(crate) removed: u64,
}

/// Whether an export is in the folder. Errors: it cannot be told, as of a folder that this user may not look into.
pub fn is_export(root: &Path) -> io::Result<bool> {
    match root.join(DESCRIPTION).try_exists() {
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        known => known,
    }
}

/// Takes somebody out of the presence in a folder; nothing when no export is there. It blocks. Done twice it is done once.
///
/// Errors: a part cannot be understood or written. Those before it are without them already.
pub fn erase_from_folder(root: &Path, subject: &PersonNames) -> Result<Option<ErasedParts>, ExportError> {
    let failed = |source| ExportError::Erase { part: root.to_owned(), source };
    if !is_export(root).map_err(failed)? {
        return Ok(None);
    }
    let folder = Folder::held(root)?;
    for path in entries(root).map_err(failed)? {
        if path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with(UNFINISHED)) {
            match fs::remove_file(&path) {
                // Its export ended meanwhile, one way or the other.
                Err(source) if source.kind() == io::ErrorKind::NotFound => {}
                removed => removed.map_err(failed)?,
            }
        }
    }
    let mut erased = ErasedParts::default();
    for day in entries(&root.join(Table::Presence.name())).map_err(failed)? {
        let names = &names_on(subject, day_of(&day));
        for part in entries(&day).map_err(failed)? {
            let failed = |source| ExportError::Erase { part: part.clone(), source };
            if let Some(Rewritten { file, removed }) = without(&folder, &part, names).map_err(failed)? {
                // Before it takes the old one's place: else a loss of power could leave neither.
                file.as_file().sync_all().map_err(failed)?;
                folder.name(file, &part, true).map_err(failed)?;
                erased.parts += 1;
                erased.rows += removed;
            }
        }
    }
    Ok(Some(erased))
}

/// By which rows of a day name somebody; of a day that is not known, whatever login they ever held.
pub(crate) fn names_on(subject: &PersonNames, day: Option<Day>) -> Names {
    let logins = day.map_or_else(|| subject.all_logins(), |day| subject.logins_on(day));
    Names { logins: logins.into_iter().cloned().collect(), ids: subject.id.into_iter().collect() }
}

/// The day of a partition, `date=2026-11-22`.
fn day_of(folder: &Path) -> Option<Day> {
    folder.file_name()?.to_str()?.strip_prefix("date=")?.parse().ok()
}

/// What is in a folder, in order; nothing where there is none.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let listed = match fs::read_dir(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        listed => listed?,
    };
    let mut paths = listed.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// A part without them; nothing when it does not name them, or is no part.
fn without(folder: &Folder, part: &Path, names: &Names) -> io::Result<Option<Rewritten>> {
    let name = part.file_name().and_then(OsStr::to_str).unwrap_or_default();
    if name.ends_with(".csv.gz") {
        return csv_without(folder, part, names);
    }
    if !name.ends_with(".parquet") {
        return Ok(None);
    }
    #[cfg(feature = "parquet")]
    return parquet_read::without(folder, part, names);
    #[cfg(not(feature = "parquet"))]
    Err(io::Error::new(io::ErrorKind::Unsupported, "this program was built without Parquet: use one that has it"))
}

fn csv_without(folder: &Folder, part: &Path, names: &Names) -> io::Result<Option<Rewritten>> {
    let open = || Ok::<_, io::Error>(csv::Reader::from_reader(MultiGzDecoder::new(BufReader::new(File::open(part)?))));
    let mut record = csv::ByteRecord::new();
    // Once to see whether they are in it: most parts stay.
    let mut rows = open()?;
    let columns = WhoColumns::of(rows.byte_headers()?)?;
    let mut removed = 0;
    while rows.read_byte_record(&mut record)? {
        removed += u64::from(columns.name(&record, names));
    }
    if removed == 0 {
        return Ok(None);
    }
    let mut rows = open()?;
    let mut kept = CsvPart::with_header(folder.begin(Table::Presence)?, rows.byte_headers()?)?;
    while rows.read_byte_record(&mut record)? {
        if !columns.name(&record, names) {
            kept.record(&record)?;
        }
    }
    Ok(Some(Rewritten { file: kept.finish()?, removed }))
}

/// Where a row says whose it is.
struct WhoColumns {
    login: usize,
    id: Option<usize>,
}

impl WhoColumns {
    fn of(header: &csv::ByteRecord) -> io::Result<WhoColumns> {
        let place = |name: &str| header.iter().position(|column| column == name.as_bytes());
        let login =
            place("login").ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it has no column login"))?;
        Ok(WhoColumns { login, id: place("twitch_id") })
    }

    fn name(&self, record: &csv::ByteRecord, names: &Names) -> bool {
        let text = |place: usize| std::str::from_utf8(record.get(place).unwrap_or_default()).unwrap_or_default();
        let id = self.id.and_then(|place| text(place).parse().ok());
        names.hold(text(self.login), id)
    }
}
