//! The only source of randomness.

/// Random bytes from aws-lc's generator, which the operating system seeds.
///
/// # Panics
///
/// If the generator fails: nothing can be done safely then.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place where randomness enters")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the random number generator works");
    bytes
}

/// 128 random bits as 32 hexadecimal digits: a unique name.
#[must_use]
pub fn random_hex() -> String {
    hex::encode(random::<16>())
}
