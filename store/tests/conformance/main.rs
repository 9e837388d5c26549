//! One suite, both databases: what the contract promises, as plain functions. A missing Postgres fails it.
#![allow(clippy::unwrap_used, reason = "the setting that allows it in tests knows test functions only")]

mod access;
mod backups;
mod cluster;
mod erase;
mod figures;
mod fixtures;
mod identity;
mod imports;
mod migrations;
mod months;
mod nights;
mod opening;
mod population;
mod readers;
mod records;
mod reference;
mod subject;
mod suppression;
mod upkeep;
mod verification;
mod withdrawals;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use model::words::Origin;

use cluster::Cluster;
use subject::{Maker, Subject};

type Case = (&'static str, fn(Subject) -> BoxFuture<'static, ()>);

macro_rules! cases {
    ($($module:ident::$name:ident,)+) => {
        &[$((concat!(stringify!($module), "::", stringify!($name)), |subject| Box::pin($module::$name(subject)))),+]
    };
}

/// Every case runs on every database.
const CASES: &[Case] = cases![
    access::invented_people_are_public,
    access::real_people_are_for_whom_the_operator_chose,
    erase::an_erasure_is_remembered_until_it_is_done,
    erase::an_erased_persons_key_is_never_given_again,
    erase::folders_of_exports_are_remembered,
    erase::nothing_of_a_person_is_left_in_any_tier,
    erase::what_was_erased_leaves_the_files,
    erase::an_erasure_is_not_told_as_done_while_somebody_reads_as_of_before,
    erase::an_erasure_that_is_done_stays_done,
    erase::one_process_at_a_time_goes_on_with_erasures,
    erase::nobody_waits_for_an_erasure_that_waits_for_what_was_left,
    backups::a_restored_store_is_the_same_row_by_row,
    backups::a_backup_has_its_place_when_it_is_told_and_not_before,
    backups::an_altered_backup_is_refused,
    backups::backups_beside_imports_are_whole,
    backups::nothing_is_written_over,
    backups::what_is_no_store_is_not_backed_up,
    figures::channels_are_found_by_login_and_key,
    figures::days_tell_what_was_imported,
    figures::on_air_is_replaced_as_a_whole,
    figures::sweeps_take_the_place_of_earlier_ones,
    figures::tracked_channels_are_replaced_as_a_whole,
    identity::a_channel_keeps_its_key_when_renamed,
    identity::a_login_borne_for_a_part_of_a_day_is_theirs_on_it,
    identity::a_login_that_gains_an_id_is_the_same_person,
    identity::a_renamed_person_keeps_their_days,
    identity::an_account_that_was_looked_up_keeps_its_days,
    identity::accounts_are_told_in_shares,
    identity::a_reissued_name_is_somebody_else,
    identity::an_account_with_two_logins_on_a_day_is_one_person,
    identity::days_in_any_order_give_the_same_people,
    identity::old_days_go_to_their_holders,
    imports::a_closed_day_takes_the_place_of_a_provisional_one,
    imports::a_day_is_replaced_as_a_whole,
    imports::a_person_larger_than_a_block_is_read_whole,
    imports::everybody_of_a_large_day_is_found,
    imports::import_twice_is_once,
    imports::months_are_read_in_order,
    imports::what_contradicts_itself_is_refused,
    months::a_day_of_a_closed_month_can_be_replaced,
    months::a_month_gets_coarser_and_its_slots_go,
    months::an_open_month_can_be_forgotten,
    months::closing_a_month_changes_no_day,
    months::games_keep_their_keys,
    months::closing_that_was_in_vain_leaves_nothing,
    months::what_is_not_there_is_not_closed,
    nights::a_night_is_replaced_as_a_whole,
    population::the_population_is_the_last_one,
    population::a_population_of_another_version_is_nothing,
    population::a_population_of_days_that_changed_is_refused,
    population::a_channel_that_opted_out_is_in_no_population,
    nights::a_night_of_days_that_changed_is_refused,
    nights::everybody_comes_person_by_person_in_every_form,
    nights::pages_of_keys_leave_nobody_out,
    nights::sets_go_with_the_slots_of_their_days,
    nights::who_is_erased_is_in_no_set,
    nights::who_opted_out_is_in_no_night,
    records::a_record_goes_by_what_is_kept,
    records::who_had_done_otherwise_would_be_missed_elsewhere,
    records::nobody_has_no_record,
    opening::a_newer_schema_is_refused,
    opening::everything_is_there_after_opening_again,
    opening::origins_are_never_mixed,
    readers::a_page_asks_for_its_own_people_alone,
    readers::nobody_sees_half_a_day,
    readers::nobody_waits_behind_who_reads_for_long,
    readers::nobody_meets_a_form_that_a_month_no_longer_has,
    readers::who_reads_for_too_long_is_told_and_harms_nothing,
    reference::any_imports_equal_the_reference,
    reference::any_month_gets_as_coarse_as_the_model_says,
    suppression::a_channel_that_opted_out_is_not_on_air,
    suppression::a_lost_or_changed_secret_is_told,
    suppression::an_erased_person_leaves_no_mark,
    suppression::an_opt_out_beside_a_sweep_is_heeded,
    suppression::hours_in_a_channel_that_opted_out_are_shown_to_nobody,
    suppression::everybody_is_looked_at_page_by_page,
    suppression::nobody_waits_while_all_names_are_looked_at,
    suppression::names_that_came_beside_an_opt_out_are_found,
    suppression::whoever_opts_out_is_shown_to_nobody,
    suppression::whoever_opted_out_is_known_by_login_and_id,
    upkeep::a_sound_store_has_no_findings,
    upkeep::figures_tell_what_is_held,
    upkeep::giving_space_back_changes_no_day,
    upkeep::what_a_stopped_closing_left_is_found,
    upkeep::what_is_wrong_is_found,
    verification::a_day_tells_its_channels_and_how_often_it_was_imported,
    verification::the_last_one_of_the_import_held_is_told,
    withdrawals::a_channel_that_opted_out_meanwhile_gets_no_name,
    withdrawals::a_day_read_before_an_opt_out_is_refused,
    withdrawals::a_month_closed_beside_an_erasure_has_nobody_back,
    withdrawals::a_month_made_coarser_beside_an_erasure_has_nobody_back,
    withdrawals::an_opt_out_in_the_middle_of_an_import_is_heeded,
    withdrawals::an_opt_out_and_an_erasure_of_one_person_do_not_wait_for_each_other,
];

async fn run(maker: Maker) {
    let mut failed = Vec::new();
    // For whoever works on one: a part of its name.
    let asked = std::env::var("VIGIE_CASE").unwrap_or_default();
    for (name, case) in CASES.iter().filter(|(name, _)| name.contains(&asked)) {
        let subject = maker.make(Origin::Simulated).await;
        if AssertUnwindSafe(case(subject)).catch_unwind().await.is_err() {
            failed.push(*name);
        }
    }
    migrations::a_store_of_version_1_is_read_and_goes_on(&maker).await;
    assert!(failed.is_empty(), "{} of {} cases failed: {failed:#?}", failed.len(), CASES.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    run(Maker::Sqlite).await;
}

#[test]
fn postgres() {
    // Started by this thread, which lives as long as the test: the server goes when it goes.
    // Nothing in it outlives the suite: no waiting for the disk.
    let cluster = Arc::new(Cluster::start(&["fsync=off", "synchronous_commit=off", "full_page_writes=off"]));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(run(Maker::Postgres(cluster)));
}
