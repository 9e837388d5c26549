//! A sweep summed up.

use model::sample::StreamSample;
use model::slot::SlotTime;
use model::sweep::SweepSummary;
use model::words::{ListStatus, StreamStatus};

/// A sweep of which nothing is counted yet.
pub fn empty(at: SlotTime) -> SweepSummary {
    SweepSummary { at, live: 0, viewers: 0, chatters: 0, complete: 0, partial: 0, missing: 0, unknown: 0, sweep_ms: 0 }
}

/// Counts one channel.
pub fn add(sum: &mut SweepSummary, row: &StreamSample) {
    match row.status {
        StreamStatus::Unknown => sum.unknown += 1,
        StreamStatus::OffAir => {}
        StreamStatus::Live => {
            sum.live += 1;
            sum.viewers += u64::from(row.stream.as_ref().and_then(|facts| facts.viewer_count).unwrap_or(0));
            match row.list_status {
                ListStatus::Complete => {
                    sum.complete += 1;
                    sum.chatters += u64::from(row.chatter_count.unwrap_or(0));
                }
                ListStatus::Partial => sum.partial += 1,
                ListStatus::Missing => sum.missing += 1,
            }
        }
    }
}
