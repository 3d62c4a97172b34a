//! Generations of tokens. Revoking all tokens of a client or of a member begins a new generation; tokens of earlier ones
//! are no longer active. No clock is compared.

/// Whether a stored generation can be left out: absent means the first.
#[must_use]
pub fn is_first_generation(generation: &u64) -> bool {
    *generation == 0
}

/// `jti` (RFC 7519 §4.1.7) of a token of this generation. `random` is unique, and has no dot.
#[must_use]
pub fn jti(generation: u64, random: &str) -> String {
    format!("{generation}.{random}")
}

/// The generation that a `jti` names. Earlier versions wrote none: their tokens are of the first one.
#[must_use]
pub fn of_jti(jti: &str) -> u64 {
    jti.split_once('.').and_then(|(generation, _)| generation.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jti_names_its_generation() {
        assert_eq!(jti(3, "00ff"), "3.00ff");
        assert_eq!(of_jti(&jti(u64::MAX, "00ff")), u64::MAX);
        assert_eq!(of_jti(&jti(0, "00ff")), 0);
        assert_eq!(of_jti("00ff00ff00ff00ff00ff00ff00ff00ff"), 0, "of an earlier version");
    }
}
