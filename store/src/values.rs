//! From columns to the model's types. A value out of range means a damaged store: nobody writes one.

use model::channel_day::ChannelDay;
use model::codec::CodecError;
use model::day::Day;
use model::hours::ViewerHours;
use model::identity::{PersonKey, TwitchId};
use model::login::Login;
use model::presence::ViewerDay;
use model::slot::{Slot, SlotTime};
use model::statistics::distinct::Distinct;
use model::statistics::night::ChannelNight;

use crate::error::{Damage, Result, StoreError};
use crate::suppression::Hash;

/// Reads the columns of one file or database, which errors will name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns<'a> {
    pub(crate) place: &'a str,
}

impl Columns<'_> {
    /// `value` as it came, or the error that this column is damaged.
    pub(crate) fn expect<T>(self, column: &'static str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| StoreError::Damaged { place: self.place.to_owned(), source: Damage::Value(column) })
    }

    pub(crate) fn number<N, T: TryFrom<N>>(self, column: &'static str, n: N) -> Result<T> {
        self.expect(column, T::try_from(n).ok())
    }

    pub(crate) fn day(self, days: impl TryInto<i32>) -> Result<Day> {
        self.expect("day", days.try_into().ok().and_then(|days| Day::from_days(days).ok()))
    }

    pub(crate) fn slot(self, slot: impl TryInto<u16>) -> Result<Slot> {
        self.expect("slot", slot.try_into().ok().and_then(|slot| Slot::new(slot).ok()))
    }

    pub(crate) fn slot_time(self, slot: impl TryInto<i32>) -> Result<SlotTime> {
        self.expect("slot", slot.try_into().ok().and_then(|slot| SlotTime::from_index(slot).ok()))
    }

    pub(crate) fn login(self, login: &str) -> Result<Login> {
        self.expect("login", login.parse().ok())
    }

    pub(crate) fn id(self, id: i64) -> Result<TwitchId> {
        self.expect("twitch_id", u64::try_from(id).ok().and_then(TwitchId::new))
    }

    pub(crate) fn hash(self, bytes: Vec<u8>) -> Result<Hash> {
        self.expect("hash", bytes.try_into().ok().map(Hash))
    }

    pub(crate) fn viewer_day(self, bytes: &[u8]) -> Result<ViewerDay> {
        self.decoded(ViewerDay::decode(bytes))
    }

    pub(crate) fn viewer_hours(self, bytes: &[u8]) -> Result<ViewerHours> {
        self.decoded(ViewerHours::decode(bytes))
    }

    pub(crate) fn channel_day(self, bytes: &[u8]) -> Result<ChannelDay> {
        self.decoded(ChannelDay::decode(bytes))
    }

    pub(crate) fn channel_night(self, bytes: &[u8]) -> Result<ChannelNight> {
        self.decoded(ChannelNight::decode(bytes))
    }

    pub(crate) fn distinct(self, bytes: &[u8]) -> Result<Distinct> {
        self.decoded(Distinct::decode(bytes))
    }

    /// The bytes of a set without this person; nothing where they are not in it, or cannot be told.
    pub(crate) fn without_person(self, bytes: &[u8], person: PersonKey) -> Result<Option<Vec<u8>>> {
        let mut people = self.distinct(bytes)?;
        Ok(people.remove(person).then(|| {
            let mut bytes = Vec::new();
            people.encode(&mut bytes);
            bytes
        }))
    }

    pub(crate) fn decoded<T>(self, decoded: std::result::Result<T, CodecError>) -> Result<T> {
        decoded.map_err(|source| StoreError::Damaged { place: self.place.to_owned(), source: source.into() })
    }
}
