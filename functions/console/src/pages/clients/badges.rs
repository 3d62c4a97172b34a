//! What pages say about a client in a word or two.

use crate::pages::parts::time::relative;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::domain::client::attention::Attention;
use shared::domain::client::federated_identity::workload::Platform;
use shared::services::clients::SignInMeans;
use shared::texts::Texts;
use std::collections::BTreeSet;

/// A status, with an icon and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusBadge {
    /// Whether it is enabled.
    pub is_active: bool,
}

impl StatusBadge {
    /// The badge of a client.
    pub fn of(client: &Client) -> Self {
        Self { is_active: client.status == Status::Active }
    }
}

/// Why a client needs attention, in words.
pub fn attention(texts: Texts, client: &Client, reason: Attention, now: Timestamp) -> String {
    let ends = match reason {
        Attention::SecretExpiring | Attention::SecretExpired => {
            client.newest_secret().map(|secret| secret.expires_at)
        }
        _ => None,
    };
    let (id, _) = text_ids(reason);
    match ends {
        Some(at) => texts.with(id, [("when", &relative(texts, at, now))]),
        None => texts.get(id),
    }
}

/// A reason for attention as a filter names it.
pub fn attention_filter(texts: Texts, reason: Attention) -> String {
    texts.get(text_ids(reason).1)
}

/// The ids of the sentence about a reason, and of its short name.
const fn text_ids(reason: Attention) -> (&'static str, &'static str) {
    match reason {
        Attention::NoPermissions => ("attention-no-permissions", "attention-filter-no-permissions"),
        Attention::NoCredentials => ("attention-no-credentials", "attention-filter-no-credentials"),
        Attention::SecretExpiring => ("attention-secret-expiring", "attention-filter-secret-expiring"),
        Attention::SecretExpired => ("attention-secret-expired", "attention-filter-secret-expired"),
        Attention::OlderSecretExpiring => {
            ("attention-older-secret-expiring", "attention-filter-older-secret-expiring")
        }
        Attention::CertificateExpiring => {
            ("attention-certificate-expiring", "attention-filter-certificate-expiring")
        }
        Attention::CertificateExpired => {
            ("attention-certificate-expired", "attention-filter-certificate-expired")
        }
        Attention::WildcardRedirect => ("attention-wildcard-redirect", "attention-filter-wildcard-redirect"),
        Attention::StoredSecretMissing => {
            ("attention-stored-secret-missing", "attention-filter-stored-secret-missing")
        }
        Attention::NotEntitled => ("attention-not-entitled", "attention-filter-not-entitled"),
        Attention::SharedAudience => ("attention-shared-audience", "attention-filter-shared-audience"),
        Attention::OpenAllowlist => ("attention-open-allowlist", "attention-filter-open-allowlist"),
        Attention::JwksUriNotAllowed => {
            ("attention-jwks-uri-not-allowed", "attention-filter-jwks-uri-not-allowed")
        }
        Attention::MailDeferred => ("attention-mail-deferred", "attention-filter-mail-deferred"),
        Attention::NoRecipients => ("attention-no-recipients", "attention-filter-no-recipients"),
        Attention::KeysUnavailable => ("attention-keys-unavailable", "attention-filter-keys-unavailable"),
        Attention::NoUsableKey => ("attention-no-usable-key", "attention-filter-no-usable-key"),
        Attention::UnroutableAllowlist => {
            ("attention-unroutable-allowlist", "attention-filter-unroutable-allowlist")
        }
    }
}

/// Where a reason for attention is mended: the end of the path below the client's, and the id of the link's text. `None` if time
/// mends it.
pub const fn remedy(reason: Attention) -> Option<(&'static str, &'static str)> {
    Some(match reason {
        Attention::NoPermissions | Attention::NotEntitled | Attention::SharedAudience => {
            ("permissions", "remedy-permissions")
        }
        Attention::NoCredentials => ("credentials", "remedy-credentials"),
        Attention::SecretExpiring
        | Attention::SecretExpired
        | Attention::OlderSecretExpiring
        | Attention::StoredSecretMissing => ("credentials/rotate", "rotate-link"),
        Attention::NoRecipients => ("edit", "remedy-contacts"),
        Attention::CertificateExpiring
        | Attention::CertificateExpired
        | Attention::JwksUriNotAllowed
        | Attention::KeysUnavailable
        | Attention::NoUsableKey => ("credentials/keys", "change-keys"),
        Attention::WildcardRedirect => ("settings", "remedy-redirects"),
        Attention::OpenAllowlist | Attention::UnroutableAllowlist => ("settings", "remedy-addresses"),
        Attention::MailDeferred => return None,
    })
}

/// The name of a month, from 1 to 12.
pub fn month(texts: Texts, month: i8) -> String {
    texts.get(match month {
        1 => "month-january",
        2 => "month-february",
        3 => "month-march",
        4 => "month-april",
        5 => "month-may",
        6 => "month-june",
        7 => "month-july",
        8 => "month-august",
        9 => "month-september",
        10 => "month-october",
        11 => "month-november",
        _ => "month-december",
    })
}

/// How a client authenticates, in a word: with a platform by its name, if that is known.
pub fn signs_in_with(texts: Texts, client: &Client) -> String {
    let id = match SignInMeans::of(client) {
        SignInMeans::Secret => "signs-in-secret",
        SignInMeans::Key => "signs-in-key",
        SignInMeans::Nothing => "signs-in-nothing",
        SignInMeans::Platform => {
            let issuers = client.federated_identities.iter().map(|identity| identity.issuer.as_str());
            let platforms: BTreeSet<Platform> = issuers.map(Platform::of_issuer).collect();
            if platforms.contains(&Platform::Other) {
                return texts.get("signs-in-platform");
            }
            let names: Vec<String> =
                platforms.into_iter().map(|platform| platform_name(texts, platform)).collect();
            return names.join(", ");
        }
    };
    texts.get(id)
}

/// What a platform is called.
pub fn platform_name(texts: Texts, platform: Platform) -> String {
    texts.get(match platform {
        Platform::Aws => "platform-aws",
        Platform::Github => "platform-github",
        Platform::Kubernetes => "platform-kubernetes",
        Platform::Google => "platform-google",
        Platform::Entra => "platform-entra",
        Platform::Other => "platform-other",
    })
}

/// A day of last use: today, or its date (UTC).
pub fn used_on(texts: Texts, at: Option<jiff::civil::Date>, now: Timestamp) -> String {
    match at {
        None => texts.get("never-used"),
        Some(day) if day == now.to_zoned(TimeZone::UTC).date() => texts.get("used-today"),
        Some(day) => day.to_string(),
    }
}

/// The same for a list: whether it is in use today, or when it was.
pub fn in_use_on(texts: Texts, at: Option<jiff::civil::Date>, now: Timestamp) -> String {
    let is_today = at == Some(now.to_zoned(TimeZone::UTC).date());
    if is_today { texts.get("in-use-today") } else { used_on(texts, at, now) }
}
