//! The file of the crowd's index.
//!
//! It is replaced as a whole: written beside itself, brought to the disk, renamed. Whoever writes holds a lock, in a file beside it, so
//! that a person is not put back who was taken out meanwhile by another process.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use model::crowd::build::MOST_BYTES;
use model::crowd::index::{Index, IndexError, SharedBytes};
use model::identity::PersonKey;
use model::words::Origin;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Why there is no index in a file.
#[derive(Debug, Error)]
pub enum CrowdFileError {
    /// It cannot be read.
    #[error("cannot read the crowd's index {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It cannot be written, or removed.
    #[error("cannot write the crowd's index {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It is not what was written.
    #[error("the crowd's index {} is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// It is no index: of another version, or of another program.
    #[error("{} is no index of the crowd that can be used", path.display())]
    Index {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: IndexError,
    },
    /// It is of another night than the store's population, or of another store: the keys in it may be other people's.
    #[error("{} is of another night, or of another store", path.display())]
    Seal {
        /// The file.
        path: PathBuf,
    },
    /// It is of other data.
    #[error("{} is an index of {held} data, and the store's are {wanted}", path.display())]
    Origin {
        /// The file.
        path: PathBuf,
        /// What it is of.
        held: Origin,
        /// What the store is of.
        wanted: Origin,
    },
}

/// What ties the file to a store: when the population was made that was made with it. It stays when somebody is taken out.
///
/// It ends the file, behind the index: both numbers, least byte first, then the SHA-256 of all that is before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Unix time in seconds.
    pub made_at: i64,
    /// How long it took up to the file, in milliseconds.
    pub made_ms: u32,
}

/// Bytes of both numbers.
const NUMBERS: usize = 12;
/// Bytes behind the index.
const SEAL_BYTES: usize = NUMBERS + 32;

/// Which version of the file was looked at: another one after it was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

/// What taking somebody out did to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenOut {
    /// There is no file.
    NoFile,
    /// They were not in it.
    NotThere,
    /// It was written anew without them.
    Rewritten,
    /// It could not be read, and was removed: the next night makes it again.
    Removed,
}

/// Where the index is, or will be. All of it waits for disks: not for threads that serve pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrowdFile {
    path: PathBuf,
}

impl CrowdFile {
    /// At this path, whether there is one or not. Beside it there will be `.lock`, and `.part` while it is written.
    pub fn new(path: impl Into<PathBuf>) -> CrowdFile {
        CrowdFile { path: path.into() }
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which version is there; nothing where there is none. Errors: [`CrowdFileError::Read`].
    pub fn stamp(&self) -> Result<Option<Stamp>, CrowdFileError> {
        match fs::metadata(&self.path) {
            Ok(held) => Ok(Some(Stamp::of(&held))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(self.unread(source)),
        }
    }

    /// The index of a store's data and of this night, all of it proved, and which version of the file it is; nothing where there is
    /// none. It takes a second for some millions of people. Errors: any but [`CrowdFileError::Write`].
    pub fn read(&self, origin: Origin, seal: Seal) -> Result<Option<(Index<SharedBytes>, Stamp)>, CrowdFileError> {
        match self.open(origin)? {
            Some((_, held, _)) if held != seal => Err(CrowdFileError::Seal { path: self.path.clone() }),
            found => Ok(found.map(|(index, _, stamp)| (index, stamp))),
        }
    }

    fn open(&self, origin: Origin) -> Result<Option<(Index<SharedBytes>, Seal, Stamp)>, CrowdFileError> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(self.unread(source)),
        };
        let held = file.metadata().map_err(|source| self.unread(source))?;
        // One that is too large is not read into memory to say so.
        if held.len() > (MOST_BYTES + SEAL_BYTES) as u64 {
            let bytes = usize::try_from(held.len()).unwrap_or(usize::MAX);
            return Err(CrowdFileError::Index { path: self.path.clone(), source: IndexError::TooLarge(bytes) });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(held.len()).unwrap_or_default());
        file.read_to_end(&mut bytes).map_err(|source| self.unread(source))?;
        let sealed = bytes.split_off(bytes.len().saturating_sub(SEAL_BYTES));
        // Before anything else is believed: another hour of somebody would read as well as the one that was written.
        let seal = Seal::of(&bytes, &sealed).ok_or_else(|| CrowdFileError::Damaged { path: self.path.clone() })?;
        let index = Index::open(SharedBytes::from(bytes))
            .map_err(|source| CrowdFileError::Index { path: self.path.clone(), source })?;
        if index.origin() != origin {
            return Err(CrowdFileError::Origin { path: self.path.clone(), held: index.origin(), wanted: origin });
        }
        Ok(Some((index, seal, Stamp::of(&held))))
    }

    /// Puts an index in the place of what is there, whole or not at all; which version it is. Errors: [`CrowdFileError::Write`].
    pub fn write(&self, index: &[u8], seal: Seal) -> Result<Stamp, CrowdFileError> {
        let _lock = self.lock()?;
        self.replace(index, seal)
    }

    /// Takes a person out of the file. Errors: it cannot be read at all, or not written; what is no index is removed and no error.
    pub fn take_out(&self, origin: Origin, key: PersonKey) -> Result<TakenOut, CrowdFileError> {
        // No folder is made for a lock where there was never an index.
        if !self.is_there(&self.path)? && !self.is_there(&self.beside("part"))? {
            return Ok(TakenOut::NoFile);
        }
        let _lock = self.lock()?;
        // Left by whoever was stopped while writing: they may be in it.
        self.gone(&self.beside("part"))?;
        match self.open(origin) {
            Ok(None) => Ok(TakenOut::NoFile),
            Ok(Some((mut index, seal, _))) => {
                if !index.forget(key) {
                    return Ok(TakenOut::NotThere);
                }
                self.replace(&index.without(&[]), seal)?;
                Ok(TakenOut::Rewritten)
            }
            Err(error @ (CrowdFileError::Read { .. } | CrowdFileError::Write { .. })) => Err(error),
            Err(_) => {
                self.gone(&self.path)?;
                Ok(TakenOut::Removed)
            }
        }
    }

    /// Removes the file, and what somebody left of one that was stopped while writing; whether there was a file. Errors: it cannot be looked
    /// for, or not removed.
    pub fn remove(&self) -> Result<bool, CrowdFileError> {
        if !self.is_there(&self.path)? && !self.is_there(&self.beside("part"))? {
            return Ok(false);
        }
        let _lock = self.lock()?;
        self.gone(&self.beside("part"))?;
        self.gone(&self.path)
    }

    /// Whether it is there; that one may not look is no answer.
    fn is_there(&self, path: &Path) -> Result<bool, CrowdFileError> {
        path.try_exists().map_err(|source| self.unread(source))
    }

    fn replace(&self, index: &[u8], seal: Seal) -> Result<Stamp, CrowdFileError> {
        let part = self.beside("part");
        let written = || -> io::Result<Stamp> {
            // Of a name that is always the same: what a stop leaves is written over, and found by whoever erases. Nobody else's business.
            let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
            file.write_all(index)?;
            file.write_all(&seal.bytes(index))?;
            file.sync_all()?;
            let stamp = Stamp::of(&file.metadata()?);
            fs::rename(&part, &self.path)?;
            File::open(self.folder())?.sync_all()?;
            Ok(stamp)
        };
        written().map_err(|source| {
            // On a full disk it is in the way.
            let _ = fs::remove_file(&part);
            self.unwritten(source)
        })
    }

    /// Whether there was such a file.
    fn gone(&self, path: &Path) -> Result<bool, CrowdFileError> {
        match fs::remove_file(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(source) => Err(self.unwritten(source)),
        }
    }

    /// Waits for whoever else writes. It is let go with what is given, also by the system when a process ends.
    fn lock(&self) -> Result<File, CrowdFileError> {
        let locked = || -> io::Result<File> {
            fs::create_dir_all(self.folder())?;
            let file =
                File::options().write(true).create(true).truncate(false).mode(0o600).open(self.beside("lock"))?;
            file.lock()?;
            Ok(file)
        };
        locked().map_err(|source| self.unwritten(source))
    }

    /// The folder that it is in.
    pub fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// A file of the same name with something behind it.
    fn beside(&self, what: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".");
        name.push(what);
        PathBuf::from(name)
    }

    fn unread(&self, source: io::Error) -> CrowdFileError {
        CrowdFileError::Read { path: self.path.clone(), source }
    }

    fn unwritten(&self, source: io::Error) -> CrowdFileError {
        CrowdFileError::Write { path: self.path.clone(), source }
    }
}

impl Seal {
    /// What stands behind an index.
    fn bytes(self, index: &[u8]) -> [u8; SEAL_BYTES] {
        let mut bytes = [0; SEAL_BYTES];
        bytes[..8].copy_from_slice(&self.made_at.to_le_bytes());
        bytes[8..NUMBERS].copy_from_slice(&self.made_ms.to_le_bytes());
        let hash = Sha256::new().chain_update(index).chain_update(&bytes[..NUMBERS]).finalize();
        bytes[NUMBERS..].copy_from_slice(&hash);
        bytes
    }

    /// Of the bytes behind an index; nothing where they do not stand for it.
    fn of(index: &[u8], bytes: &[u8]) -> Option<Seal> {
        let (at, rest) = bytes.split_first_chunk()?;
        let ms = rest.first_chunk()?;
        let seal = Seal { made_at: i64::from_le_bytes(*at), made_ms: u32::from_le_bytes(*ms) };
        (seal.bytes(index) == bytes).then_some(seal)
    }
}

impl Stamp {
    fn of(held: &fs::Metadata) -> Stamp {
        Stamp { inode: held.ino(), bytes: held.len(), changed: (held.mtime(), held.mtime_nsec()) }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use model::crowd::build::Builder;
    use model::crowd::calendar::Calendar;
    use model::day::Day;
    use model::identity::ChannelKey;
    use model::presence::{ChannelPresence, ViewerDay};
    use model::run::Run;
    use model::zone::ZoneTable;

    use super::*;

    fn bytes(people: u32, origin: Origin) -> Vec<u8> {
        let last: Day = "2026-11-29".parse().unwrap();
        let mut builder = Builder::new(Calendar::ending(last, &ZoneTable::utc()).unwrap(), origin);
        let there =
            ChannelPresence { channel: ChannelKey(1), listed: vec![Run::new(3, 30).unwrap()], spoke: Vec::new() };
        let days = [(last, ViewerDay { bot: false, channels: vec![there] })];
        for key in 0..people {
            builder.push(PersonKey(key), &days).unwrap();
        }
        builder.finish().unwrap()
    }

    const SEAL: Seal = Seal { made_at: 1_795_000_000, made_ms: 70_000 };

    fn people(file: &CrowdFile) -> u32 {
        file.read(Origin::Simulated, SEAL).unwrap().unwrap().0.week_people()
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_people_are_taken_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = CrowdFile::new(folder.path().join("a/b/crowd-index"));
        assert_eq!(file.take_out(Origin::Simulated, PersonKey(1)).unwrap(), TakenOut::NoFile);
        assert!(file.read(Origin::Simulated, SEAL).unwrap().is_none() && file.stamp().unwrap().is_none());
        assert!(!folder.path().join("a").exists() && !file.remove().unwrap());
        let first = file.write(&bytes(5, Origin::Simulated), SEAL).unwrap();
        assert_eq!((file.stamp().unwrap(), people(&file)), (Some(first), 5));
        assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        // What somebody left half-written holds them too.
        fs::write(file.beside("part"), "half").unwrap();
        assert_eq!(file.take_out(Origin::Simulated, PersonKey(9)).unwrap(), TakenOut::NotThere);
        assert!(!file.beside("part").exists());
        assert_eq!(file.stamp().unwrap(), Some(first));
        assert_eq!(file.take_out(Origin::Simulated, PersonKey(1)).unwrap(), TakenOut::Rewritten);
        assert_eq!(file.take_out(Origin::Simulated, PersonKey(1)).unwrap(), TakenOut::NotThere);
        assert_eq!(people(&file), 4);
        assert_ne!(file.stamp().unwrap(), Some(first));
        for other in [Seal { made_at: 5, ..SEAL }, Seal { made_ms: 5, ..SEAL }] {
            assert!(matches!(file.read(Origin::Simulated, other), Err(CrowdFileError::Seal { .. })));
        }
        fs::write(file.beside("part"), "half").unwrap();
        assert!(file.remove().unwrap() && !file.remove().unwrap());
        assert!(!file.beside("part").exists());
    }

    #[test]
    fn what_is_no_index_of_ours_is_refused_and_holds_nobody_after_an_erasure() {
        let folder = tempfile::tempdir().unwrap();
        let file = CrowdFile::new(folder.path().join("crowd-index"));
        let seal = |index: &[u8]| [index, &SEAL.bytes(index)].concat();
        let whole = seal(&bytes(5, Origin::Simulated));
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        for (wrong, told) in [
            (whole[..whole.len() - 1].to_vec(), "crowd-index is damaged"),
            (changed, "crowd-index is damaged"),
            (b"short".to_vec(), "crowd-index is damaged"),
            (seal(b"something else"), "is no index of the crowd that can be used"),
            (seal(&bytes(5, Origin::Real)), "is an index of real data"),
        ] {
            fs::write(file.path(), &wrong).unwrap();
            let refused = file.read(Origin::Simulated, SEAL).unwrap_err().to_string();
            assert!(refused.contains(told), "{refused}");
            assert_eq!(file.take_out(Origin::Simulated, PersonKey(1)).unwrap(), TakenOut::Removed);
            assert!(!file.path().exists());
        }
        // What cannot be read is not taken for gone.
        fs::create_dir(file.path()).unwrap();
        assert!(file.take_out(Origin::Simulated, PersonKey(1)).is_err());
        assert!(file.write(b"anything", SEAL).is_err());
    }
}
