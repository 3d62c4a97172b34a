//! The next step that moves the labels of a client's versions. Pure, so that every state after a crash can be tested.

use crate::adapters::secrets_manager::client_secret_store::{CURRENT, PREVIOUS, Version};
use crate::domain::client::secret::SecretStatus;
use crate::domain::primitives::ids::SecretId;

/// One step towards the right labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StageAction {
    /// Move a label off one version, onto another, or both.
    Move { label: String, from: Option<String>, to: Option<String> },
    /// No secret is live: store a value that says so, which becomes current.
    StoreTombstone,
}

/// The next step, or `None` when everything is right.
///
/// `live` are the live secrets that the labels belong to, newest first; those without a stored value are ignored. A label that is not `kept` is
/// removed, so that Secrets Manager deletes the version.
pub(super) fn next_action(
    versions: &[Version],
    live: &[&SecretId],
    kept: impl Fn(&str) -> bool,
) -> Option<StageAction> {
    let holder = |label: &str| versions.iter().find(|version| version.labels.iter().any(|own| own == label));
    let mut stored = live.iter().filter_map(|id| holder(id.as_str()));
    let (newest, other) = (stored.next(), stored.next());
    let current = holder(CURRENT);
    match (newest, current) {
        (Some(newest), _) if current != Some(newest) => {
            return Some(move_stage_action(CURRENT, current, Some(newest)));
        }
        (None, Some(current)) if carries_a_secret(current) => return Some(StageAction::StoreTombstone),
        _ => {}
    }
    let previous = holder(PREVIOUS);
    if previous != other {
        return Some(move_stage_action(PREVIOUS, previous, other));
    }
    versions.iter().find_map(|version| {
        let label = version.labels.iter().find(|label| is_own(label) && !kept(label))?;
        Some(move_stage_action(label, Some(version), None))
    })
}

/// The secrets that `AWSCURRENT` and `AWSPREVIOUS` belong to, of live ones, newest first: those that are not paused. If all
/// are paused, the labels stay where they are.
pub(super) fn labelled<'a>(versions: &[Version], live: &[(&'a SecretId, SecretStatus)]) -> Vec<&'a SecretId> {
    let active: Vec<_> = live.iter().filter(|(_, status)| status.is_active()).map(|(id, _)| *id).collect();
    if !active.is_empty() {
        return active;
    }
    let holder = |label: &str| {
        let has = |version: &&Version, label: &str| version.labels.iter().any(|own| own == label);
        let version = versions.iter().find(|version| has(version, label))?;
        live.iter().map(|(id, _)| *id).find(|id| has(&version, id.as_str()))
    };
    holder(CURRENT).map(|current| [current].into_iter().chain(holder(PREVIOUS)).collect()).unwrap_or_default()
}

/// Whether a label is one of ours: the id of a secret.
fn is_own(label: &str) -> bool {
    label != CURRENT && label != PREVIOUS
}

fn carries_a_secret(version: &Version) -> bool {
    version.labels.iter().any(|label| is_own(label))
}

fn move_stage_action(label: &str, from: Option<&Version>, to: Option<&Version>) -> StageAction {
    let id = |version: Option<&Version>| version.map(|version| version.version_id.clone());
    StageAction::Move { label: label.to_owned(), from: id(from), to: id(to) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(number: u8) -> SecretId {
        SecretId::from_random_bytes([number; 16])
    }

    fn version(number: u8, labels: &[&str]) -> Version {
        Version {
            version_id: format!("v{number}"),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        }
    }

    /// The effect of a step in Secrets Manager.
    fn apply(versions: &mut Vec<Version>, move_stage_action: StageAction) {
        let take = |versions: &mut Vec<Version>, label: &str| {
            for version in versions.iter_mut() {
                version.labels.retain(|own| own != label);
            }
        };
        match move_stage_action {
            StageAction::StoreTombstone => {
                take(versions, CURRENT);
                versions.push(version(99, &[CURRENT]));
            }
            StageAction::Move { label, from, to } => {
                if label == CURRENT {
                    take(versions, PREVIOUS);
                }
                take(versions, &label);
                for version in versions.iter_mut() {
                    if to.as_ref() == Some(&version.version_id) {
                        version.labels.push(label.clone());
                    }
                    if label == CURRENT && from.as_ref() == Some(&version.version_id) {
                        version.labels.push(PREVIOUS.to_owned());
                    }
                }
            }
        }
        versions.retain(|version| !version.labels.is_empty());
    }

    #[test]
    fn labels_stay_where_they_are_while_all_secrets_are_paused() {
        use SecretStatus::{Active, Paused};
        let (old, new) = (id(1), id(2));
        let versions = [version(1, &[old.as_str(), CURRENT]), version(2, &[new.as_str()])];
        let of = |new_is, old_is| labelled(&versions, &[(&new, new_is), (&old, old_is)]);
        assert_eq!(of(Active, Active), [&new, &old]);
        assert_eq!(of(Active, Paused), [&new]);
        assert_eq!(of(Paused, Active), [&old]);
        assert_eq!(of(Paused, Paused), [&old]);
        assert!(labelled(&versions, &[(&new, Paused)]).is_empty(), "the label is on a secret that is gone");
    }

    proptest! {
        #[test]
        fn every_state_converges_in_a_few_steps(
            holders in proptest::collection::vec(any::<bool>(), 1..6),
            current in 0_usize..6,
            previous in 0_usize..6,
            live in proptest::sample::subsequence(vec![0_u8, 1, 2, 3, 4], 0..=2),
        ) {
            let mut versions: Vec<_> = holders.iter().zip(0_u8..).map(|(kept, number)| {
                let mut found = version(number, &[]);
                if *kept { found.labels.push(id(number).to_string()); }
                if usize::from(number) == current { found.labels.push(CURRENT.to_owned()); }
                if usize::from(number) == previous && previous != current { found.labels.push(PREVIOUS.to_owned()); }
                found
            }).filter(|version| !version.labels.is_empty()).collect();
            let ids: Vec<SecretId> = live.iter().rev().map(|number| id(*number)).collect();
            let newest_first: Vec<&SecretId> = ids.iter().collect();
            let kept = |label: &str| ids.iter().any(|live| live.as_str() == label);
            let mut steps = 0;
            while let Some(move_stage_action) = next_action(&versions, &newest_first, kept) {
                apply(&mut versions, move_stage_action);
                steps += 1;
                prop_assert!(steps < 12, "does not converge: {versions:?}");
            }
            let labelled = |label: &str| versions.iter().find(|v| v.labels.iter().any(|own| own == label));
            let stored: Vec<_> = ids.iter().filter(|id| labelled(id.as_str()).is_some()).collect();
            prop_assert_eq!(
                stored.first().map(|id| labelled(id.as_str())),
                (!stored.is_empty()).then(|| labelled(CURRENT))
            );
            prop_assert_eq!(stored.get(1).and_then(|id| labelled(id.as_str())), labelled(PREVIOUS));
            if stored.is_empty() {
                prop_assert!(labelled(CURRENT).is_none_or(|version| !carries_a_secret(version)));
            }
        }
    }
}
