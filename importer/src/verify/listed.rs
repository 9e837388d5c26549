//! What the day's manifest says of its objects, held against their bytes.

use std::collections::HashMap;

use archive::manifest::{Manifest, ObjectEntry};
use archive::path::Kind;
use model::day::Day;
use model::slot::{Slot, SlotTime};
use sha2::{Digest, Sha256};

use super::report::{Difference, ObjectFault};
use super::rows::Object;

/// The objects that the manifest lists, by name; none of an archive that was made without one.
#[derive(Debug, Default)]
pub(super) struct Listed(HashMap<String, ObjectEntry>);

impl Listed {
    pub(super) fn of(manifest: Option<Manifest>) -> Listed {
        let sweeps = manifest.into_iter().flat_map(|manifest| manifest.sweeps);
        let entries = sweeps.flat_map(|sweep| [sweep.streams, sweep.chatters]);
        Listed(entries.map(|entry| (entry.path.clone(), entry)).collect())
    }

    /// In what an object differs from its entry. An object that the manifest does not have yet differs in nothing.
    pub(super) fn difference(&self, object: &Object) -> Option<Difference> {
        let entry = self.0.get(&object.name)?;
        let what = if entry.bytes != object.bytes.len() as u64 {
            ObjectFault::Size { bytes: object.bytes.len() as u64, listed: entry.bytes }
        } else if !is_sum(&entry.sha256, &object.bytes) {
            ObjectFault::Checksum
        } else {
            return None;
        };
        Some(Difference::Object { name: object.name.clone(), what })
    }

    /// The sweeps of a day that it lists, and that the archive does not have.
    pub(super) fn lost(&self, day: Day, sweeps: &[Slot], counts: impl Fn(Slot) -> bool) -> Vec<Difference> {
        let names = Slot::all().filter(|slot| counts(*slot) && !sweeps.contains(slot));
        let names = names.map(|slot| Kind::Streams.object(SlotTime::new(day, slot)));
        let lost = names.filter(|name| self.0.contains_key(name));
        lost.map(|name| Difference::Object { name, what: ObjectFault::Lost }).collect()
    }
}

/// Whether the checksum, in hexadecimal, is that of the bytes.
fn is_sum(text: &str, bytes: &[u8]) -> bool {
    let sum = Sha256::digest(bytes);
    let digits = sum.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    text.len() == 2 * sum.len()
        && text.chars().map(|digit| digit.to_digit(16)).eq(digits.map(|digit| Some(digit.into())))
}
