//! What makes a whole country's Twitch of a community of regulars.
//!
//! A community is small and knows itself: its accounts are all that ever come, a third of them on a given day, and for
//! long. A crowd is told by the people of one day, as a country's Twitch is: nearly all of its accounts come on each
//! day, most of them for a short while, a few from morning to night.

/// Worlds of more viewers than this are crowds.
pub(crate) const COMMUNITY_MAX: u32 = 100_000;

/// Bots of a world, at most: those who run them want channels, not a share of the public.
pub(crate) const BOTS_MAX: u32 = 160;

/// How much somebody of a crowd watches. It is heavy-tailed: most watch once and for an hour, a few all day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rhythm {
    /// Days on which they come, 0–1: on the others they are ill, away or busy.
    pub(crate) active: f64,
    /// How often they use a window, against what the plan of their occupation says; who would use none takes one.
    pub(crate) keen: f64,
    /// How much of a window they stay; past 1 until its end.
    pub(crate) stay: f64,
}

/// The rhythm of somebody, from a number of theirs in [0, 1).
pub(crate) fn rhythm(eager: f64) -> Rhythm {
    let square = eager * eager;
    let fourth = square * square;
    Rhythm { active: 0.985, keen: 0.05 + 2.2 * fourth * square, stay: 0.33 + 0.32 * eager + 2.2 * fourth * square }
}
