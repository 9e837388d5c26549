//! `[retention]`: how long what is kept.

use anyhow::{Result, bail};
use importer::retention::Retention;
use serde::{Deserialize, Serialize};

/// `[retention]`.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// Days that archive objects and slots are kept.
    pub raw_days: u16,
    /// Days that hours are kept; at least `raw_days`.
    pub hour_days: u16,
}

impl Default for RetentionConfig {
    fn default() -> RetentionConfig {
        let usual = Retention::default();
        RetentionConfig { raw_days: usual.raw_days, hour_days: usual.hour_days }
    }
}

impl RetentionConfig {
    pub(super) fn check(self) -> Result<()> {
        let RetentionConfig { raw_days, hour_days } = self;
        if raw_days < 2 {
            bail!("[retention] raw_days = {raw_days} is fewer than 2: a day would go before it is imported for good");
        }
        if hour_days < raw_days {
            bail!("[retention] hour_days = {hour_days} is fewer than raw_days = {raw_days}: hours are made of slots");
        }
        Ok(())
    }
}

impl From<RetentionConfig> for Retention {
    fn from(config: RetentionConfig) -> Retention {
        Retention { raw_days: config.raw_days, hour_days: config.hour_days, ..Retention::default() }
    }
}
