// The macro makes a public field of each argument.
#![allow(missing_docs)]

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Postcard};
use model::login::Login;

use crate::data::channel_figures::ChannelFigures;
use crate::error::PageError;
use crate::query::ZoneName;

/// What a channel's last days say, 7, 30 or 90 of them (30 where no other is asked for, and where there is no such range), with hours of
/// a zone (the site's own).
#[server(prefix = "/api", endpoint = "channel_figures", input = GetUrl, output = Postcard)]
pub async fn get_channel_figures(
    login: Login,
    range: Option<u16>,
    tz: Option<ZoneName>,
) -> Result<ChannelFigures, PageError> {
    answer(login, range, tz).await.map_err(PageError::told)
}

#[cfg(feature = "ssr")]
async fn answer(login: Login, range: Option<u16>, tz: Option<ZoneName>) -> Result<ChannelFigures, PageError> {
    let site = crate::context::Site::current()?;
    let records = crate::load::held(&site).await?;
    crate::load::channel_figures::channel_figures(&site, &records, &login, range, tz.as_ref()).await
}
