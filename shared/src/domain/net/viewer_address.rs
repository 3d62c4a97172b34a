//! The address in `CloudFront-Viewer-Address`.

use std::net::IpAddr;

/// Reads the address of an IP address and port. CloudFront writes IPv6 addresses without brackets
/// (`2001:db8::1:46532`), so that the last colon is the one before the port. Brackets are accepted too. An IPv4 address
/// mapped to IPv6 is returned as IPv4.
#[must_use]
pub fn parse_viewer_address(text: &str) -> Option<IpAddr> {
    let (address, port) = text.rsplit_once(':')?;
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let bracketed = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = match bracketed {
        Some(inside) => IpAddr::V6(inside.parse().ok()?),
        None => address.parse().ok()?,
    };
    is_port.then(|| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_is_cut_off() {
        for (text, address) in [
            ("198.51.100.10:46532", "198.51.100.10"),
            ("198.51.100.10:0", "198.51.100.10"),
            ("2001:db8:85a3::8a2e:370:7334:46532", "2001:db8:85a3::8a2e:370:7334"),
            ("2001:0db8:85a3:0000:0000:8a2e:0370:7334:443", "2001:db8:85a3::8a2e:370:7334"),
            ("2001:db8:::443", "2001:db8::"),
            ("::1:8080", "::1"),
            ("[2001:db8::1]:46532", "2001:db8::1"),
            ("::ffff:198.51.100.10:46532", "198.51.100.10"),
        ] {
            assert_eq!(parse_viewer_address(text), address.parse().ok(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_address() {
        for text in [
            "",
            ":",
            "198.51.100.10",
            "198.51.100.10:",
            "198.51.100.10:65536",
            "198.51.100.10:+1",
            "198.51.100.10:46532, 192.0.2.1:1",
            "192.0.2.1:1,198.51.100.10:46532",
            " 198.51.100.10:46532",
            "[198.51.100.10]:46532",
            "[2001:db8::1]",
            "[2001:db8::1:46532",
            "2001:db8::1",
            "2001:db8:0:0:0:0:0:1",
            "2001:db8::1%eth0:443",
            "localhost:443",
        ] {
            assert_eq!(parse_viewer_address(text), None, "{text}");
        }
    }
}
