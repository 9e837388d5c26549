//! What the targets share: an archive in memory, whose objects are the bytes of the fuzzer, and somebody whose days they are.

pub mod person;

use std::collections::HashSet;
use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use archive::Archive;
use archive::chatters::ChatterRow;
use archive::manifest::Timings;
use archive::path::Kind;
use archive::sweep_writer::SweepWriter;
use model::hours::ViewerHours;
use model::presence::ViewerDay;
use model::sample::StreamSample;
use model::slot::{SLOTS_PER_DAY, SlotTime};
use model::words::Origin;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tokio::runtime::Runtime;

/// An archive in memory and the runtime it is used on.
pub struct Place {
    /// The archive over the store.
    pub archive: Archive,
    store: Arc<dyn ObjectStore>,
    runtime: Runtime,
}

/// The place of this process: targets run one input after another.
pub fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build();
        let runtime = runtime.expect("a runtime of one thread");
        let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let opened = Archive::over(store.clone(), store.clone(), "memory", Some(Origin::Real));
        let archive = runtime.block_on(opened).expect("an archive in an empty store");
        Place { archive, store, runtime }
    })
}

/// 2026-11-22T00:05:00Z: the slot of the golden archive, and of the seeds.
pub fn at() -> SlotTime {
    SlotTime::at("2026-11-22".parse().expect("a day"), 1)
}

/// A slot of another day, for what is written back: a commit looks at the other sweeps of its day.
pub fn again() -> SlotTime {
    at() + i32::from(SLOTS_PER_DAY)
}

impl Place {
    /// Does it to its end.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Puts bytes where the archive looks for them.
    pub fn put(&self, object: &str, bytes: Vec<u8>) {
        self.wait(self.store.put(&Path::from(object), bytes.into())).expect("memory takes everything");
    }

    /// Takes an object away.
    pub fn remove(&self, object: &str) {
        match self.wait(self.store.delete(&Path::from(object))) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => panic!("memory keeps {object}: {error}"),
        }
    }

    /// Takes away the objects of a sweep and their indexes.
    pub fn clear(&self, at: SlotTime) {
        for kind in [Kind::Streams, Kind::Chatters] {
            self.remove(&kind.object(at));
            self.remove(&kind.index(at));
        }
    }

    /// Commits rows as the sweep of a slot. Panics: they are not what the writer takes.
    pub fn commit<'a>(
        &self,
        at: SlotTime,
        streams: impl IntoIterator<Item = StreamSample>,
        chatters: impl IntoIterator<Item = ChatterRow<'a>>,
    ) {
        self.clear(at);
        let mut sweep = SweepWriter::new(at);
        for row in streams {
            sweep.push_stream(&StreamSample { sampled_at: at, ..row }).expect("a row that was read can be written");
        }
        for row in chatters {
            sweep.push_row(&row).expect("a row that was read can be written");
        }
        let timings = Timings { started_ms: at.unix() * 1000, finished_ms: at.unix() * 1000 + 1 };
        self.wait(self.archive.commit(sweep, timings)).expect("a sweep is committed to memory");
    }
}

/// Reads a person's day in either tier, as whoever reads a block or a month's row does: no day is both.
pub fn read_day(bytes: &[u8]) {
    let (slots, hours) = (ViewerDay::decode(bytes), ViewerHours::decode(bytes));
    assert!(slots.is_err() || hours.is_err(), "a day tells its tier");
}

/// One gzip member around a text, stored: the fuzzer's time goes into what is read, not into inflating it.
pub fn stored(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("a vector takes everything")
}

/// Whether no two are the same.
pub fn each_once<T: Eq + std::hash::Hash>(all: impl IntoIterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    all.into_iter().all(|one| seen.insert(one))
}
