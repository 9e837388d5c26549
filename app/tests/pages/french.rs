//! French sets no space that may break before what closes, or after what opens.

use std::fs;
use std::path::Path;

#[test]
fn no_line_begins_with_a_sign() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/fr");
    let mut files = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for broken in [" :", " ;", " ?", " !", " %", " »", "« "] {
            let place = text.lines().find(|line| line.contains(broken));
            assert!(place.is_none(), "{}: {place:?} has {broken:?}", path.display());
        }
        files += 1;
    }
    assert!(files > 5);
}
