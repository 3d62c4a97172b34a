//! Text for comparison: what looks or reads the same becomes the same.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// The text by compatibility caseless matching (The Unicode Standard §3.13, D146): without case, and with one form for characters
/// that differ in how they are drawn or composed.
#[must_use]
pub fn folded(text: &str) -> String {
    let (case, compatible) = (CaseMapper::new(), ComposingNormalizerBorrowed::new_nfkc());
    let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    let once = compatible.normalize(&case.fold_string(&decomposed)).into_owned();
    compatible.normalize(&case.fold_string(&once)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_the_same_is_the_same() {
        for (one, other) in [
            ("Bestellungen", "bestellungen"),
            ("STRASSE", "Straße"),
            ("e\u{301}", "\u{c9}"),
            ("\u{ff21}\u{ff11}", "a1"),
            ("\u{fb01}le", "FILE"),
            ("\u{39f}\u{394}\u{39f}\u{3a3}", "\u{3bf}\u{3b4}\u{3bf}\u{3c2}"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("e"), folded("é"), "accents are not dropped");
    }
}
