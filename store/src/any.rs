//! The one place that names both databases.

use std::collections::HashMap;
use std::path::Path;

use model::analysis::population::Population;
use model::day::{Day, Month};
use model::hours::ViewerHours;
use model::identity::{ChannelKey, GameKey, PersonKey};
use model::login::Login;
use model::presence::ViewerDay;
use model::slot::{SlotTime, Span};
use model::statistics::night::NightLists;
use model::statistics::swept::SweptWeek;
use model::sweep::{LiveStream, SweepSummary};
use model::words::Origin;

use crate::access::{Holder, JobKey, ViewerKey};
use crate::channel::{Channel, ChannelDayRow, ChannelIdentity};
use crate::day::{DayImport, DayRecord, ImportOutcome, SkippedSweep};
use crate::dump::DayPage;
use crate::error::{Result, StoreError};
use crate::jobs::{Account, EraseJob, ErasedRows, ErasuresHeld, JobState, PersonNames};
use crate::month::{Game, MonthOutcome, MonthRecord};
use crate::night::{ChannelNightRow, DifferentPeople, NightRecord, NightWrite};
use crate::people_page::PeoplePage;
use crate::population::{PopulationRecord, PopulationWrite};
use crate::postgres::PostgresStore;
use crate::sqlite::SqliteStore;
use crate::suppression::{Names, Secret, SuppressedRows};
use crate::verification::Verification;
use crate::{AnyStore, Store};

/// The same call on whichever database it is: a macro, since each arm has a type of its own.
macro_rules! on_each {
    ($any:expr, $store:ident => $call:expr) => {
        match $any {
            AnyStore::Sqlite($store) => $call,
            AnyStore::Postgres($store) => $call,
        }
    };
}

impl AnyStore {
    /// Opens a store and brings its tables up to date: `sqlite:FOLDER`, a plain path of a folder, or `postgres://…`.
    ///
    /// With an origin, a store that is not there is created with it, and one that is must have it. Without, it must be
    /// there. Errors: another process writes it, it is damaged, newer than this program, of another origin, or its
    /// folder cannot be written.
    pub async fn open(url: &str, origin: Option<Origin>) -> Result<AnyStore> {
        match Address::of(url)? {
            Address::Sqlite(folder) => Ok(AnyStore::Sqlite(SqliteStore::open(folder, origin).await?)),
            Address::Postgres(url) => Ok(AnyStore::Postgres(PostgresStore::open(url, origin).await?)),
        }
    }

    /// Waits for what runs and closes all connections. Dropping a store without it is safe too: commits are durable.
    pub async fn close(&self) {
        on_each!(self, store => store.close().await);
    }

    /// Who holds a login now; for [`crate::access::viewer`] alone.
    pub(crate) async fn holder(&self, login: &Login) -> Result<Option<Holder>> {
        on_each!(self, store => store.holder(login).await)
    }
}

/// Where a store is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Address<'a> {
    /// The folder.
    Sqlite(&'a Path),
    /// The URL.
    Postgres(&'a str),
}

impl Address<'_> {
    /// As a configuration writes it: `sqlite:FOLDER`, a plain path of a folder, or `postgres://…`.
    pub(crate) fn of(url: &str) -> Result<Address<'_>> {
        match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => Ok(Address::Postgres(url)),
            Some(("sqlite", folder)) => Ok(Address::Sqlite(folder_of(folder)?)),
            // A mistyped scheme must not become a folder.
            Some((_, rest)) if rest.starts_with("//") => Err(StoreError::Address(None)),
            _ => Ok(Address::Sqlite(folder_of(url)?)),
        }
    }
}

/// The folder that follows `sqlite:`, also when written `sqlite://FOLDER`.
fn folder_of(text: &str) -> Result<&Path> {
    let folder = text.strip_prefix("//").unwrap_or(text);
    if folder.is_empty() { Err(StoreError::Address(None)) } else { Ok(Path::new(folder)) }
}

impl Store for AnyStore {
    fn origin(&self) -> Origin {
        on_each!(self, store => store.origin())
    }

    async fn channel(&self, login: &Login) -> Result<Option<Channel>> {
        on_each!(self, store => store.channel(login).await)
    }

    async fn any_channel(&self, job: &JobKey, login: &Login) -> Result<Option<Channel>> {
        on_each!(self, store => store.any_channel(job, login).await)
    }

    async fn channels(&self, keys: &[ChannelKey]) -> Result<Vec<Channel>> {
        on_each!(self, store => store.channels(keys).await)
    }

    async fn channel_days(&self, keys: &[ChannelKey], from: Day, until: Day) -> Result<Vec<ChannelDayRow>> {
        on_each!(self, store => store.channel_days(keys, from, until).await)
    }

    async fn bytes(&self) -> Result<u64> {
        on_each!(self, store => store.bytes().await)
    }

    async fn channels_of_day(&self, day: Day) -> Result<Vec<ChannelKey>> {
        on_each!(self, store => store.channels_of_day(day).await)
    }

    async fn days(&self) -> Result<Vec<DayRecord>> {
        on_each!(self, store => store.days().await)
    }

    async fn age_month(
        &self,
        job: &JobKey,
        month: Month,
        hours: impl Fn(&[(Day, ViewerDay)]) -> Vec<(Day, ViewerHours)> + Send + Sync + 'static,
    ) -> Result<MonthOutcome> {
        on_each!(self, store => store.age_month(job, month, hours).await)
    }

    async fn forget_month(&self, job: &JobKey, month: Month) -> Result<()> {
        on_each!(self, store => store.forget_month(job, month).await)
    }

    async fn viewer_hours(&self, who: &ViewerKey, from: Day, until: Day) -> Result<Vec<(Day, ViewerHours)>> {
        on_each!(self, store => store.viewer_hours(who, from, until).await)
    }

    async fn games(&self) -> Result<Vec<(GameKey, Game)>> {
        on_each!(self, store => store.games().await)
    }

    async fn game_keys(&self, job: &JobKey, games: &[Game]) -> Result<Vec<GameKey>> {
        on_each!(self, store => store.game_keys(job, games).await)
    }

    async fn skipped_sweeps(&self, day: Day) -> Result<Vec<SkippedSweep>> {
        on_each!(self, store => store.skipped_sweeps(day).await)
    }

    async fn generation(&self, day: Day) -> Result<Option<u32>> {
        on_each!(self, store => store.generation(day).await)
    }

    async fn put_verification(&self, found: &Verification) -> Result<()> {
        on_each!(self, store => store.put_verification(found).await)
    }

    async fn verifications(&self) -> Result<Vec<Verification>> {
        on_each!(self, store => store.verifications().await)
    }

    async fn people_page(&self, job: &JobKey, from: Day, until: Day, first: PersonKey) -> Result<PeoplePage> {
        on_each!(self, store => store.people_page(job, from, until, first).await)
    }

    async fn put_night(&self, job: &JobKey, night: NightWrite) -> Result<()> {
        on_each!(self, store => store.put_night(job, night).await)
    }

    async fn nights(&self, from: Day, until: Day) -> Result<Vec<NightRecord>> {
        on_each!(self, store => store.nights(from, until).await)
    }

    async fn night_lists(&self, day: Day) -> Result<Option<NightLists>> {
        on_each!(self, store => store.night_lists(day).await)
    }

    async fn channel_nights(&self, keys: &[ChannelKey], from: Day, until: Day) -> Result<Vec<ChannelNightRow>> {
        on_each!(self, store => store.channel_nights(keys, from, until).await)
    }

    async fn different_people(&self, channel: Option<ChannelKey>, from: Day, until: Day) -> Result<DifferentPeople> {
        on_each!(self, store => store.different_people(channel, from, until).await)
    }

    async fn put_population(&self, job: &JobKey, write: PopulationWrite) -> Result<()> {
        on_each!(self, store => store.put_population(job, write).await)
    }

    async fn population(&self) -> Result<Option<Population>> {
        on_each!(self, store => store.population().await)
    }

    async fn population_record(&self) -> Result<Option<PopulationRecord>> {
        on_each!(self, store => store.population_record().await)
    }

    async fn months(&self) -> Result<Vec<MonthRecord>> {
        on_each!(self, store => store.months().await)
    }

    async fn close_month(&self, job: &JobKey, month: Month) -> Result<MonthOutcome> {
        on_each!(self, store => store.close_month(job, month).await)
    }

    async fn drop_open(&self, job: &JobKey, month: Month) -> Result<()> {
        on_each!(self, store => store.drop_open(job, month).await)
    }

    async fn swept_week(&self, span: Span, offset: i32, full: u32) -> Result<SweptWeek> {
        on_each!(self, store => store.swept_week(span, offset, full).await)
    }

    async fn sweeps(&self, span: Span) -> Result<Vec<SweepSummary>> {
        on_each!(self, store => store.sweeps(span).await)
    }

    async fn put_sweeps(&self, sweeps: &[SweepSummary]) -> Result<()> {
        on_each!(self, store => store.put_sweeps(sweeps).await)
    }

    async fn live(&self) -> Result<Vec<LiveStream>> {
        on_each!(self, store => store.live().await)
    }

    async fn live_at(&self) -> Result<Option<SlotTime>> {
        on_each!(self, store => store.live_at().await)
    }

    async fn replace_live(&self, at: SlotTime, streams: &[LiveStream], secret: Option<&Secret>) -> Result<()> {
        on_each!(self, store => store.replace_live(at, streams, secret).await)
    }

    async fn tracked(&self) -> Result<Vec<Login>> {
        on_each!(self, store => store.tracked().await)
    }

    async fn set_tracked(&self, channels: &[Login]) -> Result<()> {
        on_each!(self, store => store.set_tracked(channels).await)
    }

    async fn viewer_days(&self, who: &ViewerKey, from: Day, until: Day) -> Result<Vec<(Day, ViewerDay)>> {
        on_each!(self, store => store.viewer_days(who, from, until).await)
    }

    async fn channel_keys(
        &self,
        job: &JobKey,
        day: Day,
        channels: &[ChannelIdentity],
        withdrawals: u64,
    ) -> Result<Vec<ChannelKey>> {
        on_each!(self, store => store.channel_keys(job, day, channels, withdrawals).await)
    }

    async fn import_day(&self, job: &JobKey, import: DayImport) -> Result<ImportOutcome> {
        on_each!(self, store => store.import_day(job, import).await)
    }

    async fn channel_names(&self, keys: &[ChannelKey]) -> Result<HashMap<ChannelKey, Vec<Login>>> {
        on_each!(self, store => store.channel_names(keys).await)
    }

    async fn day_page(&self, job: &JobKey, day: Day, from: PersonKey) -> Result<DayPage> {
        on_each!(self, store => store.day_page(job, day, from).await)
    }

    async fn channel_logins(&self, keys: &[ChannelKey], day: Day) -> Result<HashMap<ChannelKey, Login>> {
        on_each!(self, store => store.channel_logins(keys, day).await)
    }

    async fn person(&self, job: &JobKey, login: &Login) -> Result<PersonNames> {
        on_each!(self, store => store.person(job, login).await)
    }

    async fn accounts(&self, job: &JobKey, share: u16, shares: u16) -> Result<Vec<Account>> {
        on_each!(self, store => store.accounts(job, share, shares).await)
    }

    async fn person_days(&self, job: &JobKey, person: PersonKey) -> Result<Vec<(Day, ViewerDay)>> {
        on_each!(self, store => store.person_days(job, person).await)
    }

    async fn erase_person(&self, job: &JobKey, person: PersonKey) -> Result<ErasedRows> {
        on_each!(self, store => store.erase_person(job, person).await)
    }

    async fn ask_erase(&self, subject: &PersonNames, thorough: bool, now: i64) -> Result<u64> {
        on_each!(self, store => store.ask_erase(subject, thorough, now).await)
    }

    async fn hold_erasures(&self, job: &JobKey) -> Result<Option<ErasuresHeld>> {
        on_each!(self, store => store.hold_erasures(job).await)
    }

    async fn erase_jobs(&self, job: &JobKey) -> Result<Vec<EraseJob>> {
        on_each!(self, store => store.erase_jobs(job).await)
    }

    async fn learn_erase(&self, job: &JobKey, id: u64, subject: &PersonNames) -> Result<()> {
        on_each!(self, store => store.learn_erase(job, id, subject).await)
    }

    async fn advance_erase(
        &self,
        job: &JobKey,
        id: u64,
        state: JobState,
        now: i64,
        receipt: Option<&str>,
    ) -> Result<()> {
        on_each!(self, store => store.advance_erase(job, id, state, now, receipt).await)
    }

    async fn note_export(&self, folder: &str, now: i64) -> Result<()> {
        on_each!(self, store => store.note_export(folder, now).await)
    }

    async fn export_folders(&self) -> Result<Vec<String>> {
        on_each!(self, store => store.export_folders().await)
    }

    async fn forget_export(&self, folder: &str) -> Result<bool> {
        on_each!(self, store => store.forget_export(folder).await)
    }

    async fn suppressed(&self) -> Result<SuppressedRows> {
        on_each!(self, store => store.suppressed().await)
    }

    async fn add_suppressed(&self, job: &JobKey, secret: &Secret, names: Names<'_>, now: i64) -> Result<()> {
        on_each!(self, store => store.add_suppressed(job, secret, names, now).await)
    }

    async fn remove_suppressed(&self, job: &JobKey, secret: &Secret, names: Names<'_>) -> Result<()> {
        on_each!(self, store => store.remove_suppressed(job, secret, names).await)
    }

    async fn mark_suppressed(&self, job: &JobKey, secret: &Secret) -> Result<()> {
        on_each!(self, store => store.mark_suppressed(job, secret).await)
    }
}
