//! How the simulated chat behaves when nothing is wrong.

use std::time::Duration;

/// Figures of the chat; the defaults are Twitch's, as far as they are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IrcSettings {
    /// Messages that a person present writes in a virtual minute, on average: most people none, a few a lot. 0 where only a
    /// script is to speak.
    pub messages_per_minute: f64,
    /// JOINs in ten virtual seconds, of all connections together; those above are not answered.
    pub joins_per_window: usize,
    /// Channels of one connection; a JOIN of one more is not answered.
    pub channels_per_connection: usize,
    /// Of more people than these NAMES tells the operators alone, and who comes and goes is not told.
    pub told_up_to: usize,
    /// Virtual seconds after which the server asks whether a client is still there.
    pub ping_seconds: i64,
    /// Virtual seconds in which it must answer.
    pub pong_seconds: i64,
    /// Real time that it has for it at least, however fast the virtual clock runs.
    pub pong_grace: Duration,
    /// Virtual seconds between RECONNECT and the end of a connection.
    pub reconnect_seconds: i64,
    /// Real time between them at least: on a fast clock a busy machine joins no room elsewhere in a few virtual seconds.
    pub reconnect_grace: Duration,
    /// Bytes that may wait for a client that reads slowly; it is disconnected when there are more.
    pub waiting_bytes: usize,
}

impl Default for IrcSettings {
    fn default() -> IrcSettings {
        IrcSettings {
            messages_per_minute: 0.15,
            joins_per_window: 20,
            channels_per_connection: 100,
            told_up_to: 1_000,
            ping_seconds: 300,
            pong_seconds: 60,
            pong_grace: Duration::from_secs(5),
            reconnect_seconds: 30,
            reconnect_grace: Duration::from_secs(5),
            waiting_bytes: 4 << 20,
        }
    }
}
