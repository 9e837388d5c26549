//! Who is never kept nor shown: people and channels that opted out, as keyed hashes.
//!
//! A plain hash of a login would tell who opted out to anybody who tries all logins: so hashes take a secret that lies
//! outside the store (HMAC-SHA-256, RFC 2104). Whoever shows pages does not have it. So those of whom something is held
//! are marked by key as well, by whoever has it: when they opt out, and by [`settle`].

use std::collections::HashSet;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use model::day::Day;
use model::hours::ViewerHours;
use model::identity::{ChannelKey, TwitchId};
use model::presence::ViewerDay;
use model::sweep::LiveStream;
use sha2::Sha256;
use thiserror::Error;

use crate::access::JobKey;
use crate::any::Address;
use crate::error::{Result, StoreError};
use crate::{AnyStore, Store, postgres, sqlite};

/// The shortest secret: 128 bits, if they are random.
pub const SECRET_MIN: usize = 16;

/// The operator's secret. Whoever loses it can no longer tell who opted out.
#[derive(Clone)]
pub struct Secret(Hmac<Sha256>);

/// A secret that is too short to keep anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the secret has fewer than {SECRET_MIN} bytes: make one with `openssl rand -hex 32`")]
pub struct SecretError;

impl Secret {
    /// A secret from its bytes. Errors: fewer than [`SECRET_MIN`].
    pub fn new(bytes: &[u8]) -> std::result::Result<Secret, SecretError> {
        if bytes.len() < SECRET_MIN {
            return Err(SecretError);
        }
        Hmac::new_from_slice(bytes).map(Secret).map_err(|_| SecretError)
    }

    /// The hash of a login.
    pub fn of_login(&self, login: &str) -> Hash {
        self.hash(b"login:", login.as_bytes())
    }

    /// The hash of an account's id.
    pub fn of_id(&self, id: TwitchId) -> Hash {
        self.hash(b"id:", id.to_string().as_bytes())
    }

    /// What the store remembers of the secret, to notice another one.
    pub(crate) fn check(&self) -> Hash {
        self.hash(b"check:", b"vigie")
    }

    fn hash(&self, kind: &[u8], text: &[u8]) -> Hash {
        let mut mac = self.0.clone();
        mac.update(kind);
        mac.update(text);
        Hash(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A keyed hash of a login or an id, 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub(crate) [u8; 32]);

impl Hash {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Enough to tell two apart in a test.
        write!(f, "Hash({:02x}{:02x}…)", self.0[0], self.0[1])
    }
}

/// What somebody opts out by, or comes back by.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// Logins of theirs.
    pub logins: &'a [&'a str],
    /// Ids of theirs.
    pub ids: &'a [TwitchId],
}

impl Names<'_> {
    /// What the list holds for them.
    pub(crate) fn hashes(&self, secret: &Secret) -> Vec<Hash> {
        let logins = self.logins.iter().map(|login| secret.of_login(login));
        logins.chain(self.ids.iter().map(|id| secret.of_id(*id))).collect()
    }
}

/// What the list holds for channels on air, if they are on it: of each its hashes. Made before the transaction that asks the
/// list, since others wait for that one, and thousands of channels take milliseconds.
pub(crate) fn hashes_of(streams: &[LiveStream], secret: Option<&Secret>) -> Vec<Vec<Hash>> {
    let names = |stream: &LiveStream, secret| {
        Names { logins: &[stream.login.as_str()], ids: stream.id.as_slice() }.hashes(secret)
    };
    streams.iter().map(|stream| secret.map_or_else(Vec::new, |secret| names(stream, secret))).collect()
}

/// The list as a store holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SuppressedRows {
    /// The secret's own hash; nothing before the first entry.
    pub check: Option<Hash>,
    /// Hashes of logins and ids, ascending.
    pub hashes: Vec<Hash>,
    /// Whether every name held was compared with the list; see [`settle`].
    pub known: bool,
    /// How often somebody was put on it, or erased.
    pub withdrawals: u64,
}

/// The list, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Suppression {
    secret: Option<Secret>,
    hashes: HashSet<Hash>,
    withdrawals: u64,
}

impl Suppression {
    /// The list of a store. Errors: somebody is on it and there is no secret, or another one than they were put on it
    /// with: nobody could be recognised.
    pub async fn load(store: &AnyStore, secret: Option<&Secret>) -> Result<Suppression> {
        Suppression::of(store.suppressed().await?, secret)
    }

    /// The list of a store that another process may have open, as of now. Nothing where no store is there yet.
    /// Errors: as of [`Suppression::load`], or a store that is not of this version.
    pub async fn beside(url: &str, secret: Option<&Secret>) -> Result<Option<Suppression>> {
        let read = match Address::of(url)? {
            Address::Sqlite(folder) => sqlite::suppression::suppressed_beside(folder).await,
            Address::Postgres(url) => postgres::suppression::suppressed_beside(url).await,
        };
        match read {
            Ok(rows) => Suppression::of(rows, secret).map(Some),
            Err(StoreError::Absent { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The list that these rows hold. Errors: as of [`Suppression::load`].
    pub(crate) fn of(rows: SuppressedRows, secret: Option<&Secret>) -> Result<Suppression> {
        match (secret, rows.check) {
            (None, Some(_)) if !rows.hashes.is_empty() => Err(StoreError::Secret { lacking: true }),
            (Some(secret), Some(check)) if secret.check() != check => Err(StoreError::Secret { lacking: false }),
            _ => {
                let hashes = rows.hashes.into_iter().collect();
                Ok(Suppression { secret: secret.cloned(), hashes, withdrawals: rows.withdrawals })
            }
        }
    }

    /// How often somebody had been put on it, or was erased: a store keeps no day whose rows were made by a list of before.
    pub fn withdrawals(&self) -> u64 {
        self.withdrawals
    }

    /// Whether nobody is on it.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Whether any of these is on it, which were made with the same secret.
    pub(crate) fn holds_any(&self, hashes: &[Hash]) -> bool {
        hashes.iter().any(|hash| self.hashes.contains(hash))
    }

    /// Whether the login or the id is on it.
    pub fn holds(&self, login: &str, id: Option<TwitchId>) -> bool {
        let Some(secret) = self.secret.as_ref().filter(|_| !self.hashes.is_empty()) else { return false };
        self.hashes.contains(&secret.of_login(login)) || id.is_some_and(|id| self.hashes.contains(&secret.of_id(id)))
    }
}

/// Puts somebody on the list by every name and id given. Done twice it is done once. `now`: Unix time in seconds.
///
/// Errors: the list was begun with another secret.
pub async fn suppress(
    store: &AnyStore,
    job: &JobKey,
    secret: &Secret,
    logins: &[&str],
    ids: &[TwitchId],
    now: i64,
) -> Result<()> {
    Suppression::load(store, Some(secret)).await?;
    store.add_suppressed(job, secret, Names { logins, ids }, now).await
}

/// Takes somebody off the list. Those who are not on it stay off it.
pub async fn allow(store: &AnyStore, job: &JobKey, secret: &Secret, logins: &[&str], ids: &[TwitchId]) -> Result<()> {
    Suppression::load(store, Some(secret)).await?;
    store.remove_suppressed(job, secret, Names { logins, ids }).await
}

/// Compares every name held with the list, where that was not done since somebody was put on it: those on it are shown to
/// nobody from then on. It finds whom an earlier version put on the list, and whom an import brought that was under way
/// when they opted out.
///
/// Errors: somebody is on the list, and there is no secret to tell whom, or another one.
pub async fn settle(store: &AnyStore, job: &JobKey, secret: Option<&Secret>) -> Result<()> {
    let rows = store.suppressed().await?;
    if rows.known || rows.hashes.is_empty() {
        return Ok(());
    }
    match secret {
        Some(secret) => store.mark_suppressed(job, secret).await,
        None => Err(StoreError::Secret { lacking: true }),
    }
}

/// Names that are compared with the list at once: a millisecond or two.
pub(crate) const PAGE_NAMES: i64 = 1_000;

/// Who of those with keys below one is on a list.
#[derive(Debug, Default)]
pub(crate) struct Seen<K> {
    pub(crate) until: K,
    pub(crate) on_it: Vec<K>,
}

/// What a person's day holds of channels.
pub(crate) trait OfChannels {
    /// Removes what is of these; whether anything is left of any channel.
    fn leave_out(&mut self, hidden: &HashSet<ChannelKey>) -> bool;
}

impl OfChannels for ViewerDay {
    fn leave_out(&mut self, hidden: &HashSet<ChannelKey>) -> bool {
        self.channels.retain(|presence| !hidden.contains(&presence.channel));
        !self.channels.is_empty()
    }
}

impl OfChannels for ViewerHours {
    /// The hours stay: they are the person's, and which of them are whose channel's is not kept.
    fn leave_out(&mut self, hidden: &HashSet<ChannelKey>) -> bool {
        self.channels.retain(|(channel, _)| !hidden.contains(channel));
        !self.channels.is_empty()
    }
}

/// A person's days as pages show them: without these channels, and without the days that hold no other.
pub(crate) fn without<D: OfChannels>(mut days: Vec<(Day, D)>, hidden: &HashSet<ChannelKey>) -> Vec<(Day, D)> {
    if !hidden.is_empty() {
        days.retain_mut(|(_, day)| day.leave_out(hidden));
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_of_the_secret_and_the_kind() {
        let (a, b) = (Secret::new(b"0123456789abcdef").unwrap(), Secret::new(b"0123456789abcdeF").unwrap());
        assert_eq!(Secret::new(b"0123456789abcde").unwrap_err(), SecretError);
        assert_eq!(a.of_login("42"), a.of_login("42"));
        assert_ne!(a.of_login("42"), a.of_id(TwitchId::new(42).unwrap()));
        assert_ne!(a.of_login("42"), b.of_login("42"));
        assert_eq!(format!("{a:?}"), "Secret");
    }

    #[test]
    fn the_hash_is_hmac_sha_256() {
        // python3 -c "import hmac; print([*hmac.digest(b'0123456789abcdef', b'login:_ada', 'sha256')])"
        let golden = [
            117, 252, 251, 35, 252, 130, 14, 36, 57, 2, 170, 22, 196, 191, 47, 14, 151, 194, 21, 167, 128, 19, 144,
            221, 66, 148, 74, 70, 133, 140, 149, 223,
        ];
        assert_eq!(Secret::new(b"0123456789abcdef").unwrap().of_login("_ada").as_bytes(), golden);
    }
}
