//! Who calls the management API, and what they may do.

use crate::problem::Problem;
use http::{HeaderMap, header};
use jiff::Timestamp;
use shared::adapters::signing::{self, ExpectedAudience};
use shared::assembly::App;
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::domain::ids::AccountId;
use shared::domain::management::{self, ManagementScope};
use shared::domain::permission::Permission;
use shared::domain::scope::ScopeSet;
use shared::domain::standing;
use std::collections::BTreeSet;

/// A client with an access token for the management API, as it is now.
#[derive(Debug)]
pub struct Caller {
    /// The client.
    pub client: Client,
    /// What it may do: what its token says and it still holds.
    pub scopes: BTreeSet<ManagementScope>,
}

/// Verifies the bearer token (RFC 6750 §2.1), which must be the client's own and no person's, looks whether it was
/// revoked, and reads the calling client and its account again: disabled, deleted or stripped of a permission, it is
/// so at once.
pub async fn authenticate(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Caller, Problem> {
    let token = bearer(headers)?;
    let audience = management::audience(&app.config.issuer);
    let issuer = &app.config.issuer;
    let audience = ExpectedAudience::Only(&audience);
    let verified = app.verify(now, |ring| signing::verify(token, ring, issuer, audience, now)).await?;
    let claims = verified.map_err(|invalid| Problem::TokenInvalid(invalid.as_str()))?;
    // Fail closed: whatever a person consented to, it was not to act for them here.
    if !claims.is_of_the_client_itself() {
        return Err(Problem::TokenInvalid("acts_for_a_person"));
    }
    let (known, withdrawn) =
        tokio::try_join!(app.store.load_client(&claims.client_id), app.store.withdrawn(&claims, now))?;
    let client = standing::client_of(known.map(|known| known.client), withdrawn)
        .map_err(|withdrawn| Problem::TokenInvalid(withdrawn.as_str()))?;
    let account = app.store.load_account(&client.account_id).await?;
    if account.is_none_or(|account| account.status == Status::Disabled) {
        return Err(Problem::TokenInvalid("account_disabled"));
    }
    let in_token = ScopeSet::parse(&claims.scope).unwrap_or_default();
    let held = management_scopes(&client.permissions);
    let scopes = held.into_iter().filter(|scope| in_token.contains(scope.as_str())).collect();
    Ok(Caller { client, scopes })
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Problem::TokenMissing);
    };
    let text = value.to_str().map_err(|_| Problem::TokenMissing)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(token),
        _ => Err(Problem::TokenMissing),
    }
}

/// The management scopes among permissions.
pub fn management_scopes(permissions: &[Permission]) -> BTreeSet<ManagementScope> {
    let own = permissions.iter().filter(|own| own.resource.as_str() == management::RESOURCE_ID);
    let scopes: Vec<&ScopeSet> = own.map(|permission| &permission.scopes).collect();
    let held = |scope: &&ManagementScope| scopes.iter().any(|set| set.contains(scope.as_str()));
    ManagementScope::ALL.iter().filter(held).copied().collect()
}

impl Caller {
    /// Whether the caller may act in every account.
    pub fn is_operator(&self) -> bool {
        self.scopes.contains(&ManagementScope::AccountsManage)
    }

    /// Lets only holders of the scope go on.
    pub fn require(&self, scope: ManagementScope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(Problem::ScopeMissing(scope)) }
    }

    /// The account of a path, if the caller may act in it. Another's looks like one that is not there.
    pub fn account(&self, path: &str) -> Result<AccountId, Problem> {
        let account = AccountId::parse(path).map_err(|_| Problem::NotFound)?;
        if account == self.client.account_id || self.is_operator() {
            Ok(account)
        } else {
            Err(Problem::NotFound)
        }
    }

    /// Whether the caller holds all of these: nobody grants what they do not hold.
    pub fn holds(&self, scopes: &BTreeSet<ManagementScope>) -> bool {
        scopes.is_subset(&self.scopes)
    }

    /// Refuses to touch a client that may manage more than the caller: a new secret for it, or a look at
    /// its present one, would be a way to rights that the caller does not hold.
    pub fn outranks(&self, client: &Client) -> Result<(), Problem> {
        if self.holds(&management_scopes(&client.permissions)) {
            Ok(())
        } else {
            Err(Problem::Forbidden("this client holds management scopes that your token does not"))
        }
    }

    /// Refuses changes of the calling client itself. Its secrets are not meant: programs rotate their own.
    pub fn is_not(&self, client: &Client) -> Result<(), Problem> {
        if self.client.client_id == client.client_id {
            Err(Problem::Forbidden("a client cannot change itself; use another one"))
        } else {
            Ok(())
        }
    }
}
