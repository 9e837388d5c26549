//! Any bytes as `manifest/archive.json`: an archive of an origin, or an error.
// seeds: cat archive/golden/*/archive/manifest/archive.json
#![no_main]

use std::sync::Arc;

use archive::Archive;
use archive::path::DESCRIPTION;
use fuzz::place;
use libfuzzer_sys::fuzz_target;
use model::words::Origin;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

fuzz_target!(|bytes: &[u8]| {
    let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let open = |origin| Archive::over(store.clone(), store.clone(), "memory", origin);
    place().wait(async {
        store.put(&Path::from(DESCRIPTION), bytes.to_vec().into()).await.expect("memory takes everything");
        let found = open(None).await.map(|archive| archive.origin());
        for origin in [Origin::Simulated, Origin::Real] {
            let opened = open(Some(origin)).await.is_ok();
            assert_eq!(opened, found.as_ref().is_ok_and(|found| *found == origin), "origins never mix");
        }
    });
});
