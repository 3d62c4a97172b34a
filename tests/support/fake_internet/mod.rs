//! A small Internet: host names with addresses of their own, all of which lead to one TLS listener that
//! responds as a test defines, and records the requests.

mod reply;
pub mod tls_listener;

pub use reply::HostResponse;
pub use tls_listener::TlsListener;

use crate::support::app::TestApp;
use serde_json::Value;
use shared::adapters::remote::{FakeNetwork, Network};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tls_listener::Authority;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Public addresses.
pub const PUBLIC: &str = "93.184.215.14";
pub const PUBLIC_V6: &str = "2606:2800:21f:cb07:6820:80da:af6b:8b2c";

/// Hosts of the small Internet. The listener stops with the runtime of the test.
pub struct FakeInternet {
    pub network: Arc<FakeNetwork>,
    hosts: Arc<Hosts>,
}

struct Hosts {
    authority: Authority,
    listeners: Mutex<HashMap<String, TlsListener>>,
    responses: Mutex<HashMap<(String, String), HostResponse>>,
    requests: watch::Sender<Vec<Received>>,
}

/// A request that a host received.
struct Received {
    host: String,
    path: String,
    head: String,
    body: String,
}

/// Addresses as text.
pub fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

impl FakeInternet {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = Authority::new();
        let network = FakeNetwork::new(listener.local_addr().unwrap(), authority.certificate());
        let hosts = Arc::new(Hosts {
            authority,
            listeners: Mutex::default(),
            responses: Mutex::default(),
            requests: watch::Sender::default(),
        });
        let serving = Arc::clone(&hosts);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(Arc::clone(&serving).receive(stream));
            }
        });
        Self { network: Arc::new(network), hosts }
    }

    pub fn internet(&self) -> Network {
        Network::Fake(Arc::clone(&self.network))
    }

    /// An app with fixtures that uses this network. Its account has used up its look-ups of published keys, so that
    /// registering a client fetches nothing.
    pub async fn latchkey(&self) -> TestApp {
        let latchkey = self.latchkey_with_lookups().await;
        latchkey.fixtures().use_up_key_lookups().await;
        latchkey
    }

    /// An app with fixtures that uses this network, and looks at published keys when they are registered.
    pub async fn latchkey_with_lookups(&self) -> TestApp {
        let latchkey = TestApp::with_config(|config| config.internet = self.internet()).await;
        latchkey.fixtures().seed().await;
        latchkey
    }

    /// Sets the host's response at this path, and gives the host a public address.
    pub fn respond_with(&self, host: &str, path: &str, response: HostResponse) {
        self.network.resolve(host, [addresses(&[PUBLIC])]);
        self.hosts.responses.lock().unwrap().insert((host.to_owned(), path.to_owned()), response);
    }

    /// Publishes a JSON document.
    pub fn publish(&self, host: &str, path: &str, document: &Value) {
        self.respond_with(host, path, HostResponse::json(document));
    }

    /// Publishes an issuer's metadata, and its keys at `/keys`.
    pub fn publish_issuer(&self, host: &str, keys: &Value) {
        let issuer = format!("https://{host}");
        let description = serde_json::json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
        self.publish(host, "/.well-known/openid-configuration", &description);
        self.publish(host, "/keys", keys);
    }

    /// Sets how the host accepts connections; the default is a valid TLS certificate.
    pub fn set_listener(&self, host: &str, tls: TlsListener) {
        self.network.resolve(host, [addresses(&[PUBLIC])]);
        self.hosts.listeners.lock().unwrap().insert(host.to_owned(), tls);
    }

    /// The paths that were requested from the host, oldest first.
    pub fn requested(&self, host: &str) -> Vec<String> {
        let requests = self.hosts.requests.borrow();
        requests.iter().filter(|request| request.host == host).map(|request| request.path.clone()).collect()
    }

    /// The request heads of the same requests.
    pub fn requests(&self, host: &str) -> Vec<String> {
        let requests = self.hosts.requests.borrow();
        requests.iter().filter(|request| request.host == host).map(|request| request.head.clone()).collect()
    }

    /// The form bodies that were sent to the host, oldest first.
    pub fn forms(&self, host: &str) -> Vec<String> {
        let requests = self.hosts.requests.borrow();
        let of_host = requests.iter().filter(|request| request.host == host && !request.body.is_empty());
        of_host.map(|request| request.body.clone()).collect()
    }

    /// Waits until the host has received this many requests.
    pub async fn wait_for_requests(&self, host: &str, times: usize) {
        let mut requests = self.hosts.requests.subscribe();
        let enough = requests
            .wait_for(|requests| requests.iter().filter(|request| request.host == host).count() >= times);
        tokio::time::timeout(Duration::from_secs(20), enough)
            .await
            .expect("a request within 20 seconds")
            .unwrap();
    }

    /// The number of connections that were dialled.
    pub fn connections(&self) -> usize {
        self.network.dialled().len()
    }
}

impl Hosts {
    async fn receive(self: Arc<Self>, stream: TcpStream) {
        let Some((host, stream)) = self.authority.receive(stream, &self.listeners).await else { return };
        self.serve(&host, stream).await;
    }

    /// Reads one request, records it, and responds.
    async fn serve(&self, host: &str, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else { return };
            head.push(byte);
        }
        let head = String::from_utf8(head).unwrap();
        let path = head.split(' ').nth(1).unwrap().to_owned();
        let mut body = vec![0; length_of_form(&head)];
        if stream.read_exact(&mut body).await.is_err() {
            return;
        }
        let body = String::from_utf8(body).unwrap();
        let response = self.responses.lock().unwrap().get(&(host.to_owned(), path.clone())).cloned();
        let received = Received { host: host.to_owned(), path, head, body };
        self.requests.send_modify(|requests| requests.push(received));
        response.unwrap_or_else(|| HostResponse::new(404, &[], b"{}")).give(stream).await;
    }
}

/// The length of the form after this head: all requests are GETs without a body, or forms.
fn length_of_form(head: &str) -> usize {
    if head.starts_with("GET ") {
        assert!(!head.contains("content-length") && !head.contains("transfer-encoding"), "{head}");
        return 0;
    }
    assert!(head.starts_with("POST "), "{head}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded\r\n"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    length.parse().unwrap()
}
