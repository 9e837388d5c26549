// The macro makes a public field of each argument.
#![allow(missing_docs)]

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Postcard};
use model::login::Login;

use crate::data::trace::Trace;
use crate::error::PageError;
use crate::query::ZoneName;

/// What a viewer's samples give away beside everybody's, in a zone (the site's own), and what they would with nights, half of the channels or
/// minutes hidden.
#[server(prefix = "/api", endpoint = "viewer_trace", input = GetUrl, output = Postcard)]
pub async fn get_trace(
    login: Login,
    tz: Option<ZoneName>,
    nights: bool,
    split: bool,
    hours: bool,
) -> Result<Trace, PageError> {
    let hiding = crate::data::trace::Hiding { nights, split, hours };
    answer(login, tz, hiding).await.map_err(PageError::told)
}

#[cfg(feature = "ssr")]
async fn answer(login: Login, zone: Option<ZoneName>, hiding: crate::data::trace::Hiding) -> Result<Trace, PageError> {
    let site = crate::context::Site::current()?;
    let records = crate::load::held(&site).await?;
    // Nobody can sign in yet, so there is no visitor to be the owner.
    let key = store::access::viewer(&site.store, &login, site.viewer_pages, None).await?.ok_or(PageError::NotFound)?;
    crate::load::trace::trace(&site, &records, &key, login, zone, hiding).await
}
