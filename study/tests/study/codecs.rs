//! Rows and settings by themselves.

use std::collections::BTreeMap;

use archive::path::Kind;
use model::slot::SlotTime;
use study::rows::Rows;
use study::setting::{Setting, SettingError};

use crate::support::{CHANNELS, PEOPLE, archive, day};

async fn rows(kind: Kind) -> Rows {
    let (_folder, archive) = archive().await;
    Rows::cut(archive.read_text(kind, SlotTime::at(day(), 60)).await.unwrap()).unwrap()
}

fn counted(rows: &Rows) -> BTreeMap<&[u8], u32> {
    let mut counts = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(row).or_default() += 1);
    counts
}

#[tokio::test]
async fn every_setting_gives_back_what_it_took() {
    let lists = [rows(Kind::Streams).await, rows(Kind::Chatters).await, Rows::cut(Vec::new()).unwrap()];
    let more = ["gzip-2", "bzip2-1", "xz-0", "zstd-22", "zstd-long-1", "zstd-long-22", "brotli-0", "brotli-11"];
    let more = more.map(|text| text.parse::<Setting>().unwrap());
    for setting in Setting::default_list().into_iter().chain(more) {
        assert_eq!(setting.to_string().parse::<Setting>().unwrap(), setting);
        for rows in &lists {
            let (mut bytes, mut again, mut text) = (Vec::new(), Vec::new(), Vec::new());
            setting.write(rows, &mut bytes).unwrap();
            setting.write(rows, &mut again).unwrap();
            assert_eq!(bytes, again, "{setting} is not deterministic");
            setting.read(&bytes, rows.text().len() as u64 + 1, &mut text).unwrap();
            assert_eq!(text, rows.text(), "{setting}");
        }
    }
}

#[tokio::test]
async fn a_limit_holds_and_damage_is_told() {
    let rows = rows(Kind::Chatters).await;
    for setting in Setting::default_list() {
        let (mut bytes, mut text) = (Vec::new(), Vec::new());
        setting.write(&rows, &mut bytes).unwrap();
        setting.read(&bytes, 1_000, &mut text).unwrap();
        assert_eq!(text, rows.text()[..1_000], "{setting}");
        let cut = &bytes[..bytes.len() / 2];
        assert!(setting.read(cut, u64::MAX, &mut Vec::new()).is_err(), "{setting} reads half of its bytes");
    }
}

#[tokio::test]
async fn rows_are_cut_at_records_and_shuffled_as_a_whole() {
    let streams = rows(Kind::Streams).await;
    assert_eq!(streams.count(), CHANNELS as u64);
    assert!(streams.iter().all(|row| row.starts_with(b"2026-11-22T05:00:00Z,") && row.ends_with(b"\n")));
    let chatters = rows(Kind::Chatters).await;
    assert_eq!(chatters.count(), (CHANNELS * PEOPLE) as u64);
    let shuffled = chatters.shuffled(1);
    assert_ne!(shuffled, chatters);
    assert_eq!(shuffled, chatters.shuffled(1));
    assert_ne!(shuffled, chatters.shuffled(2));
    assert_eq!((shuffled.header(), counted(&shuffled)), (chatters.header(), counted(&chatters)));
    assert_eq!(shuffled.sorted().unwrap(), chatters);
    assert_eq!(chatters.clone().sorted().unwrap(), chatters);
}

#[test]
fn a_last_row_without_its_end_of_line_is_a_row() {
    let rows = Rows::cut(b"channel,chatter\nb,x\na,y".to_vec()).unwrap();
    assert_eq!(rows.iter().collect::<Vec<_>>(), [&b"b,x\n"[..], b"a,y"]);
    assert_eq!(rows.sorted().unwrap().text(), b"channel,chatter\na,y\nb,x\n");
}

#[test]
fn an_unknown_setting_is_told() {
    for text in ["gzip", "lz4-1", "gzip 6", "", "-", "6"] {
        assert!(matches!(text.parse::<Setting>(), Err(SettingError::Codec(_))), "{text}");
    }
    for text in ["gzip-0", "gzip-10", "zstd-23", "brotli-12", "xz-x", "zstd-long-0", "members-256"] {
        assert!(matches!(text.parse::<Setting>(), Err(SettingError::Level { .. })), "{text}");
    }
    let told = "zstd-23".parse::<Setting>().unwrap_err().to_string();
    assert_eq!(told, "zstd has the levels 1 to 22, and \"zstd-23\" names none of them");
}
