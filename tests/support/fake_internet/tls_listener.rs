//! How a host of the small Internet accepts a connection, up to and including TLS.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::Acceptor;
use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

/// The behaviour towards a client that connects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsListener {
    /// TLS with a certificate of the requested name.
    #[default]
    Open,
    /// TLS with a certificate of another name.
    AnotherName,
    /// TLS with a certificate of an untrusted authority.
    UntrustedAuthority,
    /// TLS with an expired certificate.
    ExpiredCertificate,
    /// Plain HTTP.
    PlainHttp,
    /// The connection is closed.
    Closed,
    /// The connection stays open without a handshake.
    Unresponsive,
}

/// A trusted and an untrusted certificate authority.
pub struct Authority {
    trusted: CertifiedIssuer<'static, KeyPair>,
    untrusted: CertifiedIssuer<'static, KeyPair>,
    key: KeyPair,
}

fn issuer() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

impl Authority {
    pub fn new() -> Self {
        Self { trusted: issuer(), untrusted: issuer(), key: KeyPair::generate().unwrap() }
    }

    /// The certificate of the trusted authority, in DER.
    pub fn certificate(&self) -> Vec<u8> {
        self.trusted.der().to_vec()
    }

    /// The requested host (SNI) and the connection; `None` if there is none.
    pub async fn receive(
        &self,
        stream: TcpStream,
        listeners: &Mutex<HashMap<String, TlsListener>>,
    ) -> Option<(String, TlsStream<TcpStream>)> {
        let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await.ok()?;
        let host = start.client_hello().server_name()?.to_owned();
        let listener = listeners.lock().unwrap().get(&host).copied().unwrap_or_default();
        match listener {
            TlsListener::Closed => None,
            TlsListener::Unresponsive => pending().await,
            TlsListener::PlainHttp => {
                let mut stream = start.io;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
                None
            }
            TlsListener::Open
            | TlsListener::AnotherName
            | TlsListener::UntrustedAuthority
            | TlsListener::ExpiredCertificate => {
                let config = Arc::new(self.config(&host, listener));
                Some((host, start.into_stream(config).await.ok()?))
            }
        }
    }

    fn config(&self, host: &str, listener: TlsListener) -> ServerConfig {
        let name = if listener == TlsListener::AnotherName { "another.example" } else { host };
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        if listener == TlsListener::ExpiredCertificate {
            params.not_after = date_time_ymd(2001, 1, 1);
        }
        let issuer =
            if listener == TlsListener::UntrustedAuthority { &self.untrusted } else { &self.trusted };
        let certificate = params.signed_by(&self.key, issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let chain = vec![certificate.der().clone()];
        versions.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap()
    }
}
