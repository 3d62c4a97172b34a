//! The messages of pages and e-mails: every language has the same ones, and those that are used exist.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Where texts are used.
const SOURCES: [&str; 2] = ["functions", "shared"];

/// Methods of `Texts` that take an id.
const METHODS: [&str; 5] = ["get", "with", "html", "markup", "count"];

/// What a message needs: its arguments, and the tags that it has.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    arguments: BTreeSet<String>,
    tags: BTreeSet<String>,
}

#[test]
fn the_messages_of_all_languages_have_the_same_ids_arguments_and_tags() {
    let (english, german) = (messages("en"), messages("de"));
    assert!(!english.is_empty(), "there are messages");
    let ids = |messages: &BTreeMap<String, Shape>| messages.keys().cloned().collect::<BTreeSet<_>>();
    let differing: Vec<String> = ids(&english).symmetric_difference(&ids(&german)).cloned().collect();
    assert!(differing.is_empty(), "messages that one language does not have: {differing:?}");
    for (id, shape) in &english {
        assert_eq!(shape, &german[id], "{id}: English, German");
    }
}

#[test]
fn every_message_that_is_used_exists() {
    let messages = messages("en");
    let missing: BTreeSet<String> =
        sources().iter().flat_map(|source| used(source)).filter(|id| !messages.contains_key(id)).collect();
    assert!(missing.is_empty(), "messages that do not exist: {missing:?}");
}

#[test]
fn every_message_is_used() {
    let sources = sources().concat();
    let unused: Vec<String> =
        messages("en").into_keys().filter(|id| !sources.contains(&format!("\"{id}\""))).collect();
    assert!(unused.is_empty(), "messages that are not used, or by an id that is put together: {unused:?}");
}

/// The messages of a language, by id.
fn messages(language: &str) -> BTreeMap<String, Shape> {
    let folder = root().join("shared/locales").join(language);
    let mut messages = BTreeMap::new();
    for (path, source) in files(&folder, &["ftl"]) {
        let resource =
            parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", path.display()));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let id = message.id.name;
            assert!(message.attributes.is_empty(), "{id}: attributes are not used");
            let is_kebab_case = id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
            assert!(is_kebab_case, "{id} is in kebab-case");
            let mut shape = Shape::default();
            read_pattern(&message.value.expect("a message has a text"), &mut shape);
            assert!(messages.insert(id.clone(), shape).is_none(), "{id} is there twice in {language}");
        }
    }
    messages
}

fn read_pattern(pattern: &Pattern<String>, shape: &mut Shape) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                let tags = value.split('<').skip(1).filter_map(|tag| tag.split_once('>'));
                shape.tags.extend(tags.map(|(tag, _)| tag.to_owned()));
            }
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(inline) => read_inline(inline, shape),
                Expression::Select { selector, variants } => {
                    read_inline(selector, shape);
                    for variant in variants {
                        read_pattern(&variant.value, shape);
                    }
                }
            },
        }
    }
}

fn read_inline(expression: &InlineExpression<String>, shape: &mut Shape) {
    match expression {
        InlineExpression::VariableReference { id } => {
            shape.arguments.insert(id.name.clone());
        }
        InlineExpression::StringLiteral { .. } => {}
        other => panic!("messages have texts, arguments and choices only: {other:?}"),
    }
}

/// The ids that a source calls `Texts` with.
fn used(source: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for receiver in ["texts", "texts()"] {
        for method in METHODS {
            let call = format!("{receiver}.{method}(");
            for (_, rest) in source.match_indices(&call).map(|(at, _)| source.split_at(at + call.len())) {
                let literal = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
                ids.extend(literal.map(|(id, _)| id.to_owned()));
            }
        }
    }
    ids
}

/// All sources and templates that are no tests.
fn sources() -> Vec<String> {
    let folders = SOURCES.map(|folder| root().join(folder));
    let all = folders.iter().flat_map(|folder| files(folder, &["rs", "html", "txt"]));
    all.map(|(_, source)| source).collect()
}

fn files(folder: &Path, extensions: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if path.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known))
        {
            let source = fs::read_to_string(&path).expect("text");
            found.push((path, source));
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
