//! A running website: invented days, swept and imported as real ones are, served on a free port.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::context::{Assets, Operator, Site};
use app::crowd::Crowd;
use app::data::KeptDays;
use archive::Archive;
use collector::chatters::Source;
use collector::chatters::tmi::Tmi;
use collector::clock::Clock;
use collector::door::Door;
use collector::helix::{Helix, HelixConfig};
use collector::tracked::TrackedList;
use collector::{Collector, Plan};
use importer::import::ImportOrder;
use importer::options::ImportOptions;
use model::day::Day;
use model::slot::SlotTime;
use model::words::Origin;
use reqwest::redirect::Policy;
use server::http::Health;
use server::imports::import;
use server::live::Live;
use server::service::{Tasks, listen, serve};
use simulator::script::Script;
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use store::AnyStore;
use store::access::ViewerPages;
use tempfile::TempDir;

/// A website; its folder and tasks end with it.
pub(crate) struct Website {
    base: String,
    http: reqwest::Client,
    tasks: Tasks,
    pub(crate) store: Arc<AnyStore>,
    _folder: TempDir,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

/// Sweeps the slots of a script over HTTP, imports the days they lie in, and serves the website at `now`.
pub(crate) async fn website(script: Script, slots: &[SlotTime], now: SlotTime) -> Website {
    let folder = tempfile::tempdir().unwrap();
    let part = |name: &str| folder.path().join(name).display().to_string();
    let archive = Archive::create(&part("archive"), Origin::Simulated).await.unwrap();
    let store = Arc::new(AnyStore::open(&part("store"), Some(Origin::Simulated)).await.unwrap());
    sweep(script, slots, &archive).await;
    for day in archive.days().await.unwrap() {
        let order = ImportOrder { day, provisional: false, now: now.unix() };
        import(&archive, &store, order, &ImportOptions::default(), |_| {}).await.unwrap();
    }
    Live::resume(&archive, &store, None, now).await.unwrap();

    std::fs::create_dir(folder.path().join("pkg")).unwrap();
    for (file, text) in [
        ("pkg/vigie.0a.js", "export default 1"),
        ("favicon.svg", "<svg/>"),
        ("favicon.ico", "icon"),
        ("apple-touch-icon.png", "picture"),
        ("robots.txt", "User-agent: *"),
    ] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let clock = Clock::virtual_from(now.unix() * 1_000, 0.0);
    let site = Site {
        store: store.clone(),
        viewer_pages: ViewerPages::Public,
        default_zone: "Europe/Paris".into(),
        clock: Arc::new(move || clock.now()),
        assets: Arc::new(Assets { js: "/pkg/vigie.0a.js".to_owned(), ..Assets::default() }),
        personas: Arc::new([]),
        operator: Arc::new(Operator::default()),
        kept: KeptDays { slots: 90, hours: 400 },
        crowd: Crowd::default(),
        top: Some(2_000),
        french: true,
    };
    let listener = listen(([127, 0, 0, 1], 0).into(), "nothing").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let tasks = Tasks::default();
    serve(&tasks, listener, site, Health { clock, collecting: true }, folder.path());
    let http = reqwest::Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(20)).build().unwrap();
    Website { base, http, tasks, store, _folder: folder }
}

async fn sweep(script: Script, slots: &[SlotTime], archive: &Archive) {
    let Some(first) = slots.first() else { return };
    let now = Arc::new(Mutex::new(first.unix()));
    let clock = {
        let now = Arc::clone(&now);
        move || *now.lock().unwrap()
    };
    let twitch = SimulatedTwitch::with(Twitch::Script(Arc::new(script)), Settings::default(), clock, 0).await.unwrap();
    let http = collector::http::client().unwrap();
    let helix = Helix::new(
        http.clone(),
        HelixConfig {
            base: format!("{}/helix", twitch.base()),
            oauth: format!("{}/oauth2", twitch.base()),
            client_id: "test".to_owned(),
            client_secret: "test".to_owned(),
        },
    );
    let chatters = Source::Tmi(Tmi::new(http, twitch.base()));
    let plan = Plan { top: 100, language: None, tracked: TrackedList::default() };
    let mut collector =
        Collector::resume(helix, chatters.into(), plan, Door::default(), archive.clone(), *first).await.unwrap();
    for at in slots {
        *now.lock().unwrap() = at.unix();
        let clock = Clock::virtual_from(at.unix() * 1_000, 0.0);
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        collector.sweep(*at, &clock, deadline).await.unwrap();
    }
    twitch.stop().await;
}

/// The slot `slot` of 2026-11-`date`.
pub(crate) fn at(date: u32, slot: u16) -> SlotTime {
    SlotTime::at(Day::from_ymd(2026, 11, date).unwrap(), slot)
}

/// A website with one channel, `_a`, that `_luna` watched for a quarter of an hour on 2026-11-18.
pub(crate) async fn small() -> Website {
    let mut script = Script::default();
    let (channel, viewer) = ("_a".parse().unwrap(), "_luna".parse().unwrap());
    script.pattern(&channel, &viewer, at(18, 100), "aPPPa").unwrap();
    let slots: Vec<SlotTime> = (99..107).map(|slot| at(18, slot)).collect();
    website(script, &slots, at(18, 106)).await
}

impl Website {
    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Asks for a path, in English.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(self.http.get(format!("{}{path}", self.base)).header("accept-language", "en")).await
    }

    /// Asks for a path with another header.
    pub(crate) async fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        self.ask(self.http.get(format!("{}{path}", self.base)).header(name, value)).await
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.ask(self.http.post(format!("{}{path}", self.base)).form(form)).await
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.text().await.unwrap() }
    }
}

impl Drop for Website {
    fn drop(&mut self) {
        self.tasks.cancel().cancel();
    }
}

impl Answer {
    /// A header's text; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
