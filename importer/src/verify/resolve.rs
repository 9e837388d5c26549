//! Who the people that were kept are, what the store has to hold of them, and what they add to the sums.

use std::collections::{BTreeMap, HashMap};

use model::identity::{ChannelKey, TwitchId};
use model::login::Login;
use model::presence::{ChannelPresence, ViewerDay};
use model::slot::SLOTS_PER_DAY;
use model::slot_set::SlotSet;

use super::channels::Channels;
use super::observations::Sum;
use super::options::{BotLimits, VerifyOptions};
use super::people::{People, Person};
use super::sample::{Limit, Numbers, mark};

/// What the store has to hold.
pub(super) struct Expected {
    /// By account of the channels.
    pub(super) sums: Vec<Sum>,
    /// The sample, by number.
    pub(super) viewers: HashMap<u64, ExpectedViewer>,
    /// Whose numbers are in the sample.
    pub(super) limit: Limit,
}

/// Somebody in the sample.
#[derive(Debug)]
pub(super) struct ExpectedViewer {
    pub(super) login: Login,
    pub(super) id: Option<TwitchId>,
    /// By account: listed, spoke.
    channels: BTreeMap<u32, [SlotSet; 2]>,
}

/// Shares out the observations of special people and gives the sample as the store has to hold it.
pub(super) fn resolve(
    people: People,
    mut sums: Vec<Sum>,
    channels: &Channels,
    numbers: Numbers,
    options: &VerifyOptions,
) -> Expected {
    let limit = people.sample.limit();
    let mut viewers = HashMap::new();
    for (number, person) in people.sample.into_values() {
        let id = person.id();
        let viewer = ExpectedViewer { login: person.login.clone(), id, channels: stays(&[person], channels) };
        if !viewer.channels.is_empty() {
            viewers.insert(number, viewer);
        }
    }
    for logins in accounts(people.special.into_values().collect()) {
        let Some(last) = logins.last() else { continue };
        let (login, id) = (last.login.clone(), last.id());
        let opted_out = logins.iter().any(|person| options.suppression.holds(person.login.as_str(), id));
        let number = numbers.of(login.as_str().as_bytes());
        let all = if opted_out { BTreeMap::new() } else { stays(&logins, channels) };
        share_out(&logins, &all, number, channels, &mut sums);
        if limit.holds(number) && !all.is_empty() {
            viewers.insert(number, ExpectedViewer { login, id, channels: all });
        }
    }
    Expected { sums, viewers, limit }
}

/// The logins by account, the one seen last at the end: logins with one id are one account, others are one each.
fn accounts(people: Vec<Person>) -> Vec<Vec<Person>> {
    let mut by_id: HashMap<TwitchId, Vec<Person>> = HashMap::new();
    let mut accounts = Vec::new();
    for person in people {
        match person.id() {
            Some(id) => by_id.entry(id).or_default().push(person),
            None => accounts.push(vec![person]),
        }
    }
    accounts.extend(by_id.into_values());
    for logins in &mut accounts {
        logins.sort_by(|a, b| (a.last_seen(), &a.login).cmp(&(b.last_seen(), &b.login)));
    }
    accounts
}

/// When an account was where, over all its logins and the channels', leaving out channels that opted out.
fn stays(logins: &[Person], channels: &Channels) -> BTreeMap<u32, [SlotSet; 2]> {
    let mut all: BTreeMap<u32, [SlotSet; 2]> = BTreeMap::new();
    for ((channel, spoke), stay) in logins.iter().flat_map(|person| &person.stays) {
        let account = channels.account(*channel);
        if !channels.accounts[account as usize].suppressed {
            let slots = &mut all.entry(account).or_default()[usize::from(*spoke)];
            *slots = slots.union(&stay.slots);
        }
    }
    all
}

/// Adds an account's observations to the sums: `all` is what is kept of them.
fn share_out(logins: &[Person], all: &BTreeMap<u32, [SlotSet; 2]>, number: u64, channels: &Channels, sums: &mut [Sum]) {
    let mut came: HashMap<u32, u64> = HashMap::new();
    for ((channel, _), stay) in logins.iter().flat_map(|person| &person.stays) {
        *came.entry(channels.account(*channel)).or_default() += u64::from(stay.slots.len());
    }
    for (account, came) in came {
        let sum = &mut sums[account as usize];
        let Some(kept) = all.get(&account) else {
            sum.suppressed += came;
            continue;
        };
        sum.joined += came - kept.iter().map(|slots| u64::from(slots.len())).sum::<u64>();
        for (slots, spoke) in kept.iter().zip([false, true]) {
            let marks = slots.iter().map(|slot| mark(number, slot.index(), spoke));
            sum.print = marks.fold(sum.print, u64::wrapping_add);
        }
    }
}

impl ExpectedViewer {
    /// Whether the day is a bot's: on the list, or in many chats at once often enough.
    fn is_bot(&self, limits: &BotLimits) -> bool {
        let mut at_once = [0u16; SLOTS_PER_DAY as usize];
        for [listed, spoke] in self.channels.values() {
            listed.union(spoke).iter().for_each(|slot| at_once[usize::from(slot.index())] += 1);
        }
        let slots = at_once.iter().filter(|chats| **chats >= limits.channels).count();
        limits.logins.contains(&self.login) || slots >= usize::from(limits.slots)
    }

    /// The day as the store has to hold it; nothing when a channel of it has no key there.
    pub(super) fn day(&self, keys: &HashMap<u32, ChannelKey>, limits: &BotLimits) -> Option<ViewerDay> {
        let presence = |(account, [listed, spoke]): (&u32, &[SlotSet; 2])| {
            Some(ChannelPresence { channel: *keys.get(account)?, listed: listed.runs(), spoke: spoke.runs() })
        };
        let mut channels: Vec<ChannelPresence> = self.channels.iter().map(presence).collect::<Option<_>>()?;
        channels.sort_by_key(|presence| presence.channel);
        Some(ViewerDay { bot: self.is_bot(limits), channels })
    }
}
