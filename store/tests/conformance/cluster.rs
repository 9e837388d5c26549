//! A private Postgres: made in a temporary folder, reached through a socket in it (no port to clash on), gone after.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;

use tempfile::TempDir;

/// A running cluster. Dropping it stops the server and removes its folder.
pub(crate) struct Cluster {
    server: Child,
    tools: Tools,
    folder: TempDir,
    settings: Vec<String>,
}

/// Where Postgres' programs are, and as whom they run: they refuse to run as root.
struct Tools {
    bin: PathBuf,
    user: Option<User>,
}

struct User {
    name: &'static str,
    uid: u32,
    gid: u32,
}

const ROLE: &str = "vigie";
const MEND: &str = "the conformance suite needs a real Postgres: install it (Debian: apt-get install postgresql) or put initdb into PATH";

impl Cluster {
    /// Makes and starts a cluster with these settings, `name=value`. Panics, with the mend, when Postgres is not
    /// installed: the suite never skips.
    pub(crate) fn start(settings: &[&str]) -> Cluster {
        Cluster::start_within(&std::env::temp_dir(), settings)
    }

    /// The same, with its data and its log in this folder.
    pub(crate) fn start_within(within: &Path, settings: &[&str]) -> Cluster {
        let tools = Tools::find();
        let folder = tempfile::Builder::new().prefix("vigie-pg-").tempdir_in(within).expect("a temporary folder");
        if let Some(user) = &tools.user {
            chown(folder.path(), Some(user.uid), Some(user.gid)).expect("a folder of the user that Postgres runs as");
        }
        let data = folder.path().join("data");
        let mut initdb = tools.command("initdb", folder.path());
        initdb
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--username", ROLE, "--pgdata"])
            .arg(&data);
        succeed("initdb", &initdb.output().expect("initdb runs"));
        let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let server = serve(&tools, folder.path(), &settings);
        Cluster { server, tools, folder, settings }
    }

    /// Stops the server as a crash does: connections break, and the next start recovers.
    #[allow(dead_code, reason = "not every test crashes it")]
    pub(crate) fn crash(&mut self) {
        succeed("pg_ctl", &self.stop());
        self.server.wait().expect("a server that ended");
    }

    /// Starts it again after a crash.
    #[allow(dead_code, reason = "not every test crashes it")]
    pub(crate) fn restart(&mut self) {
        self.server = serve(&self.tools, self.folder.path(), &self.settings);
    }

    fn stop(&self) -> Output {
        let mut stop = self.tools.command("pg_ctl", self.folder.path());
        stop.args(["stop", "-w", "-m", "immediate", "-D"]).arg(self.folder.path().join("data"));
        stop.output().expect("pg_ctl runs")
    }

    /// Where its files are.
    #[allow(dead_code, reason = "not every test looks into them")]
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}@localhost/{database}?host={}", self.folder.path().display())
    }
}

/// Starts a server and waits until it answers.
fn serve(tools: &Tools, folder: &Path, settings: &[String]) -> Child {
    let mut server = tools.command("postgres", folder);
    server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    for setting in ["listen_addresses=", "max_connections=200"].into_iter().chain(settings.iter().map(String::as_str)) {
        server.args(["-c", setting]);
    }
    let mut server = server.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("postgres starts");
    let log = BufReader::new(server.stderr.take().expect("a pipe"));
    let (say, heard) = mpsc::channel();
    // It must be read to its end, or the server would wait for us.
    thread::spawn(move || {
        let mut before = String::new();
        let mut ready = false;
        for line in log.lines().map_while(Result::ok) {
            if !ready && line.contains("database system is ready to accept connections") {
                ready = true;
                let _ = say.send(Ok(()));
            }
            if !ready {
                before = before + &line + "\n";
            }
        }
        let _ = say.send(Err(before));
    });
    match heard.recv().expect("the thread says one of two things") {
        Ok(()) => server,
        Err(log) => panic!("postgres did not start:\n{log}"),
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !self.stop().status.success() {
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

impl Tools {
    fn find() -> Tools {
        let installed = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("bin"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut places: Vec<PathBuf> =
            installed.chain(std::env::split_paths(&path)).filter(|bin| bin.join("initdb").is_file()).collect();
        places.sort_by_key(|bin| std::cmp::Reverse(version(bin)));
        let bin = places.into_iter().next().expect(MEND);
        let id = |flag: &str, name: &str| {
            let output =
                Command::new("id").args([flag, name]).output().ok().filter(|output| output.status.success())?;
            String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
        };
        let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
        let user = |name| Some(User { name, uid: id("-u", name)?, gid: id("-g", name)? });
        let user = root
            .then(|| user("postgres").or_else(|| user("nobody")).expect("a user other than root to run Postgres as"));
        Tools { bin, user }
    }

    /// A program of Postgres, as the right user, that ends when the test's thread does, however that ends.
    fn command(&self, program: &str, folder: &Path) -> Command {
        let program = self.bin.join(program);
        let setpriv = Command::new("setpriv").arg("--version").output().is_ok_and(|output| output.status.success());
        let mut command = match &self.user {
            Some(user) if setpriv => {
                let mut command = Command::new("setpriv");
                command.args([
                    "--reuid",
                    user.name,
                    "--regid",
                    &user.gid.to_string(),
                    "--clear-groups",
                    "--pdeathsig",
                    "INT",
                ]);
                command.arg(program);
                command
            }
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user.name, "--"]).arg(program);
                command
            }
            None if setpriv => {
                let mut command = Command::new("setpriv");
                command.args(["--pdeathsig", "INT"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        // The current folder may be closed to that user.
        command.current_dir(folder);
        command
    }
}

/// The number in `/usr/lib/postgresql/15/bin`; 0 elsewhere.
fn version(bin: &Path) -> u32 {
    bin.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse().ok()).unwrap_or(0)
}

fn succeed(program: &str, output: &Output) {
    assert!(output.status.success(), "{program} failed:\n{}", String::from_utf8_lossy(&output.stderr));
}
