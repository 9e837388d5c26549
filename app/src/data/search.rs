//! Where a search leads.

use model::login::Login;
use serde::{Deserialize, Serialize};

/// The answer to a search: nobody's presence is looked up, only whether there is such a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// A channel that we follow.
    Channel(Login),
    /// Any other name.
    Viewer(Login),
}

impl Found {
    /// The page it leads to, below the language: `channel/luna`.
    pub fn path(&self) -> String {
        match self {
            Found::Channel(login) => format!("channel/{login}"),
            Found::Viewer(login) => format!("viewer/{login}"),
        }
    }
}
