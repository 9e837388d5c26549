//! The collector as an operator runs it, against a simulated Twitch in a process of its own.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use archive::Archive;
use tempfile::TempDir;

#[path = "../bucket/bucket.rs"]
#[allow(dead_code, unreachable_pub, clippy::expect_used, reason = "other tests use the rest of it")]
mod bucket;
mod clock;
#[path = "../survive/disk.rs"]
mod disk;
mod faked;
mod full;
mod kill;
mod stop;

/// Nothing that a test waits for takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that ends with its test.
struct Running {
    child: Child,
    /// What it says.
    lines: Receiver<String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Running {
    /// Starts the program, and waits for the line that holds `word`.
    fn start(folder: &TempDir, words: &[&str], word: &str) -> (Running, String) {
        Running::of(program(folder, words), word)
    }

    /// The same, of a program with an environment of its own.
    fn of(mut program: Command, word: &str) -> (Running, String) {
        let mut child = program.stderr(Stdio::piped()).spawn().unwrap();
        let told = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let (tell, lines) = mpsc::channel();
        // All of it has to be read, or it would stop.
        std::thread::spawn(move || told.for_each(|line| drop(tell.send(line))));
        let running = Running { child, lines };
        let line = running.hear(word);
        (running, line)
    }

    /// Waits for the line that holds `word`; what it said before is forgotten.
    fn hear(&self, word: &str) -> String {
        let mut before = Vec::new();
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(word) => return line,
                Ok(line) => before.push(line),
                Err(error) => panic!("it does not say {word:?} ({error}), but:\n{}", before.join("\n")),
            }
        }
    }

    /// Asks it to end, as a service manager does, and waits until it has.
    fn stop(mut self) -> ExitStatus {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

fn program(folder: &TempDir, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(words).current_dir(folder.path()).env_remove("VIGIE_CONFIG").env("VIGIE_LOG", "error");
    command.env("VIGIE_COLLECT__CLIENT_SECRET", "secret");
    command
}

fn run(folder: &TempDir, words: &[&str]) -> (Output, String, String) {
    let output = program(folder, words).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, told) = (text(&output.stdout), text(&output.stderr));
    (output, out, told)
}

const TWITCH: [&str; 6] = ["simulate", "serve", "--viewers", "2000", "--channels", "60"];

/// A folder with a configuration that asks a simulator, which is running.
fn place(more: &str) -> (TempDir, Running) {
    let folder = TempDir::new().unwrap();
    let twitch = program(&folder, &TWITCH);
    let twitch = configure(&folder, twitch, more);
    (folder, twitch)
}

/// Starts a simulator, and writes a configuration that asks it.
fn configure(folder: &TempDir, twitch: Command, more: &str) -> Running {
    let (twitch, line) = Running::of(twitch, "a simulated Twitch is at");
    let addresses = line.split_once(": helix").unwrap().1.replace(", ", "\n");
    let text = format!(
        "[archive]\nurl = \"archive\"\norigin = \"simulated\"\n[store]\nurl = \"store\"\n{more}\n\
         [collect]\nlanguage = \"*\"\nclient_id = \"test\"\nhelix{addresses}\n"
    );
    fs::write(folder.path().join("vigie.toml"), text).unwrap();
    twitch
}

#[tokio::test]
async fn one_sweep_shows_what_a_configuration_collects() {
    let (folder, _twitch) = place("");
    let once = ["collect", "--once", "--print"];
    let (output, table, told) = run(&folder, &once);
    assert!(output.status.success(), "{told}");
    assert!(told.contains(" channels live with ") && told.contains(" missing; "), "{told}");
    let mut lines = table.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("channel                   status     viewers  in chat  wrote  list      source game")
    );
    let archive = Archive::open(folder.path().join("archive").to_str().unwrap()).await.unwrap();
    let day = archive.days().await.unwrap().pop().unwrap();
    let slots = archive.sweeps(day).await.unwrap();
    let rows = archive.read_streams(model::slot::SlotTime::new(day, slots[0])).await.unwrap();
    let viewers: Vec<u32> = lines.clone().filter_map(|line| line.split_whitespace().nth(2)?.parse().ok()).collect();
    assert_eq!((lines.count(), viewers.is_sorted_by(|a, b| a >= b)), (rows.len(), true), "{table}");
    assert!(!viewers.is_empty() && table.contains(" complete  tmi "), "{table}");

    // Again, within one slot at the latest the second time.
    let told: Vec<String> = (0..2).map(|_| run(&folder, &once).2).collect();
    assert!(told.iter().any(|told| told.contains("was swept before: this sweep is not kept")), "{told:?}");
    // Printed is one sweep.
    let (output, _, told) = run(&folder, &["collect", "--print"]);
    assert!(output.status.code() == Some(2) && told.contains("--once"), "{told}");
}

#[tokio::test]
async fn a_collector_alone_tells_its_figures_and_whether_it_is_stale() {
    let (folder, _twitch) = place("[metrics]\nlisten = \"127.0.0.1:0\"");
    // Whether it sweeps at once depends on the hour: not in a slot that is swept.
    run(&folder, &["collect", "--once"]);
    let (_collector, line) = Running::start(&folder, &["collect"], "Its figures are at");
    let address = line.split_whitespace().find_map(|word| word.strip_suffix("/metrics,")).unwrap();
    let figures = reqwest::get(format!("{address}/metrics")).await.unwrap().text().await.unwrap();
    assert!(figures.contains("# TYPE vigie_sweeps_total counter"), "{figures}");
    assert!(figures.contains("vigie_sweep_gaps_total{why=\"failed\"} 0"), "{figures}");
    let ready = reqwest::get(format!("{address}/readyz")).await.unwrap();
    assert_eq!((ready.status().as_u16(), ready.text().await.unwrap().as_str()), (503, "no sweep yet\n"));
}

#[test]
fn channels_are_followed_whatever_their_rank_by_a_list() {
    let (folder, twitch) = place("");
    let config = folder.path().join("vigie.toml");
    let text = fs::read_to_string(&config).unwrap().replace("language", "tracked = [\"_in_the_file\"]\nlanguage");
    fs::write(&config, text).unwrap();
    let all = || run(&folder, &["channels", "list"]).1;
    assert_eq!(all(), "_in_the_file\n");
    // A person is a channel too, if nobody watches it.
    let (output, _, told) = run(&folder, &["channels", "add", "_Cabane_Retro", "https://twitch.tv/_fournil"]);
    assert!(output.status.success() && told.contains("2 added, 2 in all"), "{told}");
    let listed = all();
    let lines: Vec<&str> = listed.lines().collect();
    let id = |line: &str, login: &str| line.strip_prefix(login).unwrap().trim().parse::<u64>().unwrap();
    assert!(
        id(lines[0], "_cabane_retro ") > 0 && id(lines[1], "_fournil ") > 0 && lines[2] == "_in_the_file",
        "{listed}"
    );

    // Nothing is done by halves.
    for (words, said) in [
        (
            &["channels", "add", "_noctule", "_nobody_has_it"][..],
            "Twitch knows no channel _nobody_has_it: nothing was added",
        ),
        (
            &["channels", "remove", "_fournil", "_noctule"],
            "_noctule cannot be removed: it is not on the list data/channels.txt",
        ),
        (&["channels", "remove", "_in_the_file"], "it is in the configuration, [collect] tracked"),
        (&["channels", "import", "names.txt"], "names.txt, line 2: \"b-o-b\" is no login of a channel"),
        (&["channels", "import", "nowhere.txt"], "cannot read nowhere.txt"),
    ] {
        fs::write(folder.path().join("names.txt"), "_noctule\nb-o-b\n").unwrap();
        let (output, _, told) = run(&folder, words);
        assert!(output.status.code() == Some(1) && told.contains(said), "{words:?}: {told}");
        assert_eq!(all(), listed, "{words:?}");
    }
    let (output, _, told) = run(&folder, &["channels", "add", "no login"]);
    assert!(output.status.code() == Some(2) && told.contains("write it as in its address"), "{told}");

    fs::write(folder.path().join("names.txt"), "# friends\n_noctule\n\n_fournil # already\n").unwrap();
    assert!(run(&folder, &["channels", "import", "names.txt"]).2.contains("1 added, 3 in all"));
    assert!(run(&folder, &["channels", "remove", "_fournil", "_fournil"]).2.contains("1 removed, 2 left"));
    // An id outlives its login.
    fs::write(folder.path().join("names.txt"), "_long_renamed 77\n_long_renamed 77\n").unwrap();
    assert!(run(&folder, &["channels", "import", "names.txt"]).2.contains("1 added, 3 in all"));
    assert!(all().contains("_long_renamed 77\n"));
    assert!(run(&folder, &["channels", "remove", "_long_renamed"]).2.contains("1 removed, 2 left"));
    assert!(!all().contains("_fournil") && all().contains("_noctule "));

    // The sweep follows them, live or not.
    let (_, table, told) = run(&folder, &["collect", "--once", "--print"]);
    for login in ["_cabane_retro", "_noctule", "_in_the_file"] {
        assert!(table.lines().any(|line| line.starts_with(&format!("{login} "))), "{table}{told}");
    }
    // Without Twitch nothing is known.
    drop(twitch);
    let (output, _, told) = run(&folder, &["channels", "add", "_midi_pile"]);
    assert!(output.status.code() == Some(1) && told.contains("cannot ask Twitch which channels there are"), "{told}");
    assert!(run(&folder, &["channels", "add", "_midi_pile", "--unchecked"]).2.contains("1 added, 3 in all"));
    // A broken list is told before anything starts.
    fs::write(folder.path().join("data/channels.txt"), "_ada\n??\n").unwrap();
    let (output, _, told) = run(&folder, &["collect"]);
    assert!(
        output.status.code() == Some(1) && told.contains("data/channels.txt, line 2: \"??\" is no login"),
        "{told}"
    );
}

#[test]
fn a_configuration_to_begin_with_is_written_once() {
    let folder = TempDir::new().unwrap();
    let (output, _, told) = run(&folder, &["init"]);
    assert!(output.status.success() && told.contains("vigie.toml is written, and a secret is in ./secret"), "{told}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let (config, secret) = (read("vigie.toml"), read("secret"));
    assert!(secret.trim().len() == 64 && secret.trim().bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
    let mode = fs::metadata(folder.path().join("secret")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // Nothing is lost.
    let (output, _, told) = run(&folder, &["init"]);
    assert!(output.status.code() == Some(1) && told.contains("vigie.toml is there already"), "{told}");
    fs::remove_file(folder.path().join("vigie.toml")).unwrap();
    let (_, _, told) = run(&folder, &["init"]);
    assert!(told.contains("the secret in ./secret was there and stays"), "{told}");
    assert_eq!((read("vigie.toml"), read("secret")), (config, secret));
    // Elsewhere it names the secret that is there.
    let (output, _, told) = run(&folder, &["init", "--config", "etc/vigie.toml"]);
    assert!(output.status.success() && told.contains("a secret is in etc/secret"), "{told}");
    assert!(
        read("etc/vigie.toml").contains("\nsecret_file = \"etc/secret\"\n") && read("etc/secret") != read("secret")
    );
    // It says by itself what is missing.
    let bare = |words: &[&str]| {
        let output = program(&folder, words).env_remove("VIGIE_COLLECT__CLIENT_SECRET").output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = bare(&["collect"]);
    assert!(code == Some(1) && told.contains("[collect] needs client_id and a secret"), "{told}");
    for (words, said) in [
        (&["collect", "--config", "nowhere.toml"][..], "write one with `vigie init`"),
        (&["init", "--config", "vigie.toml/x/vigie.toml"], "cannot make the folder vigie.toml/x"),
    ] {
        let (code, told) = bare(words);
        assert!(code == Some(1) && told.contains(said), "{told}");
    }
}

#[tokio::test]
async fn what_waited_for_a_bucket_goes_to_the_folder_that_took_its_place() {
    let (folder, _twitch) = place("");
    let people =
        ["--viewers", "100", "--channels", "20", "--days", "1", "--until", "2025-03-02", "--out", "data/spool"];
    let (output, _, told) = run(&folder, &[&["simulate", "archive"], &people[..]].concat());
    assert!(output.status.success(), "{told}");
    // An hour of it is enough: without its streams a sweep is none.
    for streams in fs::read_dir(folder.path().join("data/spool/streams/date=2025-03-02")).unwrap() {
        let streams = streams.unwrap();
        if streams.file_name().to_str().unwrap() >= "0100" {
            fs::remove_file(streams.path()).unwrap();
        }
    }
    let (output, _, told) = run(&folder, &["collect", "--once"]);
    assert!(output.status.success(), "{told}");
    let archive = Archive::open(folder.path().join("archive").to_str().unwrap()).await.unwrap();
    let days = archive.days().await.unwrap();
    assert_eq!((days.len(), archive.sweeps("2025-03-02".parse().unwrap()).await.unwrap().len()), (2, 12), "{told}");
    let waiting = Archive::open(folder.path().join("data/spool").to_str().unwrap()).await.unwrap();
    assert_eq!(waiting.sweeps("2025-03-02".parse().unwrap()).await.unwrap(), []);
}

#[tokio::test]
async fn an_archive_in_the_place_of_a_spool_is_no_spool() {
    let (folder, _twitch) = place("");
    let config = folder.path().join("vigie.toml");
    let text = fs::read_to_string(&config).unwrap();
    for url in ["data/spool", "./data/../data/spool"] {
        fs::write(&config, text.replace("url = \"archive\"", &format!("url = \"{url}\""))).unwrap();
        let (output, _, told) = run(&folder, &["collect", "--once"]);
        assert!(output.status.success(), "{told}");
        let archive = Archive::open(folder.path().join("data/spool").to_str().unwrap()).await.unwrap();
        let day = archive.days().await.unwrap().pop().unwrap();
        assert!(!archive.sweeps(day).await.unwrap().is_empty(), "{url}: what was swept stays");
    }
}
