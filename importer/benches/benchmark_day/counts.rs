//! What every program tells, and has to agree on.

use serde::{Deserialize, Serialize};

use crate::Failure;

/// What a program found in the day. Nothing where it does not count that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// Rows of chatters.
    pub(crate) observations: u64,
    /// Different people.
    pub(crate) viewers: Option<u64>,
    /// Runs over all people, channels and kinds of evidence.
    pub(crate) runs: Option<u64>,
}

/// What a program took. It tells this as a line of JSON when its work is done, and its counts as a second one: counting
/// what was made may take more, and is nobody's task.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Took {
    /// From its first look at the archive until all it made is written.
    pub(crate) seconds: f64,
    /// User and system time of it in that time.
    pub(crate) cpu_seconds: f64,
}

impl Counts {
    /// Errors: it found something else than `truth`.
    pub(crate) fn check(&self, program: &str, truth: &Counts) -> Result<(), Failure> {
        let agree = |found: Option<u64>, truth: Option<u64>| found.is_none() || found == truth;
        if self.observations == truth.observations && agree(self.viewers, truth.viewers) && agree(self.runs, truth.runs)
        {
            return Ok(());
        }
        Err(format!("{program} differs: it found {self:?}, and the truth is {truth:?}").into())
    }
}
