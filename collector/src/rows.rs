//! From what a sweep saw to the archive's rows.

use std::sync::Arc;

use archive::chatters::ChatterRow;
use archive::error::ArchiveError;
use archive::sweep_writer::SweepWriter;
use model::login::Login;
use model::sample::{StreamSample, trusted_list};
use model::slot::SlotTime;
use model::words::{ChattersSource, Evidence, ListStatus, SpeechStatus};
use store::suppression::Suppression;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::chatters::{Chatter, List};
use crate::error::SweepError;
use crate::targets::{State, Target};

/// Lists that wait for the thread that compresses: it is faster than the network, so they hardly ever do.
const WAITING: usize = 8;

/// A channel's row, and its list where it was asked for.
pub(crate) type Row = (StreamSample, Option<List>);

/// Rows on their way into compression, which is on a thread of its own.
pub(crate) struct Writing {
    at: SlotTime,
    rows: mpsc::Sender<Row>,
    written: JoinHandle<Result<SweepWriter, ArchiveError>>,
}

impl Writing {
    /// Writes but of those who are left out.
    pub(crate) fn start(at: SlotTime, left_out: Arc<Suppression>) -> Writing {
        let (rows, waiting) = mpsc::channel(WAITING);
        let written = tokio::task::spawn_blocking(move || compress(SweepWriter::new(at), waiting, &left_out));
        Writing { at, rows, written }
    }

    /// In order of login. Whether it goes on: [`Writing::end`] says why not.
    pub(crate) async fn push(&self, row: Row) -> bool {
        self.rows.send(row).await.is_ok()
    }

    /// What was written. Errors: a row was refused, or the thread ended.
    pub(crate) async fn end(self) -> Result<SweepWriter, SweepError> {
        let at = self.at;
        drop(self.rows);
        let written = self.written.await.map_err(|source| SweepError::Stopped { at, source })?;
        written.map_err(|source| SweepError::Archive { at, source })
    }
}

fn compress(
    mut writer: SweepWriter,
    mut rows: mpsc::Receiver<Row>,
    left_out: &Suppression,
) -> Result<SweepWriter, ArchiveError> {
    while let Some((stream, list)) = rows.blocking_recv() {
        for (person, evidence) in list.iter().flat_map(evidence) {
            if !left_out.holds(person.login.as_str(), person.id) {
                let (chatter, id, role) = (person.login.as_str(), person.id, person.role);
                writer.push_row(&ChatterRow { channel: &stream.channel, chatter, id, role, evidence })?;
            }
        }
        writer.push_stream(&stream)?;
    }
    Ok(writer)
}

/// Who was listed and who wrote, in the order of the archive: by login, listed first.
fn evidence(list: &List) -> Vec<(&Chatter, Evidence)> {
    let listed = list.people.iter().map(|person| (person, Evidence::Listed));
    let mut all: Vec<(&Chatter, Evidence)> =
        listed.chain(list.speakers.iter().map(|person| (person, Evidence::Spoke))).collect();
    // Two sorted lists: the sort merges them.
    all.sort_by(|(a, _), (b, _)| a.login.cmp(&b.login));
    all
}

/// A channel's row, and its list where it can be believed.
pub(crate) fn row(at: SlotTime, login: Login, target: Target, list: Option<List>, source: ChattersSource) -> Row {
    let status = target.state.status();
    let (stream, asked) = match target.state {
        State::Live { facts, ask_chatters } => (Some(facts), ask_chatters),
        State::OffAir | State::Unknown => (None, false),
    };
    let viewers = stream.as_ref().and_then(|facts| facts.viewer_count);
    let list = list.map(|list| match trusted_list(list.status, list.count, viewers) {
        // What was said is known all the same.
        ListStatus::Missing => List { speech: list.speech, speakers: list.speakers, ..List::missing() },
        _ => list,
    });
    let sample = StreamSample {
        sampled_at: at,
        channel_id: target.id,
        channel: login,
        display_name: target.display_name,
        status,
        stream,
        tracked: target.tracked,
        chatters_source: asked.then_some(source),
        list_status: list.as_ref().map_or(ListStatus::Missing, |list| list.status),
        speech_status: list.as_ref().map_or(SpeechStatus::Missing, |list| list.speech),
        chatter_count: list.as_ref().and_then(|list| list.count),
    };
    (sample, list)
}
