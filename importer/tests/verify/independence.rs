//! What checks the import shares nothing with it.

use std::fs;
use std::path::Path;

#[test]
fn the_comparison_uses_nothing_of_the_import() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/verify");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        files += 1;
        // `super` leads out of the module only from its root, and `super::super` from any file.
        let root = path.file_name().unwrap() == "mod.rs";
        let leaves = |line: &&str| {
            let code = line.split("//").next().unwrap_or_default();
            code.contains("crate::") || code.contains("super::super") || (root && code.contains("super::"))
        };
        assert_eq!(text.lines().find(leaves), None, "{}", path.display());
        // Of the archive it takes bytes and names of objects; rows, text, indexes and times are read by parsers that
        // the import uses too.
        let parsers = [
            "read_text",
            "read_streams",
            "read_chatters",
            "read_channel",
            "open_chatters",
            "renamings",
            "archive::time",
        ];
        for parser in parsers {
            assert!(!text.contains(parser), "{} uses {parser}", path.display());
        }
    }
    assert!(files > 8);
}
