//! Games by what streams call them: the key of each, whoever asks.

use std::collections::{BTreeMap, HashMap};

use model::channel_day::Segment;
use model::identity::GameKey;

use crate::month::Game;

/// Games that the store has keys for, and others as they come: by id where both have one, else by name.
#[derive(Clone, Debug)]
pub struct Games {
    by_id: HashMap<String, GameKey>,
    by_name: HashMap<String, GameKey>,
    all: BTreeMap<GameKey, Game>,
    /// The first key that the store has not given.
    next: GameKey,
}

impl Games {
    /// Those of [`crate::Store::games`].
    pub fn new(held: Vec<(GameKey, Game)>) -> Games {
        let next = held.iter().map(|(key, _)| GameKey(key.0 + 1)).max().unwrap_or(GameKey(0));
        let mut games = Games { by_id: HashMap::new(), by_name: HashMap::new(), all: BTreeMap::new(), next };
        for (key, game) in held {
            games.add(key, game);
        }
        games
    }

    fn add(&mut self, key: GameKey, game: Game) {
        if !game.id.is_empty() {
            self.by_id.entry(game.id.clone()).or_insert(key);
        }
        self.by_name.entry(game.name.clone()).or_insert(key);
        self.all.insert(key, game);
    }

    /// The key of what a segment broadcast; nothing where that is not known. One that the store has none for gets the next one, which means
    /// nothing elsewhere.
    pub fn key(&mut self, segment: &Segment) -> Option<GameKey> {
        if segment.game.is_empty() && segment.game_id.is_empty() {
            return None;
        }
        let known = self.by_id.get(&segment.game_id).or_else(|| self.by_name.get(&segment.game));
        if let Some(key) = known {
            return Some(*key);
        }
        let next = GameKey(self.all.last_key_value().map_or(0, |(key, _)| key.0 + 1));
        self.add(next, Game { id: segment.game_id.clone(), name: segment.game.clone() });
        Some(next)
    }

    /// Whether the store gave this key: it means the same to everybody.
    pub fn is_held(&self, key: GameKey) -> bool {
        key < self.next && self.all.contains_key(&key)
    }

    /// What a key stands for.
    pub fn get(&self, key: GameKey) -> Option<&Game> {
        self.all.get(&key)
    }
}
