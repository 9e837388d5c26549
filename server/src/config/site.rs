//! `[site]`: the website.

use std::net::SocketAddr;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use store::access::ViewerPages;

/// `[site]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SiteConfig {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The IANA zone of pages that name none, and of the daily job.
    pub zone: String,
    /// Who may open a viewer's page: `public` or `owner`. Real data take a choice.
    pub viewer_pages: Option<Pages>,
    /// Who runs this site.
    pub operator: String,
    /// How to reach them.
    pub contact: String,
    /// The folder of the built site; beside the program or in target/site by default.
    pub folder: Option<std::path::PathBuf>,
}

/// Who may open a viewer's page, as the configuration spells it.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pages {
    /// Anybody.
    Public,
    /// Only the person, signed in.
    Owner,
}

impl From<Pages> for ViewerPages {
    fn from(pages: Pages) -> ViewerPages {
        match pages {
            Pages::Public => ViewerPages::Public,
            Pages::Owner => ViewerPages::Owner,
        }
    }
}

impl Default for SiteConfig {
    fn default() -> SiteConfig {
        SiteConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            zone: "Europe/Paris".to_owned(),
            viewer_pages: None,
            operator: String::new(),
            contact: String::new(),
            folder: None,
        }
    }
}

impl SiteConfig {
    pub(super) fn check(&self) -> Result<()> {
        if jiff::tz::TimeZone::get(&self.zone).is_err() {
            bail!("[site] zone = {:?} is no IANA time zone, as Europe/Paris is", self.zone);
        }
        Ok(())
    }
}
