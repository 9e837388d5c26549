//! Which rooms are listened to, through which connection: joins within what the server grants, the most wanted first.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::login::Login;
use model::slot::SlotTime;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::connection::{Line, News, Order, keep};
use super::room::Connection;

/// Twitch grants 20 joins in 10 s, to all of an anonymous reader's connections: a little less often, evenly.
const JOIN_EVERY_MS: i64 = 520;
/// A join that is not answered for so long was not granted, or there is no such channel.
const UNANSWERED_MS: i64 = 20_000;
/// The first pause before it is tried again, doubled each time.
const AGAIN_MS: i64 = 30_000;
/// No pause is longer.
const AGAIN_MAX_MS: i64 = 1_800_000;
/// About a hundred channels go with one connection.
const ROOMS_MAX: usize = 90;

/// Rooms to listen to, the most wanted first.
pub(super) type Wanted = Arc<[Login]>;

/// A room's place on a connection.
#[derive(Debug)]
struct Seat {
    on: Connection,
    state: State,
    tries: u32,
}

#[derive(Debug)]
enum State {
    /// To be asked for from then on.
    Waiting(i64),
    /// Asked for at.
    Asked(i64),
    In,
}

/// A connection, as the pool knows it.
struct Carrier {
    orders: mpsc::UnboundedSender<Order>,
    is_up: bool,
    rooms: usize,
}

pub(super) struct Pool {
    line: Line,
    news: mpsc::UnboundedReceiver<News>,
    wanted: watch::Receiver<Wanted>,
    ask: watch::Receiver<Option<SlotTime>>,
    carriers: HashMap<Connection, Carrier>,
    /// Those that others take over from, with the rooms that are not joined there yet.
    leaving: Vec<(Carrier, HashSet<Login>)>,
    seats: HashMap<Login, Seat>,
    next_number: Connection,
    next_join_ms: i64,
}

impl Pool {
    pub(super) fn new(
        line: Line,
        news: mpsc::UnboundedReceiver<News>,
        wanted: watch::Receiver<Wanted>,
        ask: watch::Receiver<Option<SlotTime>>,
    ) -> Pool {
        let (carriers, seats) = (HashMap::new(), HashMap::new());
        let leaving = Vec::new();
        Pool { line, news, wanted, ask, carriers, leaving, seats, next_number: 0, next_join_ms: i64::MIN }
    }

    /// Listens to what is wanted until cancelled; connections end with it.
    pub(super) async fn run(mut self, cancel: CancellationToken) {
        loop {
            let now_ms = self.line.clock.steady_ms();
            let wait_ms = self.next_due_ms(now_ms).map(|at_ms| at_ms - now_ms);
            let clock = self.line.clock;
            let due = async {
                match wait_ms {
                    Some(ms) => clock.pass(ms).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = cancel.cancelled() => return,
                Some(news) = self.news.recv() => self.learn(news),
                Ok(()) = self.wanted.changed() => self.seat(),
                Ok(()) = self.ask.changed() => self.ask(),
                () = due => self.join_next(),
            }
        }
    }

    /// When there is something to do: to join the next, or to give an unanswered one up.
    fn next_due_ms(&self, now_ms: i64) -> Option<i64> {
        let due = |seat: &Seat| match seat.state {
            State::Waiting(from_ms) if self.is_up(seat.on) => Some(from_ms.max(self.next_join_ms)),
            State::Asked(at_ms) => Some(at_ms + UNANSWERED_MS),
            State::Waiting(_) | State::In => None,
        };
        self.seats.values().filter_map(due).min().map(|at_ms| at_ms.max(now_ms))
    }

    fn is_up(&self, number: Connection) -> bool {
        self.carriers.get(&number).is_some_and(|carrier| carrier.is_up)
    }

    fn learn(&mut self, news: News) {
        match news {
            News::Up(number) => {
                if let Some(carrier) = self.carriers.get_mut(&number) {
                    carrier.is_up = true;
                    if let Some(at) = *self.ask.borrow() {
                        // It may take over from one that answered, and before it was up it heard no question.
                        let _ = carrier.orders.send(Order::Ask(at));
                    }
                }
            }
            News::In(number, room) => {
                if let Some(seat) = self.seats.get_mut(&room).filter(|seat| seat.on == number) {
                    (seat.state, seat.tries) = (State::In, 0);
                    self.let_go(&room);
                }
            }
            News::Down(number) => {
                if let Some(carrier) = self.carriers.get_mut(&number) {
                    carrier.is_up = false;
                }
                for seat in self.seats.values_mut().filter(|seat| seat.on == number) {
                    seat.state = State::Waiting(i64::MIN);
                }
            }
            News::Leaving(number) => {
                if let Some(carrier) = self.carriers.remove(&number) {
                    tracing::info!(irc.connection = number, "the chat server asks to reconnect");
                    self.take_over(number, carrier);
                }
            }
        }
    }

    /// Moves the rooms of a connection to others. It is kept until those that it is in are joined there, so that nothing is
    /// missed meanwhile: without orders it ends.
    fn take_over(&mut self, number: Connection, carrier: Carrier) {
        let moved: Vec<(Login, bool)> = self
            .seats
            .iter()
            .filter(|(_, seat)| seat.on == number)
            .map(|(room, seat)| (room.clone(), matches!(seat.state, State::In)))
            .collect();
        for (room, _) in &moved {
            let on = self.free_carrier();
            self.seats.insert(room.clone(), Seat { on, state: State::Waiting(i64::MIN), tries: 0 });
        }
        let heard: HashSet<Login> = moved.into_iter().filter(|(_, is_in)| *is_in).map(|(room, _)| room).collect();
        if !heard.is_empty() {
            self.leaving.push((carrier, heard));
        }
    }

    /// A room is joined by who took it over, or not wanted any more.
    fn let_go(&mut self, room: &Login) {
        for (_, rooms) in &mut self.leaving {
            rooms.remove(room);
        }
        self.leaving.retain(|(carrier, rooms)| !rooms.is_empty() && !carrier.orders.is_closed());
    }

    /// Gives each wanted room a seat, and takes it from those that are not any more.
    fn seat(&mut self) {
        let wanted = self.wanted.borrow_and_update().clone();
        let kept: HashSet<&Login> = wanted.iter().collect();
        let gone: Vec<Login> = self.seats.keys().filter(|room| !kept.contains(room)).cloned().collect();
        for room in gone {
            self.let_go(&room);
            let Some(seat) = self.seats.remove(&room) else { continue };
            if let Some(carrier) = self.carriers.get_mut(&seat.on) {
                carrier.rooms -= 1;
                if !matches!(seat.state, State::Waiting(_)) {
                    // A connection that is gone is in no room.
                    let _ = carrier.orders.send(Order::Part(room));
                }
            }
        }
        for room in wanted.iter() {
            if !self.seats.contains_key(room) {
                let on = self.free_carrier();
                self.seats.insert(room.clone(), Seat { on, state: State::Waiting(i64::MIN), tries: 0 });
            }
        }
        // Left and joined again, such a room tells who is in it.
        for room in self.line.rooms.stale() {
            let Some(seat) = self.seats.get_mut(&room).filter(|seat| matches!(seat.state, State::In)) else { continue };
            let Some(carrier) = self.carriers.get(&seat.on) else { continue };
            let _ = carrier.orders.send(Order::Part(room));
            seat.state = State::Waiting(i64::MIN);
        }
        // A connection without rooms is not needed: without orders it ends.
        self.carriers.retain(|_, carrier| carrier.rooms > 0);
    }

    /// A connection with a free seat, which is taken; a new one where there is none.
    fn free_carrier(&mut self) -> Connection {
        let free = self
            .carriers
            .iter_mut()
            .filter(|(_, carrier)| carrier.rooms < ROOMS_MAX)
            .min_by_key(|(number, _)| **number);
        if let Some((number, carrier)) = free {
            carrier.rooms += 1;
            return *number;
        }
        let number = self.next_number;
        self.next_number += 1;
        let (orders, taken) = mpsc::unbounded_channel();
        self.carriers.insert(number, Carrier { orders, is_up: false, rooms: 1 });
        tokio::spawn(keep(self.line.clone(), number, taken));
        number
    }

    /// Joins the most wanted room whose turn it is, and gives up what was not answered.
    fn join_next(&mut self) {
        let now_ms = self.line.clock.steady_ms();
        for seat in self.seats.values_mut() {
            if let State::Asked(at_ms) = seat.state
                && now_ms - at_ms >= UNANSWERED_MS
            {
                let pause_ms = (AGAIN_MS << seat.tries.min(8)).min(AGAIN_MAX_MS);
                seat.tries += 1;
                seat.state = State::Waiting(now_ms + pause_ms);
            }
        }
        if now_ms < self.next_join_ms {
            return;
        }
        let wanted = self.wanted.borrow().clone();
        for room in wanted.iter() {
            let Some(seat) = self.seats.get_mut(room) else { continue };
            let is_due = matches!(seat.state, State::Waiting(from_ms) if from_ms <= now_ms);
            let Some(carrier) = self.carriers.get(&seat.on).filter(|carrier| is_due && carrier.is_up) else { continue };
            seat.state = State::Asked(now_ms);
            self.next_join_ms = now_ms + JOIN_EVERY_MS;
            let _ = carrier.orders.send(Order::Join(room.clone()));
            return;
        }
    }

    /// Asks all connections for an answer.
    fn ask(&mut self) {
        let Some(at) = *self.ask.borrow_and_update() else { return };
        for carrier in self.carriers.values().chain(self.leaving.iter().map(|(carrier, _)| carrier)) {
            let _ = carrier.orders.send(Order::Ask(at));
        }
    }
}
