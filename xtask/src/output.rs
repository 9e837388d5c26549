use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use flate2::{Compression, GzBuilder};
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

/// The folder being written: files appear when they changed, and only then are compressed; what
/// an earlier build left over goes at the end.
pub(crate) struct Output {
    folder: PathBuf,
    compress: bool,
    kept: BTreeSet<PathBuf>,
}

/// Where hashed files lie: the server may call everything below it immutable.
const HASHED: &str = "pkg";

/// 48 bits: two versions of one file never meet in it.
const HASH_DIGITS: usize = 12;

impl Output {
    /// Writes into `folder`; with `compress`, a `.br` and a `.gz` beside each file that shrinks.
    pub(crate) fn open(folder: PathBuf, compress: bool) -> Self {
        Self { folder, compress, kept: BTreeSet::new() }
    }

    /// Writes a file under a name made of its content; says its address.
    pub(crate) fn add_hashed(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let name = name.rsplit('/').next().unwrap_or(name);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let hash = &digest(content)[..HASH_DIGITS];
        let path = format!("{HASHED}/{stem}.{hash}.{extension}");
        self.add(&path, content)?;
        Ok(format!("/{path}"))
    }

    /// Writes a file at a fixed address.
    pub(crate) fn add(&mut self, path: &str, content: &[u8]) -> Result<()> {
        let file = self.folder.join(path);
        let fresh = fs::read(&file).is_ok_and(|old| old == content);
        if !fresh {
            write(&file, content)?;
        }
        if self.compress && compressible(&file) {
            self.add_compressed(&file, "br", content, fresh, brotli)?;
            self.add_compressed(&file, "gz", content, fresh, gzip)?;
        }
        self.kept.insert(file);
        Ok(())
    }

    fn add_compressed(
        &mut self,
        file: &Path,
        suffix: &str,
        content: &[u8],
        fresh: bool,
        pack: fn(&[u8]) -> std::io::Result<Vec<u8>>,
    ) -> Result<()> {
        let packed_file = suffixed(file, suffix);
        if !(fresh && packed_file.is_file()) {
            let packed = pack(content).with_context(|| format!("cannot compress {}", packed_file.display()))?;
            if packed.len() >= content.len() {
                return Ok(());
            }
            write(&packed_file, &packed)?;
        }
        self.kept.insert(packed_file);
        Ok(())
    }

    /// Removes what this build did not write.
    pub(crate) fn close(self) -> Result<()> {
        for entry in WalkDir::new(&self.folder).contents_first(true) {
            let entry = entry.context("cannot list the site's folder")?;
            let path = entry.path();
            if entry.file_type().is_dir() {
                // Fails on folders that still hold something, which is what is wanted.
                let _ = fs::remove_dir(path);
            } else if !self.kept.contains(path) {
                fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        Ok(())
    }
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn digest(content: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(content).iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `a/b.js` and `br` → `a/b.js.br`.
pub(crate) fn suffixed(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// Images and fonts are compressed by themselves.
fn compressible(file: &Path) -> bool {
    const TEXTS: [&str; 10] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];
    file.extension().and_then(|end| end.to_str()).is_some_and(|end| TEXTS.contains(&end))
}

/// Whole or not at all: a server that is running never reads half a file.
fn write(file: &Path, content: &[u8]) -> Result<()> {
    let half = suffixed(file, "half");
    let act = || -> std::io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&half, content)?;
        fs::rename(&half, file)
    };
    act().with_context(|| format!("cannot write {}", file.display()))
}

fn brotli(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let best =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut packed, &best)?;
    Ok(packed)
}

/// No name and no time in the header: equal content, equal bytes.
fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packer = GzBuilder::new().write(Vec::new(), Compression::best());
    packer.write_all(content)?;
    packer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn files(folder: &Path) -> Vec<String> {
        WalkDir::new(folder)
            .sort_by_file_name()
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.path().strip_prefix(folder).unwrap().display().to_string())
            .collect()
    }

    #[test]
    fn names_follow_content() {
        let folder = tempfile::tempdir().unwrap();
        let mut output = Output::open(folder.path().to_owned(), false);
        let one = output.add_hashed("vigie.js", b"let a = 1").unwrap();
        assert_eq!(one, output.add_hashed("vigie.js", b"let a = 1").unwrap());
        assert_ne!(one, output.add_hashed("vigie.js", b"let a = 2").unwrap());
        assert_eq!(one.len(), "/pkg/vigie.123456789012.js".len(), "{one}");
    }

    #[test]
    fn compressed_files_hold_the_same_content() {
        let folder = tempfile::tempdir().unwrap();
        let content = b"vigie ".repeat(100);
        let mut output = Output::open(folder.path().to_owned(), true);
        output.add("robots.txt", &content).unwrap();
        output.add("icon.png", &content).unwrap();
        assert_eq!(files(folder.path()), ["icon.png", "robots.txt", "robots.txt.br", "robots.txt.gz"]);
        let mut plain = Vec::new();
        let packed = fs::read(folder.path().join("robots.txt.gz")).unwrap();
        flate2::read::GzDecoder::new(&*packed).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, content);
        let mut plain = Vec::new();
        let packed = fs::read(folder.path().join("robots.txt.br")).unwrap();
        brotli::BrotliDecompress(&mut &*packed, &mut plain).unwrap();
        assert_eq!(plain, content);
    }

    #[test]
    fn an_unchanged_file_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let write = |word: &str| {
            let content = word.repeat(100);
            Output::open(folder.path().to_owned(), true).add("robots.txt", content.as_bytes()).unwrap();
            let about = fs::metadata(folder.path().join("robots.txt.br")).unwrap();
            about.modified().unwrap()
        };
        let first = write("one ");
        assert_eq!(write("one "), first);
        assert_ne!(write("two "), first);
    }

    #[test]
    fn what_is_left_over_goes() {
        let folder = tempfile::tempdir().unwrap();
        let mut output = Output::open(folder.path().to_owned(), true);
        output.add("old/a.txt", b"a").unwrap();
        output.close().unwrap();
        let mut output = Output::open(folder.path().to_owned(), false);
        output.add("new/b.txt", b"b").unwrap();
        output.close().unwrap();
        assert_eq!(files(folder.path()), ["new/b.txt"]);
        assert!(!folder.path().join("old").exists());
    }
}
