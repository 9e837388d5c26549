//! What clients send: any bytes.

/// The longest line of a client, its end apart; whoever sends a longer one is disconnected.
pub(super) const LINE_BYTES: usize = 8 << 10;

/// One line of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// `CAP REQ`, with what is asked for as it was written.
    Capabilities(String),
    /// `CAP LS`.
    ListCapabilities,
    Nick(String),
    Ping(Option<String>),
    Pong,
    /// Channels without their `#`.
    Join(Vec<String>),
    Part(Vec<String>),
    Quit,
    /// Understood, and without any effect.
    Ignored,
    Unknown(String),
}

impl Request {
    /// Reads a line without its end; whatever is no UTF-8 is replaced.
    pub(super) fn parse(line: &[u8]) -> Request {
        let line = String::from_utf8_lossy(line);
        let mut rest = line.trim_matches([' ', '\0']);
        for mark in ['@', ':'] {
            if rest.starts_with(mark) {
                rest = rest.split_once(' ').map_or("", |(_, rest)| rest.trim_start_matches(' '));
            }
        }
        let (verb, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let rest = rest.trim_start_matches(' ');
        // All that is known has one parameter, or two as CAP.
        let (word, more) = match rest.strip_prefix(':') {
            Some(last) => (last, ""),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        let last = more.trim_start_matches(' ');
        let last = last.strip_prefix(':').unwrap_or(last);
        match verb.to_ascii_uppercase().as_str() {
            "CAP" => match word.to_ascii_uppercase().as_str() {
                "REQ" => Request::Capabilities(last.trim_matches(' ').to_owned()),
                "LS" => Request::ListCapabilities,
                _ => Request::Ignored,
            },
            "NICK" => Request::Nick(word.to_owned()),
            "PING" => Request::Ping((!word.is_empty()).then(|| word.to_owned())),
            "PONG" => Request::Pong,
            "JOIN" => Request::Join(channels(word)),
            "PART" => Request::Part(channels(word)),
            "QUIT" => Request::Quit,
            // Nobody anonymous may write: Twitch drops what they send.
            "" | "PASS" | "USER" | "PRIVMSG" => Request::Ignored,
            _ => Request::Unknown(verb.to_owned()),
        }
    }
}

fn channels(list: &str) -> Vec<String> {
    list.split(',').filter_map(|name| name.strip_prefix('#')).map(str::to_owned).collect()
}

/// Cuts what arrives into lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    begun: Vec<u8>,
}

/// A line without an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Lines {
    /// The requests that end in these bytes. Errors: a line is too long; what came before it in these bytes is lost.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Vec<Request>, TooLong> {
        let mut requests = Vec::new();
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.begun.extend_from_slice(&rest[..end]);
            rest = &rest[end + 1..];
            let line = self.begun.strip_suffix(b"\r").unwrap_or(&self.begun);
            if line.len() > LINE_BYTES {
                return Err(TooLong);
            }
            requests.push(Request::parse(line));
            self.begun.clear();
        }
        self.begun.extend_from_slice(rest);
        if self.begun.len() > LINE_BYTES + 1 { Err(TooLong) } else { Ok(requests) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Request {
        Request::parse(line.as_bytes())
    }

    #[test]
    fn lines_are_understood() {
        let asked = Request::Capabilities("twitch.tv/tags twitch.tv/commands".to_owned());
        assert_eq!(parsed("CAP REQ :twitch.tv/tags twitch.tv/commands"), asked);
        assert_eq!(parsed("cap LS 302"), Request::ListCapabilities);
        assert_eq!(parsed("NICK justinfan12"), Request::Nick("justinfan12".to_owned()));
        assert_eq!(parsed("JOIN #a,b,#c key"), Request::Join(vec!["a".to_owned(), "c".to_owned()]));
        assert_eq!(parsed("@x=1 :me PART :#a"), Request::Part(vec!["a".to_owned()]));
        assert_eq!(parsed("PING :two words"), Request::Ping(Some("two words".to_owned())));
        assert_eq!((parsed("PING"), parsed("PONG :x")), (Request::Ping(None), Request::Pong));
        assert_eq!(parsed("WHO #a"), Request::Unknown("WHO".to_owned()));
        for nothing in ["", " ", "@", ":", "@ : ", "PASS oauth:x", "PRIVMSG #a :b", "CAP END", "CAP"] {
            assert_eq!(parsed(nothing), Request::Ignored, "{nothing:?}");
        }
    }

    #[test]
    fn any_bytes_in_any_pieces_are_some_lines() {
        let mut bytes = Vec::new();
        for n in 0..20_000u64 {
            let draw = crate::dice::mix(n, 3);
            bytes.extend_from_slice(match draw % 8 {
                0 => b"JOIN #",
                1 => b"\r\n",
                2 => b" :",
                3 => b"@",
                _ => &[0; 0],
            });
            bytes.push((draw >> 8) as u8);
        }
        let mut whole = Lines::default();
        let at_once = whole.feed(&bytes).unwrap();
        for size in [1, 2, 7, 1_000] {
            let mut lines = Lines::default();
            let pieces: Vec<Request> = bytes.chunks(size).flat_map(|piece| lines.feed(piece).unwrap()).collect();
            assert_eq!(pieces, at_once, "{size}");
        }
    }

    #[test]
    fn long_lines_end_it() {
        let line = vec![b'x'; LINE_BYTES];
        assert!(Lines::default().feed(&[&line[..], b"\r\n"].concat()).is_ok());
        assert_eq!(Lines::default().feed(&[&line[..], b"x\r\n"].concat()), Err(TooLong));
        let mut endless = Lines::default();
        assert!(endless.feed(&line).is_ok());
        assert_eq!(endless.feed(&line), Err(TooLong));
    }
}
