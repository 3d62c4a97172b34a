//! Identifying a person by a one-time code that is sent by e-mail.

use crate::adapters::cache::TtlCache;
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::random::{random, random_hex};
use crate::adapters::crypto::session_secret::{constant_time_eq, hash_one_time_code, one_time_code};
use crate::adapters::email::frame::MailFrame;
use crate::adapters::email::mailer::{DeliveryGuarantee, Mailer, OutgoingEmail, Quota, SendResult};
use crate::adapters::email::sign_in_code::SignInCodeEmail;
use crate::adapters::error::BackendError;
use crate::adapters::telemetry::emf;
use crate::domain::brand::Brand;
use crate::domain::brand::logo::LogoImage;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::language::Language;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::one_time_code::OneTimeCode;
use crate::domain::sign_in::{CODE_LIFETIME, EmailCode, SignInId};
use crate::services::caches::LogoCache;
use crate::texts::Texts;
use jiff::{SignedDuration, Timestamp};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// When a request for a code is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseTiming {
    /// After [`RESPONSE_TIME`], whether a code is sent or not and whatever SES takes: otherwise the response time would
    /// disclose which addresses are members'. A code that SES has not accepted by then is given up, because on Lambda
    /// nothing runs after the response.
    Uniform,
    /// As soon as possible, for a developer's machine.
    Immediate,
}

/// Time of the response to a request for a code, from when the hourly limits have allowed it. The stores take a tenth of a
/// second of it, and SES some tenths. Where the stores alone take longer, the response is later.
pub const RESPONSE_TIME: Duration = Duration::from_secs(2);

/// How old a known quota may be. SES answers `GetSendQuota` once a second for the whole AWS account.
const QUOTA_TTL: SignedDuration = SignedDuration::from_secs(60);

/// Sends codes.
#[derive(Clone)]
pub struct EmailSender {
    /// SES.
    pub mailer: Mailer,
    /// Sender address.
    pub from: EmailAddress,
    /// Host of the page that asks for the code.
    pub host: String,
    /// When a request for a code is answered.
    pub timing: ResponseTiming,
    /// What e-mails call the console.
    pub console_name: Name,
    /// The deployment's stage, for the metric.
    pub stage: String,
    /// Language of e-mails to people who have chosen none.
    pub locale: Language,
    /// The operator's brand.
    pub brand: Brand,
    /// The operator's logo.
    logo: Option<Arc<LogoCache>>,
    /// SES's quota, for codes to people who are no members.
    quota: Arc<TtlCache<Quota>>,
}

/// E-mail with a code.
#[derive(Clone, Copy, Debug)]
pub struct CodeEmail<'a> {
    /// Recipient.
    pub to: &'a EmailAddress,
    /// The code.
    pub code: &'a OneTimeCode,
    /// Account of the application that the person signs in to; none for the console.
    pub account_id: Option<&'a AccountId>,
    /// Name of that application.
    pub application: &'a Name,
    /// Name of that account, if the person may be no member of it.
    pub application_of: Option<&'a Name>,
    /// Address from which the code was requested.
    pub client_ip: Option<IpAddr>,
    /// Language of the person's e-mails; absent: the deployment's.
    pub locale: Option<Language>,
    /// Time of the request.
    pub now: Timestamp,
}

impl EmailSender {
    /// SES's quota, at most a minute old.
    pub async fn quota(&self, now: Timestamp) -> Result<Arc<Quota>, BackendError> {
        let read = self.quota.get(now, async || self.mailer.quota().await);
        read.await.map(|entry| entry.value)
    }

    /// A sender of codes for the page on this host.
    #[must_use]
    pub fn new(
        mailer: Mailer,
        from: EmailAddress,
        host: String,
        console_name: Name,
        timing: ResponseTiming,
        stage: String,
    ) -> Self {
        let (locale, brand) = Default::default();
        Self {
            mailer,
            from,
            host,
            timing,
            console_name,
            stage,
            locale,
            brand,
            logo: None,
            quota: Arc::new(TtlCache::new(QUOTA_TTL)),
        }
    }

    /// The same sender with this brand, and this language for people who have chosen none.
    #[must_use]
    pub fn with_brand(self, locale: Language, brand: Brand, logo: Arc<LogoCache>) -> Self {
        Self { locale, brand, logo: Some(logo), ..self }
    }

    /// The logo in e-mails.
    pub(in crate::services) async fn logo(&self, now: Timestamp) -> Option<Arc<LogoImage>> {
        self.logo.as_ref()?.get(now).await
    }

    /// Sends a code, and counts the outcome: the page shows the same to the person whatever comes of it, so only the
    /// metric tells the operator that no one can sign in.
    pub async fn send(&self, email: &CodeEmail<'_>) -> SendResult {
        let result = self.deliver(email).await;
        self.count(outcome(&result), email.now);
        result
    }

    /// Adds to the metric `sign_in_codes`.
    pub(super) fn count(&self, outcome: &'static str, now: Timestamp) {
        emf::record(&self.stage, now, &[("outcome", outcome)], &[("sign_in_codes", 1)]);
    }

    /// A second copy of a code does no harm, so the SDK's retries are on.
    async fn deliver(&self, email: &CodeEmail<'_>) -> SendResult {
        let logo = self.logo(email.now).await;
        let texts = Texts::of(email.locale.unwrap_or(self.locale));
        let message = SignInCodeEmail {
            frame: MailFrame {
                texts,
                brand: &self.brand,
                logo: logo.as_ref().and_then(|logo| logo.for_mail()),
            },
            from: &self.from,
            to: email.to,
            code: email.code,
            client_name: email.application,
            account_name: email.application_of,
            host: &self.host,
            source: email.client_ip,
            now: email.now,
            message_id: &random_hex(),
        };
        match message.mime() {
            Ok(mime) => {
                let email = OutgoingEmail {
                    from: &self.from,
                    to: email.to,
                    account_id: email.account_id,
                    mime: mime.to_vec(),
                    delivery: DeliveryGuarantee::AtLeastOnce,
                };
                self.mailer.send(email).await
            }
            Err(error) => SendResult::Unknown(error),
        }
    }
}

/// Dimension of the metric `sign_in_codes`.
const fn outcome(result: &SendResult) -> &'static str {
    match result {
        SendResult::Accepted => "sent",
        SendResult::Rejected(_) => "rejected",
        SendResult::AllRejected(_) => "all_rejected",
        SendResult::QuotaExceeded => "quota_exceeded",
        SendResult::Unknown(_) => "unknown",
    }
}

/// Generates a code that is sent, and what is stored of it.
#[must_use]
pub fn generate(
    peppers: &Peppers,
    id: &SignInId,
    email: EmailAddress,
    now: Timestamp,
) -> (OneTimeCode, EmailCode) {
    let code = one_time_code();
    let digest = hash_one_time_code(peppers, id, &email, &code);
    (code, stored(email, digest, now))
}

/// What is stored where no code is sent: a digest that no code matches.
#[must_use]
pub fn unsent(email: EmailAddress, now: Timestamp) -> EmailCode {
    stored(email, hex::encode(random::<32>()), now)
}

fn stored(email: EmailAddress, digest: String, now: Timestamp) -> EmailCode {
    let expires_at = now.saturating_add(CODE_LIFETIME).unwrap_or(now);
    EmailCode { email, digest, expires_at, attempts: 0, unknown: UnknownAttributes::default() }
}

/// Whether `entered` is the code that was sent, in constant time. The caller counts the attempt first.
#[must_use]
pub fn matches(peppers: &Peppers, id: &SignInId, sent: &EmailCode, entered: &OneTimeCode) -> bool {
    constant_time_eq(&hash_one_time_code(peppers, id, &sent.email, entered), &sent.digest)
}
