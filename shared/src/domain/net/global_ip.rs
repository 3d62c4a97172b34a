//! Globally reachable IP addresses. URLs that customers configure are fetched only from these, which prevents requests into
//! Latchkey's own network (SSRF).

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix))
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix))
}

/// The IPv6 block of global unicast addresses (RFC 4291 §2.4, IANA). All others are refused: loopback, link-local (including
/// metadata services), unique local, multicast, NAT64, IPv4-compatible.
const IPV6_GLOBAL_UNICAST: IpNet = v6(0x2000, 0, 0, 3);

/// Blocks of the IANA special-purpose registries (RFC 6890), multicast and reserved blocks.
const SPECIAL: [IpNet; 23] = [
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 31, 196, 0, 24),
    v4(192, 52, 193, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(192, 175, 48, 0, 24),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 3),
    // Teredo, ORCHID and other protocol assignments.
    v6(0x2001, 0, 0, 23),
    v6(0x2001, 0xdb8, 0, 32),
    // 6to4, which embeds an IPv4 address.
    v6(0x2002, 0, 0, 16),
    v6(0x2620, 0x4f, 0x8000, 48),
    v6(0x3fff, 0, 0, 20),
    // 6bone, returned to IANA.
    v6(0x3ffe, 0, 0, 16),
];

/// Whether the address is globally reachable. An IPv4-mapped one is treated as its IPv4 address.
#[must_use]
pub fn is_global(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let unicast = address.is_ipv4() || IPV6_GLOBAL_UNICAST.contains(&address);
    unicast && !SPECIAL.iter().any(|block| block.contains(&address))
}

/// Whether no address of the network is globally reachable, so that no caller on the Internet comes from it.
#[must_use]
pub fn is_unroutable(network: &IpNet) -> bool {
    let is_elsewhere = |unicast: &IpNet| !unicast.contains(network) && !network.contains(unicast);
    (network.addr().is_ipv6() && is_elsewhere(&IPV6_GLOBAL_UNICAST))
        || SPECIAL.iter().any(|block| block.contains(network))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }

    #[test]
    fn internet_addresses_are_global() {
        for text in [
            "8.8.8.8",
            "1.1.1.1",
            "172.15.255.255",
            "172.32.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "11.0.0.0",
            "223.255.255.255",
            "192.167.255.255",
            "198.17.255.255",
            "2600::1",
            "2a00:1450::1",
            "2001:200::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_global(address(text)), "{text}");
        }
    }

    #[test]
    fn special_purpose_addresses_are_not_global() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::8.8.8.8",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "3ffe::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_global(address(text)), "{text}");
        }
    }

    #[test]
    fn networks_without_a_global_address_are_unroutable() {
        for (text, expected) in [
            ("10.0.0.0/8", true),
            ("10.1.2.3/32", true),
            ("192.168.0.0/24", true),
            ("203.0.113.0/24", true),
            ("224.0.0.0/4", true),
            ("fd00::/8", true),
            ("fe80::1/128", true),
            ("::1/128", true),
            ("8.8.8.0/24", false),
            ("8.0.0.0/5", false),
            ("0.0.0.0/0", false),
            ("2a00:1450::/32", false),
            ("::/0", false),
        ] {
            let network: IpNet = text.parse().unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(is_unroutable(&network), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn addresses_that_std_calls_special_are_not_global(bits: u32, wide: u128) {
            let v4 = Ipv4Addr::from_bits(bits);
            let special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast()
                || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
            prop_assert!(!(special && is_global(v4.into())));
            prop_assert_eq!(is_global(v4.into()), is_global(v4.to_ipv6_mapped().into()));
            let v6 = Ipv6Addr::from_bits(wide);
            let special = v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.is_unique_local() || v6.is_unicast_link_local();
            prop_assert!(!(special && is_global(v6.into())));
        }
    }
}
