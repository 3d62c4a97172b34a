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

/// How long a code is remembered after it has ended, so that a replay is recognised: as long as the client could
/// need to notice that its code was stolen.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Whether a code was redeemed by this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RedeemOutcome {
    /// It was, and its family is there.
    Redeemed,
    /// It was not: somebody else was at it. Reading it again tells who.
    Conflict,
}

fn code_item(digest: &str, code: &IssuedCode) -> Result<item::Item, BackendError> {
    let mut entry = item::write(&keys::code(digest), code)?;
    let purge_at = code.expires_at.saturating_add(REMEMBERED_FOR).unwrap_or(code.expires_at);
    entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
    Ok(entry)
}

/// A code to be issued, and what it rests on.
#[derive(Debug)]
pub struct NewCode<'a> {
    /// SHA-256 of the code.
    pub digest: &'a str,
    /// What it stands for.
    pub code: &'a IssuedCode,
    /// The consent as it is to be.
    pub consent: &'a Consent,
    /// Whether there was none before.
    pub first_consent: bool,
    /// When.
    pub now: Timestamp,
}

impl Store {
    /// Issues a code, remembers the consent that it rests on, and ends the sign-in, together: of all who try, one gets a
    /// code, the others hear `Superseded`. A consent that was withdrawn meanwhile is not brought back. `record` is there
    /// if the consent is new or grew.
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
        let unmoved = Condition::Version(sign_in.read_version);
        let consent = if new.first_consent {
            Condition::AbsentOrExpired(new.now)
        } else {
            Condition::Consent(new.consent.consent_id.as_str())
        };
        let grants = &self.tables.grants;
        let transaction = transaction
            .put(grants, sign_ins::sign_in_item(sign_in)?, &unmoved, WriteConflict::Superseded)?
            .put(grants, consents::consent_item(new.consent)?, &consent, WriteConflict::VersionMismatch)?
            .put(
                grants,
                code_item(new.digest, new.code)?,
                &Condition::IfClientMissing,
                WriteConflict::AlreadyExists,
            )?;
        self.finish(transaction).await
    }

    /// What is known of the code with this digest. Consistent.
    pub async fn load_code(&self, digest: &str) -> Result<Option<IssuedCode>, BackendError> {
        self.load_grant("reading an authorization code", &keys::code(digest)).await
    }

    /// Redeems a code, as it was read, for a new family: of all who try, one succeeds.
    pub async fn redeem_code_once(
        &self,
        digest: &str,
        code: &IssuedCode,
        family: &RefreshTokenFamily,
    ) -> Result<RedeemOutcome, BackendError> {
        let spent = IssuedCode { redeemed_family_id: Some(family.family_id.clone()), ..code.clone() };
        let grants = &self.tables.grants;
        let transaction = Transaction::new("redeeming an authorization code")
            .put(grants, code_item(digest, &spent)?, &Condition::AttributeMissing("redeemed_as"), ())?
            .put(grants, refresh_token_families::family_item(family)?, &Condition::IfClientMissing, ())?;
        Ok(match transaction.commit(&self.dynamodb).await? {
            CommitOutcome::Committed => RedeemOutcome::Redeemed,
            CommitOutcome::Rejected(()) | CommitOutcome::Conflict => RedeemOutcome::Conflict,
        })
    }
}
