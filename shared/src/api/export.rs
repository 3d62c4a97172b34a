//! An export of an account, as lines of JSON.

use crate::api::account::AccountResponse;
use crate::api::client::ClientResponse;
use crate::api::consent::ConsentResponse;
use crate::api::member::MemberResponse;
use crate::api::secret::SecretResponse;
use crate::domain::primitives::ids::ClientId;
use crate::domain::sign_in::consent::Consent;
use crate::services::accounts::{ExportPage, ExportedClient};
use jiff::Timestamp;
use serde::Serialize;

/// The media type of the lines.
pub const MEDIA_TYPE: &str = "application/x-ndjson";

/// One line.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line {
    Account(AccountResponse),
    Member(MemberResponse),
    Client(Box<ClientResponse>),
    Secret {
        client_id: ClientId,
        #[serde(flatten)]
        secret: SecretResponse,
    },
    Consent {
        client_id: ClientId,
        #[serde(flatten)]
        consent: ConsentResponse,
    },
}

/// The lines of a page, of a deployment with or without a provider to sign in at.
#[must_use]
pub fn lines(page: ExportPage, issuer: &str, has_provider: bool, now: Timestamp) -> Vec<u8> {
    let mut text = Vec::new();
    let mut add = |line: &Line| {
        text.extend(serde_json::to_vec(line).unwrap_or_default());
        text.push(b'\n');
    };
    if let Some(account) = page.account {
        add(&Line::Account(AccountResponse::new(account, has_provider)));
    }
    for member in page.members {
        add(&Line::Member(MemberResponse::new(member, &page.mail, now)));
    }
    let consent = |client_id: &ClientId, consent: Consent| Line::Consent {
        client_id: client_id.clone(),
        consent: consent.into(),
    };
    if let Some((client_id, consents)) = page.more_consents {
        for given in consents {
            add(&consent(&client_id, given));
        }
    }
    if let Some(inputs) = page.inputs {
        for ExportedClient { client, secrets, consents } in page.clients {
            let client_id = client.client_id.clone();
            add(&Line::Client(Box::new(ClientResponse::new(client, issuer, &inputs))));
            for secret in secrets {
                add(&Line::Secret { client_id: client_id.clone(), secret: SecretResponse::new(secret, now) });
            }
            for given in consents {
                add(&consent(&client_id, given));
            }
        }
    }
    text
}
