//! The archives of every version are imported to what they mean.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use archive::Archive;
use importer::import::{ImportOrder, import_day};
use importer::options::ImportOptions;
use model::channel_day::ChannelSlot;
use model::day::Day;
use model::identity::TwitchId;
use model::slot::{SlotTime, Span};
use serde_json::Value;
use store::dump::{ViewerDump, dump_day};
use store::{AnyStore, Store};

use crate::world::job;

/// Who was where: the channel, the person, the slot, what proves it.
type Seen = (String, String, u16, &'static str);

/// What `meaning.json` says of a day.
struct Meaning {
    day: Day,
    sweeps: Vec<(SlotTime, Value)>,
}

impl Meaning {
    fn of(json: &Value) -> Meaning {
        let at = |sweep: &Value| {
            let text = sweep["sampled_at"].as_str().unwrap();
            let (day, time) = text.split_once('T').unwrap();
            let minutes = time[..2].parse::<u16>().unwrap() * 60 + time[3..5].parse::<u16>().unwrap();
            SlotTime::at(day.parse().unwrap(), minutes / 5)
        };
        let sweeps: Vec<(SlotTime, Value)> =
            json["sweeps"].as_array().unwrap().iter().map(|sweep| (at(sweep), sweep.clone())).collect();
        Meaning { day: sweeps[0].0.day(), sweeps }
    }

    /// Rows of streams with their slots, in order of first sight.
    fn streams(&self) -> impl Iterator<Item = (SlotTime, &Value)> {
        self.sweeps
            .iter()
            .flat_map(|(at, sweep)| sweep["streams"].as_array().unwrap().iter().map(move |row| (*at, row)))
    }

    /// By login, the one that its account had last: one id is one account, and of two seen last at once the later holds.
    fn accounts(&self) -> BTreeMap<&str, &str> {
        let mut last: BTreeMap<u64, &str> = BTreeMap::new();
        for (_, row) in self.streams() {
            last.extend(row["channel_id"].as_u64().map(|id| (id, row["channel"].as_str().unwrap())));
        }
        self.streams()
            .map(|(_, row)| {
                let login = row["channel"].as_str().unwrap();
                (login, row["channel_id"].as_u64().map_or(login, |id| last[&id]))
            })
            .collect()
    }

    /// Every row of chatters, as the store is to hold it.
    fn seen(&self) -> (u64, BTreeSet<Seen>, BTreeMap<String, u64>) {
        let accounts = self.accounts();
        let (mut rows, mut seen, mut ids) = (0, BTreeSet::new(), BTreeMap::new());
        for (at, sweep) in &self.sweeps {
            for (channel, people) in sweep["chatters"].as_object().unwrap() {
                for person in people.as_array().unwrap() {
                    let fields: Vec<&str> = person.as_str().unwrap().split('|').collect();
                    let [login, id, _, evidence] = fields[..] else { panic!("{person}") };
                    let evidence = if evidence == "spoke" { "spoke" } else { "listed" };
                    rows += 1;
                    seen.insert((accounts[channel.as_str()].to_owned(), login.to_owned(), at.slot().index(), evidence));
                    ids.extend(id.parse::<u64>().map(|id| (login.to_owned(), id)));
                }
            }
        }
        (rows, seen, ids)
    }
}

/// What the store holds of people.
fn held(dump: &[ViewerDump]) -> (BTreeSet<Seen>, BTreeMap<String, u64>) {
    let (mut seen, mut ids) = (BTreeSet::new(), BTreeMap::new());
    for person in dump {
        ids.extend(person.id.map(|id| (person.login.to_string(), id.get())));
        for presence in &person.channels {
            for (evidence, runs) in [("listed", &presence.listed), ("spoke", &presence.spoke)] {
                let slots = runs.iter().flat_map(|run| run.from()..run.to());
                seen.extend(slots.map(|slot| (presence.channel.to_string(), person.login.to_string(), slot, evidence)));
            }
        }
    }
    (seen, ids)
}

#[tokio::test]
async fn version_1_is_imported_to_its_meaning() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../archive/golden/v1");
    let json = serde_json::from_slice(&std::fs::read(golden.join("meaning.json")).unwrap()).unwrap();
    let meaning = Meaning::of(&json);
    let day = meaning.day;
    let archive = Archive::open(golden.join("archive").to_str().unwrap()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = AnyStore::open(folder.path().to_str().unwrap(), Some(archive.origin())).await.unwrap();
    assert_eq!(json["origin"], archive.origin().as_str());
    let order = ImportOrder { day, provisional: false, now: 0 };
    let report = import_day(&archive, &store, &job(), order, &ImportOptions::default(), |_| {}).await.unwrap();

    let (rows, seen, ids) = meaning.seen();
    assert_eq!(held(&dump_day(&store, &job(), day).await.unwrap()), (seen.clone(), ids));
    let stats = store.days().await.unwrap()[0].stats;
    assert_eq!((report.observations, stats.kept, stats.suppressed), (rows, seen.len() as u64, 0));
    assert_eq!(stats.joined, rows - seen.len() as u64);

    // Of a channel with two logins, in each slot the first that says whether it was on air holds.
    let accounts = meaning.accounts();
    let mut told: BTreeMap<(&str, u16), &Value> = BTreeMap::new();
    for (at, row) in meaning.streams() {
        let place = (accounts[row["channel"].as_str().unwrap()], at.slot().index());
        if told.get(&place).is_none_or(|before| before["status"] == "unknown") {
            told.insert(place, row);
        }
    }
    assert_eq!(report.channels, accounts.values().collect::<BTreeSet<_>>().len() as u64);
    for ((login, slot), row) in &told {
        let at = SlotTime::at(day, *slot).slot();
        let channel = store.channel(&login.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(channel.id.map(TwitchId::get), row["channel_id"].as_u64(), "{login}");
        let days = store.channel_days(&[channel.key], day, day.plus(1)).await.unwrap();
        let found = days[0].data.slot(at);
        let ChannelSlot::Live(live) = found else {
            let wanted = if row["status"] == "off_air" { ChannelSlot::OffAir } else { ChannelSlot::Unknown };
            assert_eq!((found, row["status"] == "live"), (wanted, false), "{login}");
            continue;
        };
        let facts = &row["stream"];
        assert_eq!(row["status"], "live");
        assert_eq!(live.viewers.map(u64::from), facts["viewer_count"].as_u64(), "{login}");
        assert_eq!(live.chatters.map(u64::from), row["chatter_count"].as_u64(), "{login}");
        assert_eq!((live.list.as_str(), live.speech.as_str()), (text(row, "list_status"), text(row, "speech_status")));
        assert_eq!(live.source.map_or("", |source| source.as_str()), text(row, "chatters_source"), "{login}");
        let segment = days[0].data.segments.iter().find(|it| it.run.from() <= *slot && *slot < it.run.to()).unwrap();
        let words = [&segment.stream_id, &segment.title, &segment.game_id, &segment.game];
        assert_eq!(words, ["stream_id", "title", "game_id", "game"].map(|name| text(facts, name)), "{login}");
        // What a broadcast said first of its beginning holds.
        let first = told[&(*login, segment.run.from())];
        assert_eq!(segment.started_at, first["stream"]["started_at"].as_i64(), "{login}");
    }
    let sweeps = store.sweeps(Span::of_day(day)).await.unwrap();
    let took: Vec<(SlotTime, u64)> = sweeps.iter().map(|sweep| (sweep.at, sweep.sweep_ms.into())).collect();
    let wanted: Vec<_> = meaning.sweeps.iter().map(|(at, sweep)| (*at, sweep["sweep_ms"].as_u64().unwrap())).collect();
    assert_eq!(took, wanted);
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}
