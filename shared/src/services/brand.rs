//! The operator's logo: read, set and deleted by operators.

use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, WriteOutcome};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::brand::logo::{InvalidLogo, Logo};
use crate::domain::management::ManagementScope;
use crate::services::context::ManagementContext;
use crate::services::modify::{
    Attempt, Contention, VersionMismatch, VersionPredicate, ensure_version, modify,
};
use crate::services::principal::AccessError;

/// The brand, for a caller that is allowed to change it.
pub struct BrandManager<'a> {
    ctx: ManagementContext<'a>,
}

/// Why a request on the brand fails.
#[derive(Debug, thiserror::Error)]
pub enum BrandError {
    /// The caller is not allowed to do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// There is no logo.
    #[error("there is no logo")]
    NotFound,
    /// The image cannot be a logo.
    #[error(transparent)]
    Invalid(#[from] InvalidLogo),
    /// The caller expects another version.
    #[error(transparent)]
    VersionMismatch(#[from] VersionMismatch),
    /// Too many requests change the logo.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl<'a> BrandManager<'a> {
    /// For operators: holders of `accounts:manage`.
    pub fn authorize(ctx: ManagementContext<'a>) -> Result<Self, AccessError> {
        ctx.principal.require_scope(ManagementScope::AccountsManage)?;
        Ok(Self { ctx })
    }

    /// The logo.
    pub async fn logo(&self) -> Result<Logo, BrandError> {
        self.ctx.store().load_logo().await?.ok_or(BrandError::NotFound)
    }

    /// Sets the logo, if the present one is at an expected version. The same image again changes nothing.
    pub async fn set_logo(&self, image: &[u8], expected: VersionPredicate<'_>) -> Result<Logo, BrandError> {
        let first = Logo::new(image, 1, self.ctx.now())?;
        modify(|| async {
            let before = self.ctx.store().load_logo().await?;
            let version = before.as_ref().map(|before| before.version);
            ensure_version(expected, version.unwrap_or_default())?;
            let logo = Logo { version: version.unwrap_or_default() + 1, ..first.clone() };
            let logo = match before {
                Some(before) if before.image == logo.image => return Ok(Attempt::Done(before)),
                Some(before) => Logo { unknown: before.unknown, ..logo },
                None => logo,
            };
            let audit = self.audit(Action::LogoSet);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().save_logo(&logo, version, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, logo))
        })
        .await
    }

    /// Deletes the logo, if it is at an expected version.
    pub async fn delete_logo(&self, expected: VersionPredicate<'_>) -> Result<(), BrandError> {
        modify(|| async {
            let logo = self.logo().await?;
            ensure_version(expected, logo.version)?;
            let audit = self.audit(Action::LogoDeleted);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().delete_logo(logo.version, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, ()))
        })
        .await
    }

    /// An entry in the trail of the caller's account: the brand belongs to no account.
    fn audit(&self, action: Action) -> AuditEntry {
        let context = self.ctx.audit_context;
        context.audit(&context.actor.account_id, action, Target::default(), &[])
    }
}
