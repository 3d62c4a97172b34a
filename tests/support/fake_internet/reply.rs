//! Responses of a host of the small Internet, well-behaved or not.

use serde_json::Value;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::Semaphore;

/// A response. After it, the connection is closed.
#[derive(Clone, Debug)]
pub enum HostResponse {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes, and the connection ends without a TLS close notification.
    Truncated(Vec<u8>),
    /// These bytes, and then the second ones every 50 ms without end.
    Trickle(Vec<u8>, &'static [u8]),
    /// These bytes, and then spaces without end.
    Endless(Vec<u8>),
    /// No response.
    Silence,
    /// The response after a delay.
    Late(Duration, Box<Self>),
    /// The response once the semaphore has a permit for it.
    Gated(Arc<Semaphore>, Box<Self>),
}

impl HostResponse {
    pub fn new(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
        let length = body.len();
        let head = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: {length}\r\n{headers}\r\n");
        Self::Bytes([head.as_bytes(), body].concat())
    }

    pub fn json(document: &Value) -> Self {
        Self::new(200, &[("Content-Type", "application/json")], document.to_string().as_bytes())
    }

    /// A document of exactly this many bytes.
    pub fn json_of(document: &Value, bytes: usize) -> Self {
        Self::new(200, &[], &padded(document, bytes))
    }

    /// A document in chunks, without a `Content-Length`.
    pub fn chunked(document: &Value, bytes: usize) -> Self {
        let body = padded(document, bytes);
        let mut response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in body.chunks(10_000) {
            response.extend(format!("{:x}\r\n", chunk.len()).bytes());
            response.extend(chunk);
            response.extend(b"\r\n");
        }
        response.extend(b"0\r\n\r\n");
        Self::Bytes(response)
    }

    pub fn redirect(status: u16, location: &str, document: &Value) -> Self {
        Self::new(status, &[("Location", location)], document.to_string().as_bytes())
    }

    /// The same response, of which the body is held back; with its semaphore.
    pub fn held(self) -> (Arc<Semaphore>, Self) {
        let gate = Arc::new(Semaphore::new(0));
        (Arc::clone(&gate), Self::Gated(gate, Box::new(self)))
    }

    pub async fn give(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        const PAUSE: Duration = Duration::from_millis(50);
        match self {
            // The client may have closed the connection.
            Self::Bytes(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
            Self::Truncated(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.flush().await;
            }
            Self::Trickle(bytes, chunk) => {
                let mut good = stream.write_all(&bytes).await.is_ok();
                while good {
                    tokio::time::sleep(PAUSE).await;
                    good = stream.write_all(chunk).await.is_ok() && stream.flush().await.is_ok();
                }
            }
            Self::Endless(bytes) => {
                let mut good = stream.write_all(&bytes).await.is_ok();
                while good {
                    good = stream.write_all(&[b' '; 16_384]).await.is_ok();
                }
            }
            Self::Silence => pending().await,
            Self::Late(pause, response) => {
                tokio::time::sleep(pause).await;
                Box::pin(response.give(stream)).await;
            }
            Self::Gated(gate, response) => {
                // The head comes at once: a host that is silent is given up after a second.
                let Self::Bytes(bytes) = *response else { panic!("only whole responses are held") };
                let body = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
                let _ = stream.write_all(&bytes[..body]).await;
                let _ = stream.flush().await;
                gate.acquire().await.unwrap().forget();
                Box::pin(Self::Bytes(bytes[body..].to_vec()).give(stream)).await;
            }
        }
    }
}

/// A document padded with spaces to exactly this many bytes.
fn padded(document: &Value, bytes: usize) -> Vec<u8> {
    let mut body = document.to_string().into_bytes();
    assert!(body.len() <= bytes);
    body.resize(bytes, b' ');
    body
}
