//! Forms that a person has filled in, kept while they prove who they are: their session has ended, or the form needs a recent
//! confirmation.

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::crypto::random::random;
use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::domain::console::draft::{DRAFT_LIFETIME, DraftId, FormDraft, MAX_DRAFT};
use crate::domain::primitives::ids::AccountId;
use jiff::Timestamp;

/// The forms of people.
#[derive(Clone, Copy, Debug)]
pub struct FormDrafts<'a> {
    /// DynamoDB.
    pub store: &'a Store,
    /// The time of the request.
    pub now: Timestamp,
}

/// A form that is to be kept.
#[derive(Clone, Debug)]
pub struct NewDraft {
    /// The digest of the person's address.
    pub person: String,
    /// The account that it is about, or is sent in.
    pub account_id: AccountId,
    /// The path of its page.
    pub path: String,
    /// What was filled in, encoded, without anything that must not be stored.
    pub fields: String,
}

impl FormDrafts<'_> {
    /// Keeps a form for an hour; `None` if it is too long.
    pub async fn keep(&self, draft: NewDraft) -> Result<Option<DraftId>, BackendError> {
        let NewDraft { person, account_id, path, fields } = draft;
        if fields.len() > MAX_DRAFT {
            return Ok(None);
        }
        let id = DraftId::from_random_bytes(random());
        let expires_at = self.now.saturating_add(DRAFT_LIFETIME).unwrap_or(self.now);
        let kept = FormDraft { digest: digest(&id), account_id, path, fields, expires_at };
        self.store.keep_form_draft(&person, id.slot(), &kept).await?;
        Ok(Some(id))
    }

    /// What a person has filled in on this page in this account. Another person's form, one of another page or account, and
    /// one that has expired are none.
    pub async fn load(
        &self,
        person: &str,
        id: &DraftId,
        account_id: &AccountId,
        path: &str,
    ) -> Result<Option<String>, BackendError> {
        let found = self.store.load_form_draft(person, id.slot()).await?;
        let own = found.filter(|kept| {
            kept.digest == digest(id)
                && kept.account_id == *account_id
                && kept.path == path
                && self.now < kept.expires_at
        });
        Ok(own.map(|kept| kept.fields))
    }

    /// Removes a form that was sent at last.
    pub async fn remove(&self, person: &str, id: &DraftId) -> Result<(), BackendError> {
        self.store.remove_form_draft(person, id.slot(), &digest(id)).await
    }
}

fn digest(id: &DraftId) -> String {
    sha256_hex(&[b"console draft", id.expose().as_bytes()])
}
