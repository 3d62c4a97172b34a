//! Fetching one JSON document over https: no redirect, no proxy, nothing long, nothing large.

use super::dial::Internet;
use crate::wire::strict_json;
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HOST, USER_AGENT};
use http::{HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Url;

/// The most that is read of an answer, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;

/// Why a document was not fetched, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It is not an https URL to a name.
    #[error("not a URL that is fetched")]
    Url,
    /// The name leads nowhere.
    #[error("the host has no address")]
    NotFound,
    /// The name leads to an address that is not out on the Internet.
    #[error("an address of the host is not public")]
    NotPublic,
    /// Nobody answers.
    #[error("no connection")]
    NotConnected,
    /// The certificate is not one of this host, or the handshake failed.
    #[error("no TLS connection")]
    Tls,
    /// Something other than HTTP.
    #[error("no HTTP answer")]
    Http,
    /// An answer other than 200; a redirect too.
    #[error("status {0}")]
    Status(u16),
    /// More than [`MAX_BYTES`], or cut off.
    #[error("too long, or cut off")]
    Body,
    /// Not JSON, or JSON that two programs could read differently.
    #[error("not JSON")]
    NotJson,
    /// JSON, but not the document that was expected.
    #[error("not what was expected there")]
    Unexpected,
    /// It took too long.
    #[error("too slow")]
    TooSlow,
}

/// Fetches documents.
#[derive(Debug)]
pub struct Fetcher {
    internet: Internet,
    /// Made when it is first needed: reading the certificate authorities costs milliseconds of a cold start.
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Fetcher {
    /// A fetcher that has not connected to anything.
    #[must_use]
    pub fn new(internet: Internet) -> Self {
        Self { internet, tls: OnceLock::new() }
    }

    /// The document at this URL. The caller bounds the time.
    pub async fn get_json(&self, url: &str) -> Result<Value, FetchError> {
        let url = Url::parse(url).map_err(|_| FetchError::Url)?;
        let (Some(url::Host::Domain(host)), "https") = (url.host(), url.scheme()) else {
            return Err(FetchError::Url);
        };
        let stream = self.internet.dial(host, url.port().unwrap_or(443)).await?;
        let stream = self.secure(host, stream).await?;
        let body = exchange(&url, stream).await?;
        strict_json::parse(&body).map_err(|_| FetchError::NotJson)
    }

    async fn secure(&self, host: &str, stream: TcpStream) -> Result<TlsStream<TcpStream>, FetchError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| FetchError::Url)?;
        let connector = TlsConnector::from(self.tls_config()?);
        connector.connect(name, stream).await.map_err(|_| FetchError::Tls)
    }

    fn tls_config(&self) -> Result<Arc<ClientConfig>, FetchError> {
        if let Some(config) = self.tls.get() {
            return Ok(Arc::clone(config));
        }
        let mut roots = RootCertStore::empty();
        match &self.internet {
            Internet::Real => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
            Internet::Rehearsed(rehearsal) => {
                roots.add_parsable_certificates([CertificateDer::from(rehearsal.authority().to_vec())]);
            }
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| FetchError::Tls)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::clone(self.tls.get_or_init(|| Arc::new(config))))
    }
}

/// One request on a connection of its own, which ends with it.
async fn exchange(url: &Url, stream: TlsStream<TcpStream>) -> Result<Bytes, FetchError> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|_| FetchError::Http)?;
    // Dropped, and with it the connection, when this function ends or is given up.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let request = Request::get(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(HOST, host)
        .header(ACCEPT, "application/json, application/jwk-set+json")
        .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
        .header(USER_AGENT, HeaderValue::from_static("latchkey"))
        .body(Empty::<Bytes>::new())
        .map_err(|_| FetchError::Url)?;
    let response = sender.send_request(request).await.map_err(|_| FetchError::Http)?;
    if response.status() != StatusCode::OK {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    if response.headers().contains_key(CONTENT_ENCODING) {
        return Err(FetchError::Unexpected);
    }
    let body = Limited::new(response.into_body(), MAX_BYTES).collect().await;
    body.map(http_body_util::Collected::to_bytes).map_err(|_| FetchError::Body)
}
