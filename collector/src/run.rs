//! A sweep on every slot.

use archive::error::ArchiveError;
use model::slot::SLOT_SECONDS;
use model::sweep::SweepSummary;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::error::SweepError;
use crate::sweep::{Collector, chain};

/// A sweep stops asking this long before its slot ends, so that it never runs into the next.
const MARGIN_SECONDS: i64 = 30;

/// Sweeps every slot of the clock from the present one on, until cancelled; `on_sweep` gets each that was archived.
///
/// A slot that is late, missed or blind is a gap: the archive has no sweep of it, and the next one runs. A sweep in
/// flight when cancelled leaves nothing.
pub async fn run(
    mut collector: Collector,
    clock: Clock,
    cancel: CancellationToken,
    mut on_sweep: impl AsyncFnMut(SweepSummary),
) {
    let mut slot = clock.slot();
    loop {
        let ends = slot.unix() + SLOT_SECONDS;
        let left_ms = (ends - MARGIN_SECONDS) * 1_000 - clock.now_ms();
        let sweep = async {
            clock.sleep_until(slot.unix()).await;
            match clock.real(left_ms.min((SLOT_SECONDS - MARGIN_SECONDS) * 1_000)) {
                Some(left) if left_ms > 0 => collector.sweep(slot, &clock, Instant::now() + left).await.map(Some),
                _ => Ok(None),
            }
        };
        let swept = tokio::select! {
            () = cancel.cancelled() => return,
            swept = sweep => swept,
        };
        match swept {
            Ok(Some(summary)) => {
                tracing::info!(
                    sweep.slot = %slot, live = summary.live, complete = summary.complete, missing = summary.missing,
                    unknown = summary.unknown, sweep_ms = summary.sweep_ms, "swept {slot}"
                );
                on_sweep(summary).await;
            }
            Ok(None) => tracing::warn!(sweep.slot = %slot, "too late to sweep {slot}"),
            // The slot was swept before a restart, or by another collector: no gap.
            Err(SweepError::Archive { source: ArchiveError::SlotTaken { .. }, .. }) => {
                tracing::debug!(sweep.slot = %slot, "{slot} is swept already");
            }
            Err(error) => tracing::error!(sweep.slot = %slot, error = %chain(&error), "no sweep of {slot}"),
        }
        let next = clock.slot().max(slot + 1);
        if next > slot + 1 {
            tracing::warn!(from = %(slot + 1), until = %next, "slots were missed");
        }
        slot = next;
    }
}
