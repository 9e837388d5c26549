//! What systemd is told, by a socket as systemd's.

use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use archive::Archive;
use collector::clock::Clock;
use model::words::Origin;
use server::notify::{Manager, Pulse};
use tempfile::TempDir;

use crate::place::Place;

/// Nothing of ours takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service manager that listens.
struct Listening {
    folder: TempDir,
    socket: UnixDatagram,
}

impl Listening {
    fn new() -> Listening {
        let folder = TempDir::new().unwrap();
        let socket = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Listening { folder, socket }
    }

    fn name(&self) -> String {
        self.folder.path().join("notify").to_str().unwrap().to_owned()
    }

    /// The next thing told.
    fn hear(&self) -> String {
        let mut bytes = [0; 4_096];
        let length = self.socket.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    }

    /// The next thing told that is another one.
    fn hear_after(&self, told: &str) -> String {
        std::iter::repeat_with(|| self.hear()).find(|heard| heard != told).unwrap()
    }
}

/// A process that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended as it was asked to.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn systemd_hears_that_all_is_running_that_it_goes_on_and_that_it_ends() {
    for command in ["collect", "serve"] {
        let (place, systemd) = (Place::new().await, Listening::new());
        let mut start = place.command(&[command]);
        start.env("NOTIFY_SOCKET", systemd.name()).env("WATCHDOG_USEC", "60000").stderr(Stdio::null());
        let mut running = Running(start.spawn().unwrap());
        assert_eq!(systemd.hear(), "READY=1", "{command}");
        for _ in 0..3 {
            assert_eq!(systemd.hear(), "WATCHDOG=1", "{command}");
        }
        let pid = running.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert_eq!(systemd.hear_after("WATCHDOG=1"), "STOPPING=1", "{command}");
        assert_eq!(running.0.wait().unwrap().code(), Some(0), "{command}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twitch_that_is_down_keeps_nobody_from_starting() {
    let (place, systemd) = (Place::new().await, Listening::new());
    let mut start = place.command(&["collect"]);
    start.env("NOTIFY_SOCKET", systemd.name()).env("VIGIE_COLLECT__OAUTH", "http://127.0.0.1:1/oauth2");
    let _running = Running(start.stderr(Stdio::null()).spawn().unwrap());
    assert_eq!(systemd.hear(), "READY=1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watchdog_that_is_another_programs_is_not_told() {
    let (place, systemd) = (Place::new().await, Listening::new());
    let mut start = place.command(&["collect"]);
    start
        .env("NOTIFY_SOCKET", systemd.name())
        .env("WATCHDOG_USEC", "1000")
        .env("WATCHDOG_PID", "1")
        .stderr(Stdio::null());
    let mut running = Running(start.spawn().unwrap());
    assert_eq!(systemd.hear(), "READY=1");
    let pid = running.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(systemd.hear(), "STOPPING=1");
    running.0.wait().unwrap();
    // A socket that is not there is told before anything starts.
    let output = place.command(&["collect"]).env("NOTIFY_SOCKET", "/nowhere/notify").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && told.contains("/nowhere/notify"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_without_sweeps_is_told_of_no_more_until_it_sweeps_again() {
    let (systemd, folder) = (Listening::new(), TempDir::new().unwrap());
    let manager = Manager::at(&systemd.name(), Some(Duration::from_millis(30))).unwrap();
    let archive = Archive::create(folder.path().to_str().unwrap(), Origin::Simulated).await.unwrap();
    // A quarter of an hour is two seconds.
    let clock = Clock::virtual_from(1_795_348_800_000, 450.0);
    let pulse = Pulse::new(clock, archive);
    let watch = tokio::spawn(manager.watch(Some(pulse.clone())));
    assert_eq!(systemd.hear(), "WATCHDOG=1");
    let status = systemd.hear_after("WATCHDOG=1");
    assert!(status.starts_with("STATUS=no sweep for 9"), "{status}");
    assert!(pulse.age() > 900);
    pulse.beat(clock.slot());
    assert_eq!(systemd.hear(), "STATUS=sweeps go on");
    assert_eq!(systemd.hear(), "WATCHDOG=1");
    watch.abort();
}
