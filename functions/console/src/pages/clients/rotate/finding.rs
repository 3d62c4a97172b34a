//! What the uses of two secrets tell, in words, with what to do.

use crate::pages::clients::badges::used_on;
use jiff::Timestamp;
use shared::domain::client::rotation_progress::Finding;
use shared::domain::client::secret::Secret;
use shared::texts::Texts;

/// The sentences of a finding.
pub fn finding_text(texts: Texts, finding: Finding, old: &Secret, new: &Secret, now: Timestamp) -> String {
    let (old, new) = (format!("…{}", old.hint), format!("…{}", new.hint));
    let secrets = [("old", old.as_str()), ("new", new.as_str())];
    match finding {
        Finding::NewUnused => texts.with("finding-new-unused", secrets),
        Finding::NewPaused => texts.with("finding-new-paused", [("new", &new)]),
        Finding::BothUsed(day) => {
            let day = used_on(texts, Some(day), now);
            texts.with("finding-both-used", [("old", &old), ("day", &day)])
        }
        Finding::OldIdle(day) => {
            let day = used_on(texts, day, now);
            texts.with("finding-old-idle", [("old", &old), ("new", &new), ("day", &day)])
        }
        Finding::OldPaused => texts.with("finding-old-paused", [("old", &old)]),
        Finding::OldPausedAndTried => texts.with("finding-old-paused-and-tried", [("old", &old)]),
        Finding::OldPausedUnmissed => texts.with("finding-old-paused-unmissed", [("old", &old)]),
    }
}
