//! What server functions answer: typed, small, and the same for the server's page and the browser's.

pub mod by_hour;
pub mod channel;
pub mod channel_figures;
pub mod day_choice;
pub mod explore;
pub mod habits;
pub mod home;
pub mod local_day;
pub mod period;
pub mod search;
pub mod seen;
pub mod trace;
#[cfg(feature = "ssr")]
pub(crate) mod validation;
pub mod viewer;

use serde::{Deserialize, Serialize};

/// What a page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Answer {
    Home(Box<home::Home>),
    Viewer(Box<viewer::ViewerDay>),
    Channel(Box<channel::ChannelDay>),
    /// Where a search leads.
    Found(search::Found),
    /// A page that needs nothing: the method, the search's form.
    Plain,
    /// The server alone draws these, so that they are the last: those before have the same numbers in the browser.
    #[cfg(feature = "ssr")]
    Habits(Box<habits::Habits>),
    #[cfg(feature = "ssr")]
    Trace(Box<trace::Trace>),
    #[cfg(feature = "ssr")]
    ChannelFigures(Box<channel_figures::ChannelFigures>),
    #[cfg(feature = "ssr")]
    Explore(Box<explore::Explore>),
}

/// For how many days what is about people is kept, at least: a month goes as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptDays {
    /// Slot by slot.
    pub slots: u16,
    /// By hour, from then on; after that nothing is kept.
    pub hours: u16,
}

/// Slots [from, to), counted from the start of what is shown. On the wire `[from, to]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch(pub u32, pub u32);

impl Stretch {
    /// How many slots.
    pub fn slots(self) -> u32 {
        self.1.saturating_sub(self.0)
    }
}

impl From<Stretch> for charts::stretch::Stretch {
    fn from(stretch: Stretch) -> charts::stretch::Stretch {
        charts::stretch::Stretch::new(stretch.0, stretch.1)
    }
}

/// A stretch with one title and one game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// When.
    pub at: Stretch,
    /// The game or category; empty when unknown.
    pub game: String,
    /// The title; empty when unknown.
    pub title: String,
}

impl Stretch {
    /// The slots of it, counted from the start of `window`.
    pub(crate) fn of(self, window: model::slot::Span) -> model::slot::Span {
        model::slot::Span { from: window.from + self.0 as i32, to: window.from + self.1 as i32 }
    }

    /// A span, counted from the start of `window`, cut to it.
    pub(crate) fn within(window: model::slot::Span, span: model::slot::Span) -> Stretch {
        let at = |slot: model::slot::SlotTime| (slot.clamp(window.from, window.to) - window.from) as u32;
        Stretch(at(span.from), at(span.to))
    }
}

impl Scene {
    pub(crate) fn within(window: model::slot::Span, scene: &model::channel_schedule::Scene) -> Scene {
        Scene { at: Stretch::within(window, scene.span), game: scene.game.clone(), title: scene.title.clone() }
    }
}
