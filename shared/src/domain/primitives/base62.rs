//! Base 62 of fixed width: letters and digits only, so that a double click selects the whole value and nothing needs
//! escaping.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The big-endian number in `bytes`, as exactly `width` digits of base 62.
///
/// The width must suffice for the number of bytes: 6 for 4, 22 for 16, 43 for 32.
#[must_use]
pub fn encode(bytes: &[u8], width: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = vec![0_u8; width];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0_u32;
        for byte in &mut number {
            let value = (remainder << 8) | u32::from(*byte);
            *byte = (value / 62).to_le_bytes()[0];
            remainder = value % 62;
        }
        *digit = ALPHABET[remainder as usize];
    }
    debug_assert!(number.iter().all(|byte| *byte == 0), "width too small");
    zeroize::Zeroize::zeroize(&mut number);
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(encode(&[0; 4], 6), "000000");
        assert_eq!(encode(&61_u32.to_be_bytes(), 6), "00000z");
        assert_eq!(encode(&62_u32.to_be_bytes(), 6), "000010");
        assert_eq!(encode(&u32::MAX.to_be_bytes(), 6), "4gfFC3");
    }

    #[test]
    fn the_widest_values_fit() {
        assert_eq!(encode(&[0xff; 16], 22).len(), 22);
        assert_eq!(encode(&[0xff; 32], 43).len(), 43);
    }
}
