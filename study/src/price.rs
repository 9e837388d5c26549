//! What keeping bytes costs.

use serde::Serialize;

use crate::error::StudyError;

/// Days that are kept: what they take is paid for a month.
pub const MONTH_DAYS: u64 = 30;

/// Prices in dollars are told for 10⁹ bytes.
const GB: f64 = 1e9;

/// What an object store asked for storage alone when its page was read; requests and transfer come on top.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ListPrice {
    /// The store and its class.
    pub store: &'static str,
    /// Per GB and month.
    pub per_gb: f64,
    /// `USD` or `EUR`.
    pub currency: &'static str,
    /// Where it is published.
    pub source: &'static str,
}

/// List prices without taxes, as of autumn 2026; the first one is taken where none is given.
pub const LIST_PRICES: [ListPrice; 4] = [
    ListPrice {
        store: "Amazon S3 Standard, us-east-1, first 50 TB",
        per_gb: 0.023,
        currency: "USD",
        source: "https://aws.amazon.com/s3/pricing/",
    },
    ListPrice {
        store: "Cloudflare R2 Standard",
        per_gb: 0.015,
        currency: "USD",
        source: "https://developers.cloudflare.com/r2/pricing/",
    },
    ListPrice {
        store: "OVHcloud Object Storage Standard",
        per_gb: 0.007,
        currency: "EUR",
        source: "https://www.ovhcloud.com/en/public-cloud/prices/",
    },
    ListPrice {
        store: "Backblaze B2",
        per_gb: 0.006,
        currency: "USD",
        source: "https://www.backblaze.com/cloud-storage/pricing",
    },
];

/// A price of a GB-month, 0 to 1000 of whatever currency.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Price(f64);

impl Price {
    /// Errors: not a number, negative, or beyond any price.
    pub fn new(per_gb: f64) -> Result<Price, StudyError> {
        if (0.0..=1000.0).contains(&per_gb) { Ok(Price(per_gb)) } else { Err(StudyError::Price(per_gb)) }
    }

    /// Per GB and month.
    pub fn per_gb(self) -> f64 {
        self.0
    }

    /// What a month costs in which [`MONTH_DAYS`] days of this size are kept.
    pub fn of_days(self, day_bytes: u64) -> f64 {
        day_bytes as f64 * MONTH_DAYS as f64 / GB * self.0
    }
}

impl Default for Price {
    fn default() -> Price {
        Price(LIST_PRICES[0].per_gb)
    }
}
