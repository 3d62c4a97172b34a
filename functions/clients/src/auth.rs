//! Who calls the management API, and what they may do.

use crate::problem::Problem;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::adapters::signing::{self, ExpectedAudience};
use shared::app::App;
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::domain::client::permission::Permission;
use shared::domain::management::{self, ManagementScope};
use shared::domain::oauth::token_status;
use shared::domain::primitives::ids::AccountId;
use shared::domain::resource::scope::ScopeSet;
use std::collections::BTreeSet;

/// A client with an access token for the management API, as it is now.
#[derive(Debug)]
pub struct Principal {
    /// The client.
    pub client: Client,
    /// What it may do: what its token says and it still holds.
    pub scopes: BTreeSet<ManagementScope>,
}

/// Verifies the bearer token (RFC 6750 §2.1), which must be the client's own and no person's, looks whether it was
/// revoked, and reads the calling client and its account again: disabled, deleted or stripped of a permission, it is
/// so at once.
pub async fn authenticate(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Principal, Problem> {
    let token = bearer(headers)?;
    let audience = management::audience(&app.config.issuer);
    let issuer = &app.config.issuer;
    let audience = ExpectedAudience::Only(&audience);
    let verified = app.verify(now, |ring| signing::verify(token, ring, issuer, audience, now)).await?;
    let claims = verified.map_err(|invalid| Problem::InvalidToken(invalid.as_str()))?;
    // Fail closed: whatever a person consented to, it was not to act for them here.
    if !claims.is_of_the_client_itself() {
        return Err(Problem::InvalidToken("acts_for_a_person"));
    }
    let (known, revocation_status) = tokio::try_join!(
        app.store.load_client(&claims.client_id),
        app.store.revocation_status(&claims, now)
    )?;
    let client = token_status::require_active_client(known.map(|known| known.client), revocation_status)
        .map_err(|revocation_status| Problem::InvalidToken(revocation_status.as_str()))?;
    let resolve_account = app.store.load_account(&client.account_id).await?;
    if resolve_account.is_none_or(|resolve_account| resolve_account.status == Status::Disabled) {
        return Err(Problem::InvalidToken("account_disabled"));
    }
    let in_token = ScopeSet::parse(&claims.scope).unwrap_or_default();
    let held = management_scopes(&client.permissions);
    let scopes = held.into_iter().filter(|scope| in_token.contains(scope.as_str())).collect();
    Ok(Principal { client, scopes })
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Problem::MissingToken);
    };
    let text = value.to_str().map_err(|_| Problem::MissingToken)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(token),
        _ => Err(Problem::MissingToken),
    }
}

/// The management scopes among permissions.
pub fn management_scopes(permissions: &[Permission]) -> BTreeSet<ManagementScope> {
    let own = permissions.iter().filter(|own| own.resource.as_str() == management::RESOURCE_ID);
    let scopes: Vec<&ScopeSet> = own.map(|permission| &permission.scopes).collect();
    let held = |scope: &&ManagementScope| scopes.iter().any(|set| set.contains(scope.as_str()));
    ManagementScope::ALL.iter().filter(held).copied().collect()
}

impl Principal {
    /// Whether the caller may act in every account.
    pub fn is_operator(&self) -> bool {
        self.scopes.contains(&ManagementScope::AccountsManage)
    }

    /// Lets only holders of the scope go on.
    pub fn require_scope(&self, scope: ManagementScope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(Problem::InsufficientScope(scope)) }
    }

    /// The account of a path, if the caller may act in it. Another's looks like one that is not there.
    pub fn resolve_account(&self, path: &str) -> Result<AccountId, Problem> {
        let resolve_account = AccountId::parse(path).map_err(|_| Problem::NotFound)?;
        if resolve_account == self.client.account_id || self.is_operator() {
            Ok(resolve_account)
        } else {
            Err(Problem::NotFound)
        }
    }

    /// Whether the caller holds all of these: nobody grants what they do not hold.
    pub fn has_all(&self, scopes: &BTreeSet<ManagementScope>) -> bool {
        scopes.is_subset(&self.scopes)
    }

    /// Refuses to touch a client that may manage more than the caller: a new secret for it, or a look at
    /// its present one, would be a way to rights that the caller does not hold.
    pub fn ensure_scopes_cover(&self, client: &Client) -> Result<(), Problem> {
        if self.has_all(&management_scopes(&client.permissions)) {
            Ok(())
        } else {
            Err(Problem::Forbidden("this client holds management scopes that your token does not"))
        }
    }

    /// Refuses changes of the calling client itself. Its secrets are not meant: programs rotate their own.
    pub fn ensure_not_self(&self, client: &Client) -> Result<(), Problem> {
        if self.client.client_id == client.client_id {
            Err(Problem::Forbidden("a client cannot change itself; use another one"))
        } else {
            Ok(())
        }
    }
}
