//! The resources and templates as one document, to be copied between stages.

use crate::adapters::store::ResourceCatalog;
use crate::domain::client::registration::template::ClientTemplate;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::validation::{FieldError, Validator};
use crate::domain::resource::Resource;
use crate::services::clients::{TemplateError, TemplateInput, TemplateReader, TemplateRules, Templates};
use crate::services::context::ManagementContext;
use crate::services::modify::ANY_VERSION;
use crate::services::principal::AccessError;
use crate::services::resources::{CreateResource, ResourceChange, ResourceError, Resources};
use serde::Serialize;

/// The whole catalogue, for a caller that is allowed to change it.
pub struct Catalogue<'a> {
    ctx: ManagementContext<'a>,
    resources: Resources<'a>,
    templates: Templates<'a>,
}

/// A resource of a document: as a new one, and as a change of one that exists.
pub struct ResourceInput {
    /// A new resource.
    pub new: CreateResource,
    /// What changes in a resource of the same id.
    pub change: ResourceChange,
}

/// What a document did.
#[derive(Debug, Default, Serialize)]
pub struct CatalogueOutcome {
    /// Of the resources.
    pub resources: ItemOutcomes,
    /// Of the templates.
    pub templates: ItemOutcomes,
}

/// Ids, by what was done.
#[derive(Debug, Default, Serialize)]
pub struct ItemOutcomes {
    /// Those that are new.
    pub created: Vec<String>,
    /// Those that were changed.
    pub changed: Vec<String>,
    /// Those that were as in the document already.
    pub unchanged: Vec<String>,
    /// Those that are not in the document. They stay.
    pub others: Vec<String>,
}

/// Why a document is not taken.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// One of its resources is refused.
    #[error("resource {0} is refused")]
    Resource(usize, #[source] ResourceError),
    /// One of its templates is refused.
    #[error("template {0} is refused")]
    Template(usize, #[source] TemplateError),
    /// It is not valid. Nothing was changed.
    #[error("the document is not valid")]
    Invalid(Vec<FieldError>),
    /// Reading the present catalogue failed.
    #[error(transparent)]
    Read(#[from] ResourceError),
}

impl<'a> Catalogue<'a> {
    /// For holders of `resources:manage`.
    pub fn authorize(ctx: ManagementContext<'a>) -> Result<Self, AccessError> {
        Ok(Self { ctx, resources: Resources::authorize(ctx)?, templates: Templates::authorize(ctx)? })
    }

    /// All resources in the order of their ids, and all templates in theirs. The management API is not among them.
    pub async fn read(&self) -> Result<(Vec<Resource>, Vec<ClientTemplate>), CatalogueError> {
        let store = self.ctx.store();
        let catalogue = store.load_catalogue().await.map_err(ResourceError::from)?;
        let templates = TemplateReader::for_caller(self.ctx).await;
        let templates = match templates {
            Ok(reader) => reader.list().await,
            Err(error) => Err(error),
        };
        let templates = templates.map_err(|error| CatalogueError::Template(0, error))?;
        Ok((catalogue.resources.into_values().collect(), templates))
    }

    /// Creates and changes what the document has. What it does not have stays. All of it is checked first; where a later rule
    /// refuses an item, those before it are done, and the same document can be sent again.
    pub async fn apply(
        &self,
        resources: Vec<ResourceInput>,
        templates: Vec<TemplateInput>,
    ) -> Result<CatalogueOutcome, CatalogueError> {
        let (present, present_templates) = self.read().await?;
        let present: ResourceCatalog = ResourceCatalog {
            resources: present.into_iter().map(|resource| (resource.resource_id.clone(), resource)).collect(),
            ..ResourceCatalog::default()
        };
        self.validate(&present, &resources, &templates)?;
        let mut outcome = CatalogueOutcome::default();
        for (index, input) in resources.into_iter().enumerate() {
            let refused = |error| CatalogueError::Resource(index, error);
            let id = input.new.chosen_id();
            let Some(before) = id.as_ref().and_then(|id| present.resources.get(id)) else {
                let created = self.resources.create(input.new).await.map_err(refused)?;
                outcome.resources.created.push(created.resource_id.to_string());
                continue;
            };
            let id = before.resource_id.as_str();
            let after = self.resources.update(id, &input.change, ANY_VERSION).await.map_err(refused)?;
            outcome.resources.note(id, after.version == before.version);
        }
        for (index, input) in templates.into_iter().enumerate() {
            let refused = |error| CatalogueError::Template(index, error);
            let id = input.chosen_id();
            let before = present_templates.iter().find(|present| Some(&present.template_id) == id.as_ref());
            let Some(before) = before else {
                let created = self.templates.create(&input).await.map_err(refused)?;
                outcome.templates.created.push(created.template_id.to_string());
                continue;
            };
            let id = before.template_id.as_str();
            let after = self.templates.replace(id, &input, ANY_VERSION).await.map_err(refused)?;
            outcome.templates.note(id, after.version == before.version);
        }
        outcome.resources.note_others(present.resources.keys().map(ResourceId::as_str));
        outcome.templates.note_others(present_templates.iter().map(|present| present.template_id.as_str()));
        Ok(outcome)
    }

    /// Fails with every error of single items, as they would be with all resources of the document.
    fn validate(
        &self,
        present: &ResourceCatalog,
        resources: &[ResourceInput],
        templates: &[TemplateInput],
    ) -> Result<(), CatalogueError> {
        let now = self.ctx.now();
        let (mut errors, mut after) = (Vec::new(), present.clone());
        let nested = |errors: Vec<FieldError>, list: &str, index: usize| {
            errors.into_iter().map(move |error| error.nested(&index.to_string())).map({
                let list = list.to_owned();
                move |error| error.nested(&list)
            })
        };
        for (index, input) in resources.iter().enumerate() {
            match input.new.clone().validate(now) {
                Ok(new) => {
                    let before = present.resources.get(&new.resource_id);
                    let moved = before.map(|before| fixed_members(before, &new)).unwrap_or_default();
                    errors.extend(nested(moved, "resources", index));
                    if after.resources.insert(new.resource_id.clone(), new).is_some() && before.is_none() {
                        let twice = vec![FieldError::new("resource_id", "is there twice")];
                        errors.extend(nested(twice, "resources", index));
                    }
                }
                Err(found) => errors.extend(nested(found, "resources", index)),
            }
        }
        let max_access_token_lifetime = self.ctx.backend.policy.max_access_token_lifetime;
        let rules = TemplateRules { catalogue: &after, max_access_token_lifetime };
        for (index, input) in templates.iter().enumerate() {
            let mut checked = Validator::new();
            let id = input.id(&mut checked);
            if let Err(found) = input.template(id, checked, rules, now) {
                errors.extend(nested(found, "templates", index));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(CatalogueError::Invalid(errors)) }
    }
}

/// Errors of what can never change in a resource.
fn fixed_members(before: &Resource, new: &Resource) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut check = |member: &str, is_same: bool, present: &str| {
        if !is_same {
            let detail = format!("never changes: here it is {present}");
            errors.push(FieldError::new(member, detail));
        }
    };
    check("audience", before.audience == new.audience, &before.audience.to_string());
    check("service", before.service == new.service, before.service.as_str());
    check("stage", before.stage == new.stage, before.stage.as_str());
    errors
}

impl ItemOutcomes {
    fn note(&mut self, id: &str, is_unchanged: bool) {
        let list = if is_unchanged { &mut self.unchanged } else { &mut self.changed };
        list.push(id.to_owned());
    }

    fn note_others<'i>(&mut self, present: impl Iterator<Item = &'i str>) {
        let seen = |id: &str| self.changed.iter().chain(&self.unchanged).any(|seen| seen == id);
        let others: Vec<String> = present.filter(|id| !seen(id)).map(str::to_owned).collect();
        self.others = others;
    }
}
