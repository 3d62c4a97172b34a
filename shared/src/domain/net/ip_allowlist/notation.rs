//! Networks as people write them: addresses, CIDR blocks, netmasks, ranges.

use ipnet::{IpNet, Ipv4Net, Ipv4Subnets, Ipv6Subnets};
use std::net::{IpAddr, Ipv4Addr};

/// How many blocks of a range an error names.
const NAMED_BLOCKS: usize = 4;

/// Error of parsing a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNetwork {
    /// Not an address, or a prefix length that is not a decimal number in range.
    #[error("must be an IPv4 or IPv6 address or CIDR block, such as 203.0.113.0/24")]
    Syntax,
    /// Bits are set to the right of the prefix, so it is probably not the intended block.
    #[error("has bits set outside its prefix; the block would be {0}")]
    HostBits(IpNet),
    /// What stands for a netmask is none: its bits are not ones followed by zeros.
    #[error("{0} is not a netmask; write a CIDR block, such as 203.0.113.0/24")]
    Netmask(Ipv4Addr),
    /// It is a range that takes several blocks.
    #[error("is a range of several CIDR blocks; name them one by one: {0}")]
    Range(String),
    /// It is a range without a part of both ends.
    #[error("is a range that ends before it begins, or has ends of two families")]
    EmptyRange,
    /// It is a range whose ends are not both addresses.
    #[error("is a range; write its ends as whole addresses, or a CIDR block such as 203.0.113.0/24")]
    ShortRange,
    /// It has a wildcard.
    #[error("has a wildcard; write a CIDR block, such as 203.0.113.0/24 for 203.0.113.*")]
    Wildcard,
}

/// Parses a network. Leading zeros are an error, because some programs read them as octal.
pub(super) fn parse(text: &str) -> Result<IpNet, InvalidNetwork> {
    let text = text.trim();
    if text.contains('*') {
        return Err(InvalidNetwork::Wildcard);
    }
    if let Some((first, last)) = text.split_once('-') {
        return range(first.trim(), last.trim());
    }
    let net: IpNet = match text.split_once('/').or_else(|| text.split_once(' ')) {
        None => IpNet::from(text.parse::<IpAddr>().map_err(|_| InvalidNetwork::Syntax)?),
        Some((address, size)) => block(address.trim(), size.trim())?,
    };
    let net = canonical(net)?;
    if net.trunc() == net { Ok(net) } else { Err(InvalidNetwork::HostBits(net.trunc())) }
}

/// The block of an address and its size: a prefix length or a netmask.
fn block(address: &str, size: &str) -> Result<IpNet, InvalidNetwork> {
    if let Ok(mask) = size.parse::<Ipv4Addr>() {
        let address = address.parse().map_err(|_| InvalidNetwork::Syntax)?;
        let net = Ipv4Net::with_netmask(address, mask).map_err(|_| InvalidNetwork::Netmask(mask))?;
        return Ok(net.into());
    }
    if size.len() > 1 && size.starts_with('0') {
        return Err(InvalidNetwork::Syntax);
    }
    format!("{address}/{size}").parse().map_err(|_| InvalidNetwork::Syntax)
}

/// The block of a range, if it is one.
fn range(first: &str, last: &str) -> Result<IpNet, InvalidNetwork> {
    let (Ok(first), Ok(last)) = (first.parse::<IpAddr>(), last.parse::<IpAddr>()) else {
        return Err(InvalidNetwork::ShortRange);
    };
    let blocks: Vec<IpNet> = match (first.to_canonical(), last.to_canonical()) {
        (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
            Ipv4Subnets::new(first, last, 0).map(IpNet::from).collect()
        }
        (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
            Ipv6Subnets::new(first, last, 0).map(IpNet::from).collect()
        }
        _ => return Err(InvalidNetwork::EmptyRange),
    };
    if let [block] = blocks[..] {
        return Ok(block);
    }
    let named: Vec<String> = blocks.iter().take(NAMED_BLOCKS).map(IpNet::to_string).collect();
    let more = blocks.len().saturating_sub(NAMED_BLOCKS);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    Err(InvalidNetwork::Range(format!("{}{rest}", named.join(", "))))
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
