//! Connections to hosts by name, only to globally reachable addresses (protection against SSRF).

use crate::adapters::remote::error::FetchError;
use crate::domain::net::global_ip::is_global;
use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// The most time that a host may take to accept a connection at one of its addresses.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an address is tried alone, before the next one is tried beside it (RFC 8305 §5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// The most addresses of a host that are tried.
const MAX_ADDRESSES: usize = 4;

/// The network that hosts are connected to through.
#[derive(Clone, Debug, Default)]
pub enum Network {
    /// The system's resolver, the network, the system's certificate authorities.
    #[default]
    System,
    /// A fake with its own names, addresses and certificate authority, for tests.
    Fake(Arc<FakeNetwork>),
}

/// A fake network: every connection leads to one listener, and is recorded. The rules for addresses are those of the
/// system's network.
#[derive(Debug)]
pub struct FakeNetwork {
    listener: SocketAddr,
    authority: Vec<u8>,
    hosts: Mutex<HashMap<String, VecDeque<Vec<IpAddr>>>>,
    dialled: Mutex<Vec<SocketAddr>>,
}

impl FakeNetwork {
    /// A network whose connections lead to `listener`, and that trusts the certificates of `authority` (DER).
    #[must_use]
    pub fn new(listener: SocketAddr, authority: Vec<u8>) -> Self {
        Self { listener, authority, hosts: Mutex::default(), dialled: Mutex::default() }
    }

    /// Sets the results of successive lookups of a host. The last one is repeated.
    pub fn resolve(&self, host: &str, answers: impl IntoIterator<Item = Vec<IpAddr>>) {
        let answers = answers.into_iter().collect();
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned(), answers);
    }

    /// The addresses that were connected to.
    #[must_use]
    pub fn dialled(&self) -> Vec<SocketAddr> {
        self.dialled.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The certificate authority, in DER.
    #[must_use]
    pub fn authority(&self) -> &[u8] {
        &self.authority
    }

    fn lookup(&self, host: &str) -> Vec<IpAddr> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(answers) = hosts.get_mut(host) else { return Vec::new() };
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }.unwrap_or_default()
    }

    async fn connect(&self, address: SocketAddr) -> std::io::Result<TcpStream> {
        self.dialled.lock().unwrap_or_else(PoisonError::into_inner).push(address);
        TcpStream::connect(self.listener).await
    }
}

impl Network {
    /// Connects to a host.
    ///
    /// The name is looked up once, all of its addresses must be globally reachable, and the connection is to one of these
    /// addresses, so that a second lookup with another result (DNS rebinding) is not possible.
    pub(super) async fn connect_public(&self, host: &str, port: u16) -> Result<TcpStream, FetchError> {
        let addresses = self.lookup(host).await?;
        if addresses.is_empty() {
            return Err(FetchError::NotFound);
        }
        if !addresses.iter().copied().all(is_global) {
            return Err(FetchError::NotPublic);
        }
        tokio::time::timeout(CONNECT_TIMEOUT, self.connect_to_any(addresses, port))
            .await
            .unwrap_or(Err(FetchError::NotConnected))
    }

    /// The first connection that one of the addresses accepts. A silent address delays the next one, but not for long.
    async fn connect_to_any(&self, addresses: Vec<IpAddr>, port: u16) -> Result<TcpStream, FetchError> {
        let mut attempts = JoinSet::new();
        for address in interleave_families(addresses).take(MAX_ADDRESSES) {
            let (network, address) = (self.clone(), SocketAddr::new(address, port));
            attempts.spawn(async move { network.connect(address).await });
            if let Ok(Some(Ok(Ok(stream)))) = tokio::time::timeout(ATTEMPT_DELAY, attempts.join_next()).await
            {
                return Ok(stream);
            }
        }
        while let Some(attempt) = attempts.join_next().await {
            if let Ok(Ok(stream)) = attempt {
                return Ok(stream);
            }
        }
        Err(FetchError::NotConnected)
    }

    async fn lookup(&self, host: &str) -> Result<Vec<IpAddr>, FetchError> {
        match self {
            Self::System => {
                let found = tokio::net::lookup_host((host, 0)).await.map_err(|_| FetchError::NotFound)?;
                Ok(found.map(|address| address.ip()).collect())
            }
            Self::Fake(fake) => Ok(fake.lookup(host)),
        }
    }

    async fn connect(&self, address: SocketAddr) -> std::io::Result<TcpStream> {
        match self {
            Self::System => TcpStream::connect(address).await,
            Self::Fake(fake) => fake.connect(address).await,
        }
    }
}

/// Connects to loopback: a loopback address, or `localhost` (RFC 6761 §6.3), which is not looked up.
pub(super) async fn connect_loopback(host: &url::Host<&str>, port: u16) -> Result<TcpStream, FetchError> {
    let addresses = match *host {
        url::Host::Domain("localhost") => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        url::Host::Domain(_) => Vec::new(),
        url::Host::Ipv4(address) => vec![IpAddr::V4(address)],
        url::Host::Ipv6(address) => vec![IpAddr::V6(address)],
    };
    for address in addresses.into_iter().filter(IpAddr::is_loopback) {
        let connecting = TcpStream::connect(SocketAddr::new(address, port));
        if let Ok(Ok(stream)) = tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
            return Ok(stream);
        }
    }
    Err(FetchError::NotConnected)
}

/// Alternates the families of addresses, beginning with the first one's (RFC 8305 §4): where one family does not work,
/// as IPv6 in many networks, the other is tried before the time is over.
fn interleave_families(addresses: Vec<IpAddr>) -> impl Iterator<Item = IpAddr> {
    let family = addresses.first().map(IpAddr::is_ipv4);
    let (own, other): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| Some(address.is_ipv4()) == family);
    let longer = own.len().max(other.len());
    (0..longer).flat_map(move |index| [own.get(index).copied(), other.get(index).copied()]).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_families_alternate() {
        let parse = |text: &str| -> Vec<IpAddr> {
            text.split_whitespace().map(|address| address.parse().expect("an address")).collect()
        };
        for (found, tried) in [
            ("", ""),
            ("2a00::1 2a00::2 2a00::3 2a00::4 1.1.1.1", "2a00::1 1.1.1.1 2a00::2 2a00::3 2a00::4"),
            ("1.1.1.1 1.1.1.2 2a00::1", "1.1.1.1 2a00::1 1.1.1.2"),
        ] {
            assert_eq!(interleave_families(parse(found)).collect::<Vec<_>>(), parse(tried));
        }
    }
}
