//! What happens when something is done to a client as a whole, in words.

use super::action::ClientAction;
use crate::pages::clients::badges;
use crate::pages::parts::time::Instant;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::domain::client::secret::{Secret, is_in_use};
use shared::services::clients::Dependents;
use shared::texts::Texts;
use shared::texts::days::days_ago;

/// What it does, and what it leaves. `dependents` are those of a client that is deleted.
pub fn consequences(
    texts: Texts,
    action: ClientAction,
    client: &Client,
    dependents: Option<&Dependents>,
    now: Timestamp,
) -> Vec<String> {
    let offline = verified_offline(texts, client, now);
    let used = texts.with("last-used-on", [("day", badges::used_on(texts, client.last_used_on(), now))]);
    match action {
        ClientAction::Disable => {
            vec![texts.get("disable-no-tokens"), offline, texts.get("disable-is-reversible"), used]
        }
        ClientAction::Enable => vec![texts.get("enable-tokens-work-again")],
        ClientAction::RevokeTokens => {
            vec![texts.get("revoke-tokens-inactive"), offline, texts.get("revoke-tokens-secrets-stay"), used]
        }
        ClientAction::Delete => {
            let mut lost = dependents.map(|known| lost(texts, client, known, now)).unwrap_or_default();
            lost.extend([offline, texts.get("delete-is-final"), used]);
            lost
        }
    }
}

/// What ends with a client: its secrets, its keys, and what people let it do.
fn lost(texts: Texts, client: &Client, dependents: &Dependents, now: Timestamp) -> Vec<String> {
    let secret = |secret: &Secret| {
        let used = badges::used_on(texts, secret.last_used_on, now);
        texts.with("delete-secret", [("hint", secret.hint.as_str()), ("day", &used)])
    };
    let live = dependents.secrets.iter().filter(|secret| secret.is_live(now));
    let mut lost: Vec<String> = live.map(secret).collect();
    if client.key_source.is_some() || !client.federated_identities.is_empty() {
        lost.push(texts.get("delete-keys"));
    }
    let id = if dependents.has_more_people { "delete-consents-at-least" } else { "delete-consents" };
    lost.push(texts.count(id, dependents.people));
    lost
}

/// The advice to disable a client first, if it is active and something uses it.
pub fn advice(texts: Texts, client: &Client, now: Timestamp) -> Option<String> {
    let day = client.last_used_on().filter(|day| is_in_use(*day, now))?;
    let day = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let advice = || texts.with("delete-was-used", [("when", days_ago(texts, day, now))]);
    (client.status == Status::Active).then(advice)
}

/// Until when APIs that verify tokens offline accept those that a client has at `now`.
pub fn verified_offline(texts: Texts, client: &Client, now: Timestamp) -> String {
    // Rounded up to the minute that a page shows.
    let minutes = client.tokens_end(now).as_second().saturating_add(59).div_euclid(60);
    let end = Timestamp::from_second(minutes * 60).unwrap_or(Timestamp::MAX);
    texts.with("tokens-verified-offline", [("at", Instant::new(texts, end, now).utc)])
}
