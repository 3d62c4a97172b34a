//! The subject of a reminder.

use crate::adapters::email::format;
use crate::adapters::email::reminder::{ReminderEmail, is_certificate, is_expired, name};
use crate::domain::reminder::Notice;

/// The subject, the most urgent notices first, at most one line long.
pub fn of(email: &ReminderEmail<'_>) -> String {
    let sorted = email.sorted();
    let (expired, soon) = sorted.split_at(sorted.iter().filter(|notice| is_expired(notice)).count());
    let account = email.account_id.as_str();
    match (expired, soon) {
        ([], [one]) => {
            let (days, day) = (format::in_days(one.expires_at, email.now), format::day_of(one.expires_at));
            one_client(one, &format!(" expires {days} ({day})"))
        }
        ([], soon) => {
            let first = soon.first().map_or_else(String::new, |first| {
                format!(", the first {}", format::in_days(first.expires_at, email.now))
            });
            format::subject(&format!("{} of ", counted(soon)), account, &format!(" expire soon{first}"))
        }
        ([one], _) => one_client(one, &format!(" has expired{}", rest(expired, soon))),
        (expired, _) => {
            let after = format!(" have expired{}", rest(expired, soon));
            format::subject(&format!("{} of ", counted(expired)), account, &after)
        }
    }
}

fn one_client(notice: &Notice, after: &str) -> String {
    let before = if is_certificate(notice) { "Certificate of \"" } else { "Secret of \"" };
    format::subject(before, &format::quote(&name(notice)), &format!("\"{after}"))
}

fn count(notices: &[&Notice]) -> (usize, usize) {
    let certificates = notices.iter().filter(|notice| is_certificate(notice)).count();
    (notices.len() - certificates, certificates)
}

/// `12 secrets`, `1 secret and 2 certificates`.
fn counted(notices: &[&Notice]) -> String {
    let some = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    match count(notices) {
        (secrets, 0) => some(secrets, "secret"),
        (0, certificates) => some(certificates, "certificate"),
        (secrets, certificates) => {
            format!("{} and {}", some(secrets, "secret"), some(certificates, "certificate"))
        }
    }
}

/// The end of the subject. With both kinds, there is no room for the consequence of the expiry.
fn rest(expired: &[&Notice], soon: &[&Notice]) -> String {
    match (soon.len(), count(expired)) {
        (0, (1, 0)) => " and is still being tried".to_owned(),
        (0, (_, 0)) => " and are still being tried".to_owned(),
        (0, (0, 1)) => " and nothing takes its place".to_owned(),
        (0, (0, _)) => " and nothing takes their place".to_owned(),
        (0, _) => String::new(),
        (1, _) => ", 1 more expires soon".to_owned(),
        (more, _) => format!(", {more} more expire soon"),
    }
}
