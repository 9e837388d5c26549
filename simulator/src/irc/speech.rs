//! How much people write, and what.

use crate::dice::{fraction, mix};

/// What is written: invented, and nobody's.
const TEXTS: [&str; 28] = [
    "salut tout le monde",
    "bonsoir le chat",
    "hello everyone",
    "hi chat, what did I miss?",
    "mdrrr",
    "lol",
    "GG",
    "gg wp !",
    "bien joué",
    "nice one",
    "c'est quoi cette musique ?",
    "what song is this?",
    "trop fort",
    "so close...",
    "ça commence quand ?",
    "how long have you been live",
    "j'arrive du boulot, enfin",
    "back, had to feed the cat",
    "non mais sérieux :')",
    "no way :)",
    "bonne nuit à tous, à demain",
    "good night, see you tomorrow",
    "quelqu'un a le lien ?",
    "anyone else lagging?",
    "à gauche ! à gauche !!",
    "try the other door",
    "\u{1}ACTION applaudit\u{1}",
    "\u{1}ACTION waves\u{1}",
];

/// Of a hundred people so many never write.
const SILENT: f64 = 0.6;

/// How talkative an account is, 0 to 22.5: 1 on average. Half of those who write at all make less than a tenth of it.
fn talkative(seed: u64, key: u64) -> f64 {
    let draw = fraction(mix(seed ^ key, 0x7461_6c6b));
    if draw < SILENT {
        return 0.0;
    }
    let eager = (draw - SILENT) / (1.0 - SILENT);
    let fourth = eager * eager * eager * eager;
    // The mean of the eighth power of a share is a ninth.
    9.0 / (1.0 - SILENT) * fourth * fourth
}

/// How many messages somebody writes in a stay of some seconds, where people write `per_minute` on average.
pub(super) fn messages(seed: u64, key: u64, stay: u64, seconds: u16, per_minute: f64) -> u32 {
    let expected = per_minute * talkative(seed, key) * f64::from(seconds) / 60.0;
    if expected <= 0.0 {
        return 0;
    }
    // Between nothing and twice as much: people fall silent and start again.
    let burst = 2.0 * fraction(mix(stay, 1)) * expected;
    (burst + fraction(mix(stay, 2))) as u32
}

/// The number of some text.
pub(super) fn text_number(draw: u64) -> u8 {
    (draw % TEXTS.len() as u64) as u8
}

/// The text with a number.
pub(super) fn text(number: u8) -> &'static str {
    TEXTS[usize::from(number) % TEXTS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_never_write_and_a_few_a_lot() {
        let weights: Vec<f64> = (0..20_000).map(|key| talkative(7, mix(key, 0))).collect();
        let mean = weights.iter().sum::<f64>() / 20_000.0;
        assert!((0.93..1.07).contains(&mean), "{mean}");
        assert!((11_700..12_300).contains(&weights.iter().filter(|weight| **weight == 0.0).count()));
        let said: u32 = (0..20_000).map(|key| messages(7, mix(key, 0), mix(key, 9), 300, 0.15)).sum();
        assert!((13_500..16_500).contains(&said), "{said}");
    }
}
