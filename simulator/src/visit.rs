//! Who is in which chat from when to when: the truth itself.

use model::day::Day;
use model::slot::{SLOT_SECONDS, SlotTime, Span};

use crate::account::{Account, Accounts, Circles, Kind};
use crate::broadcast::{Broadcast, broadcasts, on_holiday};
use crate::channel::Channel;
use crate::dice::{Dice, Purpose, fraction, mix, name_key};
use crate::life::Window;
use crate::zone::Zones;

/// One account in one chat, in all slots of [from, to).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Visit {
    pub(crate) channel: u16,
    pub(crate) account: u32,
    pub(crate) from: SlotTime,
    pub(crate) to: SlotTime,
}

/// All broadcasts on a UTC day, the day before and the day after: whatever a visit on that day can depend on.
#[derive(Debug)]
pub(crate) struct Air(pub(crate) Vec<Vec<Broadcast>>);

impl Air {
    pub(crate) fn new(seed: u64, zones: &Zones, channels: &[Channel], day: Day) -> Air {
        let on_air = |channel| {
            let mut found = Vec::new();
            // A broadcast day is up to 17 hours off the UTC day of its date, so two more are looked at on either side.
            for day in day.plus(-2).until(day.plus(3)) {
                broadcasts(seed, zones, channel, day, &mut found);
            }
            found
        };
        Air(channels.iter().map(on_air).collect())
    }

    pub(crate) fn live(&self, channel: usize, at: SlotTime) -> Option<&Broadcast> {
        self.0[channel].iter().find(|broadcast| broadcast.span.contains(at))
    }
}

/// What visits depend on.
pub(crate) struct Ground<'a> {
    pub(crate) seed: u64,
    pub(crate) zones: &'a Zones,
    pub(crate) accounts: &'a Accounts,
    pub(crate) circles: &'a Circles,
    pub(crate) air: &'a Air,
}

/// Another channel is looked for a quarter of an hour later when none is on air.
pub(crate) const TRY_AGAIN_SLOTS: i32 = 3;

impl Ground<'_> {
    /// Adds the visits of an account that touch a UTC day, whole; some may overlap.
    pub(crate) fn visits(&self, number: u32, day: Day, out: &mut Vec<Visit>) {
        let account = &self.accounts.all[number as usize];
        let first = out.len();
        match account.kind {
            Kind::Owner(channel) => self.stays(number, account, &[usize::from(channel)], 1.0, out),
            Kind::AlwaysOn => self.stays(number, account, &account.favourites().take(2).collect::<Vec<_>>(), 0.9, out),
            Kind::Bot => self.patrols(number, account, out),
            Kind::Person => self.days(number, account, day, out),
            Kind::Folk { person, face } => self.folk(number, person, face, day, out),
            Kind::Persona(place) => match crate::persona::personas()[usize::from(place)].kind {
                crate::persona::PersonaKind::Bot => self.patrols(number, account, out),
                crate::persona::PersonaKind::AlwaysOn => {
                    self.stays(number, account, &account.favourites().collect::<Vec<_>>(), 1.0, out);
                }
                _ => self.days(number, account, day, out),
            },
        }
        let today = Span::of_day(day);
        let mut kept = first;
        for place in first..out.len() {
            let visit = out[place];
            if (Span { from: visit.from, to: visit.to }).intersect(today).is_some() {
                out[kept] = visit;
                kept += 1;
            }
        }
        out.truncate(kept);
    }

    /// From the beginning to the end of broadcasts.
    pub(crate) fn stays(&self, number: u32, account: &Account, channels: &[usize], share: f64, out: &mut Vec<Visit>) {
        for channel in channels {
            for broadcast in &self.air.0[*channel] {
                if fraction(mix(self.seed ^ account.key, broadcast.stream_id)) < share {
                    let Span { from, to } = broadcast.span;
                    out.push(Visit { channel: *channel as u16, account: number, from, to });
                }
            }
        }
    }

    /// In a share of all channels, from a few minutes after the beginning of each broadcast.
    pub(crate) fn patrols(&self, number: u32, account: &Account, out: &mut Vec<Visit>) {
        let share = 0.16 + 0.2 * fraction(mix(self.seed, account.key));
        for (channel, broadcasts) in self.air.0.iter().enumerate() {
            if fraction(mix(account.key, channel as u64)) < share {
                for broadcast in broadcasts.iter().filter(|broadcast| broadcast.span.len() > 2) {
                    let from = broadcast.span.from + (mix(account.key, broadcast.stream_id) % 3) as i32;
                    out.push(Visit { channel: channel as u16, account: number, from, to: broadcast.span.to });
                }
            }
        }
    }

    /// The days of a person's life that touch a UTC day. One ends where the next begins: visits of two never overlap.
    fn days(&self, number: u32, account: &Account, day: Day, out: &mut Vec<Visit>) {
        let (life, pace) = account.life();
        let today = Span::of_day(day);
        for local in day.plus(-1).until(day.plus(2)) {
            let bound = |day: Day| slot_at(self.zones.instant(pace.zone, day, i32::from(life.begins)));
            let span = Span { from: bound(local), to: bound(local.plus(1)) };
            if span.intersect(today).is_some() {
                self.day(number, account, local, span, out);
            }
        }
    }

    fn day(&self, number: u32, account: &Account, day: Day, bounds: Span, out: &mut Vec<Visit>) {
        let (life, pace) = account.life();
        let ordinary = account.kind == Kind::Person;
        let plan = life.plan(day);
        if ordinary && account.key.is_multiple_of(5) && on_holiday(self.seed ^ account.key, day, 7) {
            return;
        }
        let person = self.person(number, account);
        let mut dice = Dice::new(self.seed, Purpose::Visits, person.key, day.days());
        if !dice.chance(pace.active) {
            return;
        }
        let late = i32::from(pace.shift) + dice.bell(pace.jitter) as i32;
        let before = out.len();
        for window in plan.windows {
            if dice.chance(window.chance * pace.keen) {
                self.sitting(&person, &mut dice, day, bounds, window, late, out);
            }
        }
        // The people of a day are those who came: of a crowd nobody meant to and did not.
        if self.accounts.crowd && ordinary && out.len() == before {
            for window in plan.windows.iter().rev() {
                self.sitting(&person, &mut dice, day, bounds, window, late, out);
                if out.len() > before {
                    break;
                }
            }
        }
    }

    /// Who decides: of two accounts of one person, the same whichever is asked about.
    fn person(&self, number: u32, account: &Account) -> Person {
        let mut favourites: Vec<(u16, u32)> = account.favourites().map(|channel| (channel as u16, number)).collect();
        let mut key = account.key;
        if let Some(face) = account.other_face()
            && let Some(other) = self.accounts.find(face)
        {
            key = name_key(face.min(self.accounts.login(number)));
            favourites.extend(self.accounts.all[other as usize].favourites().map(|channel| (channel as u16, other)));
            favourites.sort_unstable();
        }
        Person { key, number, favourites }
    }

    /// One use of a window: a channel after the other, until it is over.
    #[expect(clippy::too_many_arguments, reason = "all of it is one moment of one person")]
    fn sitting(
        &self,
        person: &Person,
        dice: &mut Dice,
        day: Day,
        bounds: Span,
        window: &Window,
        late: i32,
        out: &mut Vec<Visit>,
    ) {
        let account = &self.accounts.all[person.number as usize];
        let (_, pace) = account.life();
        let persona = account.kind != Kind::Person;
        let minutes = f64::from(window.to - window.from);
        let begin = f64::from(window.from) + minutes * dice.unit() * if persona { 0.12 } else { 0.4 };
        let length = minutes * if persona { 0.6 + 0.4 * dice.unit() } else { pace.stay * (0.2 + 1.1 * dice.unit()) };
        // A persona's truth is exact: late people leave on time. Others are moved as a whole by their own clock.
        let latest = i32::from(window.to) + if persona { 0 } else { late };
        let at = |minute: i32| slot_at(self.zones.instant(pace.zone, day, minute));
        let begin = (begin as i32 + late).max(if persona { i32::from(window.from) } else { 0 });
        let end = at((begin + length as i32).min(latest)).min(bounds.to);
        let mut now = at(begin).max(bounds.from);
        while now < end {
            let Some((channel, who)) = self.choose(person, pace.loyal, now, None, dice) else {
                now = now + TRY_AGAIN_SLOTS;
                continue;
            };
            let Some(broadcast) = self.air.live(usize::from(channel), now) else { break };
            let stint = now + dice.range(4, if persona { 22 } else { 60 });
            let until = stint.min(end).min(broadcast.span.to);
            if who == person.number {
                leave_a_gap(Visit { channel, account: who, from: now, to: until }, dice, out);
            } else {
                // The same draws, so that both faces go on alike.
                leave_a_gap(Visit { channel, account: who, from: now, to: until }, dice, &mut Vec::new());
            }
            if dice.chance(pace.second_screen)
                && let Some((beside, who)) = self.choose(person, 1.0, now, Some(channel), dice)
                && let Some(broadcast) = self.air.live(usize::from(beside), now)
                && who == person.number
            {
                out.push(Visit { channel: beside, account: who, from: now, to: until.min(broadcast.span.to) });
            }
            now = until;
            if !persona && dice.chance(0.3) {
                break;
            }
        }
    }

    /// A channel on air, and with which account.
    fn choose(
        &self,
        person: &Person,
        loyal: f64,
        at: SlotTime,
        not: Option<u16>,
        dice: &mut Dice,
    ) -> Option<(u16, u32)> {
        let live = |channel: u16| Some(channel) != not && self.air.live(usize::from(channel), at).is_some();
        if dice.chance(loyal) {
            // The dearest is watched most: 1/2, 1/3, 1/4 … of the others.
            let weights = person.favourites.iter().enumerate();
            let weights = weights.map(|(n, (channel, _))| if live(*channel) { 1.0 / (n + 2) as f64 } else { 0.0 });
            let found = person.favourites.get(dice.weighted(weights)).filter(|(channel, _)| live(*channel));
            if found.is_some() || loyal >= 1.0 {
                return found.copied();
            }
        }
        let channel = (0..8).map(|_| self.circles.draw(0, dice)).find(|channel| live(*channel))?;
        Some((channel, person.number))
    }
}

/// Whoever sits at the screen.
struct Person {
    key: u64,
    /// The account that is asked about.
    number: u32,
    /// Channels, each with the account that it is watched with.
    favourites: Vec<(u16, u32)>,
}

/// Long visits have a hole now and then: a connection that drops for a sample or two.
pub(crate) fn leave_a_gap(visit: Visit, dice: &mut Dice, out: &mut Vec<Visit>) {
    let slots = visit.to - visit.from;
    if slots >= 8 && dice.chance(0.1) {
        let gap = visit.from + dice.range(3, slots - 3);
        out.push(Visit { to: gap, ..visit });
        out.push(Visit { from: gap + if dice.chance(0.75) { 1 } else { 2 }, ..visit });
    } else {
        out.push(visit);
    }
}

/// The first slot that starts at `unix` or later.
pub(crate) fn slot_at(unix: i64) -> SlotTime {
    SlotTime::from_unix(unix + SLOT_SECONDS - 1).unwrap_or(SlotTime::at(Day::MAX, 0))
}
