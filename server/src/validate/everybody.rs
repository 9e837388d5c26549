//! What the nightly passes make of all the people together, and smaller crowds of the same people.

use std::collections::HashMap;

use anyhow::{Context as _, Result, bail};
use app::zones;
use importer::crowd::due::due;
use importer::crowd::file::CrowdFile;
use importer::crowd::pass::make_crowd;
use importer::nightly;
use importer::nightly::pass::make_nights;
use importer::schedule::closes_at;
use model::analysis::bootstrap::Chance;
use model::analysis::population::Population;
use model::crowd::build::Builder;
use model::crowd::calendar::Calendar;
use model::crowd::index::{Index, SharedBytes};
use model::day::Day;
use model::identity::PersonKey;
use model::login::Login;
use model::presence::ViewerDay;
use model::words::Origin;
use store::access::{Job, JobKey};
use store::{AnyStore, Store as _};

use super::subject::Subject;

/// The zone of the site, as whose clock all people are taken to live by.
const ZONE: &str = "Europe/Paris";

/// What the passes made.
pub(super) struct Known {
    population: Population,
    index: Index<SharedBytes>,
}

/// Everybody of a family.
pub(super) struct Everybody {
    /// What is known of all.
    pub(super) population: Population,
    /// All of them.
    index: Index<SharedBytes>,
    /// By ascending key, the last four weeks.
    weeks: Vec<(PersonKey, Vec<(Day, ViewerDay)>)>,
    keys: HashMap<Login, PersonKey>,
}

/// Makes the figures of the last night, the population and the index, as a server does every night; `place` is where the index goes.
pub(super) async fn make(store: &AnyStore, place: &str, until: Day) -> Result<Known> {
    let (job, last) = (JobKey::grant(Job::Nightly), until.plus(-1));
    let now = closes_at(last);
    let nights: Vec<Day> = nightly::due::due(store).await?.into_iter().filter(|day| *day == last).collect();
    make_nights(store, &job, &nights, now).await?;
    let Some(due) = due(store, None, |first, last| zones::over(ZONE, first, last)).await? else {
        bail!("nothing is known of the last of the days")
    };
    let made = make_crowd(store, &job, &due, &CrowdFile::new(place), now).await?;
    let population = store.population().await?.context("the population that was made is not held")?;
    Ok(Known { population, index: made.index })
}

impl Everybody {
    pub(super) fn of(known: Known, subjects: &[Subject]) -> Everybody {
        let keyed = || subjects.iter().filter_map(|subject| Some((subject.key?, subject)));
        let keys = keyed().map(|(key, subject)| (subject.truth.login.clone(), key)).collect();
        let mut weeks: Vec<(PersonKey, Vec<(Day, ViewerDay)>)> =
            keyed().map(|(key, subject)| (key, subject.weeks.clone())).collect();
        weeks.sort_unstable_by_key(|(key, _)| *key);
        Everybody { population: known.population, index: known.index, weeks, keys }
    }

    /// The key and the last four weeks of an account.
    pub(super) fn account(&self, login: &Login) -> Option<(PersonKey, &[(Day, ViewerDay)])> {
        let key = *self.keys.get(login)?;
        let place = self.weeks.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        Some((key, &self.weeks[place].1))
    }

    /// How many accounts there are.
    pub(super) fn accounts(&self) -> usize {
        self.weeks.len()
    }

    /// An index of everybody but `without`.
    pub(super) fn all_without(&self, without: PersonKey) -> Index<SharedBytes> {
        let mut index = self.index.clone();
        index.forget(without);
        index
    }

    /// An index of `size` accounts, `with` among them and `without` not; others are drawn. Nothing where there are not as many.
    pub(super) fn some(
        &self,
        size: usize,
        (with, without): (PersonKey, PersonKey),
        seed: u64,
    ) -> Option<Index<SharedBytes>> {
        let mut others: Vec<usize> = (0..self.weeks.len())
            .filter(|place| self.weeks[*place].0 != with && self.weeks[*place].0 != without)
            .collect();
        let wanted = size.checked_sub(1).filter(|wanted| *wanted <= others.len())?;
        let mut chance = Chance::new(seed);
        for place in 0..wanted {
            let drawn = place + chance.below(others.len() - place);
            others.swap(place, drawn);
        }
        others.truncate(wanted);
        others.extend(self.weeks.binary_search_by_key(&with, |(key, _)| *key));
        others.sort_unstable();
        let calendar: Calendar = self.index.calendar().clone();
        let mut builder = Builder::new(calendar, Origin::Simulated);
        for (key, days) in others.into_iter().map(|place| &self.weeks[place]) {
            builder.push(*key, days).ok()?;
        }
        Index::open(SharedBytes::from(builder.finish().ok()?)).ok()
    }
}
