//! The `directory` table of the stub: clients in memory, the catalogue, one account.

use super::item::{found, item};
use crate::BoxError;
use crate::fixture::{self, ClientKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::adapters::crypto::peppers::Peppers;
use shared::domain::client::credential::CredentialId;
use shared::domain::client::secret::SecretDigest;
use shared::domain::primitives::ids::{ClientId, SecretId};
use std::collections::HashMap;

/// Placeholders in the template of a response.
const ANY_CLIENT: &str = "any-client";
const ANY_DIGEST: [u8; 32] = [0; 32];

/// The most clients of a kind other than [`ClientKind::Plain`].
const FEW: u32 = 100;

struct Row {
    kind: ClientKind,
    secret_id: SecretId,
    digest: String,
}

pub struct Directory {
    clients: HashMap<String, Row>,
    /// The response of a `Query` for a client.
    templates: HashMap<ClientKind, String>,
    catalogue: String,
    account: String,
}

impl Directory {
    pub fn with(clients: u32, now: Timestamp) -> Result<Self, BoxError> {
        let peppers = Peppers::parse(fixture::PEPPER)?;
        let (mut rows, mut templates) = (HashMap::new(), HashMap::new());
        for kind in ClientKind::ALL {
            let count = if kind == ClientKind::Plain { clients } else { clients.min(FEW) };
            for number in 0..count {
                let digest = STANDARD.encode(fixture::digest(&peppers, kind, number)?.digest);
                let row = Row { kind, secret_id: fixture::secret_id(number), digest };
                rows.insert(fixture::credentials(kind, number)?.0.to_string(), row);
            }
            templates.insert(kind, template(kind, now)?);
        }
        let mut resources = Vec::new();
        for (name, alg) in fixture::RESOURCES {
            let resource = fixture::resource(name, alg, now)?;
            resources.push(item(&resource, "CATALOGUE", &format!("RESOURCE#{name}"))?);
        }
        let account = item(&fixture::account(now)?, &account_key(), "ACCOUNT")?;
        Ok(Self {
            clients: rows,
            templates,
            catalogue: found(&resources),
            account: json!({ "Item": account }).to_string(),
        })
    }

    pub fn query(&self, input: &Value) -> Option<String> {
        let pk = input.pointer("/ExpressionAttributeValues/:pk/S")?.as_str()?;
        if pk == "CATALOGUE" {
            return Some(self.catalogue.clone());
        }
        // The account has no members, and nothing is known of its mails.
        if pk == account_key() || pk.starts_with("MAIL#") {
            return Some(found(&[]));
        }
        let id = pk.strip_prefix("CLIENT#")?;
        let Some(row) = self.clients.get(id) else { return Some(found(&[])) };
        let text = self.templates.get(&row.kind)?.replace(ANY_CLIENT, id);
        let text = text.replace(any_secret().as_str(), row.secret_id.as_str());
        let text = text.replace(&last_use_of(&any_secret()), &last_use_of(&row.secret_id));
        Some(text.replace(&STANDARD.encode(ANY_DIGEST), &row.digest))
    }

    /// `GetItem` of the account; and, for the peers, of a client with its secret in plain text, by `id`.
    pub fn get(&self, input: &Value) -> Option<String> {
        if input.pointer("/Key/pk/S").and_then(Value::as_str) == Some(&account_key()) {
            return Some(self.account.clone());
        }
        let id = input.pointer("/Key/id/S")?.as_str()?;
        self.clients.get(id)?;
        let number = id.strip_prefix("bench-")?.parse().ok()?;
        let (_, secret) = fixture::credentials(ClientKind::Plain, number).ok()?;
        let item = json!({ "id": { "S": id }, "client_secret": { "S": secret.expose() } });
        Some(json!({ "Item": item }).to_string())
    }
}

fn template(kind: ClientKind, now: Timestamp) -> Result<String, BoxError> {
    let digest = SecretDigest { pepper_id: "p1".to_owned(), digest: ANY_DIGEST.to_vec() };
    let secret = fixture::secret(any_secret(), digest, now);
    let client = fixture::client(kind, ClientId::parse(ANY_CLIENT)?, &secret.secret_id, now)?;
    let pk = format!("CLIENT#{ANY_CLIENT}");
    Ok(found(&[item(&client, &pk, "CLIENT")?, item(&secret, &pk, &format!("SECRET#{}", secret.secret_id))?]))
}

fn account_key() -> String {
    format!("ACCOUNT#{}", fixture::ACCOUNT)
}

/// The name under which the last use of a secret is stored, in JSON.
fn last_use_of(secret: &SecretId) -> String {
    format!("\"{}\"", CredentialId::of_secret(secret).as_str())
}

fn any_secret() -> SecretId {
    SecretId::from_random_bytes([0; 16])
}
