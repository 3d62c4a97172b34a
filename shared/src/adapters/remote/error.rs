//! Failures of fetching a document.

/// The most bytes of a response body that are read.
pub const MAX_BYTES: usize = 256 * 1024;

/// Error of fetching a document. Holds nothing of the request or the response but the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The URL is neither an https URL with a host name, nor a loopback URL where that is allowed.
    #[error("not a URL that is fetched")]
    Url,
    /// The host name has no address.
    #[error("the host has no address")]
    NotFound,
    /// The host name has an address that is not globally reachable.
    #[error("an address of the host is not public")]
    NotPublic,
    /// No address of the host accepts a connection.
    #[error("no connection")]
    NotConnected,
    /// The certificate is not valid for the host, or the handshake failed.
    #[error("no TLS connection")]
    Tls,
    /// The response is not HTTP.
    #[error("no HTTP answer")]
    Http,
    /// The status is not an accepted one. Redirects are not followed.
    #[error("status {0}")]
    Status(u16),
    /// The body is longer than [`MAX_BYTES`], or ended early.
    #[error("too long, or cut off")]
    Body,
    /// The body is not JSON, or JSON that two parsers could read differently.
    #[error("not JSON")]
    NotJson,
    /// The JSON is not the document that was expected.
    #[error("not what was expected there")]
    Unexpected,
    /// The fetch took too long.
    #[error("too slow")]
    TooSlow,
}
