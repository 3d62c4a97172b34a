//! Authorization codes: written once, redeemed once.

use super::item::{self, number};
use super::transaction::{Committed, Condition, Transaction};
use super::{Outcome, Record, Refused, SignInStep, Store, consents, families, keys, sign_ins};
use crate::adapters::fault::Fault;
use crate::domain::authorization_code::IssuedCode;
use crate::domain::consent::Consent;
use crate::domain::family::Family;
use jiff::{SignedDuration, Timestamp};

/// How long a code is remembered after it has ended, so that a replay is recognised: as long as the client could
/// need to notice that its code was stolen.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Whether a code was redeemed by this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Redeemed {
    /// It was, and its family is there.
    Now,
    /// It was not: somebody else was at it. Reading it again tells who.
    Contended,
}

fn code_item(digest: &str, code: &IssuedCode) -> Result<item::Item, Fault> {
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
        record: Option<&Record<'_>>,
    ) -> Result<Outcome, Fault> {
        const DOING: &str = "issuing an authorization code";
        let transaction = match record {
            Some(record) => self.change(DOING, record)?,
            None => Transaction::new(DOING),
        };
        let unmoved = Condition::Version(sign_in.read_version);
        let consent = if new.first_consent {
            Condition::AbsentOrPurged(new.now)
        } else {
            Condition::Consent(new.consent.consent_id.as_str())
        };
        let grants = &self.tables.grants;
        let transaction = transaction
            .put(grants, sign_ins::sign_in_item(sign_in)?, &unmoved, Refused::Superseded)?
            .put(grants, consents::consent_item(new.consent)?, &consent, Refused::Changed)?
            .put(grants, code_item(new.digest, new.code)?, &Condition::Absent, Refused::Taken)?;
        self.finish(transaction).await
    }

    /// What is known of the code with this digest. Consistent.
    pub async fn load_code(&self, digest: &str) -> Result<Option<IssuedCode>, Fault> {
        self.load_grant("reading an authorization code", &keys::code(digest)).await
    }

    /// Redeems a code, as it was read, for a new family: of all who try, one succeeds.
    pub async fn redeem_code_once(
        &self,
        digest: &str,
        code: &IssuedCode,
        family: &Family,
    ) -> Result<Redeemed, Fault> {
        let spent = IssuedCode { redeemed_as: Some(family.family_id.clone()), ..code.clone() };
        let grants = &self.tables.grants;
        let transaction = Transaction::new("redeeming an authorization code")
            .put(grants, code_item(digest, &spent)?, &Condition::Lacks("redeemed_as"), ())?
            .put(grants, families::family_item(family)?, &Condition::Absent, ())?;
        Ok(match transaction.commit(&self.dynamodb).await? {
            Committed::Yes => Redeemed::Now,
            Committed::No(()) | Committed::Contended => Redeemed::Contended,
        })
    }
}
