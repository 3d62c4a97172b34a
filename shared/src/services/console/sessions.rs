//! Sessions of the console: start, load, enter an account.

use crate::adapters::crypto::console_cookie::{ConsoleCookie, person_digest};
use crate::adapters::crypto::random::random;
use crate::adapters::error::BackendError;
use crate::adapters::event_bus::EventPublisher;
use crate::adapters::store::{SessionKey, Store};
use crate::adapters::telemetry::emf;
use crate::domain::account::Member;
use crate::domain::audit::{Action, AuditEntry, System, Target};
use crate::domain::console::session::{ConsoleSession, SessionLifetime};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::ids::AccountId;
use crate::domain::sign_in::end_user::SubjectType;
use crate::services::audit::AuditContext;
use crate::services::audit::security_events::SecurityEvents;
use crate::services::members::{MemberSignIn, NotedSignIn, note_sign_in};
use crate::services::sign_in::ConsolePerson;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Where sessions are kept, and how long they last.
#[derive(Clone, Copy, Debug)]
pub struct ConsoleSessions<'a> {
    /// DynamoDB.
    pub store: &'a Store,
    /// The event bus.
    pub events: &'a EventPublisher,
    /// The deployment's stage, for the metric.
    pub stage: &'a str,
    /// How long they last.
    pub lifetime: SessionLifetime,
    /// The time of the request.
    pub now: Timestamp,
}

/// A session that is started.
#[derive(Debug)]
pub struct NewSession<'a> {
    /// The person who has proved who they are.
    pub person: &'a ConsolePerson,
    /// The account whose pages they want to see, if they are a member of it.
    pub wanted: Option<&'a str>,
    /// The digest of the cookie of the session that this one replaces.
    pub replaces: Option<&'a str>,
    /// The most that it may do, if not all that the person may.
    pub scopes: Option<BTreeSet<ManagementScope>>,
    /// The address of the browser.
    pub source_ip: Option<IpAddr>,
    /// What the browser calls itself.
    pub user_agent: String,
}

/// A session that has not ended, with its cookie.
#[derive(Debug)]
pub struct LiveSession {
    /// The cookie.
    pub cookie: ConsoleCookie,
    /// The session.
    pub session: ConsoleSession,
}

impl LiveSession {
    /// Where it is stored.
    #[must_use]
    pub fn digest(&self) -> String {
        self.cookie.digest()
    }
}

impl ConsoleSessions<'_> {
    /// Starts a session. Returns the value of its cookie.
    ///
    /// It is in the account whose pages the person wants to see, in the account of the session that it replaces, or in the
    /// only one that they are a member of, if that allows the way in which they have signed in; else the person chooses one.
    pub async fn start(&self, new: NewSession<'_>) -> Result<ConsoleCookie, BackendError> {
        let NewSession { person, wanted, replaces, scopes, source_ip, user_agent } = new;
        let replaced = match replaces {
            None => None,
            Some(digest) => self.load_stored(&person_digest(&person.email), digest).await?,
        };
        let open = || {
            let memberships = person.memberships.iter();
            memberships.filter(|membership| membership.account.sign_in_methods.allow(person.method))
        };
        let accounts = || open().map(|membership| &membership.member.account_id);
        let is_member = |id: &str| accounts().find(|account| account.as_str() == id);
        let before = replaced.as_ref().and_then(|session| session.account_id.as_ref());
        let account_id = before.map(AccountId::as_str).or(wanted).and_then(is_member);
        let only = accounts().next().filter(|_| person.memberships.len() == 1);
        let account_id = account_id.or(only).cloned();
        let member = person.member_of(account_id.as_ref()).filter(|_| before.is_none()).cloned();
        let session_id = hex::encode(random::<8>());
        let begun =
            ConsoleSession::begin(session_id, person.email.clone(), person.method, self.lifetime, self.now);
        // Confirming who one is prolongs nothing.
        let (started_at, expires_at) = replaced
            .as_ref()
            .map_or((begun.started_at, begun.expires_at), |before| (before.started_at, before.expires_at));
        let session = ConsoleSession {
            account_id,
            external_identity: person.external_identity.clone(),
            started_at,
            expires_at,
            scopes,
            source_ip,
            user_agent,
            entered: replaced.as_ref().map(|before| before.entered.clone()).unwrap_or_default(),
            ..begun
        };
        let cookie = self.begin(&session, member.as_ref()).await?;
        if let Some(digest) = replaces {
            let person = cookie.person();
            self.store.end_console_session(SessionKey { person, digest }).await?;
        }
        if replaces.is_none() {
            let method = [("method", person.method.into())];
            emf::record(self.stage, self.now, &method, &[("console_sign_ins", 1)]);
        }
        if replaces.is_none()
            && let Err(cause) = self.end_surplus(cookie.person()).await
        {
            tracing::warn!(%cause, "the number of sessions of a person could not be kept");
        }
        Ok(cookie)
    }

    /// The session of a cookie, if it has not ended. Its use is noted at most every five minutes; a failure of that is
    /// logged only.
    pub async fn load(&self, cookie: ConsoleCookie) -> Result<Option<LiveSession>, BackendError> {
        let digest = cookie.digest();
        let Some(session) = self.load_stored(cookie.person(), &digest).await? else { return Ok(None) };
        if session.is_to_be_noted(self.now) {
            let key = SessionKey { person: cookie.person(), digest: &digest };
            if let Err(cause) = self.store.note_console_session(key, self.now).await {
                tracing::warn!(%cause, "the use of a console session could not be noted");
            }
        }
        Ok(Some(LiveSession { cookie, session }))
    }

    /// The session of a cookie, if it has ended by itself: at its limit, not by a sign-out.
    pub async fn load_ended(&self, cookie: &ConsoleCookie) -> Result<Option<ConsoleSession>, BackendError> {
        let key = SessionKey { person: cookie.person(), digest: &cookie.digest() };
        let found = self.store.load_console_session(key).await?;
        Ok(found.filter(|session| !session.is_live(self.lifetime, self.now)))
    }

    /// A session that has not ended, as it is stored.
    pub(super) async fn load_stored(
        &self,
        person: &str,
        digest: &str,
    ) -> Result<Option<ConsoleSession>, BackendError> {
        let found = self.store.load_console_session(SessionKey { person, digest }).await?;
        Ok(found.filter(|session| session.is_live(self.lifetime, self.now)))
    }

    /// Replaces a session by one in another account of the person, as a member that the caller has checked. Returns its cookie.
    pub async fn enter(&self, live: &LiveSession, member: &Member) -> Result<ConsoleCookie, BackendError> {
        let session = ConsoleSession {
            session_id: hex::encode(random::<8>()),
            account_id: Some(member.account_id.clone()),
            seen_at: self.now,
            ..live.session.clone()
        };
        let cookie = self.begin(&session, Some(member)).await?;
        self.store
            .end_console_session(SessionKey { person: live.cookie.person(), digest: &live.digest() })
            .await?;
        Ok(cookie)
    }

    /// Stores a session, and records its beginning if a member enters an account with it.
    async fn begin(
        &self,
        session: &ConsoleSession,
        member: Option<&Member>,
    ) -> Result<ConsoleCookie, BackendError> {
        let cookie = ConsoleCookie::generate(&session.email);
        let digest = cookie.digest();
        let key = SessionKey { person: cookie.person(), digest: &digest };
        let entered = match member {
            Some(member) => Some((member, self.entry(session, &member.account_id, Action::SessionStarted)?)),
            None => None,
        };
        if let Some((member, entry)) = &entered {
            let sign_in = MemberSignIn { member, entry, session: Some((key, session)) };
            if note_sign_in(self.security(), sign_in).await? == NotedSignIn::Joined {
                return Ok(cookie);
            }
        }
        self.store.create_console_session(key, session).await?;
        if let Some((_, entry)) = &entered {
            self.security().record(entry).await;
        }
        Ok(cookie)
    }

    /// Records the end of a session in the trail of its account.
    pub(super) async fn record_end(&self, session: &ConsoleSession) {
        let Some(account) = &session.account_id else { return };
        match self.entry(session, account, Action::SessionEnded) {
            Ok(entry) => self.security().record(&entry).await,
            Err(cause) => tracing::error!(%cause, "audit entry not written"),
        }
    }

    fn security(&self) -> SecurityEvents<'_> {
        SecurityEvents { store: self.store, events: self.events }
    }

    /// What the trail of an account says of a session.
    fn entry(
        &self,
        session: &ConsoleSession,
        account: &AccountId,
        action: Action,
    ) -> Result<AuditEntry, BackendError> {
        let context = AuditContext::of_system(System::Console, account, self.now)?;
        let mut entry = context.audit(
            account,
            action,
            Target {
                email: Some(session.email.clone()),
                subject_type: Some(SubjectType::Member),
                ..Target::default()
            },
            &[],
        );
        entry.actor.email = Some(session.email.clone());
        entry.actor.source_ip = session.source_ip;
        entry.actor.session_id = Some(session.session_id.clone());
        Ok(entry)
    }
}
