// The macro makes a public field of each argument.
#![allow(missing_docs)]

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Postcard};

use crate::data::explore::Explore;
use crate::error::PageError;
use crate::query::ZoneName;

/// What the last days say of everything that is followed, 7, 30 or 90 of them (30 where no other is asked for, and where there is no such
/// range), with hours of a zone (the site's own).
#[server(prefix = "/api", endpoint = "explore", input = GetUrl, output = Postcard)]
pub async fn get_explore(range: Option<u16>, tz: Option<ZoneName>) -> Result<Explore, PageError> {
    answer(range, tz).await.map_err(PageError::told)
}

#[cfg(feature = "ssr")]
async fn answer(range: Option<u16>, tz: Option<ZoneName>) -> Result<Explore, PageError> {
    let site = crate::context::Site::current()?;
    let records = crate::load::held(&site).await?;
    crate::load::explore::explore(&site, &records, range, tz.as_ref()).await
}
