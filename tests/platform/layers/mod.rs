//! The dependency rule: which module may import which, read from the sources.
//!
//! A module is a file. Unit tests (inline modules below `#[cfg(test)]`, `tests.rs`, folders `tests`) may import what they
//! like. A re-export (`pub use`) of a module's own child is no import, and an import of a re-exported name is one of the
//! file that declares it.

mod source;

use source::{Module, ModulePath};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Modules = BTreeMap<ModulePath, Module>;

/// The layers of the shared crate, from the lowest to the highest, and what each may import.
const LAYERS: [(&str, &[&str]); 8] = [
    ("domain", &["domain"]),
    ("wire", &["wire", "domain"]),
    ("texts", &["texts", "domain"]),
    ("web", &["web", "wire", "texts", "domain"]),
    ("adapters", &["adapters", "texts", "domain"]),
    ("services", &["services", "adapters", "texts", "domain"]),
    ("api", &["api", "services", "adapters", "domain"]),
    ("app", &["app", "services", "adapters", "texts", "domain"]),
];

#[test]
fn no_import_points_up() {
    let modules = read_workspace();
    let mut violations = Vec::new();
    for (path, module) in &modules {
        for import in &module.imports {
            let Some(target) = declaring_module(&modules, import) else { continue };
            if !is_allowed(path, &target) {
                violations.push(format!("{} imports {}", path.join("::"), target.join("::")));
            }
        }
    }
    assert!(violations.is_empty(), "imports that point up:\n{}", violations.join("\n"));
}

#[test]
fn no_cycle_between_files() {
    let modules = read_workspace();
    let edges: BTreeMap<&ModulePath, BTreeSet<ModulePath>> = modules
        .iter()
        .map(|(path, module)| {
            let targets = module.imports.iter().filter_map(|import| declaring_module(&modules, import));
            (path, targets.filter(|target| target != path).collect())
        })
        .collect();
    let cycles: BTreeSet<String> = edges
        .keys()
        .filter_map(|path| shortest_cycle(&edges, path))
        .map(|cycle| cycle.iter().map(|path| path.join("::")).collect::<Vec<_>>().join(" -> "))
        .collect();
    assert!(cycles.is_empty(), "cycles:\n{}", cycles.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Whether a module may import another one.
fn is_allowed(from: &[String], to: &[String]) -> bool {
    match (from[0].as_str(), to[0].as_str()) {
        ("shared", "shared") => match (from.get(1), to.get(1)) {
            (Some(from), Some(to)) => LAYERS
                .iter()
                .find(|(layer, _)| layer == from)
                .is_some_and(|(_, allowed)| allowed.contains(&to.as_str())),
            _ => true,
        },
        (function, other) => function == other || other == "shared",
    }
}

/// The shortest chain of imports that leads from a module to itself, if it is the first one of the chain by name.
fn shortest_cycle<'a>(
    edges: &'a BTreeMap<&'a ModulePath, BTreeSet<ModulePath>>,
    start: &'a ModulePath,
) -> Option<Vec<&'a ModulePath>> {
    let mut previous: BTreeMap<&ModulePath, &ModulePath> = BTreeMap::new();
    let mut reached = vec![start];
    let mut next = 0;
    while let Some(path) = reached.get(next).copied() {
        next += 1;
        for target in edges.get(path)? {
            if target == start {
                let mut cycle = vec![path];
                while *cycle.last()? != start {
                    cycle.push(previous.get(cycle.last()?)?);
                }
                cycle.reverse();
                return cycle.iter().all(|path| *path >= start).then_some(cycle);
            }
            if target > start && !previous.contains_key(target) {
                previous.insert(target, path);
                reached.push(target);
            }
        }
    }
    None
}

/// The module that declares what an imported path names, through re-exports; `None` if it is of another crate.
fn declaring_module(modules: &Modules, import: &[String]) -> Option<ModulePath> {
    let mut path = import.to_vec();
    for _ in 0..8 {
        let known = (1..=path.len()).rev().find(|length| modules.contains_key(&path[..*length]))?;
        let (module, rest) = path.split_at(known);
        let module = module.to_vec();
        let reexports = &modules[&module].reexports;
        let Some(name) = rest.first() else { return Some(module) };
        let Some((_, target)) = reexports.iter().find(|(reexported, _)| reexported == name) else {
            return Some(module);
        };
        path = [target.as_slice(), &rest[1..]].concat();
    }
    None
}

fn read_workspace() -> Modules {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = vec![("shared".to_owned(), root.join("shared/src"))];
    for entry in fs::read_dir(root.join("functions")).expect("functions") {
        let folder = entry.expect("an entry").path();
        let name = folder.file_name().expect("a name").to_string_lossy().replace('-', "_");
        sources.push((name, folder.join("src")));
    }
    let mut modules = Modules::new();
    for (name, folder) in sources {
        read_folder(&folder, &vec![name], &mut modules);
    }
    assert!(modules.len() > 100, "the sources were found");
    modules
}

fn read_folder(folder: &PathBuf, parent: &ModulePath, modules: &mut Modules) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let child = || [parent.as_slice(), std::slice::from_ref(&name)].concat();
        if name == "tests" {
            continue;
        }
        if path.is_dir() {
            read_folder(&path, &child(), modules);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = if name == "mod" || name == "lib" { parent.clone() } else { child() };
            let source = fs::read_to_string(&path).expect("a source");
            modules.insert(module.clone(), Module::read(&module, &source));
        }
    }
}
