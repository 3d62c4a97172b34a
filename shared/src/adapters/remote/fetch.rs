//! Fetches a JSON document, without redirects or proxies, with limits of time and size.

use crate::adapters::remote::connector::{self, Network};
use crate::adapters::remote::error::{FetchError, MAX_BYTES};
use crate::domain::net::provider_url::UrlScope;
use crate::domain::primitives::strict_json;
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HOST, USER_AGENT};
use http::request::Builder;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Url;

/// Success, and the statuses of a token endpoint's errors (RFC 6749 §5.2).
const ACCEPTED_STATUS: [StatusCode; 3] = [StatusCode::OK, StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED];

/// The most time from the look-up of a host to the head of its response, where a customer chose the host: a silent one must
/// not hold the function.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(1);

/// Fetches documents.
#[derive(Debug)]
pub struct Fetcher {
    internet: Network,
    /// Built when it is first needed, because loading the certificate authorities takes milliseconds of a cold start.
    tls: OnceLock<Arc<ClientConfig>>,
}

impl Fetcher {
    /// A fetcher that has not connected to anything.
    #[must_use]
    pub fn new(internet: Network) -> Self {
        Self { internet, tls: OnceLock::new() }
    }

    /// The document at this https URL. Its host must connect and begin its response within [`HEAD_TIMEOUT`]; the caller
    /// limits the whole time.
    pub async fn get_json(&self, url: &str) -> Result<Value, FetchError> {
        let url = Url::parse(url).map_err(|_| FetchError::Url)?;
        let head = self.send(&url, UrlScope::Public, Request::get(target(&url)), Bytes::new());
        let head = tokio::time::timeout(HEAD_TIMEOUT, head).await.unwrap_or(Err(FetchError::TooSlow))?;
        head.read_body().await?.good()
    }

    /// Sends one request on a new connection, which is closed after the response. The caller limits the time.
    pub(super) async fn ask(
        &self,
        url: &Url,
        reach: UrlScope,
        request: Builder,
        body: Bytes,
    ) -> Result<FetchedResponse, FetchError> {
        self.send(url, reach, request, body).await?.read_body().await
    }

    /// Sends one request, and reads the head of the response.
    async fn send(
        &self,
        url: &Url,
        reach: UrlScope,
        request: Builder,
        body: Bytes,
    ) -> Result<ResponseHead, FetchError> {
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
            Network::Fake(fake) => {
                roots.add_parsable_certificates([CertificateDer::from(fake.authority().to_vec())]);
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

/// The request target: path and query.
pub(super) fn target(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

/// A response that was read completely.
pub(super) struct FetchedResponse {
    status: StatusCode,
    body: Bytes,
}

impl FetchedResponse {
    /// The document of a successful response.
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

/// A response whose body was not read yet.
struct ResponseHead {
    response: Response<Incoming>,
    /// Drives the connection. Dropped, and with it the connection, when the response is read or given up.
    _driver: JoinSet<Result<(), hyper::Error>>,
}

impl ResponseHead {
    async fn read_body(self) -> Result<FetchedResponse, FetchError> {
        let status = self.response.status();
        let body = Limited::new(self.response.into_body(), MAX_BYTES).collect().await;
        let body = body.map(http_body_util::Collected::to_bytes).map_err(|_| FetchError::Body)?;
        Ok(FetchedResponse { status, body })
    }
}

async fn exchange<S>(request: Request<Full<Bytes>>, stream: S) -> Result<ResponseHead, FetchError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|_| FetchError::Http)?;
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
    Ok(ResponseHead { response, _driver: driver })
}
