// The macro makes a public field of each argument.
#![allow(missing_docs)]

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Postcard};
use model::day::Day;
use model::login::Login;

use crate::data::viewer::ViewerDay;
use crate::error::PageError;
use crate::query::ZoneName;

/// A viewer's page on a local day (the last active one where none is asked) in a zone (the site's own).
#[server(prefix = "/api", endpoint = "viewer_day", input = GetUrl, output = Postcard)]
pub async fn get_viewer_day(login: Login, day: Option<Day>, tz: Option<ZoneName>) -> Result<ViewerDay, PageError> {
    answer(login, day, tz).await.map_err(PageError::told)
}

#[cfg(feature = "ssr")]
async fn answer(login: Login, day: Option<Day>, tz: Option<ZoneName>) -> Result<ViewerDay, PageError> {
    let site = crate::context::Site::current()?;
    let records = crate::load::held(&site).await?;
    // Nobody can sign in yet, so there is no visitor to be the owner.
    let key = store::access::viewer(&site.store, &login, site.viewer_pages, None).await?.ok_or(PageError::NotFound)?;
    crate::load::viewer::viewer_day(&site, &records, &key, login, day, tz.as_ref()).await
}
