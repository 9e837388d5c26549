// The macro makes a public field of each argument.
#![allow(missing_docs)]

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Postcard};
use model::day::Day;
use model::login::Login;

use crate::data::channel::ChannelDay;
use crate::error::PageError;
use crate::query::ZoneName;

/// A channel's page on a local day (the last one on air where none is asked) in a zone (the site's own).
#[server(prefix = "/api", endpoint = "channel_day", input = GetUrl, output = Postcard)]
pub async fn get_channel_day(login: Login, day: Option<Day>, tz: Option<ZoneName>) -> Result<ChannelDay, PageError> {
    answer(login, day, tz).await.map_err(PageError::told)
}

#[cfg(feature = "ssr")]
async fn answer(login: Login, day: Option<Day>, tz: Option<ZoneName>) -> Result<ChannelDay, PageError> {
    let site = crate::context::Site::current()?;
    let records = crate::load::held(&site).await?;
    crate::load::channel::channel_day(&site, &records, login, day, tz.as_ref()).await
}
