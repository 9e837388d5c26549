//! What the tests ask for.

use std::path::PathBuf;

use importer::export::Format;
use importer::export::days::{ExportOrder, TableReport, export_days};
use importer::export::error::ExportError;
use store::access::{Job, JobKey};
use store::suppression::Suppression;

use crate::world::{World, day};

/// The day of the world, with presence, into the folder `out` of it.
pub(crate) fn order(world: &World, out: &str, format: Format) -> ExportOrder {
    ExportOrder {
        from: day(),
        to: day(),
        format,
        out: folder(world, out),
        raw: true,
        personal_data: false,
        overwrite: false,
        suppression: Suppression::default(),
    }
}

pub(crate) fn folder(world: &World, out: &str) -> PathBuf {
    world.folder.path().join(out)
}

pub(crate) async fn export(world: &World, order: &ExportOrder) -> Result<Vec<TableReport>, ExportError> {
    export_days(&world.store, &JobKey::grant(Job::Export), order, |_| {}).await
}
