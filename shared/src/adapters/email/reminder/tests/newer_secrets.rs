//! Reminders about a secret that has a successor: they name it, and advise to create no other.

use super::*;

const NOW: &str = "2026-12-03T23:59:00Z";

fn older(number: u128, used: Option<Date>, is_paused: bool) -> Notice {
    let newer = NewerSecret { hint: "b2Lm".into(), last_used_on: used, is_paused };
    Notice { newer: Some(newer), ..notice(number, "Order sync", NoticeKind::Expiring(1), END) }
}

#[test]
fn newer_secret_is_named_with_its_use() {
    for (notice, words) in [
        (older(1, None, false), "…b2Lm, not used yet"),
        (older(1, Some(date(2026, 12, 2)), false), "…b2Lm, last used on 2 December 2026"),
        (older(1, None, true), "…b2Lm, paused, so that no program can use it"),
    ] {
        let one = Sent::of(std::slice::from_ref(&notice), NOW);
        let table = Sent::of(&vec![notice; 6], NOW);
        for part in [one.text(), one.html(), table.text(), table.html()] {
            assert!(part.contains(words) && part.contains("…x7Qd, last used"), "{words}: {part}");
            assert!(part.contains("There is no need for a third."), "{part}");
            assert!(!part.to_lowercase().contains("create"), "{part}");
        }
    }
}

#[test]
fn advice_tells_secrets_with_and_without_a_successor_apart() {
    let notices = [older(1, None, false), notice(2, "Billing", NoticeKind::Expiring(1), END)];
    let sent = Sent::of(&notices, NOW);
    for part in [sent.text(), sent.html()] {
        for words in ["for each secret without a newer one", "for each secret that has a newer one"] {
            assert!(part.contains(words), "{words}: {part}");
        }
    }
}

#[test]
fn contacts_may_pass_the_mail_on() {
    let notices = [notice(1, "Order sync", NoticeKind::Expiring(1), END)];
    let contact = Sent::to_contact(&notices, NOW, Some("https://id.example.com/mail/stop/x"));
    let member = Sent::to_contact(&notices, NOW, None);
    assert!(contact.html().contains("pass this mail on") && contact.text().contains("pass this mail on"));
    assert!(!member.html().contains("pass this mail on") && member.html().contains("Open the link"));
}
