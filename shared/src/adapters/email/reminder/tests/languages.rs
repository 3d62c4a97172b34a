//! Reminders in German, and with the operator's brand.

use super::*;
use crate::domain::brand::colour::BrandColour;
use crate::domain::primitives::link_url::LinkUrl;

const NOW: &str = "2026-11-21T00:30:00Z";

fn german(notices: &[Notice]) -> Sent {
    Sent::build(notices, NOW, LINK, "b2f6-01", Some("https://id.example/stop"), Texts::of(Language::German))
}

#[test]
fn both_parts_are_in_the_readers_language() {
    let mail = german(&[notice(1, "Order sync", NoticeKind::Expiring(14), END)]);
    assert_eq!(mail.subject, "Secret von „Order sync“ läuft in 13 Tagen ab (4. Dezember 2026)");
    for part in [mail.text(), mail.html()] {
        for expected in
            ["4. Dezember 2026, 23:59:00 UTC", "zuletzt verwendet am 20. November 2026", "Was zu tun ist"]
        {
            assert!(part.contains(expected), "{expected}: {part}");
        }
        for english in ["Expir", "What to do", "You get this", "Stop these"] {
            assert!(!part.contains(english), "{english}: {part}");
        }
    }
    assert!(mail.html().contains("<html lang=\"de\">"));
    let lines = mail.text();
    let long: Vec<&str> =
        lines.lines().filter(|line| line.chars().count() > 82 && !line.contains("http")).collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn subjects_of_several_are_in_the_readers_language() {
    let mut notices = many(3, "Client");
    notices.push(notice(4, "Client", NoticeKind::Expired, "2026-11-20T00:00:00Z"));
    assert_eq!(german(&notices).subject, "Secret von „Client“ ist abgelaufen, 3 weitere laufen bald ab");
    let mail = german(&many(3, "Client"));
    assert_eq!(mail.subject, "3 Secrets von T12345678 laufen bald ab, das erste in 14 Tagen");
}

#[test]
fn the_operators_name_colour_and_links_are_in_it() {
    let brand = Brand {
        name: Name::parse("Acme APIs").ok(),
        colour: BrandColour::parse("#ffcc00"),
        support_url: LinkUrl::parse("https://help.example.com/").ok(),
        ..Brand::default()
    };
    let frame = MailFrame { texts: ENGLISH, brand: &brand, logo: None };
    let notices = [notice(1, "Order sync", NoticeKind::Expiring(14), END)];
    let (from, to) = (email("latchkey@mail.example"), email("ann@acme.example"));
    let account_id = AccountId::parse("T12345678").expect("legal");
    let mail = ReminderEmail {
        frame,
        from: &from,
        to: &to,
        account_id: &account_id,
        notices: &notices,
        link: LINK,
        certificate_link: LINK,
        now: at(NOW),
        message_id: "b2f6-01",
        stop_link: None,
    };
    let raw = String::from_utf8(mail.mime().expect("written")).expect("mail is ASCII here");
    let sent = Sent { subject: mail.subject(), raw };
    assert!(sent.text().contains("Acme APIs never sends a secret by mail"), "{}", sent.text());
    assert!(sent.text().contains("Help: https://help.example.com/"), "{}", sent.text());
    let html = sent.html();
    for expected in
        ["Acme APIs · account T12345678", "background:#ffcc00;color:#17212b", "https://help.example.com/"]
    {
        assert!(html.contains(expected), "{expected}: {html}");
    }
}
