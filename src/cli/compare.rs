//! `compare`: one process per method, their results put together, printed and written.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use super::args::CompareArgs;
use super::cluster::full_path;
use super::learn::matrix_and_array;
use super::progress::with_bar;
use super::{Completion, output};
use crate::base::Cx;
use crate::cluster::RADIUS;
use crate::session::{self, ComparisonInput, MatrixJob, Session, SessionError, Settings, rounded};
use crate::study::{self, Comparison, Contender, MethodRun, SweepChoice};

/// How a process ends where a model or a head is missing: a method that was not asked for by name
/// is left out then.
const NO_MODEL: u8 = 5;

/// `castlist compare`.
pub(super) fn run(args: &CompareArgs, cx: &Cx) -> Result<Completion, SessionError> {
    for path in args.csv.iter().chain(&args.html) {
        session::check_place(path)?;
    }
    let contenders = study::contenders(args.methods.as_deref())?;
    let mut comparison = match &contenders[..] {
        [contender] => compare_one(args, contender, cx)?,
        contenders => match compare_in_processes(args, contenders, cx)? {
            Ok(comparison) => comparison,
            Err(code) => return Ok(Completion::Reported(code)),
        },
    };
    comparison.command = command(std::env::args_os());
    if let Some(path) = &args.csv {
        let failed = |why: String| SessionError::Write { why, path: path.clone() };
        session::write_whole(path, &study::csv(&comparison).map_err(|e| failed(e.to_string()))?)?;
    }
    if let Some(path) = &args.html {
        session::write_whole(path, study::page(&comparison).as_bytes())?;
    }
    if args.json {
        output::json(&comparison)?;
    } else {
        print_comparison(&comparison);
    }
    Ok(Completion::Success)
}

/// One method, in this process.
fn compare_one(args: &CompareArgs, contender: &Contender, cx: &Cx) -> Result<Comparison, SessionError> {
    let truth = session::read_truth(&args.labels)?;
    let (input, settings) = read_input(args, contender, cx)?;
    let compare = || {
        let sweep = if args.defaults { SweepChoice::Without } else { SweepChoice::With };
        study::compare(contender, &input, (&truth, args.common), sweep, &settings, cx)
    };
    let compared = with_bar(cx, compare)?;
    let folder = args.folder.as_deref().map(|folder| folder.display().to_string());
    let source = args.embeddings.clone().or(folder).unwrap_or_default();
    let unassigned = study::unassigned(input.unusable.len(), args.common);
    let warnings = cx.warnings().kept.into_iter().map(|warning| warning.message);
    Ok(Comparison {
        castlist: env!("CARGO_PKG_VERSION").to_owned(),
        command: String::new(),
        data: study::facts(&input, &source, &args.labels),
        methods: vec![compared],
        warnings: unassigned.into_iter().chain(warnings).collect(),
    })
}

fn read_input(
    args: &CompareArgs,
    contender: &Contender,
    cx: &Cx,
) -> Result<(ComparisonInput, Settings), SessionError> {
    let needs_radius = contender.method.takes(&RADIUS);
    let choose = |set: &mut dyn FnMut(&str, &str) -> Result<(), SessionError>| {
        for (name, value) in [("model", &args.model), ("head", &args.head)] {
            if let Some(value) = value {
                set(name, &full_path(value))?;
            }
        }
        args.set.iter().try_for_each(|(name, value)| set(name, value))?;
        contender.choose(set)
    };
    let mut settings = Settings::default();
    choose(&mut |name, value| Ok(settings.set(name, value)?))?;
    if let Some(spec) = &args.embeddings {
        let (file, array) = matrix_and_array(spec);
        let (tracks, model) = (args.tracks.clone(), args.model.clone());
        let job = MatrixJob { file, array, tracks, model, settings: settings.clone() };
        return Ok((with_bar(cx, || job.comparison_input(needs_radius, cx))?, settings));
    }
    let folder = args.folder.as_deref().unwrap_or(Path::new("."));
    let session = Session::open(folder, args.project.as_deref())?;
    if !folder.is_dir() {
        return Err(SessionError::Missing(folder.to_path_buf()));
    }
    // What the project last used is not a default.
    let job = session.job_with(settings.clone());
    let input = with_bar(cx, || job.comparison_input(needs_radius, cx, |forecast| output::note(forecast)))?;
    Ok((input, settings))
}

/// Each method in a process of its own, one after another; the code of the first that fails.
fn compare_in_processes(
    args: &CompareArgs,
    contenders: &[Contender],
    cx: &Cx,
) -> Result<Result<Comparison, u8>, SessionError> {
    let program = std::env::current_exe().unwrap_or_else(|_| "castlist".into());
    let mut all: Option<Comparison> = None;
    let mut left_out = Vec::new();
    for contender in contenders {
        cx.check()?;
        let failed = |why: String| SessionError::Child { why, path: program.clone() };
        // It says itself on stderr what is wrong, and a Ctrl+C reaches it, too.
        let mut child = Command::new(&program);
        child.args(child_arguments(args)).args(["--methods", &contender.name(), "--json"]);
        let ran = child.stderr(Stdio::inherit()).output().map_err(|e| failed(e.to_string()))?;
        if !ran.status.success() {
            let Some(code) = ran.status.code() else {
                return Err(failed(format!("{} was ended by the system", contender.name())));
            };
            let code = u8::try_from(code).unwrap_or(2);
            if code == NO_MODEL && args.methods.is_none() {
                left_out.push(contender.name());
                continue;
            }
            return Ok(Err(code));
        }
        let one: Comparison = serde_json::from_slice(&ran.stdout).map_err(|e| failed(e.to_string()))?;
        match &mut all {
            None => all = Some(one),
            Some(all) => {
                all.data.radius = all.data.radius.take().or(one.data.radius);
                all.methods.extend(one.methods);
                let new = one.warnings.into_iter().filter(|it| !all.warnings.contains(it));
                let new: Vec<String> = new.collect();
                all.warnings.extend(new);
            }
        }
    }
    let Some(mut all) = all else { return Ok(Err(NO_MODEL)) };
    let told =
        |name: String| format!("{name} was left out, because the model or head that it needs is not there");
    all.warnings.extend(left_out.into_iter().map(told));
    Ok(Ok(all))
}

/// The arguments of every child besides its method.
fn child_arguments(args: &CompareArgs) -> Vec<OsString> {
    let mut all: Vec<OsString> = vec!["compare".into()];
    all.extend(args.folder.as_ref().map(Into::into));
    let mut option = |name: &str, value: Option<OsString>| {
        // One word, so that a value may begin with a dash.
        all.extend(value.map(|value| [OsString::from(name), value].join::<&std::ffi::OsStr>("=".as_ref())));
    };
    let text = |value: &Option<String>| value.as_ref().map(Into::into);
    option("--project", args.project.as_ref().map(Into::into));
    option("--embeddings", text(&args.embeddings));
    option("--tracks", text(&args.tracks));
    option("--labels", Some((&args.labels).into()));
    option("--model", text(&args.model));
    option("--head", text(&args.head));
    for (name, value) in &args.set {
        option("--set", Some(format!("{name}={value}").into()));
    }
    for (name, is_set) in [("--common", args.common), ("--defaults", args.defaults)] {
        all.extend(is_set.then(|| name.into()));
    }
    all
}

/// The command line, quoted where a shell needs it.
fn command(args: impl Iterator<Item = OsString>) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_=.,:/+".contains(c);
    let words = args.skip(1).map(|word| {
        let word = word.to_string_lossy();
        if !word.is_empty() && word.chars().all(plain) {
            word.into_owned()
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    });
    std::iter::once("castlist".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

fn print_comparison(comparison: &Comparison) {
    let width = comparison.methods.iter().map(|it| it.name.len()).max().unwrap_or(0).max(6);
    output::line(format!(
        "{:<width$}  {:<8} {:>8} {:>8} {:>8} {:>8} {:>9} {:>8} {:>6}",
        "method", "run", "BCubed F", "pair F", "NMI", "clusters", "clicks", "CPU s", "MiB"
    ));
    for compared in &comparison.methods {
        let line = |kind: &str, run: &MethodRun, note: &str| {
            let memory = run.memory_bytes.map_or("–".to_owned(), |bytes| (bytes >> 20).to_string());
            output::line(format!(
                "{:<width$}  {kind:<8} {:>8.4} {:>8.4} {:>8.4} {:>8} {:>9} {:>8.2} {memory:>6}{note}",
                compared.name,
                run.score("bcubed/f"),
                run.score("pairwise/f"),
                run.score("nmi"),
                run.score("n_clusters"),
                run.score("clicks"),
                run.cpu_seconds,
            ));
        };
        line("default", &compared.default, "");
        if let Some(run) = &compared.oracle {
            let value = run.parameters.get(&compared.parameter).map_or("auto".to_owned(), |it| rounded(it));
            line("oracle", run, &format!("  {}={value}", compared.parameter));
        }
    }
    for warning in grouped_warnings(&comparison.warnings) {
        output::note(format!("warning: {warning}"));
    }
}

/// Warnings that differ by what stands last alone, such as a path, are one line with their number.
fn grouped_warnings(warnings: &[String]) -> Vec<String> {
    let what = |warning: &String| warning.split(": ").next().unwrap_or_default().to_owned();
    let told = warnings.chunk_by(|a, b| what(a) == what(b)).map(|alike| match alike {
        [first, _, ..] => format!("{} ({} times; each with --json)", what(first), alike.len()),
        _ => alike.concat(),
    });
    told.collect()
}
