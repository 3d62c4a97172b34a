//! Few and many, days at their boundaries, and how large it gets.

use super::*;

/// Gmail cuts off what is longer.
pub(super) const CLIPPED: usize = 102 * 1024;

fn rows(html: &str) -> usize {
    html.matches("<th scope=\"row\"").count()
}

/// Writes an example where a developer can view it, and returns the size of its HTML.
pub(super) fn shown(name: &str, sent: &Sent) -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/emails");
    std::fs::create_dir_all(folder).expect("a folder");
    let html = sent.html();
    for (kind, content) in [("html", &html), ("txt", &sent.text()), ("eml", &sent.raw)] {
        std::fs::write(format!("{folder}/{name}.{kind}"), content).expect("written");
    }
    html.len()
}

#[test]
fn examples_are_not_clipped() {
    let mut mixed = many(2, "Order sync");
    mixed.push(notice(9, "Wörterbuch & Söhne <Import>", NoticeKind::Expired, "2026-11-19T23:59:00Z"));
    let mut all = many(498, "Order sync");
    all.push(notice(600, "Old billing export", NoticeKind::Expired, "2026-11-19T23:59:00Z"));
    all.push(notice(601, &"W".repeat(100), NoticeKind::Expired, "2026-11-18T23:59:00Z"));
    for notices in [many(1, "Order sync"), mixed, all] {
        let size = shown(&notices.len().to_string(), &Sent::of(&notices, "2026-11-21T00:30:00Z"));
        assert!(size < CLIPPED, "{size} bytes");
    }
}

#[test]
fn the_longest_message_is_not_clipped() {
    let mut notices = many(500, "A");
    for notice in &mut notices {
        notice.kind = NoticeKind::Expired;
        notice.client_name = stored(&"<".repeat(100));
        notice.client_id = ClientId::parse(&"c".repeat(64)).expect("legal");
        notice.last_used_on = Some(date(2026, 9, 30));
        let last_used_on = Some(date(2026, 9, 30));
        notice.newer = Some(NewerSecret { hint: "b2Lm".into(), last_used_on, is_paused: false });
    }
    let path = "console/accounts/{account_id}/clients/{client_id}/credentials/rotate";
    let link = format!("https://{}.example.com/{path}", "c".repeat(63));
    let size = shown("longest", &Sent::with(&notices, "2026-12-21T00:30:00Z", &link, "m"));
    assert!(size < CLIPPED, "{size} bytes");
}

#[test]
fn many_notices_are_a_table_and_the_text_has_all() {
    let sent = Sent::of(&many(500, "Order sync"), "2026-11-21T00:30:00Z");
    let (text, html) = (sent.text(), sent.html());
    assert_eq!(rows(&html), 100);
    assert!(html.contains("And 400 more.") && html.contains("<th scope=\"col\""));
    assert_eq!(text.matches("\n* Order sync ").count(), 500);

    let sent = Sent::of(&many(100, "Order sync"), "2026-11-21T00:30:00Z");
    assert_eq!(rows(&sent.html()), 100);
    assert!(!sent.html().contains(" more.</strong>"));
    let cards = Sent::of(&many(5, "Order sync"), "2026-11-21T00:30:00Z").html();
    assert!(cards.matches("Replace the secret</a>").count() == 5 && !cards.contains("<th scope=\"col\""));
}

#[test]
fn the_soonest_expiry_comes_first() {
    let mut notices = many(499, "Order sync");
    notices.push(notice(999, "Late and last", NoticeKind::Expiring(1), "2026-11-21T23:59:00Z"));
    notices.push(notice(1000, "Gone", NoticeKind::Expired, "2026-11-20T23:59:00Z"));
    let sent = Sent::of(&notices, "2026-11-21T00:30:00Z");
    for part in [sent.text(), sent.html()] {
        let place = |name: &str| part.find(name).expect("listed");
        // The subject, at the top of both, names the expired one too: it is looked for by its days.
        assert!(place("ended yesterday") < place("Late and last"));
        assert!(place("Late and last") < place("Order sync "));
    }
    let ends: Vec<String> =
        sent.text().lines().filter(|line| line.starts_with("  Expires")).map(str::to_owned).collect();
    let days = |line: &String| match line.split(' ').nth(3) {
        Some("today:") => Some(0),
        _ => line.split(' ').nth(4).and_then(|days| days.parse::<u16>().ok()),
    };
    assert!(ends.len() == 500 && ends.is_sorted_by_key(days), "{ends:?}");
}

#[test]
fn a_leap_day_is_a_day() {
    let notices = [notice(1, "Order sync", NoticeKind::Expiring(1), "2028-02-29T23:59:00Z")];
    let sent = Sent::of(&notices, "2028-02-28T23:59:00Z");
    assert_eq!(sent.subject, "Secret of \"Order sync\" expires tomorrow (29 February 2028)");
    assert!(sent.text().contains("29 February 2028, 23:59:00 UTC"));
}

#[test]
fn a_message_without_notices_is_an_error() {
    let (from, to) = (email("latchkey@mail.example"), email("ann@acme.example"));
    let account_id = AccountId::parse("T1").expect("legal");
    let brand = Brand::default();
    let email = ReminderEmail {
        frame: MailFrame { texts: ENGLISH, brand: &brand, logo: None },
        from: &from,
        to: &to,
        account_id: &account_id,
        notices: &[],
        link: LINK,
        certificate_link: LINK,
        now: at(END),
        message_id: "m",
        stop_link: None,
    };
    assert!(email.mime().is_err());
}
