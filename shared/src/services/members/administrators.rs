//! Who can give members of an account a right that they lack.

use crate::adapters::store::Store;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;

/// The most that are named.
const MAX_NAMED: usize = 5;
/// The most members that are looked at.
const MAX_MEMBERS: i32 = 200;

/// Some of those who manage the members of an account, by their addresses. Empty if they cannot be read, since this is what
/// the page of another error says.
pub async fn administrators_of(store: &Store, account_id: &str) -> Vec<EmailAddress> {
    let Ok(account) = AccountId::parse(account_id) else { return Vec::new() };
    match store.list_members(&account, MAX_MEMBERS, None).await {
        Ok(page) => {
            let manages = |permissions: &std::collections::BTreeSet<ManagementScope>| {
                permissions.contains(&ManagementScope::MembersManage)
            };
            let administrators = page.items.into_iter().filter(|member| manages(&member.permissions));
            administrators.map(|member| member.email).take(MAX_NAMED).collect()
        }
        Err(error) => {
            tracing::warn!(cause = %error, "administrators not named");
            Vec::new()
        }
    }
}
