//! Members and values of the audit trail, as people read them.

use crate::pages::audit::member_labels;
use crate::pages::clients::permissions::words::{management_words, place, scope_words};
use crate::pages::parts::time::Instant;
use jiff::Timestamp;
use serde_json::{Map, Value};
use shared::adapters::store::ResourceCatalog;
use shared::domain::account::SignInMethod;
use shared::domain::account::mail::SuppressionReason;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::ids::ResourceId;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::domain::resource::scope::ScopeSet;
use shared::texts::Texts;
use std::sync::Arc;

/// The longest value that is shown, in characters.
const MAX_VALUE: usize = 300;

/// Says what values mean.
pub struct ValueReader {
    /// Texts in the reader's language.
    pub texts: Texts,
    /// The APIs, with their names and the words of their scopes. Without one it is called by its id.
    pub catalogue: Option<Arc<ResourceCatalog>>,
    /// When the page is read.
    pub now: Timestamp,
}

/// Whether the values of a member name APIs.
pub fn names_apis(member: &str) -> bool {
    matches!(member, "permissions" | "entitlements")
}

impl ValueReader {
    /// What people call a member, if that is not what the API calls it.
    pub fn label(&self, member: &str) -> Option<String> {
        member_labels::label(member).map(|id| self.texts.get(id))
    }

    /// A value as people read it, of a long one the beginning; `None` if there is none.
    pub fn value(&self, member: &str, value: &Value) -> Option<String> {
        let text = without_hidden_characters(&self.words(member, value)?);
        if text.chars().count() <= MAX_VALUE {
            return Some(text);
        }
        Some(text.chars().take(MAX_VALUE).chain(['…']).collect())
    }

    fn words(&self, member: &str, value: &Value) -> Option<String> {
        match value {
            Value::Null => None,
            Value::Bool(is_so) => Some(self.texts.get(if *is_so { "yes" } else { "no" })),
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(self.text(member, text)),
            Value::Array(parts) => {
                let separator = if parts.iter().any(Value::is_object) { "; " } else { ", " };
                joined(parts.iter().filter_map(|part| self.words(member, part)), separator)
            }
            Value::Object(members) => self.granted(members).or_else(|| {
                let part = |(name, value): (&String, &Value)| {
                    // Names of claims are the operator's.
                    let label = if member == "claims" { None } else { self.label(name) };
                    let words = self.words(name, value)?;
                    Some(format!("{}: {words}", label.unwrap_or_else(|| name.clone())))
                };
                joined(members.iter().filter_map(part), ", ")
            }),
        }
    }

    fn text(&self, member: &str, text: &str) -> String {
        let texts = self.texts;
        let known = match (member, text) {
            ("status", "active") => Some(texts.get("status-active")),
            ("status", "disabled") => Some(texts.get("status-disabled")),
            ("end_users", "members") => Some(texts.get("limit-members")),
            ("end_users", "anyone") => Some(texts.get("audit-anyone")),
            ("grant_types", "client_credentials") => Some(texts.get("grant-client-credentials")),
            ("grant_types", "authorization_code") => Some(texts.get("grant-authorization-code")),
            ("grant_types", "refresh_token") => Some(texts.get("grant-refresh-token")),
            ("token_endpoint_auth_method", _) => {
                let words = texts.get(match text {
                    "none" => "signs-in-nothing",
                    "private_key_jwt" => "signs-in-key",
                    _ => "signs-in-secret",
                });
                Some(format!("{words} ({text})"))
            }
            ("sign_in_methods", _) => text.parse().ok().map(|method| {
                texts.get(match method {
                    SignInMethod::EmailCode => "audit-by-email-code",
                    SignInMethod::Provider => "audit-at-provider",
                })
            }),
            ("reason", _) => text.parse().ok().map(|reason| {
                texts.get(match reason {
                    SuppressionReason::Stopped => "audit-reason-stopped",
                    SuppressionReason::Bounced => "audit-reason-bounced",
                    SuppressionReason::Complained => "audit-reason-complained",
                })
            }),
            ("secret_display", "once") => Some(texts.get("settings-display-once")),
            ("secret_display", "on_request") => Some(texts.get("secret-on-request")),
            ("permissions", _) => {
                let right = ManagementScope::try_from(text.to_owned()).ok();
                right.map(|right| management_words(texts, right))
            }
            ("expires_at" | "invited_until", _) => {
                text.parse().ok().map(|at| Instant::new(texts, at, self.now).utc)
            }
            ("scopes" | "default_scopes", _) => Some(text.replace(' ', ", ")),
            _ => None,
        };
        known.unwrap_or_else(|| text.to_owned())
    }

    /// A permission or an entitlement: the API, its stage, and the scopes in words.
    fn granted(&self, members: &Map<String, Value>) -> Option<String> {
        let id = ResourceId::parse(members.get("resource")?.as_str()?).ok()?;
        let resource = self.catalogue.as_ref().and_then(|catalogue| catalogue.resources.get(&id));
        let scopes = match members.get("scopes").filter(|scopes| !scopes.is_null()) {
            None => self.texts.get("entitlement-all"),
            Some(scopes) => {
                let scopes: ScopeSet = serde_json::from_value(scopes.clone()).ok()?;
                scope_words(self.texts, resource, &id, &scopes).join(", ")
            }
        };
        Some(format!("{}: {scopes}", place(resource, &id)))
    }
}

fn joined(parts: impl Iterator<Item = String>, separator: &str) -> Option<String> {
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(separator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::domain::account::{EndUserPolicy, Status};
    use shared::domain::client::{AuthMethod, GrantType, SecretDisplay};
    use shared::domain::primitives::language::Language;
    use strum::VariantArray;

    fn read(language: Language, member: &str, value: &Value) -> Option<String> {
        let reader = ValueReader { texts: Texts::of(language), catalogue: None, now: Timestamp::UNIX_EPOCH };
        reader.value(member, value)
    }

    #[test]
    fn values_are_read_without_the_signs_of_json() {
        let identity = json!({ "issuer": "https://login.example", "subject": "4711" });
        for (member, value, english, german) in [
            (
                "permissions",
                json!([{ "resource": "orders", "scopes": ["a", "b"] }]),
                "orders: a, b",
                "orders: a, b",
            ),
            ("permissions", json!(["clients:read"]), "See the account’s API clients", "API-Clients"),
            (
                "entitlements",
                json!([{ "resource": "orders" }]),
                "orders: All that is not restricted",
                "orders: Alles",
            ),
            (
                "allowed_ips",
                json!(["203.0.113.0/24", "192.0.2.1"]),
                "203.0.113.0/24, 192.0.2.1",
                "203.0.113.0/24",
            ),
            ("remind", json!(true), "yes", "ja"),
            ("status", json!("disabled"), "Disabled", "Gesperrt"),
            ("expires_at", json!("2027-02-18T23:59:00Z"), "2027-02-18 23:59 UTC", "2027-02-18 23:59 UTC"),
            ("external_identity", identity, "4711", "4711"),
            (
                "claims",
                json!({ "clients": "4711", "vip": true }),
                "clients: 4711, vip: yes",
                "clients: 4711, vip: ja",
            ),
            ("limits", json!({ "clients": 7 }), "API clients: 7", "API-Clients: 7"),
            (
                "secret_lifetime_days",
                json!({ "default": 30, "max": 90 }),
                "Usual lifetime, in days: 30, Longest lifetime, in days: 90",
                ": 30, ",
            ),
            (
                "keys",
                json!({ "jwks_uri": "https://x.example/jwks" }),
                "URL of its public keys: https://x.example/jwks",
                "https://x",
            ),
            ("default_scopes", json!("a b"), "a, b", "a, b"),
        ] {
            for (language, words) in [(Language::English, english), (Language::German, german)] {
                let shown = read(language, member, &value).expect("a value");
                assert!(shown.contains(words), "{member}: {shown}");
                assert!(!shown.contains(['{', '[', '"']), "{member}: {shown}");
            }
        }
    }

    #[test]
    fn each_name_that_a_value_can_have_has_words_in_each_language() {
        fn all<T: VariantArray + Copy + Into<&'static str>>() -> Vec<&'static str> {
            T::VARIANTS.iter().map(|variant| (*variant).into()).collect()
        }
        for (member, values) in [
            ("status", vec![Status::Active.into(), Status::Disabled.into()]),
            ("end_users", vec![EndUserPolicy::Members.into(), EndUserPolicy::Anyone.into()]),
            ("grant_types", all::<GrantType>()),
            ("token_endpoint_auth_method", all::<AuthMethod>()),
            ("secret_display", all::<SecretDisplay>()),
            ("sign_in_methods", all::<SignInMethod>()),
            ("permissions", all::<ManagementScope>()),
        ] {
            for name in values {
                for language in Language::VARIANTS {
                    let words = read(*language, member, &json!([name])).expect("a value");
                    assert!(words != name && !words.is_empty(), "{member}: {name}");
                }
            }
        }
    }

    #[test]
    fn nothing_is_no_value_and_a_long_one_is_cut_off() {
        for nothing in [json!(null), json!([]), json!({})] {
            assert_eq!(read(Language::English, "contacts", &nothing), None);
        }
        let long = read(Language::English, "x", &json!("x".repeat(1_000))).expect("a value");
        assert_eq!(long.chars().count(), MAX_VALUE + 1);
    }
}
