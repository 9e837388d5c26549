//! An export holds what the store holds, row by row, in both formats.

use std::collections::BTreeMap;
use std::fs;

use importer::export::Format;
use importer::export::days::ExportOrder;
use model::day::Day;
use model::identity::{ChannelKey, TwitchId};
use model::sample::{StreamFacts, StreamSample};
use model::slot::SlotTime;
use model::words::{Evidence, ListStatus, StreamStatus};
use store::Store;
use store::dump::dump_day;

use crate::files::{Row, part, rows, visible};
use crate::order::{export, folder, order};
use crate::world::{World, day, job, live, row, sweep};

const TITLES: [&str; 3] = ["Soirée \"tranquille\", 100 %", "two\nlines, and a comma", ""];

fn on_air(at: SlotTime, login: &str, n: u16) -> StreamSample {
    let facts = StreamFacts {
        stream_id: "40944725612".into(),
        title: TITLES[usize::from(n % 3)].into(),
        game: "Échecs".into(),
        game_id: "743".into(),
        viewer_count: (!n.is_multiple_of(4)).then_some(u32::from(n) * 37),
        ..StreamFacts::default()
    };
    let list_status = if n.is_multiple_of(5) { ListStatus::Missing } else { ListStatus::Complete };
    StreamSample {
        display_name: Some(login.to_uppercase()),
        channel_id: id(login),
        stream: Some(facts),
        chatter_count: (list_status == ListStatus::Complete).then_some(u32::from(n) * 31),
        list_status,
        ..live(at, login)
    }
}

fn id(login: &str) -> Option<TwitchId> {
    TwitchId::new(7_000 + login.len() as u64)
}

fn off_air(at: SlotTime, login: &str) -> StreamSample {
    let (stream, chatter_count, chatters_source) = (None, None, None);
    let (status, list_status) = (StreamStatus::OffAir, ListStatus::Missing);
    StreamSample {
        channel_id: id(login),
        status,
        stream,
        list_status,
        chatter_count,
        chatters_source,
        ..live(at, login)
    }
}

/// A day with holes, titles that need quotes, people with and without ids, a bot in twelve channels.
pub(crate) async fn lively_day(world: &World, day: Day) {
    let channels: Vec<String> = (0..14).map(|n| format!("_{}{n}", "c".repeat(1 + n))).collect();
    for n in (0..40u16).filter(|n| n % 11 != 7) {
        let at = SlotTime::at(day, 60 + n);
        let streams = channels.iter().enumerate().filter(|(c, _)| (c + usize::from(n)) % 9 != 0);
        let streams: Vec<StreamSample> = streams
            .map(|(c, login)| if (c + usize::from(n) / 6) % 4 == 0 { off_air(at, login) } else { on_air(at, login, n) })
            .collect();
        let mut chatters = Vec::new();
        for (c, stream) in streams.iter().enumerate().filter(|(_, stream)| stream.status == StreamStatus::Live) {
            let channel = stream.channel.as_str();
            for person in (0..35).filter(|person| (person * 5 + c + usize::from(n) / 3) % 4 != 0) {
                let login = format!("_p{person}");
                let id = (person % 3 == 0).then(|| TwitchId::new(90 + person as u64)).flatten();
                let mut listed = row(channel, &login, Evidence::Listed);
                listed.chatter_id = id;
                let mut spoke = row(channel, &login, Evidence::Spoke);
                spoke.chatter_id = id;
                chatters.extend((person % 7 == usize::from(n % 7)).then_some(spoke));
                chatters.push(listed);
            }
            chatters.push(row(channel, "_somebot", Evidence::Listed));
        }
        sweep(&world.archive, at, streams, chatters).await;
    }
}

/// The runs of the store, as rows.
async fn held_runs(world: &World) -> Vec<Row> {
    let mut all = Vec::new();
    for person in dump_day(&world.store, &job(), day()).await.unwrap() {
        for presence in person.channels {
            for (evidence, runs) in [("listed", presence.listed), ("spoke", presence.spoke)] {
                all.extend(runs.into_iter().map(|run| {
                    let cells = [
                        ("login", person.login.to_string()),
                        ("twitch_id", person.id.map(|id| id.to_string()).unwrap_or_default()),
                        ("channel", presence.channel.to_string()),
                        ("evidence", evidence.to_owned()),
                        ("from_slot", run.from().to_string()),
                        ("to_slot", run.to().to_string()),
                        ("from_time", SlotTime::at(day(), run.from()).to_string()),
                        ("to_time", SlotTime::at(day(), run.to()).to_string()),
                        ("bot", person.bot.to_string()),
                    ];
                    cells.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
                }));
            }
        }
    }
    all
}

#[tokio::test]
async fn an_export_is_what_the_store_holds() {
    let world = World::new().await;
    lively_day(&world, day()).await;
    let report = world.import(day(), false).await.unwrap();
    let mut told = BTreeMap::new();
    for format in [Format::Parquet, Format::Csv] {
        let reports = export(&world, &order(&world, part_folder(format), format)).await.unwrap();
        let out = folder(&world, part_folder(format));
        let mut presence = rows(&out, "presence", day(), format);
        let mut held = held_runs(&world).await;
        presence.sort();
        held.sort();
        assert!(presence == held, "{} rows of presence, {} held", presence.len(), held.len());
        assert_eq!(presence.len() as u64, report.runs);
        for report in reports {
            let rows = rows(&out, report.table, day(), format);
            let bytes = fs::metadata(part(&out, report.table, day(), format)).unwrap().len();
            assert_eq!((rows.len() as u64, bytes, 1), (report.rows, report.bytes, report.parts), "{}", report.table);
            told.entry(report.table).or_insert_with(Vec::new).push(rows);
        }
    }
    assert_eq!(told.len(), 4);
    for (table, formats) in told {
        assert!(formats[0] == formats[1], "{table} is the same in both formats");
    }
}

fn part_folder(format: Format) -> &'static str {
    if format == Format::Csv { "csv" } else { "parquet" }
}

#[tokio::test]
async fn channels_are_told_slot_by_slot() {
    let world = World::new().await;
    lively_day(&world, day()).await;
    world.import(day(), false).await.unwrap();
    export(&world, &ExportOrder { raw: false, ..order(&world, "out", Format::Parquet) }).await.unwrap();
    let out = folder(&world, "out");
    assert!(!out.join("presence").exists());

    // The archive's own rows, by Python's rules of CSV: what was sampled is what is told.
    let mut sampled: BTreeMap<(String, String), Row> = BTreeMap::new();
    for object in visible(&folder(&world, "archive/streams")) {
        let gzip = flate2::read::MultiGzDecoder::new(fs::File::open(object).unwrap());
        for row in csv::Reader::from_reader(gzip).deserialize::<Row>().map(Result::unwrap) {
            sampled.insert((row["channel"].clone(), row["sampled_at"].clone()), row);
        }
    }
    let told = rows(&out, "channel_slots", day(), Format::Parquet);
    let keys: Vec<(&String, &String)> = told.iter().map(|row| (&row["channel"], &row["sampled_at"])).collect();
    assert!(keys.is_sorted() && keys.len() > 300);
    let mut seen = 0;
    for row in &told {
        let Some(sample) = sampled.get(&(row["channel"].clone(), row["sampled_at"].clone())) else {
            // Slots without a sweep: followed, and nothing known.
            assert_eq!((row["status"].as_str(), row["viewer_count"].as_str()), ("unknown", ""));
            continue;
        };
        seen += 1;
        for column in ["status", "viewer_count", "title", "game", "game_id", "stream_id", "channel_id"] {
            assert_eq!(row[column], sample[column], "{column}");
        }
        if row["status"] == "live" {
            assert_eq!(row["list_status"], sample["list_status"]);
            assert_eq!(row["speech_status"], sample["speech_status"]);
            assert_eq!(row["source"], sample["chatters_source"]);
        } else {
            assert_eq!(row["list_status"], "");
        }
    }
    assert_eq!(seen, sampled.len());
    // Hours watched, airtime and peaks from those rows alone.
    let days = rows(&out, "channel_days", day(), Format::Parquet);
    assert_eq!(days.len(), 14);
    for channel in days {
        let own = told.iter().filter(|row| row["channel"] == channel["channel"]);
        let live: Vec<&Row> = own.clone().filter(|row| row["status"] == "live").collect();
        let viewers: Vec<u32> = live.iter().filter_map(|row| row["viewer_count"].parse().ok()).collect();
        let sum: u32 = viewers.iter().sum();
        let number = |column: &str| channel[column].parse::<f64>().unwrap();
        assert!((number("hours_watched") - f64::from(sum) * 5.0 / 60.0).abs() < 1e-9);
        assert_eq!(channel["airtime_minutes"], (live.len() * 5).to_string());
        assert_eq!(channel["peak_viewers"], viewers.iter().max().unwrap().to_string());
        assert!((number("average_viewers") - f64::from(sum) / viewers.len() as f64).abs() < 1e-9);
        let known = own.filter(|row| row["status"] != "unknown").count();
        assert!((number("coverage") - known as f64 / 288.0).abs() < 1e-9);
    }
    let figures = rows(&out, "days", day(), Format::Parquet);
    let record = world.store.days().await.unwrap()[0];
    let rounded = |count: u64| if count < 10 { String::new() } else { ((count + 5) / 10 * 10).to_string() };
    assert_eq!(figures.len(), 1);
    assert_eq!(figures[0]["viewers"], rounded(record.stats.viewers));
    assert_eq!(figures[0]["observations"], rounded(record.stats.kept));
    assert_eq!((figures[0]["sweeps"].as_str(), figures[0]["bots"].as_str()), ("37", ""));
}

#[tokio::test]
async fn the_same_content_is_the_same_bytes() {
    let world = World::new().await;
    lively_day(&world, day()).await;
    for format in [Format::Parquet, Format::Csv] {
        world.import(day(), false).await.unwrap();
        let (first, second) = (format!("{format:?}1"), format!("{format:?}2"));
        export(&world, &order(&world, &first, format)).await.unwrap();
        world.import(day(), false).await.unwrap();
        export(&world, &order(&world, &second, format)).await.unwrap();
        let bytes = |out: &str| {
            let out = folder(&world, out);
            let files = visible(&out).into_iter();
            files.map(|file| (file.strip_prefix(&out).unwrap().to_owned(), fs::read(file).unwrap())).collect::<Vec<_>>()
        };
        let (first, second) = (bytes(&first), bytes(&second));
        assert_eq!(first.len(), 5);
        for ((path, one), (_, other)) in first.iter().zip(&second) {
            assert!(one == other, "{} is the same", path.display());
        }
    }
}

#[tokio::test]
async fn a_month_that_is_closed_is_exported_as_well() {
    let world = World::new().await;
    lively_day(&world, day()).await;
    world.import(day(), false).await.unwrap();
    export(&world, &order(&world, "open", Format::Csv)).await.unwrap();
    world.store.close_month(&job(), day().month()).await.unwrap();
    world.store.drop_open(&job(), day().month()).await.unwrap();
    export(&world, &order(&world, "closed", Format::Csv)).await.unwrap();
    for table in ["presence", "channel_slots", "channel_days", "days"] {
        let bytes = |out| fs::read(part(&folder(&world, out), table, day(), Format::Csv)).unwrap();
        assert!(bytes("open") == bytes("closed"), "{table}");
    }
    assert!(world.store.channels_of_day(day()).await.unwrap().contains(&ChannelKey(0)));
}
