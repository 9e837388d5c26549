//! What can go wrong with a simulation, told as act, thing and cause.

use std::path::PathBuf;

use archive::error::ArchiveError;
use model::day::Day;
use thiserror::Error;

/// A simulation that cannot be made, written or served.
#[derive(Debug, Error)]
pub enum SimulatorError {
    /// The machine's zone database lacks a zone.
    #[error("cannot find the time zone {name}: is tzdata installed?")]
    Zone {
        /// Its IANA name.
        name: &'static str,
        /// Why not.
        #[source]
        source: jiff::Error,
    },
    /// A population that cannot be: too few, or more than numbers hold.
    #[error("a population of {viewers} viewers and {channels} channels: 100 to 10,000,000 and 20 to 20,000 can be")]
    Population {
        /// Viewers asked for.
        viewers: u32,
        /// Channels asked for.
        channels: u32,
    },
    /// A day could not be written.
    #[error("cannot write the day {day}")]
    Write {
        /// The UTC day.
        day: Day,
        /// Why not.
        #[source]
        source: ArchiveError,
    },
    /// A worker ended before its answer: the program is shutting down.
    #[error("writing the day {day} was stopped")]
    Stopped {
        /// The UTC day.
        day: Day,
        /// How the worker ended.
        #[source]
        source: tokio::task::JoinError,
    },
    /// The loopback address could not be listened on.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// No certificate could be made for the chat.
    #[error("cannot make a certificate for localhost")]
    Certificate {
        /// Why not.
        #[source]
        source: rcgen::Error,
    },
    /// The chat cannot speak TLS.
    #[error("cannot set up TLS for localhost")]
    Tls {
        /// Why not.
        #[source]
        source: tokio_rustls::rustls::Error,
    },
    /// A file of faults or of requests cannot be used.
    #[error("cannot use {}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// A file of faults says something else.
    #[error("{} has no faults: it must be JSON with the fields of HttpFaults, each of which may be left out", path.display())]
    FaultsText {
        /// Which.
        path: PathBuf,
        /// Where, and what.
        #[source]
        source: serde_json::Error,
    },
    /// Faults that cannot be.
    #[error("the faults in {} cannot be: each is a probability from 0 to 1, and they add up to 1 at most", path.display())]
    Faults {
        /// The file.
        path: PathBuf,
    },
    /// A name that cannot be given.
    #[error("the name cannot be given: {0}")]
    Name(&'static str),
    /// Chats that cannot be shared.
    #[error("the chats cannot be shared: {0}")]
    Share(&'static str),
    /// A script that cannot be played.
    #[error("the script has {0}")]
    Script(&'static str),
}
