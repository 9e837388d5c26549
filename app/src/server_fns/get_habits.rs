// The macro makes a public field of each argument.
#![allow(missing_docs)]

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Postcard};
use model::day::Day;
use model::login::Login;

use crate::data::habits::Habits;
use crate::error::PageError;
use crate::query::ZoneName;

/// What a viewer's samples from one local day to another say (of the last 400 that are kept, where none is asked), in a zone (the site's own),
/// with public holidays among weekends or not.
#[server(prefix = "/api", endpoint = "viewer_habits", input = GetUrl, output = Postcard)]
pub async fn get_habits(
    login: Login,
    from: Option<Day>,
    to: Option<Day>,
    tz: Option<ZoneName>,
    holidays: bool,
) -> Result<Habits, PageError> {
    let asked = crate::load::habits::Asked { zone: tz, from, to, holidays };
    answer(login, asked).await.map_err(PageError::told)
}

#[cfg(feature = "ssr")]
async fn answer(login: Login, asked: crate::load::habits::Asked) -> Result<Habits, PageError> {
    let site = crate::context::Site::current()?;
    let records = crate::load::held(&site).await?;
    // Nobody can sign in yet, so there is no visitor to be the owner.
    let key = store::access::viewer(&site.store, &login, site.viewer_pages, None).await?.ok_or(PageError::NotFound)?;
    crate::load::habits::habits(&site, &records, &key, login, asked).await
}
