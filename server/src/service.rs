//! The running program: sweeps, imports and the website as tasks that stop together.

use std::future::Future;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use app::context::Site;
use archive::Archive;
use collector::clock::Clock;
use collector::{Collector, run as run_collector};
use metrics_exporter_prometheus::PrometheusHandle;
use model::sweep::SweepSummary;
use store::AnyStore;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::connections;
use crate::http::{Health, router};
use crate::live::Live;
use crate::metrics;
use crate::notify::Pulse;
use crate::report::{chain, tell_sweep};

/// How long tasks may take to stop before they are dropped; an import leaves the day as it was then.
const STOP_MAX: Duration = Duration::from_secs(8);

/// Sweeps that wait to be shown: showing takes milliseconds, a sweep comes every five minutes.
const SWEEPS_WAITING: usize = 8;

/// Listens on an address, which `chosen` says where to choose. Errors: it is taken, or not this machine's; the text says
/// how to choose another.
pub async fn listen(address: SocketAddr, chosen: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let (ip, port) = (address.ip(), address.port());
        match error.kind() {
            ErrorKind::AddrInUse => {
                anyhow!(
                    "port {port} of {ip} is taken: stop the program that uses it, or choose another port with {chosen}"
                )
            }
            ErrorKind::PermissionDenied => anyhow!("this user may not listen on port {port}: choose one above 1023"),
            ErrorKind::AddrNotAvailable => anyhow!("{ip} is no address of this machine"),
            _ => anyhow::Error::new(error).context(format!("cannot listen on {address}")),
        }
    })
}

/// Tasks that stop together when asked from the terminal.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    cancel: CancellationToken,
}

impl Tasks {
    /// What cancels them.
    pub fn cancel(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// Starts one.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(task);
    }

    /// Cancels all and waits until they have stopped, eight seconds at most.
    pub async fn stop(&self) {
        self.cancel.cancel();
        self.tracker.close();
        if tokio::time::timeout(STOP_MAX, self.tracker.wait()).await.is_err() {
            tracing::warn!("some tasks did not stop in time and were dropped");
        }
    }
}

/// Sweeps every slot into the archive and shows each sweep as "now". What it gives tells whether sweeps go on.
pub fn collect(
    tasks: &Tasks,
    collector: Collector,
    clock: Clock,
    archive: Archive,
    store: Arc<AnyStore>,
    live: Live,
) -> Pulse {
    let (swept, mut sweeps) = mpsc::channel::<SweepSummary>(SWEEPS_WAITING);
    let pulse = Pulse::new(clock, archive.clone());
    let beats = pulse.clone();
    // A sweep leaves the spool when it is in the archive.
    let places = [collector.archive().clone(), archive];
    tasks.spawn(run_collector(collector, clock, tasks.cancel(), swept));
    // Ends when the collector does.
    tasks.spawn(async move {
        let mut live = live;
        while let Some(summary) = sweeps.recv().await {
            beats.beat(summary.at);
            if let Err(error) = show(&mut live, &places, &store, summary).await {
                tracing::error!(sweep.slot = %summary.at, error = %chain(&*error), "a sweep is not shown");
            }
        }
    });
    pulse
}

async fn show(live: &mut Live, [first, then]: &[Archive; 2], store: &AnyStore, summary: SweepSummary) -> Result<()> {
    let streams = match first.read_streams(summary.at).await {
        Ok(streams) => streams,
        Err(_) => then.read_streams(summary.at).await?,
    };
    live.show(store, summary, &streams).await
}

/// Serves the website until the tasks are cancelled.
pub fn serve(tasks: &Tasks, listener: TcpListener, site: Site, health: Health, folder: &Path) {
    tasks.spawn(connections::answer(listener, router(site, health, folder), tasks.cancel()));
}

/// Sweeps every slot into the archive; with somebody who asks, tells figures and whether sweeps are stale. What it gives
/// tells whether sweeps go on.
pub fn collect_alone(
    tasks: &Tasks,
    collector: Collector,
    clock: Clock,
    archive: Archive,
    figures: Option<(TcpListener, PrometheusHandle)>,
) -> Pulse {
    let pulse = Pulse::new(clock, archive);
    let beats = pulse.clone();
    let (swept, mut sweeps) = mpsc::channel::<SweepSummary>(SWEEPS_WAITING);
    tasks.spawn(run_collector(collector, clock, tasks.cancel(), swept));
    let last = Arc::new(AtomicI64::new(0));
    if let Some((listener, handle)) = figures {
        let router = metrics::router_of_collector(handle, clock, Arc::clone(&last));
        tasks.spawn(connections::answer(listener, router, tasks.cancel()));
    }
    tasks.spawn(async move {
        while let Some(summary) = sweeps.recv().await {
            last.store(summary.at.unix(), Ordering::Relaxed);
            beats.beat(summary.at);
            tell_sweep(&summary);
        }
    });
    pulse
}

/// Tells the program's figures until the tasks are cancelled.
pub fn serve_figures(tasks: &Tasks, listener: TcpListener, handle: PrometheusHandle, store: Arc<AnyStore>) {
    tasks.spawn(connections::answer(listener, metrics::router(handle, store), tasks.cancel()));
}

/// Ctrl-C or a termination signal. Once it is expected it does not end the program by itself: it waits to be heard.
pub struct StopSignal {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignal {
    /// Listens from now on. Errors: signals cannot be received.
    pub fn expect() -> Result<StopSignal> {
        let listen = |kind| signal(kind).context("cannot wait for signals");
        Ok(StopSignal { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// Waits until one comes, or has come.
    pub async fn heard(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The address as a person opens it.
pub fn address(listener: &TcpListener) -> Result<String> {
    let address = listener.local_addr().context("cannot tell the address")?;
    let host = match address.ip() {
        ip if ip.is_unspecified() => "localhost".to_owned(),
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    Ok(format!("http://{host}:{}", address.port()))
}
