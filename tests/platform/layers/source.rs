//! The imports of a source file.

use std::collections::BTreeSet;

/// The path of a module: the name of its crate, then its segments.
pub type ModulePath = Vec<String>;

/// What one file declares and imports.
#[derive(Debug, Default)]
pub struct Module {
    /// The imported paths, all absolute.
    pub imports: BTreeSet<ModulePath>,
    /// What the module re-exports, by name: the absolute path of each. `*` for a glob.
    pub reexports: Vec<(String, ModulePath)>,
}

impl Module {
    /// Reads a file: the module with this path.
    pub fn read(path: &ModulePath, source: &str) -> Self {
        let tokens = without_tests(&tokens(source));
        let mut module = Self::default();
        let children: BTreeSet<&str> =
            tokens.windows(2).filter(|pair| pair[0] == "mod").map(|pair| pair[1].as_str()).collect();
        let absolute = |segments: &[String]| absolute(path, &children, segments);
        let mut position = 0;
        while position < tokens.len() {
            let token = tokens[position].as_str();
            if token == "use" {
                let end =
                    position + tokens[position..].iter().position(|token| token == ";").expect("a semicolon");
                let is_public =
                    position > 0 && (tokens[position - 1] == "pub" || tokens[position - 1] == ")");
                let mut imported = Vec::new();
                expand(&tokens[position + 1..end], &[], &mut imported);
                for (segments, name) in imported {
                    let Some(target) = absolute(&segments) else { continue };
                    let is_own_child = target.len() > path.len() && target.starts_with(path);
                    if is_public {
                        module.reexports.push((name, target.clone()));
                    }
                    if !(is_public && is_own_child) {
                        module.imports.insert(target);
                    }
                }
                position = end;
            } else if matches!(token, "crate" | "super" | "shared") && is_path(&tokens, position) {
                // A path that is written out where it is used.
                let mut segments = vec![token.to_owned()];
                while tokens.get(position + 1).is_some_and(|token| token == "::")
                    && tokens.get(position + 2).is_some_and(|token| is_name(token))
                {
                    segments.push(tokens[position + 2].clone());
                    position += 2;
                }
                module.imports.extend(absolute(&segments));
            }
            position += 1;
        }
        module
    }
}

/// Whether a path begins here: `pub(crate)` and `pub(super)` are none.
fn is_path(tokens: &[String], position: usize) -> bool {
    let is_first = position == 0 || tokens[position - 1] != "::";
    is_first && tokens.get(position + 1).is_some_and(|token| token == "::")
}

/// The paths of a `use` tree, each with the name that it is imported under.
fn expand(tree: &[String], prefix: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let mut path = prefix.to_vec();
    let mut name = None;
    let mut position = 0;
    while position < tree.len() {
        match tree[position].as_str() {
            "::" => {}
            "as" => {
                name = tree.get(position + 1).cloned();
                position += 1;
            }
            "{" => {
                let inner = &tree[position + 1..tree.len() - 1];
                for branch in branches(inner) {
                    expand(branch, &path, found);
                }
                return;
            }
            // In braces, the module itself.
            "self" if !path.is_empty() => {}
            segment => path.push(segment.to_owned()),
        }
        position += 1;
    }
    if let Some(last) = path.last().cloned() {
        found.push((path, name.unwrap_or(last)));
    }
}

/// The parts of a list between braces.
fn branches(list: &[String]) -> Vec<&[String]> {
    let mut depth = 0;
    list.split(|token| {
        depth += i32::from(token == "{") - i32::from(token == "}");
        depth == 0 && token == ","
    })
    .filter(|branch| !branch.is_empty())
    .collect()
}

/// A path from the root of its crate; `None` if it is of a crate outside this workspace.
fn absolute(module: &ModulePath, children: &BTreeSet<&str>, segments: &[String]) -> Option<ModulePath> {
    let first = segments.first()?.as_str();
    let ups = segments.iter().take_while(|segment| *segment == "super").count();
    let (base, rest) = match first {
        "crate" => (&module[..1], &segments[1..]),
        "self" => (&module[..], &segments[1..]),
        "super" => (&module[..module.len().checked_sub(ups)?], &segments[ups..]),
        child if children.contains(child) => (&module[..], segments),
        "shared" | "authorize" | "bootstrap" | "clients" | "expiry" | "rotate_keys" | "token" => {
            (&[][..], segments)
        }
        _ => return None,
    };
    Some([base, rest].concat())
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The tokens without every inline module that is for tests only.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut position = 0;
    while position < tokens.len() {
        let attribute: Vec<&str> = tokens[position..].iter().take(7).map(String::as_str).collect();
        if attribute == ["#", "[", "cfg", "(", "test", ")", "]"] {
            let rest = &tokens[position..];
            let open = rest.iter().position(|token| token == "{").unwrap_or(rest.len());
            let semicolon = rest.iter().position(|token| token == ";").unwrap_or(rest.len());
            position += if semicolon < open { semicolon + 1 } else { open + block_length(&rest[open..]) };
            continue;
        }
        kept.push(tokens[position].clone());
        position += 1;
    }
    kept
}

/// How many tokens a block has, both braces included.
fn block_length(tokens: &[String]) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate() {
        depth += i32::from(token == "{") - i32::from(token == "}");
        if depth == 0 {
            return index + 1;
        }
    }
    tokens.len()
}

/// Names, `::` and single characters. Comments, strings and character literals are left out.
fn tokens(source: &str) -> Vec<String> {
    let text: Vec<char> = source.chars().collect();
    let at = |index: usize| text.get(index).copied().unwrap_or('\0');
    let mut found = Vec::new();
    let mut i = 0;
    while i < text.len() {
        match at(i) {
            '/' if at(i + 1) == '/' => i += text[i..].iter().take_while(|c| **c != '\n').count(),
            '/' if at(i + 1) == '*' => {
                i += 2 + text[i + 2..].windows(2).take_while(|pair| *pair != ['*', '/']).count() + 2;
            }
            'r' if matches!((at(i + 1), at(i + 2)), ('"', _) | ('#', '"' | '#')) => {
                let hashes = text[i + 1..].iter().take_while(|c| **c == '#').count();
                let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                let start = i + hashes + 2;
                let length = text[start..].windows(end.len()).take_while(|window| *window != end).count();
                i = start + length + end.len();
            }
            'r' if at(i + 1) == '#' => i += 2,
            '"' => {
                i += 1;
                while i < text.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 };
                }
                i += 1;
            }
            '\'' if at(i + 1) == '\\' => {
                i += 3 + text[i + 3..].iter().take_while(|c| **c != '\'').count() + 1;
            }
            '\'' if at(i + 2) == '\'' => i += 3,
            ':' if at(i + 1) == ':' => {
                found.push("::".to_owned());
                i += 2;
            }
            c if c.is_alphanumeric() || c == '_' => {
                let name: String =
                    text[i..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
                i += name.chars().count();
                found.push(name);
            }
            c => {
                if !c.is_whitespace() {
                    found.push(c.to_string());
                }
                i += 1;
            }
        }
    }
    found
}

#[test]
fn imports_are_read_from_every_form_of_use() {
    let source = r#"
        use crate::a::{self, b::{C, D as E}, f::*}; // use crate::comment::X;
        pub(crate) use super::g::H;
        mod child;
        use self::i::J; use r#shared::k; use child::L;
        pub use child::Q;
        const TEXT: &str = "use crate::text::Y;";
        #[cfg(test)]
        mod tests { use crate::only::tests; fn f() { let _ = '"'; } }
        fn f<'a>() -> crate::l::M<'a> { super::n::o() }
    "#;
    let path = |text: &str| text.split("::").map(str::to_owned).collect::<ModulePath>();
    let module = Module::read(&path("shared::m::own"), source);
    let expected = [
        "shared::a",
        "shared::a::b::C",
        "shared::a::b::D",
        "shared::a::f::*",
        "shared::k",
        "shared::l::M",
        "shared::m::g::H",
        "shared::m::n::o",
        "shared::m::own::child::L",
        "shared::m::own::i::J",
    ];
    assert_eq!(module.imports, expected.map(path).into());
}
