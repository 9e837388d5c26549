//! Where an export goes: a folder of tables, each a folder of days, each with one part.
//!
//! A part is written under a hidden name beside the tables and gets its own when it is whole.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use model::day::Day;
use model::words::Origin;
use serde::{Deserialize, Serialize};
use tempfile::{Builder, NamedTempFile};

use super::error::ExportError;
use super::table::Table;
use super::writer::Format;

/// The version of tables and columns.
const EXPORT_FORMAT: u32 = 1;

/// What the folder says of itself.
pub(crate) const DESCRIPTION: &str = "export.json";

/// Unfinished files begin with it: hidden, so that no reader takes them for a part. One that is left lies there because
/// its program was killed, and may be removed.
pub(crate) const UNFINISHED: &str = ".vigie-";

#[derive(Serialize, Deserialize)]
struct Description {
    format: u32,
    origin: Origin,
}

/// The folder of an export.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Opens it, or makes it. Errors: it cannot be written, or holds data of another origin.
    pub(crate) fn open(root: &Path, origin: Origin) -> Result<Folder, ExportError> {
        let not_writable = |source| ExportError::NotWritable { folder: root.to_owned(), source };
        fs::create_dir_all(root).map_err(not_writable)?;
        let folder = Folder { root: root.to_owned() };
        let described = root.join(DESCRIPTION);
        if !described.exists() {
            let mut file = folder.unfinished(false).map_err(not_writable)?;
            let text = serde_json::to_vec(&Description { format: EXPORT_FORMAT, origin });
            let text = text.map_err(|error| not_writable(error.into()))?;
            file.write_all(&text).and_then(|()| file.as_file().sync_all()).map_err(not_writable)?;
            // Whoever was first has described it.
            if let Err(failed) = file.persist_noclobber(&described)
                && failed.error.kind() != io::ErrorKind::AlreadyExists
            {
                return Err(not_writable(failed.error));
            }
        }
        let found = folder.description()?;
        if found.origin != origin {
            return Err(ExportError::Origin { folder: root.to_owned(), held: found.origin, store: origin });
        }
        Ok(folder)
    }

    /// Opens one that is there. Errors: one that this program does not understand.
    pub(crate) fn held(root: &Path) -> Result<Folder, ExportError> {
        let folder = Folder { root: root.to_owned() };
        folder.description()?;
        Ok(folder)
    }

    fn description(&self) -> Result<Description, ExportError> {
        let root = &self.root;
        let text = fs::read(root.join(DESCRIPTION))
            .map_err(|source| ExportError::NotReadable { folder: root.clone(), source })?;
        let foreign = |source| ExportError::Foreign { folder: root.clone(), source };
        let found: Description = serde_json::from_slice(&text).map_err(|error| foreign(Some(error)))?;
        if found.format > EXPORT_FORMAT { Err(foreign(None)) } else { Ok(found) }
    }

    /// Refuses a day of a table that is there, in whichever format.
    pub(crate) fn refuse_occupied(&self, table: Table, day: Day) -> Result<(), ExportError> {
        let mut parts = Format::ALL.iter().map(|format| self.part(table, day, *format));
        parts.find(|part| part.exists()).map_or(Ok(()), |part| Err(ExportError::Occupied { part }))
    }

    /// Where a day of a table lies.
    pub(crate) fn part(&self, table: Table, day: Day, format: Format) -> PathBuf {
        self.partition(table, day).join(format!("part-0.{}", format.extension()))
    }

    fn partition(&self, table: Table, day: Day) -> PathBuf {
        self.root.join(table.name()).join(format!("date={day}"))
    }

    /// A file for a part; it vanishes unless it is put in its place.
    pub(crate) fn begin(&self, table: Table) -> io::Result<NamedTempFile> {
        self.unfinished(table.is_personal())
    }

    /// Names the parts of a day, which are whole. First all get their folders, so that what is in the way of one is found
    /// before any has its name. Errors: one is there, and `overwrite` does not hold; the folder takes nothing.
    pub(crate) fn put(
        &self,
        day: Day,
        format: Format,
        parts: Vec<(Table, NamedTempFile)>,
        overwrite: bool,
    ) -> Result<(), ExportError> {
        let make_place = |table| {
            let write = |source| ExportError::Write { part: self.part(table, day, format), source };
            fs::create_dir_all(self.partition(table, day)).map_err(write)?;
            if overwrite { Ok(()) } else { self.refuse_occupied(table, day) }
        };
        if let Err(error) = parts.iter().try_for_each(|(table, _)| make_place(*table)) {
            for (table, _) in &parts {
                // Those that were made are empty, and only empty ones go.
                let _ = fs::remove_dir(self.partition(*table, day));
            }
            return Err(error);
        }
        for (table, file) in parts {
            let part = self.part(table, day, format);
            self.name(file, &part, overwrite).map_err(|source| match source.kind() {
                io::ErrorKind::AlreadyExists if !overwrite => ExportError::Occupied { part: part.clone() },
                _ => ExportError::Write { part: part.clone(), source },
            })?;
            // Of a day there is one part: where one is replaced, in another format too.
            for other in Format::ALL.iter().map(|format| self.part(table, day, *format)).filter(|other| *other != part)
            {
                match fs::remove_file(&other) {
                    Err(source) if source.kind() != io::ErrorKind::NotFound => {
                        return Err(ExportError::Write { part: other, source });
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    pub(crate) fn name(&self, file: NamedTempFile, part: &Path, overwrite: bool) -> io::Result<()> {
        let named = if overwrite { file.persist(part) } else { file.persist_noclobber(part) };
        named.map_err(|failed| failed.error)?;
        // The name too is to last.
        File::open(part.parent().unwrap_or(&self.root))?.sync_all()
    }

    /// Personal data are for whoever made them, others for whom the system lets.
    fn unfinished(&self, personal: bool) -> io::Result<NamedTempFile> {
        let mut builder = Builder::new();
        builder.prefix(UNFINISHED);
        #[cfg(unix)]
        if !personal {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        builder.tempfile_in(&self.root)
    }
}
