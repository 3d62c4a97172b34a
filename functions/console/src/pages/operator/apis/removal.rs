//! The page before an API or one of its scopes is removed, or kept for fewer accounts: who holds it, what happens, and perhaps
//! something to type.

use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::frame::{Frame, Link, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::operator::accounts::AccountHead;
use crate::pages::operator::confirm::TypedField;
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
use askama::Template;
use shared::domain::management::ManagementScope;
use shared::domain::resource::Resource;
use shared::domain::resource::scope::Scope;
use shared::services::resources::{AccountLoss, Losses};

/// The page.
#[derive(Template)]
#[template(path = "operator/apis/removal.html")]
pub struct RemovalPage<'a> {
    pub frame: Frame<'a>,
    pub target: FormTarget,
    /// Hidden fields: names and values.
    pub hidden: Vec<(&'static str, String)>,
    pub holders: HoldersView,
    /// Whether it stays, for accounts that are entitled to it.
    pub stays: bool,
    /// What it does.
    pub consequences: Vec<String>,
    pub typed: Option<TypedField>,
    pub button: String,
    pub back: String,
    pub command: String,
}

/// Who holds an API or a scope, in words.
pub struct HoldersView {
    /// How many they are.
    summary: String,
    /// When they were counted.
    counted_at: Option<Instant>,
    /// The accounts with most clients, each with their number. Only for those who may see accounts.
    accounts: Vec<(AccountHead, String)>,
    /// How many accounts there are besides.
    more: Option<String>,
    /// The templates that give it.
    templates: Vec<Link>,
}

/// An API, and who holds it or one of its scopes.
pub async fn find(
    state: &ConsoleState,
    request: &OperatorRequest,
    resource_id: &str,
    scope: Option<&Scope>,
) -> Result<(Resource, HoldersView), ConsoleError> {
    let (resource, losses) = super::resources(state, request)?.with_losses(resource_id, scope).await?;
    Ok((resource, HoldersView::new(request, losses)))
}

impl HoldersView {
    fn new(request: &OperatorRequest, losses: Losses) -> Self {
        let (texts, now) = (request.texts, request.audit_context.now);
        let counted_at = losses.counted_at.map(|at| Instant::new(texts, at, now));
        let clients = texts.count("api-holders", losses.clients);
        let accounts = texts.count("losses-accounts", losses.accounts);
        let summary = if losses.clients == 0 && counted_at.is_none() {
            texts.get("losses-not-counted")
        } else if losses.is_at_least {
            texts.with("losses-at-least", [("clients", clients), ("accounts", accounts)])
        } else if losses.clients == 0 {
            texts.get("losses-none")
        } else {
            texts.with("losses", [("clients", clients), ("accounts", accounts)])
        };
        let sees_accounts = request.may(ManagementScope::AccountsManage);
        let named = losses.named.into_iter().filter(|_| sees_accounts);
        let named: Vec<_> = named
            .map(|AccountLoss { account, clients }| {
                (AccountHead::new(&account), texts.count("api-holders", clients))
            })
            .collect();
        let more = losses.accounts.saturating_sub(named.len() as u64);
        let template = |template: &shared::domain::client::registration::template::ClientTemplate| Link {
            href: format!("{OPERATOR_ROOT}/templates/{}", template.template_id),
            text: display_name(&template.title),
        };
        Self {
            summary,
            counted_at,
            more: (sees_accounts && more > 0).then(|| texts.count("losses-more", more)),
            accounts: named,
            templates: losses.templates.iter().map(template).collect(),
        }
    }
}
