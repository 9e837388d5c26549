//! Games played: hours, viewers, hours watched. Of a channel, and of everything by adding channels up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::Method;
use crate::channel_day::{ChannelDay, ChannelSlot};
use crate::slot::{SLOT_MINUTES, Slot};
use crate::words::Tier;

/// What games are worked out by.
pub const METHOD: Method = Method::new("games", 1, Tier::Aggregates);

/// A game or category, and what was seen of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameFigures {
    /// Twitch's id of it; empty where no source gave one.
    pub id: String,
    /// Its name; empty where none was set.
    pub name: String,
    /// Slots on air with it.
    pub live_slots: u64,
    /// Of them those whose viewers are known.
    pub counted_slots: u64,
    /// Σ viewers over them.
    pub viewer_slots: u64,
    /// Channels that played it.
    pub channels: u32,
}

impl GameFigures {
    /// Hours on air with it.
    pub fn hours(&self) -> f64 {
        self.live_slots as f64 * f64::from(SLOT_MINUTES) / 60.0
    }

    /// Hours watched: Σ viewers × 5 / 60 over the live slots that were seen.
    pub fn hours_watched(&self) -> f64 {
        self.viewer_slots as f64 * f64::from(SLOT_MINUTES) / 60.0
    }

    /// Mean viewers of a channel that is on air with it; nothing where none is known.
    pub fn mean_viewers(&self) -> Option<f64> {
        (self.counted_slots > 0).then(|| self.viewer_slots as f64 / self.counted_slots as f64)
    }
}

/// The games of one channel, most hours first.
pub fn games_played<'a>(days: impl IntoIterator<Item = &'a ChannelDay>) -> Vec<GameFigures> {
    let mut games = Games::default();
    days.into_iter().for_each(|day| games.add_day(day));
    let mut played = games.into_figures(1);
    played.sort_by(|x, y| y.live_slots.cmp(&x.live_slots).then(x.name.cmp(&y.name)).then(x.id.cmp(&y.id)));
    played
}

/// Games of many channels, as they are added.
#[derive(Clone, Debug, Default)]
pub struct Games {
    /// By id, and by name where there is no id.
    by_id: BTreeMap<String, GameFigures>,
    by_name: BTreeMap<String, GameFigures>,
}

impl Games {
    /// Adds a channel's games, as [`games_played`] tells them.
    pub fn add(&mut self, played: &[GameFigures]) {
        for game in played {
            let all = self.of(&game.id, &game.name);
            all.live_slots += game.live_slots;
            all.counted_slots += game.counted_slots;
            all.viewer_slots += game.viewer_slots;
            all.channels += game.channels;
        }
    }

    /// At most `count` of them, most hours watched first.
    pub fn most_watched(self, count: usize) -> Vec<GameFigures> {
        let mut games = self.into_figures(u32::MAX);
        games.sort_by(|x, y| y.viewer_slots.cmp(&x.viewer_slots).then(x.name.cmp(&y.name)).then(x.id.cmp(&y.id)));
        games.truncate(count);
        games
    }

    fn add_day(&mut self, day: &ChannelDay) {
        for segment in &day.segments {
            let game = self.of(&segment.game_id, &segment.game);
            game.channels = 1;
            for slot in (segment.run.from()..segment.run.to()).filter_map(|slot| Slot::new(slot).ok()) {
                let ChannelSlot::Live(live) = day.slot(slot) else { continue };
                game.live_slots += 1;
                if let Some(viewers) = live.viewers {
                    game.counted_slots += 1;
                    game.viewer_slots += u64::from(viewers);
                }
            }
        }
    }

    fn of(&mut self, id: &str, name: &str) -> &mut GameFigures {
        let (games, key) = if id.is_empty() { (&mut self.by_name, name) } else { (&mut self.by_id, id) };
        // Most are known: no text is made for them.
        if !games.contains_key(key) {
            games.insert(key.to_owned(), GameFigures { id: id.to_owned(), ..GameFigures::default() });
        }
        let game = games.entry(key.to_owned()).or_default();
        // A name that Twitch changed: the last one of a channel, and of channels that of the one added last.
        if game.name != name {
            name.clone_into(&mut game.name);
        }
        game
    }

    /// What has no id goes to a game of the same name that has one. `most` channels are counted at most.
    fn into_figures(mut self, most: u32) -> Vec<GameFigures> {
        for (name, game) in std::mem::take(&mut self.by_name) {
            let known = self.by_id.values().find(|known| known.name == name).map(|known| known.id.clone());
            if known.is_none() {
                self.by_name.insert(name, game);
                continue;
            }
            let all = self.of(&known.unwrap_or_default(), &name);
            all.live_slots += game.live_slots;
            all.counted_slots += game.counted_slots;
            all.viewer_slots += game.viewer_slots;
            all.channels += game.channels;
        }
        let games = self.by_id.into_values().chain(self.by_name.into_values()).filter(|game| game.live_slots > 0);
        games.map(|game| GameFigures { channels: game.channels.min(most), ..game }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::channel::tests::aired;

    #[test]
    fn games_add_up_over_channels() {
        let mut without_id = aired(&[(200, 212, 10, "", "Chess")]);
        without_id.segments[0].game_id = String::new();
        let days = [aired(&[(0, 24, 100, "", "Chess"), (24, 36, 400, "", "Just Chatting")]), without_id];
        let played = games_played(&days);
        let of = |game: &GameFigures| (game.name.clone(), game.hours(), game.mean_viewers(), game.channels);
        assert_eq!(of(&played[0]), ("Chess".into(), 3.0, Some(70.0), 1));
        assert_eq!(of(&played[1]), ("Just Chatting".into(), 1.0, Some(400.0), 1));
        let mut all = Games::default();
        all.add(&played);
        all.add(&games_played(&[aired(&[(0, 12, 50, "", "Chess"), (12, 13, 7, "", "")])]));
        let watched = all.most_watched(2);
        assert_eq!(of(&watched[0]), ("Just Chatting".into(), 1.0, Some(400.0), 1));
        assert_eq!((of(&watched[1]), watched[1].hours_watched()), (("Chess".into(), 4.0, Some(65.0), 2), 260.0));
        assert_eq!(games_played(&[]), []);
    }
}
