//! What a package holds beside the binary: man pages, completions of shells, and the licences of all
//! that was compiled in.
//!
//! `cargo run --example package_files -- FOLDER TARGET`. Everything is made from the sources: the command
//! line's own description, and the sources of the crates as cargo has them.

#![expect(clippy::print_stderr, reason = "an example says what went wrong")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use clap_complete::Shell;
use serde_json::Value;

/// Beginnings of the names of files that hold a licence or what it asks to be passed on.
const LICENCES: [&str; 7] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE", "OFL"];

fn main() -> ExitCode {
    match make() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("package_files: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("usage: package_files FOLDER TARGET")?);
    let target = args.next().ok_or("usage: package_files FOLDER TARGET")?;
    let (man, completions) = (folder.join("man"), folder.join("completions"));
    fs::create_dir_all(&man)?;
    fs::create_dir_all(&completions)?;
    clap_mangen::generate_to(castlist::cli::command(), &man)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
        clap_complete::generate_to(shell, &mut castlist::cli::command(), "castlist", &completions)?;
    }
    fs::write(folder.join("THIRD-PARTY.txt"), licences(&target)?)?;
    Ok(())
}

/// What is compiled in besides crates, or lies in a crate that holds no text of its licence.
const OTHERS: &str = "\
Networks and heads (models/ in the sources)
  castlist-face: MIT OR Apache-2.0. One half is dlib's face recognition network by Davis King, public
  domain; the other was learned from the answers of EdgeFace-XS. models.md beside this file says more.
  castlist-align, castlist-face-links, edgeface-xs-links: MIT OR Apache-2.0

Icons
  Material Symbols by Google, as egui_material_icons holds them: Apache-2.0 (text in LICENSE-APACHE)

Fonts
  Those of epaint_default_fonts; their licences are below under its name.
";

/// One crate that is compiled in.
struct Crate {
    name: String,
    version: String,
    licence: String,
    repository: String,
    folder: PathBuf,
}

/// All crates with their licences, then each text once, with the crates that it is of.
fn licences(target: &str) -> Result<String, Box<dyn Error>> {
    let crates = compiled_in(target)?;
    let mut text = String::from(
        "Castlist is compiled with the crates below, each under its own licence. Castlist's own is in \
         LICENSE-MIT and LICENSE-APACHE.\n\n",
    );
    writeln!(text, "{OTHERS}")?;
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for it in &crates {
        let files = licence_files(&it.folder, 2);
        writeln!(text, "## {} {}\n{}\n{}", it.name, it.version, it.licence, it.repository)?;
        if files.is_empty() {
            text.push_str("(its package holds no text of the licence)\n");
        }
        text.push('\n');
        for file in files {
            let content = fs::read(&file)?;
            let content = String::from_utf8_lossy(&content).trim().to_owned();
            texts.entry(content).or_default().insert(format!("{} {}", it.name, it.version));
        }
    }
    for (content, of) in texts {
        let of: Vec<String> = of.into_iter().collect();
        writeln!(text, "{}\n{}\n\n{content}\n", "=".repeat(80), of.join(", "))?;
    }
    Ok(text)
}

/// The crates that the binary is made of on a target: what is needed to build or to test only is not.
fn compiled_in(target: &str) -> Result<Vec<Crate>, Box<dyn Error>> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", target])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let is_normal =
            |dependency: &Value| list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
        let deps = list(&node["deps"]);
        let normal = deps.iter().filter(|it| is_normal(it)).map(|it| text(&it["pkg"])).collect();
        needs.insert(text(&node["id"]), normal);
    }
    let root = text(&metadata["resolve"]["root"]);
    let (mut reached, mut open) = (BTreeSet::new(), vec![root.clone()]);
    while let Some(id) = open.pop() {
        if reached.insert(id.clone()) {
            open.extend(needs.get(&id).cloned().unwrap_or_default());
        }
    }
    reached.remove(&root);
    let mut crates: Vec<Crate> = list(&metadata["packages"])
        .iter()
        .filter(|package| reached.contains(&text(&package["id"])))
        .map(|package| Crate {
            name: text(&package["name"]),
            version: text(&package["version"]),
            licence: text(&package["license"]),
            repository: text(&package["repository"]),
            folder: Path::new(&text(&package["manifest_path"]))
                .parent()
                .map(Path::to_path_buf)
                .unwrap_or_default(),
        })
        .collect();
    crates.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(crates)
}

/// Files with licences in a folder, and below it as deep as fonts keep theirs.
fn licence_files(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().to_uppercase()).unwrap_or_default();
        let is_licence = LICENCES.iter().any(|begin| name.starts_with(begin))
            || name == "UFL.TXT"
            || name.ends_with("-LICENSE.TXT");
        if path.is_file() && is_licence {
            found.push(path);
        } else if path.is_dir() && depth > 0 && !matches!(name.as_str(), "TARGET" | "TESTS" | "EXAMPLES") {
            found.extend(licence_files(&path, depth - 1));
        }
    }
    found
}
