//! Clients with management scopes: no caller widens what it can do itself by way of another client, and no operator
//! leaves a deployment without one.

use super::{AccessError, Principal, management_scopes};
use crate::domain::account::Member;
use crate::domain::client::Client;
use crate::domain::management::ManagementScope;
use crate::domain::net::ip_allowlist::{self, IpNetwork};
use crate::domain::primitives::ids::ResourceId;
use crate::domain::resource::scope::Scope;
use std::collections::BTreeSet;

impl Principal {
    /// The networks that it is allowed at; any if empty. A client that it creates with management scopes gets the same.
    #[must_use]
    pub fn allowed_ips(&self) -> &[IpNetwork] {
        match self {
            Self::Client(caller) => &caller.client.allowed_ips,
            Self::Member(_) => &[],
        }
    }

    /// Fails if a client with management scopes, whose credentials the caller gets to know or which gets management
    /// scopes from the caller, could act from networks that the caller is not allowed at. A caller that holds more
    /// scopes than the client decides freely, and a client rotates its own secrets.
    pub fn ensure_networks_cover(&self, client: &Client) -> Result<(), AccessError> {
        let scopes = management_scopes(&client.permissions);
        let is_free = scopes.is_empty() || self.holds_more_than(&scopes) || self.is_client(client);
        if is_free || ip_allowlist::is_within(&client.allowed_ips, self.allowed_ips()) {
            Ok(())
        } else {
            Err(AccessError::NetworksExceedCaller)
        }
    }

    /// Fails if a change widens the allowlist, the keys or the rights of a client with management scopes, unless the
    /// caller holds all of these scopes and more: else two clients of equal scopes could change each other, which is to
    /// change themselves.
    pub fn ensure_may_widen(&self, before: &Client, after: &Client) -> Result<(), AccessError> {
        let scopes = management_scopes(&before.permissions);
        if scopes.is_empty() || self.holds_more_than(&scopes) || !is_widened(before, after) {
            Ok(())
        } else {
            Err(AccessError::WidensEqual)
        }
    }

    /// Fails if a member holds permissions that the caller does not.
    pub fn ensure_covers_member(&self, member: &Member) -> Result<(), AccessError> {
        if self.has_all(&member.permissions) { Ok(()) } else { Err(AccessError::MemberExceedsCaller) }
    }

    /// Fails if the caller is this member and would no longer be an operator with these permissions, or no longer manage the
    /// account's members. No client changes itself either, so that there is always one left: the caller.
    pub fn ensure_keeps_own_rights(
        &self,
        member: &Member,
        after: &BTreeSet<ManagementScope>,
    ) -> Result<(), AccessError> {
        let loses = |scope| member.permissions.contains(&scope) && !after.contains(&scope);
        if !self.is_member(member) {
            Ok(())
        } else if self.is_operator() && !after.contains(&ManagementScope::AccountsManage) {
            Err(AccessError::OwnOperatorRight)
        } else if loses(ManagementScope::MembersManage) {
            Err(AccessError::OwnMembersRight)
        } else {
            Ok(())
        }
    }

    fn is_client(&self, client: &Client) -> bool {
        self.client_id() == Some(&client.client_id)
    }

    fn holds_more_than(&self, scopes: &BTreeSet<ManagementScope>) -> bool {
        self.has_all(scopes) && scopes.len() < self.scopes().len()
    }
}

fn is_widened(before: &Client, after: &Client) -> bool {
    let has_new_key = after.key_source.is_some() && after.key_source != before.key_source;
    let is_new_identity = |identity| !before.federated_identities.contains(identity);
    let is_new_grant = |grant| !before.grant_types.contains(grant);
    !ip_allowlist::is_within(&after.allowed_ips, &before.allowed_ips)
        || has_new_key
        || after.federated_identities.iter().any(is_new_identity)
        || after.token_endpoint_auth_method != before.token_endpoint_auth_method
        || after.grant_types.iter().any(is_new_grant)
        || !rights(after).is_subset(&rights(before))
}

/// Each resource and each of its scopes that a client has a permission for.
fn rights(client: &Client) -> BTreeSet<(&ResourceId, Option<&Scope>)> {
    let mut rights = BTreeSet::new();
    for permission in &client.permissions {
        rights.insert((&permission.resource, None));
        rights.extend(permission.scopes.iter().map(|scope| (&permission.resource, Some(scope))));
    }
    rights
}
