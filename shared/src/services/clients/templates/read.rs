//! Reading templates.

use super::{TemplateError, create_client::is_offered};
use crate::adapters::store::{Cursor, Page};
use crate::domain::account::Account;
use crate::domain::client::registration::template::ClientTemplate;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::ids::{AccountId, TemplateId};
use crate::services::context::ManagementContext;
use std::sync::Arc;

/// The templates that a caller sees.
pub struct TemplateReader<'a> {
    ctx: ManagementContext<'a>,
    /// The account that they are offered to; `None` for all.
    account: Option<Arc<Account>>,
}

impl<'a> TemplateReader<'a> {
    /// All templates for operators and for those who manage resources; those that its account may use for any other caller.
    pub async fn for_caller(ctx: ManagementContext<'a>) -> Result<Self, TemplateError> {
        if ctx.principal.is_operator() || ctx.principal.scopes().contains(&ManagementScope::ResourcesManage) {
            return Ok(Self { ctx, account: None });
        }
        let account = ctx.principal.account_id().clone();
        Self::for_account(ctx, &account).await
    }

    /// Those that an account may use.
    async fn for_account(ctx: ManagementContext<'a>, id: &AccountId) -> Result<Self, TemplateError> {
        let account = ctx.account(id).await?.ok_or(TemplateError::NotFound)?;
        Ok(Self { ctx, account: Some(account) })
    }

    /// Those that an account may use that was read already.
    #[must_use]
    pub fn offered_to(ctx: ManagementContext<'a>, account: Arc<Account>) -> Self {
        Self { ctx, account: Some(account) }
    }

    /// The templates in their order.
    pub async fn list(&self) -> Result<Vec<ClientTemplate>, TemplateError> {
        let stored = self.ctx.store().list_templates().await?;
        let mut seen = self.seen(stored).await?;
        seen.sort_by(|a, b| (a.order, a.title.as_str()).cmp(&(b.order, b.title.as_str())));
        Ok(seen)
    }

    /// The same, a page at a time.
    pub async fn page(
        &self,
        limit: u16,
        after: Option<&Cursor>,
    ) -> Result<Page<ClientTemplate>, TemplateError> {
        let all = self.list().await?;
        let is_last =
            |template: &ClientTemplate| after.is_some_and(|id| id.as_str() == template.template_id.as_str());
        let start = all.iter().position(is_last).map_or(0, |index| index + 1);
        let mut items: Vec<_> = all.into_iter().skip(start).collect();
        let more = items.len() > usize::from(limit);
        items.truncate(limit.into());
        let last = items.last().filter(|_| more);
        let next = last.map(|template| Cursor::from_text(template.template_id.to_string()));
        Ok(Page { items, next })
    }

    /// One template.
    pub async fn get(&self, id: &str) -> Result<ClientTemplate, TemplateError> {
        let id = TemplateId::parse(id).map_err(|_| TemplateError::NotFound)?;
        let stored = self.ctx.store().load_template(&id).await?;
        self.seen(stored).await?.pop().ok_or(TemplateError::NotFound)
    }

    async fn seen(
        &self,
        stored: impl IntoIterator<Item = ClientTemplate>,
    ) -> Result<Vec<ClientTemplate>, TemplateError> {
        let Some(account) = &self.account else { return Ok(stored.into_iter().collect()) };
        let catalogue = self.ctx.backend.catalog.get(self.ctx.now()).await?.value;
        Ok(stored.into_iter().filter(|template| is_offered(template, account, &catalogue)).collect())
    }
}
