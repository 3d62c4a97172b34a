//! Resources, the APIs that tokens are for: every caller reads those that its account may use, operators change them.

pub mod catalogue;
mod changes;
mod input;
mod losses;
mod read;
mod rules;

pub use input::{CreateResource, ResourceChange};
pub use losses::{AccountLoss, Losses};
pub use read::ResourceReader;

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::validation::FieldError;
use crate::domain::resource::Resource;
use crate::services::context::ManagementContext;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Contention, VersionMismatch};
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
    /// The resource or the account does not exist, or the caller may not know of it.
    #[error("the resource does not exist")]
    NotFound,
    /// Another resource has the id.
    #[error("the resource id is taken")]
    IdTaken,
    /// A deleted resource had the id.
    #[error("the resource id is retired")]
    IdRetired,
    /// Another resource has the audience.
    #[error("the audience is taken")]
    AudienceTaken,
    /// There are as many resources as there can be.
    #[error("there are too many resources")]
    TooManyResources,
    /// The resources together are as large as they can be.
    #[error("the resources are too large together")]
    CatalogueTooLarge,
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

impl ResourceError {
    /// The error at the member of a new resource that it is about; `None` if it is about none.
    #[must_use]
    pub fn at_member(&self) -> Option<FieldError> {
        match self {
            Self::IdTaken => Some(FieldError::new("resource_id", "is taken")),
            Self::IdRetired => Some(FieldError::new("resource_id", "was used before")),
            Self::AudienceTaken => Some(FieldError::new("audience", "is another API's")),
            _ => None,
        }
    }
}

impl<'a> Resources<'a> {
    /// For holders of `resources:manage`.
    pub fn authorize(ctx: ManagementContext<'a>) -> Result<Self, AccessError> {
        ctx.principal.require_scope(ManagementScope::ResourcesManage)?;
        Ok(Self { ctx })
    }

    /// One resource that can be changed: not the management API.
    pub async fn get(&self, id: &str) -> Result<Resource, ResourceError> {
        load(self.ctx.store(), id).await
    }
}

async fn load(store: &Store, id: &str) -> Result<Resource, ResourceError> {
    let id = ResourceId::parse(id).map_err(|_| ResourceError::NotFound)?;
    store.load_resource(&id).await?.ok_or(ResourceError::NotFound)
}
