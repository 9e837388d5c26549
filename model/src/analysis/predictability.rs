//! How well somebody could be foretold at best, by what came before.
//!
//! Source: Song, Qu, Blumm, Barabási 2010, of hours in the place of phone cells: the entropy rate of the sequence of hourly states,
//! estimated by Lempel–Ziv (Kontoyiannis et al. 1998), and by Fano's inequality a bound on any forecast. A stretch that an unknown hour cuts off
//! is known to be longer than that, as of lamps that still burn when a test ends (Epstein and Sobel 1953).

use serde::{Deserialize, Serialize};

use super::bootstrap::{Drawings, Estimate, replicates};
use super::record::HourState;
use super::{Found, Method, Refused};
use crate::identity::ChannelKey;
use crate::words::Tier;

/// Known hours that the result needs: two weeks.
pub const HOURS_NEEDED: u32 = 336;

/// Lengths of what is repeated that are told apart.
const REPEATS: usize = 8;

const METHOD: Method = Method::new("predictability", 2, Tier::Slots);

/// How much is left to chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictability {
    /// The entropy rate S, bits an hour.
    pub entropy: Estimate,
    /// States seen, N.
    pub states: u32,
    /// The share of hours that the best of all forecasts gets right, Π, 1/N–1.
    pub bound: Estimate,
    /// By how many hours from one of them on had come in a row before, the share of the known hours: none, 1, 2–3, 4–7, 8–15, 16–31, 32–63, 64
    /// and more. They sum to 1.
    pub repeats: [f64; REPEATS],
}

/// The predictability of a sequence of hours, each with a state (a channel, or none) or unknown, which cuts it. Refused: fewer than
/// [`HOURS_NEEDED`] known hours, one state alone.
///
/// Its intervals are of drawings of stretches of a day, with what each place took of what came before it: working all out again of another
/// order would find less that repeats.
pub fn predictability(hours: &[HourState], drawings: Drawings) -> Result<Found<Predictability>, Refused> {
    let known = hours.iter().flatten().count() as u32;
    if known < HOURS_NEEDED {
        return Err(Refused::FewDays { have: known / 24, need: HOURS_NEEDED / 24 });
    }
    let mut names: Vec<Option<ChannelKey>> = hours.iter().flatten().copied().collect();
    // Most hours are as the one before them.
    names.dedup();
    names.sort_unstable();
    names.dedup();
    let states = names.len() as u32;
    if states < 2 {
        return Err(Refused::Constant);
    }
    // Unknown hours are states that never come again, so that nothing goes on over them.
    let mut cuts = states..;
    let number = |state| names.partition_point(|other| *other < state) as u32;
    let state = |hour: &HourState| hour.map(number).or_else(|| cuts.next());
    let sequence: Vec<u32> = hours.iter().filter_map(state).collect();
    let found = shortest_new(&sequence);
    // Of each hour, how far it is known to go on as before, and whether something new ended that rather than what is not known.
    let stretch = |(at, length): (usize, &u32)| {
        let ends_new = sequence.get(at + *length as usize - 1).is_some_and(|state| *state < states);
        (u64::from(*length) - u64::from(!ends_new), u64::from(ends_new))
    };
    let known_hours = found.iter().enumerate().filter(|(at, _)| sequence[*at] < states);
    let stretches: Vec<(u64, u64)> = known_hours.clone().map(stretch).collect();
    let mut repeats = [0.0; REPEATS];
    for (_, length) in known_hours {
        let place = u32::BITS - (length - 1).leading_zeros();
        repeats[(place as usize).min(REPEATS - 1)] += 1.0 / f64::from(known);
    }
    let sum = |stretches: &mut dyn Iterator<Item = (u64, u64)>| {
        stretches.fold((0, 0), |(lengths, ends), (length, end)| (lengths + length, ends + end))
    };
    let entropy = |(lengths, ends): (u64, u64)| ends as f64 * f64::from(known).log2() / (lengths as f64).max(1.0);
    let days: Vec<(u64, u64)> = stretches.chunks(24).map(|day| sum(&mut day.iter().copied())).collect();
    let found = entropy(sum(&mut days.iter().copied()));
    let (mut drawn, mut bounds) = (Vec::with_capacity(drawings.count), Vec::with_capacity(drawings.count));
    replicates(days.len(), drawings, |places| {
        let found = entropy(sum(&mut places.iter().map(|place| days[*place])));
        drawn.push(found);
        bounds.push(bound(found, states));
    });
    let value = Predictability {
        entropy: Estimate::new(found, &mut drawn),
        states,
        bound: Estimate::new(bound(found, states), &mut bounds),
        repeats,
    };
    Ok(Found { value, days: known / 24, method: METHOD })
}

/// By place, the length of the shortest stretch that begins there and did not occur before it; where all up to the end did,
/// one more than that.
fn shortest_new(states: &[u32]) -> Vec<u32> {
    let mut before = Automaton::of_at_most(states.len());
    let (mut node, mut length) = (0, 0u32);
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
/// a millisecond, and in a hundred by comparing each place with all before it.
struct Automaton {
    nodes: Vec<Node>,
    /// The ways on from nodes but for the first of each: lists, all in one place.
    ways: Vec<Way>,
    last: u32,
}

/// No node, no way, no state.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Node {
    /// The longest stretch that it stands for.
    length: u32,
    /// The node of the longest end of those that it does not stand for, or [`NONE`].
    end: u32,
    /// Its ways on: few, and most often this one alone.
    way: Way,
}

#[derive(Clone, Copy)]
struct Way {
    state: u32,
    to: u32,
    /// The next way of the same node, or [`NONE`].
    rest: u32,
}

impl Way {
    const NONE: Way = Way { state: NONE, to: NONE, rest: NONE };
}

impl Automaton {
    fn of_at_most(states: usize) -> Automaton {
        let mut all =
            Automaton { nodes: Vec::with_capacity(2 * states + 1), ways: Vec::with_capacity(2 * states), last: 0 };
        all.add_node(0, NONE, Way::NONE);
        all
    }

    /// Where a state leads from a node, or [`NONE`].
    fn to(&self, node: u32, state: u32) -> u32 {
        let mut way = &self.nodes[node as usize].way;
        while way.state != state {
            let Some(rest) = self.ways.get(way.rest as usize) else { return NONE };
            way = rest;
        }
        way.to
    }

    /// Lets a state that leads nowhere yet lead from a node to another.
    fn add_way(&mut self, node: u32, state: u32, to: u32) {
        let first = &mut self.nodes[node as usize].way;
        if first.state == NONE {
            *first = Way { state, to, rest: NONE };
            return;
        }
        let rest = std::mem::replace(&mut first.rest, self.ways.len() as u32);
        self.ways.push(Way { state, to, rest });
    }

    /// Lets a state that leads from a node somewhere lead to another.
    fn turn(&mut self, node: u32, state: u32, to: u32) {
        let first = &mut self.nodes[node as usize].way;
        if first.state == state {
            first.to = to;
            return;
        }
        let mut rest = first.rest;
        while let Some(way) = self.ways.get_mut(rest as usize) {
            if way.state == state {
                way.to = to;
                return;
            }
            rest = way.rest;
        }
    }

    fn add_node(&mut self, length: u32, end: u32, way: Way) -> u32 {
        self.nodes.push(Node { length, end, way });
        self.nodes.len() as u32 - 1
    }

    /// Goes on from the first `length` states of `states`, which `node` stood for with one more before them, as far as they
    /// occurred; the node of all that did, and how many.
    fn on(&self, mut node: u32, mut length: u32, states: &[u32]) -> (u32, u32) {
        // Shorter than what the node stands for, or the node was split since.
        loop {
            let end = self.nodes[node as usize].end;
            if end == NONE || length > self.nodes[end as usize].length {
                break;
            }
            node = end;
        }
        while let Some(state) = states.get(length as usize) {
            let to = self.to(node, *state);
            if to == NONE {
                break;
            }
            node = to;
            length += 1;
        }
        (node, length)
    }

    fn push(&mut self, state: u32) {
        let new = self.add_node(self.nodes[self.last as usize].length + 1, 0, Way::NONE);
        let mut from = std::mem::replace(&mut self.last, new);
        while from != NONE {
            let to = self.to(from, state);
            if to != NONE {
                self.nodes[new as usize].end = self.split(from, state, to);
                return;
            }
            self.add_way(from, state, new);
            from = self.nodes[from as usize].end;
        }
    }

    /// The node that stands for what `node` does with a state more, and for nothing longer.
    fn split(&mut self, node: u32, state: u32, there: u32) -> u32 {
        let length = self.nodes[node as usize].length + 1;
        let Node { length: longest, end, way } = self.nodes[there as usize];
        if longest == length {
            return there;
        }
        let copy = self.add_node(length, end, Way { rest: NONE, ..way });
        let mut rest = way.rest;
        while let Some(Way { state, to, rest: next }) = self.ways.get(rest as usize).copied() {
            self.add_way(copy, state, to);
            rest = next;
        }
        self.nodes[there as usize].end = copy;
        let mut from = node;
        while from != NONE && self.to(from, state) == there {
            self.turn(from, state, copy);
            from = self.nodes[from as usize].end;
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
        let habit: Vec<HourState> = (0..1_440).map(|hour| Some((hour % 24 >= 20).then_some(ChannelKey(7)))).collect();
        let found = predictability(&habit, Drawings::NONE).unwrap().value;
        assert!(found.bound.value > 0.95 && found.states == 2, "{found:?}");
        let mut chance = Chance::new(9);
        let dice: Vec<HourState> = (0..1_440).map(|_| Some(Some(ChannelKey(chance.below(4) as u32)))).collect();
        let found = predictability(&dice, Drawings::of_seed(1)).unwrap().value;
        assert!((found.entropy.value - 2.0).abs() < 0.25 && found.bound.value < 0.4, "{found:?}");
        let interval = found.entropy.interval.unwrap();
        assert!(interval.from < found.entropy.value && interval.to > found.entropy.value);
    }

    #[test]
    fn hours_that_are_not_known_leave_what_is_known_as_it_is() {
        // Two hours each evening, in one channel of three in turn, and now and then an hour by day.
        let mut chance = Chance::new(4);
        let hour = |hour: usize| {
            let evening = (20..22).contains(&(hour % 24)).then_some(ChannelKey((hour / 24 % 3) as u32));
            Some(evening.or_else(|| (chance.below(30) == 0).then_some(ChannelKey(7))))
        };
        let all: Vec<HourState> = (0..24 * 200).map(hour).collect();
        // A third of all, six hours at a time.
        let mut chance = Chance::new(5);
        let hide = |hours: &[HourState]| if chance.below(3) > 0 { hours.to_vec() } else { vec![None; hours.len()] };
        let hidden: Vec<HourState> = all.chunks(6).flat_map(hide).collect();
        let entropy = |hours: &[HourState]| predictability(hours, Drawings::NONE).unwrap().value.entropy.value;
        let (all, hidden) = (entropy(&all), entropy(&hidden));
        assert!((hidden / all - 1.0).abs() < 0.25, "{hidden} {all}");
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
            let wanted: Vec<u32> = (0..states.len()).map(|at| naive(&states, at) as u32).collect();
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
        assert_eq!(predictability(&[Some(None); 336], Drawings::NONE), Err(Refused::Constant));
        assert_eq!(predictability(&[None; 500], Drawings::NONE), Err(Refused::FewDays { have: 0, need: 14 }));
    }
}
