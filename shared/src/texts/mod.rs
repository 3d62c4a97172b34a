//! What people read on pages and in e-mails, in every language.
//!
//! The messages are those of `locales/`, in the syntax of Fluent: a folder for each language, with the same ids and arguments
//! (a test compares them). They are part of the program, and are parsed when a language is first used.

mod complaints;
pub mod days;

use crate::domain::primitives::language::Language;
use askama::filters::{Html, Safe, escape};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Borrow;
use std::sync::LazyLock;

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> =
    LazyLock::new(|| parse(Language::English, include_str!(concat!(env!("OUT_DIR"), "/en.ftl"))));
static GERMAN: LazyLock<Bundle> =
    LazyLock::new(|| parse(Language::German, include_str!(concat!(env!("OUT_DIR"), "/de.ftl"))));

/// A complaint about input.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// What is wrong.
    pub text: String,
    /// Tag of the language that it is in.
    pub lang: &'static str,
}

/// The texts of one language.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    language: Language,
}

impl Texts {
    /// The texts in a language.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        Self { language }
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The text of a message without arguments.
    #[must_use]
    pub fn get(&self, id: &str) -> String {
        self.format(id, &FluentArgs::new())
    }

    /// The text of a message, with arguments as they are.
    pub fn with<'a, V: AsRef<str>>(&self, id: &str, args: impl AsRef<[(&'a str, V)]>) -> String {
        let args = args.as_ref().iter().map(|(name, value)| (*name, value.as_ref()));
        self.format(id, &args.collect())
    }

    /// A message that is HTML, with arguments that are escaped.
    pub fn html<'a, V: AsRef<str>>(&self, id: &str, args: impl AsRef<[(&'a str, V)]>) -> Safe<String> {
        let args = args.as_ref().iter().map(|(name, value)| (*name, escaped(value.as_ref())));
        Safe(self.format(id, &args.collect()))
    }

    /// A message that is HTML, without arguments.
    #[must_use]
    pub fn markup(&self, id: &str) -> Safe<String> {
        Safe(self.get(id))
    }

    /// The text of a message that depends on a number, its argument `n`.
    pub fn count(&self, id: &str, n: impl Borrow<u64>) -> String {
        self.format(id, &FluentArgs::from_iter([("n", FluentValue::from(*n.borrow()))]))
    }

    /// A complaint of the services about input, in this language if it is known there.
    #[must_use]
    pub fn complaint(&self, english: &str) -> Complaint {
        match complaints::translate(self.language, english) {
            Some(text) => Complaint { text, lang: self.language.tag() },
            None => Complaint { text: english.to_owned(), lang: Language::English.tag() },
        }
    }

    /// Every id in the sources exists, with the arguments that it is used with; a test compares them. Should one be missing all
    /// the same, a page with an id on it is better than none.
    fn format(self, id: &str, args: &FluentArgs<'_>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            debug_assert!(false, "there is no message {id}");
            return id.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "message {id}: {errors:?}");
        text
    }

    fn bundle(self) -> &'static Bundle {
        match self.language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }
}

/// Reads the messages of a language. Arguments are not put between characters that isolate directions: `<bdi>` does that.
fn parse(language: Language, source: &str) -> Bundle {
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
        debug_assert!(false, "messages of {}: {errors:?}", language.tag());
        resource
    });
    let mut bundle = Bundle::new_concurrent(language.tag().parse().into_iter().collect());
    bundle.set_use_isolating(false);
    if let Err(errors) = bundle.add_resource(resource) {
        debug_assert!(false, "messages of {}: {errors:?}", language.tag());
    }
    bundle
}

/// A text as HTML shows it literally.
fn escaped(text: &str) -> String {
    match escape(text, Html) {
        Ok(Safe(escaped)) => escaped.to_string(),
        Err(never) => match never {},
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;
    use crate::domain::primitives::language::Language;
    use strum::VariantArray;

    #[test]
    fn arguments_of_html_are_escaped_and_those_of_text_are_not() {
        let texts = Texts::of(Language::English);
        let args = [("host", "<b>&\"'")];
        assert_eq!(texts.with("go-back-to", args), "Go back to <b>&\"'");
        assert_eq!(texts.html("go-back-to", args).0, "Go back to &#60;b&#62;&#38;&#34;&#39;");
    }

    #[test]
    fn every_language_has_its_own_texts() {
        let texts: Vec<String> =
            Language::VARIANTS.iter().map(|language| Texts::of(*language).get("try-again")).collect();
        assert_eq!(texts, ["Try again", "Erneut versuchen"]);
    }
}
