//! The most watched live channels, page after page, whatever the paging does.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use model::identity::TwitchId;
use tokio::time::Instant;

use crate::error::AskError;
use crate::helix::{Helix, LiveChannel, PER_CALL};

/// The top of a language.
#[derive(Debug)]
pub(crate) struct Top {
    /// Each channel once, most watched first.
    pub(crate) channels: Vec<LiveChannel>,
    /// What ended the paging before its end, if something did.
    pub(crate) error: Option<AskError>,
}

/// Asks for the `n` most watched. Seen in production, and survived: duplicates between pages, short pages, a last cursor
/// that loops to the first page, a cursor that leads to an empty page.
pub(crate) async fn top(helix: &Helix, n: usize, language: Option<&str>, deadline: Instant) -> Top {
    // Pages of 40–60 were seen: three times the ideal count bounds any loop.
    let pages_max = 3 * n.div_ceil(PER_CALL) + 2;
    let mut found: HashMap<TwitchId, LiveChannel> = HashMap::new();
    let mut order = Vec::new();
    let mut cursors = HashSet::new();
    let mut cursor: Option<String> = None;
    let mut error = None;
    for _ in 0..pages_max {
        let page = match helix.most_watched(language, cursor.as_deref(), deadline).await {
            Ok(page) => page,
            Err(failure) => {
                error = Some(failure);
                break;
            }
        };
        let before = order.len();
        for channel in page.answered.live {
            // The first answer about a channel holds: its place in the order is of that moment.
            if let Entry::Vacant(place) = found.entry(channel.id) {
                order.push(channel.id);
                place.insert(channel);
            }
        }
        match page.cursor {
            Some(next) if order.len() < n && order.len() > before && cursors.insert(next.clone()) => {
                cursor = Some(next);
            }
            _ => break,
        }
    }
    let mut channels: Vec<LiveChannel> = order.into_iter().filter_map(|id| found.remove(&id)).collect();
    // Counts move between pages: the order of arrival is not quite the order of viewers.
    channels.sort_by_key(|channel| std::cmp::Reverse(channel.facts.viewer_count));
    channels.truncate(n);
    Top { channels, error }
}
