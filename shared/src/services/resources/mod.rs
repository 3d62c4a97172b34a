//! Resources, the APIs that tokens are for: every caller reads them, operators change them.

mod input;

pub use input::{CreateResource, ResourceChange};

use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, Created, Cursor, Page, Store, WriteConflict, WriteOutcome};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::management::{self, ManagementScope};
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::validation::FieldError;
use crate::domain::resource::{Resource, validate};
use crate::services::context::ManagementContext;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{
    Attempt, Contention, VersionMismatch, VersionPredicate, ensure_version, modify,
};
use crate::services::principal::AccessError;

/// The resources, for a caller that is allowed to change them.
pub struct Resources<'a> {
    ctx: ManagementContext<'a>,
}

/// Why a request on resources fails.
#[derive(Debug, thiserror::Error)]
pub enum ResourceError {
    /// The caller is not allowed to do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The resource does not exist.
    #[error("the resource does not exist")]
    NotFound,
    /// Another resource has the id.
    #[error("the resource id is taken")]
    IdTaken,
    /// A deleted resource had the id.
    #[error("the resource id is retired")]
    IdRetired,
    /// The input is not valid.
    #[error("the resource is not valid")]
    Invalid(Vec<FieldError>),
    /// The caller expects another version.
    #[error(transparent)]
    VersionMismatch(#[from] VersionMismatch),
    /// The idempotency key is not usable.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// Too many requests change the resource.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// The position of the management API in the list.
const OWN: &str = "own";

/// The resources in the order of their ids, a page at a time, and the management API after them.
pub async fn list(
    ctx: &ManagementContext<'_>,
    limit: u16,
    after: Option<&Cursor>,
) -> Result<Page<Resource>, ResourceError> {
    let mut page = match after {
        Some(after) if after.as_str() == OWN => Page { items: Vec::new(), next: None },
        after => ctx.store().list_resources(limit.into(), after).await?,
    };
    // The management API is not in the table: it follows the last resource, on a page of its own if that one is full.
    if page.next.is_none() {
        if page.items.len() < usize::from(limit) {
            page.items.push(management::resource(&ctx.backend.policy.issuer));
        } else {
            page.next = Some(Cursor::from_text(OWN.to_owned()));
        }
    }
    Ok(page)
}

/// One resource, which can be the management API.
pub async fn get(ctx: &ManagementContext<'_>, id: &str) -> Result<Resource, ResourceError> {
    if id == management::RESOURCE_ID {
        return Ok(management::resource(&ctx.backend.policy.issuer));
    }
    load(ctx.store(), id).await
}

async fn load(store: &Store, id: &str) -> Result<Resource, ResourceError> {
    let id = ResourceId::parse(id).map_err(|_| ResourceError::NotFound)?;
    store.load_resource(&id).await?.ok_or(ResourceError::NotFound)
}

impl<'a> Resources<'a> {
    /// For holders of `resources:manage`.
    pub fn authorize(ctx: ManagementContext<'a>) -> Result<Self, AccessError> {
        ctx.principal.require_scope(ManagementScope::ResourcesManage)?;
        Ok(Self { ctx })
    }

    /// Creates a resource. Its id and audience never change.
    pub async fn create(&self, new: CreateResource) -> Result<Resource, ResourceError> {
        if let Some(created) = self.ctx.find_created().await? {
            return self.replayed(created).await;
        }
        let resource = new.validate(self.ctx.now()).map_err(ResourceError::Invalid)?;
        if resource.resource_id.as_str() == management::RESOURCE_ID {
            return Err(ResourceError::IdTaken);
        }
        if resource.audience.as_str() == management::audience(&self.ctx.backend.policy.issuer) {
            let error = FieldError::new("audience", "is the management API's own");
            return Err(ResourceError::Invalid(vec![error]));
        }
        let audit = self.audit(Action::ResourceCreated, &resource, &[]);
        let created = Created::Resource { resource_id: resource.resource_id.clone() };
        let idempotency_record = self.ctx.audit_context.idempotency_record(created);
        modify(|| async {
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match self.ctx.store().create_resource(&resource, &record).await? {
                WriteOutcome::Committed => {
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
            let audit = self.audit(Action::ResourceUpdated, &after, &changed);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().update_resource(&after, before.version, &record).await?;
            if outcome == WriteOutcome::Committed {
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
            let outcome = self.ctx.store().delete_resource(&resource, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, ()))
        })
        .await
    }

    /// An entry in the trail of the caller's account: resources belong to no account.
    fn audit(&self, action: Action, resource: &Resource, changed: &[&'static str]) -> AuditEntry {
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

fn changed_members(before: &Resource, after: &Resource) -> Vec<&'static str> {
    let mut changed = Vec::new();
    changed.extend((before.resource_name != after.resource_name).then_some("resource_name"));
    changed.extend((before.scopes != after.scopes).then_some("scopes"));
    changed.extend((before.default_scopes != after.default_scopes).then_some("default_scopes"));
    changed.extend((before.token_signing_alg != after.token_signing_alg).then_some("token_signing_alg"));
    changed
}
