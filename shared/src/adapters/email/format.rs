//! Formats of e-mails: instants, days, and names that fit on a line.

use crate::domain::primitives::visible_text::without_hidden_characters;
use crate::texts::Texts;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The longest subject, in characters: RFC 5322 §2.1.1 allows 78 to a line, and the MIME writer encodes
/// what is longer than 77, which is legal but hard to read where mail is read raw.
const MAX_SUBJECT: usize = 77;

/// The fewest characters that a name is shortened to.
const MIN_NAME: usize = 12;

const MONTHS: [&str; 12] = [
    "month-january",
    "month-february",
    "month-march",
    "month-april",
    "month-may",
    "month-june",
    "month-july",
    "month-august",
    "month-september",
    "month-october",
    "month-november",
    "month-december",
];

/// `18 February 2027`.
pub fn day(texts: Texts, date: Date) -> String {
    let month = MONTHS.get(usize::from(date.month().unsigned_abs()).wrapping_sub(1)).copied();
    let month = month.map(|id| texts.get(id)).unwrap_or_default();
    let (day, year) = (date.day().to_string(), date.year().to_string());
    texts.with("date", [("day", day), ("month", month), ("year", year)])
}

/// `18 February 2027`, in UTC.
pub fn day_of(texts: Texts, instant: Timestamp) -> String {
    day(texts, instant.to_zoned(TimeZone::UTC).date())
}

/// `18 February 2027, 23:59:00 UTC`.
pub fn instant(texts: Texts, instant: Timestamp) -> String {
    let time = instant.to_zoned(TimeZone::UTC).strftime("%H:%M:%S").to_string();
    texts.with("instant", [("date", day_of(texts, instant)), ("time", time)])
}

/// The text without characters that break lines, reorder text or are not seen. Names are validated when they are set, but a
/// stored one may be older than the rule.
pub fn sanitize(text: &str) -> String {
    without_hidden_characters(text)
}

/// A name that a customer chose, as mails show it: without the characters that [`sanitize`] drops, and so that no mail program
/// makes a link of it. In each word that looks like a URL, a host or an address, the characters that make it one are put in
/// brackets: `https[:]//evil[.]example`. Other words stay as they are, also `Node.js` and `v1.2`.
pub fn name(text: &str) -> String {
    let text = sanitize(text);
    let words =
        text.split(' ').map(|word| if looks_like_link(word) { unlink(word) } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

/// The full stops of host names, as browsers read them (RFC 3490 §3.1).
const fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

fn looks_like_link(word: &str) -> bool {
    let lower = word.to_lowercase();
    let scheme = ["mailto:", "tel:", "sms:", "callto:"].iter().any(|scheme| lower.contains(scheme));
    if scheme || lower.contains("://") || lower.contains('@') {
        return true;
    }
    // Host names: labels between what cannot be in one, with a suffix of the Public Suffix List, or before a path.
    let in_host = |c: char| c.is_alphanumeric() || c == '-' || is_dot(c);
    lower.split(|c: char| !in_host(c)).any(|run| {
        let host = run.replace(is_dot, ".");
        let host = host.trim_matches('.');
        let is_known = || psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known());
        let letters = || host.rsplit('.').next().is_some_and(|last| last.chars().all(char::is_alphabetic));
        host.contains('.') && (is_known() || host.starts_with("www.") || (lower.contains('/') && letters()))
    })
}

fn unlink(word: &str) -> String {
    word.chars().fold(String::new(), |mut shown, c| {
        if is_dot(c) || matches!(c, ':' | '@') {
            shown.extend(['[', c, ']']);
        } else {
            shown.push(c);
        }
        shown
    })
}

/// At most `limit` characters.
pub fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let kept: String = text.chars().take(limit.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}

/// A subject with a name in it, which is shortened so that the subject fits on a line. `write` puts the name into the subject.
pub fn subject(name: &str, write: impl Fn(&str) -> String) -> String {
    let words = write("").chars().count();
    let name = shorten(name, MAX_SUBJECT.saturating_sub(words).max(MIN_NAME));
    // Mail programs decode what looks like an encoded word (RFC 2047 §2).
    write(&name).replace("=?", "= ?")
}

/// A name for use between quotation marks: its own are replaced, so that they do not end the quotation.
pub fn quote(name: &str) -> String {
    name.replace('"', "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_become_links() {
        for (text, shown) in [
            ("URGENT: pay at https://evil.example/a", "URGENT: pay at https[:]//evil[.]example/a"),
            ("evil.com", "evil[.]com"),
            ("(evil.co.uk)", "(evil[.]co[.]uk)"),
            ("see WWW.evil.test", "see WWW[.]evil[.]test"),
            ("evil.test/login", "evil[.]test/login"),
            ("evil\u{3002}com", "evil[\u{3002}]com"),
            ("ann@evil.test", "ann[@]evil[.]test"),
            ("mailto:ann", "mailto[:]ann"),
        ] {
            assert_eq!(name(text), shown);
        }
        for text in ["Order sync", "Node.js v1.2", "e.g. import", "Stage: prod", "a/b", "10.0.0.1", "…"] {
            assert_eq!(name(text), text);
        }
    }
}
