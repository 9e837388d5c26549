//! Server functions: one a file, read by `GET`, at fixed paths. Each parses, checks access, asks and answers.
//!
//! Arguments are types of `model` and [`crate::query`]: what is malformed does not reach them and is answered 400.

mod get_channel_day;
mod get_channel_figures;
mod get_explore;
mod get_habits;
mod get_home;
mod get_search;
mod get_trace;
mod get_viewer_day;

pub use get_channel_day::{GetChannelDay, get_channel_day};
pub use get_channel_figures::{GetChannelFigures, get_channel_figures};
pub use get_explore::{GetExplore, get_explore};
pub use get_habits::{GetHabits, get_habits};
pub use get_home::{GetHome, get_home};
pub use get_search::{GetSearch, get_search};
pub use get_trace::{GetTrace, get_trace};
pub use get_viewer_day::{GetViewerDay, get_viewer_day};
