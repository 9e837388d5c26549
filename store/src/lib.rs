//! The only crate that knows SQL: days of presence in SQLite or Postgres, behind one trait.
//!
//! [`Store`] is the contract, [`AnyStore`] the closed set of databases that keep it; one conformance suite
//! (`store/tests/conformance/`) runs on both. Layout and encodings are in `docs/store-format.md`.
//!
//! - Whoever reads a person's rows needs an [`access::ViewerKey`], which only [`access::viewer`] makes.
//! - Whoever reads or writes people in bulk needs an [`access::JobKey`].
//! - A day is replaced as a whole, while others read it: [`Store::import_day`].
//! - Whoever looks after a store finds figures, checks and backups in [`upkeep`].
//!
//! Absent on purpose: in public signatures any SQL, and keys of persons but for jobs, codecs and the crowd's index; `dyn`, a clock.

use std::collections::HashMap;
use std::future::Future;

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

use crate::access::{JobKey, ViewerKey};
use crate::channel::{Channel, ChannelDayRow, ChannelIdentity};
use crate::day::{DayImport, DayRecord, ImportOutcome, SkippedSweep};
use crate::dump::DayPage;
use crate::error::Result;
use crate::jobs::{Account, EraseJob, ErasedRows, ErasuresHeld, JobState, PersonNames};
use crate::month::{Game, MonthOutcome, MonthRecord};
use crate::night::{ChannelNightRow, DifferentPeople, NightRecord, NightWrite};
use crate::people_page::PeoplePage;
use crate::population::{PopulationRecord, PopulationWrite};
use crate::postgres::PostgresStore;
use crate::sqlite::SqliteStore;
use crate::suppression::{Names, Secret, SuppressedRows};
use crate::verification::Verification;

pub mod access;
mod any;
pub mod block;
pub mod channel;
pub mod day;
mod directory;
pub mod dump;
pub mod error;
pub mod games;
pub mod jobs;
mod live;
mod migrations;
pub mod month;
pub mod night;
mod pack;
pub mod people_page;
pub mod population;
pub mod postgres;
pub mod record;
pub mod rows;
pub mod sqlite;
pub mod suppression;
mod swept;
pub mod upkeep;
mod values;
pub mod verification;

/// What any of our databases can do. Days are UTC; ranges are [from, until).
///
/// The errors of every method are those of [`error::StoreError`]; no method answers with half a day.
pub trait Store: Send + Sync {
    /// Where all of its data come from; written when it was created.
    fn origin(&self) -> Origin;

    /// The channel that holds this login now; nothing when none does, or when it opted out.
    fn channel(&self, login: &Login) -> impl Future<Output = Result<Option<Channel>>> + Send;

    /// The channel that holds this login now, also one that opted out.
    fn any_channel(&self, job: &JobKey, login: &Login) -> impl Future<Output = Result<Option<Channel>>> + Send;

    /// The channels with these keys, by ascending key, also those that opted out; unknown keys are left out.
    fn channels(&self, keys: &[ChannelKey]) -> impl Future<Output = Result<Vec<Channel>>> + Send;

    /// The days of these channels that are held, by day, then key.
    fn channel_days(
        &self,
        keys: &[ChannelKey],
        from: Day,
        until: Day,
    ) -> impl Future<Output = Result<Vec<ChannelDayRow>>> + Send;

    /// The channels of which a day is held, by ascending key; none where the day is not held.
    fn channels_of_day(&self, day: Day) -> impl Future<Output = Result<Vec<ChannelKey>>> + Send;

    /// The days imported, ascending.
    fn days(&self) -> impl Future<Output = Result<Vec<DayRecord>>> + Send;

    /// Bytes that all of it takes: of SQLite the files with their journals, of Postgres the database.
    fn bytes(&self) -> impl Future<Output = Result<u64>> + Send;

    /// Makes a closed month coarser: each person's days become what `hours` makes of them, and the slots go for good.
    ///
    /// Errors: [`error::StoreError::NotClosed`]; [`error::StoreError::Aged`] when it is coarser already;
    /// [`error::StoreError::Busy`] when a day was replaced or somebody erased meanwhile.
    fn age_month(
        &self,
        job: &JobKey,
        month: Month,
        hours: impl Fn(&[(Day, ViewerDay)]) -> Vec<(Day, ViewerHours)> + Send + Sync + 'static,
    ) -> impl Future<Output = Result<MonthOutcome>> + Send;

    /// Removes all that is held of persons in a month, for good; channels' days stay. Done twice it is done once.
    fn forget_month(&self, job: &JobKey, month: Month) -> impl Future<Output = Result<()>> + Send;

    /// A person's days that are kept by hour, ascending. Channels that opted out are left out, and days of no other; the
    /// hours themselves do not say whose they are.
    fn viewer_hours(
        &self,
        who: &ViewerKey,
        from: Day,
        until: Day,
    ) -> impl Future<Output = Result<Vec<(Day, ViewerHours)>>> + Send;

    /// The games that rows of the hour tier, and what is known of everybody, name; by ascending key.
    fn games(&self) -> impl Future<Output = Result<Vec<(GameKey, Game)>>> + Send;

    /// The keys of games, in the order given; games not seen before get one. Idempotent.
    fn game_keys(&self, job: &JobKey, games: &[Game]) -> impl Future<Output = Result<Vec<GameKey>>> + Send;

    /// The sweeps that a day was imported without, by slot.
    fn skipped_sweeps(&self, day: Day) -> impl Future<Output = Result<Vec<SkippedSweep>>> + Send;

    /// How often a day has been imported, from 1; nothing when it is not held. Another number later means that the day
    /// was replaced in between.
    fn generation(&self, day: Day) -> impl Future<Output = Result<Option<u32>>> + Send;

    /// Remembers what comparing a day with its archive found, in the place of what was found of the same import.
    fn put_verification(&self, found: &Verification) -> impl Future<Output = Result<()>> + Send;

    /// What the last comparison of each day found, ascending; nothing of a day that was replaced since.
    fn verifications(&self) -> impl Future<Output = Result<Vec<Verification>>> + Send;

    /// Some people's days of [from, until), person by person, from this key on: for passes over weeks. A month that is read beside a day
    /// that is replaced may give the old day or the new one; [`Store::put_night`] refuses what was made of both.
    ///
    /// Errors: [`error::StoreError::Aged`] where a day of it is kept by hour, or not at all.
    fn people_page(
        &self,
        job: &JobKey,
        from: Day,
        until: Day,
        first: PersonKey,
    ) -> impl Future<Output = Result<PeoplePage>> + Send;

    /// Puts a night's figures in the place of what was held of that day. Done twice it is done once.
    ///
    /// Errors: [`error::StoreError::Busy`] when one of its days was replaced, or somebody opted out or was erased since.
    fn put_night(&self, job: &JobKey, night: NightWrite) -> impl Future<Output = Result<()>> + Send;

    /// The nights held of [from, until), ascending, in few figures: for what is told day by day.
    fn nights(&self, from: Day, until: Day) -> impl Future<Output = Result<Vec<NightRecord>>> + Send;

    /// What a night tells of channels side by side, those left out that opted out; nothing where it is not held.
    fn night_lists(&self, day: Day) -> impl Future<Output = Result<Option<NightLists>>> + Send;

    /// Channels' nights of [from, until), by day, then key; those that opted out are left out, beside others too.
    fn channel_nights(
        &self,
        keys: &[ChannelKey],
        from: Day,
        until: Day,
    ) -> impl Future<Output = Result<Vec<ChannelNightRow>>> + Send;

    /// Different people of [from, until), bots left out, of a channel or of everything: exact up to a thousand, else ±1.6 %. Only of days
    /// that are kept by slot; nothing of a channel that opted out.
    fn different_people(
        &self,
        channel: Option<ChannelKey>,
        from: Day,
        until: Day,
    ) -> impl Future<Output = Result<DifferentPeople>> + Send;

    /// Puts what is known of everybody in the place of what was held. Done twice it is done once.
    ///
    /// Errors: [`error::StoreError::Busy`] when one of its days was replaced, or somebody opted out or was erased since.
    fn put_population(&self, job: &JobKey, write: PopulationWrite) -> impl Future<Output = Result<()>> + Send;

    /// What is known of everybody, channels left out that opted out; nothing before the first such pass.
    fn population(&self) -> impl Future<Output = Result<Option<Population>>> + Send;

    /// Of which days it is, and how it was made, in few figures.
    fn population_record(&self) -> impl Future<Output = Result<Option<PopulationRecord>>> + Send;

    /// The months held, ascending, and how.
    fn months(&self) -> impl Future<Output = Result<Vec<MonthRecord>>> + Send;

    /// Puts a month's days together by person, beside their blocks; readers go by the new form once it is whole.
    ///
    /// Importing a day of it later removes that form, so close a month when its days are final.
    /// Errors: [`error::StoreError::NotOpen`], and [`error::StoreError::Busy`] when a day was replaced or somebody erased
    /// meanwhile.
    fn close_month(&self, job: &JobKey, month: Month) -> impl Future<Output = Result<MonthOutcome>> + Send;

    /// Removes the blocks of a closed month. A day of it can still be imported: they are made again first.
    ///
    /// Errors: [`error::StoreError::NotClosed`].
    fn drop_open(&self, job: &JobKey, month: Month) -> impl Future<Output = Result<()>> + Send;

    /// The sweeps of a span by hour of the week on a clock that is `offset` seconds ahead of UTC all the time; those with `full` channels on
    /// air or more are counted too. The database adds them up, so that of weeks a row an hour is read.
    fn swept_week(&self, span: Span, offset: i32, full: u32) -> impl Future<Output = Result<SweptWeek>> + Send;

    /// The sweeps of a span, ascending.
    fn sweeps(&self, span: Span) -> impl Future<Output = Result<Vec<SweepSummary>>> + Send;

    /// Adds sweeps; one in the slot of an earlier one takes its place.
    fn put_sweeps(&self, sweeps: &[SweepSummary]) -> impl Future<Output = Result<()>> + Send;

    /// What was on air at the last sweep, by viewers descending, then login.
    fn live(&self) -> impl Future<Output = Result<Vec<LiveStream>>> + Send;

    /// The slot of the last sweep given to [`Store::replace_live`]; nothing before the first.
    fn live_at(&self) -> impl Future<Output = Result<Option<SlotTime>>> + Send;

    /// Replaces what is on air, as a whole, with what the sweep of the slot `at` saw, less the channels that opted out.
    ///
    /// Errors: somebody has, and there is no secret to tell whom, or another one.
    fn replace_live(
        &self,
        at: SlotTime,
        streams: &[LiveStream],
        secret: Option<&Secret>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// The channels that the operator has tracked always, sorted.
    fn tracked(&self) -> impl Future<Output = Result<Vec<Login>>> + Send;

    /// Replaces the list of channels tracked always; a login given twice counts once.
    fn set_tracked(&self, channels: &[Login]) -> impl Future<Output = Result<()>> + Send;

    /// A person's days that hold presence and are kept by slot, ascending, without the channels that opted out.
    fn viewer_days(
        &self,
        who: &ViewerKey,
        from: Day,
        until: Day,
    ) -> impl Future<Output = Result<Vec<(Day, ViewerDay)>>> + Send;

    /// The keys of channels on a day, in the order given; channels not seen before get one. Idempotent.
    ///
    /// `withdrawals` are those of the list that they were chosen by: [`suppression::Suppression::withdrawals`].
    /// Errors: [`error::StoreError::Busy`] when somebody opted out or was erased since.
    fn channel_keys(
        &self,
        job: &JobKey,
        day: Day,
        channels: &[ChannelIdentity],
        withdrawals: u64,
    ) -> impl Future<Output = Result<Vec<ChannelKey>>> + Send;

    /// Puts a day in the place of what was held of it. Readers see the old day or the new one, whole.
    ///
    /// Importing the same day again leaves the same bytes (only `imported_at` and `import_ms` follow the argument).
    /// Errors: [`error::StoreError::Busy`] when somebody opted out or was erased since its rows were made.
    fn import_day(&self, job: &JobKey, import: DayImport) -> impl Future<Output = Result<ImportOutcome>> + Send;

    /// All logins that channels ever held, by key.
    fn channel_names(
        &self,
        keys: &[ChannelKey],
    ) -> impl Future<Output = Result<HashMap<ChannelKey, Vec<Login>>>> + Send;

    /// Some of a day's people, from this key on; see [`dump::each_page`].
    fn day_page(&self, job: &JobKey, day: Day, from: PersonKey) -> impl Future<Output = Result<DayPage>> + Send;

    /// The logins that channels held on a day.
    fn channel_logins(
        &self,
        keys: &[ChannelKey],
        day: Day,
    ) -> impl Future<Output = Result<HashMap<ChannelKey, Login>>> + Send;

    /// Everything by which the person is known who holds a login now, or held it last; the login alone when nobody did. On
    /// which days a login was theirs: [`jobs::HeldLogin`].
    fn person(&self, job: &JobKey, login: &Login) -> impl Future<Output = Result<PersonNames>> + Send;

    /// Accounts with the logins that they hold now, or held last, those who opted out left out, in no order: whose id leaves the
    /// remainder `share` when divided by `shares`.
    fn accounts(&self, job: &JobKey, share: u16, shares: u16) -> impl Future<Output = Result<Vec<Account>>> + Send;

    /// A person's days that are kept by slot, ascending.
    fn person_days(
        &self,
        job: &JobKey,
        person: PersonKey,
    ) -> impl Future<Output = Result<Vec<(Day, ViewerDay)>>> + Send;

    /// Removes everything that is held of a person, in every tier, so that free pages and journals do not hold it either.
    /// What is remembered of their days' imports no longer counts them. Done twice it is done once.
    ///
    /// Errors: [`error::StoreError::JournalHeld`], [`error::StoreError::RowsHeld`] or [`error::StoreError::Occupied`] when others
    /// read for long what still holds them: nobody sees them any more, and done again it is done to its end.
    fn erase_person(&self, job: &JobKey, person: PersonKey) -> impl Future<Output = Result<ErasedRows>> + Send;

    /// Writes down that somebody is to be erased, and whether every object of the archive is to be read for it; the job's
    /// number.
    fn ask_erase(&self, subject: &PersonNames, thorough: bool, now: i64) -> impl Future<Output = Result<u64>> + Send;

    /// Takes the right to go on with erasures; nothing while another process has it, whose run is to be left alone. Ask for
    /// [`Store::erase_jobs`] after it, and keep it until the last of them is done.
    fn hold_erasures(&self, job: &JobKey) -> impl Future<Output = Result<Option<ErasuresHeld>>> + Send;

    /// All erasures ever asked for, by number.
    fn erase_jobs(&self, job: &JobKey) -> impl Future<Output = Result<Vec<EraseJob>>> + Send;

    /// Notes what is known by now of whom an erasure is, if that is not what was known when it was asked for: once their
    /// rows are gone, nobody could find it out. One that is done learns nothing.
    fn learn_erase(&self, job: &JobKey, id: u64, subject: &PersonNames) -> impl Future<Output = Result<()>> + Send;

    /// Notes how far an erasure is. Done, it no longer says of whom, and stays done.
    fn advance_erase(
        &self,
        job: &JobKey,
        id: u64,
        state: JobState,
        now: i64,
        receipt: Option<&str>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Remembers a folder of this machine that presence is exported to, so that erasures find it. Done twice it is done
    /// once.
    fn note_export(&self, folder: &str, now: i64) -> impl Future<Output = Result<()>> + Send;

    /// The folders that presence was exported to and that were not forgotten, sorted.
    fn export_folders(&self) -> impl Future<Output = Result<Vec<String>>> + Send;

    /// Forgets a folder that presence was exported to, and whose export is gone; whether it was known.
    fn forget_export(&self, folder: &str) -> impl Future<Output = Result<bool>> + Send;

    /// Who opted out; see [`suppression::Suppression::load`].
    fn suppressed(&self) -> impl Future<Output = Result<SuppressedRows>> + Send;

    /// Adds to who opted out; from then on they are neither on air nor shown. See [`suppression::suppress`].
    fn add_suppressed(
        &self,
        job: &JobKey,
        secret: &Secret,
        names: Names<'_>,
        now: i64,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Removes from who opted out: what is held of them is shown again. See [`suppression::allow`].
    fn remove_suppressed(
        &self,
        job: &JobKey,
        secret: &Secret,
        names: Names<'_>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Compares every name held with who opted out; see [`suppression::settle`].
    fn mark_suppressed(&self, job: &JobKey, secret: &Secret) -> impl Future<Output = Result<()>> + Send;
}

/// The databases there are.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a process has one")]
pub enum AnyStore {
    /// A folder of SQLite files.
    Sqlite(SqliteStore),
    /// A Postgres database.
    Postgres(PostgresStore),
}
