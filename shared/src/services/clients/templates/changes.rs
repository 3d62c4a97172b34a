//! Creating, changing and deleting templates.

use super::{TemplateError, TemplateInput, TemplateRules, Templates};
use crate::adapters::store::{AuditRecord, Created, ResourceCatalog, WriteConflict, WriteOutcome};
use crate::domain::audit::{Action, AuditEntry, ChangedMember, Target};
use crate::domain::client::registration::template::{ClientTemplate, MAX_TEMPLATES};
use crate::domain::primitives::ids::TemplateId;
use crate::domain::primitives::validation::Validator;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};
use serde_json::{Map, Value};

impl Templates<'_> {
    /// Creates a template. Its id never changes.
    pub async fn create(&self, input: &TemplateInput) -> Result<ClientTemplate, TemplateError> {
        if let Some(created) = self.ctx.find_created().await? {
            return self.replayed(created).await;
        }
        let catalogue = self.ctx.backend.catalog.get(self.ctx.now()).await?.value;
        let mut checked = Validator::new();
        let id = input.id(&mut checked);
        let template = input
            .template(id, checked, self.rules(&catalogue), self.ctx.now())
            .map_err(TemplateError::Invalid)?;
        if self.ctx.store().list_templates().await?.len() >= MAX_TEMPLATES {
            return Err(TemplateError::TooMany);
        }
        let audit = self.audit(Action::TemplateCreated, &template.template_id, &[]);
        let created = Created::Template { template_id: template.template_id.clone() };
        let idempotency_record = self.ctx.audit_context.idempotency_record(created);
        modify(|| async {
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match self.ctx.store().save_template(&template, None, &record).await? {
                WriteOutcome::Committed => {
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done(template.clone()))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    let created = self.ctx.require_created().await?;
                    self.replayed(created).await.map(Attempt::Done)
                }
                WriteOutcome::Rejected(WriteConflict::AlreadyExists) => Err(TemplateError::IdTaken),
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    /// Changes a template by a merge patch (RFC 7396), if it is at an expected version.
    pub async fn update(
        &self,
        id: &str,
        patch: &Map<String, Value>,
        expected: VersionPredicate<'_>,
    ) -> Result<ClientTemplate, TemplateError> {
        self.change(id, &|before| TemplateInput::patched(before, patch), expected).await
    }

    /// Gives a template exactly these members, if it is at an expected version.
    pub async fn replace(
        &self,
        id: &str,
        input: &TemplateInput,
        expected: VersionPredicate<'_>,
    ) -> Result<ClientTemplate, TemplateError> {
        self.change(id, &|_| input.clone(), expected).await
    }

    async fn change(
        &self,
        id: &str,
        input: &(dyn Fn(&ClientTemplate) -> TemplateInput + Sync),
        expected: VersionPredicate<'_>,
    ) -> Result<ClientTemplate, TemplateError> {
        let now = self.ctx.now();
        let catalogue = self.ctx.backend.catalog.get(now).await?.value;
        modify(|| async {
            let before = self.load(id).await?;
            ensure_version(expected, before.version)?;
            let after = input(&before)
                .template(Some(before.template_id.clone()), Validator::new(), self.rules(&catalogue), now)
                .map_err(TemplateError::Invalid)?;
            let unchanged = ClientTemplate {
                created_at: before.created_at,
                updated_at: before.updated_at,
                version: before.version,
                unknown: before.unknown.clone(),
                ..after
            };
            if unchanged == before {
                return Ok(Attempt::Done(before));
            }
            let after = ClientTemplate { updated_at: now, version: before.version + 1, ..unchanged };
            let audit =
                self.audit(Action::TemplateUpdated, &after.template_id, &changed_members(&before, &after));
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().save_template(&after, Some(before.version), &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, after))
        })
        .await
    }

    /// Deletes a template, if it is at an expected version. Clients that were created with it stay as they are.
    pub async fn delete(&self, id: &str, expected: VersionPredicate<'_>) -> Result<(), TemplateError> {
        modify(|| async {
            let template = self.load(id).await?;
            ensure_version(expected, template.version)?;
            let audit = self.audit(Action::TemplateDeleted, &template.template_id, &[]);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().delete_template(&template, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, ()))
        })
        .await
    }

    fn rules<'c>(&self, catalogue: &'c ResourceCatalog) -> TemplateRules<'c> {
        let max_access_token_lifetime = self.ctx.backend.policy.max_access_token_lifetime;
        TemplateRules { catalogue, max_access_token_lifetime }
    }

    async fn load(&self, id: &str) -> Result<ClientTemplate, TemplateError> {
        let id = TemplateId::parse(id).map_err(|_| TemplateError::NotFound)?;
        self.ctx.store().load_template(&id).await?.ok_or(TemplateError::NotFound)
    }

    async fn replayed(&self, created: Created) -> Result<ClientTemplate, TemplateError> {
        let Created::Template { template_id } = created else {
            return Err(IdempotencyError::KeyReused.into());
        };
        self.load(template_id.as_str()).await
    }

    /// An entry in the trail of the caller's account: templates belong to no account.
    fn audit(&self, action: Action, id: &TemplateId, changed: &[ChangedMember]) -> AuditEntry {
        let target = Target { template_id: Some(id.clone()), ..Target::default() };
        let context = self.ctx.audit_context;
        context.audit(&context.actor.account_id, action, target, changed)
    }
}

fn changed_members(before: &ClientTemplate, after: &ClientTemplate) -> Vec<ChangedMember> {
    let mut changed = Vec::new();
    changed.extend((before.title != after.title).then_some(ChangedMember::Title));
    changed.extend((before.summary != after.summary).then_some(ChangedMember::Summary));
    changed.extend((before.order != after.order).then_some(ChangedMember::Order));
    changed.extend(
        (before.documentation_url != after.documentation_url).then_some(ChangedMember::DocumentationUrl),
    );
    changed.extend((before.fixed != after.fixed).then_some(ChangedMember::Fixed));
    changed.extend((before.defaults != after.defaults).then_some(ChangedMember::Defaults));
    changed.extend((before.asked != after.asked).then_some(ChangedMember::Asked));
    changed.extend((before.name_pattern != after.name_pattern).then_some(ChangedMember::NamePattern));
    changed
}
