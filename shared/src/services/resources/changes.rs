//! Creating, changing and deleting resources. Each change writes the lock of the catalogue, so that rules between
//! resources hold also for changes at the same time.

use crate::adapters::store::{AuditRecord, Created, WriteConflict, WriteOutcome};
use crate::domain::audit::{Action, AuditEntry, ChangedMember, Target};
use crate::domain::management;
use crate::domain::resource::{Resource, validate};
use crate::services::audit::changes;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};
use crate::services::resources::rules::{validate_new, validate_size};
use crate::services::resources::{CreateResource, ResourceChange, ResourceError, Resources, load};

impl Resources<'_> {
    /// Creates a resource. Its id and audience never change.
    pub async fn create(&self, new: CreateResource) -> Result<Resource, ResourceError> {
        if let Some(created) = self.ctx.find_created().await? {
            return self.replayed(created).await;
        }
        let resource = new.validate(self.ctx.now()).map_err(ResourceError::Invalid)?;
        if resource.resource_id.as_str() == management::RESOURCE_ID {
            return Err(ResourceError::IdTaken);
        }
        let audit = self
            .audit(Action::ResourceCreated, &resource, &[])
            .with_changes(changes::of_resource(None, &resource));
        let created = Created::Resource { resource_id: resource.resource_id.clone() };
        let idempotency_record = self.ctx.audit_context.idempotency_record(created);
        modify(|| async {
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            let store = self.ctx.store();
            let (state, owner) = tokio::try_join!(
                store.load_catalogue_state(),
                store.load_audience_owner(&resource.audience)
            )?;
            let is_known = state.catalogue.resources.contains_key(&resource.resource_id);
            // Of a resource that exists, the transaction says whether this request created it.
            if !is_known {
                validate_new(&resource, &state.catalogue, &self.ctx.backend.policy.issuer)?;
            }
            match store.create_resource(&resource, &state, owner.as_ref(), &record).await? {
                WriteOutcome::Committed => {
                    self.ctx.backend.catalog.invalidate();
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done(resource.clone()))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    let created = self.ctx.require_created().await?;
                    self.replayed(created).await.map(Attempt::Done)
                }
                WriteOutcome::Rejected(WriteConflict::AlreadyExists) => Err(ResourceError::IdTaken),
                WriteOutcome::Rejected(WriteConflict::IdRetired) => Err(ResourceError::IdRetired),
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    /// The resource that [`Self::create`] would create, or every complaint about it at once. Nothing is stored.
    pub async fn preview(&self, new: CreateResource) -> Result<Resource, ResourceError> {
        let resource = new.validate(self.ctx.now()).map_err(ResourceError::Invalid)?;
        let catalogue = self.ctx.store().load_catalogue().await?;
        let is_own = resource.resource_id.as_str() == management::RESOURCE_ID;
        let mut errors = Vec::new();
        if is_own || catalogue.resources.contains_key(&resource.resource_id) {
            errors.extend(ResourceError::IdTaken.at_member());
        } else if catalogue.retired_resources.contains(&resource.resource_id) {
            errors.extend(ResourceError::IdRetired.at_member());
        }
        match validate_new(&resource, &catalogue, &self.ctx.backend.policy.issuer) {
            Err(ResourceError::Invalid(others)) => errors.extend(others),
            Err(error) => match error.at_member() {
                Some(at_member) => errors.push(at_member),
                None => return Err(error),
            },
            Ok(()) => {}
        }
        if errors.is_empty() { Ok(resource) } else { Err(ResourceError::Invalid(errors)) }
    }

    /// Changes a resource, if it is at an expected version.
    pub async fn update(
        &self,
        id: &str,
        change: &ResourceChange,
        expected: VersionPredicate<'_>,
    ) -> Result<Resource, ResourceError> {
        modify(|| async {
            let before = load(self.ctx.store(), id).await?;
            ensure_version(expected, before.version)?;
            let after = change.apply(&before, self.ctx.now());
            let errors = validate(&after.scopes, &after.default_scopes);
            if !errors.is_empty() {
                return Err(ResourceError::Invalid(errors));
            }
            let changed = changed_members(&before, &after);
            if changed.is_empty() {
                return Ok(Attempt::Done(before));
            }
            let state = self.ctx.store().load_catalogue_state().await?;
            validate_size(&after, Some(&before), &state.catalogue)?;
            let audit = self
                .audit(Action::ResourceUpdated, &after, &changed)
                .with_changes(changes::of_resource(Some(&before), &after));
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().update_resource(&after, before.version, &state, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.backend.catalog.invalidate();
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, after))
        })
        .await
    }

    /// Deletes a resource, if it is at an expected version. Its id is never used again; permissions that clients hold
    /// for it have no effect.
    pub async fn delete(&self, id: &str, expected: VersionPredicate<'_>) -> Result<(), ResourceError> {
        modify(|| async {
            let resource = load(self.ctx.store(), id).await?;
            ensure_version(expected, resource.version)?;
            let audit = self.audit(Action::ResourceDeleted, &resource, &[]);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let store = self.ctx.store();
            let (state, owner) = tokio::try_join!(
                store.load_catalogue_state(),
                store.load_audience_owner(&resource.audience)
            )?;
            let owns_audience = owner.is_some_and(|owner| owner == resource.resource_id);
            let outcome = store.delete_resource(&resource, &state, owns_audience, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.backend.catalog.invalidate();
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, ()))
        })
        .await
    }

    /// An entry in the trail of the caller's account: resources belong to no account.
    fn audit(&self, action: Action, resource: &Resource, changed: &[ChangedMember]) -> AuditEntry {
        let target = Target { resource_id: Some(resource.resource_id.clone()), ..Target::default() };
        let audit_context = self.ctx.audit_context;
        audit_context.audit(&audit_context.actor.account_id, action, target, changed)
    }

    async fn replayed(&self, created: Created) -> Result<Resource, ResourceError> {
        let Created::Resource { resource_id } = created else {
            return Err(IdempotencyError::KeyReused.into());
        };
        load(self.ctx.store(), resource_id.as_str()).await
    }
}

fn changed_members(before: &Resource, after: &Resource) -> Vec<ChangedMember> {
    let mut changed = Vec::new();
    changed.extend((before.resource_name != after.resource_name).then_some(ChangedMember::ResourceName));
    changed.extend((before.scopes != after.scopes).then_some(ChangedMember::Scopes));
    changed.extend((before.default_scopes != after.default_scopes).then_some(ChangedMember::DefaultScopes));
    changed.extend(
        (before.token_signing_alg != after.token_signing_alg).then_some(ChangedMember::TokenSigningAlg),
    );
    changed.extend((before.account_access != after.account_access).then_some(ChangedMember::AccountAccess));
    changed.extend(
        (before.documentation_url != after.documentation_url).then_some(ChangedMember::DocumentationUrl),
    );
    changed
}
