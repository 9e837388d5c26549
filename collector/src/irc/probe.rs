//! Whether there is a chat server that takes an anonymous reader: for whoever looks after a deployment.

use std::io;

use super::address::{Address, Trust};
use super::connection::{End, nick, open};

/// Connects, is welcomed, and goes. Errors: nobody there, a certificate that is not believed, a nick that is refused.
pub async fn probe(address: &Address, trust: &Trust) -> io::Result<()> {
    match open(address, trust, &nick()).await {
        Ok(_) => Ok(()),
        Err(End::Io(error)) => Err(error),
        Err(end) => Err(io::Error::other(end.to_string())),
    }
}
