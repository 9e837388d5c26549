//! Figures of the running program, in Prometheus' text format, on an address of their own: visitors need not reach it.
//!
//! Whoever has something to count does so through the facade `metrics`; here it is given names, meanings, and to whoever
//! asks. The format: <https://prometheus.io/docs/instrumenting/exposition_formats/>.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use app::crowd::CrowdIndex;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use collector::clock::Clock;
use importer::crowd::pass::CrowdReport;
use importer::import::ImportReport;
use importer::nightly::pass::NightsReport;
use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use store::AnyStore;

use crate::http::readiness;
use crate::report::chain;
use crate::verify::failed_days;

/// Days imported, open ones each time.
const IMPORTED: &str = "vigie_import_days_total";
/// Times that a day, or all that was due, could not be imported.
const FAILED: &str = "vigie_import_failures_total";
/// Rows of chatters in the days imported.
const OBSERVATIONS: &str = "vigie_import_observations_total";
/// When the last import ended.
const LAST_IMPORT: &str = "vigie_import_last_success_timestamp_seconds";
/// What the last import took.
const LAST_IMPORT_SECONDS: &str = "vigie_import_last_duration_seconds";
/// Imported days that could not be compared with their archive.
const UNCOMPARED: &str = "vigie_verification_errors_total";
/// Days held that did not agree with their archive when they were last compared.
const UNVERIFIED: &str = "vigie_verification_failed_days";

/// Times that figures of nights could not be worked out.
const NIGHTS_FAILED: &str = "vigie_nights_failures_total";
/// What the last reading for them took.
const LAST_NIGHTS_SECONDS: &str = "vigie_nights_last_duration_seconds";

/// Times that what is known of everybody could not be worked out.
const CROWD_FAILED: &str = "vigie_crowd_failures_total";
/// What the last reading for it took.
const LAST_CROWD_SECONDS: &str = "vigie_crowd_last_duration_seconds";
/// People of the index that pages ask.
const CROWD_PEOPLE: &str = "vigie_crowd_people";
/// Its bytes.
const CROWD_BYTES: &str = "vigie_crowd_bytes";
/// The end of its last day.
const CROWD_UNTIL: &str = "vigie_crowd_until_seconds";

/// Begins to count, for the whole process. Errors: it counts already.
pub fn start() -> Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).context("cannot count what the program does")?;
    collector::figures::describe();
    describe_counter!(IMPORTED, Unit::Count, "days imported, open ones each time");
    describe_counter!(FAILED, Unit::Count, "times that a day, or all that was due, could not be imported");
    describe_counter!(OBSERVATIONS, Unit::Count, "rows of chatters in the days imported");
    describe_gauge!(LAST_IMPORT, Unit::Seconds, "when the last import ended, Unix time");
    describe_gauge!(LAST_IMPORT_SECONDS, Unit::Seconds, "how long the last import took");
    describe_counter!(UNCOMPARED, Unit::Count, "imported days that could not be compared with their archive");
    describe_gauge!(UNVERIFIED, Unit::Count, "days held that did not agree with their archive when last compared");
    describe_counter!(NIGHTS_FAILED, Unit::Count, "times that figures of nights could not be worked out");
    describe_gauge!(LAST_NIGHTS_SECONDS, Unit::Seconds, "how long the last reading for figures of nights took");
    describe_counter!(CROWD_FAILED, Unit::Count, "times that what is known of everybody could not be worked out");
    describe_gauge!(LAST_CROWD_SECONDS, Unit::Seconds, "how long the last reading for what is known of everybody took");
    describe_gauge!(CROWD_PEOPLE, Unit::Count, "people of the last week in the crowd's index, 0 without one");
    describe_gauge!(CROWD_BYTES, Unit::Bytes, "bytes of the crowd's index, 0 without one");
    describe_gauge!(
        CROWD_UNTIL,
        Unit::Seconds,
        "the end of the last day of the crowd's index, Unix time, 0 without one"
    );
    // Before anything fails there is a figure that can rise.
    counter!(IMPORTED).absolute(0);
    counter!(FAILED).absolute(0);
    counter!(OBSERVATIONS).absolute(0);
    counter!(UNCOMPARED).absolute(0);
    counter!(NIGHTS_FAILED).absolute(0);
    counter!(CROWD_FAILED).absolute(0);
    Ok(handle)
}

/// A day was imported.
pub(crate) fn imported(report: &ImportReport, took: Duration) {
    counter!(IMPORTED).increment(1);
    counter!(OBSERVATIONS).increment(report.observations);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    gauge!(LAST_IMPORT).set(now.as_secs_f64());
    gauge!(LAST_IMPORT_SECONDS).set(took.as_secs_f64());
}

/// A day, or all that was due, could not be imported.
pub(crate) fn import_failed() {
    counter!(FAILED).increment(1);
}

/// Figures of nights were worked out.
pub(crate) fn made_nights(report: &NightsReport) {
    gauge!(LAST_NIGHTS_SECONDS).set(f64::from(report.ms) / 1_000.0);
}

/// Figures of nights could not be worked out.
pub(crate) fn nights_failed() {
    counter!(NIGHTS_FAILED).increment(1);
}

/// What is known of everybody was worked out.
pub(crate) fn made_crowd(report: &CrowdReport) {
    gauge!(LAST_CROWD_SECONDS).set(f64::from(report.ms) / 1_000.0);
}

/// What is known of everybody could not be worked out.
pub(crate) fn crowd_failed() {
    counter!(CROWD_FAILED).increment(1);
}

/// Pages ask another index from now on, or none.
pub(crate) fn crowd(index: Option<&CrowdIndex>) {
    let until = index.map_or(0, |index| index.days().1.plus(1).start_unix());
    gauge!(CROWD_PEOPLE).set(index.map_or(0, CrowdIndex::week_people));
    gauge!(CROWD_BYTES).set(index.map_or(0.0, |index| index.size() as f64));
    gauge!(CROWD_UNTIL).set(until as f64);
}

/// An imported day could not be compared with its archive.
pub(crate) fn comparison_failed() {
    counter!(UNCOMPARED).increment(1);
}

/// `GET /metrics`.
pub fn router(handle: PrometheusHandle, store: Arc<AnyStore>) -> Router {
    Router::new().route("/metrics", get(tell)).with_state((handle, store))
}

/// `GET /metrics` of a program that only collects, and `/readyz`, since it has no website to ask; `last` is the slot that was
/// swept last, Unix time, 0 before the first.
pub fn router_of_collector(handle: PrometheusHandle, clock: Clock, last: Arc<AtomicI64>) -> Router {
    let figures = move || async move { text(&handle) };
    let ready = move || async move {
        let last = Some(last.load(Ordering::Relaxed)).filter(|last| *last > 0);
        readiness(last.map(|last| clock.now() - last))
    };
    Router::new().route("/metrics", get(figures)).route("/readyz", get(ready))
}

fn text(handle: &PrometheusHandle) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

/// What is counted, and what the store knows when it is asked: of Postgres, other processes compare days too.
async fn tell(State((handle, store)): State<(PrometheusHandle, Arc<AnyStore>)>) -> Response {
    match failed_days(&store).await {
        Ok(days) => gauge!(UNVERIFIED).set(days as f64),
        Err(error) => {
            tracing::error!(error = %chain(&*error), "the store does not answer");
            return (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response();
        }
    }
    text(&handle)
}
