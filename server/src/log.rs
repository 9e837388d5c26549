//! The log: events on standard error, never a viewer's name above `debug`.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Starts it. `VIGIE_LOG` filters (`debug`, `collector=debug,info`); off a terminal lines are JSON.
///
/// On a terminal only warnings are shown by default: the bars and what to open stand there.
pub fn start() {
    let terminal = std::io::stderr().is_terminal();
    let default = if terminal { "warn" } else { "info" };
    let filter = EnvFilter::try_from_env("VIGIE_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start, as tests may do, keeps the first.
    let _ = if terminal { log.try_init() } else { log.json().flatten_event(true).try_init() };
}
