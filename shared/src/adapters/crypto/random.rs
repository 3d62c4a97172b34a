//! The one source of randomness.

/// Random bytes from aws-lc's generator, which the operating system seeds.
///
/// # Panics
///
/// If the generator fails, which leaves nothing that could be done safely.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place where randomness enters")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the random number generator works");
    bytes
}

/// 128 random bits as 32 hexadecimal digits: a name that nothing else has.
#[must_use]
pub fn random_hex() -> String {
    format!("{:032x}", u128::from_be_bytes(random()))
}
