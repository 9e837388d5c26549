//! Rows in Postgres' binary COPY format: the fastest way in.

use sqlx::PgConnection;

/// Chunks of this size: large enough that a message's cost does not show, small enough that a day is never held twice.
const CHUNK_BYTES: usize = 512 << 10;

/// The rows of one `COPY … FROM STDIN (FORMAT binary)`, each made by a closure that adds its fields.
pub(super) struct Row<'a>(&'a mut Vec<u8>);

impl Row<'_> {
    /// An int4.
    pub(super) fn int4(&mut self, n: i32) {
        self.bytes(&n.to_be_bytes());
    }

    /// A bytea.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        // Values here are far below the format's 1 GB.
        self.0.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
        self.0.extend_from_slice(bytes);
    }
}

/// Copies items in, `fields` to a row, in chunks.
pub(super) async fn copy_in<T: Sync>(
    connection: &mut PgConnection,
    statement: &str,
    fields: i16,
    items: &[T],
    fill: impl Fn(&mut Row<'_>, &T) + Send,
) -> sqlx::Result<()> {
    let mut copy = connection.copy_in_raw(statement).await?;
    // Signature, no flags, no header extension.
    let mut buffer = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    for item in items {
        buffer.extend_from_slice(&fields.to_be_bytes());
        fill(&mut Row(&mut buffer), item);
        if buffer.len() >= CHUNK_BYTES {
            if let Err(error) = copy.send(buffer.as_slice()).await {
                // The first error tells more than what aborting says about it.
                let _ = copy.abort("cannot send rows").await;
                return Err(error);
            }
            buffer.clear();
        }
    }
    buffer.extend_from_slice(&(-1i16).to_be_bytes());
    if let Err(error) = copy.send(buffer.as_slice()).await {
        let _ = copy.abort("cannot send rows").await;
        return Err(error);
    }
    copy.finish().await.map(drop)
}
