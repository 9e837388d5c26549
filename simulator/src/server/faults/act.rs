//! Numbers requests, does what is drawn for them, and notes both.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, stream};

use super::{Call, Fault, HttpFaults};
use crate::server::answer::{Limits, bearer, error};
use crate::server::line::Cut;
use crate::server::log::{Entry, Note, path};
use crate::server::state::State;

/// What an answer is to go wrong in, for whoever makes it.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::server) struct OfContents(pub(in crate::server) Option<Fault>);

/// All routes go through here.
pub(in crate::server) async fn answered(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    mut request: Request,
    next: Next,
) -> Response {
    let number = state.requests.fetch_add(1, Ordering::Relaxed);
    state.settings.latency.delay(number).await;
    let faults = state.faults.get();
    let call = Call::of(request.uri());
    let drawn = call.and_then(|call| faults.draw(number, call));
    if drawn == Some(Fault::Slow) {
        tokio::time::sleep(Duration::from_millis(faults.slow_ms)).await;
    }
    let (of_contents, of_answer) = (drawn.filter(|f| f.is_of_contents()), drawn.filter(|f| !f.is_of_contents()));
    request.extensions_mut().insert(OfContents(of_contents));
    let (path, headers) = (path(request.uri()), request.headers().clone());
    let response = match of_answer {
        // What a token is asked for with must not be used up where nothing comes back.
        Some(fault) if call == Some(Call::Oauth) && fault != Fault::Slow => Response::default(),
        _ => next.run(request).await,
    };
    let told = response.extensions().get::<Note>().copied();
    // Where nothing comes anyhow, nothing goes wrong.
    let outage = told.is_some_and(|told| told.outage);
    let of_answer = of_answer.filter(|_| !outage);
    let status = match of_answer {
        Some(Fault::Reset) => None,
        Some(fault) => Some(status(fault).unwrap_or(response.status())),
        None => Some(response.status()),
    };
    state.log.push(Entry {
        number,
        path,
        at: (state.clock)(),
        slot: told.map(|told| told.slot),
        status: status.map(|status| status.as_u16()),
        truly: told.and_then(|told| told.truly),
        told: told.and_then(|told| told.told).filter(|_| matches!(of_answer, None | Some(Fault::Slow))),
        fault: of_answer.or(told.and_then(|told| told.fault)),
        outage,
    });
    match of_answer {
        Some(fault) => done(fault, &faults, response, &state, &headers, cut).await,
        None => response,
    }
}

/// The status of answers that a fault takes the place of.
fn status(fault: Fault) -> Option<StatusCode> {
    match fault {
        Fault::BadGateway => Some(StatusCode::BAD_GATEWAY),
        Fault::Empty | Fault::Stuck => Some(StatusCode::OK),
        Fault::RetryAfter | Fault::Ratelimit | Fault::TooMany => Some(StatusCode::TOO_MANY_REQUESTS),
        Fault::Expired => Some(StatusCode::UNAUTHORIZED),
        Fault::InvalidCursor => Some(StatusCode::BAD_REQUEST),
        _ => None,
    }
}

async fn done(
    fault: Fault,
    faults: &HttpFaults,
    response: Response,
    state: &State,
    headers: &HeaderMap,
    cut: Cut,
) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    match fault {
        Fault::BadGateway => {
            let html = "<html><head><title>502 Bad Gateway</title></head></html>";
            (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], html).into_response()
        }
        Fault::Truncated => {
            let (parts, whole) = whole(response).await;
            Response::from_parts(parts, Body::from(whole.slice(..whole.len() / 2)))
        }
        Fault::Empty => (json, "").into_response(),
        Fault::Stuck => {
            let stop = state.stop.clone();
            let nothing = async move {
                stop.cancelled().await;
                Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionAborted))
            };
            (json, Body::from_stream(stream::once(nothing))).into_response()
        }
        Fault::Reset => {
            cut.now();
            // The connection is dropped, and this with it.
            std::future::pending().await
        }
        Fault::ResetInBody => {
            let (mut parts, whole) = whole(response).await;
            parts.headers.insert(header::CONTENT_LENGTH, whole.len().into());
            let half = whole.slice(..whole.len() / 2);
            let reset = async move {
                // What came before is sent while nothing is at hand.
                tokio::task::yield_now().await;
                cut.now();
                std::future::pending().await
            };
            let body = stream::iter([Ok::<_, io::Error>(half)]).chain(stream::once(reset));
            Response::from_parts(parts, Body::from_stream(body))
        }
        Fault::RetryAfter => {
            let mut response = error(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
            response.headers_mut().insert(header::RETRY_AFTER, faults.wait_seconds.into());
            response
        }
        Fault::Ratelimit => {
            let mut response = error(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
            let now = (state.clock)();
            let limit = state.settings.calls_per_minute;
            Limits { limit, remaining: 0, reset: now + i64::from(faults.wait_seconds) }.tell(&mut response, now);
            response
        }
        Fault::TooMany => error(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"),
        Fault::Expired => {
            state.tokens().expire(bearer(headers, &["Bearer "]).unwrap_or_default());
            error(StatusCode::UNAUTHORIZED, "Invalid OAuth token")
        }
        Fault::InvalidCursor => error(StatusCode::BAD_REQUEST, "Invalid cursor"),
        // The first one was waited for, the others were done by whoever made the answer.
        Fault::Slow
        | Fault::FalseZero
        | Fault::CutOff
        | Fault::ShortPage
        | Fault::Duplicate
        | Fault::Gap
        | Fault::CursorLoop => response,
    }
}

/// A response in pieces, with all of its body.
async fn whole(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    // It is made of what is in memory: there is nothing that could fail.
    (parts, to_bytes(body, usize::MAX).await.unwrap_or_default())
}
