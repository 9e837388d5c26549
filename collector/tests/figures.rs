//! What a collector counts, as Prometheus would be told.

#![allow(clippy::unwrap_used)] // Its helpers are tests too.

mod common;

use std::sync::Arc;
use std::time::Duration;

use collector::clock::Clock;
use common::{Stage, login, plan};
use metrics_exporter_prometheus::PrometheusBuilder;
use model::slot::SlotTime;
use simulator::outage::ListFailure;
use simulator::script::{Script, ScriptSlot};
use simulator::server::Settings;
use simulator::twitch::Twitch;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The one test of its process, whose recorder there is one of.
#[tokio::test]
async fn a_sweep_is_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).unwrap();
    collector::figures::describe();
    let figure = |name: &str| -> Option<f64> {
        let text = handle.render();
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned));
        value.map(|value| value.parse().unwrap())
    };
    assert_eq!((figure("vigie_sweeps_total"), figure("vigie_sweep_gaps_total{why=\"late\"}")), (Some(0.0), Some(0.0)));

    let at = SlotTime::at("2026-11-18".parse().unwrap(), 100);
    let mut script = Script::default();
    let list = || Ok([login("_viewer"), login("_other")].into());
    for (channel, list) in [("_a", list()), ("_b", list()), ("_c", Err(ListFailure::BadGateway))] {
        script.slot(&login(channel), at, ScriptSlot { viewers: 9, list });
    }
    let stage = Stage::new(Twitch::Script(Arc::new(script)), Settings::default()).await;
    let mut collector = stage.collector(plan(10), at).await;
    stage.sweep(&mut collector, at).await.unwrap();
    for (name, wanted) in [
        ("vigie_sweeps_total", 1.0),
        ("vigie_sweep_last_success_timestamp_seconds", at.unix() as f64),
        ("vigie_sweep_channels{status=\"live\"}", 3.0),
        ("vigie_sweep_channels{status=\"off_air\"}", 0.0),
        ("vigie_sweep_lists_total{source=\"tmi\",status=\"complete\"}", 2.0),
        ("vigie_sweep_lists_total{source=\"tmi\",status=\"missing\"}", 1.0),
        ("vigie_requests_total{server=\"chatters\",outcome=\"answered\"}", 2.0),
        // Four tries.
        ("vigie_requests_total{server=\"chatters\",outcome=\"failed\"}", 4.0),
        ("vigie_request_retries_total{server=\"chatters\"}", 3.0),
        ("vigie_requests_total{server=\"oauth\",outcome=\"answered\"}", 1.0),
        ("vigie_requests_total{server=\"helix\",outcome=\"answered\"}", 1.0),
        ("vigie_ratelimit_points{server=\"helix\"}", 799.0),
    ] {
        assert_eq!(figure(name), Some(wanted), "{name} in {}", handle.render());
    }
    for phase in ["streams", "chatters", "archive"] {
        assert!(figure(&format!("vigie_sweep_duration_seconds{{phase=\"{phase}\"}}")) > Some(0.0), "{phase}");
    }
    assert!(figure("vigie_request_bytes_total{server=\"chatters\"}") > Some(100.0));
    let text = handle.render();
    assert!(!text.contains("_viewer") && !text.contains("\"_a\""), "{text}");

    // The slot was swept; with the next somebody began, and did not end: that is a gap, and known once it is over.
    let begun = stage.folder().join(archive::path::Kind::Chatters.object(at + 1));
    std::fs::write(begun, "").unwrap();
    // A slot takes half a second.
    let clock = Clock::virtual_from(at.unix() * 1_000, 600.0);
    let (cancel, (swept, mut sweeps)) = (CancellationToken::new(), mpsc::channel(9));
    let running = tokio::spawn(collector::run(collector, clock, cancel.clone(), swept));
    let next = tokio::time::timeout(Duration::from_mins(1), sweeps.recv()).await.unwrap().unwrap();
    cancel.cancel();
    running.await.unwrap();
    assert!(next.at > at + 1);
    assert_eq!(figure("vigie_sweep_gaps_total{why=\"failed\"}"), Some(1.0), "{}", handle.render());
}
