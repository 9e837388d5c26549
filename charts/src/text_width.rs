//! How wide a text is, from a fixed table: the same answer on the server and in every browser.

/// Height of the letters of every chart, in px.
pub(crate) const FONT_PX: u32 = 12;

/// Advance widths of Inter at 12 px, in tenths of a px, for U+0020–U+007E; digits are tabular. Regular, then semibold.
const ASCII: [[u8; 95]; 2] = [
    [
        34, 35, 56, 76, 78, 118, 77, 36, 44, 44, 60, 79, 35, 55, 35, 43, 78, 78, 78, 78, 78, 78, 78, 78, 78, 78, 35,
        36, 79, 79, 79, 61, 116, 83, 79, 88, 87, 72, 71, 90, 89, 32, 68, 81, 68, 108, 90, 92, 77, 92, 77, 77, 77, 89,
        83, 118, 82, 81, 75, 44, 43, 44, 57, 55, 39, 67, 73, 69, 73, 70, 44, 74, 71, 29, 29, 66, 29, 105, 71, 72, 73,
        73, 45, 63, 39, 71, 67, 98, 66, 67, 66, 51, 40, 51, 79,
    ],
    [
        30, 39, 63, 77, 78, 121, 80, 39, 45, 45, 65, 81, 38, 56, 38, 45, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 38,
        39, 81, 81, 81, 65, 120, 87, 79, 88, 87, 73, 71, 90, 89, 33, 70, 84, 68, 111, 91, 92, 77, 93, 78, 78, 79, 88,
        87, 122, 86, 86, 78, 45, 45, 45, 58, 56, 42, 69, 75, 70, 75, 71, 47, 75, 73, 31, 31, 68, 31, 108, 73, 73, 75,
        75, 48, 66, 42, 73, 70, 101, 68, 71, 68, 55, 43, 55, 81,
    ],
];

/// Weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Semibold,
}

fn tenths(c: char, weight: Weight) -> u32 {
    match c {
        ' '..='~' => u32::from(ASCII[weight as usize][c as usize - 32]),
        '\u{a0}' => 34,
        '\u{202f}' => 20,
        // Combining marks, joiners, variation selectors: drawn on their neighbour.
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '‘' | '’' | '·' => 36,
        '“' | '”' | '–' | '«' | '»' => 68,
        '—' | '…' | '\u{2190}'..='\u{2bff}' => 120,
        'à'..='ÿ' | 'ā'..='ž' => 74,
        'À'..='ß' => 92,
        // Full-width scripts, emoji and what this table does not know.
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffdc}' | '\u{1f000}'.. => 165,
        _ => 90,
    }
}

/// Width of a text at 12 px, in px, rounded up.
pub(crate) fn text_px(text: &str, weight: Weight) -> u32 {
    text.chars().fold(0u32, |sum, c| sum.saturating_add(tenths(c, weight))).div_ceil(10)
}

/// The text, cut and ended by `…` where it is wider than `max_px`; nothing when not even two letters fit.
pub(crate) fn fit(text: &str, weight: Weight, max_px: u32) -> Option<String> {
    if text_px(text, weight) <= max_px {
        return Some(text.to_owned());
    }
    let room = (max_px * 10).checked_sub(tenths('…', weight))?;
    let mut used = 0;
    let mut cut = String::new();
    for c in text.chars() {
        used += tenths(c, weight);
        if used > room {
            break;
        }
        cut.push(c);
    }
    // Neither a space nor half of a joined emoji before the dots.
    let cut = cut.trim_end_matches([' ', '\u{a0}', '\u{200d}', ',']);
    (cut.chars().nth(1).is_some()).then(|| format!("{cut}…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_inter() {
        assert_eq!(text_px("00:00–00:35", Weight::Regular), 77);
        assert_eq!(text_px("", Weight::Regular), 0);
        assert!(text_px("Celeste", Weight::Semibold) > text_px("Celeste", Weight::Regular));
        assert_eq!(text_px("e\u{301}", Weight::Regular), text_px("e", Weight::Regular));
    }

    #[test]
    fn a_text_is_cut_to_its_room() {
        for max in 0..200 {
            if let Some(cut) = fit("The legend of the golden berry, again", Weight::Regular, max) {
                assert!(text_px(&cut, Weight::Regular) <= max, "{cut} in {max}");
            }
        }
        assert_eq!(fit("Chess", Weight::Regular, 100).as_deref(), Some("Chess"));
        assert_eq!(fit("The legend", Weight::Regular, 50).as_deref(), Some("The le…"));
        assert_eq!(fit("The legend", Weight::Regular, 20), None);
    }
}
