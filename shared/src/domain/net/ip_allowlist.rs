//! Allowlist of the networks that a client may call from.

use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use ipnet::{IpNet, Ipv4Net};
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

/// Error of [`IpNetwork::parse`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNetwork {
    /// Not an address, or a prefix length that is not a decimal number in range.
    #[error("must be an IPv4 or IPv6 address or CIDR block, such as 203.0.113.0/24")]
    Syntax,
    /// Bits are set to the right of the prefix, so it is probably not the intended block.
    #[error("has bits set outside its prefix; the block would be {0}")]
    HostBits(IpNet),
}

impl IpNetwork {
    /// Parses an address (`203.0.113.9`) or a block (`203.0.113.0/24`).
    ///
    /// Leading zeros are an error, because some programs read them as octal.
    pub fn parse(text: &str) -> Result<Self, InvalidNetwork> {
        let net: IpNet = match text.split_once('/') {
            None => IpNet::from(text.parse::<IpAddr>().map_err(|_| InvalidNetwork::Syntax)?),
            Some((_, prefix)) if prefix.len() > 1 && prefix.starts_with('0') => {
                return Err(InvalidNetwork::Syntax);
            }
            Some(_) => text.parse().map_err(|_| InvalidNetwork::Syntax)?,
        };
        let net = canonical(net)?;
        if net.trunc() == net { Ok(Self(net)) } else { Err(InvalidNetwork::HostBits(net.trunc())) }
    }

    /// Whether the address is in the network. It may be IPv4-mapped.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

/// Converts a block of IPv4-mapped addresses to the IPv4 block. One that is wider than the mapped range is an error.
fn canonical(net: IpNet) -> Result<IpNet, InvalidNetwork> {
    let IpNet::V6(v6) = net else { return Ok(net) };
    let Some(v4) = v6.addr().to_ipv4_mapped() else {
        return Ok(net);
    };
    let prefix = v6.prefix_len().checked_sub(96).ok_or(InvalidNetwork::Syntax)?;
    Ipv4Net::new(v4, prefix).map(IpNet::V4).map_err(|_| InvalidNetwork::Syntax)
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
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn network(text: &str) -> IpNetwork {
        IpNetwork::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn networks_are_displayed_in_canonical_form() {
        for (text, canonical) in [
            ("203.0.113.9", "203.0.113.9"),
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:DB8:0:0::/32", "2001:db8::/32"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
        ] {
            assert_eq!(network(text).to_string(), canonical);
        }
    }

    #[test]
    fn ambiguous_forms_are_rejected() {
        for text in [
            "",
            "203.0.113",
            "203.0.113.09",
            "0203.0.113.9",
            "203.0.113.0/08",
            "203.0.113.0/33",
            "203.0.113.0/",
            "203.0.113.0/+8",
            " 203.0.113.9",
            "fe80::1%eth0",
            "::ffff:0:0/90",
            "example.com",
            "1",
        ] {
            assert_eq!(IpNetwork::parse(text), Err(InvalidNetwork::Syntax), "{text}");
        }
        assert!(matches!(IpNetwork::parse("203.0.113.9/24"), Err(InvalidNetwork::HostBits(_))));
        assert!(matches!(IpNetwork::parse("2001:db8::1/64"), Err(InvalidNetwork::HostBits(_))));
    }

    #[test]
    fn an_empty_list_allows_all_addresses() {
        let address: IpAddr = "198.51.100.1".parse().expect("an address");
        assert!(allows(&[], address));
        assert!(!allows(&[network("203.0.113.0/24")], address));
        assert!(allows(&[network("203.0.113.0/24"), network("198.51.100.1")], address));
        assert!(allows(&[network("198.51.100.1")], "::ffff:198.51.100.1".parse().expect("an address")));
    }

    #[test]
    fn a_list_is_within_another_if_that_allows_all_of_it() {
        let list = |texts: &[&str]| texts.iter().map(|text| network(text)).collect::<Vec<_>>();
        for (inner, outer, is_inside) in [
            (vec![], vec![], true),
            (vec!["203.0.113.9"], vec![], true),
            (vec![], vec!["203.0.113.0/24"], false),
            (vec!["203.0.113.9", "203.0.113.128/25"], vec!["203.0.113.0/24"], true),
            (vec!["203.0.113.9", "203.0.114.9"], vec!["203.0.113.0/24"], false),
            (vec!["203.0.112.0/23"], vec!["203.0.113.0/24"], false),
            (vec!["203.0.113.0/24"], vec!["203.0.113.0/25", "203.0.113.128/25"], true),
            (vec!["2001:db8::1"], vec!["203.0.113.0/24", "2001:db8::/32"], true),
            (vec!["2001:db8::1"], vec!["0.0.0.0/0"], false),
        ] {
            assert_eq!(is_within(&list(&inner), &list(&outer)), is_inside, "{inner:?} in {outer:?}");
        }
    }

    #[test]
    fn lists_that_allow_a_whole_family_are_open() {
        for (texts, open, ipv6_only) in [
            (&[][..], false, false),
            (&["203.0.113.0/24"], false, false),
            (&["0.0.0.0/0"], true, false),
            (&["::ffff:0:0/96"], true, false),
            (&["::/0"], true, true),
            (&["::/0", "203.0.113.0/24"], true, true),
            (&["0.0.0.0/0", "::/0"], true, false),
            (&["0.0.0.0/1", "128.0.0.0/1"], true, false),
            (&["::/1", "8000::/1"], true, true),
            (&["0.0.0.0/1", "::/1"], false, false),
        ] {
            let networks: Vec<_> = texts.iter().map(|text| network(text)).collect();
            assert_eq!((is_open(&networks), is_open_to_ipv6_only(&networks)), (open, ipv6_only), "{texts:?}");
        }
    }

    proptest! {
        #[test]
        fn a_network_contains_addresses_with_its_leading_bits(a: u32, b: u32, c: u128, d: u128, v4_prefix in 0_u8..=32, v6_prefix in 0_u8..=128) {
            let same = |x: u128, y: u128, width: u32, prefix: u32| prefix == 0 || (x ^ y) >> (width - prefix) == 0;
            let v4 = IpNetwork(IpNet::new(Ipv4Addr::from_bits(a).into(), v4_prefix).expect("legal").trunc());
            prop_assert_eq!(v4.contains(Ipv4Addr::from_bits(b).into()), same(a.into(), b.into(), 32, v4_prefix.into()));
            let (block, address) = (Ipv6Addr::from_bits(c | 1 << 127), Ipv6Addr::from_bits(d));
            let v6 = IpNetwork(IpNet::new(block.into(), v6_prefix).expect("legal").trunc());
            prop_assume!(address.to_ipv4_mapped().is_none());
            prop_assert_eq!(v6.contains(address.into()), same(block.to_bits(), d, 128, v6_prefix.into()));
        }

        #[test]
        fn parsing_never_panics(text in "[0-9a-fA-F:./]{0,40}") {
            if let Ok(parsed) = IpNetwork::parse(&text) {
                prop_assert_eq!(IpNetwork::parse(&parsed.to_string()), Ok(parsed));
            }
        }
    }
}
