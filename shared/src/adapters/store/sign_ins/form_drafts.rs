//! Forms that are kept while their person proves who they are: a few of each person, in the grants table.

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::domain::console::draft::FormDraft;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;

impl Store {
    /// Keeps a form, in place of another one that is there.
    pub async fn keep_form_draft(
        &self,
        person: &str,
        slot: u8,
        draft: &FormDraft,
    ) -> Result<(), BackendError> {
        self.dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(item::write(&keys::form_draft(person, slot), draft)?))
            .item("purge_at", number(draft.expires_at.as_second()))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("keeping a form", &error))
    }

    /// The form that is kept there. Consistent. An expired one may still be returned.
    pub async fn load_form_draft(&self, person: &str, slot: u8) -> Result<Option<FormDraft>, BackendError> {
        self.load_grant("reading a form", &keys::form_draft(person, slot)).await
    }

    /// Removes a form, unless another one has taken its place.
    pub async fn remove_form_draft(&self, person: &str, slot: u8, digest: &str) -> Result<(), BackendError> {
        let sent = self
            .dynamodb
            .delete_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::form_draft(person, slot))))
            .condition_expression("digest = :digest")
            .expression_attribute_values(":digest", text(digest))
            .send()
            .await;
        ok_or_expected("removing a form", sent, DeleteItemError::is_conditional_check_failed_exception)
            .map(|_| ())
    }
}
