//! `vigie serve`, `collect` and `import`: real parts, by configuration alone.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use app::context::{Operator, Site};
use archive::Archive;
use collector::chatters::helix::HelixLists;
use collector::chatters::tmi::Tmi;
use collector::chatters::{Chatters, Source};
use collector::clock::Clock;
use collector::door::Door;
use collector::error::AskError;
use collector::helix::{Helix, HelixConfig};
use collector::http::Client;
use collector::irc::Irc;
use collector::look_up::LookUp;
use collector::spool::Spool;
use collector::tracked::TrackedList;
use collector::user_token::UserToken;
use collector::{Collector, Plan};
use metrics_exporter_prometheus::PrometheusHandle;
use store::AnyStore;
use store::access::ViewerPages;
use store::suppression::Secret;
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::cli::{CollectArgs, ConfigArgs, ServeArgs};
use crate::config::{CollectConfig, Config, SourceWord};
use crate::crowd::CrowdKeeper;
use crate::http::Health;
use crate::imports::{ImportRules, Imports};
use crate::live::Live;
use crate::metrics;
use crate::notify::{Manager, Pulse};
use crate::report::{chain, tell_sweeps};
use crate::retain::kept_days;
use crate::service::{StopSignal, Tasks, address, collect, collect_alone, listen, serve as serve_site, serve_figures};
use crate::site_folder::SiteFolder;

/// `vigie serve`: the website, and the collector where it is configured.
pub(crate) async fn serve(args: ServeArgs) -> Result<()> {
    if args.print_config {
        return print_config(&args.config);
    }
    let config = Config::load(&args.config.config)?;
    let manager = Manager::from_env()?;
    let (clock, rules) = (Clock::wall(), ImportRules::of(&config)?);
    let viewer_pages = ViewerPages::resolve(config.archive.origin, config.site.viewer_pages.map(Into::into))?;
    let site_folder = SiteFolder::find(config.site.folder.as_deref())?;
    let parts = match &config.collect {
        Some(plan) => Some(Parts::of(&config, plan, clock).await?),
        None => None,
    };
    let listener = listen(config.site.listen, "[site] listen").await?;
    let figures = figures(&config).await?;
    let archive = Archive::create(&config.archive.url, config.archive.origin).await?;
    let store = Arc::new(AnyStore::open(&config.store.url, Some(config.archive.origin)).await?);
    let (zone, retention) = (config.site.zone.clone(), config.retention.into());
    let kept = kept_days(retention);
    let top = config.collect.as_ref().map(|plan| plan.top);
    let french = config.collect.as_ref().is_none_or(|plan| plan.language == "fr");
    let spool = config.archive.spool().await?;
    let crowd = CrowdKeeper::new(config.store.crowd_file(), store.clone(), zone.as_str());
    let imports = Imports {
        archive: archive.clone(),
        spool: spool.clone(),
        store: store.clone(),
        clock,
        zone,
        rules,
        retention,
        crowd: crowd.clone(),
    };
    // Nothing is shown before it is known who is not to be.
    imports.rules.settle(&store).await?;
    crowd.refresh().await;
    imports.try_to_catch_up().await;
    let live = Live::resume(&archive, &store, config.privacy.secret()?, clock.slot()).await?;
    // Whoever reads that it runs may stop it.
    let stop = StopSignal::expect()?;
    let tasks = Tasks::default();
    if let Some((listener, handle)) = figures {
        eprintln!("Its figures are at {}/metrics", address(&listener)?);
        serve_figures(&tasks, listener, handle, store.clone());
    }
    let pulse = match parts {
        Some(parts) => {
            let look_up = parts.look_up(&config, archive.clone(), store.clone(), clock).await?;
            tasks.spawn(look_up.run(tasks.cancel()));
            let collector = parts.collector(&config, archive.clone(), spool, clock).await?;
            Some(collect(&tasks, collector, clock, archive, store.clone(), live))
        }
        None => None,
    };
    tasks.spawn(imports.run(tasks.cancel()));
    tasks.spawn(crowd.clone().watch(tasks.cancel()));
    let site = Site {
        store: store.clone(),
        viewer_pages,
        default_zone: config.site.zone.as_str().into(),
        clock: Arc::new(move || clock.now()),
        assets: Arc::new(site_folder.assets),
        personas: Arc::new([]),
        top,
        operator: Arc::new(Operator { name: config.site.operator, contact: config.site.contact }),
        kept,
        crowd: crowd.crowd(),
        french,
    };
    let health = Health { clock, collecting: config.collect.is_some() };
    eprintln!("Vigie is at {}", address(&listener)?);
    serve_site(&tasks, listener, site, health, &site_folder.folder);
    until_stopped(&tasks, &manager, pulse, stop).await?;
    store.close().await;
    Ok(())
}

/// `vigie collect`: sweeps into the archive, nothing else.
pub(crate) async fn collect_only(args: CollectArgs) -> Result<()> {
    let config = Config::load(&args.config.config)?;
    let (manager, clock) = (Manager::from_env()?, Clock::wall());
    let parts = Parts::of(&config, plan(&config, &args.config)?, clock).await?;
    let figures = figures(&config).await?;
    let archive = Archive::create(&config.archive.url, config.archive.origin).await?;
    if let Some((listener, _)) = &figures {
        let address = address(listener)?;
        eprintln!("Its figures are at {address}/metrics, and whether sweeps are stale at {address}/readyz");
    }
    let spool = config.archive.spool().await?;
    let collector = parts.collector(&config, archive.clone(), spool, clock).await?;
    let stop = StopSignal::expect()?;
    tell_sweeps(clock.slot(), collector.listens());
    let tasks = Tasks::default();
    let pulse = collect_alone(&tasks, collector, clock, archive, figures);
    until_stopped(&tasks, &manager, Some(pulse), stop).await
}

/// `--print-config`.
pub(crate) fn print_config(args: &ConfigArgs) -> Result<()> {
    let text = Config::tell(&args.config)?;
    std::io::stdout().lock().write_all(text.as_bytes()).context("cannot print")
}

/// Tells the service manager that all is running, and for as long as it goes on; stops it when asked to.
async fn until_stopped(tasks: &Tasks, manager: &Manager, pulse: Option<Pulse>, mut stop: StopSignal) -> Result<()> {
    manager.ready();
    tokio::select! {
        () = stop.heard() => {}
        // Ends at once where nobody wants to hear.
        () = async { manager.clone().watch(pulse).await; std::future::pending().await } => {}
    }
    manager.stopping();
    tasks.stop().await;
    Ok(())
}

/// What to collect. Errors: the configuration does not say.
pub(crate) fn plan<'a>(config: &'a Config, args: &ConfigArgs) -> Result<&'a CollectConfig> {
    let Some(plan) = &config.collect else {
        bail!("{} has no [collect] table: add one as the README's table says", args.config.display());
    };
    Ok(plan)
}

/// Where figures are asked for, if anywhere; counting begins. Errors: the address is taken.
async fn figures(config: &Config) -> Result<Option<(TcpListener, PrometheusHandle)>> {
    Ok(match config.metrics.listen {
        Some(address) => Some((listen(address, "[metrics] listen").await?, metrics::start()?)),
        None => None,
    })
}

/// A client of Helix as configured. Errors: no secret.
pub(crate) fn helix(plan: &CollectConfig, http: Client) -> Result<Helix> {
    let config = HelixConfig {
        base: plan.helix.clone(),
        oauth: plan.oauth.clone(),
        client_id: plan.client_id.clone(),
        client_secret: plan.secret()?,
    };
    Ok(Helix::new(http, config))
}

/// Who is asked for chatters, as configured. Errors: a source that has no address.
fn chatters(plan: &CollectConfig, http: Client, clock: Clock) -> Result<Chatters> {
    let (mut irc, mut lists) = (None, None);
    let mut source = |word| -> Result<Source> {
        Ok(match word {
            SourceWord::Tmi => Source::Tmi(Tmi::new(http.clone(), plan.tmi()?)),
            SourceWord::Helix => match &lists {
                Some(lists) => Source::Helix(HelixLists::clone(lists)),
                None => Source::Helix(lists.insert(helix_lists(plan, http.clone())?).clone()),
            },
            // One reader, whoever is asked of it.
            SourceWord::Irc => match &irc {
                Some(irc) => Source::Irc(Irc::clone(irc)),
                None => Source::Irc(irc.insert(Irc::start(plan.irc.clone(), plan.trust()?, clock)).clone()),
            },
        })
    };
    let mut chatters = Chatters::from(source(plan.source())?);
    for (channel, word) in &plan.sources {
        chatters = chatters.with(channel.clone(), source(*word)?);
    }
    Ok(chatters)
}

/// Lists in the name of whoever signed in. Errors: nobody did, no secret.
pub(crate) fn helix_lists(plan: &CollectConfig, http: Client) -> Result<HelixLists> {
    let user = UserToken::open(http.clone(), plan.application()?, &plan.token_file)
        .context("[collect] asks helix for chatters: sign in with `vigie auth twitch` first")?;
    Ok(HelixLists::new(http, &plan.helix, &plan.client_id, user))
}

/// Twitch answers sooner, or is down: then the first sweep says so.
const SIGN_IN_MAX: Duration = Duration::from_secs(10);

/// What a collector is made of, all of it read and checked before anything starts.
pub(crate) struct Parts {
    helix: Helix,
    chatters: Chatters,
    plan: Plan,
    /// What those who opted out are recognised by.
    secret: Option<Secret>,
}

impl Parts {
    /// As configured. Errors: no secret, or one that Twitch refuses; no source of chatters; a list of channels that cannot be
    /// read.
    pub(crate) async fn of(config: &Config, plan: &CollectConfig, clock: Clock) -> Result<Parts> {
        let secret = config.privacy.secret()?;
        let http = collector::http::client().context("cannot set up the HTTP client")?;
        let tracked = TrackedList::new(plan.tracked.clone(), Some(plan.channels.clone()))?;
        let helix = helix(plan, http.clone())?;
        let chatters = chatters(plan, http, clock)?;
        match helix.sign_in(Instant::now() + SIGN_IN_MAX).await {
            Err(error) if is_refusal(&error) => return Err(error).context(REFUSED),
            // It will be back, and sweeps with it.
            Err(error) => tracing::warn!(error = %chain(&error), "Twitch gives no token for now"),
            Ok(()) => {}
        }
        let language = Some(plan.language.clone()).filter(|language| language != "*");
        Ok(Parts { helix, chatters, plan: Plan { top: plan.top as usize, language, tracked }, secret })
    }

    /// Who asks what the accounts of a store are called by now. Errors: the list of who opted out cannot be read.
    async fn look_up(&self, config: &Config, archive: Archive, store: Arc<AnyStore>, clock: Clock) -> Result<LookUp> {
        let door = Door::of(&config.store.url, self.secret.clone()).await?;
        Ok(LookUp::new(self.helix.clone(), archive, store, door, clock))
    }

    /// A collector into an archive. Errors: the archive, or the list of who opted out, cannot be read.
    pub(crate) async fn collector(
        self,
        config: &Config,
        archive: Archive,
        spool: Option<Spool>,
        clock: Clock,
    ) -> Result<Collector> {
        let Parts { helix, chatters, plan, secret } = self;
        let door = Door::of(&config.store.url, secret).await?;
        let collector = Collector::resume(helix, chatters, plan, door, archive, clock.slot()).await?;
        Ok(match spool {
            Some(spool) => collector.through(spool, clock.slot()).await?,
            None => collector,
        })
    }
}

/// What to do about credentials that are none.
pub(crate) const REFUSED: &str = "Twitch refuses the application: compare [collect] client_id and its secret with those at \
     https://dev.twitch.tv/console/apps";

/// Whether Twitch knows the application, or its secret, not: asking again does not help.
pub(crate) fn is_refusal(error: &AskError) -> bool {
    matches!(error, AskError::Status { status: 400..=499, .. }) && !error.is_transient()
}
