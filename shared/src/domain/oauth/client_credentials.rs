//! What a client gets that asks in its own name (RFC 6749 §4.4, RFC 8707 §2).

use crate::domain::client::Client;
use crate::domain::oauth::token_grant::TokenGrant;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::resource::Resource;
use crate::domain::resource::scope::ScopeSet;

/// Why nothing was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// `invalid_target`: the client has no permission for that resource, or did not say which of several.
    Target(&'static str),
    /// `invalid_scope`: asked for more than was granted to it.
    Scope,
}

/// Decides what the client gets.
///
/// `target` names a resource by its audience or else by its id; without it, a client with one resource gets that
/// one. All asked scopes must be granted; none asked means all. A scope that the resource no longer
/// offers is granted to nobody.
pub fn decide<'a>(
    client: &Client,
    target: Option<&str>,
    requested: Option<&ScopeSet>,
    max_lifetime: u32,
    find: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<TokenGrant, Denied> {
    let held: Vec<_> =
        client.permissions.iter().filter_map(|own| Some((own, find(&own.resource)?))).collect();
    let (permission, resource) = match target {
        Some(wanted) => held
            .iter()
            .find(|(_, resource)| resource.audience.is_for(&client.account_id, wanted))
            .or_else(|| held.iter().find(|(_, resource)| resource.resource_id.as_str() == wanted))
            .copied()
            .ok_or(Denied::Target("the client has no permission for this resource"))?,
        None => match held.as_slice() {
            [only] => *only,
            [] => return Err(Denied::Target("the client has no permissions")),
            _ => {
                return Err(Denied::Target("the client has several resources: say which with resource"));
            }
        },
    };
    let available = permission.scopes.filtered(|scope| resource.offers(scope));
    let scopes = match requested {
        None => available,
        Some(requested) if requested.is_subset(&available) => requested.clone(),
        Some(_) => return Err(Denied::Scope),
    };
    Ok(TokenGrant::of(client, resource, scopes, max_lifetime))
}
