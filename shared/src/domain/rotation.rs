//! Adding a secret to those a client has: what goes, what stays.

use super::ids::SecretId;
use super::secret::{MAX_LIVE, Secret};
use super::validation::{FieldError, FromJson, from_string};
use jiff::Timestamp;
use serde_json::Value;

/// Which secret a new one takes the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replace {
    /// The live one made last.
    Newest,
    /// The live one made first.
    Oldest,
    /// Every one: the immediate cut-over.
    All,
    /// This one.
    Secret(SecretId),
}

impl FromJson for Replace {
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

/// Why a secret cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Two are live and nobody said which to replace.
    TwoLive,
    /// The one to replace is not there.
    NoSuchSecret,
}

/// Which secrets must go when one is added: those replaced, and those that have expired anyway.
pub fn dropped_by_addition(
    secrets: &[Secret],
    replace: Option<&Replace>,
    now: Timestamp,
) -> Result<Vec<SecretId>, Refusal> {
    let mut live: Vec<&Secret> = secrets.iter().filter(|secret| secret.is_live(now)).collect();
    live.sort_by(|a, b| (a.created_at, &a.secret_id).cmp(&(b.created_at, &b.secret_id)));
    let replaced: Vec<&SecretId> = match replace {
        None if live.len() >= MAX_LIVE => return Err(Refusal::TwoLive),
        None => Vec::new(),
        Some(Replace::Newest) => live.last().map(|secret| &secret.secret_id).into_iter().collect(),
        Some(Replace::Oldest) => live.first().map(|secret| &secret.secret_id).into_iter().collect(),
        Some(Replace::All) => live.iter().map(|secret| &secret.secret_id).collect(),
        Some(Replace::Secret(id)) if secrets.iter().any(|secret| secret.secret_id == *id) => vec![id],
        Some(Replace::Secret(_)) => return Err(Refusal::NoSuchSecret),
    };
    let stays = |secret: &&Secret| secret.is_live(now) && !replaced.contains(&&secret.secret_id);
    if secrets.iter().filter(stays).count() >= MAX_LIVE {
        return Err(Refusal::TwoLive);
    }
    Ok(secrets.iter().filter(|secret| !stays(secret)).map(|secret| secret.secret_id.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::SecretDigest;
    use proptest::prelude::*;

    fn secret(number: u8, created: i64, expires: i64) -> Secret {
        Secret {
            secret_id: SecretId::from_entropy([number; 16]),
            digest: SecretDigest { pepper_id: "p1".into(), digest: vec![0; 32] },
            hint: "abcd".into(),
            created_at: Timestamp::from_second(created).expect("in range"),
            expires_at: Timestamp::from_second(expires).expect("in range"),
            remind: true,
            revealable: false,
            last_used_on: None,
            tried_on: None,
            said: None,
        }
    }

    fn id(number: u8) -> SecretId {
        SecretId::from_entropy([number; 16])
    }

    const NOW: Timestamp = Timestamp::constant(1_000, 0);

    #[test]
    fn a_second_secret_drops_nothing_and_a_third_is_refused() {
        let (one, two) = (secret(1, 0, 9_000), secret(2, 1, 9_000));
        assert_eq!(dropped_by_addition(std::slice::from_ref(&one), None, NOW), Ok(vec![]));
        assert_eq!(dropped_by_addition(&[one, two], None, NOW), Err(Refusal::TwoLive));
    }

    #[test]
    fn replace_names_the_one_that_goes() {
        let both = [secret(2, 5, 9_000), secret(1, 0, 9_000)];
        let dropped = |replace| dropped_by_addition(&both, Some(&replace), NOW);
        assert_eq!(dropped(Replace::Newest), Ok(vec![id(2)]));
        assert_eq!(dropped(Replace::Oldest), Ok(vec![id(1)]));
        assert_eq!(dropped(Replace::All), Ok(vec![id(2), id(1)]));
        assert_eq!(dropped(Replace::Secret(id(1))), Ok(vec![id(1)]));
        assert_eq!(dropped(Replace::Secret(id(9))), Err(Refusal::NoSuchSecret));
    }

    #[test]
    fn one_secret_may_be_replaced_too() {
        let one = [secret(1, 0, 9_000)];
        assert_eq!(dropped_by_addition(&one, Some(&Replace::Newest), NOW), Ok(vec![id(1)]));
    }

    #[test]
    fn an_expired_secret_is_not_live_and_makes_room() {
        let secrets = [secret(1, 0, 1_000), secret(2, 1, 1_001)];
        assert_eq!(dropped_by_addition(&secrets, None, NOW), Ok(vec![id(1)]));
        assert_eq!(dropped_by_addition(&secrets, Some(&Replace::Oldest), NOW), Ok(vec![id(1), id(2)]));
    }

    #[test]
    fn replacing_an_expired_secret_does_not_make_a_third_live_one() {
        let secrets = [secret(1, 0, 500), secret(2, 1, 9_000), secret(3, 2, 9_000)];
        assert_eq!(dropped_by_addition(&secrets, Some(&Replace::Secret(id(1))), NOW), Err(Refusal::TwoLive));
    }

    proptest! {
        #[test]
        fn never_more_than_two_live_secrets(
            ends in proptest::collection::vec(0_i64..2_000, 0..4),
            choice in 0_usize..5,
        ) {
            let secrets: Vec<_> = ends.iter().zip(1_u8..).map(|(end, n)| secret(n, i64::from(n), *end)).collect();
            let replace = [None, Some(Replace::Newest), Some(Replace::Oldest), Some(Replace::All), Some(Replace::Secret(id(1)))];
            if let Ok(dropped) = dropped_by_addition(&secrets, replace[choice].as_ref(), NOW) {
                let kept = secrets.iter().filter(|s| !dropped.contains(&s.secret_id)).collect::<Vec<_>>();
                prop_assert!(kept.iter().all(|s| s.is_live(NOW)));
                prop_assert!(kept.len() < MAX_LIVE);
            }
        }
    }
}
