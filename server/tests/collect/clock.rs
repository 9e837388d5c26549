//! A clock that jumps while the collector runs: no slot twice, nothing in the past, nothing called complete that is not.

use std::fs;

use archive::Archive;
use model::slot::{SLOT_SECONDS, SlotTime};
use model::words::{ListStatus, SpeechStatus};

use crate::faked::Faked;
use crate::kill::sweeps;
use crate::{Running, TWITCH, TempDir, configure, program};

const FAULTS: &str = "faults.json";
const REQUESTS: &str = "requests.log";
const HOUR: i32 = 3_600 / SLOT_SECONDS as i32;

/// Half past eight in the evening in Paris: many are on air.
pub(crate) fn evening() -> SlotTime {
    SlotTime::at("2026-11-18".parse().unwrap(), 234)
}

/// A collector whose clock can be set, and a Twitch in whose time it is evening.
pub(crate) struct House {
    pub(crate) folder: TempDir,
    pub(crate) twitch: Running,
    clock: Faked,
    pub(crate) first: SlotTime,
}

impl House {
    /// It is the beginning of the first slot.
    pub(crate) fn new() -> House {
        let (folder, first) = (TempDir::new().unwrap(), evening());
        let faked = |name: &str| Faked::new(folder.path().join(name), first.unix() + 1);
        fs::write(folder.path().join(FAULTS), "{}").unwrap();
        let mut twitch = program(&folder, &[&TWITCH[..], &["--faults", FAULTS, "--log", REQUESTS]].concat());
        // Its clock is right.
        faked("twitch-clock").give(twitch.env("VIGIE_LOG", "info"));
        let clock = faked("clock");
        let twitch = configure(&folder, twitch, "[metrics]\nlisten = \"127.0.0.1:0\"");
        House { folder, twitch, clock, first }
    }

    /// Starts a collector.
    pub(crate) fn collect(&self, source: &str) -> Collecting {
        let mut collect = program(&self.folder, &["collect"]);
        collect.env("VIGIE_LOG", "info").env("VIGIE_COLLECT__SOURCE", source);
        self.clock.give(&mut collect);
        let (running, line) = Running::of(collect, "Its figures are at");
        let figures = line.split_whitespace().find(|word| word.ends_with("/metrics,")).unwrap();
        Collecting { figures: figures.trim_end_matches(',').to_owned(), running }
    }

    /// Sets the clock to the beginning of the n-th slot after the first.
    pub(crate) fn set(&self, slot: i32) -> SlotTime {
        let at = self.first + slot;
        self.clock.set(at.unix() + 1);
        at
    }

    /// Makes answers of Twitch go wrong from now on, as `docs/faults.md` says.
    pub(crate) fn fail(&self, faults: &str) {
        let written = self.folder.path().join("faults.new");
        fs::write(&written, faults).unwrap();
        fs::rename(written, self.folder.path().join(FAULTS)).unwrap();
        self.twitch.hear("other faults are switched on");
    }

    /// How many lists of chatters Twitch has answered.
    pub(crate) fn lists(&self) -> usize {
        let requests = fs::read_to_string(self.folder.path().join(REQUESTS)).unwrap();
        requests.lines().filter(|line| line.contains("/group/user/")).count()
    }

    pub(crate) async fn archive(&self) -> Archive {
        Archive::open(self.folder.path().join("archive").to_str().unwrap()).await.unwrap()
    }
}

/// A collector that runs.
pub(crate) struct Collecting {
    pub(crate) running: Running,
    figures: String,
}

impl Collecting {
    async fn figures(&self) -> String {
        reqwest::get(&self.figures).await.unwrap().text().await.unwrap()
    }

    /// Until it has asked for the lists of so many sweeps, of the same channels each.
    async fn asked(&self, sweeps: u64) {
        loop {
            let figures = self.figures().await;
            let sum = |name: &str| -> u64 {
                let named = figures.lines().filter(|line| line.starts_with(name));
                named.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
            };
            let live = sum("vigie_sweep_channels{status=\"live\"}");
            if live > 0 && sum("vigie_sweep_lists_total{") >= sweeps * live {
                return;
            }
        }
    }
}

#[tokio::test]
async fn no_slot_is_swept_twice_and_nothing_is_written_into_the_past() {
    let house = House::new();
    let collector = house.collect("tmi");
    collector.running.hear(&format!("swept {}", house.first));
    // An hour back: the next sweep is of the next slot all the same.
    house.set(-HOUR);
    collector.running.hear(&format!("the clock was set back: the next sweep is of {}", house.first + 1));
    let next = house.set(1);
    collector.running.hear(&format!("swept {next}"));
    assert_eq!(sweeps(&house.archive().await).await, [house.first, next]);
    // An hour forward: all that is between is a gap.
    let later = house.set(1 + HOUR);
    let told = collector.running.hear("slots were missed");
    assert!(told.contains(&(next + 2).to_string()) && told.contains(&later.to_string()), "{told}");
    collector.running.hear(&format!("swept {later}"));
    assert_eq!(sweeps(&house.archive().await).await, [house.first, next, later]);
    let figures = collector.figures().await;
    for (why, gaps) in [("late", 1), ("missed", HOUR - 2), ("failed", 0)] {
        assert!(figures.contains(&format!("vigie_sweep_gaps_total{{why=\"{why}\"}} {gaps}\n")), "{figures}");
    }
    assert!(collector.running.stop().success() && house.twitch.stop().success());
}

#[tokio::test]
async fn no_list_is_complete_because_the_clock_was_set_forward() {
    let house = House::new();
    let collector = house.collect("irc");
    // Each slot ends some seconds after it began. In the second all chats are joined; when the last begins, their connection
    // answered in the slot before, and by this machine's clock they were joined more than ten minutes ago.
    let slots = [0, 1, 4, 5].map(|slot| house.first + slot);
    for (sweeps, (slot, before)) in (1..).zip([(1, 0), (4, 1), (5, 4), (6, 5)]) {
        collector.asked(sweeps).await;
        house.set(slot);
        let told = collector.running.hear("this machine's clock was set, or it slept");
        assert!(told.contains(&(house.first + before).to_string()), "{told}");
        collector.running.hear(&format!("swept {}", house.first + before));
    }
    let archive = house.archive().await;
    assert_eq!(sweeps(&archive).await, slots);
    for at in slots {
        let rows = archive.read_streams(at).await.unwrap();
        let listened: Vec<_> = rows.iter().filter(|row| row.chatters_source.is_some()).collect();
        assert!(listened.len() > 5, "{at}: {}", listened.len());
        for row in &listened {
            assert!(row.list_status != ListStatus::Complete && row.speech_status == SpeechStatus::Missing, "{row:?}");
        }
        let partial = listened.iter().filter(|row| row.list_status == ListStatus::Partial).count();
        assert!(at < slots[1] || partial * 2 > listened.len(), "{at}: {partial} of {}", listened.len());
    }
    assert!(collector.running.stop().success() && house.twitch.stop().success());
}
