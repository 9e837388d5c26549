use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, RwLock},
};

use anyhow::{Context as _, Result, anyhow, bail};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    dependencies::{Dependency, DependencyOptions},
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions},
};

use crate::output::Output;

/// One style sheet of many.
pub(crate) struct Style {
    /// Minified, with the final addresses of what it refers to.
    pub(crate) css: String,
    /// The files it refers to, such as `fonts/inter.woff2`, and their addresses.
    pub(crate) files: BTreeMap<String, String>,
}

/// Bundles `entry` and what it imports, and writes the files it refers to.
///
/// Nothing is rewritten for older browsers: nesting, layers and `light-dark()` stay as written.
pub(crate) fn bundle(entry: &Path, output: &mut Output) -> Result<Style> {
    if !entry.is_file() {
        bail!("no style sheet at {}", entry.display());
    }
    let provider = FileProvider::new();
    let warnings = Arc::new(RwLock::new(Vec::new()));
    let options = ParserOptions { warnings: Some(warnings.clone()), ..Default::default() };
    let mut sheet = Bundler::new(&provider, None, options).bundle(entry).map_err(|error| anyhow!("style: {error}"))?;
    // A declaration the parser skips is one that a browser skips too: a slip of the pen.
    if let Some(slip) = warnings.read().ok().and_then(|all| all.first().map(ToString::to_string)) {
        bail!("style: {slip}");
    }
    sheet.minify(MinifyOptions::default()).map_err(|error| anyhow!("style: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            analyze_dependencies: Some(DependencyOptions { remove_imports: false }),
            ..Default::default()
        })
        .map_err(|error| anyhow!("style: {error}"))?;

    let folder = entry.parent().unwrap_or(entry);
    let mut style = Style { css: printed.code, files: BTreeMap::new() };
    for dependency in printed.dependencies.unwrap_or_default() {
        let Dependency::Url(url) = dependency else {
            bail!("style: @import of something that is not a file of ours");
        };
        let address = if is_elsewhere(&url.url) {
            url.url
        } else {
            let beside = Path::new(&url.loc.file_path).parent().unwrap_or(folder);
            let file = beside.join(&url.url);
            let content = fs::read(&file)
                .with_context(|| format!("{} refers to {}, which cannot be read", url.loc.file_path, url.url))?;
            let address = output.add_hashed(&url.url, &content)?;
            style.files.insert(url.url, address.clone());
            address
        };
        style.css = style.css.replace(&url.placeholder, &address);
    }
    Ok(style)
}

/// Addresses that are no files of the style folder.
fn is_elsewhere(url: &str) -> bool {
    url.starts_with(['/', '#']) || url.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundled(files: &[(&str, &str)]) -> Result<Style> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content).unwrap();
        }
        let mut output = Output::open(folder.path().join("site"), false);
        bundle(&folder.path().join("main.css"), &mut output)
    }

    #[test]
    fn imports_become_one_sheet_in_the_order_of_layers() {
        let style = bundled(&[
            ("main.css", "@layer parts, base; @import \"base.css\" layer(base); @import \"parts.css\";"),
            ("base.css", "a { color: red }"),
            ("parts.css", "@layer parts { b { color: blue } }"),
        ]);
        let css = style.unwrap().css;
        assert_eq!(css, "@layer parts{b{color:#00f}}@layer base{a{color:red}}");
    }

    #[test]
    fn modern_css_stays_as_written() {
        let source = ":root{color-scheme:light dark;--ink:light-dark(#111,#eee)}\
                      .fig{color:light-dark(#000,#fff);&.lead{margin-inline:1rem}\
                      @container (width<44rem){display:none}@media (width>=58rem){gap:1px}}";
        assert_eq!(bundled(&[("main.css", source)]).unwrap().css, source);
    }

    #[test]
    fn files_get_hashed_addresses() {
        let style = bundled(&[
            ("main.css", "@import \"fonts.css\";"),
            (
                "fonts.css",
                "@font-face { font-family: I; src: url(\"fonts/i.woff2\") format(\"woff2\") } a { mask: url(#m) }",
            ),
            ("fonts/i.woff2", "font"),
        ])
        .unwrap();
        let address = &style.files["fonts/i.woff2"];
        assert!(address.starts_with("/pkg/i."), "{address}");
        assert!(style.css.contains(address.as_str()), "{}", style.css);
        assert!(style.css.contains("url(\"#m\")"), "{}", style.css);
    }

    #[test]
    fn errors_name_the_place() {
        let missing = bundled(&[("main.css", "@font-face { src: url(no.woff2) }")]).err().unwrap();
        assert!(format!("{missing:#}").contains("no.woff2"), "{missing:#}");
        let unclosed = bundled(&[("main.css", "a { color: red } }")]).err().unwrap();
        assert!(format!("{unclosed:#}").contains("main.css"), "{unclosed:#}");
    }
}
