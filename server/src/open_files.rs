//! How many files the process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Asks for as many as the system grants. An import has a file a sweep open and some hundred temporary ones, a website up
/// to 800 connections; of what programs may have without asking (mostly 1,024, for the sake of an old system call that
/// nothing here uses) both together would be more.
pub(crate) fn allow_all() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // Refused, the first file too many is told by whoever wants it.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}
