//! Templates, presets for creating clients: operators change them, every account creates clients with those whose permissions
//! it may grant.

mod changes;
mod create_client;
mod input;
mod read;

pub use input::{TemplateInput, TemplateRules, template_faults};
pub use read::TemplateReader;

use crate::adapters::error::BackendError;
use crate::domain::client::registration::template::MAX_TEMPLATES;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::validation::FieldError;
use crate::services::context::ManagementContext;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Contention, VersionMismatch};
use crate::services::principal::AccessError;

/// The templates, for a caller that is allowed to change them.
pub struct Templates<'a> {
    ctx: ManagementContext<'a>,
}

/// Why a request on templates fails.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The caller is not allowed to do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The template does not exist, or the caller may not know of it.
    #[error("the template does not exist")]
    NotFound,
    /// Another template has the id.
    #[error("the template id is taken")]
    IdTaken,
    /// There are as many templates as there can be.
    #[error("there are {MAX_TEMPLATES} templates, which is the most")]
    TooMany,
    /// The input is not valid.
    #[error("the template is not valid")]
    Invalid(Vec<FieldError>),
    /// The caller expects another version.
    #[error(transparent)]
    VersionMismatch(#[from] VersionMismatch),
    /// The idempotency key is not usable.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// Too many requests change the template.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl<'a> Templates<'a> {
    /// For holders of `resources:manage`.
    pub fn authorize(ctx: ManagementContext<'a>) -> Result<Self, AccessError> {
        ctx.principal.require_scope(ManagementScope::ResourcesManage)?;
        Ok(Self { ctx })
    }
}
