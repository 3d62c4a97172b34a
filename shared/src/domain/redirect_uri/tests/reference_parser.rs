//! A second URI parser, written unlike the first on purpose: from left to right, character by character, with nothing but
//! the delimiters of RFC 3986 §3.

/// Scheme, host, port, path and query.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ReferenceParse {
    pub scheme: String,
    pub host: String,
    pub port: String,
    pub path: String,
    pub query: String,
}

enum State {
    Scheme,
    Slashes(u8),
    Host { bracketed: bool },
    Port,
    Path,
    Query,
}

pub fn parse(text: &str) -> ReferenceParse {
    let mut parsed = ReferenceParse::default();
    let mut state = State::Scheme;
    for c in text.chars() {
        state = match (state, c) {
            (_, '#') => break,
            (State::Query, c) => {
                parsed.query.push(c);
                State::Query
            }
            (_, '?') => State::Query,
            (State::Scheme, ':') => State::Slashes(0),
            (State::Scheme, c) => {
                parsed.scheme.push(c);
                State::Scheme
            }
            (State::Slashes(1), '/') => {
                parsed.path.clear();
                State::Host { bracketed: false }
            }
            (State::Slashes(seen), c) => {
                parsed.path.push(c);
                if seen == 0 && c == '/' { State::Slashes(1) } else { State::Path }
            }
            (State::Host { .. } | State::Port | State::Path, '/') => {
                parsed.path.push('/');
                State::Path
            }
            (State::Host { bracketed: false }, ':') => State::Port,
            (State::Host { bracketed }, c) => {
                parsed.host.push(c);
                State::Host { bracketed: c == '[' || (bracketed && c != ']') }
            }
            (State::Port, c) => {
                parsed.port.push(c);
                State::Port
            }
            (State::Path, c) => {
                parsed.path.push(c);
                State::Path
            }
        };
    }
    parsed
}
