// The macro makes a public field of each argument.
#![allow(missing_docs)]

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Postcard};

use crate::data::search::Found;
use crate::error::PageError;

/// Where a name leads: to its channel where we follow one, else to the viewer. Viewers are not looked up.
#[server(prefix = "/api", endpoint = "search", input = GetUrl, output = Postcard)]
pub async fn get_search(q: String) -> Result<Found, PageError> {
    answer(&q).await.map_err(PageError::told)
}

#[cfg(feature = "ssr")]
async fn answer(q: &str) -> Result<Found, PageError> {
    use store::Store as _;
    let site = crate::context::Site::current()?;
    let login = model::search::parse_search(q).map_err(PageError::Login)?;
    let is_channel = site.store.channel(&login).await?.is_some();
    Ok(if is_channel { Found::Channel(login) } else { Found::Viewer(login) })
}
