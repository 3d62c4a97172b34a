//! Networks as people write them, and what a list of them allows.

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
        "203.0.113.9:443",
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

#[test]
fn other_notations_are_read_or_refused_by_name() {
    for (text, canonical) in [
        (" 203.0.113.9\t", "203.0.113.9"),
        ("203.0.113.0 / 24", "203.0.113.0/24"),
        ("203.0.113.0/255.255.255.0", "203.0.113.0/24"),
        ("203.0.113.0 255.255.255.128", "203.0.113.0/25"),
        ("203.0.113.9/255.255.255.255", "203.0.113.9"),
        ("203.0.113.0-203.0.113.255", "203.0.113.0/24"),
        ("203.0.113.4 - 203.0.113.7", "203.0.113.4/30"),
        ("2001:db8::-2001:db8::ffff", "2001:db8::/112"),
    ] {
        assert_eq!(network(text).to_string(), canonical, "{text}");
    }
    for (text, said) in [
        ("203.0.113.0/255.0.255.0", "255.0.255.0 is not a netmask"),
        ("203.0.113.0 0.0.0.255", "0.0.0.255 is not a netmask"),
        ("203.0.113.9/255.255.255.0", "the block would be 203.0.113.0/24"),
        ("203.0.113.5-203.0.113.8", "203.0.113.5/32, 203.0.113.6/31, 203.0.113.8/32"),
        ("203.0.113.1-203.0.114.254", "and 12 more"),
        ("203.0.113.9-203.0.113.1", "ends before it begins"),
        ("203.0.113.9-2001:db8::1", "ends before it begins"),
        ("203.0.113.1-20", "whole addresses"),
        ("203.0.113.*", "has a wildcard"),
    ] {
        let error = IpNetwork::parse(text).expect_err(text).to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
}

#[test]
fn lists_with_private_networks_are_found() {
    for (texts, expected) in [
        (&[][..], false),
        (&["8.8.8.0/24"], false),
        (&["8.8.8.0/24", "10.0.0.0/8"], true),
        (&["fd00::/8"], true),
        (&["0.0.0.0/0"], false),
    ] {
        let networks: Vec<_> = texts.iter().map(|text| network(text)).collect();
        assert_eq!(has_unroutable(&networks), expected, "{texts:?}");
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
    fn parsing_never_panics(text in "[0-9a-fA-F:./ *-]{0,40}") {
        if let Ok(parsed) = IpNetwork::parse(&text) {
            prop_assert_eq!(IpNetwork::parse(&parsed.to_string()), Ok(parsed));
        }
    }
}
