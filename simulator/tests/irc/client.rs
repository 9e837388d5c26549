//! A client that knows lines and nothing else, and a Twitch whose clock is set by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use model::login::Login;
use model::slot::SlotTime;
use simulator::irc::settings::IrcSettings;
use simulator::server::{Settings, SimulatedTwitch};
use simulator::twitch::Twitch;
use simulator::world::{Population, World};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::tungstenite::Message;

pub(crate) const ALL: &str = "CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership";
/// Longer than anything takes, on a busy machine too.
const LONG: Duration = Duration::from_secs(30);

/// Half past nine in the evening in Paris.
pub(crate) fn evening() -> SlotTime {
    SlotTime::at("2026-11-18".parse().unwrap(), 246)
}

pub(crate) fn login(text: &str) -> Login {
    text.parse().unwrap()
}

pub(crate) fn world() -> Twitch {
    Twitch::World(Arc::new(World::new(8, Population { viewers: 800, channels: 120 }).unwrap()))
}

/// The channels of [`world`] with the most people in an evening, most first.
pub(crate) fn busiest(stage: &Stage, count: usize) -> Vec<String> {
    let Twitch::World(world) = world() else { unreachable!() };
    let crowd = |channel: &&Login| stage.twitch.irc().present(channel, evening().unix()).len();
    let mut channels: Vec<&Login> = world.channels().collect();
    channels.sort_by_cached_key(|channel| std::cmp::Reverse(crowd(channel)));
    assert!(crowd(&channels[count - 1]) > 5);
    channels[..count].iter().map(ToString::to_string).collect()
}

pub(crate) struct Stage {
    pub(crate) twitch: SimulatedTwitch,
    now: Arc<AtomicI64>,
}

impl Stage {
    /// At the beginning of an evening.
    pub(crate) async fn new(twitch: Twitch, irc: IrcSettings) -> Stage {
        let now = Arc::new(AtomicI64::new(evening().unix()));
        let clock = Arc::clone(&now);
        let settings = Settings { irc, ..Settings::default() };
        let twitch = SimulatedTwitch::with(twitch, settings, move || clock.load(Ordering::SeqCst), 0).await.unwrap();
        Stage { twitch, now }
    }

    pub(crate) fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    pub(crate) fn set(&self, unix: i64) {
        self.now.store(unix, Ordering::SeqCst);
    }

    /// Moves the clock, and waits until the chat has gone along.
    pub(crate) async fn pass(&self, seconds: i64) {
        self.set(self.now() + seconds);
        within(self.twitch.irc().reached(self.now())).await;
    }

    pub(crate) async fn connections(&self, connections: usize) {
        within(self.twitch.irc().connected(connections)).await;
    }

    pub(crate) async fn plain(&self) -> Client {
        let address = self.twitch.irc().plain().strip_prefix("irc://").unwrap();
        Client::over(TcpStream::connect(address).await.unwrap())
    }

    /// A plain one that has a nick and all capabilities.
    pub(crate) async fn ready(&self) -> Client {
        let mut client = self.plain().await;
        client.hello().await;
        client
    }

    pub(crate) async fn tls(&self) -> Client {
        self.tls_trusting(self.twitch.irc().certificate()).await.unwrap()
    }

    /// Over TLS, for a client that trusts one certificate.
    pub(crate) async fn tls_trusting(&self, certificate: &str) -> std::io::Result<Client> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let address = self.twitch.irc().tls().strip_prefix("ircs://").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let name = "localhost".try_into().unwrap();
        Ok(Client::over(TlsConnector::from(Arc::new(config)).connect(name, stream).await?))
    }

    pub(crate) async fn websocket(&self) -> Client {
        let url = self.twitch.irc().websocket();
        let stream = TcpStream::connect(url.strip_prefix("ws://").unwrap()).await.unwrap();
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
        let (mut sink, mut stream) = socket.split();
        let (client, lines, mut sent) = Client::new();
        tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                let Message::Text(text) = message else { continue };
                assert!(text.ends_with("\r\n"), "{text}");
                for line in text.split_terminator("\r\n") {
                    if lines.send(line.to_owned()).is_err() {
                        return;
                    }
                }
            }
        });
        tokio::spawn(async move {
            while let Some(text) = sent.recv().await {
                let text = String::from_utf8(text).unwrap();
                // Several lines in a frame, the last without its end.
                if sink.send(Message::text(text.trim_end())).await.is_err() {
                    return;
                }
            }
        });
        client
    }
}

pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONG, future).await.expect("it takes for ever")
}

pub(crate) struct Client {
    lines: mpsc::UnboundedReceiver<String>,
    sent: mpsc::UnboundedSender<Vec<u8>>,
    pings: u32,
    /// Answers no PING.
    pub(crate) silent: bool,
}

impl Client {
    fn new() -> (Client, mpsc::UnboundedSender<String>, mpsc::UnboundedReceiver<Vec<u8>>) {
        let (tell, lines) = mpsc::unbounded_channel();
        let (sent, to_send) = mpsc::unbounded_channel();
        (Client { lines, sent, pings: 0, silent: false }, tell, to_send)
    }

    fn over(stream: impl AsyncRead + AsyncWrite + Send + 'static) -> Client {
        let (read, mut write) = tokio::io::split(stream);
        let (client, lines, mut sent) = Client::new();
        tokio::spawn(async move {
            let mut read = BufReader::new(read).lines();
            while let Ok(Some(line)) = read.next_line().await {
                if lines.send(line).is_err() {
                    return;
                }
            }
        });
        tokio::spawn(async move {
            while let Some(bytes) = sent.recv().await {
                if write.write_all(&bytes).await.is_err() {
                    return;
                }
            }
        });
        client
    }

    /// What its bytes go to.
    pub(crate) fn sender(&self) -> mpsc::UnboundedSender<Vec<u8>> {
        self.sent.clone()
    }

    pub(crate) fn send(&self, line: &str) {
        self.send_bytes(format!("{line}\r\n").as_bytes());
    }

    /// To a connection that may have ended.
    pub(crate) fn send_bytes(&self, bytes: &[u8]) {
        let _ = self.sent.send(bytes.to_vec());
    }

    /// The next line; nothing at the end. PINGs are answered.
    pub(crate) async fn next(&mut self) -> Option<String> {
        let line = within(self.lines.recv()).await?;
        if let Some(word) = line.strip_prefix("PING ").filter(|_| !self.silent) {
            self.send(&format!("PONG {word}"));
        }
        Some(line)
    }

    /// All lines to the end of the connection.
    pub(crate) async fn rest(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some(line) = self.next().await {
            lines.push(line);
        }
        lines
    }

    /// All lines that are sent before the answer to what is asked now; the server's PINGs apart.
    pub(crate) async fn heard(&mut self) -> Vec<String> {
        self.pings += 1;
        self.send(&format!("PING :{}", self.pings));
        let last = format!(":tmi.twitch.tv PONG tmi.twitch.tv :{}", self.pings);
        let mut lines = Vec::new();
        loop {
            let line = self.next().await.expect("the connection ended");
            if line == last {
                return lines;
            }
            if !line.starts_with("PING ") {
                lines.push(line);
            }
        }
    }

    pub(crate) async fn hello(&mut self) {
        self.send(&format!("{ALL}\r\nPASS oauth:x\r\nNICK justinfan7"));
        let heard = self.heard().await;
        assert_eq!((heard.len(), heard[7].as_str()), (8, ":tmi.twitch.tv 376 justinfan7 :>"), "{heard:?}");
    }
}
