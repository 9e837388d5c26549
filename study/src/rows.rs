//! The text of an object, cut into its header and its rows.

use std::ops::Range;

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// In which order rows stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// By channel, chatter, evidence, as the archive has them.
    Sorted,
    /// In no order, as an API answers: a permutation that a seed determines.
    Shuffled,
}

/// A CSV text whose rows can be put in another order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    text: Vec<u8>,
    /// Where the header and each row end.
    ends: Vec<usize>,
}

impl Rows {
    /// Cuts a text at the ends of its records, which are not always ends of lines. Errors: broken CSV.
    pub fn cut(text: Vec<u8>) -> Result<Rows, csv::Error> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_slice());
        let mut record = csv::ByteRecord::new();
        let mut ends = Vec::new();
        while reader.read_byte_record(&mut record)? {
            ends.push(reader.position().byte() as usize);
        }
        // The last row of a foreign file may lack its end of line; empty lines after it are its own.
        if let Some(last) = ends.last_mut() {
            *last = text.len();
        }
        Ok(Rows { text, ends })
    }

    /// All of it, the header first.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The header, with its end of line; empty where there is none.
    pub fn header(&self) -> &[u8] {
        self.ends.first().map_or(&[], |end| &self.text[..*end])
    }

    /// The rows in their order, each with its end of line, without the header.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.ranges().map(|range| &self.text[range])
    }

    /// How many, without the header.
    pub fn count(&self) -> u64 {
        self.ends.len().saturating_sub(1) as u64
    }

    /// The rows of a foreign object by channel, chatter and evidence, as our own are already: those are given back as
    /// they were. Errors: broken CSV.
    pub fn sorted(self) -> Result<Rows, csv::Error> {
        let mut last = [const { Vec::new() }; 3];
        let mut ascends = true;
        self.each_key(|key, _| {
            ascends &= last.iter().map(Vec::as_slice).le(key);
            for (kept, field) in last.iter_mut().zip(key) {
                kept.clear();
                kept.extend_from_slice(field);
            }
        })?;
        if ascends {
            return Ok(self);
        }
        let mut keys: Vec<([Vec<u8>; 3], Range<usize>)> = Vec::new();
        self.each_key(|key, range| keys.push((key.map(<[u8]>::to_vec), range)))?;
        keys.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(self.reordered(keys.into_iter().map(|(_, range)| range)))
    }

    /// Goes over channel, chatter and evidence of each row; a column that the header lacks is empty.
    fn each_key(&self, mut take: impl FnMut([&[u8]; 3], Range<usize>)) -> Result<(), csv::Error> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(self.text.as_slice());
        let header = reader.byte_headers()?;
        let places =
            ["channel", "chatter", "evidence"].map(|name| header.iter().position(|field| field == name.as_bytes()));
        let mut record = csv::ByteRecord::new();
        for range in self.ranges() {
            // This reader cuts the text where `cut` did.
            if !reader.read_byte_record(&mut record)? {
                break;
            }
            take(places.map(|place| place.and_then(|place| record.get(place)).unwrap_or_default()), range);
        }
        Ok(())
    }

    /// The same rows in an order that `seed` determines.
    #[must_use]
    pub fn shuffled(&self, seed: u64) -> Rows {
        let mut ranges: Vec<Range<usize>> = self.ranges().collect();
        ranges.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        self.reordered(ranges.into_iter())
    }

    fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.ends.windows(2).map(|ends| ends[0]..ends[1])
    }

    fn reordered(&self, ranges: impl Iterator<Item = Range<usize>>) -> Rows {
        let mut text = Vec::with_capacity(self.text.len() + 1);
        text.extend_from_slice(self.header());
        let mut ends = vec![text.len()];
        for range in ranges {
            let row = &self.text[range];
            text.extend_from_slice(row);
            if !row.ends_with(b"\n") {
                text.push(b'\n');
            }
            ends.push(text.len());
        }
        Rows { text, ends }
    }
}
