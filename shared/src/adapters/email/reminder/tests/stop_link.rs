//! The link by which a contact stops the e-mails of an account.

use super::*;

const STOP: &str = "https://id.example.com/mail/stop/Zm9vYmFyLQ_x";

#[test]
fn a_contact_can_stop_these_e_mails_in_the_program_and_by_the_link() {
    let notices = [notice(1, "Order sync", NoticeKind::Expiring(14), END)];
    let sent = Sent::to_contact(&notices, "2026-11-21T00:30:00Z", Some(STOP));
    let mail = sent.parsed();
    let raw = |name: &'static str| mail.header_raw(name).map(str::trim).map(str::to_owned);
    assert_eq!(raw("List-Unsubscribe"), Some(format!("<{STOP}>")));
    assert_eq!(raw("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert!(sent.text().contains(&format!("Stop these e-mails: {STOP}")), "{}", sent.text());
    assert!(sent.html().contains(&format!("<a href=\"{STOP}\">Stop these e-mails</a>")), "{}", sent.html());
    for part in [sent.text(), sent.html()] {
        assert!(part.contains("are a contact for clients") && !part.contains("may manage"), "{part}");
    }
}

#[test]
fn a_member_has_no_such_link() {
    let notices = [notice(1, "Order sync", NoticeKind::Expiring(14), END)];
    let sent = Sent::to_contact(&notices, "2026-11-21T00:30:00Z", None);
    assert_eq!(sent.parsed().header_raw("List-Unsubscribe"), None);
    for part in [sent.text(), sent.html()] {
        assert!(part.contains("may manage the clients") && !part.contains("Stop these"), "{part}");
    }
}
