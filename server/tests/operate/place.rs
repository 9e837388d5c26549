//! A folder with a configuration, and a Twitch that it asks.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use collector::clock::Clock;
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::world::{Population, World};
use tempfile::TempDir;

/// The one secret that the Twitch of these tests knows.
pub(crate) const SECRET: &str = "hush-of-the-application";

pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) twitch: SimulatedTwitch,
    pub(crate) world: Arc<World>,
}

/// What a program said, and its exit code.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) told: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code(), out: text(output.stdout), told: text(output.stderr) }
    }
}

impl Place {
    /// One whose Twitch is all right.
    pub(crate) async fn new() -> Place {
        Place::with(Settings::default(), 0).await
    }

    /// One whose Twitch's clock is ahead by so many seconds.
    pub(crate) async fn with(settings: Settings, ahead: i64) -> Place {
        let world = Arc::new(World::new(1, Population { viewers: 2_000, channels: 60 }).unwrap());
        let settings = Settings { client_secret: Some(SECRET), ..settings };
        let clock = move || Clock::wall().now() + ahead;
        let twitch = SimulatedTwitch::with(Twitch::World(Arc::clone(&world)), settings, clock, 0).await.unwrap();
        let place = Place { folder: TempDir::new().unwrap(), twitch, world };
        fs::create_dir(place.path("site")).unwrap();
        let manifest = r#"{"js": "/pkg/a.js", "wasm": "/pkg/a.wasm", "css": "/pkg/a.css", "fonts": []}"#;
        fs::write(place.path("site/manifest.json"), manifest).unwrap();
        place.configure(&place.tmi(), "");
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Chatters are asked of the old endpoint.
    pub(crate) fn tmi(&self) -> String {
        format!("tmi = \"{}\"", self.twitch.base())
    }

    /// Writes the configuration, with more of `[collect]` and more tables.
    pub(crate) fn configure(&self, collect: &str, tables: &str) {
        let base = self.twitch.base();
        let text = format!(
            "[archive]\nurl = \"archive\"\norigin = \"simulated\"\n[store]\nurl = \"store\"\n\
             [site]\nlisten = \"127.0.0.1:0\"\nfolder = \"site\"\n{tables}\n\
             [collect]\nclient_id = \"test\"\nhelix = \"{base}/helix\"\noauth = \"{base}/oauth2\"\nlanguage = \"*\"\n{collect}\n"
        );
        fs::write(self.path("vigie.toml"), text).unwrap();
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        command.args(words).current_dir(self.folder.path()).env("VIGIE_LOG", "error");
        for variable in ["VIGIE_CONFIG", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "CREDENTIALS_DIRECTORY"] {
            command.env_remove(variable);
        }
        command.env("VIGIE_COLLECT__CLIENT_SECRET", SECRET);
        command.env("VIGIE_PRIVACY__SECRET", "a secret of these tests");
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Said {
        self.command(words).output().unwrap().into()
    }
}
