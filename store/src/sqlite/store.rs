//! The contract, kept by a folder of SQLite files.

use std::collections::HashMap;

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
use model::words::{Origin, Tier};

use super::SqliteStore;
use crate::Store;
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
use crate::suppression::{Names, Secret, SuppressedRows, without};
use crate::values::Columns;
use crate::verification::Verification;

impl Store for SqliteStore {
    fn origin(&self) -> Origin {
        self.origin
    }

    async fn channel(&self, login: &Login) -> Result<Option<Channel>> {
        self.channel_of(login).await
    }

    async fn any_channel(&self, _: &JobKey, login: &Login) -> Result<Option<Channel>> {
        self.any_channel_of(login).await
    }

    async fn channels(&self, keys: &[ChannelKey]) -> Result<Vec<Channel>> {
        self.channels_of(keys).await
    }

    async fn channel_days(&self, keys: &[ChannelKey], from: Day, until: Day) -> Result<Vec<ChannelDayRow>> {
        self.days_of_channels(keys, from, until).await
    }

    async fn channels_of_day(&self, day: Day) -> Result<Vec<ChannelKey>> {
        self.keys_of_channels(day).await
    }

    async fn days(&self) -> Result<Vec<DayRecord>> {
        self.day_records().await
    }

    async fn bytes(&self) -> Result<u64> {
        self.bytes_of_files().await
    }

    async fn age_month(
        &self,
        _: &JobKey,
        month: Month,
        hours: impl Fn(&[(Day, ViewerDay)]) -> Vec<(Day, ViewerHours)> + Send + Sync + 'static,
    ) -> Result<MonthOutcome> {
        self.age(month, hours).await
    }

    async fn forget_month(&self, _: &JobKey, month: Month) -> Result<()> {
        self.forget_people(month).await
    }

    async fn viewer_hours(&self, who: &ViewerKey, from: Day, until: Day) -> Result<Vec<(Day, ViewerHours)>> {
        let hours = self.hours_of(who.person(), from, until).await?;
        Ok(without(hours, &self.hidden_channels().await?))
    }

    async fn games(&self) -> Result<Vec<(GameKey, Game)>> {
        self.all_games().await
    }

    async fn game_keys(&self, _: &JobKey, games: &[Game]) -> Result<Vec<GameKey>> {
        self.give_game_keys(games).await
    }

    async fn skipped_sweeps(&self, day: Day) -> Result<Vec<SkippedSweep>> {
        self.skipped(day).await
    }

    async fn generation(&self, day: Day) -> Result<Option<u32>> {
        Ok(self.generation_of(day).await)
    }

    async fn put_verification(&self, found: &Verification) -> Result<()> {
        self.remember_verification(found).await
    }

    async fn verifications(&self) -> Result<Vec<Verification>> {
        self.all_verifications().await
    }

    async fn people_page(&self, _: &JobKey, from: Day, until: Day, first: PersonKey) -> Result<PeoplePage> {
        self.page_of_people(from, until, first).await
    }

    async fn put_night(&self, _: &JobKey, night: NightWrite) -> Result<()> {
        self.keep_night(night).await
    }

    async fn nights(&self, from: Day, until: Day) -> Result<Vec<NightRecord>> {
        self.night_records(from, until).await
    }

    async fn night_lists(&self, day: Day) -> Result<Option<NightLists>> {
        self.lists_of_night(day).await
    }

    async fn channel_nights(&self, keys: &[ChannelKey], from: Day, until: Day) -> Result<Vec<ChannelNightRow>> {
        self.nights_of_channels(keys, from, until).await
    }

    async fn different_people(&self, channel: Option<ChannelKey>, from: Day, until: Day) -> Result<DifferentPeople> {
        self.people_over(channel, from, until).await
    }

    async fn put_population(&self, _: &JobKey, write: PopulationWrite) -> Result<()> {
        self.keep_population(write).await
    }

    async fn population(&self) -> Result<Option<Population>> {
        self.everybody_together().await
    }

    async fn population_record(&self) -> Result<Option<PopulationRecord>> {
        self.record_of_population().await
    }

    async fn months(&self) -> Result<Vec<MonthRecord>> {
        Ok(self.month_records().await)
    }

    async fn close_month(&self, _: &JobKey, month: Month) -> Result<MonthOutcome> {
        self.close_month_of(month).await
    }

    async fn drop_open(&self, _: &JobKey, month: Month) -> Result<()> {
        self.drop_open_of(month).await
    }

    async fn swept_week(&self, span: Span, offset: i32, full: u32) -> Result<SweptWeek> {
        self.week_swept(span, offset, full).await
    }

    async fn sweeps(&self, span: Span) -> Result<Vec<SweepSummary>> {
        self.sweeps_of(span).await
    }

    async fn put_sweeps(&self, sweeps: &[SweepSummary]) -> Result<()> {
        self.add_sweeps(sweeps).await
    }

    async fn live(&self) -> Result<Vec<LiveStream>> {
        self.live_now().await
    }

    async fn live_at(&self) -> Result<Option<SlotTime>> {
        self.live_slot().await
    }

    async fn replace_live(&self, at: SlotTime, streams: &[LiveStream], secret: Option<&Secret>) -> Result<()> {
        self.set_live(at, streams, secret).await
    }

    async fn tracked(&self) -> Result<Vec<Login>> {
        self.tracked_channels().await
    }

    async fn set_tracked(&self, channels: &[Login]) -> Result<()> {
        self.replace_tracked(channels).await
    }

    async fn viewer_days(&self, who: &ViewerKey, from: Day, until: Day) -> Result<Vec<(Day, ViewerDay)>> {
        let read = |columns: Columns<'_>, day, bytes: &[u8]| Ok((day, columns.viewer_day(bytes)?));
        let days = self.days_of(who.person(), from, until, Tier::Slots, read).await?;
        Ok(without(days, &self.hidden_channels().await?))
    }

    async fn channel_keys(
        &self,
        _: &JobKey,
        day: Day,
        channels: &[ChannelIdentity],
        withdrawals: u64,
    ) -> Result<Vec<ChannelKey>> {
        self.give_channel_keys(day, channels, withdrawals).await
    }

    async fn import_day(&self, _: &JobKey, import: DayImport) -> Result<ImportOutcome> {
        self.put_day(import).await
    }

    async fn channel_names(&self, keys: &[ChannelKey]) -> Result<HashMap<ChannelKey, Vec<Login>>> {
        self.names_of_channels(keys).await
    }

    async fn day_page(&self, _: &JobKey, day: Day, from: PersonKey) -> Result<DayPage> {
        self.page(day, from).await
    }

    async fn channel_logins(&self, keys: &[ChannelKey], day: Day) -> Result<HashMap<ChannelKey, Login>> {
        self.logins_of_channels(keys, day).await
    }

    async fn person(&self, _: &JobKey, login: &Login) -> Result<PersonNames> {
        self.names_of(login).await
    }

    async fn accounts(&self, _: &JobKey, share: u16, shares: u16) -> Result<Vec<Account>> {
        self.accounts_of(share, shares).await
    }

    async fn person_days(&self, _: &JobKey, person: PersonKey) -> Result<Vec<(Day, ViewerDay)>> {
        let read = |columns: Columns<'_>, day, bytes: &[u8]| Ok((day, columns.viewer_day(bytes)?));
        self.days_of(person, Day::MIN, Day::MAX, Tier::Slots, read).await
    }

    async fn erase_person(&self, _: &JobKey, person: PersonKey) -> Result<ErasedRows> {
        self.erase(person).await
    }

    async fn ask_erase(&self, subject: &PersonNames, thorough: bool, now: i64) -> Result<u64> {
        self.add_erase_job(subject, thorough, now).await
    }

    fn hold_erasures(&self, _: &JobKey) -> impl Future<Output = Result<Option<ErasuresHeld>>> + Send {
        std::future::ready(Ok(Some(ErasuresHeld { _connection: None })))
    }

    async fn erase_jobs(&self, _: &JobKey) -> Result<Vec<EraseJob>> {
        self.all_erase_jobs().await
    }

    async fn learn_erase(&self, _: &JobKey, id: u64, subject: &PersonNames) -> Result<()> {
        self.set_erase_subject(id, subject).await
    }

    async fn advance_erase(&self, _: &JobKey, id: u64, state: JobState, now: i64, receipt: Option<&str>) -> Result<()> {
        self.set_erase_job(id, state, now, receipt).await
    }

    async fn note_export(&self, folder: &str, now: i64) -> Result<()> {
        self.add_export_folder(folder, now).await
    }

    async fn export_folders(&self) -> Result<Vec<String>> {
        self.all_export_folders().await
    }

    async fn forget_export(&self, folder: &str) -> Result<bool> {
        self.remove_export_folder(folder).await
    }

    async fn suppressed(&self) -> Result<SuppressedRows> {
        self.suppressed_rows().await
    }

    async fn add_suppressed(&self, _: &JobKey, secret: &Secret, names: Names<'_>, now: i64) -> Result<()> {
        self.suppress(secret, names, now).await
    }

    async fn remove_suppressed(&self, _: &JobKey, secret: &Secret, names: Names<'_>) -> Result<()> {
        self.allow(secret, names).await
    }

    async fn mark_suppressed(&self, _: &JobKey, secret: &Secret) -> Result<()> {
        self.mark_everybody(secret).await
    }
}
