//! Any two texts as one sweep after another, each with an index that is true: read as stays they say what they say read
//! whole. The second follows a zero byte; without one it is the first again.
// seeds: zcat archive/golden/*/archive/chatters/*/0005.csv.gz
#![no_main]

use std::collections::BTreeSet;

use archive::chatters::{ChatterList, ChatterRow, Group};
use archive::error::ArchiveError;
use archive::index::{INDEX_FORMAT, Index, Member};
use archive::path::Kind;
use archive::stays::Stay;
use fuzz::{at, place, stored};
use libfuzzer_sys::fuzz_target;
use model::slot::SlotTime;
use model::words::Evidence;

type Row = (String, Vec<u8>, Evidence);

/// Puts a sweep with an index of one member for the header and one for the rest; what it holds, if it can be read.
fn put(at: SlotTime, text: &[u8]) -> Option<ChatterList> {
    let place = place();
    place.clear(at);
    let object = Kind::Chatters.object(at);
    let head = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1);
    let (header, rest) = (stored(&text[..head]), stored(&text[head..]));
    let (length, more) = (header.len() as u64, rest.len() as u64);
    place.put(&object, [header, rest].concat());
    let list = place.wait(place.archive.read_chatters(at)).ok();
    let rows = list.as_ref().map_or(1, |list| list.rows().len() as u64);
    if rows == 0 {
        // A member without rows is in no true index.
        return list;
    }
    let channel = |group: Option<&Group>| group.map(|group| group.channel.clone());
    let groups = list.as_ref().map_or(&[][..], ChatterList::groups);
    let (first, last) = (channel(groups.first()), channel(groups.last()));
    let members = vec![
        Member { offset: 0, length, text: head as u64, rows: 0, first: None, last: None },
        Member { offset: length, length: more, text: (text.len() - head) as u64, rows, first, last },
    ];
    let index = Index { format: INDEX_FORMAT, object, bytes: length + more, rows, members };
    place.put(&Kind::Chatters.index(at), serde_json::to_vec(&index).expect("an index is JSON"));
    list
}

/// The rows of both sweeps, put together from who stayed how long.
fn replay(sweeps: &[SlotTime]) -> Result<Vec<BTreeSet<Row>>, ArchiveError> {
    let place = place();
    let day = place.wait(place.archive.open_chatters(sweeps))?;
    let mut all = vec![BTreeSet::new(); sweeps.len()];
    for part in day.parts(1) {
        let mut reader = day.read(&part)?;
        while let Some(channel) = reader.next_channel() {
            let mut put = |stay: Stay<'_>, until: usize| {
                let row = (channel.to_string(), stay.login.to_vec(), stay.evidence);
                let since = usize::from(stay.since);
                assert!(since < until && (since == 0 || !all[since - 1].contains(&row)), "a stay is whole");
                all[since..until].iter_mut().for_each(|sweep| assert!(sweep.insert(row.clone()), "nobody stays twice"));
            };
            for sweep in 0..sweeps.len() {
                reader.read(sweep as u16, |stay| put(stay, sweep))?;
            }
            reader.leave(|stay| put(stay, sweeps.len()));
        }
    }
    Ok(all)
}

fuzz_target!(|text: &[u8]| {
    let (first, second) = (at(), at() + 1);
    let cut = text.iter().position(|byte| *byte == 0);
    let (before, after) = cut.map_or((text, text), |cut| (&text[..cut], &text[cut + 1..]));
    let after = String::from_utf8_lossy(after).replace(&first.to_string(), &second.to_string());
    let lists = [put(first, before), put(second, after.as_bytes())];
    let wanted: Option<Vec<BTreeSet<Row>>> = (lists.iter())
        .map(|list| {
            let row = |row: ChatterRow<'_>| (row.channel.to_string(), row.chatter.as_bytes().to_vec(), row.evidence);
            list.as_ref().filter(|list| list.is_sorted()).map(|list| list.iter().map(row).collect())
        })
        .collect();
    let found = replay(&[first, second]);
    match wanted {
        Some(wanted) => assert_eq!(found.expect("what can be read whole can be read as stays"), wanted),
        None => assert!(found.is_err(), "what cannot be read whole cannot be read as stays"),
    }
});
