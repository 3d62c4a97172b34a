//! The operator's client as it is created.

use super::{Operator, invalid};
use crate::adapters::error::BackendError;
use crate::domain::client::Client;
use crate::domain::client::permission::Permission;
use crate::domain::management::{self, ManagementScope};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::scope::{Scope, ScopeSet};
use jiff::Timestamp;

impl Operator<'_> {
    pub(super) fn client(&self, now: Timestamp) -> Result<Client, BackendError> {
        let name = Name::parse("Latchkey operator").map_err(invalid)?;
        let client = Client::new(self.client_id.clone(), self.account_id.clone(), name, now);
        // Tokens of a deleted client of this id must not become valid with the new one.
        let token_generation =
            if self.restores { u64::try_from(now.as_second()).unwrap_or_default() } else { 0 };
        Ok(Client { permissions: vec![every_scope()?], token_generation, ..client })
    }
}

/// The permission for every management scope.
pub(super) fn every_scope() -> Result<Permission, BackendError> {
    let scopes = ManagementScope::ALL.iter().map(|scope| Scope::parse(scope.as_str()));
    Ok(Permission {
        resource: ResourceId::parse(management::RESOURCE_ID).map_err(invalid)?,
        scopes: scopes.collect::<Result<ScopeSet, _>>().map_err(invalid)?,
        unknown: UnknownAttributes::default(),
    })
}
