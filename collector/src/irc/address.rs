//! Where a chat server is, and the lines that come from it.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures::{Sink, SinkExt as _, Stream, StreamExt as _};
use rustls_platform_verifier::Verifier;
use serde::Deserialize;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

/// The longest line taken. Twitch's are below 4,096 bytes of tags and 512 of the rest (IRCv3 has 8,191 and 512).
const LINE_MAX: usize = 16 * 1024;
/// The longest WebSocket message taken: some lines.
const MESSAGE_MAX: usize = 256 * 1024;

/// The address of a chat server: `ircs://irc.chat.twitch.tv:6697`, `wss://irc-ws.chat.twitch.tv:443`; `irc://` and `ws://`
/// without encryption, for a simulator on the same machine.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Address {
    scheme: Scheme,
    host: String,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Irc,
    Ircs,
    Ws,
    Wss,
}

/// A text that is no address of a chat server.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "\"{0}\" is no address of a chat server: write it as ircs://irc.chat.twitch.tv:6697 or wss://irc-ws.chat.twitch.tv:443"
)]
pub struct AddressError(String);

impl Scheme {
    const ALL: [(&'static str, Scheme, u16); 4] = [
        ("ircs://", Scheme::Ircs, 6_697),
        ("irc://", Scheme::Irc, 6_667),
        ("wss://", Scheme::Wss, 443),
        ("ws://", Scheme::Ws, 80),
    ];

    fn is_encrypted(self) -> bool {
        matches!(self, Scheme::Ircs | Scheme::Wss)
    }
}

impl FromStr for Address {
    type Err = AddressError;
    fn from_str(text: &str) -> Result<Address, AddressError> {
        let wrong = || AddressError(text.to_owned());
        let split = |(name, scheme, port)| Some((text.strip_prefix(name)?, scheme, port));
        let (rest, scheme, usual) = Scheme::ALL.into_iter().find_map(split).ok_or_else(wrong)?;
        let rest = rest.trim_end_matches('/');
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
            None => (rest, usual),
        };
        let is_host = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        if host.is_empty() || !is_host(host) {
            Err(wrong())
        } else {
            Ok(Address { scheme, host: host.to_owned(), port })
        }
    }
}

impl Address {
    /// Twitch's own, encrypted.
    pub fn twitch() -> Address {
        Address { scheme: Scheme::Ircs, host: "irc.chat.twitch.tv".to_owned(), port: 6_697 }
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Address, AddressError> {
        text.parse()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = Scheme::ALL.into_iter().find(|(_, scheme, _)| *scheme == self.scheme);
        write!(f, "{}{}:{}", named.map_or("", |(name, ..)| name), self.host, self.port)
    }
}

/// Whose certificates are believed: those that the system believes, and perhaps more.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust")
    }
}

/// Certificates that cannot be used.
#[derive(Debug, Error)]
pub enum TrustError {
    /// They are no PEM.
    #[error("they are not PEM")]
    Pem(#[source] tokio_rustls::rustls::pki_types::pem::Error),
    /// TLS refuses them.
    #[error("TLS cannot be set up with them")]
    Tls(#[from] tokio_rustls::rustls::Error),
}

impl Trust {
    /// The system's certificates, and those of a PEM text. Errors: it is none, or the system has no certificates at all.
    pub fn new(more: &str) -> Result<Trust, TrustError> {
        let more: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(more.as_bytes()).collect();
        let provider: Arc<CryptoProvider> = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let verifier = Verifier::new_with_extra_roots(more.map_err(TrustError::Pem)?, provider.clone())?;
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let config = config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth();
        Ok(Trust(Arc::new(config)))
    }
}

/// What a server says, line by line, without their ends.
pub(super) type Lines = Pin<Box<dyn Stream<Item = io::Result<String>> + Send>>;
/// What is said to it: lines with `\r\n` behind each.
pub(super) type Say = Pin<Box<dyn Sink<String, Error = io::Error> + Send>>;

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

impl Address {
    /// Connects, within some time. Errors: nobody there, a certificate that is not believed, no WebSocket.
    pub(super) async fn connect(&self, trust: &Trust, patience: Duration) -> io::Result<(Lines, Say)> {
        match tokio::time::timeout(patience, self.connected(trust)).await {
            Ok(connected) => connected,
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "nobody answered in time")),
        }
    }

    async fn connected(&self, trust: &Trust) -> io::Result<(Lines, Say)> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        let stream: Box<dyn Wire> = if self.scheme.is_encrypted() {
            let name = ServerName::try_from(self.host.clone()).map_err(io::Error::other)?;
            Box::new(TlsConnector::from(trust.0.clone()).connect(name, stream).await?)
        } else {
            Box::new(stream)
        };
        match self.scheme {
            Scheme::Irc | Scheme::Ircs => Ok(plain(stream)),
            Scheme::Ws | Scheme::Wss => self.web(stream).await,
        }
    }

    async fn web(&self, stream: Box<dyn Wire>) -> io::Result<(Lines, Say)> {
        let config = WebSocketConfig::default().max_message_size(Some(MESSAGE_MAX)).max_frame_size(Some(MESSAGE_MAX));
        let uri = format!("{}://{}:{}/", if self.scheme.is_encrypted() { "wss" } else { "ws" }, self.host, self.port);
        let (socket, _) =
            tokio_tungstenite::client_async_with_config(uri, stream, Some(config)).await.map_err(of_web)?;
        let (say, hear) = socket.split();
        let lines = hear.flat_map(|message| {
            let lines: Vec<io::Result<String>> = match message {
                Ok(Message::Text(text)) => text.lines().map(|line| Ok(line.to_owned())).collect(),
                // Pings are answered by the library; the end comes as the stream's.
                Ok(_) => Vec::new(),
                Err(error) => vec![Err(of_web(error))],
            };
            futures::stream::iter(lines)
        });
        let say = say.sink_map_err(of_web).with(|text: String| async move { Ok(Message::text(text)) });
        Ok((Box::pin(lines), Box::pin(say)))
    }
}

fn plain(stream: Box<dyn Wire>) -> (Lines, Say) {
    let (say, hear) = Framed::new(stream, LinesCodec::new_with_max_length(LINE_MAX)).split();
    let of_lines = |error| match error {
        LinesCodecError::Io(error) => error,
        LinesCodecError::MaxLineLengthExceeded => io::Error::new(io::ErrorKind::InvalidData, "a line is too long"),
    };
    // The codec ends each with \n: what it is given ends with \r.
    let say = say.sink_map_err(of_lines).with(|text: String| async move { Ok(text.trim_end_matches('\n').to_owned()) });
    (Box::pin(hear.map(move |line| line.map_err(of_lines))), Box::pin(say))
}

fn of_web(error: tungstenite::Error) -> io::Error {
    match error {
        tungstenite::Error::Io(error) => error,
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        for (text, full) in [
            ("ircs://irc.chat.twitch.tv", "ircs://irc.chat.twitch.tv:6697"),
            ("wss://irc-ws.chat.twitch.tv/", "wss://irc-ws.chat.twitch.tv:443"),
            ("irc://127.0.0.1:4000", "irc://127.0.0.1:4000"),
            ("ws://localhost", "ws://localhost:80"),
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), full);
        }
        for text in
            ["", "irc.chat.twitch.tv:6697", "https://a", "irc://", "irc://:1", "irc://a:b", "ws://a b", "irc://a:70000"]
        {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
