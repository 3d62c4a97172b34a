//! The `AuthorizationGrant: Basic` header of a client (RFC 6749 §2.3.1, RFC 7617).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// The user-id and password of a Basic header, form-decoded.
pub struct BasicCredentials {
    /// Should be a `client_id`.
    pub client_id: String,
    /// Should be its secret.
    pub client_secret: Zeroizing<String>,
}

/// The header is not one that any client would send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidBasicAuth;

/// Reads a header value.
///
/// Both halves are form-encoded before they are joined. What is not valid form encoding is taken as it
/// stands, because many clients leave that step out: none of our ids and secrets changes by it.
pub fn parse(header: &[u8]) -> Result<BasicCredentials, InvalidBasicAuth> {
    let text = std::str::from_utf8(header).map_err(|_| InvalidBasicAuth)?;
    let (scheme, token) = text.split_once(' ').ok_or(InvalidBasicAuth)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(InvalidBasicAuth);
    }
    let bytes = Zeroizing::new(STANDARD.decode(token.trim_matches(' ')).map_err(|_| InvalidBasicAuth)?);
    let pair = std::str::from_utf8(&bytes).map_err(|_| InvalidBasicAuth)?;
    let (id, secret) = pair.split_once(':').ok_or(InvalidBasicAuth)?;
    Ok(BasicCredentials {
        client_id: form_decode(id).ok_or(InvalidBasicAuth)?,
        client_secret: Zeroizing::new(form_decode(secret).ok_or(InvalidBasicAuth)?),
    })
}

fn form_decode(text: &str) -> Option<String> {
    let spaced = Zeroizing::new(text.replace('+', " "));
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(pair: &str) -> String {
        format!("Basic {}", STANDARD.encode(pair))
    }

    #[test]
    fn both_halves_are_form_decoded() {
        let read = parse(header("a%2Bb:c%3Ad+e").as_bytes()).expect("good");
        assert_eq!((read.client_id.as_str(), read.client_secret.as_str()), ("a+b", "c:d e"));
    }

    #[test]
    fn the_scheme_is_case_insensitive_and_the_secret_may_hold_colons() {
        let text = header("a:b:c").replacen("Basic", "bAsIc", 1);
        assert_eq!(parse(text.as_bytes()).expect("good").client_secret.as_str(), "b:c");
    }

    #[test]
    fn malformed_headers() {
        for text in
            ["", "Basic", "Basic ", "Basic !!!!", "Basic YQ", "Bearer YTpi", "Basic YWI=", "Basic /////w=="]
        {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse(header("%ff:x").as_bytes()).is_err());
        assert!(parse(b"Basic \xff").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = parse(&bytes);
            let _ = parse(format!("Basic {}", STANDARD.encode(&bytes)).as_bytes());
        }

        #[test]
        fn what_a_correct_client_sends_is_read_back(id in "\\PC{1,20}", secret in "\\PC{0,20}") {
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let read = parse(header(&format!("{}:{}", encode(&id), encode(&secret))).as_bytes()).expect("good");
            prop_assert_eq!(read.client_id, id);
            prop_assert_eq!(read.client_secret.as_str(), secret.as_str());
        }
    }
}
