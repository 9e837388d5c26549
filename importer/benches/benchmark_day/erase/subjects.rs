//! Who is erased.

use model::day::Day;
use model::login::Login;
use store::access::JobKey;
use store::dump::each_page;
use store::jobs::PersonNames;
use store::{AnyStore, Store};

use crate::Failure;

/// People looked at over all days, of those whom one day commends.
const CANDIDATES: usize = 200;

/// Somebody to erase.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) names: PersonNames,
    /// Days held of them.
    pub(super) days: u64,
    /// Slots with presence on such a day, on average.
    pub(super) slots_a_day: f64,
}

/// Some people who are present for about so many slots a day, or for the median of all people of a day.
pub(super) async fn subjects(
    store: &AnyStore,
    job: &JobKey,
    day: Day,
    slots: Option<u32>,
    count: usize,
) -> Result<Vec<Subject>, Failure> {
    let mut present: Vec<(u32, Login)> = Vec::new();
    each_page(store, job, day, |page| {
        let people = page.into_iter().filter(|viewer| !viewer.day.bot);
        present.extend(people.map(|viewer| (u32::from(viewer.day.online().len()), viewer.login)));
        Ok(())
    })
    .await?;
    present.sort_unstable();
    let median = present.get(present.len() / 2).ok_or("nobody is left on the day")?.0;
    let wanted = slots.unwrap_or(median);
    // Whoever stays for long on one day does not on most: the wanted average is found among them too.
    let commends = |slots: u32| (wanted * 3 / 4..=wanted * 3 / 2).contains(&slots);
    let there: Vec<&Login> = present.iter().filter(|(slots, _)| commends(*slots)).map(|(_, login)| login).collect();
    let mut found = Vec::new();
    for login in there.iter().step_by((there.len() / CANDIDATES).max(1)) {
        let names = store.person(job, login).await?;
        let Some(key) = names.key else { continue };
        let held = store.person_days(job, key).await?;
        let slots: u32 = held.iter().map(|(_, day)| u32::from(day.online().len())).sum();
        let days = held.len() as u64;
        found.push(Subject { names, days, slots_a_day: f64::from(slots) / days as f64 });
    }
    let off = |subject: &Subject| (subject.slots_a_day - f64::from(wanted)).abs();
    found.sort_by(|a, b| off(a).total_cmp(&off(b)));
    found.truncate(count);
    Ok(found)
}
