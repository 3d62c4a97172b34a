//! A second reading of a URI, deliberately unlike the first: from left to right, byte by byte, knowing only the
//! delimiters of RFC 3986 §3.

/// Scheme, host, port, path and query.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub scheme: String,
    pub host: String,
    pub port: String,
    pub path: String,
    pub query: String,
}

enum At {
    Scheme,
    Slashes(u8),
    Host { bracketed: bool },
    Port,
    Path,
    Query,
}

pub fn read(text: &str) -> Reading {
    let mut reading = Reading::default();
    let mut at = At::Scheme;
    for c in text.chars() {
        at = match (at, c) {
            (_, '#') => break,
            (At::Query, c) => {
                reading.query.push(c);
                At::Query
            }
            (_, '?') => At::Query,
            (At::Scheme, ':') => At::Slashes(0),
            (At::Scheme, c) => {
                reading.scheme.push(c);
                At::Scheme
            }
            (At::Slashes(1), '/') => {
                reading.path.clear();
                At::Host { bracketed: false }
            }
            (At::Slashes(seen), c) => {
                reading.path.push(c);
                if seen == 0 && c == '/' { At::Slashes(1) } else { At::Path }
            }
            (At::Host { .. } | At::Port | At::Path, '/') => {
                reading.path.push('/');
                At::Path
            }
            (At::Host { bracketed: false }, ':') => At::Port,
            (At::Host { bracketed }, c) => {
                reading.host.push(c);
                At::Host { bracketed: c == '[' || (bracketed && c != ']') }
            }
            (At::Port, c) => {
                reading.port.push(c);
                At::Port
            }
            (At::Path, c) => {
                reading.path.push(c);
                At::Path
            }
        };
    }
    reading
}
