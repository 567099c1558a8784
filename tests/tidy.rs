//! Reads the sources and fails where they break a rule of `ARCHITECTURE.md`.
//!
//! Checks which module may import which, that there are no circles within a module either, which
//! module may use a given crate (its adapter), that the front ends write through `session`, and
//! where threads start. Also: each file begins with a module doc, is reached by a `mod` line, stays
//! short and lies where its module belongs; no text names a place where only its author works;
//! every file that the docs name exists; and a type's name has one meaning. It compiles nothing, so
//! it is as quick as reading the files.

#![expect(clippy::panic, reason = "a test's helpers end the test")]

mod circles;
mod named_files;
mod type_names;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with what it may import besides `base`; a module is below all that it imports.
/// `ARCHITECTURE.md` shows the same table.
const MODULES: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("files", &[]),
    ("tracks", &["files"]),
    ("models", &["files"]),
    ("infer", &[]),
    ("pooling", &["models"]),
    ("embed", &["tracks", "models", "infer", "pooling"]),
    ("video", &["files", "tracks", "models", "infer", "embed"]),
    ("graph", &[]),
    ("cluster", &["graph"]),
    ("learn", &["models", "graph", "cluster"]),
    ("map", &["graph"]),
    ("metrics", &[]),
    ("review", &[]),
    ("advice", &["cluster", "review"]),
    ("library", &[]),
    ("project", &["files", "tracks", "embed", "review", "library"]),
    ("export", &["files", "tracks", "review"]),
    ("demo", &["files"]),
    ("views", &["tracks", "review"]),
    (
        "session",
        &[
            "files", "tracks", "models", "infer", "pooling", "embed", "video", "cluster", "learn", "map",
            "metrics", "review", "advice", "library", "project", "export", "demo", "views",
        ],
    ),
    (
        "heads",
        &[
            "tracks", "models", "embed", "cluster", "learn", "metrics", "review", "project", "views",
            "session",
        ],
    ),
    ("study", &["cluster", "metrics", "review", "advice", "session"]),
    ("worker", &[]),
    (
        "ui",
        &[
            "files", "tracks", "models", "embed", "cluster", "review", "advice", "library", "project",
            "export", "views", "session", "heads", "worker",
        ],
    ),
    (
        "cli",
        &[
            "files", "tracks", "models", "infer", "video", "cluster", "learn", "metrics", "review", "advice",
            "library", "project", "export", "views", "session", "heads", "study", "ui",
        ],
    ),
];

/// Crates that one module alone may use, and that module, the crate's adapter; `ARCHITECTURE.md`
/// shows the same table.
const ADAPTERS: &[(&str, &str)] = &[
    ("ort", "infer"),
    ("ort_tract", "infer"),
    ("rusqlite", "project"),
    ("crossbeam_channel", "worker"),
    ("clap", "cli"),
    ("indicatif", "cli"),
    ("ctrlc", "cli"),
    ("egui", "ui"),
    ("eframe", "ui"),
    ("rfd", "ui"),
    ("egui_system_font_provider", "ui"),
    ("lru", "ui"),
    ("fluent_bundle", "ui"),
    ("icu_decimal", "ui"),
    ("icu_datetime", "ui"),
    ("sys_locale", "ui"),
    ("jiff", "ui"),
    ("egui_material_icons", "ui"),
    ("nucleo_matcher", "ui"),
    ("ureq", "models"),
    ("npyz", "tracks"),
    ("zip", "tracks"),
    ("half", "tracks"),
    ("encoding_rs", "tracks"),
    ("fast_image_resize", "embed"),
    ("safetensors", "models"),
    ("prost", "models"),
    ("ndarray", "base"),
    ("pulp", "base"),
    ("hnsw_rs", "graph"),
    ("pathfinding", "video"),
    ("tiny_skia", "demo"),
    ("imbl", "review"),
    ("bhtsne", "map"),
];

/// Files outside `worker` that may start a thread.
const THREADS: &[&str] =
    &["src/project/writer.rs", "src/cli/progress.rs", "src/video/ffmpeg/decode.rs", "src/video/frames.rs"];

/// What the front ends leave to jobs and commands of `session`.
const WRITES: &[&str] = &["Library::open(", "demo::draw", ".write(cx)", ".save_", "put_vectors"];

/// The longest file, in lines.
const LONGEST: usize = 500;

/// What no text of the project names, in two halves so that this file does not either.
const UNNAMED: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    (".lib", "rary/"),
    ("crates", ".io"),
    ("pypi", ".org"),
    ("python", "hosted"),
    ("npm", "js"),
];

/// A source file, comments left out of `code`, line for line.
struct Source {
    path: String,
    text: String,
    code: String,
    /// Where the tests begin, counted in lines from 0.
    tests: usize,
}

impl Source {
    fn read(root: &Path, path: &str) -> Self {
        let text = read(&root.join(path));
        let code: Vec<&str> = text.lines().map(without_comment).collect();
        let is_tests = |at: usize| {
            code[at].trim() == "#[cfg(test)]" && code.get(at + 1).is_some_and(|l| l.ends_with('{'))
        };
        let tests = if path.ends_with("/tests.rs") {
            0
        } else {
            (0..code.len()).find(|&at| is_tests(at)).unwrap_or(code.len())
        };
        Self { path: path.to_owned(), code: code.join("\n"), text, tests }
    }

    /// The top-level module, or the file itself at the top.
    fn module(&self) -> &str {
        self.path.trim_start_matches("src/").split('/').next().unwrap_or_default()
    }

    /// Byte positions in `code` where `path` begins a path: no name or `::` stands before it.
    fn uses(&self, path: &str) -> Vec<usize> {
        let starts =
            |at: usize| !self.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        self.code.match_indices(path).map(|(at, _)| at).filter(|&at| starts(at)).collect()
    }

    fn line(&self, at: usize) -> usize {
        self.code[..at].matches('\n').count() + 1
    }

    fn says(&self, at: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, self.line(at))
    }
}

/// A line up to its comment; slashes within a string are none.
fn without_comment(line: &str) -> &str {
    let mut in_string = false;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match c {
            '"' if before != '\\' && before != '\'' => in_string = !in_string,
            '/' if !in_string && before == '/' => return &line[..at - 1],
            _ => {}
        }
        before = c;
    }
    line
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below a folder, relative to the project with `/`, sorted.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return found };
    for entry in entries.flatten() {
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    files("src")
        .iter()
        .filter(|path| Path::new(path).extension().is_some_and(|e| e == "rs"))
        .map(|path| Source::read(&root(), path))
        .collect()
}

/// The leading name of a path.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The first names behind `crate::`, also of a group in braces.
fn imported(rest: &str) -> Vec<&str> {
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut depth, mut wanted, mut names) = (1, true, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => wanted = true,
            c if wanted && c.is_alphabetic() => {
                names.push(name(&group[at..]));
                wanted = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// The rows of the table in `text` whose first column is called `header`.
fn table(text: &str, header: &str) -> Vec<Vec<String>> {
    let rows = text.lines().skip_while(|line| !line.starts_with(&format!("| {header} |"))).skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// The words of a cell that stand between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[track_caller]
fn assert_tidy(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} untidy:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn modules_import_what_they_may() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((module, allowed)) = MODULES.iter().find(|(module, _)| *module == source.module()) else {
            if !["src/lib.rs", "src/main.rs"].contains(&source.path.as_str()) {
                wrong.push(source.says(0, "this module is not in the table of modules"));
            }
            continue;
        };
        for at in source.uses("crate::") {
            for other in imported(&source.code[at + "crate::".len()..]) {
                let is_module = MODULES.iter().any(|(module, _)| *module == other);
                if is_module && other != *module && other != "base" && !allowed.contains(&other) {
                    wrong.push(source.says(at, &format!("`{module}` may not import `{other}`")));
                }
            }
        }
    }
    assert_tidy(&wrong);
}

#[test]
fn modules_stand_below_what_they_import() {
    let place = |module: &str| MODULES.iter().position(|(other, _)| *other == module);
    let wrong: Vec<String> = MODULES
        .iter()
        .flat_map(|(module, allowed)| allowed.iter().map(move |other| (module, other)))
        .filter(|(module, other)| place(other) >= place(module))
        .map(|(module, other)| {
            format!("tests/tidy.rs:1: `{module}` imports `{other}`, which does not stand above it")
        })
        .collect();
    assert_tidy(&wrong);
}

#[test]
fn architecture_shows_the_same_tables() {
    let text = read(&root().join("ARCHITECTURE.md"));
    let modules: Vec<(String, Vec<String>)> = table(&text, "module")
        .iter()
        .map(|row| (row[0].replace('`', ""), quoted(&row[2]).into_iter().map(str::to_owned).collect()))
        .collect();
    let expected: Vec<(String, Vec<String>)> = MODULES
        .iter()
        .map(|(module, allowed)| {
            ((*module).to_owned(), allowed.iter().map(|&other| other.to_owned()).collect())
        })
        .collect();
    assert_eq!(modules, expected, "the table of modules in ARCHITECTURE.md (left) and in this test (right)");
    let adapters: Vec<(String, String)> = table(&text, "crate")
        .iter()
        .flat_map(|row| {
            let adapter = row[1].replace('`', "");
            quoted(&row[0])
                .into_iter()
                .map(move |name| (name.to_owned(), adapter.clone()))
                .collect::<Vec<_>>()
        })
        .collect();
    let expected: Vec<(String, String)> =
        ADAPTERS.iter().map(|(name, adapter)| ((*name).to_owned(), (*adapter).to_owned())).collect();
    assert_eq!(
        adapters, expected,
        "the table of adapters in ARCHITECTURE.md (left) and in this test (right)"
    );
}

#[test]
fn crates_are_used_by_their_adapters_only() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, adapter) in ADAPTERS.iter().filter(|(_, adapter)| *adapter != source.module()) {
            let paths = source.uses(&format!("{name}::"));
            let whole = source.uses(&format!("use {name}")).into_iter();
            let whole = whole.filter(|at| source.code[at + 4 + name.len()..].starts_with([';', ' ']));
            for at in paths.into_iter().chain(whole) {
                wrong.push(source.says(at, &format!("only `{adapter}` may use `{name}`")));
            }
        }
    }
    assert_tidy(&wrong);
}

#[test]
fn front_ends_write_through_the_session() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| ["ui", "cli"].contains(&source.module())) {
        let all = WRITES.iter().flat_map(|write| source.code.match_indices(write)).map(|(at, _)| at);
        // A command is the session's; an edit of a library is made by a job.
        let deeds = source.code.match_indices(".perform(").map(|(at, _)| at);
        let deeds = deeds.filter(|&at| !source.code[..at].ends_with("session"));
        let places = all.chain(deeds).filter(|&at| source.line(at) <= source.tests);
        wrong.extend(places.map(|at| source.says(at, "this is written by a job or command of `session`")));
    }
    assert_tidy(&wrong);
}

#[test]
fn threads_start_where_they_may() {
    let mut wrong = Vec::new();
    for source in sources() {
        if source.module() == "worker" || THREADS.contains(&source.path.as_str()) {
            continue;
        }
        for start in ["thread::spawn", "thread::Builder", "thread::scope"] {
            for (at, _) in source.code.match_indices(start).filter(|(at, _)| source.line(*at) <= source.tests)
            {
                wrong.push(source.says(at, "threads start in `worker`; data-parallel loops use rayon"));
            }
        }
    }
    assert_tidy(&wrong);
}

#[test]
fn files_say_what_they_are_for_and_stay_short() {
    let mut wrong = Vec::new();
    for path in ["src", "tests", "benches"].iter().flat_map(|folder| files(folder)) {
        if Path::new(&path).extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let source = Source::read(&root(), &path);
        if !source.text.starts_with("//! ") {
            wrong.push(source.says(0, "the file begins without a `//!` module doc"));
        }
        let lines = source.text.lines().count();
        if lines > LONGEST {
            wrong.push(format!("{path}:{lines}: longer than {LONGEST} lines; part it"));
        }
    }
    assert_tidy(&wrong);
}

#[test]
fn a_module_with_children_is_a_folder_with_its_mod_file() {
    let mut wrong = Vec::new();
    for source in ["src", "tests", "benches", "examples"].iter().flat_map(|folder| files(folder)) {
        let folder = source.strip_suffix(".rs").filter(|folder| root().join(folder).is_dir());
        wrong.extend(folder.map(|folder| format!("{source}:1: belongs in {folder}/mod.rs")));
    }
    assert_tidy(&wrong);
}

#[test]
fn every_file_is_reached() {
    let sources = sources();
    let mut reached: BTreeSet<String> = ["src/lib.rs".to_owned(), "src/main.rs".to_owned()].into();
    let mut waiting: Vec<String> = reached.iter().cloned().collect();
    while let Some(path) = waiting.pop() {
        let Some(source) = sources.iter().find(|source| source.path == path) else { continue };
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let own = matches!(file, "lib.rs" | "main.rs" | "mod.rs");
        let below = if own { folder.to_owned() } else { path.trim_end_matches(".rs").to_owned() };
        for line in source.code.lines() {
            let declared = line.trim().strip_suffix(';');
            let Some(module) = declared.and_then(|line| line.rsplit_once("mod ")).map(|(_, module)| module)
            else {
                continue;
            };
            for file in [format!("{below}/{module}.rs"), format!("{below}/{module}/mod.rs")] {
                if reached.insert(file.clone()) {
                    waiting.push(file);
                }
            }
        }
    }
    let lost = sources.iter().filter(|source| !reached.contains(&source.path));
    let wrong: Vec<String> = lost.map(|source| source.says(0, "no `mod` line reaches this file")).collect();
    assert_tidy(&wrong);
}

#[test]
fn no_text_names_its_authors_place() {
    let mut paths: Vec<String> = ["src", "tests", "benches", "docs", "assets", "models", ".ci"]
        .iter()
        .flat_map(|folder| files(folder))
        .collect();
    paths.extend(
        fs::read_dir(root())
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.file_name().to_string_lossy().into_owned()),
    );
    let mut wrong = Vec::new();
    // In a second working tree `.git` is a file that names the first one.
    for path in paths.iter().filter(|path| !["Cargo.lock", ".git"].contains(&path.as_str())) {
        // What is no text, such as a model or a folder, says nothing.
        let Ok(text) = fs::read_to_string(root().join(path)) else { continue };
        for (number, line) in text.lines().enumerate() {
            for (head, tail) in UNNAMED {
                if line.to_lowercase().contains(&format!("{head}{tail}")) {
                    wrong.push(format!("{path}:{}: names `{head}{tail}`", number + 1));
                }
            }
        }
    }
    assert_tidy(&wrong);
}

#[test]
fn the_reader_of_sources_reads_right() {
    assert_eq!(without_comment(r#"let a = "x//y"; // z"#), r#"let a = "x//y"; "#);
    assert_eq!(imported("base::{Cx, Rng};"), ["base"]);
    assert_eq!(imported("{base::{Cx, Rng}, tracks,\n    models::Kind};"), ["base", "tracks", "models"]);
    assert_eq!(quoted("`a`, `b` and c"), ["a", "b"]);
    let source = Source {
        path: "src/base/x.rs".into(),
        text: String::new(),
        code: "a\nuse ort::X;\nlet f = support::ort::Y; a_ort::Z".into(),
        tests: 3,
    };
    assert_eq!(source.uses("ort::").iter().map(|&at| source.line(at)).collect::<Vec<_>>(), [2]);
}
