//! Noting where a member has signed in, so that requests of others cannot lock them out there.

use crate::adapters::crypto::known_browser::{hash_known_source, new_browser, seal_browser};
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::store::Store;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::sign_in::known_browser::KnownBrowser;
use jiff::Timestamp;
use std::net::IpAddr;

/// Notes a sign-in with `email`, and returns the value of the browser's cookie. A failure is logged only: the person has
/// signed in.
pub async fn note_sign_in(
    store: &Store,
    peppers: &Peppers,
    email: &EmailAddress,
    client_ip: Option<IpAddr>,
    browser: Option<KnownBrowser>,
    now: Timestamp,
) -> String {
    let digest = hash_known_source(peppers, email, client_ip);
    if let Err(error) = store.note_known_source(&digest, now).await {
        tracing::warn!(cause = %error, "the source of a sign-in could not be noted");
    }
    let browser = browser.unwrap_or_else(new_browser).with_sign_in(email, now);
    seal_browser(peppers, &browser)
}
