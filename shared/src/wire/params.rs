//! Parameters of an OAuth request, from a form or a JSON body (RFC 6749 §3.2): a parameter without a value is treated as
//! absent, unknown ones are ignored, and duplicates are an error.

use crate::domain::primitives::strict_json;
use serde_json::Value;
use std::collections::BTreeMap;
use zeroize::Zeroize;

/// The parameters. They are zeroized when dropped and have no `Debug`, because one of them may be a secret.
#[derive(Default)]
pub struct OAuthParams(BTreeMap<String, String>);

impl Drop for OAuthParams {
    fn drop(&mut self) {
        self.0.values_mut().for_each(Zeroize::zeroize);
    }
}

/// Error of a body that has no valid parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidParams {
    /// A parameter is included more than once (RFC 6749 §3.2).
    Duplicate,
    /// Not UTF-8 after decoding.
    NotText,
    /// Not a JSON object, or one of its parameters is no string.
    NotJson,
}

impl InvalidParams {
    /// The `error_description`.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Duplicate => "a parameter stands twice",
            Self::NotText => "the body is not UTF-8 after form decoding",
            Self::NotJson => {
                "the body must be a JSON object, with each member once, whose parameters are strings"
            }
        }
    }
}

impl OAuthParams {
    /// Parses `application/x-www-form-urlencoded`.
    pub fn from_form(body: &[u8]) -> Result<Self, InvalidParams> {
        let mut params = Self::default();
        for pair in pairs(without_byte_order_mark(body)) {
            let (name, value) = pair?;
            params.add(name, value)?;
        }
        Ok(params)
    }

    /// Parses a JSON object, as clients of some vendors send. Members that are not `recognized` are ignored, whatever their
    /// type; the others are strings. `null` is treated as absent. `audience` and `resource` may be a list of one string,
    /// which other servers allow.
    pub fn from_json(body: &[u8], recognized: &[&str]) -> Result<Self, InvalidParams> {
        let Ok(Value::Object(members)) = strict_json::parse(without_byte_order_mark(body)) else {
            return Err(InvalidParams::NotJson);
        };
        let mut params = Self::default();
        for (name, value) in members {
            match value {
                _ if !recognized.contains(&name.as_str()) => {}
                Value::String(text) => params.add(name, text)?,
                Value::Null => {}
                Value::Array(mut items)
                    if matches!(name.as_str(), "audience" | "resource") && items.len() == 1 =>
                {
                    match items.pop() {
                        Some(Value::String(text)) => params.add(name, text)?,
                        _ => return Err(InvalidParams::NotJson),
                    }
                }
                _ => return Err(InvalidParams::NotJson),
            }
        }
        Ok(params)
    }

    fn add(&mut self, name: String, value: String) -> Result<(), InvalidParams> {
        if self.0.contains_key(&name) {
            return Err(InvalidParams::Duplicate);
        }
        self.0.insert(name, value);
        Ok(())
    }

    /// The value of a parameter, if it has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// A body without the byte order mark that some editors and shells put before UTF-8 (RFC 8259 §8.1).
#[must_use]
pub fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Names and values of `application/x-www-form-urlencoded`, in order.
pub fn pairs(form: &[u8]) -> impl Iterator<Item = Result<(String, String), InvalidParams>> {
    form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_at(pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len()));
        Ok((decode(name)?, decode(value.get(1..).unwrap_or_default())?))
    })
}

fn decode(bytes: &[u8]) -> Result<String, InvalidParams> {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    String::from_utf8(decoded).map_err(|_| InvalidParams::NotText)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(body: &str) -> Result<OAuthParams, InvalidParams> {
        OAuthParams::from_form(body.as_bytes())
    }

    #[test]
    fn a_parameter_without_a_value_is_absent() {
        let read = form("a=&b&c=1&d=x%20y+z").expect("good");
        assert_eq!((read.get("a"), read.get("b"), read.get("c")), (None, None, Some("1")));
        assert_eq!(read.get("d"), Some("x y z"));
    }

    #[test]
    fn duplicates_are_rejected_even_if_empty_or_encoded() {
        for body in ["a=1&a=1", "a=&a=1", "a=1&%61=2", "a&a"] {
            assert_eq!(form(body).err(), Some(InvalidParams::Duplicate), "{body}");
        }
    }

    fn json(body: &[u8]) -> Result<OAuthParams, InvalidParams> {
        OAuthParams::from_json(body, &["a", "n", "audience"])
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let read = json("\u{feff}{\"a\":\"1\"}".as_bytes()).expect("good");
        assert_eq!(read.get("a"), Some("1"));
        assert_eq!(form("\u{feff}a=1").expect("good").get("a"), Some("1"));
        assert!(json("\u{feff}\u{feff}{}".as_bytes()).is_err(), "one of them");
    }

    #[test]
    fn unknown_json_members_are_ignored_whatever_their_type() {
        let read = json(br#"{"a":"1","b":1,"c":{"a":"2"},"d":[true,null]}"#).expect("good");
        assert_eq!((read.get("a"), read.get("b"), read.get("c")), (Some("1"), None, None));
    }

    #[test]
    fn json_must_be_an_object_with_parameters_of_strings() {
        let read = json(br#"{"a":"1","n":null,"audience":["x"]}"#).expect("good");
        assert_eq!((read.get("a"), read.get("n"), read.get("audience")), (Some("1"), None, Some("x")));
        for body in [
            "",
            "[]",
            "\"a\"",
            "{",
            r#"{"a":1}"#,
            r#"{"a":"1","a":"1"}"#,
            r#"{"a":["1"]}"#,
            r#"{"audience":["x","y"]}"#,
            r#"{"audience":[1]}"#,
        ] {
            assert_eq!(json(body.as_bytes()).err(), Some(InvalidParams::NotJson), "{body}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics(bytes: Vec<u8>) {
            let _ = OAuthParams::from_form(&bytes);
            let _ = json(&bytes);
        }

        #[test]
        fn output_of_a_form_library_is_parsed(pairs in proptest::collection::btree_map("\\PC{1,9}", "\\PC{1,9}", 0..6)) {
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let read = form(&body).expect("good");
            for (name, value) in &pairs {
                prop_assert_eq!(read.get(name), Some(value.as_str()));
            }
        }
    }
}
