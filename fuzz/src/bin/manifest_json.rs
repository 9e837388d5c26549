//! Any bytes as a day's manifest: an error, or what is written and read again without a change; the next sweep is
//! added to it.
// seeds: cat archive/golden/*/archive/manifest/date=*.json
// seeds: cat archive/golden/*/archive/manifest/archive.json
#![no_main]

use fuzz::{at, place};
use libfuzzer_sys::fuzz_target;
use model::slot::Slot;

fuzz_target!(|bytes: &[u8]| {
    let place = place();
    let object = archive::path::manifest(at().day());
    place.put(&object, bytes.to_vec());
    let Ok(manifest) = place.wait(place.archive.manifest(at().day())) else { return };
    let manifest = manifest.expect("a manifest that is there");
    let json = serde_json::to_vec(&manifest).expect("a manifest is JSON");
    place.put(&object, json.clone());
    let again_read = place.wait(place.archive.manifest(at().day())).expect("a manifest that we wrote");
    assert_eq!(again_read.as_ref(), Some(&manifest));
    for sweep in &manifest.sweeps {
        let _ = sweep.sweep_ms();
    }
    let _ = Slot::all().filter_map(|slot| manifest.sweep(slot)).count();
    place.commit(at(), [], []);
    let grown = place.wait(place.archive.manifest(at().day())).expect("the manifest of a commit").expect("a manifest");
    assert!(grown.sweep(at().slot()).is_some());
});
