//! The parameters of Latchkey's own answer, which a client's query must not hold already: the client would read
//! one of the two, and not everybody the same.

use percent_encoding::percent_decode_str;

/// RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2.
const ANSWER: [&str; 6] = ["code", "state", "iss", "error", "error_description", "error_uri"];

/// Whether some server would find a parameter of the answer in the query.
pub(super) fn are_in(query: &str) -> bool {
    // Some servers take `;` for a separator too.
    query.split(['&', ';']).any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        ANSWER.contains(&read_generously(name).as_str())
    })
}

/// The name as the most generous of servers reads it: decoded again and again, in any case, without what
/// surrounds it (`[code]`, ` code`), cut where an index or a NUL begins (`code[]`), with `.` and space for `_`.
fn read_generously(name: &str) -> String {
    let mut name = name.to_owned();
    loop {
        let decoded = percent_decode_str(&name.replace('+', " ")).decode_utf8_lossy().into_owned();
        // Decoding only ever shortens what it changes, so this ends; a lossy character may take a longer form,
        // but never brings another `%`.
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
