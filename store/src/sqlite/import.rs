//! Putting a day into the folder. Two files cannot commit as one, so a day has a generation:
//!
//! 1. names, in a commit of their own (harmless alone, and the same when done again);
//! 2. channel-days, figures and sweeps under the next generation in `main.db`;
//! 3. one transaction in the month's file swaps the blocks and sets the generation, which readers go by;
//! 4. what is left of older generations goes.
//!
//! After a crash between any two, the old day is still whole, and importing again mends what was left.

use model::channel_day::ChannelDay;
use model::day::Day;
use model::identity::{ChannelKey, PersonKey};
use sqlx::{AssertSqlSafe, Sqlite, Transaction};

use super::SqliteStore;
use super::directory::{Channels, People, SqliteDirectory, write};
use super::figures::insert_sweeps;
use super::file::File;
use super::sql::{BLOCKS_A_STATEMENT, ROWS_A_STATEMENT, values};
use super::suppression::heeds;
use crate::block::Block;
use crate::channel::{ChannelIdentity, names_of};
use crate::day::{DayImport, ImportOutcome, SkippedSweep};
use crate::directory::{Resolved, resolve};
use crate::error::{Result, StoreError, failed};
use crate::pack::{Packing, pack};
use crate::rows::ViewerRows;

impl SqliteStore {
    /// See [`crate::Store::channel_keys`].
    pub(super) async fn give_channel_keys(
        &self,
        day: Day,
        channels: &[ChannelIdentity],
        withdrawals: u64,
    ) -> Result<Vec<ChannelKey>> {
        let _one = self.importing.lock().await;
        let distinct = crate::channel::distinct(channels);
        let mut rows = names_of(&distinct)?;
        let place = &self.main.place;
        let mut reader = self.main.reader.acquire().await.map_err(failed("read the names", place))?;
        let newest = self.is_newest(day).await;
        let resolved =
            resolve(&mut SqliteDirectory::<Channels>::new(&mut reader, place), day, newest, &mut rows).await?;
        drop(reader);
        let failed = failed("write the channels", place);
        let mut tx = self.main.write().await?;
        heeds(&mut tx, withdrawals, place).await?;
        write::<Channels>(&mut tx, place, day.days(), &mut rows, &resolved).await?;
        let named: Vec<(u32, &str)> = resolved
            .keys
            .iter()
            .zip(&distinct)
            .filter_map(|(key, channel)| channel.display_name.as_deref().map(|name| (*key, name)))
            .collect();
        for rows in named.chunks(ROWS_A_STATEMENT) {
            let sql = format!(
                "WITH told (key, name) AS (VALUES {}) UPDATE channel SET display_name = told.name, named_day = ? FROM told \
                 WHERE channel.key = told.key AND (named_day IS NULL OR named_day <= ?)",
                values(rows.len(), 2)
            );
            let mut update = sqlx::query(AssertSqlSafe(sql));
            for (key, name) in rows {
                update = update.bind(*key).bind(*name);
            }
            update.bind(day.days()).bind(day.days()).execute(&mut *tx).await.map_err(&failed)?;
        }
        tx.commit().await.map_err(&failed)?;
        crate::channel::keys_in_order(channels, &distinct, &resolved.keys)
    }

    /// See [`crate::Store::import_day`].
    pub(super) async fn put_day(&self, mut import: DayImport) -> Result<ImportOutcome> {
        import.prepare()?;
        let _one = self.importing.lock().await;
        let day = import.day;
        let month = self.reopen(day.month()).await?;
        let mut viewers = std::mem::take(&mut import.viewers);
        let resolved = self.people(day, &mut viewers, import.withdrawals).await?;
        let new_people = resolved.created() as u64;
        let packing = pack(viewers, resolved.keys);
        let held = self.generations.read().await.get(&day).copied().unwrap_or(0);
        let generation = held + 1;
        self.put_channel_days(&import, held, generation).await?;
        let blocks = match self.swap_blocks(&month, &import, generation, packing).await {
            Err(StoreError::Busy) => {
                self.forget_generations(day, held).await?;
                return Err(StoreError::Busy);
            }
            swapped => swapped?,
        };
        self.generations.write().await.insert(day, generation);
        self.forget_generations(day, generation).await?;
        Ok(ImportOutcome { generation, new_people, ..blocks })
    }

    /// Removes what `main.db` holds of a day under any generation but this one.
    pub(super) async fn forget_generations(&self, day: Day, but: u32) -> Result<()> {
        let failed = failed("remove replaced days", &self.main.place);
        let mut tx = self.main.write().await?;
        forget(&mut tx, day, but).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn is_newest(&self, day: Day) -> bool {
        self.generations.read().await.last_key_value().is_none_or(|(last, _)| *last <= day)
    }

    async fn people(&self, day: Day, viewers: &mut ViewerRows, withdrawals: u64) -> Result<Resolved> {
        let place = &self.main.place;
        let mut reader = self.main.reader.acquire().await.map_err(failed("read the names", place))?;
        let newest = self.is_newest(day).await;
        let resolved = resolve(&mut SqliteDirectory::<People>::new(&mut reader, place), day, newest, viewers).await?;
        drop(reader);
        if !resolved.is_nothing_new() {
            let mut tx = self.main.write().await?;
            heeds(&mut tx, withdrawals, place).await?;
            write::<People>(&mut tx, place, day.days(), viewers, &resolved).await?;
            tx.commit().await.map_err(failed("write the names", place))?;
        }
        Ok(resolved)
    }

    async fn put_channel_days(&self, import: &DayImport, held: u32, generation: u32) -> Result<()> {
        let failed = failed("write the channels' days", &self.main.place);
        let day = import.day;
        let mut tx = self.main.write().await?;
        forget(&mut tx, day, held).await.map_err(&failed)?;
        insert_channel_days(&mut tx, day, generation, &import.channels).await.map_err(&failed)?;
        if !import.provisional {
            let span = model::slot::Span::of_day(day);
            let delete = sqlx::query("DELETE FROM sweep WHERE slot >= ? AND slot < ?")
                .bind(span.from.index())
                .bind(span.to.index());
            delete.execute(&mut *tx).await.map_err(&failed)?;
        }
        insert_sweeps(&mut tx, &import.sweeps).await.map_err(&failed)?;
        let record = sqlx::query(
            "INSERT INTO day_record (day, generation, provisional, until_slot, imported_at, import_ms, viewers, bots, observations, \
             sweeps, kept, suppressed, joined, archive_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        );
        record
            .bind(day.days())
            .bind(generation)
            .bind(import.provisional)
            .bind(import.until.map(|slot| i32::from(slot.index())))
            .bind(import.imported_at)
            .bind(import.import_ms)
            .bind(import.stats.viewers as i64)
            .bind(import.stats.bots as i64)
            .bind(import.stats.observations as i64)
            .bind(import.sweeps.len() as i64)
            .bind(import.stats.kept as i64)
            .bind(import.stats.suppressed as i64)
            .bind(import.stats.joined as i64)
            .bind(import.stats.archive_bytes.map(|bytes| bytes as i64))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        for SkippedSweep { slot, reason } in &import.skipped {
            sqlx::query("INSERT INTO skipped_sweep (day, generation, slot, reason) VALUES (?, ?, ?, ?)")
                .bind(day.days())
                .bind(generation)
                .bind(slot.index())
                .bind(reason)
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    /// The moment at which the day changes for readers. What it tells has no generation and no new people yet.
    async fn swap_blocks(
        &self,
        month: &File,
        import: &DayImport,
        generation: u32,
        mut packing: Packing,
    ) -> Result<ImportOutcome> {
        let day = import.day;
        let failed = failed("write the viewers' days", &month.place);
        let mut tx = month.write().await?;
        let delete = sqlx::query("DELETE FROM block WHERE k >= ? AND k < ?")
            .bind(block_key(day, 0))
            .bind(block_key(day, 0) + (1 << PersonKey::BITS));
        delete.execute(&mut *tx).await.map_err(&failed)?;
        let mut outcome = ImportOutcome { generation, new_people: 0, people: 0, blocks: 0, block_bytes: 0 };
        while let Some(packed) = packing.next().await {
            outcome.blocks += packed.len() as u64;
            outcome.block_bytes += packed.iter().map(|block| block.bytes.len() as u64).sum::<u64>();
            insert_blocks(&mut tx, day, &packed).await.map_err(&failed)?;
        }
        outcome.people = packing.people().await.map_err(|error| error.of(day))?;
        let set = sqlx::query(
            "INSERT INTO day (day, generation) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET generation = excluded.generation",
        );
        set.bind(day.days()).bind(generation).execute(&mut *tx).await.map_err(&failed)?;
        // Whoever opts out waits for the commit alone, or came before.
        let mut unchanged = self.main.write().await?;
        heeds(&mut unchanged, import.withdrawals, &self.main.place).await?;
        tx.commit().await.map_err(failed)?;
        Ok(outcome)
    }
}

async fn forget(tx: &mut Transaction<'_, Sqlite>, day: Day, but: u32) -> sqlx::Result<()> {
    for sql in [
        "DELETE FROM channel_day WHERE day = ? AND generation <> ?",
        "DELETE FROM day_record WHERE day = ? AND generation <> ?",
        "DELETE FROM skipped_sweep WHERE day = ? AND generation <> ?",
        "DELETE FROM verification WHERE day = ? AND generation <> ?",
        "DELETE FROM counted_out WHERE day = ? AND generation <> ?",
    ] {
        sqlx::query(sql).bind(day.days()).bind(but).execute(&mut **tx).await?;
    }
    Ok(())
}

async fn insert_channel_days(
    tx: &mut Transaction<'_, Sqlite>,
    day: Day,
    generation: u32,
    channels: &[(ChannelKey, ChannelDay)],
) -> sqlx::Result<()> {
    for rows in channels.chunks(BLOCKS_A_STATEMENT) {
        let sql = format!("INSERT INTO channel_day (day, generation, channel, data) VALUES {}", values(rows.len(), 4));
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for (channel, data) in rows {
            let mut bytes = Vec::new();
            data.encode(&mut bytes);
            insert = insert.bind(day.days()).bind(generation).bind(channel.0).bind(bytes);
        }
        insert.execute(&mut **tx).await?;
    }
    Ok(())
}

pub(super) async fn insert_blocks(tx: &mut Transaction<'_, Sqlite>, day: Day, blocks: &[Block]) -> sqlx::Result<()> {
    for blocks in blocks.chunks(BLOCKS_A_STATEMENT) {
        let sql = format!("INSERT INTO block (k, b) VALUES {}", values(blocks.len(), 2));
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for Block { first, bytes } in blocks {
            insert = insert.bind(block_key(day, *first)).bind(bytes.as_slice());
        }
        insert.execute(&mut **tx).await?;
    }
    Ok(())
}

/// The first key of a block, in the block's own key.
pub(super) const FIRST_MASK: i64 = (1 << PersonKey::BITS) - 1;

/// `day << 28 | first`.
pub(super) fn block_key(day: Day, first: u32) -> i64 {
    i64::from(day.days()) << PersonKey::BITS | i64::from(first)
}
