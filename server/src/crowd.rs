//! The crowd's index: read at the start, made after the nights, taken over from whoever else changes its file.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use app::crowd::{Crowd, CrowdIndex};
use app::zones;
use importer::crowd::due::{due, is_outlived};
use importer::crowd::file::{CrowdFile, CrowdFileError, Seal, Stamp};
use importer::crowd::pass::{CrowdReport, make_crowd};
use model::identity::PersonKey;
use store::access::{Job, JobKey};
use store::{AnyStore, Store as _};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::metrics;
use crate::report::chain;

/// How often the file is looked at: an erasure by hand is in answers about others no longer than this. It takes one question to the
/// file system.
const LOOK: Duration = Duration::from_secs(30);

/// Keeps the index that pages ask the same as its file. Cheap to clone: all clones keep the same one.
#[derive(Clone, Debug)]
pub struct CrowdKeeper(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    file: CrowdFile,
    store: Arc<AnyStore>,
    /// The IANA name of the site's zone.
    zone: String,
    crowd: Crowd,
    /// One at a time looks at the file.
    seen: Mutex<Seen>,
    /// One at a time makes it, or removes it: it is looked at meanwhile.
    making: Mutex<()>,
}

/// Which versions of the file were looked at.
#[derive(Debug, Default)]
struct Seen {
    /// What pages ask.
    served: Option<Stamp>,
    /// What was told to be none that can be used, with the population it was held against.
    refused: Option<(Stamp, Option<Seal>)>,
}

impl CrowdKeeper {
    /// Of a store and the file that goes with it; `zone` is the IANA name of the site's zone. Nothing is read yet.
    pub fn new(file: CrowdFile, store: Arc<AnyStore>, zone: impl Into<String>) -> CrowdKeeper {
        let (zone, crowd) = (zone.into(), Crowd::default());
        CrowdKeeper(Arc::new(Kept { file, store, zone, crowd, seen: Mutex::default(), making: Mutex::default() }))
    }

    /// What pages ask.
    pub fn crowd(&self) -> Crowd {
        self.0.crowd.clone()
    }

    /// Where the index is.
    pub fn file(&self) -> &CrowdFile {
        &self.0.file
    }

    /// Forgets a person at once; their bytes in the file go with [`importer::erase::Eraser`].
    pub fn forget(&self, key: PersonKey) {
        self.0.crowd.forget(key);
    }

    /// Takes over what is in the file by now, if it is not what pages ask already. One that is damaged, of other data, or of another night
    /// is told once and not served: the next night makes it again. One that cannot be read for now is not served either, and tried again:
    /// what was served before may have somebody in it who was taken out.
    pub async fn refresh(&self) {
        if let Err(error) = self.look().await {
            tracing::error!(error = %chain(&*error), "the crowd's index is looked at again later");
        }
    }

    async fn look(&self) -> Result<()> {
        let mut seen = self.0.seen.lock().await;
        let looked = self.take_over(&mut seen).await;
        if looked.is_err() {
            self.serve(None);
            seen.served = None;
        }
        looked
    }

    async fn take_over(&self, seen: &mut Seen) -> Result<()> {
        let Some(stamp) = self.0.file.stamp()? else {
            if seen.served.take().is_some() {
                self.serve(None);
            }
            return Ok(());
        };
        if seen.served == Some(stamp) {
            return Ok(());
        }
        // What was served is not in the file any more: somebody may have been taken out.
        let made = self.0.store.population_record().await?;
        let seal = made.map(|made| Seal { made_at: made.made_at, made_ms: made.made_ms });
        if seen.refused == Some((stamp, seal)) {
            return Ok(());
        }
        let (file, origin) = (self.0.file.clone(), self.0.store.origin());
        // Of a store without a population no file is: the seal is one that none has.
        let wanted = seal.unwrap_or(Seal { made_at: i64::MIN, made_ms: 0 });
        match spawn_blocking(move || file.read(origin, wanted)).await? {
            Ok(Some((index, stamp))) => {
                self.serve(Some(index));
                *seen = Seen { served: Some(stamp), refused: None };
            }
            Ok(None) => {
                self.serve(None);
                seen.served = None;
            }
            Err(error @ CrowdFileError::Read { .. }) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "the crowd's index is not used, and is made again after the next night");
                self.serve(None);
                *seen = Seen { served: None, refused: Some((stamp, seal)) };
            }
        }
        Ok(())
    }

    /// Makes index and population if they are due, and serves them; what was made. `now`: Unix time in seconds.
    ///
    /// Errors: whatever keeps it from it; what was served before goes on, unless its file is gone.
    pub async fn make_due(&self, now: i64) -> Result<Option<CrowdReport>> {
        let _making = self.0.making.lock().await;
        self.look().await?;
        let made = self.make(now).await;
        if made.is_err() {
            metrics::crowd_failed();
            // What it wrote and took back.
            self.look().await?;
        }
        made
    }

    async fn make(&self, now: i64) -> Result<Option<CrowdReport>> {
        let what = "cannot work out what is known of everybody";
        let held = self.0.crowd.current();
        let calendar = held.as_ref().map(|index| index.calendar());
        let clock = |first, last| zones::over(&self.0.zone, first, last);
        let due = due(&*self.0.store, calendar, clock).await.context(what)?;
        drop(held);
        let Some(due) = due else { return Ok(None) };
        let made = make_crowd(&*self.0.store, &JobKey::grant(Job::Nightly), &due, &self.0.file, now).await;
        let made = made.context(what)?;
        metrics::made_crowd(&made.report);
        let mut seen = self.0.seen.lock().await;
        self.serve(Some(made.index));
        *seen = Seen { served: Some(made.stamp), refused: None };
        Ok(Some(made.report))
    }

    /// Removes the file where slots are in it that are not kept any more. Errors: the store's; it cannot be removed.
    pub async fn remove_outlived(&self) -> Result<()> {
        let _making = self.0.making.lock().await;
        if self.0.file.stamp()?.is_some() && is_outlived(&*self.0.store).await? {
            let file = self.0.file.clone();
            spawn_blocking(move || file.remove()).await??;
            self.look().await?;
        }
        Ok(())
    }

    /// Looks at the file now and then, until cancelled.
    pub async fn watch(self, cancel: CancellationToken) {
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(LOOK) => self.refresh().await,
            }
        }
    }

    fn serve(&self, index: Option<CrowdIndex>) {
        metrics::crowd(index.as_ref());
        self.0.crowd.replace(index);
    }
}
