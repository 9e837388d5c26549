//! Any page: what the server is asked for, and what is shown meanwhile and when it does not answer.
//!
//! One component for all pages on purpose: what waits, takes over and changes is then in the browser's program once.

use std::mem::discriminant;

/// How data travel, in the page and from server functions: field by field, without names. The code that reads JSON
/// weighs three times as much in the browser.
use codee::binary::PostcardCodec as Compact;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::components::{external, here, speech};
use crate::data::Answer;
use crate::error::PageError;
use crate::head::Head;
use crate::node::{Node, el};
use crate::pages::{about, channel, error, going, home, search, skeleton, viewer};
use crate::place::Place;
#[cfg(feature = "ssr")]
use crate::query::Switch;
use crate::server_fns::{get_channel_day, get_home, get_search, get_viewer_day};
use crate::texts::td_string;

/// The page of the current address. The last answer stays while the next one is on its way, and when the connection is
/// lost.
#[component]
pub(crate) fn Page() -> impl IntoView {
    let location = use_location();
    // The page of another kind has a component of its own: this one asks for it no more.
    let place = Memo::new(move |last: Option<&Place>| {
        let query = location.query.get();
        let next = Place::of(&location.pathname.get(), |name| query.get(name));
        last.filter(|last| discriminant(*last) != discriminant(&next)).cloned().unwrap_or(next)
    });
    let answer: Resource<Result<Answer, PageError>, Compact> =
        Resource::new_with_options(move || place.get(), ask, false);
    let last = StoredValue::new(None::<(Place, Answer)>);
    let follow = going::follower();
    let shown = move || {
        let follow = follow.clone();
        Suspend::new(async move {
            let answer = answer.await;
            let place = place.get_untracked();
            if let Ok(Answer::Found(found)) = &answer {
                follow(&going::path(found));
            }
            let shown = move || {
                let (head, body) = match answer {
                    Ok(answer) => {
                        last.set_value(Some((place.clone(), answer.clone())));
                        draw(&place, answer)
                    }
                    Err(PageError::Login(wrong)) if matches!(place, Place::Search(_)) => {
                        search::page(&place, Some(wrong))
                    }
                    Err(error) => match last.get_value().filter(|_| error == PageError::Offline) {
                        Some((place, answer)) => {
                            let (head, body) = draw(&place, answer);
                            (head, el("div").child(lost()).child(body).into())
                        }
                        None => error::page(&error),
                    },
                };
                head.write();
                body
            };
            Node::Late(Box::new(shown))
        })
    };
    view! { <Transition fallback=skeleton::page>{shown}</Transition> }
}

/// What a page needs. Errors: the page's; the status of the answer is set.
async fn ask(place: Place) -> Result<Answer, PageError> {
    match place {
        Place::Home => get_home().await.map(|home| Answer::Home(Box::new(home))),
        Place::About | Place::Search(None) => Ok(Answer::Plain),
        Place::Search(Some(typed)) => get_search(typed).await.map(Answer::Found),
        Place::Viewer(login, query) => {
            let login = login.map_err(|error| PageError::Login(error).told())?;
            let day = get_viewer_day(login, query.day.get(), query.zone.get()).await?;
            Ok(Answer::Viewer(Box::new(day)))
        }
        #[cfg(feature = "ssr")]
        Place::Habits(login, query) => {
            let login = login.map_err(|error| PageError::Login(error).told())?;
            let (from, to, zone) = (query.from.get(), query.to.get(), query.zone.get());
            let holidays = query.holidays.get().is_none_or(|Switch(on)| on);
            let habits = crate::server_fns::get_habits(login, from, to, zone, holidays).await?;
            Ok(Answer::Habits(Box::new(habits)))
        }
        #[cfg(feature = "ssr")]
        Place::Trace(login, query) => {
            let login = login.map_err(|error| PageError::Login(error).told())?;
            let crate::data::trace::Hiding { nights, split, hours } = query.hiding;
            let trace = crate::server_fns::get_trace(login, query.zone.get(), nights, split, hours).await?;
            Ok(Answer::Trace(Box::new(trace)))
        }
        Place::Channel(login, query) => {
            let login = login.map_err(|error| PageError::Login(error).told())?;
            let day = get_channel_day(login, query.day.get(), query.zone.get()).await?;
            Ok(Answer::Channel(Box::new(day)))
        }
        Place::Nowhere => Err(PageError::NotFound.told()),
        #[cfg(feature = "ssr")]
        Place::ChannelFigures(login, query) => {
            let login = login.map_err(|error| PageError::Login(error).told())?;
            let figures = crate::server_fns::get_channel_figures(login, query.range.get(), query.zone.get()).await?;
            Ok(Answer::ChannelFigures(Box::new(figures)))
        }
        #[cfg(feature = "ssr")]
        Place::Explore(query) => {
            let explore = crate::server_fns::get_explore(query.range.get(), query.zone.get()).await?;
            Ok(Answer::Explore(Box::new(explore)))
        }
        #[cfg(feature = "ssr")]
        Place::Validation => Ok(Answer::Plain),
    }
}

fn draw(place: &Place, answer: Answer) -> (Head, Node) {
    match (place, answer) {
        (_, Answer::Home(home)) => home::page(*home),
        (_, Answer::Found(found)) => going::page(&found),
        (Place::Viewer(_, query), Answer::Viewer(day)) => viewer::page(*day, query),
        #[cfg(feature = "ssr")]
        (Place::Habits(_, query), Answer::Habits(habits)) => crate::pages::habits::page(*habits, query),
        #[cfg(feature = "ssr")]
        (Place::Trace(_, query), Answer::Trace(trace)) => crate::pages::trace::page(&trace, query),
        (Place::Channel(_, query), Answer::Channel(day)) => channel::page(*day, query),
        #[cfg(feature = "ssr")]
        (Place::ChannelFigures(_, query), Answer::ChannelFigures(figures)) => {
            crate::pages::channel_figures::page(&figures, query)
        }
        #[cfg(feature = "ssr")]
        (Place::Explore(query), Answer::Explore(explore)) => crate::pages::explore::page(&explore, query),
        #[cfg(feature = "ssr")]
        (Place::Validation, _) => match crate::data::validation::report() {
            Some(report) => crate::pages::validation::page(report),
            None => error::page(&PageError::NotFound),
        },
        (Place::About, _) => about::page(),
        (Place::Search(_), _) => search::page(place, None),
        // An answer belongs to the place it was asked for: no other pair is made.
        _ => error::page(&PageError::NotFound),
    }
}

/// Says that the connection is lost, and how to ask again.
fn lost() -> Node {
    let (_, locale) = speech();
    let again = external(here(), td_string!(locale, day.retry));
    let text = el("span").class("wrap").text(td_string!(locale, day.offline)).text(" ").child(again);
    el("p").class("lost").attr("role", "alert").child(text).into()
}
