//! Which characters of a text are seen, by Unicode's properties: what is not seen, or reorders what is, makes one name look
//! like another (Unicode TR 36).

use icu_properties::props::{
    BidiControl, CanonicalCombiningClass, DefaultIgnorableCodePoint, Emoji, EmojiModifier,
    ExtendedPictographic, GeneralCategory, GeneralCategoryGroup, JoiningType,
};
use icu_properties::{CodePointMapData, CodePointSetData};

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';
/// Variation selectors 15 and 16, which choose the text and the emoji form of the character before them.
const EMOJI_PRESENTATION: [char; 2] = ['\u{fe0e}', '\u{fe0f}'];
/// A pattern of no dots, which is no white space in Unicode.
const BRAILLE_BLANK: char = '\u{2800}';

/// Whether every character is seen, or is a joiner where its script or an emoji needs one.
#[must_use]
pub fn is_displayable(text: &str) -> bool {
    first_hidden(&text.chars().collect::<Vec<_>>()).is_none()
}

/// Whether any character has a shape of its own: not white space, and no mark that stands on another character.
#[must_use]
pub fn has_visible_character(text: &str) -> bool {
    const VISIBLE: GeneralCategoryGroup = GeneralCategoryGroup::Letter
        .union(GeneralCategoryGroup::Number)
        .union(GeneralCategoryGroup::Punctuation)
        .union(GeneralCategoryGroup::Symbol);
    let categories = CodePointMapData::<GeneralCategory>::new();
    text.chars().any(|c| VISIBLE.contains(categories.get(c)) && !is_hidden(c))
}

/// The text without the characters that are not displayable. Texts are checked when they are set, but a stored one may be
/// older than the rule.
#[must_use]
pub fn without_hidden_characters(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    while let Some(index) = first_hidden(&chars) {
        chars.remove(index);
    }
    chars.into_iter().collect()
}

fn first_hidden(chars: &[char]) -> Option<usize> {
    (0..chars.len()).find(|&index| is_hidden(chars[index]) && !is_joiner_in_place(chars, index))
}

/// Whether a character is a control, or is not seen by itself.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || c == BRAILLE_BLANK
        || matches!(
            CodePointMapData::<GeneralCategory>::new().get(c),
            GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator
        )
        || CodePointSetData::new::<BidiControl>().contains(c)
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Whether the character at `index` joins what stands around it: in a script that needs it (RFC 5892 A.1, A.2), or in an
/// emoji (UTS #51 §1.4).
fn is_joiner_in_place(chars: &[char], index: usize) -> bool {
    let (before, after) = (&chars[..index], &chars[index + 1..]);
    match chars[index] {
        ZERO_WIDTH_NON_JOINER => follows_virama(before) || breaks_cursive(before, after),
        ZERO_WIDTH_JOINER => follows_virama(before) || joins_emoji(before, after),
        c if EMOJI_PRESENTATION.contains(&c) => {
            before.last().is_some_and(|c| CodePointSetData::new::<Emoji>().contains(*c))
        }
        _ => false,
    }
}

fn follows_virama(before: &[char]) -> bool {
    let classes = CodePointMapData::<CanonicalCombiningClass>::new();
    before.last().is_some_and(|c| classes.get(*c) == CanonicalCombiningClass::Virama)
}

/// RFC 5892 A.1: between a character that joins to its left and one that joins to its right, with transparent ones between.
fn breaks_cursive(before: &[char], after: &[char]) -> bool {
    let types = CodePointMapData::<JoiningType>::new();
    let is_transparent = |c: &&char| types.get(**c) == JoiningType::Transparent;
    let left = before.iter().rev().find(|c| !is_transparent(c)).map(|c| types.get(*c));
    let right = after.iter().find(|c| !is_transparent(c)).map(|c| types.get(*c));
    matches!(left, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
        && matches!(right, Some(JoiningType::RightJoining | JoiningType::DualJoining))
}

/// UTS #51 ED-16: an emoji, perhaps with a skin tone or in its emoji form, on the left, and an emoji on the right.
fn joins_emoji(before: &[char], after: &[char]) -> bool {
    let pictographs = CodePointSetData::new::<ExtendedPictographic>();
    let modifiers = CodePointSetData::new::<EmojiModifier>();
    let is_appended = |c: &&char| EMOJI_PRESENTATION.contains(*c) || modifiers.contains(**c);
    let left = before.iter().rev().find(|c| !is_appended(c));
    left.is_some_and(|c| pictographs.contains(*c)) && after.first().is_some_and(|c| pictographs.contains(*c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_all_scripts_and_emoji_are_displayable() {
        for text in [
            "Order sync",
            "Müller & Söhne",
            "会社",
            "علي\u{200c}رضا",
            "می\u{200c}خواهم",
            "ශ්\u{200d}රී ලංකා",
            "क्\u{200d}ष",
            "👩\u{200d}🚀 crew",
            "👩🏽\u{200d}🚀",
            "🏳\u{fe0f}\u{200d}🌈",
            "👁\u{fe0f}\u{200d}🗨\u{fe0f}",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "🇩🇪",
        ] {
            assert!(is_displayable(text) && has_visible_character(text), "{text}");
            assert_eq!(without_hidden_characters(text), text);
        }
    }

    #[test]
    fn hidden_characters_are_not_displayable() {
        for c in [
            '\0',
            '\n',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{180e}',
            '\u{200b}',
            '\u{200e}',
            '\u{2028}',
            '\u{2029}',
            '\u{202e}',
            '\u{2066}',
            '\u{2800}',
            '\u{3164}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{e0001}',
            '\u{e0067}',
            '\u{e0100}',
        ] {
            let text = format!("a{c}b");
            assert!(!is_displayable(&text), "{c:?}");
            assert_eq!(without_hidden_characters(&text), "ab", "{c:?}");
            assert!(!has_visible_character(&c.to_string()), "{c:?}");
        }
    }

    #[test]
    fn joiners_elsewhere_are_not_displayable() {
        for text in [
            "a\u{200d}b",
            "a\u{200c}b",
            "\u{200d}",
            "pay\u{200d}pal",
            "👩\u{200d}",
            "\u{200d}👩",
            "👩\u{200d}a",
            "1\u{200d}2",
            "a\u{fe0f}",
            "علي\u{200c}",
            "👩\u{200d}\u{200d}🚀",
        ] {
            assert!(!is_displayable(text), "{text:?}");
        }
    }

    #[test]
    fn a_text_of_spaces_and_marks_has_nothing_visible() {
        for text in ["", " ", "\u{a0}\u{3000}", "\u{301}", "\u{20e3}", "\u{2800}\u{3164}"] {
            assert!(!has_visible_character(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_left_is_displayable(text in "\\PC{0,40}|[\\x00-\\u{2070}🚀👩\u{fe0f}\u{200d}\u{94d}]{0,40}") {
            let left = without_hidden_characters(&text);
            prop_assert!(is_displayable(&left));
            prop_assert_eq!(is_displayable(&text), left == text);
        }
    }
}
