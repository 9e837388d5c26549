//! The pages, one a file.

pub(crate) mod about;
pub(crate) mod channel;
pub(crate) mod home;
pub(crate) mod search;
mod trust;
pub(crate) mod viewer;
mod visits;
