//! The documents: their links lead somewhere, and they keep the limits that they set themselves.

use crate::interop::pasted_lines::{NOT_RUN, PAGES, RUN_WHEN_DEPLOYED};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// The longest README, in lines.
const README_LINES: usize = 150;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The files of the repository: those that git has, and those that are not ignored.
fn files() -> BTreeSet<PathBuf> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let output = git.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    listed.lines().map(PathBuf::from).filter(|path| root().join(path).is_file()).collect()
}

/// Every Markdown document, by its path from the root.
fn documents() -> BTreeMap<PathBuf, String> {
    let markdown = files().into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "md"));
    markdown.map(|path| (path.clone(), std::fs::read_to_string(root().join(path)).unwrap())).collect()
}

/// The lines outside code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence
    })
}

/// The targets of a document's links.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once("](") {
            let (target, after) = after.split_once(')').expect("a link has an end");
            found.push(target.to_owned());
            rest = after;
        }
    }
    found
}

/// The anchors of a document's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

fn resolve(document: &Path, target: &str) -> PathBuf {
    let mut path = document.parent().unwrap_or(Path::new("")).to_owned();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir => {
                assert!(path.pop(), "{target} in {} leaves the repository", document.display());
            }
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path
}

#[test]
fn every_link_leads_somewhere() {
    let documents = documents();
    let mut dead = Vec::new();
    for (document, text) in &documents {
        for link in links(text) {
            if link.contains("://") {
                continue;
            }
            let (target, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let path = if target.is_empty() { document.clone() } else { resolve(document, target) };
            let exists = root().join(&path).exists();
            let has_anchor =
                anchor.is_empty() || documents.get(&path).is_some_and(|text| anchors(text).contains(anchor));
            if !exists || !has_anchor {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "dead links: {dead:#?}");
}

#[test]
fn every_path_in_backticks_exists() {
    let files = files();
    let folders = ["functions/", "shared/src", "infra/", "tests/", ".ci/", ".github/"];
    let mut missing = Vec::new();
    for (document, text) in documents() {
        for line in prose(&text) {
            for quoted in line.split('`').skip(1).step_by(2) {
                let is_path = folders.iter().any(|folder| quoted.starts_with(folder))
                    && !quoted.contains(['*', '<', '{', ' ']);
                let path = quoted.trim_end_matches('/');
                if is_path && !files.iter().any(|file| file.starts_with(path)) {
                    missing.push(format!("{}: {quoted}", document.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "paths that are not there: {missing:#?}");
}

#[test]
fn every_document_says_what_it_is_first() {
    for (document, text) in documents() {
        if document.ends_with("PULL_REQUEST_TEMPLATE.md") {
            continue;
        }
        let mut lines = text.lines();
        assert!(lines.next().is_some_and(|line| line.starts_with("# ")), "{document:?} has no title");
        let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
        assert!(first.starts_with(|c: char| c.is_alphanumeric() || c == '*'), "{document:?}: {first}");
    }
}

#[test]
fn the_readme_is_short_and_has_a_picture() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.lines().count() <= README_LINES);
    assert!(readme.contains("```mermaid"));
}

#[test]
fn no_table_row_stands_in_two_documents() {
    let mut rows: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (document, text) in documents() {
        for row in prose(&text).filter(|line| line.starts_with("| ") && line.len() > 60) {
            let first = rows.entry(row.to_owned()).or_insert_with(|| document.clone());
            assert_eq!(*first, document, "the same row in two documents: {row}");
        }
    }
}

#[test]
fn only_lock_files_name_a_package_registry() {
    let hosts = ["crates.io/", "index.crates", "registry.npmjs", "pypi.org/", "files.pythonhosted"];
    for file in files() {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.contains("lock") || file.ends_with("documents.rs") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root().join(&file)) else { continue };
        for host in hosts {
            assert!(!text.contains(host), "{file:?} names {host}");
        }
    }
}

#[test]
fn every_shell_block_is_run_or_says_why_not() {
    for (document, text) in documents() {
        let is_run = PAGES.iter().any(|(name, _)| document == Path::new(name));
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let blocks: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].trim_start() == "```sh").collect();
        let has_reason = |at: usize| at > 0 && lines[at - 1].trim_start().starts_with(NOT_RUN);
        let is_deployed = |at: usize| at > 0 && lines[at - 1] == RUN_WHEN_DEPLOYED;
        let whole = blocks.first().is_some_and(|at| has_reason(*at)) && !is_run;
        for at in blocks {
            assert!(
                is_run || whole || has_reason(at) || is_deployed(at),
                "{document:?}: neither run nor explained: {}",
                lines[at + 1]
            );
        }
    }
}

#[test]
fn each_promise_with_a_figure_names_a_test_that_exists() {
    let document = Path::new("infra/docs/security.md");
    let text = std::fs::read_to_string(root().join(document)).unwrap();
    let (_, table) = text.split_once("## Promises with a figure").unwrap();
    let rows: Vec<&str> = table.lines().take_while(|line| !line.starts_with("## ")).collect();
    let rows: Vec<&str> = rows.into_iter().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 20, "{} promises", rows.len());
    for row in rows {
        let link = row.rsplit('|').nth(1).unwrap().trim();
        let (name, file) = link.strip_prefix("[`").unwrap().split_once("`](").unwrap();
        let source = root().join(resolve(document, file.trim_end_matches(')')));
        let source = std::fs::read_to_string(source).unwrap();
        let (before, _) = source.split_once(&format!("fn {name}(")).unwrap_or_else(|| panic!("{row}"));
        let attribute = before.rsplit("#[").next().unwrap();
        assert!(attribute.starts_with("test]") || attribute.starts_with("tokio::test"), "{name} is no test");
    }
}
