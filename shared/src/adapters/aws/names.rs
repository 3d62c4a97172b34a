//! The addresses behind the names of AWS's hosts.

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use std::future::ready;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tower::Service;

/// What a name leads to.
type Addresses = std::vec::IntoIter<SocketAddr>;

/// Looks names up: each on a thread beside the others, as the system's own lookup waits, unless that was done ahead.
#[derive(Clone, Debug)]
pub struct Names {
    ahead: Arc<Mutex<Vec<(String, Addresses)>>>,
    beside: GaiResolver,
}

impl Default for Names {
    fn default() -> Self {
        Self { ahead: Arc::default(), beside: GaiResolver::new() }
    }
}

impl Names {
    /// Looks a name up for one connection, and waits here. At a function's start there is nothing that
    /// this would hold up, and the first thread to be made would take a twelfth of the start. What is not found is
    /// left to whoever connects, who looks again and says so.
    pub(super) fn look_ahead(&self, name: &str) {
        if let Ok(found) = (name, 0).to_socket_addrs() {
            self.ahead().push((name.to_owned(), found));
        }
    }

    fn ahead(&self) -> MutexGuard<'_, Vec<(String, Addresses)>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service<Name> for Names {
    type Response = Addresses;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Addresses>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.beside.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        // Once: addresses change, and a connection that is made later asks anew.
        let mut ahead = self.ahead();
        if let Some(at) = ahead.iter().position(|(known, _)| known == name.as_str()) {
            return Box::pin(ready(Ok(ahead.swap_remove(at).1)));
        }
        drop(ahead);
        let looking = self.beside.call(name);
        Box::pin(async { Ok(looking.await?.collect::<Vec<_>>().into_iter()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    async fn find(names: &Names, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = names.clone().call(name.parse().unwrap()).await?;
        Ok(found.map(|address| address.ip()).collect())
    }

    #[tokio::test]
    async fn what_was_looked_up_ahead_serves_one_connection() {
        let names = Names::default();
        let elsewhere: IpAddr = Ipv4Addr::new(192, 0, 2, 1).into();
        let known = vec![SocketAddr::new(elsewhere, 0)].into_iter();
        names.ahead().push(("localhost".to_owned(), known));
        assert_eq!(find(&names, "localhost").await.unwrap(), [elsewhere]);
        let anew = find(&names, "localhost").await.unwrap();
        assert!(!anew.is_empty() && anew.iter().all(IpAddr::is_loopback), "{anew:?}");
    }

    #[tokio::test]
    async fn a_lookup_ahead_finds_what_a_connection_would() {
        let names = Names::default();
        names.look_ahead("localhost");
        let (name, ahead) = names.ahead().pop().unwrap();
        let ahead: Vec<IpAddr> = ahead.map(|address| address.ip()).collect();
        assert_eq!(name, "localhost");
        assert!(!ahead.is_empty() && ahead.iter().all(IpAddr::is_loopback), "{ahead:?}");
    }

    #[tokio::test]
    async fn a_name_that_leads_nowhere_fails_when_it_is_connected_to() {
        let names = Names::default();
        names.look_ahead("no..where");
        assert!(names.ahead().is_empty());
        assert!(find(&names, "no..where").await.is_err());
    }
}
