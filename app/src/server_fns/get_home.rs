use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Postcard};

use crate::data::home::Home;
use crate::error::PageError;

/// What the home page shows.
#[server(prefix = "/api", endpoint = "home", input = GetUrl, output = Postcard)]
pub async fn get_home() -> Result<Home, PageError> {
    let site = crate::context::Site::current()?;
    crate::load::home::home(&site).await.map_err(PageError::told)
}
