use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::data::search::Found;
use crate::error::PageError;

/// Where a name leads: to its channel where we follow one, else to the viewer. Viewers are not looked up.
#[server(prefix = "/api", endpoint = "search", input = GetUrl)]
pub async fn get_search(q: String) -> Result<Found, PageError> {
    use store::Store as _;
    let site = crate::context::Site::current()?;
    let login = model::search::parse_search(&q).map_err(|error| PageError::Login(error).told())?;
    let channel = site.store.channel(&login).await.map_err(|error| PageError::from(error).told())?;
    Ok(if channel.is_some() { Found::Channel(login) } else { Found::Viewer(login) })
}
