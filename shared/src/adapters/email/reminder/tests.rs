//! The sent message, parsed by another crate than the one that builds it.

mod certificates;
mod languages;
pub mod many_notices;
mod newer_secrets;
mod stop_link;

use super::*;
use crate::domain::brand::Brand;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::{ClientId, SecretId};
use crate::domain::primitives::language::Language;
use jiff::SignedDuration;
use jiff::civil::date;
use mail_parser::{Message, MessageParser, MimeHeaders};

const END: &str = "2026-12-04T23:59:00Z";
const ENGLISH: Texts = Texts::of(Language::English);
const LINK: &str = "https://console.example.com/{account_id}/clients/{client_id}";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("an address")
}

/// A stored name that is older than its validation.
fn stored(name: &str) -> Name {
    serde_json::from_value(name.into()).expect("text")
}

fn notice(number: u128, name: &str, kind: NoticeKind, expires_at: &str) -> Notice {
    Notice {
        kind,
        client_id: ClientId::from_random_bytes(number.to_be_bytes()),
        client_name: stored(name),
        ending: ExpiringCredential::Secret {
            secret_id: SecretId::from_random_bytes(number.to_be_bytes()),
            hint: "x7Qd".into(),
        },
        created_at: None,
        expires_at: at(expires_at),
        last_used_on: (!number.is_multiple_of(3)).then(|| date(2026, 11, 20)),
        newer: None,
    }
}

fn many(count: u128, name: &str) -> Vec<Notice> {
    let day = |number: u128| i64::try_from(number % 14).expect("small");
    (1..=count)
        .map(|number| {
            let mut notice = notice(number, &format!("{name} {number}"), NoticeKind::Expiring(14), END);
            notice.expires_at += SignedDuration::from_hours(24 * day(number));
            notice
        })
        .collect()
}

struct Sent {
    subject: String,
    raw: String,
}

impl Sent {
    fn of(notices: &[Notice], now: &str) -> Self {
        Self::with(notices, now, LINK, "b2f6-01")
    }

    fn with(notices: &[Notice], now: &str, link: &str, message_id: &str) -> Self {
        Self::build(notices, now, link, message_id, None, ENGLISH)
    }

    fn to_contact(notices: &[Notice], now: &str, stop_link: Option<&str>) -> Self {
        Self::build(notices, now, LINK, "b2f6-01", stop_link, ENGLISH)
    }

    fn build(
        notices: &[Notice],
        now: &str,
        link: &str,
        message_id: &str,
        stop_link: Option<&str>,
        texts: Texts,
    ) -> Self {
        let (from, to) = (email("latchkey@mail.example"), email("ann@acme.example"));
        let account_id = AccountId::parse("T12345678").expect("legal");
        let brand = Brand::default();
        let email = ReminderEmail {
            frame: MailFrame { texts, brand: &brand, logo: None },
            from: &from,
            to: &to,
            account_id: &account_id,
            notices,
            link,
            certificate_link: link,
            now: at(now),
            message_id,
            stop_link,
        };
        let raw = String::from_utf8(email.mime().expect("written")).expect("mail is ASCII here");
        assert!(raw.is_ascii() && raw.lines().all(|line| line.len() <= 998));
        Self { subject: email.subject(), raw }
    }

    fn parsed(&self) -> Message<'_> {
        MessageParser::new().parse(self.raw.as_bytes()).expect("a mail")
    }

    fn text(&self) -> String {
        self.parsed().body_text(0).expect("a text").into_owned()
    }

    fn html(&self) -> String {
        self.parsed().body_html(0).expect("HTML").into_owned()
    }
}

fn subject(notices: &[Notice], now: &str) -> String {
    Sent::of(notices, now).subject
}

#[test]
fn one_secret_is_named_with_its_end() {
    let notices = [notice(1, "Order sync", NoticeKind::Expiring(14), END)];
    let expected = "Secret of \"Order sync\" expires in 13 days (4 December 2026)";
    assert_eq!(subject(&notices, "2026-11-21T00:30:00Z"), expected);
    assert_eq!(
        subject(&notices, "2026-12-04T20:00:00Z"),
        "Secret of \"Order sync\" expires today (4 December 2026)"
    );
}

#[test]
fn expired_secrets_come_first() {
    let soon = |number| notice(number, "Soon", NoticeKind::Expiring(1), END);
    let gone = |number| notice(number, "Gone", NoticeKind::Expired, "2026-12-01T23:59:00Z");
    let now = "2026-12-03T23:59:00Z";
    let ended = "Secret of \"Gone\" has expired";
    assert_eq!(subject(&[gone(1)], now), format!("{ended} and is still being tried"));
    assert_eq!(subject(&[soon(1), gone(2)], now), format!("{ended}, 1 more expires soon"));
    assert_eq!(subject(&[soon(1), gone(2), soon(3)], now), format!("{ended}, 2 more expire soon"));
    let ended = "2 secrets of T12345678 have expired";
    assert_eq!(subject(&[gone(1), gone(2)], now), format!("{ended} and are still being tried"));
    assert_eq!(subject(&[gone(1), soon(3), gone(2)], now), format!("{ended}, 1 more expires soon"));
    assert_eq!(
        subject(&many(12, "A"), now),
        "12 secrets of T12345678 expire soon, the first in 2 days",
        "the first of them ends a day after END"
    );
}

#[test]
fn a_long_name_is_shortened() {
    let notices = [notice(1, &"Wörter ".repeat(14), NoticeKind::Expiring(14), END)];
    let sent = Sent::of(&notices, "2026-11-21T00:30:00Z");
    assert!(sent.subject.chars().count() <= 77, "{}", sent.subject);
    assert!(sent.subject.ends_with("...\" expires in 13 days (4 December 2026)"), "{}", sent.subject);
    assert_eq!(sent.parsed().subject(), Some(sent.subject.as_str()));
}

#[test]
fn the_headers_are_exactly_these() {
    let notices = [notice(1, "Order sync", NoticeKind::Expiring(14), END)];
    let sent = Sent::of(&notices, "2026-11-21T00:30:00Z");
    let mail = sent.parsed();
    let names: Vec<&str> = mail.headers().iter().map(mail_parser::Header::name).collect();
    assert_eq!(names.join(" "), HEADERS);
    assert_eq!(mail.to().map(|to| to.iter().count()), Some(1));
    assert!(sent.raw.contains("\r\nTo: <ann@acme.example>\r\n"), "{}", sent.raw);
    assert_eq!(mail.message_id(), Some("b2f6-01@mail.example"));
    assert_eq!(mail.date().map(mail_parser::DateTime::to_rfc3339).as_deref(), Some("2026-11-21T00:30:00Z"));
    assert!(sent.raw.contains("\r\nAuto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"));
}

const HEADERS: &str =
    "From To Subject Date Message-ID Auto-Submitted X-Auto-Response-Suppress MIME-Version Content-Type";

#[test]
fn names_become_neither_headers_nor_markup() {
    for hostile in [
        "<script>alert(1)</script>",
        "\"><img src=//evil.example/x>",
        "a\r\nBcc: eve@evil.example\r\n\r\nbody",
        "=?utf-8?Q?=0D=0ABcc:_eve@evil.example?=",
        "=?=?utf-8?B?4oCu?= =?utf-8?B?4oCu?=",
        "abc\u{202e}gnp\u{2066}\u{200b}\u{feff}",
        "{{ subject }} {account_id} %s",
        "a\" expires in 900 days",
    ] {
        for kind in [NoticeKind::Expiring(14), NoticeKind::Expired] {
            let notices = [notice(1, hostile, kind, END)];
            let sent = Sent::with(&notices, "2026-11-21T00:30:00Z", LINK, "x>\r\nBcc: eve@evil.example");
            let mail = sent.parsed();
            let names: Vec<&str> = mail.headers().iter().map(mail_parser::Header::name).collect();
            assert_eq!(names.join(" "), HEADERS, "{hostile:?}");
            assert_eq!(mail.subject(), Some(sent.subject.as_str()), "{hostile:?}");
            assert_eq!(mail.message_id(), Some("xBcceveevil.example@mail.example"));
            assert!(!sent.subject.contains("=?") && sent.subject.matches('"').count() == 2);
            let (text, html) = (sent.text(), sent.html());
            for part in [&sent.subject, &text, &html] {
                assert!(!part.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}']), "{hostile:?}");
            }
            assert!(text.contains(&format!("* {}", format::name(hostile))), "{text}");
            assert!(!text.contains("\nBcc") && !html.contains("<script") && !html.contains("<img"), "{html}");
        }
    }
    assert_eq!(
        name(&notice(1, "\u{202e}", NoticeKind::Expired, END)),
        notice(1, "x", NoticeKind::Expired, END).client_id.as_str()
    );
}

#[test]
fn both_parts_have_all_facts_about_two_secrets() {
    let gone = notice(3, "Old & new", NoticeKind::Expired, "2026-12-01T23:59:00Z");
    let soon = notice(1, "Order sync", NoticeKind::Expiring(1), END);
    let sent = Sent::of(&[soon.clone(), gone.clone()], "2026-12-03T23:59:00Z");
    let mail = sent.parsed();
    assert!(
        mail.content_type()
            .is_some_and(|kind| kind.ctype() == "multipart" && kind.subtype() == Some("alternative"))
    );
    assert_eq!((mail.text_body.len(), mail.html_body.len(), mail.attachments.len()), (1, 1, 0));
    let (text, html) = (sent.text(), sent.html());
    for part in [&text, &html] {
        for fact in [
            "Order sync",
            soon.client_id.as_str(),
            gone.client_id.as_str(),
            "…x7Qd, last used on 20 November 2026",
            "…x7Qd, never used",
            "tomorrow",
            "4 December 2026, 23:59:00 UTC",
            "ended 2 days ago",
            "1 December 2026, 23:59:00 UTC",
            "failing now",
            "Create a new secret there.",
            "end the old one there",
            &LINK.replace("{account_id}", "T12345678").replace("{client_id}", soon.client_id.as_str()),
        ] {
            assert!(part.contains(fact), "{fact} is missing in {part}");
        }
    }
    assert!(text.contains("Old & new") && html.contains("Old &#38; new"));
    assert!(text.find("Old & new") < text.find("Order sync"), "expired first");
    assert!(html.find("Old &#38; new</h2>") < html.find("Order sync</h2>"), "expired first");
}
