//! Adding a secret to a client: which of its secrets are removed.

use crate::domain::client::secret::{MAX_LIVE, Secret};
use crate::domain::primitives::ids::SecretId;
use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use jiff::Timestamp;
use serde_json::Value;

/// Which secrets a new one replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplacePolicy {
    /// The newest live one.
    Newest,
    /// The oldest live one.
    Oldest,
    /// All of them, for an immediate cut-over.
    All,
    /// This one.
    Secret(SecretId),
}

impl FromJson for ReplacePolicy {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, |text| {
            Ok(match text {
                "newest" => Self::Newest,
                "oldest" => Self::Oldest,
                "all" => Self::All,
                other => Self::Secret(
                    SecretId::parse(other).map_err(|_| "must be newest, oldest, all or a secret_id")?,
                ),
            })
            .map_err(|error: &str| error)
        })
    }
}

/// Error of adding a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationError {
    /// Two are live, and the request does not say which to replace.
    TwoLive,
    /// The secret to replace does not exist.
    NoSuchSecret,
}

/// The secrets to remove when one is added: those that are replaced, and those that have expired.
pub fn secrets_to_remove(
    secrets: &[Secret],
    replace: Option<&ReplacePolicy>,
    now: Timestamp,
) -> Result<Vec<SecretId>, RotationError> {
    let mut live: Vec<&Secret> = secrets.iter().filter(|secret| secret.is_live(now)).collect();
    live.sort_by(|a, b| (a.created_at, &a.secret_id).cmp(&(b.created_at, &b.secret_id)));
    let replaced: Vec<&SecretId> = match replace {
        None if live.len() >= MAX_LIVE => return Err(RotationError::TwoLive),
        None => Vec::new(),
        Some(ReplacePolicy::Newest) => live.last().map(|secret| &secret.secret_id).into_iter().collect(),
        Some(ReplacePolicy::Oldest) => live.first().map(|secret| &secret.secret_id).into_iter().collect(),
        Some(ReplacePolicy::All) => live.iter().map(|secret| &secret.secret_id).collect(),
        Some(ReplacePolicy::Secret(id)) if secrets.iter().any(|secret| secret.secret_id == *id) => vec![id],
        Some(ReplacePolicy::Secret(_)) => return Err(RotationError::NoSuchSecret),
    };
    let stays = |secret: &&Secret| secret.is_live(now) && !replaced.contains(&&secret.secret_id);
    if secrets.iter().filter(stays).count() >= MAX_LIVE {
        return Err(RotationError::TwoLive);
    }
    Ok(secrets.iter().filter(|secret| !stays(secret)).map(|secret| secret.secret_id.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::secret::{SecretDigest, SecretStatus};
    use proptest::prelude::*;

    fn secret(number: u8, created: i64, expires: i64) -> Secret {
        Secret {
            secret_id: SecretId::from_random_bytes([number; 16]),
            digest: SecretDigest { pepper_id: "p1".into(), digest: vec![0; 32] },
            lookup: None,
            hint: "abcd".into(),
            created_at: Timestamp::from_second(created).expect("in range"),
            expires_at: Timestamp::from_second(expires).expect("in range"),
            remind: true,
            paused_digest: None,
            status: SecretStatus::Active,
            label: None,
            revealable: false,
            last_used_on: None,
            tried_on: None,
            said: None,
        }
    }

    fn id(number: u8) -> SecretId {
        SecretId::from_random_bytes([number; 16])
    }

    const NOW: Timestamp = Timestamp::constant(1_000, 0);

    #[test]
    fn a_second_secret_removes_none_and_a_third_is_rejected() {
        let (one, two) = (secret(1, 0, 9_000), secret(2, 1, 9_000));
        assert_eq!(secrets_to_remove(std::slice::from_ref(&one), None, NOW), Ok(vec![]));
        assert_eq!(secrets_to_remove(&[one, two], None, NOW), Err(RotationError::TwoLive));
    }

    #[test]
    fn the_policy_selects_the_secret_to_remove() {
        let both = [secret(2, 5, 9_000), secret(1, 0, 9_000)];
        let removed = |replace| secrets_to_remove(&both, Some(&replace), NOW);
        assert_eq!(removed(ReplacePolicy::Newest), Ok(vec![id(2)]));
        assert_eq!(removed(ReplacePolicy::Oldest), Ok(vec![id(1)]));
        assert_eq!(removed(ReplacePolicy::All), Ok(vec![id(2), id(1)]));
        assert_eq!(removed(ReplacePolicy::Secret(id(1))), Ok(vec![id(1)]));
        assert_eq!(removed(ReplacePolicy::Secret(id(9))), Err(RotationError::NoSuchSecret));
    }

    #[test]
    fn the_only_secret_can_be_replaced() {
        let one = [secret(1, 0, 9_000)];
        assert_eq!(secrets_to_remove(&one, Some(&ReplacePolicy::Newest), NOW), Ok(vec![id(1)]));
    }

    #[test]
    fn an_expired_secret_is_removed_and_makes_room() {
        let secrets = [secret(1, 0, 1_000), secret(2, 1, 1_001)];
        assert_eq!(secrets_to_remove(&secrets, None, NOW), Ok(vec![id(1)]));
        assert_eq!(secrets_to_remove(&secrets, Some(&ReplacePolicy::Oldest), NOW), Ok(vec![id(1), id(2)]));
    }

    #[test]
    fn replacing_an_expired_secret_cannot_add_a_third() {
        let secrets = [secret(1, 0, 500), secret(2, 1, 9_000), secret(3, 2, 9_000)];
        assert_eq!(
            secrets_to_remove(&secrets, Some(&ReplacePolicy::Secret(id(1))), NOW),
            Err(RotationError::TwoLive)
        );
    }

    proptest! {
        #[test]
        fn a_client_never_has_more_than_two_live_secrets(
            ends in proptest::collection::vec(0_i64..2_000, 0..4),
            choice in 0_usize..5,
        ) {
            let secrets: Vec<_> = ends.iter().zip(1_u8..).map(|(end, n)| secret(n, i64::from(n), *end)).collect();
            let replace = [None, Some(ReplacePolicy::Newest), Some(ReplacePolicy::Oldest), Some(ReplacePolicy::All), Some(ReplacePolicy::Secret(id(1)))];
            if let Ok(removed) = secrets_to_remove(&secrets, replace[choice].as_ref(), NOW) {
                let kept = secrets.iter().filter(|s| !removed.contains(&s.secret_id)).collect::<Vec<_>>();
                prop_assert!(kept.iter().all(|s| s.is_live(NOW)));
                prop_assert!(kept.len() < MAX_LIVE);
            }
        }
    }
}
