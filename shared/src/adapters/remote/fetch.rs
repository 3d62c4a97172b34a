//! Fetching one JSON document: no redirect, no proxy, nothing long, nothing large.

use crate::adapters::remote::connector::{self, Network};
use crate::domain::net::provider_url::UrlScope;
use crate::wire::strict_json;
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HOST, USER_AGENT};
use http::request::Builder;
use http::{HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Url;

/// The most that is read of an answer, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;

/// The good answer, and those with which a token endpoint says what was wrong (RFC 6749 §5.2).
const ACCEPTED_STATUS: [StatusCode; 3] = [StatusCode::OK, StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED];

/// Why a document was not fetched, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It is not an https URL to a name, nor one of this machine where that is allowed.
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
    /// An answer other than the good one; a redirect too.
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
    internet: Network,
    /// Made when it is first needed: reading the certificate authorities costs milliseconds of a cold start.
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Fetcher {
    /// A fetcher that has not connected to anything.
    #[must_use]
    pub fn new(internet: Network) -> Self {
        Self { internet, tls: OnceLock::new() }
    }

    /// The document at this https URL. The caller bounds the time.
    pub async fn get_json(&self, url: &str) -> Result<Value, FetchError> {
        let url = Url::parse(url).map_err(|_| FetchError::Url)?;
        self.ask(&url, UrlScope::Public, Request::get(target(&url)), Bytes::new()).await?.good()
    }

    /// Sends one request on a connection of its own, which ends with it.
    pub(super) async fn ask(
        &self,
        url: &Url,
        reach: UrlScope,
        request: Builder,
        body: Bytes,
    ) -> Result<FetchedResponse, FetchError> {
        let host = HeaderValue::from_str(&url[url::Position::BeforeHost..url::Position::AfterPort]);
        let request = request
            .header(HOST, host.map_err(|_| FetchError::Url)?)
            .header(ACCEPT, "application/json, application/jwk-set+json")
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
            .header(USER_AGENT, HeaderValue::from_static("latchkey"))
            .body(Full::new(body))
            .map_err(|_| FetchError::Url)?;
        match (reach, url.scheme(), url.host()) {
            (UrlScope::Public, "https", Some(url::Host::Domain(host))) => {
                let stream = self.internet.connect_public(host, url.port().unwrap_or(443)).await?;
                exchange(request, self.secure(host, stream).await?).await
            }
            (UrlScope::Loopback, "http", Some(host)) => {
                exchange(request, connector::connect_loopback(&host, url.port().unwrap_or(80)).await?).await
            }
            _ => Err(FetchError::Url),
        }
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
            Network::System => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
            Network::Fake(rehearsal) => {
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

/// What the request line asks for.
pub(super) fn target(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

/// An answer that was read to its end.
pub(super) struct FetchedResponse {
    status: StatusCode,
    body: Bytes,
}

impl FetchedResponse {
    /// The document of a good answer.
    pub(super) fn good(self) -> Result<Value, FetchError> {
        match self.status {
            StatusCode::OK => self.json(),
            other => Err(FetchError::Status(other.as_u16())),
        }
    }

    /// The status, and the document.
    pub(super) fn with_status(self) -> Result<(StatusCode, Value), FetchError> {
        Ok((self.status, self.json()?))
    }

    fn json(&self) -> Result<Value, FetchError> {
        strict_json::parse(&self.body).map_err(|_| FetchError::NotJson)
    }
}

async fn exchange<S>(request: Request<Full<Bytes>>, stream: S) -> Result<FetchedResponse, FetchError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|_| FetchError::Http)?;
    // Dropped, and with it the connection, when this function ends or is given up.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = sender.send_request(request).await.map_err(|_| FetchError::Http)?;
    let status = response.status();
    if !ACCEPTED_STATUS.contains(&status) {
        return Err(FetchError::Status(status.as_u16()));
    }
    if response.headers().contains_key(CONTENT_ENCODING) {
        return Err(FetchError::Unexpected);
    }
    let body = Limited::new(response.into_body(), MAX_BYTES).collect().await;
    let body = body.map(http_body_util::Collected::to_bytes).map_err(|_| FetchError::Body)?;
    Ok(FetchedResponse { status, body })
}
