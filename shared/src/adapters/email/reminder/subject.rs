//! The subject of a reminder.

use crate::adapters::email::format;
use crate::adapters::email::reminder::{ReminderEmail, is_certificate, is_expired, name};
use crate::domain::reminder::Notice;
use crate::texts::Texts;
use crate::texts::days::in_days;

/// The subject, the most urgent notices first, at most one line long.
pub fn of(email: &ReminderEmail<'_>) -> String {
    let (texts, sorted) = (email.frame.texts, email.sorted());
    let (expired, soon) = sorted.split_at(sorted.iter().filter(|notice| is_expired(notice)).count());
    let account = email.account_id.as_str();
    match (expired, soon) {
        ([], [one]) => {
            let (when, date) =
                (in_days(texts, one.expires_at, email.now), format::day_of(texts, one.expires_at));
            let is_certificate = is_certificate(one);
            let id = if is_certificate { "reminder-certificate-expires" } else { "reminder-secret-expires" };
            format::subject(&quoted(one), |name| {
                texts.with(id, [("client", name), ("when", &when), ("date", &date)])
            })
        }
        ([], soon) => {
            let what = counted(texts, soon);
            let first = soon.first().map(|first| in_days(texts, first.expires_at, email.now));
            let when = first.unwrap_or_default();
            format::subject(account, |account| {
                let args = [("what", what.as_str()), ("account", account), ("when", &when)];
                texts.with("reminder-expire-soon", args)
            })
        }
        ([one], _) => {
            let rest = rest(texts, expired, soon);
            let is_certificate = is_certificate(one);
            let id = if is_certificate { "reminder-certificate-expired" } else { "reminder-secret-expired" };
            format::subject(&quoted(one), |name| texts.with(id, [("client", name), ("rest", &rest)]))
        }
        (expired, _) => {
            let (what, rest) = (counted(texts, expired), rest(texts, expired, soon));
            format::subject(account, |account| {
                let args = [("what", what.as_str()), ("account", account), ("rest", &rest)];
                texts.with("reminder-expired", args)
            })
        }
    }
}

fn quoted(notice: &Notice) -> String {
    format::quote(&name(notice))
}

fn count(notices: &[&Notice]) -> (u64, u64) {
    let certificates = notices.iter().filter(|notice| is_certificate(notice)).count();
    ((notices.len() - certificates) as u64, certificates as u64)
}

/// `12 secrets`, `1 secret and 2 certificates`.
fn counted(texts: Texts, notices: &[&Notice]) -> String {
    let (secrets, certificates) = count(notices);
    let (some_secrets, some_certificates) =
        (texts.count("reminder-secrets", secrets), texts.count("reminder-certificates", certificates));
    match (secrets, certificates) {
        (_, 0) => some_secrets,
        (0, _) => some_certificates,
        _ => texts.with("reminder-both", [("secrets", some_secrets), ("certificates", some_certificates)]),
    }
}

/// The end of the subject. With both kinds, there is no room for the consequence of the expiry.
fn rest(texts: Texts, expired: &[&Notice], soon: &[&Notice]) -> String {
    match (soon.len() as u64, count(expired)) {
        (0, (1, 0)) => texts.get("reminder-tried-one"),
        (0, (_, 0)) => texts.get("reminder-tried-all"),
        (0, (0, 1)) => texts.get("reminder-without-one"),
        (0, (0, _)) => texts.get("reminder-without-all"),
        (0, _) => String::new(),
        (more, _) => texts.count("reminder-more", more),
    }
}
