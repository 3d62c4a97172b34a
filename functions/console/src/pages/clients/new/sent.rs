//! What the page of a new client takes from a form that was sent.

use crate::forms::Form;
use crate::forms::retry::PRIVATE_KEY;
use serde_json::json;
use shared::domain::client::federated_identity::workload::Platform;
use shared::domain::primitives::validation::FromJson;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::services::clients::SuppliedKeys;

/// What a form knows of the client that it was filled in from.
pub struct Copied {
    /// Heading of the page.
    pub title: String,
    /// What the new client does not get, in words.
    pub missing: Vec<String>,
}

impl Copied {
    /// Name of the field with the heading.
    pub const TITLE: &str = "duplicate";
    /// Name of the fields with what is missing.
    pub const MISSING: &str = "not_copied";

    /// What a form that was sent says of it.
    pub fn sent(form: &Form) -> Option<Self> {
        let title = without_hidden_characters(form.get(Self::TITLE)?);
        Some(Self { title, missing: form.all(Self::MISSING).map(without_hidden_characters).collect() })
    }
}

/// What is shown again of a form that was sent, and whether a key was left out: a file, or a text that is no public key and may be
/// a private one.
pub fn kept(form: &Form) -> (Form, bool) {
    let is_private = |name: &str, text: &str| {
        let is_key = name == "public_key_pem" && !text.trim().is_empty();
        text.contains(PRIVATE_KEY) || (is_key && SuppliedKeys::from_json(&json!(text)).is_err())
    };
    let is_left_out = |(name, text): &(&str, &str)| *name == "file" || is_private(name, text);
    let has_lost_key = form.pairs().any(|pair| !pair.1.is_empty() && is_left_out(&pair));
    let kept = form.pairs().filter(|pair| !is_left_out(pair));
    (kept.map(|(name, text)| (name.to_owned(), text.to_owned())).collect(), has_lost_key)
}

/// The fields of the page, in their order.
pub fn order(platform: Platform) -> Vec<&'static str> {
    const FIRST: [&str; 8] = [
        "client_name",
        "client_uri",
        "grant_types",
        "token_endpoint_auth_method",
        "redirect_uris",
        "public_key_pem",
        "jwks_uri",
        "federated_identities",
    ];
    const LAST: [&str; 12] = [
        "permissions",
        "expires_on",
        "label",
        "description",
        "contacts",
        "allowed_ips",
        "access_token_lifetime",
        "refresh_token_lifetime",
        "secret_display",
        "secret_storage",
        "client_id",
        "status",
    ];
    [&FIRST[..], platform.fields(), &LAST[..]].concat()
}
