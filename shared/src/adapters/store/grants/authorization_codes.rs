//! Authorization codes: written once, redeemed once.

use crate::adapters::error::BackendError;
use crate::adapters::store::grants::consents;
use crate::adapters::store::grants::refresh_token_families;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use crate::adapters::store::sign_ins;
use crate::adapters::store::transaction::{CommitOutcome, Condition, Transaction};
use crate::adapters::store::{AuditRecord, SignInStep, Store, WriteConflict, WriteOutcome};
use crate::domain::oauth::authorization::code::IssuedCode;
use crate::domain::oauth::refresh_token_family::RefreshTokenFamily;
use crate::domain::sign_in::consent::Consent;
use jiff::{SignedDuration, Timestamp};

/// How long an expired code is retained, so that a replay is detected and revokes its family.
const RETENTION: SignedDuration = SignedDuration::from_hours(24);

/// Whether a code was redeemed by this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RedeemOutcome {
    /// It was, and its family was created.
    Redeemed,
    /// It was not, because of a concurrent call. The caller reads the code again.
    Conflict,
}

fn code_item(digest: &str, code: &IssuedCode) -> Result<item::Item, BackendError> {
    let mut entry = item::write(&keys::code(digest), code)?;
    let purge_at = code.expires_at.saturating_add(RETENTION).unwrap_or(code.expires_at);
    entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
    Ok(entry)
}

/// A code to issue, and its consent.
#[derive(Debug)]
pub struct NewCode<'a> {
    /// SHA-256 of the code.
    pub digest: &'a str,
    /// The code's record.
    pub code: &'a IssuedCode,
    /// The new state of the consent.
    pub consent: &'a Consent,
    /// Whether the consent is a new one.
    pub first_consent: bool,
    /// The current time.
    pub now: Timestamp,
}

impl Store {
    /// Issues a code, stores its consent, and completes the sign-in in one transaction: of concurrent calls, one succeeds,
    /// and the others get `Superseded`. A consent that was withdrawn meanwhile is not restored. `record` is required if
    /// the consent is new or was extended.
    pub async fn issue_code_once(
        &self,
        sign_in: &SignInStep<'_>,
        new: &NewCode<'_>,
        record: Option<&AuditRecord<'_>>,
    ) -> Result<WriteOutcome, BackendError> {
        const OP: &str = "issuing an authorization code";
        let transaction = match record {
            Some(record) => self.change(OP, record)?,
            None => Transaction::new(OP),
        };
        let unchanged = Condition::Version(sign_in.expected_version);
        let consent = if new.first_consent {
            Condition::AbsentOrExpired(new.now)
        } else {
            Condition::Consent(new.consent.consent_id.as_str())
        };
        let grants = &self.tables.grants;
        let transaction = transaction
            .put(grants, sign_ins::sign_in_item(sign_in)?, &unchanged, WriteConflict::Superseded)?
            .put(grants, consents::consent_item(new.consent)?, &consent, WriteConflict::VersionMismatch)?
            .put(
                grants,
                code_item(new.digest, new.code)?,
                &Condition::Absent,
                WriteConflict::AlreadyExists,
            )?;
        self.finish(transaction).await
    }

    /// The record of the code with this digest. Consistent.
    pub async fn load_code(&self, digest: &str) -> Result<Option<IssuedCode>, BackendError> {
        self.load_grant("reading an authorization code", &keys::code(digest)).await
    }

    /// Redeems a code for a new family: of concurrent calls, one succeeds.
    pub async fn redeem_code_once(
        &self,
        digest: &str,
        code: &IssuedCode,
        family: &RefreshTokenFamily,
    ) -> Result<RedeemOutcome, BackendError> {
        let redeemed = IssuedCode { redeemed_family_id: Some(family.family_id.clone()), ..code.clone() };
        let grants = &self.tables.grants;
        let transaction = Transaction::new("redeeming an authorization code")
            .put(grants, code_item(digest, &redeemed)?, &Condition::AttributeMissing("redeemed_as"), ())?
            .put(grants, refresh_token_families::family_item(family)?, &Condition::Absent, ())?;
        let transaction = match &family.authorization.consent {
            Some(consent) => {
                let entry = refresh_token_families::entry_of_person(family, &consent.person.sub);
                transaction.put(grants, entry, &Condition::Always, ())?
            }
            None => transaction,
        };
        Ok(match transaction.commit(&self.dynamodb).await? {
            CommitOutcome::Committed => RedeemOutcome::Redeemed,
            CommitOutcome::Rejected(()) | CommitOutcome::Conflict => RedeemOutcome::Conflict,
        })
    }
}
