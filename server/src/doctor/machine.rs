//! This machine: who runs, whose the secrets are, what else has the addresses.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use model::words::Origin;
use rustix::process::{Resource, geteuid, getrlimit};
use store::access::ViewerPages;
use tokio::net::TcpListener;

use super::finding::{Finding, Findings};
use crate::config::Config;
use crate::report::chain;
use crate::site_folder::SiteFolder;

/// An import has a file a sweep open and some hundred others, a website up to 800 connections.
const FILES_MIN: u64 = 2_048;
/// Whoever has an address on this machine answers at once.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// Who is running this.
pub(super) fn user(found: &mut Findings) {
    if geteuid().is_root() {
        found.say(Finding::warning(
            "user",
            "this runs as root, which may read and write everything",
            "run it as the user that runs Vigie, as `sudo -u vigie vigie doctor`",
        ));
    }
}

/// Whether secrets are there, and for their owner alone.
pub(super) fn secrets(config: &Config, found: &mut Findings) {
    const CHECK: &str = "privacy";
    match config.privacy.secret() {
        Err(error) => {
            found.say(Finding::wrong(CHECK, chain(&*error), "give it 16 bytes or more; `vigie init` draws one"));
        }
        Ok(None) => {
            let (what, todo) = ("there is no secret", "nobody could opt out: name one with [privacy] secret_file");
            found.say(match config.archive.origin {
                Origin::Real => Finding::wrong(CHECK, what, todo),
                Origin::Simulated => Finding::warning(CHECK, what, todo),
            });
        }
        Ok(Some(_)) => found.say(match config.privacy.file() {
            None => Finding::ok(CHECK, "the secret is in the environment"),
            Some(file) => for_its_owner(CHECK, file),
        }),
    }
    let Some(plan) = &config.collect else { return };
    // A sign-in that is missing is told where lists are asked for.
    for file in plan.secret_file().into_iter().chain([plan.token_file.as_path()]).filter(|file| file.exists()) {
        found.say(for_its_owner("secrets", file));
    }
}

/// Whether a file is readable by its owner alone. Errors: one that cannot be looked at is told by whoever reads it.
fn for_its_owner(check: &'static str, file: &Path) -> Finding {
    let told = file.display();
    // Those of systemd are for one service alone, by means that a mode does not tell.
    let of_systemd = std::env::var_os("CREDENTIALS_DIRECTORY").is_some_and(|folder| file.starts_with(folder));
    let for_others = 0o077;
    match std::fs::metadata(file).map(|data| data.permissions().mode() & 0o777) {
        Ok(mode) if mode & for_others == 0 || of_systemd => {
            Finding::ok(check, format!("{told} is for its owner alone"))
        }
        Ok(mode) => Finding::wrong(
            check,
            format!("{told} can be read by others (mode {mode:03o})"),
            format!("chmod 600 {told}"),
        ),
        Err(error) => Finding::wrong(check, format!("{told}: {error}"), "let this user read it"),
    }
}

/// Whether a website could be served.
pub(super) fn site(config: &Config, found: &mut Findings) {
    const CHECK: &str = "site";
    let choice = config.site.viewer_pages.map(Into::into);
    if let Err(error) = ViewerPages::resolve(config.archive.origin, choice) {
        return found.say(Finding::wrong(
            CHECK,
            chain(&error),
            "`vigie serve` does not start before; `vigie collect` does",
        ));
    }
    match SiteFolder::find(config.site.folder.as_deref()) {
        Ok(site) => found.say(Finding::ok(CHECK, format!("the built site is in {}", site.folder.display()))),
        Err(error) => {
            found.say(Finding::warning(CHECK, chain(&*error), "`vigie serve` needs it; `vigie collect` does without"));
        }
    }
}

/// Whether enough files may be open.
pub(super) fn open_files(found: &mut Findings) {
    // Unlimited is no number.
    let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    found.say(if most >= FILES_MIN {
        Finding::ok("files", if most == u64::MAX { "any number may be open".to_owned() } else { format!("{most} may be open") })
    } else {
        Finding::warning(
            "files",
            format!("{most} may be open"),
            format!("an import beside many visitors takes more: raise it to {FILES_MIN} (LimitNOFILE= of the unit, `ulimit -Hn`)"),
        )
    });
}

/// Whether the addresses to listen on are free, or a Vigie listens there.
pub(super) async fn addresses(config: &Config, found: &mut Findings) {
    found.say(address("[site] listen", config.site.listen, "/healthz", |text| text == "ok\n").await);
    if let Some(listen) = config.metrics.listen {
        found.say(address("[metrics] listen", listen, "/metrics", |text| text.contains("vigie_")).await);
    }
}

async fn address(key: &str, listen: SocketAddr, path: &str, is_ours: fn(&str) -> bool) -> Finding {
    const CHECK: &str = "address";
    let todo = format!("choose another with {key}");
    match TcpListener::bind(listen).await {
        Ok(_) => Finding::ok(CHECK, format!("{listen} is free ({key})")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => match answer(listen, path).await {
            Some(text) if is_ours(&text) => Finding::ok(CHECK, format!("{listen} is a running Vigie's ({key})")),
            _ => Finding::wrong(CHECK, format!("{listen} is another program's"), format!("stop that, or {todo}")),
        },
        Err(error) => Finding::wrong(CHECK, format!("{listen}: {error}"), todo),
    }
}

/// What whoever listens at an address says to a path.
async fn answer(listen: SocketAddr, path: &str) -> Option<String> {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let address = SocketAddr::new(ip, listen.port());
    let http = collector::http::client().ok()?;
    let answer = http.get(format!("http://{address}{path}")).timeout(ANSWER_MAX).send().await.ok()?;
    answer.text().await.ok()
}
