//! Where clients connect: plain, over TLS, and over WebSocket.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::StreamExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::SimulatorError;
use crate::irc::connection::{Report, serve};
use crate::irc::faults::Faults;
use crate::irc::outbox::Outbox;
use crate::irc::request::LINE_BYTES;

/// Real time for handshakes below IRC.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Real time until a connection is taken again after one could not be: files that are open may be closed by then.
const TAKE_AGAIN: Duration = Duration::from_millis(50);

/// What lies between IRC and TCP.
#[derive(Clone)]
pub(super) enum Layer {
    None,
    Tls(TlsAcceptor),
    WebSocket,
}

/// Takes connections.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) hub: mpsc::Sender<Report>,
    pub(super) faults: Faults,
    pub(super) waiting_bytes: usize,
    pub(super) stop: CancellationToken,
    pub(super) tasks: TaskTracker,
    pub(super) numbers: Arc<AtomicU64>,
}

/// Listens on a free port of the loopback address. Errors: there is none.
pub(super) async fn listener() -> Result<(TcpListener, u16), SimulatorError> {
    let failed = |source| SimulatorError::Listen { port: 0, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok((listener, port))
}

/// TLS for `localhost`, and the certificate to trust, as PEM. Errors: none can be made.
pub(super) fn tls() -> Result<(TlsAcceptor, String), SimulatorError> {
    let names = ["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string()];
    let made = rcgen::generate_simple_self_signed(names).map_err(|source| SimulatorError::Certificate { source })?;
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    // Named: a program may have two providers, and then has no default.
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key.into()))
        .map_err(|source| SimulatorError::Tls { source })?;
    Ok((TlsAcceptor::from(Arc::new(config)), made.cert.pem()))
}

impl Door {
    /// Takes the connections of a listener until all is stopped.
    pub(super) fn open(&self, listener: TcpListener, layer: Layer) {
        let door = self.clone();
        self.tasks.spawn(async move {
            let stop = door.stop.clone();
            stop.run_until_cancelled(door.take(listener, layer)).await;
        });
    }

    async fn take(self, listener: TcpListener, layer: Layer) {
        loop {
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "cannot take a connection to the chat");
                    tokio::time::sleep(TAKE_AGAIN).await;
                    continue;
                }
            };
            if self.faults.get().refuse {
                continue;
            }
            let (door, layer) = (self.clone(), layer.clone());
            self.tasks.spawn(async move {
                let stop = door.stop.clone();
                stop.run_until_cancelled(door.welcome(stream, layer)).await;
            });
        }
    }

    /// Whoever fails at a handshake is let go: that is the client's to tell.
    async fn welcome(self, stream: TcpStream, layer: Layer) {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let outbox = Arc::new(Outbox::new(self.waiting_bytes, self.stop.child_token()));
        // Lines are small and wait for nobody. An error here shows again at the first of them.
        let _ = stream.set_nodelay(true);
        match layer {
            Layer::None => {
                let (incoming, outgoing) = tokio::io::split(stream);
                serve(number, incoming, outgoing, outbox, self.hub).await;
            }
            Layer::Tls(acceptor) => {
                let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await else { return };
                let (incoming, outgoing) = tokio::io::split(stream);
                serve(number, incoming, outgoing, outbox, self.hub).await;
            }
            Layer::WebSocket => {
                let limits = WebSocketConfig::default()
                    .max_message_size(Some(8 * LINE_BYTES))
                    .max_frame_size(Some(8 * LINE_BYTES));
                let accepting = accept_async_with_config(stream, Some(limits));
                let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, accepting).await else { return };
                let (outgoing, incoming) = stream.split();
                serve(number, incoming, outgoing, outbox, self.hub).await;
            }
        }
    }
}
