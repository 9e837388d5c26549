//! What the server is asked for, and what is shown meanwhile and when it does not answer.

use std::future::Future;

/// How data travel, in the page and from server functions: field by field, without names. The code that reads JSON
/// weighs three times as much in the browser.
pub(crate) use codee::binary::PostcardCodec as Compact;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error_view::ErrorView;
use super::skeleton::Skeleton;
use super::speech;
use super::whole::Whole;
use crate::error::PageError;
use crate::texts::td_string;

/// Shows what `fetch` answers for `source`, drawn by `draw`; the last answer stays while the next one is on its way, and
/// when the connection is lost.
pub(crate) fn remote<S, T, F, V>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> F + Send + Sync + 'static,
    draw: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, PageError>> + Send + 'static,
    V: IntoView + 'static,
{
    let answer: Resource<Result<T, PageError>, Compact> = Resource::new_with_options(source, fetch, false);
    let last = StoredValue::new(None::<T>);
    let shown = move || {
        let draw = draw.clone();
        Suspend::new(async move {
            match answer.await {
                Ok(data) => {
                    last.set_value(Some(data.clone()));
                    Whole(draw(data)).into_any()
                }
                Err(error) => match last.get_value().filter(|_| error == PageError::Offline) {
                    Some(data) => Whole(view! { <Lost/> {draw(data)} }).into_any(),
                    None => Whole(view! { <ErrorView error/> }).into_any(),
                },
            }
        })
    };
    view! { <Transition fallback=Skeleton>{shown}</Transition> }
}

/// Says that the connection is lost.
#[component]
fn Lost() -> impl IntoView {
    let (_, locale) = speech();
    view! { <p class="lost" role="alert"><span class="wrap">{td_string!(locale, day.offline)}</span></p> }
}
