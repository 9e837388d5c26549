//! Upkeep of a folder of SQLite files; see [`crate::upkeep`].

pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod restore;
pub(crate) mod stats;
pub(crate) mod vacuum;

use super::file::Schema;

/// The schemas of a folder's files, as a backup names them.
const SCHEMAS: [(&str, Schema); 3] = [("main", Schema::Main), ("open", Schema::Month), ("closed", Schema::Closed)];
