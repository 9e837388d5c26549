//! Chance that depends on nothing but the seed, who, and when.
//!
//! Only + − × ÷ and √ are used on floating numbers: they give the same bits on every machine, `ln` and `powf` do not.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream of chance is for: two questions about one entity never share one.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(crate) enum Purpose {
    ChannelTraits = 1,
    Broadcasts,
    Programme,
    ViewerTraits,
    Visits,
    Outages,
    Sweeps,
    Latency,
    FolkTraits,
    Nights,
    Watching,
}

/// One stream of chance.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of `who` on `day` for a purpose; the same whenever and in whatever order it is asked for.
    pub(crate) fn new(seed: u64, purpose: Purpose, who: u64, day: i32) -> Dice {
        let mut key = [0; 32];
        for (part, word) in
            key.as_chunks_mut::<8>().0.iter_mut().zip([seed, purpose as u64, who, i64::from(day) as u64])
        {
            *part = word.to_le_bytes();
        }
        Dice(ChaCha8Rng::from_seed(key))
    }

    /// 0 to `n` − 1. The bias is below `n` / 2³², which nothing here can see.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// `from` to `to` − 1; `from` where that is nothing.
    pub(crate) fn range(&mut self, from: i32, to: i32) -> i32 {
        from + self.below((to - from).max(1) as u32) as i32
    }

    /// [0, 1)
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Bell-shaped around 0, as the sum of four uniforms: `spread` is its standard deviation, 3.5 × it is its limit.
    pub(crate) fn bell(&mut self, spread: f64) -> f64 {
        let sum = self.unit() + self.unit() + self.unit() + self.unit();
        (sum - 2.0) * 1.732_050_807_568_877_2 * spread
    }

    /// Any of `choices`, which is not empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u32) as usize]
    }

    /// An index, with the probability that its weight gives it.
    pub(crate) fn weighted(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut left = self.unit() * weights.clone().sum::<f64>();
        let mut last = 0;
        for (index, weight) in weights.enumerate() {
            if weight > 0.0 {
                last = index;
                left -= weight;
                if left < 0.0 {
                    break;
                }
            }
        }
        last
    }
}

/// A number spread evenly over all of `u64`, from two: for single yes-or-no questions, where a stream would be waste.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (SplitMix64's finaliser).
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(b).wrapping_add(0x632b_e59b_d9b4_e019);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// [0, 1) from a mixed number.
pub(crate) fn fraction(mixed: u64) -> f64 {
    (mixed >> 11) as f64 / 9_007_199_254_740_992.0
}

/// The number that stands for a name. Source: FNV-1a.
pub(crate) fn name_key(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_fixed_for_good_and_apart() {
        let draw = |who, day| {
            let mut dice = Dice::new(7, Purpose::Visits, who, day);
            [dice.below(1_000_000), dice.below(1_000_000)]
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
        // A change here changes every simulated archive that people made.
        assert_eq!(draw(1, 2), [494_726, 132_349]);
    }

    #[test]
    fn shapes_are_what_they_say() {
        let mut dice = Dice::new(7, Purpose::Visits, 1, 1);
        let bells: Vec<f64> = (0..20_000).map(|_| dice.bell(10.0)).collect();
        let mean = bells.iter().sum::<f64>() / 20_000.0;
        let deviation = (bells.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0).sqrt();
        assert!(mean.abs() < 0.3 && (deviation - 10.0).abs() < 0.3, "{mean} {deviation}");
        let heavy = (0..10_000).filter(|_| dice.weighted([1.0, 0.0, 3.0].into_iter()) == 2).count();
        assert!((7_300..7_700).contains(&heavy), "{heavy}");
        assert!((0..1_000).all(|_| (-3..4).contains(&dice.range(-3, 4))));
        let spread: f64 = (0..10_000).map(|n| fraction(mix(n, 5))).sum::<f64>() / 10_000.0;
        assert!((spread - 0.5).abs() < 0.02, "{spread}");
    }
}
