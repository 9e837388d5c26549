//! How many different people, of a sketch of 3,072 bytes: HyperLogLog with 2¹² registers.
//!
//! Flajolet, Fusy, Gandouet and Meunier 2007; the estimator is the one of Ertl 2017 ("New cardinality estimation algorithms for
//! HyperLogLog sketches", algorithm 6), which is right at every size without tables of corrections (those of Heule, Nunkesser and Hall 2013).

use crate::codec::CodecError;

/// Bits of a hash that choose a register.
const P: u32 = 12;
/// Registers.
pub const REGISTERS: usize = 1 << P;
/// Bits of a hash that are left.
const Q: u32 = 64 - P;
/// The standard error of a count, in percent: 104 / √4,096.
pub const ERROR_PERCENT: f64 = 1.625;
/// Bytes of an encoded sketch: six bits a register.
pub const BYTES: usize = REGISTERS * 6 / 8;

/// A sketch of a set of keys. Sketches of two sets merge to that of both, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch(Box<[u8]>);

impl Default for Sketch {
    fn default() -> Sketch {
        Sketch(vec![0; REGISTERS].into())
    }
}

impl Sketch {
    /// Adds a key; again changes nothing.
    pub fn add(&mut self, key: u32) {
        let hash = mixed(u64::from(key));
        let rank = ((hash << P).leading_zeros().min(Q) + 1) as u8;
        let register = &mut self.0[(hash >> Q) as usize];
        *register = rank.max(*register);
    }

    /// Adds all that is in the other.
    pub fn merge(&mut self, other: &Sketch) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine = (*mine).max(*theirs));
    }

    /// About how many different keys were added: a standard error of [`ERROR_PERCENT`].
    pub fn estimate(&self) -> u64 {
        self.unrounded().round() as u64
    }

    fn unrounded(&self) -> f64 {
        let mut counts = [0u32; Q as usize + 2];
        self.0.iter().for_each(|rank| counts[usize::from(*rank)] += 1);
        let m = REGISTERS as f64;
        let share = |count: u32| f64::from(count) / m;
        let mut z = m * tau(1.0 - share(counts[Q as usize + 1]));
        for count in counts[1..=Q as usize].iter().rev() {
            z = f64::midpoint(z, f64::from(*count));
        }
        z += m * sigma(share(counts[0]));
        // Infinite where nothing was added: nothing.
        m * m / (2.0 * std::f64::consts::LN_2 * z)
    }

    /// Appends the registers, six bits each, the first in the lowest bits: [`BYTES`] bytes.
    pub fn encode(&self, out: &mut Vec<u8>) {
        for four in self.0.as_chunks::<4>().0 {
            let bits = four.iter().rev().fold(0u32, |bits, rank| bits << 6 | u32::from(*rank));
            out.extend_from_slice(&bits.to_le_bytes()[..3]);
        }
    }

    /// The inverse of [`Sketch::encode`] over the whole of `bytes`. Errors: another length, a register past 53.
    pub fn decode(bytes: &[u8]) -> Result<Sketch, CodecError> {
        if bytes.len() != BYTES {
            return Err(CodecError::Truncated);
        }
        let mut registers = Vec::with_capacity(REGISTERS);
        for three in bytes.as_chunks::<3>().0 {
            let bits = u32::from(three[0]) | u32::from(three[1]) << 8 | u32::from(three[2]) << 16;
            registers.extend((0..4).map(|place| (bits >> (6 * place) & 63) as u8));
        }
        if registers.iter().any(|rank| u32::from(*rank) > Q + 1) {
            Err(CodecError::Range)
        } else {
            Ok(Sketch(registers.into()))
        }
    }
}

/// Each number to another one, as good as by chance: the finalizer of SplitMix64 (Steele, Lea, Flood 2014). It never changes: sketches
/// that are kept were made with it.
fn mixed(key: u64) -> u64 {
    let mut mixed = key.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// x + Σ x^(2^k) 2^(k−1), k from 1.
fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z <= before {
            return z;
        }
    }
}

/// (1 − x − Σ (1 − x^(2^−k))² 2^−k) / 3, k from 1.
fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
        if z >= before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(keys: impl IntoIterator<Item = u32>) -> Sketch {
        let mut sketch = Sketch::default();
        keys.into_iter().for_each(|key| sketch.add(key));
        sketch
    }

    /// The error over many sets of each size is that of the theory, and the estimator has no bias.
    #[test]
    fn counts_are_as_exact_as_the_theory_says() {
        for size in [1u32, 50, 1_000, 3_000, 10_000, 20_000, 100_000, 400_000] {
            let sets = (2_000_000 / size).clamp(12, 200);
            let errors: Vec<f64> = (0..sets)
                .map(|set| of((0..size).map(|n| n + set * 1_000_003)).unrounded() / f64::from(size) - 1.0)
                .collect();
            let mean = errors.iter().sum::<f64>() / f64::from(sets);
            let deviation = (errors.iter().map(|error| error * error).sum::<f64>() / f64::from(sets)).sqrt();
            // A standard error of the mean, four times; a deviation of the deviation, three times.
            assert!(mean.abs() < 4.0 * 0.016_25 / f64::from(sets).sqrt(), "{size}: bias {mean}");
            assert!(deviation < 0.016_25 * (1.0 + 3.0 / (2.0 * f64::from(sets)).sqrt()), "{size}: {deviation}");
        }
        assert_eq!((Sketch::default().estimate(), of([7]).estimate()), (0, 1));
    }

    #[test]
    fn the_bytes_of_a_sketch_never_change() {
        let mut bytes = Vec::new();
        of(0..5_000).encode(&mut bytes);
        let sum = bytes.iter().fold(0u64, |sum, byte| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(*byte));
        assert_eq!((bytes.len(), &bytes[..6], sum), (3_072, GOLDEN_HEAD, GOLDEN_SUM));
    }

    const GOLDEN_HEAD: &[u8] = &[65, 0, 4, 71, 1, 16];
    const GOLDEN_SUM: u64 = 3_969_939_995_766_489_466;

    proptest! {
        #[test]
        fn merged_is_the_sketch_of_both(a in proptest::collection::vec(0u32..1 << 28, 0..3_000), b in proptest::collection::vec(0u32..1 << 28, 0..3_000)) {
            let mut merged = of(a.iter().copied());
            merged.merge(&of(b.iter().copied()));
            prop_assert_eq!(&merged, &of(a.into_iter().chain(b)));
            let mut bytes = Vec::new();
            merged.encode(&mut bytes);
            prop_assert_eq!(Sketch::decode(&bytes), Ok(merged));
        }

        #[test]
        fn any_bytes_are_a_sketch_or_an_error(bytes in proptest::collection::vec(any::<u8>(), BYTES)) {
            if let Ok(sketch) = Sketch::decode(&bytes) {
                let mut again = Vec::new();
                sketch.encode(&mut again);
                prop_assert_eq!(again, bytes);
                // Whatever is in it: a number.
                let _ = sketch.estimate();
            }
        }
    }
}
