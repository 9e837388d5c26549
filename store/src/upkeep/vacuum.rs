//! What giving space back did.

use serde::Serialize;

/// Space before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Vacuumed {
    /// What was worked on, in order.
    pub parts: Vec<VacuumedPart>,
}

/// A file of SQLite, a table of Postgres.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VacuumedPart {
    /// The file or table.
    pub name: String,
    /// Its bytes before, indexes and journal included.
    pub bytes_before: u64,
    /// Its bytes after.
    pub bytes_after: u64,
}

impl Vacuumed {
    /// Bytes that the operating system has again.
    pub fn given_back(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes_before.saturating_sub(part.bytes_after)).sum()
    }
}
