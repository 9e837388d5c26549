//! The whole way of a family: invented, archived, imported, read back.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::{Context as _, Result};
use archive::Archive;
use importer::import::ImportOrder;
use importer::retention::{Retention, apply_all, plan};
use importer::schedule::closes_at;
use model::identity::ChannelKey;
use model::login::Login;
use model::slot::{SlotTime, Span};
use model::words::Origin;
use simulator::population::{Family, Sample};
use simulator::truth::person::PersonTruth;
use simulator::truth::whole::WholeDay;
use simulator::world::World;
use simulator::write::{Follow, write_days};
use store::access::{Job, JobKey, ViewerPages, viewer};
use store::record::record;
use store::{AnyStore, Store as _};
use tokio::task::JoinSet;

use super::everybody::{self, Everybody};
use super::folder::Folder;
use super::report::Facts;
use super::subject::{Ground, Subject};
use crate::imports::{ImportRules, import};
use crate::report::steps;

/// What is to be validated on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) seed: u64,
    pub(super) family: Family,
    pub(super) sample: Sample,
}

/// Everybody, read back from the store, and figures of the way there.
pub(super) struct Imported {
    pub(super) subjects: Vec<Subject>,
    pub(super) everybody: Everybody,
    pub(super) facts: Facts,
}

/// Nothing ages: what is validated is what a page shows of days that are kept by slot.
const KEPT: Retention = Retention { raw_days: 10_000, hour_days: 10_000, open_days: 10_000 };

/// Invents, archives, imports and reads back. Days that the folder has are not made again.
pub(super) async fn run(asked: Asked, folder: &Folder) -> Result<Imported> {
    let Asked { seed, family, sample } = asked;
    let world = Arc::new(World::of_family(seed, family, sample).context("cannot invent these people")?);
    let archive = Archive::create(&folder.part(family, "archive"), Origin::Simulated).await?;
    let days = (sample.until.days() - sample.from.days()) as u64;
    let bar = steps(format!("inventing family {family:?}"), days, "days");
    let span = Span { from: SlotTime::at(sample.from, 0), to: SlotTime::at(sample.until, 0) };
    // Whatever language: these people live everywhere.
    let follow = Follow { language: "*".to_owned(), ..Follow::default() };
    write_days(&world, &archive, &follow, span, |_| bar.inc(1)).await?;
    bar.finish_and_clear();

    let store = Arc::new(AnyStore::open(&folder.part(family, "store"), Some(Origin::Simulated)).await?);
    let observations = import_all(&archive, &store, asked).await?;
    let known = everybody::make(&store, &folder.part(family, "crowd"), sample.until).await?;
    let subjects = read_all(&world, &store, asked).await?;
    let everybody = Everybody::of(known, &subjects);
    let facts = Facts::of(&subjects, observations);
    // Readers are done: nobody else holds it.
    if let Some(store) = Arc::into_inner(store) {
        store.close().await;
    }
    Ok(Imported { subjects, everybody, facts })
}

/// Imports what is not imported yet, and puts months together by person; the observations of all days.
async fn import_all(archive: &Archive, store: &AnyStore, asked: Asked) -> Result<u64> {
    let Asked { family, sample: Sample { from, until, .. }, .. } = asked;
    let rules = ImportRules { verify: 0, ..ImportRules::default() };
    let options = rules.options(store).await?;
    let held = store.days().await?;
    let bar = steps(format!("importing family {family:?}"), (until.days() - from.days()) as u64, "days");
    for day in from.until(until) {
        if !held.iter().any(|record| record.day == day && !record.provisional) {
            let order = ImportOrder { day, provisional: false, now: closes_at(day) };
            import(archive, store, order, &options, |_| {}).await?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let after = until.plus(-1).month().next().first_day();
    let held = store.days().await?;
    let steps = plan(after, KEPT, &store.months().await?, &archive.days().await?, &held);
    let failed = apply_all(&steps, archive, store, &JobKey::grant(Job::Retention), |_, _| {}).await;
    if let Some(error) = failed.into_iter().next() {
        return Err(error.into());
    }
    Ok(held.iter().map(|record| record.stats.observations).sum())
}

/// Reads everybody, as a page reads one, and holds the truth beside them.
async fn read_all(world: &Arc<World>, store: &Arc<AnyStore>, asked: Asked) -> Result<Vec<Subject>> {
    let Asked { seed, family, sample } = asked;
    let days = sample.until.days() - sample.from.days();
    let whole = {
        let world = Arc::clone(world);
        // As long before and after: what three times the days would tell, without a gap.
        let around = (sample.from.plus(-days), sample.until.plus(days));
        tokio::task::spawn_blocking(move || world.whole_days(around.0, around.1)).await.context("no whole days")?
    };
    let people: Vec<PersonTruth> = world.people().collect();
    let bar = steps(format!("reading family {family:?}"), people.len() as u64, "people");
    let names = Arc::new(channel_names(store, sample).await?);
    let work = Arc::new(Work {
        world: Arc::clone(world),
        store: Arc::clone(store),
        people,
        whole,
        names,
        ground: Ground::new(seed, sample),
    });
    let workers = available_parallelism().map_or(1, std::num::NonZero::get);
    let mut tasks = JoinSet::new();
    for first in 0..workers {
        let (work, bar) = (Arc::clone(&work), bar.clone());
        tasks.spawn(async move {
            let mut found = Vec::new();
            for number in (first..work.people.len()).step_by(workers) {
                found.push((number, work.subject(number).await?));
                bar.inc(1);
            }
            anyhow::Ok(found)
        });
    }
    let mut all = Vec::with_capacity(work.people.len());
    while let Some(some) = tasks.join_next().await {
        all.extend(some.context("a reader of people ended early")??);
    }
    bar.finish_and_clear();
    all.sort_unstable_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, subject)| subject).collect())
}

async fn channel_names(store: &AnyStore, sample: Sample) -> Result<HashMap<ChannelKey, Login>> {
    let mut names = HashMap::new();
    for day in sample.from.until(sample.until) {
        let unknown: Vec<ChannelKey> =
            store.channels_of_day(day).await?.into_iter().filter(|key| !names.contains_key(key)).collect();
        names.extend(store.channels(&unknown).await?.into_iter().map(|channel| (channel.key, channel.login)));
    }
    Ok(names)
}

/// What readers of people share.
struct Work {
    world: Arc<World>,
    store: Arc<AnyStore>,
    people: Vec<PersonTruth>,
    whole: Vec<WholeDay>,
    names: Arc<HashMap<ChannelKey, Login>>,
    ground: Ground,
}

impl Work {
    async fn subject(&self, number: usize) -> Result<Subject> {
        let truth = self.people[number].clone();
        let Sample { from, until, .. } = self.ground.sample;
        let key = viewer(&self.store, &truth.login, ViewerPages::Public, None).await?;
        let held = match &key {
            Some(key) => record(&*self.store, key, from, until).await?.record,
            None => None,
        };
        let key = key.map(|key| key.in_crowd());
        Ok(Subject::new(&self.ground, &self.world, &self.whole, &self.names, truth, key, held.as_ref()))
    }
}
