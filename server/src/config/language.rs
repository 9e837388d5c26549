//! Languages that Twitch may know a broadcast by.

/// ISO 639-1. Twitch tells broadcasts by some of them, and may tell them by others tomorrow.
const TWO_LETTERS: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es \
    et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki \
    kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no \
    nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te \
    tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Twitch's own: sign language, Cantonese, and what is none of the others.
const OF_TWITCH: [&str; 3] = ["asl", "other", "zh-hk"];

/// Whether Twitch may tell broadcasts by it; `*` is all of them.
pub(super) fn is_known(language: &str) -> bool {
    language == "*"
        || OF_TWITCH.contains(&language)
        || TWO_LETTERS.split_ascii_whitespace().any(|known| known == language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_from_words() {
        for known in ["fr", "en", "*", "other", "zh-hk", "zu"] {
            assert!(is_known(known), "{known}");
        }
        for unknown in ["", "xx", "french", "FR", "fr en", "fr-fr", " "] {
            assert!(!is_known(unknown), "{unknown}");
        }
    }
}
