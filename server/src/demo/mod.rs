//! `vigie demo`: everything at once on invented people, over real HTTP, on one virtual clock.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use app::context::{Operator, PersonaCard, Site};
use archive::Archive;
use collector::chatters::Source;
use collector::chatters::tmi::Tmi;
use collector::clock::Clock;
use collector::door::Door;
use collector::helix::{Helix, HelixConfig};
use collector::tracked::TrackedList;
use collector::{Collector, Plan};
use model::slot::{SlotTime, Span};
use model::words::Origin;
use simulator::persona::personas;
use simulator::server::SimulatedTwitch;
use simulator::world::{Population, World};
use simulator::write::{Follow, write_days};
use store::AnyStore;
use store::access::ViewerPages;

use crate::cli::{DemoArgs, WorldArgs};
use crate::crowd::CrowdKeeper;
use crate::http::Health;
use crate::imports::{ImportRules, Imports};
use crate::live::Live;
use crate::nights;
use crate::report::{chains, steps};
use crate::retain::kept_days;
use crate::service::{StopSignal, Tasks, address, collect, listen, serve};
use crate::site_folder::SiteFolder;
use importer::crowd::file::CrowdFile;
use importer::retention::Retention;

mod state;

use state::DemoState;

/// The zone of the invented operator.
const ZONE: &str = "Europe/Paris";
/// Viewers and channels compared after each import: the first start imports weeks at once, and somebody waits for it.
const VERIFIED: usize = 10;
/// All weeks that may be asked for: what is removed would be invented anew at the next start.
const KEPT: Retention = Retention { raw_days: 400, hour_days: 400, open_days: 7 };
/// The clock is written down this often, in virtual seconds: what a `kill -9` may lose.
const REMEMBER_SECONDS: i64 = 60;

/// The world that the arguments ask for.
pub(crate) fn world(args: WorldArgs) -> Result<Arc<World>> {
    let population = Population { viewers: args.viewers, channels: args.channels };
    Ok(Arc::new(World::new(args.seed, population).context("cannot invent these people")?))
}

/// Runs the demo until it is stopped.
pub(crate) async fn demo(args: DemoArgs) -> Result<()> {
    let site_folder = SiteFolder::find(args.site.as_deref())?;
    let listener = listen(SocketAddr::new(args.host, args.port), "--port").await?;
    let state = DemoState::open(&args, Clock::wall().now_ms())?;
    let archive = Archive::create(&path(&args.data, "archive"), Origin::Simulated).await?;
    let store = Arc::new(AnyStore::open(&path(&args.data, "store"), Some(Origin::Simulated)).await?);
    let world = world(args.world)?;

    let mut stop = StopSignal::expect()?;
    let ready = tokio::select! {
        done = catch_up(&args, &state, &world, &archive, &store) => done?,
        // Whole days that were written and imported stay; the next start goes on with the others.
        () = stop.heard() => return Ok(()),
    };
    let Ready { clock, imports, live } = ready;
    let crowd = imports.crowd.clone();

    let tasks = Tasks::default();
    tasks.spawn(imports.run(tasks.cancel()));
    tasks.spawn(crowd.clone().watch(tasks.cancel()));
    if !args.still {
        let collector = connect(&world, &archive, clock, &tasks).await?;
        collect(&tasks, collector, clock, archive, store.clone(), live);
        tasks.spawn(remember(state.clone(), args.data.clone(), clock, tasks.cancel()));
    }
    let site = Site {
        store: store.clone(),
        viewer_pages: ViewerPages::Public,
        default_zone: ZONE.into(),
        clock: Arc::new(move || clock.now()),
        assets: Arc::new(site_folder.assets),
        personas: personas().iter().map(card).collect(),
        operator: Arc::new(Operator::default()),
        kept: kept_days(KEPT),
        // All channels of its world are followed.
        top: None,
        crowd: crowd.crowd(),
        french: true,
    };
    let health = Health { clock, collecting: !args.still };
    greet(&address(&listener)?);
    serve(&tasks, listener, site, health, &site_folder.folder);
    stop.heard().await;
    tasks.stop().await;
    save(&state, &args.data, clock)?;
    store.close().await;
    Ok(())
}

/// What stands once the past is written and imported.
struct Ready {
    clock: Clock,
    imports: Imports,
    live: Live,
}

/// Writes what is missing of the past, imports it, and reads what was on air last.
async fn catch_up(
    args: &DemoArgs,
    state: &DemoState,
    world: &Arc<World>,
    archive: &Archive,
    store: &Arc<AnyStore>,
) -> Result<Ready> {
    let start =
        SlotTime::from_unix(state.start_ms.div_euclid(1_000)).context("the demo begins outside of 2000 to 2099")?;
    // A clock that stands still never sweeps its own slot: the past holds it.
    let until = if args.still { start + 1 } else { start };
    let past = Span { from: SlotTime::at(start.day().plus(-7 * i32::from(args.weeks)), 0), to: until };
    let have = archive.days().await?;
    let missing = past.days().filter(|day| !have.contains(day)).count() as u64;
    let bar = steps("inventing the past", missing, "days");
    write_days(world, archive, &Follow::default(), past, |written| bar.inc(u64::from(written.sweeps > 0))).await?;
    bar.finish_and_clear();

    let speed = if args.still { 0.0 } else { args.speed };
    let clock = Clock::virtual_from(state.now_ms, speed);
    let imports = Imports {
        archive: archive.clone(),
        spool: None,
        store: store.clone(),
        clock,
        zone: ZONE.to_owned(),
        retention: KEPT,
        rules: ImportRules { verify: VERIFIED, ..ImportRules::default() },
        crowd: CrowdKeeper::new(CrowdFile::new(args.data.join("crowd-index")), store.clone(), ZONE),
    };
    imports.catch_up().await.map_err(|failures| anyhow!("the past is not imported: {}", chains(&failures)))?;
    nights::make_all(store, clock.now()).await?;
    imports.crowd.make_due(clock.now()).await?;
    let live = Live::resume(archive, store, None, clock.slot()).await?;
    Ok(Ready { clock, imports, live })
}

/// A simulated Twitch on a loopback port, and a collector that asks it over HTTP.
async fn connect(world: &Arc<World>, archive: &Archive, clock: Clock, tasks: &Tasks) -> Result<Collector> {
    let twitch = SimulatedTwitch::start(Arc::clone(world), move || clock.now(), 0).await?;
    let base = twitch.base().to_owned();
    let cancel = tasks.cancel();
    tasks.spawn(async move {
        cancel.cancelled().await;
        twitch.stop().await;
    });
    let http = collector::http::client().context("cannot set up the HTTP client")?;
    let helix = Helix::new(
        http.clone(),
        HelixConfig {
            base: format!("{base}/helix"),
            oauth: format!("{base}/oauth2"),
            client_id: "vigie-demo".to_owned(),
            client_secret: "invented".to_owned(),
        },
    );
    let chatters = Source::Tmi(Tmi::new(http, &base)).into();
    let plan = Plan {
        top: world.channels().len(),
        language: Some(Follow::default().language),
        tracked: TrackedList::default(),
    };
    Ok(Collector::resume(helix, chatters, plan, Door::default(), archive.clone(), clock.slot()).await?)
}

/// Writes the clock down now and then, so that the next start resumes there.
async fn remember(
    state: DemoState,
    folder: std::path::PathBuf,
    clock: Clock,
    cancel: tokio_util::sync::CancellationToken,
) {
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            () = clock.sleep_until(clock.now() + REMEMBER_SECONDS) => {}
        }
        if let Err(error) = save(&state, &folder, clock) {
            tracing::error!(error = %crate::report::chain(&*error), "the demo's clock is not written down");
        }
    }
}

fn save(state: &DemoState, folder: &Path, clock: Clock) -> Result<()> {
    state.at(clock.now_ms()).save(folder)
}

fn card(persona: &simulator::persona::Persona) -> PersonaCard {
    PersonaCard { login: persona.login.to_owned(), fr: persona.about_fr.to_owned(), en: persona.about_en.to_owned() }
}

fn path(folder: &Path, part: &str) -> String {
    folder.join(part).display().to_string()
}

fn greet(address: &str) {
    eprintln!("\n  Vigie is at {address}");
    eprintln!("  Everybody there is invented. Try {address}/fr/viewer/_noctule");
    eprintln!("  Ctrl-C stops it; the next start goes on from there.\n");
}
