//! Fills the tables of methods in `docs/quality.md`: every method with its defaults, and marked as
//! oracle with the best value of its main parameter, chosen by the truth.
//!
//! `CASTLIST_SHARED=… PYTHON=… cargo bench --bench methods [-- QUICK]`: runs `castlist compare` on
//! tracks-video, tracks-unseen, half B of tracks-stills and of the single faces, and on the synthetic
//! sets of 2,000 and 20,000 rows and, with the defaults alone, of 100,000. QUICK leaves the last two out; PYTHON
//! (with numpy) draws them, and `SETS` names a folder where they are kept. What is missing is
//! skipped, and said; then the page stays as it is.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type AnyError = Box<dyn Error>;

const HEADER: &str = "| method | chosen by | parameters | NMI | BCubed P | BCubed R | BCubed F | pairwise F | \
                      WCP | R#S | found/true | CPU s | MiB |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";

fn main() -> Result<(), AnyError> {
    let Some(shared) = std::env::var_os("CASTLIST_SHARED").map(PathBuf::from) else {
        println!("skipped: CASTLIST_SHARED names no folder with the sets");
        return Ok(());
    };
    let is_quick = std::env::args().any(|arg| arg.eq_ignore_ascii_case("quick"));
    let scratch = tempfile::tempdir()?;
    let data = shared.join("data");
    let half_b = half_b(&data.join("splits.csv"))?;
    let edgeface = shared.join("models/edgeface_xs_112_rgb.onnx");
    let casia = shared.join("models/mobilefacenet_casia_112x96_rgb.onnx");
    let models = [
        (None, "castlist-face"),
        (Some(edgeface.as_path()), "edgeface-xs"),
        (Some(casia.as_path()), "mobilefacenet-casia"),
    ];
    let is_b = |person: &str| half_b.contains(person);
    let sets = [
        ("tracks-video", tracks(&data.join("tracks-video"), &scratch.path().join("video"), |_| true)?),
        ("tracks-unseen", tracks(&data.join("tracks-unseen"), &scratch.path().join("unseen"), |_| true)?),
        ("tracks-stills, half B", tracks(&data.join("tracks-stills"), &scratch.path().join("stills"), is_b)?),
    ];
    let mut text = String::new();
    for (set, source) in &sets {
        for (model, name) in models {
            text += &table(&format!("{set}, {name}"), source, model, &[])?;
        }
    }
    let faces = faces(&data, scratch.path())?;
    text += &table("stills-faces-edgeface, half B", &faces, Some(&edgeface), &[])?;
    let sets = std::env::var_os("SETS").map_or_else(|| scratch.path().to_path_buf(), PathBuf::from);
    let sizes: &[usize] = if is_quick { &[2_000] } else { &[2_000, 20_000, 100_000] };
    for &n in sizes {
        let Some(set) = synthetic(n, &shared, &sets, scratch.path())? else { return Ok(()) };
        let more: &[&str] = if n > 20_000 { &["--defaults"] } else { &[] };
        text += &table(&format!("n{}k, synthetic", n / 1000), &set, None, more)?;
    }
    if is_quick {
        println!("{text}\nthe page stays as it is: it is filled with all sets only");
        return Ok(());
    }
    fill(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/quality.md"), &text)
}

/// What is compared, and its labels.
struct DataSet {
    source: Vec<String>,
    labels: PathBuf,
    scratch: PathBuf,
}

/// One set's table.
fn table(title: &str, set: &DataSet, model: Option<&Path>, more: &[&str]) -> Result<String, AnyError> {
    println!("{title}");
    let out = set.scratch.join("compared.json");
    let mut compare = Command::new(env!("CARGO_BIN_EXE_castlist"));
    compare.arg("compare").args(&set.source).arg("--labels").arg(&set.labels).arg("--json").args(more);
    compare.args(model.into_iter().flat_map(|model| ["--model".as_ref(), model.as_os_str()]));
    let ran = compare.stdout(fs::File::create(&out)?).status()?;
    if !ran.success() {
        return Err(format!("compare ended with {ran}").into());
    }
    let compared: Value = serde_json::from_str(&fs::read_to_string(&out)?)?;
    let mut rows = String::new();
    for method in compared["methods"].as_array().into_iter().flatten() {
        for (chosen, run) in [("default", &method["default"]), ("oracle", &method["oracle"])] {
            if run.is_object() {
                rows += &row(method, chosen, run);
            }
        }
    }
    println!("{HEADER}{rows}");
    Ok(format!("### {title}\n\n{HEADER}{rows}\n"))
}

fn row(method: &Value, chosen: &str, run: &Value) -> String {
    let told = |name: &str| run["parameters"][name].as_str().unwrap_or_default().to_owned();
    let main = method["parameter"].as_str().unwrap_or_default();
    let score = |path: &str| run["scores"].pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let value = castlist::session::rounded(&told(main));
    let parameters = if value.is_empty() { "–".to_owned() } else { format!("{main} {value}") };
    let memory =
        run["memory_bytes"].as_f64().map_or("–".to_owned(), |bytes| format!("{:.0}", bytes / 1_048_576.0));
    format!(
        "| {} | {chosen} | {parameters} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {:.3} | {}/{} | {:.2} | {memory} |\n",
        method["name"].as_str().unwrap_or_default(),
        score("/nmi"),
        score("/bcubed/precision"),
        score("/bcubed/recall"),
        score("/bcubed/f"),
        score("/pairwise/f"),
        score("/wcp"),
        score("/rs"),
        score("/n_clusters"),
        score("/n_identities"),
        run["cpu_seconds"].as_f64().unwrap_or(f64::NAN),
    )
}

/// The people of half B: names in the track sets, and numbers of the photographs.
fn half_b(splits: &Path) -> Result<BTreeSet<String>, AnyError> {
    let mut people = BTreeSet::new();
    for record in csv::Reader::from_path(splits)?.deserialize() {
        let record: BTreeMap<String, String> = record?;
        if record["half"] == "B" {
            people.insert(record["tracks_stills_identity"].clone());
            people.insert(record["stills_label"].clone());
        }
    }
    Ok(people)
}

/// A folder of the wanted people's tracks, as a copy, since a project is kept beside them.
fn tracks(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> Result<DataSet, AnyError> {
    if !to.exists() {
        fs::create_dir(to)?;
        let mut labels = String::from("track,identity\n");
        for record in csv::Reader::from_path(from.join("labels.csv"))?.records() {
            let record = record?;
            let (track, person) = (&record[0], &record[1]);
            if wanted(person) {
                labels += &format!("{track},{person}\n");
                fs::create_dir_all(to.join("tracks").join(track))?;
                for file in fs::read_dir(from.join(track))? {
                    let file = file?;
                    fs::copy(file.path(), to.join("tracks").join(track).join(file.file_name()))?;
                }
            }
        }
        fs::write(to.join("labels.csv"), labels)?;
        if from.join("tracks.csv").exists() {
            fs::copy(from.join("tracks.csv"), to.join("tracks/tracks.csv"))?;
        }
    }
    let source = vec![to.join("tracks").display().to_string()];
    Ok(DataSet { source, labels: to.join("labels.csv"), scratch: to.to_path_buf() })
}

/// The photographs of half B as one matrix.
fn faces(data: &Path, scratch: &Path) -> Result<DataSet, AnyError> {
    let people = half_b(&data.join("splits.csv"))?;
    let file = data.join("embeddings/stills-faces-edgeface.npz");
    let matrix = castlist::tracks::read_matrix(&file, Some("emb"), None)?;
    let labels = castlist::tracks::read_labels_array(&file, "label")?;
    let of_b: Vec<u32> =
        (0_u32..).zip(&labels).filter(|(_, label)| people.contains(*label)).map(|(row, _)| row).collect();
    let rows = matrix.rows.select(of_b.iter().copied());
    let names = of_b.iter().map(|&row| labels[row as usize].clone());
    matrix_set("faces", rows.dim(), rows.as_slice(), names, scratch)
}

/// A synthetic set of the peers' generator; none where it cannot be drawn.
fn synthetic(n: usize, shared: &Path, sets: &Path, scratch: &Path) -> Result<Option<DataSet>, AnyError> {
    let prefix = sets.join(format!("n{n}"));
    if !prefix.with_extension("f32").is_file() {
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let args = [n.to_string(), "256".to_owned(), "42".to_owned()];
        let mut draw = Command::new(&python);
        let drawn = draw.arg(shared.join("peers/gen.py")).args(args).arg(&prefix).status()?;
        if !drawn.success() {
            println!("skipped: {python} drew no set of {n} rows, so the page stays as it is");
            return Ok(None);
        }
    }
    let bytes = fs::read(prefix.with_extension("f32"))?;
    let rows: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let labels = fs::read(prefix.with_extension("labels"))?;
    let labels = labels.as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes).to_string());
    matrix_set(&format!("n{n}"), 256, &rows, labels, scratch).map(Some)
}

/// Rows and their people as files.
fn matrix_set(
    name: &str,
    dim: usize,
    rows: &[f32],
    people: impl Iterator<Item = String>,
    scratch: &Path,
) -> Result<DataSet, AnyError> {
    let folder = scratch.join(name);
    fs::create_dir_all(&folder)?;
    let n = rows.len() / dim;
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({n}, {dim}), }}");
    let header = format!("{header:<117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(rows.iter().flat_map(|value| value.to_le_bytes()));
    fs::write(folder.join("rows.npy"), bytes)?;
    let mut lines = String::from("track,identity\n");
    for (row, person) in people.enumerate() {
        lines += &format!("{row},{person}\n");
    }
    fs::write(folder.join("labels.csv"), lines)?;
    let source = vec!["--embeddings".to_owned(), folder.join("rows.npy").display().to_string()];
    Ok(DataSet { source, labels: folder.join("labels.csv"), scratch: folder })
}

/// Puts the tables between the marks of their section.
fn fill(page: &Path, text: &str) -> Result<(), AnyError> {
    let (begin, end) = ("<!-- methods -->", "<!-- end methods -->");
    let old = fs::read_to_string(page)?;
    let place = old.find(begin).zip(old.find(end)).filter(|(from, to)| from < to);
    let (from, to) = place.ok_or("no section `methods` in docs/quality.md")?;
    fs::write(page, format!("{}{begin}\n\n{}\n\n{}", &old[..from], text.trim(), &old[to..]))?;
    println!("filled {}", page.display());
    Ok(())
}
