//! Allowlist of the networks that a client may call from.

mod notation;

pub use notation::InvalidNetwork;

use crate::domain::net::global_ip;
use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::net::IpAddr;

/// The most entries in one allowlist.
pub const MAX_NETWORKS: usize = 50;

/// One address or CIDR block, in canonical form: no host bits, IPv4-mapped IPv6 as IPv4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IpNetwork(IpNet);

impl IpNetwork {
    /// Parses an address (`203.0.113.9`) or a block (`203.0.113.0/24`), also as a netmask (`203.0.113.0/255.255.255.0`) or a
    /// range that is one block (`203.0.113.0-203.0.113.255`). Blanks around are ignored.
    pub fn parse(text: &str) -> Result<Self, InvalidNetwork> {
        notation::parse(text).map(Self)
    }

    /// Whether the address is in the network. It may be IPv4-mapped.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

/// Whether the list allows `address`. An empty list allows all.
#[must_use]
pub fn allows(allowlist: &[IpNetwork], address: IpAddr) -> bool {
    allowlist.is_empty() || allowlist.iter().any(|network| network.contains(address))
}

/// The same for a caller whose address may be unknown: then only an empty list allows it.
#[must_use]
pub fn allows_caller(allowlist: &[IpNetwork], address: Option<IpAddr>) -> bool {
    address.map_or(allowlist.is_empty(), |address| allows(allowlist, address))
}

/// Whether every address that `inner` allows is one that `outer` allows. Adjacent networks of `outer` count as one.
#[must_use]
pub fn is_within(inner: &[IpNetwork], outer: &[IpNetwork]) -> bool {
    let outer_networks: Vec<IpNet> = outer.iter().map(|network| network.0).collect();
    let merged = IpNet::aggregate(&outer_networks);
    let is_covered = |network: &IpNetwork| merged.iter().any(|outer| outer.contains(&network.0));
    outer.is_empty() || (!inner.is_empty() && inner.iter().all(is_covered))
}

/// The families of addresses of which a list allows every one, whether by one block or by several.
fn open_families(allowlist: &[IpNetwork]) -> (bool, bool) {
    let blocks = IpNet::aggregate(&allowlist.iter().map(|network| network.0).collect());
    let is_open =
        |v4: bool| blocks.iter().any(|block| block.prefix_len() == 0 && block.addr().is_ipv4() == v4);
    (is_open(true), is_open(false))
}

/// Whether a list names networks, but allows every address of a family.
#[must_use]
pub fn is_open(allowlist: &[IpNetwork]) -> bool {
    let (v4, v6) = open_families(allowlist);
    v4 || v6
}

/// Whether a list allows every IPv6 address but not every IPv4 address, which is hardly meant: it would refuse most callers.
#[must_use]
pub fn is_open_to_ipv6_only(allowlist: &[IpNetwork]) -> bool {
    open_families(allowlist) == (false, true)
}

/// Whether a list names a network without any address of the Internet, from which no caller comes.
#[must_use]
pub fn has_unroutable(allowlist: &[IpNetwork]) -> bool {
    allowlist.iter().any(|network| global_ip::is_unroutable(&network.0))
}

impl fmt::Display for IpNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.prefix_len() == self.0.max_prefix_len() {
            write!(f, "{}", self.0.addr())
        } else {
            write!(f, "{}", self.0)
        }
    }
}

impl TryFrom<String> for IpNetwork {
    type Error = InvalidNetwork;
    fn try_from(text: String) -> Result<Self, InvalidNetwork> {
        Self::parse(&text)
    }
}

impl From<IpNetwork> for String {
    fn from(network: IpNetwork) -> Self {
        network.to_string()
    }
}

impl FromJson for IpNetwork {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

#[cfg(test)]
mod tests;
