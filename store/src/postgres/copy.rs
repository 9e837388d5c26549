//! Rows in Postgres' binary COPY format: the fastest way in.

use model::identity::TwitchId;
use sqlx::PgConnection;
use sqlx::postgres::PgCopyIn;

/// Chunks of this size: large enough that a message's cost does not show, small enough that a day is never held twice.
const CHUNK_BYTES: usize = 512 << 10;

/// One `COPY … FROM STDIN (FORMAT binary)` under way. It has to be finished: a connection that is left in the middle of
/// one is of no use to anybody else.
pub(super) struct Copy<'a> {
    into: PgCopyIn<&'a mut PgConnection>,
    fields: i16,
    buffer: Vec<u8>,
}

/// The row that is being added, field by field.
pub(super) struct Row<'a>(&'a mut Vec<u8>);

impl Row<'_> {
    /// An int4.
    pub(super) fn int4(&mut self, n: i32) {
        self.bytes(&n.to_be_bytes());
    }

    /// An int8.
    pub(super) fn int8(&mut self, n: i64) {
        self.bytes(&n.to_be_bytes());
    }

    /// An id as an int8, or NULL.
    pub(super) fn id(&mut self, id: Option<TwitchId>) {
        match id {
            Some(id) => self.int8(id.get() as i64),
            None => self.null(),
        }
    }

    /// NULL.
    pub(super) fn null(&mut self) {
        self.0.extend_from_slice(&(-1i32).to_be_bytes());
    }

    /// A bytea, or a text.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        // Values here are far below the format's 1 GB.
        self.0.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
        self.0.extend_from_slice(bytes);
    }
}

impl<'a> Copy<'a> {
    /// Begins to copy rows of so many fields.
    pub(super) async fn begin(
        connection: &'a mut PgConnection,
        statement: &str,
        fields: i16,
    ) -> sqlx::Result<Copy<'a>> {
        let into = connection.copy_in_raw(statement).await?;
        // Signature, no flags, no header extension.
        Ok(Copy { into, fields, buffer: b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec() })
    }

    /// Begins the next row.
    pub(super) fn row(&mut self) -> Row<'_> {
        self.buffer.extend_from_slice(&self.fields.to_be_bytes());
        Row(&mut self.buffer)
    }

    /// Sends what is gathered once it is a chunk: after each row.
    pub(super) async fn flush_full(&mut self) -> sqlx::Result<()> {
        if self.buffer.len() < CHUNK_BYTES {
            return Ok(());
        }
        // An error ends the transaction, and dropping the copy aborts it.
        self.into.send(self.buffer.as_slice()).await?;
        self.buffer.clear();
        Ok(())
    }

    /// Sends the rest and waits until all is in.
    pub(super) async fn finish(mut self) -> sqlx::Result<()> {
        self.buffer.extend_from_slice(&(-1i16).to_be_bytes());
        if let Err(error) = self.into.send(self.buffer.as_slice()).await {
            // The first error tells more than what aborting says about it.
            let _ = self.into.abort("cannot send rows").await;
            return Err(error);
        }
        self.into.finish().await.map(drop)
    }
}
