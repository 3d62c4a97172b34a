//! The `Authorization: Basic` header of a client (RFC 6749 §2.3.1, RFC 7617).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// User id and password of a Basic header, form-decoded.
pub struct BasicCredentials {
    /// The user id, which should be a `client_id`.
    pub client_id: String,
    /// The password, which should be the client's secret.
    pub client_secret: Zeroizing<String>,
}

/// Error of a header that is no valid Basic header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidBasicAuth;

/// Parses a header value.
///
/// Clients form-encode user id and password before they join them. Text that is no valid form encoding is used unchanged,
/// because many clients omit that step; it changes none of our ids and secrets.
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
    fn user_id_and_password_are_form_decoded() {
        let read = parse(header("a%2Bb:c%3Ad+e").as_bytes()).expect("good");
        assert_eq!((read.client_id.as_str(), read.client_secret.as_str()), ("a+b", "c:d e"));
    }

    #[test]
    fn the_scheme_is_case_insensitive() {
        let text = header("a:b:c").replacen("Basic", "bAsIc", 1);
        assert_eq!(parse(text.as_bytes()).expect("good").client_secret.as_str(), "b:c");
    }

    #[test]
    fn invalid_headers_are_rejected() {
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
        fn parsing_never_panics(bytes: Vec<u8>) {
            let _ = parse(&bytes);
            let _ = parse(format!("Basic {}", STANDARD.encode(&bytes)).as_bytes());
        }

        #[test]
        fn credentials_of_a_conforming_client_are_parsed(id in "\\PC{1,20}", secret in "\\PC{0,20}") {
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let read = parse(header(&format!("{}:{}", encode(&id), encode(&secret))).as_bytes()).expect("good");
            prop_assert_eq!(read.client_id, id);
            prop_assert_eq!(read.client_secret.as_str(), secret.as_str());
        }
    }
}
