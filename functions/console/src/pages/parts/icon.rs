//! Icons that are a letter.

/// The first letter or digit of a title, as a capital; empty if it has none.
pub fn letter(title: &str) -> String {
    let first = title.chars().find(|character| character.is_alphanumeric());
    first.and_then(|first| first.to_uppercase().next()).map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn icon_is_the_first_letter_or_digit_of_a_title() {
        for (title, expected) in
            [("checkout client", "C"), ("„Öffnung“", "Ö"), ("3-D Secure", "3"), ("– – –", ""), ("日本", "日")]
        {
            assert_eq!(letter(title), expected, "{title}");
        }
    }
}
