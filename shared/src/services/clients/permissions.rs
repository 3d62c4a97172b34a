//! Replacing the permissions of a client.

use crate::adapters::store::{AuditRecord, WriteOutcome};
use crate::domain::audit::{Action, ChangedMember};
use crate::domain::client::Client;
use crate::domain::client::permission::{self, MAX_PERMISSIONS, Permission, RequestedPermission};
use crate::domain::management::{self, ManagementScope};
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::validation::Validator;
use crate::services::audit::changes;
use crate::services::clients::{ClientError, ClientManager, target};
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};
use crate::services::principal::management_scopes;

impl ClientManager<'_> {
    /// Replaces all permissions of a client, if it is at an expected version. The caller adds only management scopes
    /// that it holds.
    pub async fn replace_permissions(
        &self,
        client_id: &str,
        requested: Vec<RequestedPermission>,
        expected: VersionPredicate<'_>,
    ) -> Result<Client, ClientError> {
        let permissions = self.checked_permissions(requested).await?;
        modify(|| async {
            let before = self.load_changeable(client_id).await?;
            ensure_version(expected, before.version)?;
            let after = self.with_permissions(&before, permissions.clone())?;
            if after.permissions == before.permissions {
                return Ok(Attempt::Done(before));
            }
            let audit = self
                .ctx
                .audit_context
                .audit(
                    &self.account_id,
                    Action::ClientPermissionsReplaced,
                    target(&after),
                    &[ChangedMember::Permissions],
                )
                .with_changes(changes::of_client(Some(&before), &after));
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().update_client(&after, &before, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, after))
        })
        .await
    }

    /// What a client would hold if its permissions were replaced by these: with the scopes that they imply. Nothing is
    /// changed; what would be refused is refused.
    pub async fn preview_permissions(
        &self,
        client_id: &str,
        requested: Vec<RequestedPermission>,
    ) -> Result<Vec<Permission>, ClientError> {
        let permissions = self.checked_permissions(requested).await?;
        let before = self.load_changeable(client_id).await?;
        Ok(self.with_permissions(&before, permissions)?.permissions)
    }

    async fn checked_permissions(
        &self,
        requested: Vec<RequestedPermission>,
    ) -> Result<Vec<Permission>, ClientError> {
        let mut checked = Validator::new();
        let permissions = self.resolve_permissions(requested, &mut checked).await?;
        if checked.is_ok() { Ok(permissions) } else { Err(ClientError::Invalid(checked.into_errors())) }
    }

    /// The next version of a client, with these permissions, if the caller may give it them.
    fn with_permissions(&self, before: &Client, permissions: Vec<Permission>) -> Result<Client, ClientError> {
        self.ctx.principal.ensure_may_grant(&before.permissions, &permissions)?;
        let after =
            Client { permissions, version: before.version + 1, updated_at: self.ctx.now(), ..before.clone() };
        if after.permissions == before.permissions {
            return Ok(after);
        }
        self.ensure_may_hold(before, &after)?;
        let errors = [after.validate(), after.validate_new_values(before)].concat();
        if errors.is_empty() { Ok(after) } else { Err(ClientError::Invalid(errors)) }
    }

    /// Checks that the caller may change the permissions of this client so.
    fn ensure_may_hold(&self, before: &Client, after: &Client) -> Result<(), ClientError> {
        let principal = self.ctx.principal;
        principal.ensure_may_widen(before, after)?;
        let (held, holds) = (management_scopes(&before.permissions), management_scopes(&after.permissions));
        if !holds.is_subset(&held) {
            principal.ensure_networks_cover(after)?;
        }
        if held.contains(&ManagementScope::AccountsManage)
            && !holds.contains(&ManagementScope::AccountsManage)
        {
            Self::ensure_not_operators(before)?;
        }
        Ok(())
    }

    /// Checks requested permissions against the catalog and the account's entitlements. Before any is an error, the
    /// resources that are named are read themselves. None where there are errors.
    pub(super) async fn resolve_permissions(
        &self,
        requested: Vec<RequestedPermission>,
        checked: &mut Validator,
    ) -> Result<Vec<Permission>, ClientError> {
        let store = self.ctx.store();
        let account = self.account().await?;
        let catalog = self.ctx.backend.catalog.get(self.ctx.now()).await?;
        let entitlements = &account.entitlements;
        let find = |id: &ResourceId| catalog.value.resources.get(id);
        if let Ok(permissions) = permission::resolve(requested.clone(), entitlements, find) {
            return Ok(permissions);
        }
        let mut resources = catalog.value.resources.clone();
        for permission in requested.iter().take(MAX_PERMISSIONS) {
            let id = &permission.resource;
            match store.load_resource(id).await? {
                Some(resource) => resources.insert(id.clone(), resource),
                None if id.as_str() == management::RESOURCE_ID => None,
                None => resources.remove(id),
            };
        }
        Ok(permission::resolve(requested, entitlements, |id| resources.get(id)).unwrap_or_else(|errors| {
            checked.extend(errors.into_iter().map(|error| error.nested("permissions")));
            Vec::new()
        }))
    }
}
