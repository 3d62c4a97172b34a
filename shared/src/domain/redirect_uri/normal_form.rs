//! The two differences between equal URIs that programs make without being asked: the case of the scheme (RFC 3986 §6.2.2.1),
//! and an empty path of http and https, which equals `/` (RFC 3986 §6.2.3). Everything else is compared exactly.

use std::borrow::Cow;

/// The URI with its scheme in lower case and without an empty path. Text that is no URI stays as it is, or stays none.
#[must_use]
pub fn normalized(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once(':') else { return text.into() };
    let lower = scheme.to_ascii_lowercase();
    let empty_path_at = rest
        .strip_prefix("//")
        .filter(|_| matches!(&*lower, "http" | "https"))
        .map(|authority| 2 + authority.find(['/', '?', '#']).unwrap_or(authority.len()))
        .filter(|end| !rest[*end..].starts_with('/'));
    match empty_path_at {
        None if lower == scheme => text.into(),
        None => format!("{lower}:{rest}").into(),
        Some(end) => {
            let (authority, after) = rest.split_at(end);
            format!("{lower}:{authority}/{after}").into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_path_is_a_slash_and_schemes_are_lower_case() {
        for (text, expected) in [
            ("https://app.example.com", "https://app.example.com/"),
            ("http://127.0.0.1:8123", "http://127.0.0.1:8123/"),
            ("https://app.example.com?x=/", "https://app.example.com/?x=/"),
            ("HTTPS://app.example.com/CB", "https://app.example.com/CB"),
            ("Com.Example.App:/cb", "com.example.app:/cb"),
        ] {
            assert_eq!(normalized(text), expected);
            assert_eq!(normalized(expected), expected, "once is enough");
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in ["", "app", "/cb", "https:", "com.example.app:", "https://App.example.com/a%2f", "a://b"]
        {
            assert_eq!(normalized(text), text);
        }
    }
}
