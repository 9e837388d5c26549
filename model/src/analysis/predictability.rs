//! How well somebody could be foretold at best, by what came before.
//!
//! Source: Song, Qu, Blumm, Barabási 2010, of hours in the place of phone cells: the entropy rate of the sequence of hourly states,
//! estimated by Lempel–Ziv (Kontoyiannis et al. 1998), and by Fano's inequality a bound on any forecast.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Found, Method, Refused};

/// Known hours that the result needs: two weeks.
pub const HOURS_NEEDED: u32 = 336;

const METHOD: Method = Method { id: "predictability", version: 1 };

/// How much is left to chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Predictability {
    /// The entropy rate S, bits an hour.
    pub entropy: f64,
    /// States seen, N.
    pub states: u32,
    /// The share of hours that the best of all forecasts gets right, Π, 1/N–1.
    pub bound: f64,
}

/// The predictability of a sequence of hours, each with a state (a channel, or none) or unknown, which cuts it. Refused: fewer than
/// [`HOURS_NEEDED`] known hours, one state alone.
pub fn predictability(hours: &[Option<u32>]) -> Result<Found<Predictability>, Refused> {
    let known = hours.iter().flatten().count() as u32;
    if known < HOURS_NEEDED {
        return Err(Refused::FewDays { have: known / 24, need: HOURS_NEEDED / 24 });
    }
    let states = hours.iter().flatten().collect::<BTreeSet<_>>().len() as u32;
    if states < 2 {
        return Err(Refused::Constant);
    }
    let (mut lengths, mut count) = (0.0, 0.0);
    for stretch in hours.split(Option::is_none) {
        let stretch: Vec<u32> = stretch.iter().copied().flatten().collect();
        lengths += shortest_new(&stretch).into_iter().map(|length| length as f64).sum::<f64>();
        count += stretch.len() as f64;
    }
    let entropy = count * f64::from(known).log2() / lengths;
    let bound = bound(entropy, states);
    Ok(Found { value: Predictability { entropy, states, bound }, days: known / 24, method: METHOD })
}

/// By place, the length of the shortest stretch that begins there and did not occur before it; where all up to the end did,
/// one more than that.
fn shortest_new(states: &[u32]) -> Vec<usize> {
    let mut before = Automaton::new();
    let (mut node, mut length) = (0, 0usize);
    let mut all = Vec::with_capacity(states.len());
    for at in 0..states.len() {
        // What follows the first state of the last match occurred too: it is matched on from there.
        length = length.saturating_sub(1);
        (node, length) = before.on(node, length, &states[at..]);
        all.push(length + 1);
        before.push(states[at]);
    }
    all
}

/// All stretches of a sequence that grows: the suffix automaton (Blumer et al. 1985). A year of hours is looked through in
/// two milliseconds, and in a hundred by comparing each place with all before it.
struct Automaton {
    nodes: Vec<Node>,
    last: usize,
}

#[derive(Clone)]
struct Node {
    /// The longest stretch that it stands for.
    length: usize,
    /// The node of the longest end of those that it does not stand for.
    end: Option<usize>,
    next: BTreeMap<u32, usize>,
}

impl Automaton {
    fn new() -> Automaton {
        Automaton { nodes: vec![Node { length: 0, end: None, next: BTreeMap::new() }], last: 0 }
    }

    /// Goes on from the first `length` states of `states`, which `node` stood for with one more before them, as far as they
    /// occurred; the node of all that did, and how many.
    fn on(&self, mut node: usize, mut length: usize, states: &[u32]) -> (usize, usize) {
        // Shorter than what the node stands for, or the node was split since.
        while let Some(end) = self.nodes[node].end.filter(|end| length <= self.nodes[*end].length) {
            node = end;
        }
        while let Some(next) = states.get(length).and_then(|state| self.nodes[node].next.get(state)) {
            node = *next;
            length += 1;
        }
        (node, length)
    }

    fn push(&mut self, state: u32) {
        let new = self.nodes.len();
        self.nodes.push(Node { length: self.nodes[self.last].length + 1, end: Some(0), next: BTreeMap::new() });
        let mut from = Some(std::mem::replace(&mut self.last, new));
        while let Some(node) = from {
            if let Some(there) = self.nodes[node].next.get(&state).copied() {
                self.nodes[new].end = Some(self.split(node, state, there));
                return;
            }
            self.nodes[node].next.insert(state, new);
            from = self.nodes[node].end;
        }
    }

    /// The node that stands for what `node` does with a state more, and for nothing longer.
    fn split(&mut self, node: usize, state: u32, there: usize) -> usize {
        let length = self.nodes[node].length + 1;
        if self.nodes[there].length == length {
            return there;
        }
        let copy = self.nodes.len();
        self.nodes.push(Node { length, ..self.nodes[there].clone() });
        self.nodes[there].end = Some(copy);
        let mut from = Some(node);
        while let Some(node) = from {
            match self.nodes[node].next.get_mut(&state) {
                Some(next) if *next == there => *next = copy,
                _ => break,
            }
            from = self.nodes[node].end;
        }
        copy
    }
}

/// Π of S = H(Π) + (1 − Π) log₂(N − 1): the root between 1/N, where chance alone decides, and 1.
fn bound(entropy: f64, states: u32) -> f64 {
    let n = f64::from(states);
    if entropy >= n.log2() {
        return 1.0 / n;
    }
    let plog = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
    let fano = |p: f64| plog(p) + plog(1.0 - p) + (1.0 - p) * (n - 1.0).log2();
    let (mut low, mut high) = (1.0 / n, 1.0);
    // It falls from log₂ N to 0; halved 50 times, the root is as exact as its numbers.
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if fano(middle) > entropy {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::bootstrap::Chance;
    use super::*;

    #[test]
    fn habits_can_be_foretold_and_dice_cannot() {
        let habit: Vec<Option<u32>> = (0..1_440).map(|hour| Some(u32::from(hour % 24 >= 20))).collect();
        let found = predictability(&habit).unwrap().value;
        assert!(found.bound > 0.95 && found.states == 2, "{found:?}");
        let mut chance = Chance::new(9);
        let dice: Vec<Option<u32>> = (0..1_440).map(|_| Some(chance.below(4) as u32)).collect();
        let found = predictability(&dice).unwrap().value;
        assert!((found.entropy - 2.0).abs() < 0.25 && found.bound < 0.4, "{found:?}");
    }

    /// By comparing each place with all before it.
    fn naive(states: &[u32], at: usize) -> usize {
        let same = |before: usize| {
            states[at..].iter().zip(&states[before..at]).take_while(|(here, there)| here == there).count()
        };
        (0..at).map(same).max().unwrap_or(0) + 1
    }

    proptest! {
        #[test]
        fn the_quick_way_finds_what_the_slow_one_does(states in proptest::collection::vec(0u32..3, 0..80)) {
            let wanted: Vec<usize> = (0..states.len()).map(|at| naive(&states, at)).collect();
            prop_assert_eq!(shortest_new(&states), wanted);
        }
    }

    #[test]
    fn stretches_are_counted_by_hand() {
        // At 2 "ab" came before, and all up to the end is that: 2 + 1; at 3 "b" did: 1 + 1.
        assert_eq!(shortest_new(&[0, 1, 0, 1]), [1, 1, 3, 2]);
        assert_eq!((bound(2.0, 4), bound(3.0, 4)), (0.25, 0.25));
        assert!((bound(0.0, 4) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_says_nothing_is_refused() {
        assert_eq!(predictability(&[Some(1); 336]), Err(Refused::Constant));
        assert_eq!(predictability(&[None; 500]), Err(Refused::FewDays { have: 0, need: 14 }));
    }
}
