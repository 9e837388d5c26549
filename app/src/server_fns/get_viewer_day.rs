use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use model::day::Day;
use model::login::Login;

use crate::data::viewer::ViewerDay;
use crate::error::PageError;
use crate::query::ZoneName;

/// A viewer's page on a local day (the last active one where none is asked) in a zone (the site's own).
#[server(prefix = "/api", endpoint = "viewer_day", input = GetUrl)]
pub async fn get_viewer_day(login: Login, day: Option<Day>, tz: Option<ZoneName>) -> Result<ViewerDay, PageError> {
    let site = crate::context::Site::current()?;
    // Nobody can sign in yet, so there is no visitor to be the owner.
    let key = store::access::viewer(&site.store, &login, site.viewer_pages, None).await;
    let key = key.map_err(PageError::from).and_then(|key| key.ok_or(PageError::NotFound)).map_err(PageError::told)?;
    crate::load::viewer::viewer_day(&site, &key, login, day, tz.as_ref()).await.map_err(PageError::told)
}
