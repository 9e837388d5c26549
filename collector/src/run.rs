//! A sweep on every slot.

use archive::error::ArchiveError;
use model::slot::{SLOT_SECONDS, SlotTime};
use model::sweep::SweepSummary;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::error::{SweepError, chain};
use crate::figures::{self, Gap};
use crate::sweep::Collector;

/// A sweep stops asking this long before its slot ends, so that it never runs into the next.
const MARGIN_SECONDS: i64 = 30;

/// A sweep that would begin later than this in its slot does not: its lists would not all be asked for in time.
const LATE_SECONDS: i64 = 150;

/// Sweeps every slot of the clock from the present one on, until cancelled; `swept` gets each that was archived.
///
/// Whoever listens may be slow or gone: sweeps go on, and what does not fit into the channel is only not told.
///
/// A slot that is late, missed or blind is a gap: the archive has no sweep of it, and the next one runs. A sweep in
/// flight when cancelled leaves nothing, or is finished when it is on its way into the archive. What waits in a spool is
/// shipped meanwhile.
pub async fn run(collector: Collector, clock: Clock, cancel: CancellationToken, swept: mpsc::Sender<SweepSummary>) {
    let shipping = collector.ship_on(cancel.clone());
    tokio::join!(shipping, sweep_on(collector, clock, cancel, swept));
}

async fn sweep_on(
    mut collector: Collector,
    clock: Clock,
    cancel: CancellationToken,
    swept: mpsc::Sender<SweepSummary>,
) {
    let mut slot = clock.slot();
    collector.listen_on(slot);
    // Somebody else had begun with it.
    let mut taken: Option<SlotTime> = None;
    loop {
        let ends = slot.unix() + SLOT_SECONDS;
        let ask = async {
            wait_for(slot, &clock).await;
            let late_ms = clock.now_ms() - slot.unix() * 1_000;
            match clock.real((ends - MARGIN_SECONDS) * 1_000 - clock.now_ms()) {
                Some(left) if late_ms <= LATE_SECONDS * 1_000 => {
                    collector.ask(slot, &clock, Instant::now() + left).await.map(Some)
                }
                _ => Ok(None),
            }
        };
        let asked = tokio::select! {
            () = cancel.cancelled() => return,
            asked = ask => asked,
        };
        // A commit is not cut off: it would leave the slot taken, and without a sweep.
        let outcome = match asked {
            Ok(Some(asked)) => match collector.listen(asked, &cancel).await {
                Ok(swept) => collector.commit(swept).await.map(Some),
                Err(error) => Err(error),
            },
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        // By now they have ended, or never will: a full disk, or a kill, leaves a slot taken and without a sweep.
        if let Some(before) = taken.take()
            && collector.is_swept(before).await.is_ok_and(|is_swept| !is_swept)
        {
            figures::gaps(Gap::Failed, 1);
            tracing::error!(sweep.slot = %before, "the sweep of {before} was begun, and not ended");
        }
        match outcome {
            Ok(Some(summary)) => {
                tracing::info!(
                    sweep.slot = %slot, live = summary.live, complete = summary.complete, missing = summary.missing,
                    unknown = summary.unknown, sweep_ms = summary.sweep_ms, "swept {slot}"
                );
                if swept.try_send(summary).is_err() {
                    tracing::debug!(sweep.slot = %slot, "nobody listens to sweeps");
                }
            }
            Ok(None) => {
                figures::gaps(Gap::Late, 1);
                tracing::warn!(sweep.slot = %slot, "too late to sweep {slot}");
            }
            // Before a restart, or by another collector, which may be about to end it.
            Err(SweepError::Archive { source: ArchiveError::SlotTaken { .. }, .. }) => {
                tracing::debug!(sweep.slot = %slot, "{slot} is swept already");
                taken = Some(slot);
            }
            Err(error) => {
                figures::gaps(Gap::Failed, 1);
                tracing::error!(sweep.slot = %slot, error = %chain(&error), "no sweep of {slot}");
            }
        }
        let next = clock.slot().max(slot + 1);
        if next > slot + 1 {
            figures::gaps(Gap::Missed, (next - (slot + 1)) as u64);
            tracing::warn!(from = %(slot + 1), until = %next, "slots were missed");
        }
        slot = next;
    }
}

/// Waits for a slot. It is never more than a slot away, unless the clock was set back: then it says for how long nothing is
/// swept, since no slot is swept twice.
pub(crate) async fn wait_for(slot: SlotTime, clock: &Clock) {
    let mut is_told = false;
    while clock.now() < slot.unix() {
        if slot.unix() - clock.now() > SLOT_SECONDS && !is_told {
            tracing::warn!(next = %slot, "the clock was set back: the next sweep is of {slot}");
            is_told = true;
        }
        clock.sleep_towards(slot.unix()).await;
    }
}
