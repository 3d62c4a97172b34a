//! Complaints about input in other languages.
//!
//! The services say what is wrong in English, in the words of the API. Pages show it in the reader's language where it is known: the
//! English sentence is the key, as with gettext. `{0}` stands for what differs.

use crate::domain::primitives::language::Language;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A complaint in English and in another language.
#[derive(Debug)]
struct Translation {
    /// What stands between the placeholders.
    literals: Vec<String>,
    translated: String,
}

static GERMAN: LazyLock<Vec<Translation>> =
    LazyLock::new(|| parse(include_str!("../../locales/de/complaints.json")));

/// A complaint in a language; `None` if it is known in English only.
pub(super) fn translate(language: Language, complaint: &str) -> Option<String> {
    let known = match language {
        Language::English => return Some(complaint.to_owned()),
        Language::German => &*GERMAN,
    };
    known.iter().find_map(|translation| translation.apply(complaint))
}

/// The translations of a file, the most specific first.
fn parse(json: &str) -> Vec<Translation> {
    let pairs: BTreeMap<String, String> = serde_json::from_str(json).unwrap_or_default();
    let mut translations: Vec<Translation> = pairs
        .into_iter()
        .map(|(english, translated)| Translation { literals: literals(&english), translated })
        .collect();
    translations
        .sort_by_key(|translation| Reverse(translation.literals.iter().map(String::len).sum::<usize>()));
    translations
}

/// What stands between the placeholders of a sentence. They are numbered in the order in which they stand.
fn literals(sentence: &str) -> Vec<String> {
    let (mut literals, mut rest) = (Vec::new(), sentence);
    while let Some((before, after)) = rest.split_once(&format!("{{{}}}", literals.len())) {
        literals.push(before.to_owned());
        rest = after;
    }
    literals.push(rest.to_owned());
    literals
}

impl Translation {
    /// The translation with what a complaint has in the places of the placeholders; `None` if it is another complaint.
    fn apply(&self, complaint: &str) -> Option<String> {
        let (first, others) = self.literals.split_first()?;
        let mut rest = complaint.strip_prefix(first.as_str())?;
        let mut translated = self.translated.clone();
        for (index, literal) in others.iter().enumerate() {
            let is_last = index + 1 == others.len();
            let (value, after) = if is_last {
                (rest.strip_suffix(literal.as_str())?, "")
            } else {
                rest.split_once(literal.as_str())?
            };
            translated = translated.replace(&format!("{{{index}}}"), value);
            rest = after;
        }
        rest.is_empty().then_some(translated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::secret_expiry::InvalidExpiry;
    use crate::domain::primitives::display_text::InvalidText;
    use jiff::civil::date;

    fn german(complaint: &str) -> Option<String> {
        translate(Language::German, complaint)
    }

    #[test]
    fn complaints_are_translated_with_their_values() {
        assert_eq!(german("is required").as_deref(), Some("ist nötig"));
        assert_eq!(
            german(&InvalidText::TooLong(100).to_string()).as_deref(),
            Some("darf höchstens 100 Zeichen lang sein")
        );
        assert_eq!(
            german(&InvalidExpiry::TooLate(date(2027, 2, 18)).to_string()).as_deref(),
            Some("muss 2027-02-18 oder früher sein")
        );
        assert_eq!(
            german("must be from 60 to 86400 seconds").as_deref(),
            Some("muss zwischen 60 und 86400 Sekunden liegen")
        );
    }

    #[test]
    fn the_most_specific_sentence_counts_and_others_stay_unknown() {
        assert_eq!(
            german("is taken: choose another one").as_deref(),
            Some("ist vergeben: Wählen Sie eine andere")
        );
        assert_eq!(german("is requiredx"), None);
        assert_eq!(german("is something else"), None);
        assert_eq!(translate(Language::English, "is something else").as_deref(), Some("is something else"));
    }

    #[test]
    fn every_translation_uses_the_placeholders_of_its_sentence() {
        let pairs: BTreeMap<String, String> =
            serde_json::from_str(include_str!("../../locales/de/complaints.json")).expect("JSON");
        assert!(pairs.len() > 100);
        for (english, translated) in pairs {
            let count = literals(&english).len() - 1;
            assert!(!translated.contains(&format!("{{{count}}}")), "{english}");
            assert!(!english.contains(&format!("{{{count}}}")), "numbered as they stand: {english}");
        }
    }
}
