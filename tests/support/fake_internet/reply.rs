//! What a host of the small Internet says to a request, well-behaved or not.

use serde_json::Value;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::Semaphore;

/// A reply. After it, the connection is closed.
#[derive(Clone, Debug)]
pub enum Reply {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes, and the connection ends without TLS saying so.
    Cut(Vec<u8>),
    /// These bytes, and then a crumb every now and then, for ever.
    Dribble(Vec<u8>, &'static [u8]),
    /// These bytes, and then others without end.
    Endless(Vec<u8>),
    /// Nothing at all.
    Silence,
    /// A reply that comes after a while.
    Late(Duration, Box<Self>),
    /// A reply that is held back until its gate is opened for one.
    CacheEntry(Arc<Semaphore>, Box<Self>),
}

impl Reply {
    pub fn answer(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
        let length = body.len();
        let head = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: {length}\r\n{headers}\r\n");
        Self::Bytes([head.as_bytes(), body].concat())
    }

    pub fn json(document: &Value) -> Self {
        Self::answer(200, &[("Content-Type", "application/json")], document.to_string().as_bytes())
    }

    /// A document of exactly so many bytes.
    pub fn json_of(document: &Value, bytes: usize) -> Self {
        Self::answer(200, &[], &padded(document, bytes))
    }

    /// A document in chunks, without a word of its length before.
    pub fn chunked(document: &Value, bytes: usize) -> Self {
        let body = padded(document, bytes);
        let mut reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in body.chunks(10_000) {
            reply.extend(format!("{:x}\r\n", chunk.len()).bytes());
            reply.extend(chunk);
            reply.extend(b"\r\n");
        }
        reply.extend(b"0\r\n\r\n");
        Self::Bytes(reply)
    }

    pub fn redirect(status: u16, location: &str, document: &Value) -> Self {
        Self::answer(status, &[("Location", location)], document.to_string().as_bytes())
    }

    /// The same, held back; with the gate.
    pub fn held(self) -> (Arc<Semaphore>, Self) {
        let gate = Arc::new(Semaphore::new(0));
        (Arc::clone(&gate), Self::CacheEntry(gate, Box::new(self)))
    }

    pub async fn give(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        const PAUSE: Duration = Duration::from_millis(50);
        match self {
            // Whoever asked may have gone: that is theirs to decide.
            Self::Bytes(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
            Self::Cut(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.flush().await;
            }
            Self::Dribble(bytes, crumb) => {
                let mut good = stream.write_all(&bytes).await.is_ok();
                while good {
                    tokio::time::sleep(PAUSE).await;
                    good = stream.write_all(crumb).await.is_ok() && stream.flush().await.is_ok();
                }
            }
            Self::Endless(bytes) => {
                let mut good = stream.write_all(&bytes).await.is_ok();
                while good {
                    good = stream.write_all(&[b' '; 16_384]).await.is_ok();
                }
            }
            Self::Silence => pending().await,
            Self::Late(pause, reply) => {
                tokio::time::sleep(pause).await;
                Box::pin(reply.give(stream)).await;
            }
            Self::CacheEntry(gate, reply) => {
                gate.acquire().await.unwrap().forget();
                Box::pin(reply.give(stream)).await;
            }
        }
    }
}

/// A document with so many spaces behind it that it takes exactly so many bytes.
fn padded(document: &Value, bytes: usize) -> Vec<u8> {
    let mut body = document.to_string().into_bytes();
    assert!(body.len() <= bytes);
    body.resize(bytes, b' ');
    body
}
