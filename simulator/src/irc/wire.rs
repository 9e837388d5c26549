//! Lines over TCP, TLS and WebSocket alike.

use std::io;

use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// Bytes read at once.
const READ_BYTES: usize = 4 << 10;
/// The largest frame of lines. Clients' libraries have limits, and programs lines in a frame that they forget.
const FRAME_BYTES: usize = 16 << 10;

/// The half that bytes come from.
pub(super) trait Incoming: Send {
    /// The next bytes of lines; nothing when the client is gone.
    fn next(&mut self) -> impl Future<Output = Option<Vec<u8>>> + Send;
}

/// The half that lines go to.
pub(super) trait Outgoing: Send {
    /// Sends whole lines. Errors: the client is gone.
    fn send(&mut self, lines: String) -> impl Future<Output = io::Result<()>> + Send;
    /// Says goodbye as the protocol does.
    fn close(&mut self) -> impl Future<Output = ()> + Send;
}

impl<S: AsyncRead + Send> Incoming for ReadHalf<S> {
    async fn next(&mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(READ_BYTES);
        // Whatever went wrong, the client is gone.
        self.read_buf(&mut bytes).await.ok().filter(|read| *read > 0).map(|_| bytes)
    }
}

impl<S: AsyncWrite + Send> Outgoing for WriteHalf<S> {
    async fn send(&mut self, lines: String) -> io::Result<()> {
        self.write_all(lines.as_bytes()).await?;
        self.flush().await
    }

    async fn close(&mut self) {
        // It may be gone already.
        let _ = self.shutdown().await;
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Incoming for SplitStream<WebSocketStream<S>> {
    async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            let mut bytes = match StreamExt::next(self).await?.ok()? {
                Message::Text(text) => text.as_bytes().to_vec(),
                Message::Binary(bytes) => bytes.to_vec(),
                // Pings are answered by the library.
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
                Message::Close(_) => return None,
            };
            // The end of a frame is that of a line.
            bytes.push(b'\n');
            return Some(bytes);
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Outgoing for SplitSink<WebSocketStream<S>, Message> {
    async fn send(&mut self, lines: String) -> io::Result<()> {
        for frame in frames(&lines) {
            SinkExt::send(self, Message::text(frame)).await.map_err(io::Error::other)?;
        }
        Ok(())
    }

    async fn close(&mut self) {
        // It may be gone already.
        let _ = SinkExt::close(self).await;
    }
}

/// Cuts lines into frames of whole lines.
fn frames(lines: &str) -> impl Iterator<Item = &str> {
    let mut rest = lines;
    std::iter::from_fn(move || {
        let end = if rest.len() <= FRAME_BYTES {
            rest.len()
        } else {
            let fits = &rest.as_bytes()[..FRAME_BYTES];
            // Lines are shorter than a frame: one ends in it. An end of a line is an end of a character.
            fits.iter().rposition(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1)
        };
        let (frame, left) = rest.split_at(end);
        rest = left;
        (!frame.is_empty()).then_some(frame)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_hold_whole_lines() {
        let lines: String = "un été à la mer\r\n".repeat(3_000);
        let cut: Vec<&str> = frames(&lines).collect();
        assert_eq!(cut.concat(), lines);
        assert!(cut.len() > 3 && cut.iter().all(|frame| frame.len() <= FRAME_BYTES && frame.ends_with("\r\n")));
        assert_eq!(frames("").count(), 0);
    }
}
