//! Switches in a file, which is read again whenever it changes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Faults, HttpFaults};
use crate::error::SimulatorError;

/// How often the file is looked at: whoever edits it does not wait for long.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Sets what the file says, then follows it until `stop`. Errors: it cannot be read, or says something that cannot be; later
/// this is told in the log, and what it said before holds.
pub(in crate::server) async fn follow(
    path: PathBuf,
    faults: Faults,
    stop: CancellationToken,
) -> Result<impl Future<Output = ()> + Send + 'static, SimulatorError> {
    let mut last = text(&path).await?;
    faults.set(parse(&path, &last)?);
    Ok(async move {
        // Note once, not at every look.
        let mut unreadable = false;
        while stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_some() {
            let read = text(&path).await;
            if read.as_ref().is_ok_and(|text| *text == last) || (read.is_err() && unreadable) {
                continue;
            }
            unreadable = read.is_err();
            let parsed = read.and_then(|text| {
                last = text;
                parse(&path, &last)
            });
            match parsed {
                Ok(now) => {
                    faults.set(now);
                    tracing::info!(file = %path.display(), "other faults are switched on");
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "faults stay as they were");
                }
            }
        }
    })
}

async fn text(path: &Path) -> Result<Vec<u8>, SimulatorError> {
    tokio::fs::read(path).await.map_err(|source| SimulatorError::File { path: path.to_owned(), source })
}

fn parse(path: &Path, text: &[u8]) -> Result<HttpFaults, SimulatorError> {
    let faults: HttpFaults =
        serde_json::from_slice(text).map_err(|source| SimulatorError::FaultsText { path: path.to_owned(), source })?;
    if faults.is_possible() { Ok(faults) } else { Err(SimulatorError::Faults { path: path.to_owned() }) }
}
