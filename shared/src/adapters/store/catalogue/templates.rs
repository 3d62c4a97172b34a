//! Templates for creating clients: one partition.

use crate::adapters::error::BackendError;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome, item, keys};
use crate::domain::client::registration::template::ClientTemplate;
use crate::domain::primitives::ids::TemplateId;

const BATCH: i32 = 100;

impl Store {
    /// One template. Consistent.
    pub async fn load_template(&self, id: &TemplateId) -> Result<Option<ClientTemplate>, BackendError> {
        self.load_item("reading a template", &keys::template(id)).await
    }

    /// All templates in the order of their ids. Consistent.
    pub async fn list_templates(&self) -> Result<Vec<ClientTemplate>, BackendError> {
        let listing = QuerySpec {
            operation: "reading the templates",
            table: &self.tables.directory,
            index: None,
            partition: keys::TEMPLATES.to_owned(),
            prefix: keys::TEMPLATE_PREFIX,
            newest_first: false,
        };
        let (mut templates, mut after) = (Vec::new(), None);
        loop {
            let page = self.read_page::<ClientTemplate>(&listing, BATCH, after.as_ref()).await?;
            templates.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(templates);
            }
        }
    }

    /// Stores a template if the present one has the expected version, or if there is none and none is expected.
    pub async fn save_template(
        &self,
        template: &ClientTemplate,
        expected_version: Option<u64>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (condition, conflict) = match expected_version {
            None => (Condition::Absent, WriteConflict::AlreadyExists),
            Some(version) => (Condition::Version(version), WriteConflict::VersionMismatch),
        };
        let item = item::write(&keys::template(&template.template_id), template)?;
        let transaction = self.change("storing a template", record)?.put(
            &self.tables.directory,
            item,
            &condition,
            conflict,
        )?;
        self.finish(transaction).await
    }

    /// Deletes a template if it has this version.
    pub async fn delete_template(
        &self,
        template: &ClientTemplate,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let transaction = self.change("deleting a template", record)?.delete(
            &self.tables.directory,
            &keys::template(&template.template_id),
            &Condition::Version(template.version),
            WriteConflict::VersionMismatch,
        )?;
        self.finish(transaction).await
    }
}
