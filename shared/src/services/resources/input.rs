//! Input for a new resource and for a change of one.

use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::{ChosenId, ResourceId};
use crate::domain::primitives::link_url::LinkUrl;
use crate::domain::primitives::optional_change::OptionalChange;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{Field, FieldError, Validator};
use crate::domain::resource::scope::ScopeSet;
use crate::domain::resource::{
    AccountAccess, Audience, Resource, ScopeDefinition, ServiceLabel, TokenSigningAlg, validate,
};
use jiff::Timestamp;

/// Where a resource runs if the caller does not name its stage.
const DEFAULT_STAGE: &str = "production";

/// A new resource as the caller sent it.
#[derive(Clone, Debug)]
pub struct CreateResource {
    /// Its id.
    pub resource_id: Field<ChosenId<ResourceId>>,
    /// Its name; the id if absent.
    pub resource_name: Field<Name>,
    /// Its audience; the id if absent.
    pub audience: Field<Audience>,
    /// Its service; the id if absent.
    pub service: Field<ServiceLabel>,
    /// Its stage; `production` if absent.
    pub stage: Field<ServiceLabel>,
    /// Its scopes; none if absent.
    pub scopes: Field<Vec<ScopeDefinition>>,
    /// The scopes of a permission that names none.
    pub default_scopes: Field<ScopeSet>,
    /// The algorithm of its tokens.
    pub token_signing_alg: Field<TokenSigningAlg>,
    /// Which accounts may use it; those that are entitled if absent.
    pub account_access: Field<AccountAccess>,
    /// Where its documentation is.
    pub documentation_url: Field<Option<LinkUrl>>,
    /// Errors found while the input was read.
    pub errors: Validator,
}

/// A change of a resource. Absent members stay as they are.
#[derive(Debug)]
pub struct ResourceChange {
    /// The new name.
    pub resource_name: Option<Name>,
    /// All scopes from now on.
    pub scopes: Option<Vec<ScopeDefinition>>,
    /// The new default scopes.
    pub default_scopes: Option<ScopeSet>,
    /// The new algorithm.
    pub token_signing_alg: Option<TokenSigningAlg>,
    /// Which accounts may use it from now on.
    pub account_access: Option<AccountAccess>,
    /// Where its documentation is from now on.
    pub documentation_url: OptionalChange<LinkUrl>,
}

impl CreateResource {
    /// Its id, if it is a legal one.
    #[must_use]
    pub fn chosen_id(&self) -> Option<ResourceId> {
        match &self.resource_id {
            Field::Present(Ok(id)) => Some(id.clone().into_inner()),
            Field::Present(Err(_)) | Field::Missing => None,
        }
    }

    /// The resource, or every error at once.
    pub(super) fn validate(self, now: Timestamp) -> Result<Resource, Vec<FieldError>> {
        let mut checked = self.errors;
        let id = checked.required("resource_id", self.resource_id).map(ChosenId::into_inner);
        let name = checked.optional("resource_name", self.resource_name);
        let audience = checked.optional("audience", self.audience);
        let service = checked.optional("service", self.service);
        let stage = checked.optional("stage", self.stage);
        let scopes = checked.optional("scopes", self.scopes).unwrap_or_default();
        let default_scopes = checked.optional("default_scopes", self.default_scopes).unwrap_or_default();
        let token_signing_alg =
            checked.optional("token_signing_alg", self.token_signing_alg).unwrap_or_default();
        let account_access = checked.optional("account_access", self.account_access);
        let documentation_url = checked.optional("documentation_url", self.documentation_url).flatten();
        checked.extend(validate(&scopes, &default_scopes));
        let (Some(id), true) = (id, checked.is_ok()) else {
            return Err(checked.into_errors());
        };
        let text = id.as_str();
        Ok(Resource {
            resource_name: name.map_or_else(|| Name::parse(text), Ok).map_err(|error| from_id(&error))?,
            audience: audience.map_or_else(|| Audience::parse(text), Ok).map_err(|error| from_id(&error))?,
            service: service
                .map_or_else(|| ServiceLabel::parse(text), Ok)
                .map_err(|error| from_id(&error))?,
            stage: stage
                .map_or_else(|| ServiceLabel::parse(DEFAULT_STAGE), Ok)
                .map_err(|error| from_id(&error))?,
            resource_id: id,
            scopes,
            default_scopes,
            token_signing_alg,
            account_access: account_access.unwrap_or(AccountAccess::Entitled),
            documentation_url,
            created_at: now,
            updated_at: now,
            version: 1,
            unknown: UnknownAttributes::default(),
        })
    }
}

/// An id that is no legal value of the member that it stands in for.
fn from_id(error: &dyn std::fmt::Display) -> Vec<FieldError> {
    vec![FieldError::new("resource_id", error.to_string())]
}

impl ResourceChange {
    /// `before` with the change, as its next version.
    pub(super) fn apply(&self, before: &Resource, now: Timestamp) -> Resource {
        Resource {
            resource_name: self.resource_name.clone().unwrap_or_else(|| before.resource_name.clone()),
            scopes: self.scopes.clone().unwrap_or_else(|| before.scopes.clone()),
            default_scopes: self.default_scopes.clone().unwrap_or_else(|| before.default_scopes.clone()),
            token_signing_alg: self.token_signing_alg.unwrap_or(before.token_signing_alg),
            account_access: self.account_access.unwrap_or(before.account_access),
            documentation_url: self.documentation_url.clone().apply(before.documentation_url.clone()),
            updated_at: now,
            version: before.version + 1,
            ..before.clone()
        }
    }
}
