//! Twitch's protocols over real HTTP on the loopback address: Helix, tokens and consent, and the old chatters endpoint; and its
//! chat.
//!
//! Answers have the shapes and failures that were seen of Twitch. Time is the caller's virtual clock.

use std::fmt;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use model::identity::TwitchId;
use model::login::Login;
use model::slot::SlotTime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::called::Names;
use crate::error::SimulatorError;
use crate::irc::Irc;
use crate::irc::settings::IrcSettings;
use crate::server::faults::Faults;
pub use crate::server::latency::Latency;
use crate::server::limit::Bucket;
use crate::server::line::{Cut, Door};
use crate::server::log::Log;
use crate::server::state::State;
use crate::server::tokens::Tokens;
use crate::twitch::{List, OnAir, Twitch};
use crate::world::World;

mod answer;
mod chat;
mod chatters;
mod consent;
pub mod faults;
mod latency;
mod limit;
mod line;
pub mod log;
mod oauth;
mod state;
mod streams;
mod tokens;
mod users;

/// The virtual clock: Unix time in seconds.
pub(crate) type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// How the server behaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How long an app token lives, in virtual seconds.
    pub token_seconds: i64,
    /// Points of the bucket: a call takes one, a virtual minute gives them back.
    pub calls_per_minute: u32,
    /// Seconds that an answer of 429 asks to be left alone, in a header of its own, where it is not about the bucket.
    pub retry_after: Option<u32>,
    /// How pages of streams misbehave.
    pub paging: Paging,
    /// The one secret that gets a token; without it any does, for any client.
    pub client_secret: Option<&'static str>,
    /// Seconds that a device is told to leave between two questions whether somebody allows it.
    pub device_interval: u32,
    /// How long answers take.
    pub latency: Latency,
    /// How many requests the log keeps.
    pub log_entries: usize,
    /// The chat.
    pub irc: IrcSettings,
}

impl Default for Settings {
    fn default() -> Settings {
        // Twitch's own figures.
        Settings {
            token_seconds: 5_000_000,
            calls_per_minute: 800,
            retry_after: None,
            paging: Paging::Honest,
            client_secret: None,
            device_interval: 5,
            latency: Latency::NONE,
            // What somebody who looks at it reads; it takes a megabyte.
            log_entries: 4_096,
            irc: IrcSettings::default(),
        }
    }
}

/// What pages of `/streams` were seen to do in production.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// As documented: `pagination` is `{}` at the end.
    Honest,
    /// The `pagination` key is left out at the end.
    NoKeyAtEnd,
    /// Pages are half as long as asked for.
    Short,
    /// Each page begins with the last five of the one before.
    Overlapping,
    /// The last page has a cursor that leads to an empty one.
    EmptyAtEnd,
    /// The last page's cursor leads back to the first page.
    LoopsBack,
    /// Every page has the cursor of the first one.
    RepeatsCursor,
}

/// A server that is running; it ends when this is dropped.
pub struct SimulatedTwitch {
    state: Arc<State>,
    irc: Irc,
    running: Option<JoinHandle<()>>,
}

impl SimulatedTwitch {
    /// Speaks about a world on the loopback address; `clock` tells Unix time in seconds, port 0 takes a free one.
    /// Errors: the port is taken.
    pub async fn start(
        world: Arc<World>,
        clock: impl Fn() -> i64 + Send + Sync + 'static,
        port: u16,
    ) -> Result<SimulatedTwitch, SimulatorError> {
        SimulatedTwitch::with(Twitch::World(world), Settings::default(), clock, port).await
    }

    /// As [`SimulatedTwitch::start`], about a script too, and misbehaving as told. Errors: the port is taken.
    pub async fn with(
        twitch: Twitch,
        settings: Settings,
        clock: impl Fn() -> i64 + Send + Sync + 'static,
        port: u16,
    ) -> Result<SimulatedTwitch, SimulatorError> {
        let failed = |source| SimulatorError::Listen { port, source };
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let base = format!("http://{address}");
        let clock: Clock = Arc::new(clock);
        let stop = CancellationToken::new();
        let names = Arc::new(Names::new(twitch));
        let irc = Irc::start(Arc::clone(&names), settings.irc, Arc::clone(&clock), stop.clone()).await?;
        let state = Arc::new(State {
            base: base.clone(),
            bucket: Mutex::new(Bucket::new(settings.calls_per_minute)),
            tokens: Mutex::new(Tokens::default()),
            requests: AtomicU64::new(0),
            on_air: tokio::sync::Mutex::default(),
            twitch: names,
            faults: Faults::default(),
            log: Log::new(settings.log_entries),
            stop: stop.clone(),
            settings,
            clock,
        });
        let routes = Router::new()
            .route("/helix/streams", get(streams::streams))
            .route("/helix/users", get(users::users))
            .route("/helix/chat/chatters", get(chat::chatters))
            .route("/oauth2/token", post(oauth::token))
            .route("/oauth2/device", post(oauth::device))
            .route("/oauth2/authorize", get(consent::authorize).post(consent::authorized))
            .route("/activate", get(consent::activate).post(consent::activated))
            .route("/oauth2/validate", get(oauth::validate))
            .route("/group/user/{login}/chatters", get(chatters::chatters))
            .layer(from_fn_with_state(Arc::clone(&state), faults::act::answered))
            .with_state(Arc::clone(&state))
            .into_make_service_with_connect_info::<Cut>();
        let stopped = stop.cancelled_owned();
        let running = tokio::spawn(async move {
            if let Err(error) = axum::serve(Door(listener), routes).with_graceful_shutdown(stopped).await {
                tracing::error!(error = &error as &dyn std::error::Error, "the simulated Twitch ended");
            }
        });
        Ok(SimulatedTwitch { state, irc, running: Some(running) })
    }

    /// Its address, `http://127.0.0.1:…`: Helix is under `/helix`, OAuth under `/oauth2`, the chatters at the root.
    pub fn base(&self) -> &str {
        &self.state.base
    }

    /// Its chat.
    pub fn irc(&self) -> &Irc {
        &self.irc
    }

    /// What can go wrong with answers over HTTP, to be switched. The chat has its own.
    pub fn faults(&self) -> &Faults {
        &self.state.faults
    }

    /// Switches what a file says, JSON with the fields of [`faults::HttpFaults`], and again whenever it changes. Of what cannot be read
    /// later the log tells, and what held before still holds.
    /// Errors: it cannot be read now, or says something that cannot be.
    pub async fn follow_faults(&self, file: &Path) -> Result<(), SimulatorError> {
        let (faults, stop) = (self.state.faults.clone(), self.state.stop.clone());
        tokio::spawn(faults::file::follow(file.to_owned(), faults, stop).await?);
        Ok(())
    }

    /// What was true and what was told, request by request.
    pub fn log(&self) -> &Log {
        &self.state.log
    }

    /// Gives an account another name, as people do: its id stays, and the old name is nobody's. In the chats that it is in, it
    /// leaves under the old name and comes under the new one. Its own chat is another room from now on: whoever is in the
    /// old one hears nothing more, and is told nothing. Errors: nobody has the old name; the new one is taken.
    pub fn rename(&self, old: &Login, new: &Login) -> Result<(), SimulatorError> {
        self.state.twitch.rename(old, new)
    }

    /// Gives a name to another account, and tells its id. Where somebody renamed let go of it, it is of somebody of whom
    /// nothing is known; where it is in use, whoever is called so does what they did, under another id.
    /// Errors: nobody ever had the name.
    pub fn reissue(&self, login: &Login) -> Result<TwitchId, SimulatorError> {
        self.state.twitch.reissue(login)
    }

    /// Who truly is on air in a slot, most viewers first, by the names of now. Takes a tenth of a second when it is asked for a
    /// new day.
    pub fn on_air(&self, at: SlotTime) -> Vec<OnAir> {
        self.state.twitch.on_air(at)
    }

    /// Who truly is in a chat in a slot, by the names of now; or how the list fails, whatever faults are switched.
    pub fn list(&self, channel: &Login, at: SlotTime) -> List {
        self.state.twitch.list(channel.as_str(), at)
    }

    /// Answers what was asked, and ends.
    pub async fn stop(mut self) {
        self.state.stop.cancel();
        if let Some(running) = self.running.take() {
            // Its one error, a panic in a handler, was told by the runtime.
            drop(running.await);
        }
        self.irc.ended().await;
    }
}

impl fmt::Debug for SimulatedTwitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedTwitch").field("base", &self.state.base).finish_non_exhaustive()
    }
}

impl Drop for SimulatedTwitch {
    fn drop(&mut self) {
        self.state.stop.cancel();
    }
}
