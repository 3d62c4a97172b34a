//! Tags that the operator wants on every secret that is made at runtime: cost centre, owner, what a policy demands.

/// Tags as they were configured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtraTags(Vec<(String, String)>);

/// Error of [`ExtraTags::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {}", ExtraTags::EXPECTED)]
pub struct InvalidTags;

/// Secrets Manager allows 50, and Latchkey sets three of its own.
const MAX_TAGS: usize = 47;
const MAX_KEY_CHARS: usize = 128;
const MAX_VALUE_CHARS: usize = 256;
/// Prefixes of AWS's own tags, and of Latchkey's.
const RESERVED: [&str; 2] = ["aws:", "latchkey:"];

impl ExtraTags {
    /// The form that [`Self::parse`] reads.
    pub const EXPECTED: &str = "up to 47 tags as key=value, with commas between them";

    /// Reads `key=value,key=value`. Keys and values have the characters that AWS allows in the tags of all its services.
    pub fn parse(text: &str) -> Result<Self, InvalidTags> {
        let mut tags: Vec<(String, String)> = Vec::new();
        for tag in text.split(',').filter(|_| !text.is_empty()) {
            let (key, value) = tag.split_once('=').ok_or(InvalidTags)?;
            let (key, value) = (key.trim(), value.trim());
            let is_reserved = RESERVED.iter().any(|prefix| key.to_ascii_lowercase().starts_with(prefix));
            let is_long = key.chars().count() > MAX_KEY_CHARS || value.chars().count() > MAX_VALUE_CHARS;
            let is_new = tags.iter().all(|(known, _)| known != key);
            if key.is_empty() || is_reserved || is_long || !is_new || !tag.chars().all(is_allowed) {
                return Err(InvalidTags);
            }
            tags.push((key.to_owned(), value.to_owned()));
        }
        if tags.len() > MAX_TAGS { Err(InvalidTags) } else { Ok(Self(tags)) }
    }

    /// Keys and values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

fn is_allowed(character: char) -> bool {
    character.is_alphanumeric() || " _.:/=+-@".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_pairs_with_commas_between_them() {
        let tags = ExtraTags::parse("cost-centre=4711, owner=Team Identity,path=a=b").expect("tags");
        let expected = [("cost-centre", "4711"), ("owner", "Team Identity"), ("path", "a=b")];
        assert_eq!(tags.iter().collect::<Vec<_>>(), expected);
        assert_eq!(ExtraTags::parse(""), Ok(ExtraTags::default()));
    }

    #[test]
    fn what_aws_refuses_is_rejected() {
        let long = format!("{}=a", "k".repeat(129));
        let many = (0..48).map(|n| format!("k{n}=v")).collect::<Vec<_>>().join(",");
        for text in
            ["a", "=a", "a=1,a=2", "aws:a=1", "AWS:a=1", "latchkey:stage=x", "a=<b>", "a=1,", &long, &many]
        {
            assert_eq!(ExtraTags::parse(text), Err(InvalidTags), "{text}");
        }
    }
}
