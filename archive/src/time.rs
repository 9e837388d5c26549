//! RFC 3339 times, as the archive writes them: always UTC, `2026-11-22T00:05:00Z`.

use model::day::{DAY_SECONDS, Day};

/// Writes a Unix time in seconds. Times outside the range of [`Day`] are clamped to its ends.
pub fn rfc3339(unix: i64) -> String {
    let unix = unix.clamp(Day::MIN.start_unix(), Day::MAX.start_unix() + DAY_SECONDS - 1);
    let day = Day::from_unix(unix).unwrap_or(Day::MIN);
    let second = unix - day.start_unix();
    format!("{day}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// Writes a Unix time in milliseconds: `2026-11-22T00:05:00.250Z`.
pub fn rfc3339_ms(unix_ms: i64) -> String {
    let mut text = rfc3339(unix_ms.div_euclid(1000));
    text.pop();
    format!("{text}.{:03}Z", unix_ms.rem_euclid(1000))
}

/// Reads a time with seconds, an optional fraction, and `Z` or an offset; gives Unix time in milliseconds.
pub fn parse_rfc3339_ms(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if bytes.len() < 20
        || !text.is_ascii()
        || !matches!(bytes[10], b'T' | b't' | b' ')
        || bytes[13] != b':'
        || bytes[16] != b':'
    {
        return None;
    }
    let day: Day = text[..10].parse().ok()?;
    let (hour, minute, second) = (digits(&text[11..13])?, digits(&text[14..16])?, digits(&text[17..19])?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut rest = &text[19..];
    let mut ms = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let len = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=9).contains(&len) {
            return None;
        }
        ms = digits(&format!("{:0<3}", &fraction[..len.min(3)]))?;
        rest = &fraction[len..];
    }
    let offset = match rest.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (digits(&rest[1..3])?, digits(&rest[4..6])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let offset = hours * 3600 + minutes * 60;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    Some((day.start_unix() + hour * 3600 + minute * 60 + second - offset) * 1000 + ms)
}

fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_that_others_write() {
        let noon = parse_rfc3339_ms("2026-11-22T12:00:00Z").unwrap();
        assert_eq!(rfc3339(noon / 1000), "2026-11-22T12:00:00Z");
        assert_eq!(parse_rfc3339_ms("2026-11-22T13:00:00+01:00"), Some(noon));
        assert_eq!(parse_rfc3339_ms("2026-11-22 12:00:00.25Z"), Some(noon + 250));
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T12:00:00",
            "2026-11-22T24:00:00Z",
            "2026-11-22T12:00:00.Z",
            "2026-11-22T12:00:00+1:00",
            "é026-11-22T12:00:00Z",
        ] {
            assert_eq!(parse_rfc3339_ms(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn round_trips(ms in Day::MIN.start_unix() * 1000..Day::MAX.start_unix() * 1000) {
            prop_assert_eq!(parse_rfc3339_ms(&rfc3339_ms(ms)), Some(ms));
            prop_assert_eq!(parse_rfc3339_ms(&rfc3339(ms.div_euclid(1000))), Some(ms.div_euclid(1000) * 1000));
        }

        #[test]
        fn any_text_is_a_time_or_nothing(text in "[0-9TZ:. +é-]{0,32}") {
            let _ = parse_rfc3339_ms(&text);
        }
    }
}
