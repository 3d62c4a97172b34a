//! A secret of the deployment itself, version by version: the signing keys, the pepper.
//!
//! Its lock is the label `AWSCURRENT`: whoever moves it names the version that it is moved away from, and
//! Secrets Manager refuses if it is not there any more. So of several that put a value in the place of the
//! same one, one succeeds, and the others read what it put there. The request tokens of `PutSecretValue`
//! are no such lock everywhere: emulators take the same token with another value.

use super::entropy::random;
use super::fault::Fault;
use super::vault::CURRENT;
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use aws_sdk_secretsmanager::operation::update_secret_version_stage::UpdateSecretVersionStageError;
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;
use zeroize::Zeroizing;

/// The label of a version that is being worked out.
pub const PENDING: &str = "AWSPENDING";
/// How often a value is read again that somebody else has just put there.
const ATTEMPTS: u32 = 8;

/// One secret of the deployment.
#[derive(Clone, Debug)]
pub struct OwnSecret {
    client: aws_sdk_secretsmanager::Client,
    id: String,
}

/// A version and its value.
#[derive(Debug)]
pub struct VersionValue {
    /// Secrets Manager's own id.
    pub version_id: String,
    /// The value.
    pub text: Zeroizing<String>,
}

/// What is current.
#[derive(Debug)]
pub enum Current {
    /// A value.
    Value(VersionValue),
    /// None: there is no secret, or no value in it. Emulators have a version without a value then.
    Nothing(Option<String>),
}

/// Which version carries which labels.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    by_version: HashMap<String, Vec<String>>,
    /// When Secrets Manager saw a rotation end, if it ever did.
    pub rotated_at: Option<Timestamp>,
}

impl Labels {
    /// The version with this label.
    #[must_use]
    pub fn holder(&self, label: &str) -> Option<&str> {
        let mut all = self.by_version.iter();
        all.find(|(_, labels)| labels.iter().any(|own| own == label)).map(|(version, _)| version.as_str())
    }

    /// Whether a version carries this label; `None` if there is no such version.
    #[must_use]
    pub fn carries(&self, version: &str, label: &str) -> Option<bool> {
        self.by_version.get(version).map(|labels| labels.iter().any(|own| own == label))
    }
}

/// There is no such secret.
struct NoSuchSecret;

impl OwnSecret {
    /// The secret of this name or ARN.
    #[must_use]
    pub fn new(client: aws_sdk_secretsmanager::Client, id: String) -> Self {
        Self { client, id }
    }

    /// Its name or ARN.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is current. Only "not found" counts as nothing: whatever else goes wrong is a fault.
    pub async fn current(&self) -> Result<Current, Fault> {
        let sent = self.client.get_secret_value().secret_id(&self.id).send().await;
        let output = match sent {
            Ok(output) => output,
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(GetSecretValueError::ResourceNotFoundException(_))
                ) =>
            {
                return Ok(Current::Nothing(None));
            }
            Err(error) => return Err(Fault::aws("reading a secret of the deployment", &error)),
        };
        let text = output.secret_string.filter(|text| !text.is_empty()).map(Zeroizing::new);
        Ok(match (output.version_id, text) {
            (Some(version_id), Some(text)) => Current::Value(VersionValue { version_id, text }),
            (version_id, _) => Current::Nothing(version_id),
        })
    }

    /// The value of one version; `None` if it has none yet.
    pub async fn value_of(&self, version_id: &str) -> Result<Option<Zeroizing<String>>, Fault> {
        let sent = self.client.get_secret_value().secret_id(&self.id).version_id(version_id).send().await;
        match sent {
            Ok(output) => Ok(output.secret_string.filter(|text| !text.is_empty()).map(Zeroizing::new)),
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(GetSecretValueError::ResourceNotFoundException(_))
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(Fault::aws("reading a version of a secret of the deployment", &error)),
        }
    }

    /// Which version carries which labels.
    pub async fn labels(&self) -> Result<Labels, Fault> {
        let sent = self.client.describe_secret().secret_id(&self.id).send().await;
        let output = sent.map_err(|error| Fault::aws("reading the labels of a secret", &error))?;
        let rotated_at = output.last_rotated_date.and_then(|at| Timestamp::from_second(at.secs()).ok());
        Ok(Labels { by_version: output.version_ids_to_stages.unwrap_or_default(), rotated_at })
    }

    /// Stores a value as the version of this request token, pending. `false` if that version has another
    /// value already.
    pub async fn put_pending(&self, token: &str, text: &str) -> Result<bool, Fault> {
        let sent = self.put(token, PENDING, text).await;
        match sent {
            Ok(_) => Ok(true),
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(PutSecretValueError::ResourceExistsException(_))
                ) =>
            {
                Ok(false)
            }
            Err(error) => Err(Fault::aws("storing a pending secret", &error)),
        }
    }

    async fn put(
        &self,
        token: &str,
        label: &str,
        text: &str,
    ) -> Result<
        aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueOutput,
        aws_sdk_secretsmanager::error::SdkError<PutSecretValueError>,
    > {
        let request = self.client.put_secret_value().secret_id(&self.id);
        request.client_request_token(token).version_stages(label).secret_string(text).send().await
    }

    /// Moves a label off one version, onto another, or both. `false` if it was not where it was said to be:
    /// somebody else was faster.
    pub async fn move_label(&self, label: &str, from: Option<&str>, to: Option<&str>) -> Result<bool, Fault> {
        use UpdateSecretVersionStageError::{
            InvalidParameterException, InvalidRequestException, ResourceNotFoundException,
        };
        let sent = self
            .client
            .update_secret_version_stage()
            .secret_id(&self.id)
            .version_stage(label)
            .set_remove_from_version_id(from.map(str::to_owned))
            .set_move_to_version_id(to.map(str::to_owned))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(true),
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(
                        InvalidParameterException(_)
                            | InvalidRequestException(_)
                            | ResourceNotFoundException(_)
                    )
                ) =>
            {
                Ok(false)
            }
            Err(error) => Err(Fault::aws("labelling a secret of the deployment", &error)),
        }
    }

    /// Puts a value in the place of the current version, or of none. `false` if another one is there.
    pub async fn replace(&self, current: Option<&str>, text: &str) -> Result<bool, Fault> {
        match self.offer(current, text).await? {
            Ok(replaced) => Ok(replaced),
            Err(NoSuchSecret) => {
                Err(Fault::new("storing a secret of the deployment", "there is no such secret"))
            }
        }
    }

    async fn offer(&self, current: Option<&str>, text: &str) -> Result<Result<bool, NoSuchSecret>, Fault> {
        let token = format!("{:032x}", u128::from_be_bytes(random()));
        // A version needs some label until it is current; one of its own, so that it is nobody else's.
        let label = format!("offer-{token}");
        let output = match self.put(&token, &label, text).await {
            Ok(output) => output,
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(PutSecretValueError::ResourceNotFoundException(_))
                ) =>
            {
                return Ok(Err(NoSuchSecret));
            }
            Err(error) => return Err(Fault::aws("storing a secret of the deployment", &error)),
        };
        let version = output.version_id.unwrap_or(token);
        let replaced = self.move_label(CURRENT, current, Some(&version)).await?;
        self.move_label(&label, Some(&version), None).await?;
        Ok(Ok(replaced))
    }

    /// Gives the secret its first value, and makes the secret where there is none. Of many that do so at
    /// once one succeeds, and all agree on its value. What is there stays.
    pub async fn ensure(&self, make: impl Fn() -> Result<Zeroizing<String>, Fault>) -> Result<(), Fault> {
        for attempt in 0..ATTEMPTS {
            let Current::Nothing(version) = self.current().await? else { return Ok(()) };
            if attempt > 0 {
                // It was put there a moment ago, and reads may lag behind.
                tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
            }
            let value = make()?;
            if self.offer(version.as_deref(), &value).await?.is_err() {
                self.create(&value).await?;
            }
        }
        Err(Fault::new("making a secret of the deployment", "it has no value after being given one"))
    }

    async fn create(&self, value: &str) -> Result<(), Fault> {
        match self.client.create_secret().name(&self.id).secret_string(value).send().await {
            Ok(_) => Ok(()),
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(CreateSecretError::ResourceExistsException(_))
                ) =>
            {
                Ok(())
            }
            Err(error) => Err(Fault::aws("making a secret of the deployment", &error)),
        }
    }
}
