//! Parameters of the authorization response. The query of a redirect URI must not have one of them: of two parameters of
//! one name, programs read different ones.

use percent_encoding::percent_decode_str;

/// RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2.
const RESPONSE_PARAMS: [&str; 6] = ["code", "state", "iss", "error", "error_description", "error_uri"];

/// Whether a server could find a response parameter in the query.
pub(super) fn are_in(query: &str) -> bool {
    // Some servers treat `;` as a separator too.
    query.split(['&', ';']).any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        RESPONSE_PARAMS.contains(&read_leniently(name).as_str())
    })
}

/// The name as the most lenient server reads it: decoded repeatedly, in lower case, without what surrounds it (`[code]`,
/// ` code`), truncated at an index or a NUL (`code[]`), with `.` and space replaced by `_`.
fn read_leniently(name: &str) -> String {
    let mut name = name.to_owned();
    loop {
        let decoded = percent_decode_str(&name.replace('+', " ")).decode_utf8_lossy().into_owned();
        // This terminates: decoding shortens whatever it changes. A lossy character may become longer, but contains no
        // further `%`.
        if decoded == name {
            break;
        }
        name = decoded;
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let name = name.split(|c| !legal(c)).next().unwrap_or_default().trim_end();
    name.to_ascii_lowercase().replace(['.', ' '], "_")
}
