//! Which request meets which fault.

use axum::http::Uri;

use super::{Fault, HttpFaults};
use crate::dice::{fraction, mix};

/// A call that faults happen to. Pages that people look at have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::server) enum Call {
    /// `/helix/streams`.
    Streams {
        /// For channels that it names, not page after page.
        named: bool,
        /// From a cursor on.
        after: bool,
    },
    /// `/helix/users`.
    Users,
    /// `/helix/chat/chatters`.
    Chat {
        /// From a cursor on.
        after: bool,
    },
    /// The chatters endpoint.
    Chatters,
    /// Tokens.
    Oauth,
}

impl Call {
    pub(in crate::server) fn of(uri: &Uri) -> Option<Call> {
        let keys = || uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let after = || keys().any(|(key, value)| key == "after" && !value.is_empty());
        match uri.path() {
            "/helix/streams" => {
                let named = keys().any(|(key, _)| matches!(key, "user_id" | "user_login"));
                Some(Call::Streams { named, after: after() })
            }
            "/helix/users" => Some(Call::Users),
            "/helix/chat/chatters" => Some(Call::Chat { after: after() }),
            "/oauth2/token" | "/oauth2/validate" | "/oauth2/device" => Some(Call::Oauth),
            path => path.starts_with("/group/user/").then_some(Call::Chatters),
        }
    }
}

impl Fault {
    /// Whether it can happen to a call.
    pub(super) fn fits(self, call: Call) -> bool {
        let is_helix = !matches!(call, Call::Chatters | Call::Oauth);
        match self {
            Fault::BadGateway
            | Fault::Empty
            | Fault::Slow
            | Fault::Stuck
            | Fault::Reset
            | Fault::RetryAfter
            | Fault::Ratelimit
            | Fault::TooMany => true,
            // The answer was made then: a refresh token would be used up, and the next one lost.
            Fault::Truncated | Fault::ResetInBody => call != Call::Oauth,
            Fault::FalseZero => call == Call::Chatters,
            Fault::CutOff => matches!(call, Call::Chatters | Call::Chat { .. }),
            Fault::Expired => is_helix,
            Fault::InvalidCursor => matches!(call, Call::Streams { after: true, .. } | Call::Chat { after: true }),
            Fault::ShortPage | Fault::CursorLoop => matches!(call, Call::Streams { .. } | Call::Chat { .. }),
            // Whoever is asked for by name is told of.
            Fault::Duplicate | Fault::Gap => matches!(call, Call::Streams { named: false, .. } | Call::Chat { .. }),
        }
    }
}

impl HttpFaults {
    /// What goes wrong with the request of this number, if anything does.
    pub(in crate::server) fn draw(&self, request: u64, call: Call) -> Option<Fault> {
        let mut left = fraction(mix(self.seed ^ 0x6874_7470, request));
        Fault::ALL.into_iter().filter(|fault| fault.fits(call)).find(|fault| {
            left -= self.probability(*fault);
            left < 0.0
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_fault_that_fits_happens_as_often_as_it_is_told() {
        let faults = HttpFaults { seed: 3, ..HttpFaults::each(0.05) };
        let calls = [
            "/helix/streams?first=100&after=from100",
            "/helix/streams?user_id=1&first=1",
            "/helix/users?login=a",
            "/helix/chat/chatters?broadcaster_id=1&after=",
            "/group/user/_a/chatters",
            "/oauth2/token",
        ];
        for call in calls {
            let call = Call::of(&call.parse().unwrap()).unwrap();
            let mut met = BTreeMap::new();
            for request in 0..20_000 {
                *met.entry(faults.draw(request, call)).or_insert(0) += 1;
            }
            for fault in Fault::ALL {
                let times = met.get(&Some(fault)).copied().unwrap_or(0);
                let expected = if fault.fits(call) { 900..1_100 } else { 0..1 };
                assert!(expected.contains(&times), "{call:?} {fault:?} {times}");
            }
        }
        assert_eq!(Call::of(&"/activate?device-code=1".parse().unwrap()), None);
        let draw = |seed| (0..50).map(|n| HttpFaults { seed, ..faults }.draw(n, Call::Chatters)).collect::<Vec<_>>();
        assert_eq!(draw(4), draw(4));
        assert_ne!(draw(4), draw(5));
        assert_eq!(HttpFaults::default().draw(7, Call::Users), None);
    }
}
