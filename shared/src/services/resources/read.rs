//! Reading resources: all of them, or those that an account may use.

use crate::adapters::store::{Cursor, Page};
use crate::domain::account::Account;
use crate::domain::management::{self, ManagementScope};
use crate::domain::primitives::ids::AccountId;
use crate::domain::resource::Resource;
use crate::services::context::ManagementContext;
use crate::services::resources::{ResourceError, load};
use std::sync::Arc;

/// The position of the management API in the list.
const OWN: &str = "own";

/// The resources that a caller sees.
pub struct ResourceReader<'a> {
    ctx: ManagementContext<'a>,
    /// The account whose resources they are; `None` for all.
    account: Option<Arc<Account>>,
}

impl<'a> ResourceReader<'a> {
    /// All resources for operators and for those who manage resources; those of its account for any other caller.
    pub async fn for_caller(ctx: ManagementContext<'a>) -> Result<Self, ResourceError> {
        if ctx.principal.is_operator() || ctx.principal.scopes().contains(&ManagementScope::ResourcesManage) {
            return Ok(Self { ctx, account: None });
        }
        let account = ctx.principal.account_id().clone();
        Self::load_account(ctx, &account).await
    }

    /// Those that an account may use.
    pub async fn for_account(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, ResourceError> {
        let account = ctx.principal.resolve_account(account_id)?;
        Self::load_account(ctx, &account).await
    }

    async fn load_account(ctx: ManagementContext<'a>, id: &AccountId) -> Result<Self, ResourceError> {
        let account = ctx.account(id).await?.ok_or(ResourceError::NotFound)?;
        Ok(Self { ctx, account: Some(account) })
    }

    /// The resources in the order of their ids, a page at a time, and the management API after them.
    pub async fn list(&self, limit: u16, after: Option<&Cursor>) -> Result<Page<Resource>, ResourceError> {
        let limit = usize::from(limit);
        let mut page = match after {
            Some(after) if after.as_str() == OWN => Page { items: Vec::new(), next: None },
            after => self.list_stored(limit, after).await?,
        };
        // The management API is not in the table: it follows the last resource, on a page of its own if that one is full.
        if page.next.is_none() {
            if page.items.len() < limit {
                page.items.push(management::resource(&self.ctx.backend.policy.issuer));
            } else {
                page.next = Some(Cursor::from_text(OWN.to_owned()));
            }
        }
        Ok(page)
    }

    async fn list_stored(
        &self,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page<Resource>, ResourceError> {
        let (mut items, mut after) = (Vec::new(), after.cloned());
        loop {
            let missing = i32::try_from(limit - items.len()).unwrap_or(i32::MAX);
            let page = self.ctx.store().list_resources(missing, after.as_ref()).await?;
            items.extend(page.items.into_iter().filter_map(|resource| self.view(resource)));
            after = page.next;
            if items.len() == limit || after.is_none() {
                return Ok(Page { items, next: after });
            }
        }
    }

    /// One resource, which can be the management API.
    pub async fn get(&self, id: &str) -> Result<Resource, ResourceError> {
        if id == management::RESOURCE_ID {
            return Ok(management::resource(&self.ctx.backend.policy.issuer));
        }
        self.view(load(self.ctx.store(), id).await?).ok_or(ResourceError::NotFound)
    }

    /// The resource as its reader sees it: for an account, with its audience and the scopes that it may use.
    fn view(&self, resource: Resource) -> Option<Resource> {
        let Some(account) = &self.account else { return Some(resource) };
        let permitted = account.entitlements.permitted_scopes(&resource)?;
        let scopes = resource.scopes.iter().filter(|scope| permitted.has(&scope.name)).cloned().collect();
        Some(Resource {
            audience: resource.audience.filled_in(&account.account_id),
            scopes,
            default_scopes: resource.default_scopes.intersection(&permitted),
            ..resource
        })
    }
}
