//! Twitch's chat over real sockets on the loopback address: IRC, plain, over TLS and over WebSocket.
//!
//! It speaks about the same truth as the HTTP server, of any instant between the slots too; [`truth::Truth`] tells it without
//! a socket. Time is the caller's virtual clock: whatever is due is sent, in order, however far the clock leaps.
//!
//! `folk` numbers people, `called` knows what they are called by now, `chapter` is what happens in one chat in one slot,
//! `hub` knows who listens, `connection` and `wire` carry lines.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::login::Login;
use model::slot::SlotTime;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::called::Names;
use crate::error::SimulatorError;
use crate::irc::faults::Faults;
use crate::irc::hub::{Hub, Progress};
use crate::irc::listen::{Door, Layer, listener, tls};
use crate::irc::settings::IrcSettings;
use crate::irc::shared::Shared;
use crate::irc::truth::Truth;
use crate::server::Clock;

mod called;
mod chapter;
mod connection;
pub mod faults;
mod folk;
mod hub;
mod line;
mod listen;
mod outbox;
mod request;
pub mod settings;
mod shared;
mod speech;
pub mod truth;
mod wire;

/// Reports of connections that wait for the hub: clients that send more wait to be read.
const REPORTS: usize = 256;

/// A chat that is running, as long as the [`crate::server::SimulatedTwitch`] that it belongs to.
#[derive(Debug)]
pub struct Irc {
    plain: String,
    tls: String,
    websocket: String,
    certificate: String,
    faults: Faults,
    shared: Shared,
    truth: Arc<Truth>,
    progress: watch::Receiver<Progress>,
    tasks: TaskTracker,
}

impl Irc {
    /// Listens until `stop`. Errors: no port is free; no certificate can be made.
    pub(crate) async fn start(
        names: Arc<Names>,
        settings: IrcSettings,
        clock: Clock,
        stop: CancellationToken,
    ) -> Result<Irc, SimulatorError> {
        let (acceptor, certificate) = self::tls()?;
        let [plain, tls, websocket] = [listener().await?, listener().await?, listener().await?];
        let (hub, reports) = mpsc::channel(REPORTS);
        let (told, progress) = watch::channel(Progress::default());
        let (faults, truth, tasks) = (Faults::default(), Arc::new(Truth::of(names, settings)), TaskTracker::new());
        let shared = Shared::default();
        let running = Hub::new(Arc::clone(&truth), clock, faults.clone(), shared.clone(), told).run(reports);
        let stopped = stop.clone();
        tasks.spawn(async move { stopped.run_until_cancelled(running).await });
        let (faults_of_door, waiting_bytes) = (faults.clone(), settings.waiting_bytes);
        let door =
            Door { hub, faults: faults_of_door, waiting_bytes, stop, tasks: tasks.clone(), numbers: Arc::default() };
        door.open(plain.0, Layer::None);
        door.open(tls.0, Layer::Tls(acceptor));
        door.open(websocket.0, Layer::WebSocket);
        Ok(Irc {
            plain: format!("irc://127.0.0.1:{}", plain.1),
            tls: format!("ircs://localhost:{}", tls.1),
            websocket: format!("ws://127.0.0.1:{}", websocket.1),
            certificate,
            faults,
            shared,
            truth,
            progress,
            tasks,
        })
    }

    /// The plain address, `irc://127.0.0.1:…`.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// The address with TLS, `ircs://localhost:…`: the certificate is for `localhost`.
    pub fn tls(&self) -> &str {
        &self.tls
    }

    /// The address of the WebSocket, `ws://127.0.0.1:…`.
    pub fn websocket(&self) -> &str {
        &self.websocket
    }

    /// The certificate that a client must trust, as PEM. Made anew at every start, it signs itself.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// What can go wrong, to be switched.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Lets channels share their chats from now on: what is said in one is told in all, with tags that say where it was
    /// written. Through changes of names it goes on. Errors: there are fewer than two; one is no channel, or shares its chat
    /// already.
    pub fn share(&self, channels: &[Login]) -> Result<(), SimulatorError> {
        let numbers = channels.iter().map(|channel| self.truth.channel(channel));
        let numbers: Option<BTreeSet<u32>> = numbers.collect();
        self.shared.begin(numbers.ok_or(SimulatorError::Share("there is no such channel"))?)
    }

    /// Ends the session in which a channel shares its chat, for all channels of it.
    pub fn end_share(&self, channel: &Login) {
        if let Some(channel) = self.truth.channel(channel) {
            self.shared.end(channel);
        }
    }

    /// What truly happened.
    pub fn truth(&self) -> &Arc<Truth> {
        &self.truth
    }

    /// As [`Truth::said`].
    pub fn said(&self, channel: &Login, at: SlotTime) -> BTreeSet<Login> {
        self.truth.said(channel, at)
    }

    /// As [`Truth::present`].
    pub fn present(&self, channel: &Login, unix: i64) -> BTreeSet<Login> {
        self.truth.present(channel, unix)
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.progress.borrow().connections
    }

    /// Until so many connections are open.
    pub async fn connected(&self, connections: usize) {
        self.until(|progress| progress.connections == connections).await;
    }

    /// Until everything that was due up to an instant, in Unix seconds, is on its way. While nobody is connected nothing is
    /// due, and this waits.
    pub async fn reached(&self, unix: i64) {
        self.until(|progress| progress.told_until >= unix).await;
    }

    async fn until(&self, holds: impl FnMut(&Progress) -> bool) {
        // Once the server has stopped, nothing will change: there is nothing to wait for.
        let _ = self.progress.clone().wait_for(holds).await;
    }

    /// Until all connections are closed after a stop.
    pub(crate) async fn ended(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
