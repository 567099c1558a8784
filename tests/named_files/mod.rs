//! Every file that the docs or a doc comment name exists.
//!
//! Takes the Markdown files and the `//!` and `///` comments; gives the names that lead nowhere.
//! A name is a path that ends in an extension of [`CHECKED`], or a Markdown link. It may be given
//! from the project's folder, from `src`, or from the folder of the file that names it.

use std::path::{Component, Path, PathBuf};

use super::{assert_tidy, files, read, root};

/// Extensions by which a word with a `/` is taken for a file of the project.
const CHECKED: [&str; 6] = ["rs", "md", "toml", "py", "sh", "ftl"];

/// Markdown files at the top that describe the present state; the changelog describes the past.
const PAGES: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// A folder of the data that `CASTLIST_SHARED` names, which is not in the repository.
const ELSEWHERE: &str = "peers/";

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    Path::new(path).extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e))
}

/// The words of a line that look like a file of the project.
fn named(line: &str) -> Vec<&str> {
    let is_path = |c: char| c.is_alphanumeric() || "/._-*<>".contains(c);
    line.split_whitespace()
        .filter(|word| !word.contains("://"))
        .flat_map(|word| word.split(move |c| !is_path(c)))
        .map(|word| word.trim_end_matches('.'))
        // A placeholder, such as `docs/decisions/*.md`, names no one file.
        .filter(|word| !word.contains(['*', '<', '>']))
        .filter(|word| {
            let is_file = word.contains('/') && has_extension(word, &CHECKED);
            (is_file || has_extension(word, &["md"]))
                && !word.starts_with(['/', '.'])
                && !word.starts_with(ELSEWHERE)
        })
        .collect()
}

/// The targets of a line's Markdown links within the project.
fn linked(line: &str) -> Vec<&str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

/// `folder/name` without `.` and `..`.
fn joined(folder: &str, name: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in Path::new(folder).join(name).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::CurDir => {}
            other => path.push(other),
        }
    }
    path
}

/// Whether `name`, as the file at `by` gives it, is there. A link is relative to `by` alone.
fn is_there(name: &str, by: &str, is_link: bool) -> bool {
    let own = by.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folders: &[&str] = if is_link { &[own] } else { &["", "src", own] };
    folders.iter().any(|folder| root().join(joined(folder, name)).exists())
}

/// The lines of a file that are documentation: all of a page's, the doc comments of a source.
fn documentation<'a>(path: &str, text: &'a str) -> Vec<(usize, &'a str)> {
    let is_page = has_extension(path, &["md"]);
    let is_doc = |line: &str| line.trim_start().starts_with("//!") || line.trim_start().starts_with("///");
    text.lines().enumerate().filter(|(_, line)| is_page || is_doc(line)).collect()
}

#[test]
fn files_that_the_docs_name_exist() {
    let mut paths: Vec<String> = PAGES.map(str::to_owned).to_vec();
    paths.extend(files("docs").into_iter().filter(|path| has_extension(path, &["md"])));
    for folder in ["src", "tests", "benches", "examples"] {
        paths.extend(files(folder).into_iter().filter(|path| has_extension(path, &["rs"])));
    }
    let (mut wrong, mut found) = (Vec::new(), 0);
    for path in &paths {
        let text = read(&root().join(path));
        for (at, line) in documentation(path, &text) {
            // Links within doc comments lead to items, which `cargo doc` checks.
            let links = if has_extension(path, &["md"]) { linked(line) } else { Vec::new() };
            let names = named(line).into_iter().map(|name| (name, false));
            for (name, is_link) in names.chain(links.into_iter().map(|name| (name, true))) {
                found += 1;
                if !is_there(name, path, is_link) {
                    wrong.push(format!("{path}:{}: names `{name}`, which is not there", at + 1));
                }
            }
        }
    }
    assert_tidy(&wrong);
    assert!(found > 100, "only {found} names were found in the docs");
}

#[test]
fn names_of_files_are_recognised() {
    assert_eq!(named("see `src/base/cx.rs`, docs/models.md."), ["src/base/cx.rs", "docs/models.md"]);
    assert_eq!(named("of algorithms.md §4, mod.rs and tracks.csv"), ["algorithms.md"]);
    assert!(named("https://example.org/a/b.md src/cluster/<method>.rs docs/*.md").is_empty());
    assert_eq!(linked("[a](x.md) and [b](../y/z.md#part), [c](https://example.org)"), ["x.md", "../y/z.md"]);
    assert_eq!(joined("docs/decisions", "../models.md"), Path::new("docs/models.md"));
    assert!(is_there("base/cx.rs", "README.md", false) && !is_there("base/cx.rs", "README.md", true));
}
