//! The items of clients and of their secrets.

use crate::adapters::error::BackendError;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::adapters::store::transaction::Condition;
use crate::domain::client::Client;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::ClientId;

/// The item of a client. `expires_on`, of its certificate, is the key of the index of expiring credentials.
pub(super) fn client_item(client: &Client) -> Result<item::Item, BackendError> {
    let (list_key, list_sort) = keys::client_listing(client);
    let mut item = item::write(&keys::client(&client.client_id), client)?;
    item.insert("list_key".to_owned(), item::text(list_key));
    item.insert("list_sort".to_owned(), item::text(list_sort));
    if let Some(certificate) = client.key_source.as_ref().and_then(ClientKeys::certificate) {
        item.insert("expires_on".to_owned(), item::text(keys::expiry_date(certificate.expires_at)));
    }
    Ok(item)
}

/// The client is as it was read, including the last notice about its certificate and the last uses of its credentials:
/// these do not change the version, and writing the client would undo them.
pub(super) fn expected_version(client: &Client) -> Result<Condition<'static>, BackendError> {
    let said = client.certificate_said.as_ref();
    let said = said.map(|said| item::value("comparing a client", said)).transpose()?;
    let last_uses = item::value("comparing a client", &client.last_uses)?;
    Ok(Condition::ClientUnchanged { version: client.version, said, last_uses })
}

/// The item of a secret. `expires_on` is the key of the index of expiring credentials.
pub(super) fn secret_item(client: &ClientId, secret: &Secret) -> Result<item::Item, BackendError> {
    let mut item = item::write(&keys::secret(client, &secret.secret_id), secret)?;
    item.insert("expires_on".to_owned(), item::text(keys::expiry_date(secret.expires_at)));
    Ok(item)
}
