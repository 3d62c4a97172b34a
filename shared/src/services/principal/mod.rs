//! Principals of the management: who acts, and what they are allowed to do.

mod authenticate;
mod member;
mod naming;
mod reach;
#[cfg(test)]
mod tests;

pub use authenticate::AuthenticationError;

use crate::adapters::error::BackendError;
use crate::domain::account::Account;
use crate::domain::audit::{Actor, System};
use crate::domain::client::Client;
use crate::domain::client::permission::Permission;
use crate::domain::console::session::AuthenticationMethod;
use crate::domain::management::{self, ManagementScope};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::domain::resource::scope::ScopeSet;
use crate::domain::sign_in::end_user::Subject;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

/// An authenticated caller with its effective scopes.
#[derive(Debug)]
pub enum Principal {
    /// A client with an access token of its own.
    Client(ClientPrincipal),
    /// A member of an account who is signed in.
    Member(MemberPrincipal),
}

/// A client and its account as they are now, and the scopes that both its token and its permissions have.
#[derive(Debug)]
pub struct ClientPrincipal {
    client: Box<Client>,
    account: Arc<Account>,
    scopes: BTreeSet<ManagementScope>,
}

/// A member and its account as they are now, and the scopes that the member has and the session may use.
#[derive(Debug)]
pub struct MemberPrincipal {
    account: Arc<Account>,
    email: EmailAddress,
    sub: Subject,
    session_id: String,
    method: Option<AuthenticationMethod>,
    scopes: BTreeSet<ManagementScope>,
}

/// Why a principal is not allowed to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// It lacks this scope.
    #[error("the scope {} is missing", .0.as_str())]
    InsufficientScope(ManagementScope),
    /// Only operators set this member of a request.
    #[error("{0} is set by operators only")]
    OperatorOnly(&'static str),
    /// The account is another one, or no account at all. Both look alike to the caller.
    #[error("the account is not the caller's")]
    AccountNotFound,
    /// The client holds management scopes that the caller does not.
    #[error("the client holds scopes that the caller does not")]
    ScopesExceedCaller,
    /// The caller is the client that it wants to change.
    #[error("a client cannot change itself")]
    SelfChange,
    /// The caller grants a management scope to a client that it does not hold, or that only operators grant.
    #[error("the caller grants a client a scope that it does not hold")]
    GrantToClient,
    /// The caller grants a permission to a member that it does not hold, or that only operators grant.
    #[error("the caller grants a member a permission that it does not hold")]
    GrantToMember,
    /// The member holds permissions that the caller does not.
    #[error("the member holds permissions that the caller does not")]
    MemberExceedsCaller,
    /// The caller is no operator, and wants a link into the console for an operator.
    #[error("the link is for a member of the operator's account")]
    OperatorLink,
    /// The change widens a client that holds every scope of the caller, or as many.
    #[error("the caller widens a client that holds as many scopes as the caller")]
    WidensEqual,
    /// The client could act from networks that the caller is not allowed at.
    #[error("the client could act from networks that the caller is not allowed at")]
    NetworksExceedCaller,
    /// An operator would take this right from itself.
    #[error("an operator cannot take accounts:manage from itself")]
    OwnOperatorRight,
    /// A member would take the right to manage members from themself.
    #[error("members cannot take members:manage from themselves")]
    OwnMembersRight,
}

/// The management scopes among permissions.
#[must_use]
pub fn management_scopes(permissions: &[Permission]) -> BTreeSet<ManagementScope> {
    let own = permissions.iter().filter(|own| own.resource.as_str() == management::RESOURCE_ID);
    let scopes: Vec<&ScopeSet> = own.map(|permission| &permission.scopes).collect();
    let held = |scope: &&ManagementScope| scopes.iter().any(|set| set.contains(scope.as_str()));
    ManagementScope::ALL.iter().filter(held).copied().collect()
}

impl Principal {
    /// The account that it belongs to.
    #[must_use]
    pub fn account_id(&self) -> &AccountId {
        match self {
            Self::Client(caller) => &caller.client.account_id,
            Self::Member(caller) => &caller.account.account_id,
        }
    }

    /// The account that it belongs to, as it was read when the principal was authenticated.
    #[must_use]
    pub fn account(&self) -> &Arc<Account> {
        match self {
            Self::Client(caller) => &caller.account,
            Self::Member(caller) => &caller.account,
        }
    }

    /// Its effective scopes.
    #[must_use]
    pub fn scopes(&self) -> &BTreeSet<ManagementScope> {
        match self {
            Self::Client(caller) => &caller.scopes,
            Self::Member(caller) => &caller.scopes,
        }
    }

    /// A text that no other principal has.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Client(caller) => caller.client.client_id.to_string(),
            // Neither a client id nor an account id has a colon or a slash.
            Self::Member(caller) => format!("member:{}/{}", caller.account.account_id, caller.email.as_str()),
        }
    }

    /// The calling client; `None` for a member.
    #[must_use]
    pub fn client_id(&self) -> Option<&ClientId> {
        match self {
            Self::Client(caller) => Some(&caller.client.client_id),
            Self::Member(_) => None,
        }
    }

    /// How the person has signed in; `None` for a client, and for a calendar.
    #[must_use]
    pub fn signed_in_by(&self) -> Option<AuthenticationMethod> {
        match self {
            Self::Client(_) => None,
            Self::Member(caller) => caller.method,
        }
    }

    /// Whether it is allowed to act in every account.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.scopes().contains(&ManagementScope::AccountsManage)
    }

    /// Fails unless it holds the scope.
    pub fn require_scope(&self, scope: ManagementScope) -> Result<(), AccessError> {
        if self.scopes().contains(&scope) { Ok(()) } else { Err(AccessError::InsufficientScope(scope)) }
    }

    /// The account of this id, if it is allowed to act there.
    pub fn resolve_account(&self, id: &str) -> Result<AccountId, AccessError> {
        let account = AccountId::parse(id).map_err(|_| AccessError::AccountNotFound)?;
        if account == *self.account_id() || self.is_operator() {
            Ok(account)
        } else {
            Err(AccessError::AccountNotFound)
        }
    }

    /// Whether it holds all of these scopes.
    #[must_use]
    pub fn has_all(&self, scopes: &BTreeSet<ManagementScope>) -> bool {
        scopes.is_subset(self.scopes())
    }

    /// Whether it may grant these scopes: it holds them, and is an operator if one of them is `resources:manage`, which
    /// reaches beyond its account.
    #[must_use]
    pub fn may_grant(&self, scopes: &BTreeSet<ManagementScope>) -> bool {
        self.has_all(scopes) && (self.is_operator() || !scopes.contains(&ManagementScope::ResourcesManage))
    }

    /// Fails unless it is an operator; the member of the request that only operators set.
    pub fn require_operator(&self, member: &'static str) -> Result<(), AccessError> {
        if self.is_operator() { Ok(()) } else { Err(AccessError::OperatorOnly(member)) }
    }

    /// Fails if a client holds more management scopes than the caller: a new secret for it, or its present one, would
    /// give the caller rights that it does not hold.
    pub fn ensure_scopes_cover(&self, client: &Client) -> Result<(), AccessError> {
        if self.has_all(&management_scopes(&client.permissions)) {
            Ok(())
        } else {
            Err(AccessError::ScopesExceedCaller)
        }
    }

    /// Fails if `client` is the caller. Not for its secrets: programs rotate their own.
    pub fn ensure_not_self(&self, client: &Client) -> Result<(), AccessError> {
        if self.client_id() == Some(&client.client_id) { Err(AccessError::SelfChange) } else { Ok(()) }
    }

    /// Fails if permissions of a client change so that it gets management scopes which the caller may not grant.
    pub fn ensure_may_grant(&self, before: &[Permission], after: &[Permission]) -> Result<(), AccessError> {
        let added = management_scopes(after).difference(&management_scopes(before)).copied().collect();
        if self.may_grant(&added) { Ok(()) } else { Err(AccessError::GrantToClient) }
    }

    /// The actor of its changes in the audit trail.
    pub fn actor(&self, source_ip: Option<IpAddr>) -> Result<Actor, BackendError> {
        let account_id = self.account_id().clone();
        match self {
            Self::Client(caller) => {
                Ok(Actor::of_client(caller.client.client_id.clone(), account_id, source_ip))
            }
            Self::Member(caller) => {
                let console = ClientId::parse(System::Console.client_id())
                    .map_err(|error| BackendError::new("naming the console", error))?;
                Ok(Actor {
                    system: Some(System::Console.into()),
                    email: Some(caller.email.clone()),
                    sub: Some(caller.sub.clone()),
                    session_id: Some(caller.session_id.clone()),
                    ..Actor::of_client(console, account_id, source_ip)
                })
            }
        }
    }
}
