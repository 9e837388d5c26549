//! Which page an address asks for.

use model::login::{Login, LoginError};
use percent_encoding::percent_decode_str;

use crate::language::Language;
use crate::query::DayQuery;
#[cfg(feature = "ssr")]
use crate::query::{HabitsQuery, RangeQuery, TraceQuery};

/// A page, and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `/{lang}`.
    Home,
    /// `/{lang}/about`.
    About,
    /// `/{lang}/search?q=`: what was typed, if anything was.
    Search(Option<String>),
    /// `/{lang}/viewer/{login}?day&tz`.
    Viewer(Result<Login, LoginError>, DayQuery),
    /// `/{lang}/viewer/{login}/habits?from&to&tz&holidays`: of the server alone.
    #[cfg(feature = "ssr")]
    Habits(Result<Login, LoginError>, HabitsQuery),
    /// `/{lang}/viewer/{login}/trace?tz&nights&split&hours`: of the server alone.
    #[cfg(feature = "ssr")]
    Trace(Result<Login, LoginError>, TraceQuery),
    /// `/{lang}/channel/{login}?day&tz`.
    Channel(Result<Login, LoginError>, DayQuery),
    /// Any other address, or a language that we do not speak.
    Nowhere,
    /// `/{lang}/channel/{login}/figures?range&tz`: of the server alone.
    #[cfg(feature = "ssr")]
    ChannelFigures(Result<Login, LoginError>, RangeQuery),
    /// `/{lang}/explore?range&tz`: of the server alone.
    #[cfg(feature = "ssr")]
    Explore(RangeQuery),
    /// `/{lang}/validation`: of the server alone.
    #[cfg(feature = "ssr")]
    Validation,
}

impl Place {
    /// Whether the server alone draws it.
    #[cfg(feature = "ssr")]
    pub fn is_servers(&self) -> bool {
        matches!(
            self,
            Place::Habits(..) | Place::Trace(..) | Place::ChannelFigures(..) | Place::Explore(..) | Place::Validation
        )
    }

    /// From a path and the values of a query.
    pub fn of(path: &str, value: impl Fn(&str) -> Option<String>) -> Place {
        let day = || DayQuery::parse(value("day").as_deref(), value("tz").as_deref());
        // What may stand for itself may be escaped all the same (RFC 3986, 2.3).
        let login = |text: &str| percent_decode_str(text).decode_utf8_lossy().parse();
        let mut parts = path.strip_prefix('/').unwrap_or(path).split('/');
        if parts.next().and_then(Language::from_code).is_none() {
            return Place::Nowhere;
        }
        let (first, second, third) = (parts.next(), parts.next(), parts.next());
        match (first, second, third) {
            (None, ..) => Place::Home,
            (Some("about"), None, _) => Place::About,
            (Some("search"), None, _) => Place::Search(value("q")),
            (Some("viewer"), Some(text), None) => Place::Viewer(login(text), day()),
            #[cfg(feature = "ssr")]
            (Some("viewer"), Some(text), Some("habits")) if parts.next().is_none() => {
                Place::Habits(login(text), HabitsQuery::parse(value))
            }
            #[cfg(feature = "ssr")]
            (Some("viewer"), Some(text), Some("trace")) if parts.next().is_none() => {
                Place::Trace(login(text), TraceQuery::parse(value))
            }
            (Some("channel"), Some(text), None) => Place::Channel(login(text), day()),
            #[cfg(feature = "ssr")]
            (Some("channel"), Some(text), Some("figures")) if parts.next().is_none() => {
                Place::ChannelFigures(login(text), RangeQuery::parse(value))
            }
            #[cfg(feature = "ssr")]
            (Some("explore"), None, _) => Place::Explore(RangeQuery::parse(value)),
            #[cfg(feature = "ssr")]
            (Some("validation"), None, _) => Place::Validation,
            _ => Place::Nowhere,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "ssr")]
    #[test]
    fn a_trace_has_an_address() {
        let at = |path, on: &'static str| Place::of(path, move |name| (name == on).then(|| "1".to_owned()));
        let Place::Trace(Ok(login), query) = at("/fr/viewer/_noctule/trace", "split") else { panic!("elsewhere") };
        assert_eq!((login.as_str(), query.hiding.split, query.hiding.nights), ("_noctule", true, false));
        assert_eq!(at("/fr/viewer/_noctule/trace/x", "split"), Place::Nowhere);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn habits_have_an_address() {
        let at = |path| Place::of(path, |name| (name == "from").then(|| "2026-11-01".to_owned()));
        let Place::Habits(Ok(login), query) = at("/fr/viewer/_noctule/habits") else { panic!("elsewhere") };
        assert_eq!((login.as_str(), query.from.get()), ("_noctule", "2026-11-01".parse().ok()));
        assert_eq!(query.holidays, crate::query::Asked::Nothing);
        assert_eq!(at("/fr/viewer/_noctule/habits/x"), Place::Nowhere);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn figures_have_addresses() {
        let at = |path, range: &'static str| Place::of(path, |name| (name == "range").then(|| range.to_owned()));
        let Place::ChannelFigures(Ok(login), query) = at("/fr/channel/_radio/figures", "90") else {
            panic!("elsewhere")
        };
        assert_eq!((login.as_str(), query.range.get()), ("_radio", Some(90)));
        let Place::Explore(query) = at("/en/explore", "x") else { panic!("elsewhere") };
        assert_eq!(query.range, crate::query::Asked::Malformed);
        for nowhere in ["/fr/channel/_radio/figures/x", "/fr/channel/_radio/x", "/en/explore/x", "/de/explore"] {
            assert_eq!(at(nowhere, "7"), Place::Nowhere, "{nowhere}");
        }
    }

    #[test]
    fn every_address_is_a_place() {
        let at = |path| Place::of(path, |name| (name == "day").then(|| "2026-11-22".to_owned()));
        let day = DayQuery::parse(Some("2026-11-22"), None);
        assert_eq!(at("/fr"), Place::Home);
        assert_eq!(at("/en/about"), Place::About);
        assert_eq!(at("/en/search"), Place::Search(None));
        assert_eq!(at("/en/viewer/_Noctule"), Place::Viewer("_noctule".parse(), day.clone()));
        assert_eq!(at("/en/viewer/%5Fnoctule"), Place::Viewer("_noctule".parse(), day.clone()));
        assert_eq!(at("/en/viewer/%ff%zz%2F"), Place::Viewer(Err(LoginError::Character), day.clone()));
        assert_eq!(at("/fr/channel/a%20b"), Place::Channel(Err(LoginError::Character), day));
        for nowhere in ["", "/", "/de", "/de/viewer/a", "/fr/viewer", "/fr/viewer/a/b", "/fr/about/x", "/fr/", "//fr"] {
            assert_eq!(at(nowhere), Place::Nowhere, "{nowhere}");
        }
    }
}
