//! Limits of requests for one-time codes by e-mail: what a request is counted against, and what a code that is really sent
//! is counted against.
//!
//! The numbers of an hour count every request alike, whether the address is a member's or not, so that their answer does
//! not tell. The numbers of a day count e-mails to members. Reaching one is not shown: the page is the usual one, and no
//! e-mail is sent.
//!
//! Requests of others cannot lock a member out of a browser or a network that the member has signed in from: each of those
//! has daily numbers of its own, and such a browser has an hourly one as well. From elsewhere a member can be locked out for
//! the rest of the day (UTC), by requests from more than four networks.

use crate::domain::primitives::email::EmailAddress;
use crate::domain::sign_in::rate_limit::{Counter, RateLimit};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Requests for one address from one source, and from one browser that has signed in with the address.
pub const PER_ADDRESS_AND_SOURCE: RateLimit = RateLimit::hourly("codes to an address from a source", 5);

/// Requests from one source. It may be a whole office.
pub const PER_SOURCE: RateLimit = RateLimit::hourly("codes from a source", 30);

/// Requests from one network. One that has an IPv6 /48 has 65,536 sources.
pub const PER_NETWORK: RateLimit = RateLimit::hourly("codes from a network", 120);

/// E-mails to one address that are requested from all browsers and networks that have never signed in with it.
pub const PER_ADDRESS: RateLimit = RateLimit::daily("codes to an address", 20);

/// The part of [`PER_ADDRESS`] that one network can use up: four networks leave four e-mails to others.
pub const PER_ADDRESS_AND_NETWORK: RateLimit = RateLimit::daily("codes to an address from a network", 4);

/// E-mails to one address that are requested from one browser or source that has signed in with it.
pub const PER_KNOWN: RateLimit = RateLimit::daily("codes to an address from where it signed in", 20);

/// E-mails to people who are no members, at the request of one source.
pub const END_USERS_PER_SOURCE: RateLimit = RateLimit::hourly("codes to end users from a source", 10);

/// E-mails to people who are no members of one account.
pub const END_USERS_PER_ACCOUNT: RateLimit = RateLimit::daily("codes to end users of an account", 200);

/// A request for a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeRequest<'a> {
    /// The address that the code is for.
    pub email: &'a EmailAddress,
    /// The address that the request comes from.
    pub client_ip: Option<IpAddr>,
    /// Id of the browser, if it has signed in with this address.
    pub known_browser: Option<&'a str>,
}

impl CodeRequest<'_> {
    /// What every request is counted against, in this order. The first one that refuses decides.
    ///
    /// A browser that has signed in with the address is counted alone, so that others of its network cannot lock it out.
    #[must_use]
    pub fn hourly(&self) -> Vec<Counter> {
        let source = source(self.client_ip);
        match self.known_browser {
            Some(browser) => {
                vec![Counter { limit: PER_ADDRESS_AND_SOURCE, key: self.key("browser", browser) }]
            }
            None => vec![
                Counter { limit: PER_ADDRESS_AND_SOURCE, key: self.key("source", &source) },
                Counter { limit: PER_SOURCE, key: source },
                Counter { limit: PER_NETWORK, key: network(self.client_ip) },
            ],
        }
    }

    /// What an e-mail is counted against, in this order. `known_source` is whether the member has signed in from this
    /// source lately.
    #[must_use]
    pub fn daily(&self, known_source: bool) -> Vec<Counter> {
        match self.known_browser {
            Some(browser) => vec![Counter { limit: PER_KNOWN, key: self.key("browser", browser) }],
            None if known_source => {
                let source = source(self.client_ip);
                vec![Counter { limit: PER_KNOWN, key: self.key("source", &source) }]
            }
            None => vec![
                Counter {
                    limit: PER_ADDRESS_AND_NETWORK,
                    key: self.key("network", &network(self.client_ip)),
                },
                Counter { limit: PER_ADDRESS, key: self.email.to_string() },
            ],
        }
    }

    /// What an e-mail to a person who is no member is counted against, whatever the browser, before the numbers of its
    /// address.
    #[must_use]
    pub fn to_end_user(&self) -> Counter {
        Counter { limit: END_USERS_PER_SOURCE, key: source(self.client_ip) }
    }

    /// An address has no spaces, so that no two keys are the same text.
    fn key(&self, kind: &str, value: &str) -> String {
        format!("{} {kind} {value}", self.email)
    }
}

/// The source that a client address is counted as: a household or an office has one IPv4 address, or the 2^64 addresses of
/// an IPv6 /64.
#[must_use]
pub fn source(client_ip: Option<IpAddr>) -> String {
    prefix(client_ip, 32, 64)
}

/// The wider network that a client address is counted as: an IPv4 /24, or an IPv6 /48.
#[must_use]
pub fn network(client_ip: Option<IpAddr>) -> String {
    prefix(client_ip, 24, 48)
}

fn prefix(client_ip: Option<IpAddr>, v4_bits: u32, v6_bits: u32) -> String {
    match client_ip.map(|ip| ip.to_canonical()) {
        None => "unknown".to_owned(),
        Some(IpAddr::V4(address)) if v4_bits == 32 => address.to_string(),
        Some(IpAddr::V4(address)) => {
            let host_bits = 32 - v4_bits;
            format!("{}/{v4_bits}", Ipv4Addr::from(u32::from(address) >> host_bits << host_bits))
        }
        Some(IpAddr::V6(address)) => {
            let host_bits = 128 - v6_bits;
            format!("{}/{v6_bits}", Ipv6Addr::from(u128::from(address) >> host_bits << host_bits))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_an_ipv4_address_or_an_ipv6_64_and_a_network_is_wider() {
        for (address, source_of_it, network_of_it) in [
            ("192.0.2.1", "192.0.2.1", "192.0.2.0/24"),
            ("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ] {
            let ip = address.parse().ok();
            assert_eq!((source(ip), network(ip)), (source_of_it.to_owned(), network_of_it.to_owned()));
        }
        assert_eq!((source(None), network(None)), ("unknown".to_owned(), "unknown".to_owned()));
    }

    #[test]
    fn four_networks_cannot_use_up_the_codes_of_an_address() {
        let (of_one_network, of_all) = (PER_ADDRESS_AND_NETWORK.times, PER_ADDRESS.times);
        assert!(4 * of_one_network < of_all, "{of_one_network} {of_all}");
    }

    #[test]
    fn a_known_browser_shares_no_counter_with_others() {
        let email = EmailAddress::parse("ann@acme.example").expect("legal");
        let client_ip = "192.0.2.1".parse().ok();
        let other = CodeRequest { email: &email, client_ip, known_browser: None };
        let known = CodeRequest { known_browser: Some("b1"), ..other };
        let others: Vec<Counter> =
            [other.hourly(), other.daily(false), other.daily(true)].into_iter().flatten().collect();
        for counter in known.hourly().into_iter().chain(known.daily(true)) {
            assert!(!others.contains(&counter), "{counter:?}");
        }
    }
}
