//! No circles of imports within the modules.
//!
//! The children of a module, each taken with all that lies below it, import each other without
//! circles, at every level. Imports between a `mod.rs` and what lies below it are exempt. A name
//! that a `mod.rs` passes on counts as an import of the file that defines it. What only unit tests
//! import does not count.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, assert_tidy, name, sources};

/// A module, by the names that lead to it.
type ModulePath = Vec<String>;

/// The imports between the children of one module, each with the places where they stand.
type Imports = BTreeMap<(String, String), Vec<String>>;

/// The file at `path` as a module; none for the binary.
fn module_of(path: &str) -> Option<ModulePath> {
    let path = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let path = path.strip_suffix("/mod").unwrap_or(path);
    match path {
        "main" => None,
        "lib" => Some(Vec::new()),
        _ => Some(path.split('/').map(str::to_owned).collect()),
    }
}

/// The paths of a use tree, each with the name that it is imported by.
fn paths_of(tree: &str) -> Vec<(ModulePath, String)> {
    let (mut before, mut rest) = (Vec::new(), tree);
    loop {
        rest = rest.trim_start();
        if let Some(group) = rest.strip_prefix('{') {
            let parts = parts_of(group).into_iter().filter(|part| !part.trim().is_empty());
            let below = parts.flat_map(paths_of).map(|(path, called)| {
                let path = if path == ["self"] { Vec::new() } else { path };
                let called =
                    if called == "self" { before.last().cloned().unwrap_or_default() } else { called };
                (before.iter().cloned().chain(path).collect(), called)
            });
            return below.collect();
        }
        let segment = name(rest);
        rest = &rest[segment.len()..];
        if !segment.is_empty() {
            before.push(segment.to_owned());
        }
        match rest.strip_prefix("::") {
            Some(below) => rest = below,
            None => break,
        }
    }
    let alias = rest.trim_start().strip_prefix("as ").map(|alias| name(alias.trim_start()).to_owned());
    let called = alias.or_else(|| before.last().cloned()).unwrap_or_default();
    vec![(before, called)]
}

/// The parts between the commas of a group, which ends with its brace.
fn parts_of(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (1, 0, Vec::new());
    for (at, c) in group.char_indices() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth == 0 || (depth == 1 && c == ',') {
            parts.push(&group[from..at]);
            from = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    parts
}

/// All modules, each with the names that its file imports or passes on.
struct Tree(BTreeMap<ModulePath, BTreeMap<String, ModulePath>>);

impl Tree {
    fn of(sources: &[Source]) -> Self {
        let mut tree = Self(
            sources.iter().filter_map(|s| module_of(&s.path)).map(|path| (path, BTreeMap::new())).collect(),
        );
        for source in sources {
            let Some(module) = module_of(&source.path) else { continue };
            let mut names = BTreeMap::new();
            for (at, _) in source.code.match_indices("use ") {
                let line = source.code[..at].rfind('\n').map_or(0, |end| end + 1);
                let head = source.code[line..at].trim_end();
                if !head.is_empty() && !head.starts_with("pub") {
                    continue;
                }
                for (path, called) in paths_of(&source.code[at + "use ".len()..]) {
                    if let Some(path) = tree.absolute(&module, &path) {
                        names.insert(called, path);
                    }
                }
            }
            tree.0.insert(module, names);
        }
        tree
    }

    /// A path that is in `module`, from the top; none for one of another crate.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<ModulePath> {
        let first = path.first()?;
        let (mut base, mut rest) = match first.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (module.to_vec(), &path[1..]),
            "super" => (module.to_vec(), path),
            _ => {
                let child = [module, &path[..1]].concat();
                return self.0.contains_key(&child).then(|| [module, path].concat());
            }
        };
        while let Some(above) = rest.strip_prefix(&["super".to_owned()]) {
            base.pop();
            rest = above;
        }
        Some([base, rest.to_vec()].concat())
    }

    /// The module that defines what `path` leads to; passed-on names are followed.
    fn defining(&self, path: &[String], steps: usize) -> ModulePath {
        let mut module = Vec::new();
        for (at, segment) in path.iter().enumerate() {
            let below = [module.clone(), vec![segment.clone()]].concat();
            if self.0.contains_key(&below) {
                module = below;
                continue;
            }
            return match self.0[&module].get(segment) {
                Some(target) if steps > 0 => {
                    self.defining(&[target.as_slice(), &path[at + 1..]].concat(), steps - 1)
                }
                _ => module,
            };
        }
        module
    }
}

/// The imports between the children of each module.
fn imports(sources: &[Source]) -> BTreeMap<String, Imports> {
    let tree = Tree::of(sources);
    let mut levels: BTreeMap<String, Imports> = BTreeMap::new();
    for source in sources {
        let Some(module) = module_of(&source.path) else { continue };
        let starts = ["crate::", "super::"].iter().flat_map(|start| source.uses(start));
        for at in starts.filter(|&at| source.line(at) <= source.tests) {
            for (path, _) in paths_of(&source.code[at..]) {
                let Some(path) = tree.absolute(&module, &path) else { continue };
                let target = tree.defining(&path, 8);
                let shared = module.iter().zip(&target).take_while(|(a, b)| a == b).count();
                if let (Some(by), Some(of)) = (module.get(shared), target.get(shared)) {
                    let level = levels.entry(module[..shared].join("/")).or_default();
                    let places = level.entry((by.clone(), of.clone())).or_default();
                    places.push(source.says(at, &path.join("::")));
                }
            }
        }
    }
    levels
}

/// All that `from` reaches by one import or more.
fn reached<'a>(imports: &'a Imports, from: &'a str) -> BTreeSet<&'a str> {
    let (mut reached, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(at) = waiting.pop() {
        for (_, of) in imports.keys().filter(|(by, _)| by == at) {
            if reached.insert(of.as_str()) {
                waiting.push(of);
            }
        }
    }
    reached
}

/// The circles between the children of one module: who takes part, and by which imports.
fn circles(imports: &Imports) -> Vec<(Vec<&str>, Vec<&str>)> {
    let children: BTreeSet<&str> = imports.keys().flat_map(|(by, of)| [by.as_str(), of.as_str()]).collect();
    let mut circles: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for child in children {
        let below = reached(imports, child);
        if !below.contains(child) || circles.iter().any(|(parts, _)| parts.contains(&child)) {
            continue;
        }
        let parts: Vec<&str> =
            below.into_iter().filter(|other| reached(imports, other).contains(child)).collect();
        let inner =
            |(by, of): &(String, String)| parts.contains(&by.as_str()) && parts.contains(&of.as_str());
        let places = imports.iter().filter(|(pair, _)| inner(pair)).flat_map(|(_, places)| places);
        let places = places.map(String::as_str).collect();
        circles.push((parts, places));
    }
    circles
}

#[test]
fn children_import_each_other_without_circles() {
    let mut wrong = Vec::new();
    for (level, imports) in &imports(&sources()) {
        for (parts, places) in circles(imports) {
            wrong.push(format!("a circle in `{level}` of {}:\n  {}", parts.join(", "), places.join("\n  ")));
        }
    }
    assert_tidy(&wrong);
}

#[test]
fn circles_are_found() {
    let source = |path: &str, code: &str| Source {
        path: path.into(),
        text: String::new(),
        code: code.into(),
        tests: 2,
    };
    let sources = [
        source("src/lib.rs", "pub mod a;"),
        source("src/a/mod.rs", "mod b;\nmod c;\npub use b::{B, b as other};\npub use c::C;"),
        source("src/a/b.rs", "use super::c;\nfn f() { c::g(super::C) }\nuse super::c;"),
        source("src/a/c/mod.rs", "mod d;\nuse crate::a::X;"),
        source("src/a/c/d.rs", "use crate::a::{Y, other};"),
        source("src/a/e.rs", "use super::{B, C};"),
    ];
    let levels = imports(&sources);
    let found = circles(&levels["a"]);
    assert_eq!(levels.keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, ["b", "c"]);
    let places = ["src/a/b.rs:1: a::c", "src/a/b.rs:2: a::C", "src/a/c/d.rs:1: a::other"];
    assert_eq!(found[0].1, places);
    let tree = paths_of("crate::{a::{self, B as C}, d};");
    let told: Vec<String> = tree.iter().map(|(path, name)| format!("{} {name}", path.join("."))).collect();
    assert_eq!(told, ["crate.a a", "crate.a.B C", "crate.d d"]);
}
