//! Ball Cluster Learning and FaceMap beside what a user would pick instead, on the same work in
//! one run.
//!
//! Each peer and ours run in turn, each in a process of its own, so that peak memory is its
//! own. Compared are CPU seconds of all threads, for a machine may have other work, and peak
//! memory. The sets are drawn by the peers' own generator; 256 columns, unit rows.
//!
//! `CASTLIST_SHARED=… PYTHON=… cargo bench --bench peers [-- QUICK]`: the folder holds
//! `peers/gen.py` and `peers/peers.py`, the interpreter has numpy, scipy, scikit-learn,
//! fastcluster, faiss, infomap and torch. `SETS` names a folder where the sets are kept between
//! runs. QUICK leaves the set of 100,000 rows out. What is missing is skipped, and said.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]

mod facemap;
mod lgcn;
mod metrics;
mod ours;
mod step;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type AnyError = Box<dyn Error>;

/// What one process took.
#[derive(Debug, Clone, Copy)]
struct CpuAndMemory {
    cpu: f64,
    peak_mib: f64,
}

/// How a figure is judged.
#[derive(Debug, Clone, Copy)]
enum Goal {
    /// Peer / ours, at least and aimed at.
    Ratio(f64, f64),
    /// Our own figure, at most and aimed at.
    AtMost(f64, f64),
    /// Our own figure, at least.
    AtLeast(f64),
}

fn main() -> Result<(), AnyError> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.first().is_some_and(|arg| arg == "ours") {
        return ours::run(&args[1..]);
    }
    let quick = args.iter().any(|arg| arg.eq_ignore_ascii_case("quick"));
    println!("{} threads; CPU seconds of all threads, peak memory in MiB\n", rayon::current_num_threads());
    println!("{:<46} {:>10} {:>10} {:>8}   goal", "work", "ours", "peer", "ratio");
    let scratch = tempfile::tempdir()?;
    let bench = Bench::new(scratch.path());
    let small = bench.set(20_000)?;
    if let Some(set) = &small {
        bench.linkage_with_peers(set)?;
        bench.neighbours(set, "n20k")?;
        facemap::compare(&bench, set, "n20k")?;
        lgcn::compare(&bench.python, set)?;
    }
    if quick {
        println!("skipped, for QUICK was asked: everything on 100,000 rows");
    } else if let Some(set) = bench.set(100_000)? {
        linkage_alone(&set)?;
        bench.neighbours(&set, "n100k")?;
        facemap::compare(&bench, &set, "n100k")?;
    }
    metrics::compare(&bench.python)?;
    step::compare(&bench.python)
}

struct Bench {
    python: String,
    peers: Option<PathBuf>,
    sets: PathBuf,
}

impl Bench {
    fn new(scratch: &Path) -> Self {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
        let shared = std::env::var_os("CASTLIST_SHARED").map_or(beside, PathBuf::from);
        let peers = Some(shared.join("peers")).filter(|peers| peers.join("peers.py").is_file());
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let sets = std::env::var_os("SETS").map_or_else(|| scratch.to_path_buf(), PathBuf::from);
        Self { python, peers, sets }
    }

    /// The path of a set without its ending; drawn where it is not there yet.
    fn set(&self, n: usize) -> Result<Option<PathBuf>, AnyError> {
        let Some(peers) = &self.peers else {
            println!("skipped: no peers/peers.py in CASTLIST_SHARED, so there is no set of {n} rows");
            return Ok(None);
        };
        let prefix = self.sets.join(format!("n{n}"));
        if !prefix.with_extension("f32").is_file() {
            let args = [n.to_string(), "256".to_owned(), "42".to_owned()];
            let mut draw = Command::new(&self.python);
            let drawn = draw.arg(peers.join("gen.py")).args(args).arg(&prefix).output()?;
            if !drawn.status.success() {
                println!("skipped: {} drew no set of {n} rows: {}", self.python, last_line(&drawn.stderr));
                return Ok(None);
            }
        }
        Ok(Some(prefix))
    }

    /// What a peer took; none where it is not installed or fails.
    fn peer(&self, peer: &str, set: &Path, args: &[&str]) -> Result<Option<CpuAndMemory>, AnyError> {
        self.json_of(peer, set, args)?.as_ref().map(Self::spent_by_peer).transpose()
    }

    fn spent_by_peer(told: &Value) -> Result<CpuAndMemory, AnyError> {
        let figure = |name: &str| told[name].as_f64().ok_or(format!("a peer told no {name}"));
        Ok(CpuAndMemory { cpu: figure("cpu_s")?, peak_mib: figure("peak_rss_mib")? })
    }

    /// Runs a peer, and gives what it prints.
    fn json_of(&self, peer: &str, set: &Path, args: &[&str]) -> Result<Option<Value>, AnyError> {
        let Some(peers) = &self.peers else { return Ok(None) };
        let mut command = Command::new(&self.python);
        command.env("PEER_THREADS", rayon::current_num_threads().to_string());
        let ran = command.arg(peers.join("peers.py")).arg(peer).arg(set).arg("-").args(args).output()?;
        if !ran.status.success() {
            println!("skipped: {peer} did not run: {}", last_line(&ran.stderr));
            return Ok(None);
        }
        Ok(Some(serde_json::from_slice(&ran.stdout)?))
    }

    fn linkage_with_peers(&self, set: &Path) -> Result<(), AnyError> {
        let ours = child(&["link", &set.to_string_lossy(), "1.65"])?;
        let spent = spent(&ours)?;
        for (peer, goals) in [("fastcluster_complete", true), ("scipy_complete", false)] {
            let Some(theirs) = self.peer(peer, set, &["t=1.65"])? else { continue };
            let goal = |least, aim| goals.then_some(Goal::Ratio(least, aim));
            let short = peer.trim_end_matches("_complete");
            row(&format!("n20k, τ 1.65, CPU s, {short}"), spent.cpu, Some(theirs.cpu), goal(3.0, 8.0));
            row(
                &format!("n20k, τ 1.65, MiB, {short}"),
                spent.peak_mib,
                Some(theirs.peak_mib),
                goal(15.0, 40.0),
            );
        }
        Ok(())
    }

    fn neighbours(&self, set: &Path, name: &str) -> Result<(), AnyError> {
        let ours = child(&["knn", &set.to_string_lossy(), "80"])?;
        let theirs = self.peer("knn_flat", set, &["k=80"])?.map(|spent| spent.cpu);
        let goal = Some(Goal::Ratio(1.3, 1.7));
        row(&format!("{name}, exact kNN k=80, CPU s, faiss flat"), spent(&ours)?.cpu, theirs, goal);
        let share = ours["share"].as_f64().ok_or("no share of the peak")?;
        row(&format!("{name}, share of the product's peak"), share, None, Some(Goal::AtLeast(0.75)));
        Ok(())
    }
}

/// What no peer can do in the memory of a desktop machine.
fn linkage_alone(set: &Path) -> Result<(), AnyError> {
    for tau in ["1.65", "1.0"] {
        let ours = child(&["link", &set.to_string_lossy(), tau])?;
        let spent = spent(&ours)?;
        row(&format!("n100k, τ {tau}, CPU s"), spent.cpu, None, None);
        row(&format!("n100k, τ {tau}, MiB"), spent.peak_mib, None, Some(Goal::AtMost(2048.0, 1024.0)));
        if tau == "1.65" {
            let cut = ours["cut_ms"].as_f64().ok_or("no time of a cut")?;
            row("n100k, re-cut at a new radius, ms", cut, None, Some(Goal::AtMost(50.0, 10.0)));
        }
    }
    Ok(())
}

/// Runs this program again for one piece of our work.
fn child(args: &[&str]) -> Result<Value, AnyError> {
    let ran = Command::new(std::env::current_exe()?).arg("ours").args(args).output()?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into());
    }
    Ok(serde_json::from_slice(&ran.stdout)?)
}

fn spent(told: &Value) -> Result<CpuAndMemory, AnyError> {
    let figure = |name: &str| told[name].as_f64().ok_or(format!("ours told no {name}"));
    Ok(CpuAndMemory { cpu: figure("cpu_s")?, peak_mib: figure("peak_mib")? })
}

/// Prints one line of the table.
fn row(work: &str, ours: f64, peer: Option<f64>, goal: Option<Goal>) {
    let ratio = peer.map(|peer| peer / ours);
    let verdict = |reached: bool, aimed: bool| match (reached, aimed) {
        (_, true) => "reached, aim too",
        (true, false) => "reached",
        (false, false) => "MISSED",
    };
    let told = match (goal, ratio) {
        (Some(Goal::Ratio(least, aim)), Some(ratio)) => {
            format!("≥ {least}× (aim {aim}×): {}", verdict(ratio >= least, ratio >= aim))
        }
        (Some(Goal::AtMost(most, aim)), _) => {
            format!("≤ {most} (aim {aim}): {}", verdict(ours <= most, ours <= aim))
        }
        (Some(Goal::AtLeast(least)), _) => format!("≥ {least}: {}", verdict(ours >= least, false)),
        _ => String::new(),
    };
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.2}"));
    println!("{work:<46} {:>10} {:>10} {:>8}   {told}", number(Some(ours)), number(peer), number(ratio));
}

fn last_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().last().unwrap_or("it said nothing").to_owned()
}
