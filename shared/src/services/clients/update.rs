//! Changing the details of a client.

use crate::adapters::store::{AuditRecord, WriteOutcome};
use crate::domain::audit::{Action, ChangedMember};
use crate::domain::client::Client;
use crate::domain::client::active_credentials::active_last_uses;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::reminder::certificate_last_notice;
use crate::services::audit::changes;
use crate::services::clients::keys::checks::record;
use crate::services::clients::keys::validate_credentials;
use crate::services::clients::{ClientChange, ClientError, ClientManager, target};
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};
use tokio::sync::OnceCell;

impl ClientManager<'_> {
    /// Changes the details of a client, if it is at an expected version.
    pub async fn update(
        &self,
        client_id: &str,
        change: &ClientChange,
        expected: VersionPredicate<'_>,
    ) -> Result<Client, ClientError> {
        // Fetched once, however often the change is tried.
        let checks = OnceCell::new();
        modify(|| async {
            let before = self.load_changeable(client_id).await?;
            ensure_version(expected, before.version)?;
            let mut after = self.apply(change, &before)?;
            self.ctx.principal.ensure_may_widen(&before, &after)?;
            if change.metadata.names_keys() {
                let found = checks.get_or_try_init(|| self.check_keys(&after)).await?;
                record(&mut after, found.clone());
            }
            let changed = changed_members(&before, &after);
            if changed.is_empty() {
                return Ok(Attempt::Done(before));
            }
            (after.version, after.updated_at) = (before.version + 1, self.ctx.now());
            after.last_uses = active_last_uses(&after);
            after.forget_unstored_values();
            after.remember_longer_tokens(&before, self.ctx.now());
            after.certificate_said = certificate_last_notice(&after).cloned();
            let audit = self
                .ctx
                .audit_context
                .audit(&self.account_id, Action::ClientUpdated, target(&after), &changed)
                .with_changes(changes::of_client(Some(&before), &after));
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.provisioner().update_client(&before, &after, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, after))
        })
        .await
    }

    fn apply(&self, change: &ClientChange, before: &Client) -> Result<Client, ClientError> {
        let (policy, now) = (self.ctx.backend.policy, self.ctx.now());
        let ClientChange { metadata, errors: mut checked } = change.clone();
        let mut after = before.clone();
        self.check_secret_storage(&metadata.secret_storage, before.secret_storage, &mut checked)?;
        metadata.apply(&mut after, policy.max_access_token_lifetime, now, &mut checked);
        let errors = validate_credentials(&after, &policy.issuer, &checked);
        checked.extend(errors);
        checked.extend(after.validate_new_values(before));
        if checked.is_ok() { Ok(after) } else { Err(ClientError::Invalid(checked.into_errors())) }
    }
}

fn changed_members(before: &Client, after: &Client) -> Vec<ChangedMember> {
    macro_rules! compare {
        ($($field:ident: $member:ident),+ $(,)?) => {
            [$((before.$field != after.$field).then_some(ChangedMember::$member)),+]
        };
    }
    let member = |client: &Client| client.key_source.as_ref().map(key_member);
    let keys = (before.key_source != after.key_source).then(|| [member(before), member(after)]);
    let [was, is] = keys.unwrap_or_default();
    let keys = [was.filter(|was| is != Some(*was)), is];
    compare!(
        client_name: ClientName,
        description: Description,
        client_uri: ClientUri,
        grant_types: GrantTypes,
        token_endpoint_auth_method: TokenEndpointAuthMethod,
        federated_identities: FederatedIdentities,
        access_token_lifetime: AccessTokenLifetime,
        refresh_token_lifetime: RefreshTokenLifetime,
        redirect_uris: RedirectUris,
        allowed_ips: AllowedIps,
        contacts: Contacts,
        secret_storage: SecretStorage,
        secret_display: SecretDisplay,
    )
    .into_iter()
    .chain(keys)
    .chain(keys_look_different(before, after).then_some(Some(ChangedMember::Credentials)))
    .flatten()
    .collect()
}

const fn key_member(keys: &ClientKeys) -> ChangedMember {
    match keys {
        ClientKeys::Jwks(_) => ChangedMember::Jwks,
        ClientKeys::JwksUri(_) => ChangedMember::JwksUri,
        ClientKeys::PublicKeyPem(_) => ChangedMember::PublicKeyPem,
    }
}

/// Whether only what was found at the same keys has changed.
fn keys_look_different(before: &Client, after: &Client) -> bool {
    before.key_checks != after.key_checks
        && before.key_source == after.key_source
        && before.federated_identities == after.federated_identities
}
