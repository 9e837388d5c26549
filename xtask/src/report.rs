use std::{fs, path::Path};

use anyhow::{Result, bail};

use crate::output::suffixed;

/// Brotli bytes that a first visit may cost: the program with its loader
/// (`docs/decisions/0004-size-of-the-wasm.md`), and the style sheet.
const PROGRAM_BUDGET: u64 = 250_000;
const STYLE_BUDGET: u64 = 12_000;

/// Sizes on the wire of what a first visit loads.
pub(crate) struct Report {
    rows: Vec<Row>,
}

struct Row {
    address: String,
    raw: u64,
    gz: Option<u64>,
    br: Option<u64>,
}

impl Report {
    /// Measures the files at these addresses of the site.
    pub(crate) fn measure<'a>(site: &Path, addresses: impl Iterator<Item = &'a String>) -> Self {
        let size = |file: &Path| fs::metadata(file).ok().map(|about| about.len());
        let rows = addresses.map(|address| {
            let file = site.join(address.trim_start_matches('/'));
            Row {
                address: address.clone(),
                raw: size(&file).unwrap_or(0),
                gz: size(&suffixed(&file, "gz")),
                br: size(&suffixed(&file, "br")),
            }
        });
        Self { rows: rows.collect() }
    }

    /// A line per file, in bytes.
    pub(crate) fn print(&self) {
        let cell = |size: Option<u64>| size.map_or_else(|| "-".to_owned(), |size| size.to_string());
        eprintln!("{:<48} {:>10} {:>9} {:>9}", "bytes of", "raw", "gz", "br");
        for row in &self.rows {
            let (gz, br) = (cell(row.gz), cell(row.br));
            eprintln!("{:<48} {:>10} {gz:>9} {br:>9}", row.address, row.raw);
        }
    }

    /// An error where a first visit would cost more than it may.
    pub(crate) fn check(&self) -> Result<()> {
        let total = |ends: &[&str]| -> u64 {
            let rows = self.rows.iter();
            rows.filter(|row| ends.iter().any(|end| row.address.ends_with(end))).filter_map(|row| row.br).sum()
        };
        let sums = [
            ("WASM and JavaScript weigh", total(&[".wasm", ".js"]), PROGRAM_BUDGET),
            ("the style sheet weighs", total(&[".css"]), STYLE_BUDGET),
        ];
        for (what, bytes, budget) in sums {
            if bytes > budget {
                bail!("{what} {bytes} bytes in brotli; the budget is {budget}");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(address: &str, br: u64) -> Report {
        let row = Row { address: address.to_owned(), raw: 0, gz: None, br: Some(br) };
        Report { rows: vec![row] }
    }

    #[test]
    fn budgets_are_kept_to_the_byte() {
        assert!(report("/pkg/a.wasm", PROGRAM_BUDGET).check().is_ok());
        assert!(report("/pkg/a.wasm", PROGRAM_BUDGET + 1).check().is_err());
        assert!(report("/pkg/a.css", STYLE_BUDGET).check().is_ok());
        assert!(report("/pkg/a.css", STYLE_BUDGET + 1).check().is_err());
        assert!(report("/pkg/a.woff2", PROGRAM_BUDGET + 1).check().is_ok());
    }

    #[test]
    fn sizes_are_those_on_disk() {
        let site = tempfile::tempdir().unwrap();
        fs::write(site.path().join("a.js"), b"12345").unwrap();
        fs::write(site.path().join("a.js.br"), b"123").unwrap();
        let address = "/a.js".to_owned();
        let report = Report::measure(site.path(), std::iter::once(&address));
        let row = &report.rows[0];
        assert_eq!((row.raw, row.gz, row.br), (5, None, Some(3)));
    }
}
