//! The command line: arguments in, text or one JSON object out, an exit code.
//! The only module that uses clap. Results go to stdout, everything else to stderr; progress bars
//! show on a terminal only. It talks to the session and holds no logic of its own.

mod advice;
mod args;
mod cluster;
mod compare;
mod demo;
mod doctor;
mod import;
mod learn;
mod methods;
mod models;
mod output;
mod people;
mod progress;
mod project;
mod project_vectors;
mod recognise;
mod review;
mod simulate;
mod track;
mod views;

use std::process::ExitCode;

use clap::Parser;

use crate::base::Cx;
use crate::infer;
use crate::project::data_folder;
use crate::session::SessionError;
use args::{Args, CliCommand};

pub use args::command;

/// How a command ended, short of an error.
enum Completion {
    Success,
    /// Finished, with warnings, under `--strict`.
    Warnings,
    /// Another castlist that was started for it ended with this code, and said why.
    Reported(u8),
}

/// Runs the program with the process's arguments.
///
/// Exit codes: 0 fine, 1 usage, 2 input, 3 output, 4 finished with warnings under
/// `--strict`, 5 model or engine, 130 cancelled.
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            if let Err(unprinted) = error.print() {
                output::failed(unprinted);
            }
            return ended(u8::from(error.use_stderr()));
        }
    };
    if let Ok(program) = std::env::current_exe() {
        infer::try_with(program, data_folder().map(|folder| folder.join("tried-models")));
    }
    let cx = Cx::new();
    let signalled = cx.clone();
    let long = args.command.as_ref().is_some_and(CliCommand::is_long);
    // Long work stops between two batches. A second Ctrl+C, or one while nothing long runs,
    // ends the process the hard way; the project is safe at any moment.
    let _handled = ctrlc::set_handler(move || {
        if !long || signalled.check().is_err() {
            std::process::exit(130);
        }
        signalled.cancel();
    });
    match dispatch(args.command, &cx) {
        Ok(Completion::Success) => ended(0),
        Ok(Completion::Warnings) => ended(4),
        Ok(Completion::Reported(code)) => ended(code),
        Err(error) => {
            output::error(&error);
            ended(error.exit_code())
        }
    }
}

/// The exit code: success only where all that was to be said could be written.
fn ended(code: u8) -> ExitCode {
    let written = output::all_written();
    ExitCode::from(if code == 0 && !written { 3 } else { code })
}

fn dispatch(command: Option<CliCommand>, cx: &Cx) -> Result<Completion, SessionError> {
    match command {
        None => window(None),
        Some(CliCommand::Open { path }) => window(path),
        Some(CliCommand::Demo { dir, video: true, window: show }) => demo::video(dir, show, cx, window),
        Some(CliCommand::Demo { dir, window: show, .. }) => demo::tracks(dir, show, cx, window),
        Some(CliCommand::Track(args)) => track::run(&args, cx),
        Some(CliCommand::Cluster(args)) => cluster::cluster(&args, cx),
        Some(CliCommand::Compare(args)) => compare::run(&args, cx),
        Some(CliCommand::Learn { action }) => learn::run(&action, cx),
        Some(CliCommand::Evaluate { assignments, labels, common, json }) => {
            cluster::evaluate(&assignments, &labels, common, json)
        }
        Some(CliCommand::Export { project, dir, link, identities, json }) => {
            cluster::export(&project, &dir, (link.into(), &identities), json, cx)
        }
        Some(CliCommand::Import { action }) => import::run(&action, cx),
        Some(CliCommand::Review { action }) => review::run(action, cx),
        Some(CliCommand::Project { action }) => project::run(action),
        Some(CliCommand::Library(args)) => people::run(args, cx),
        Some(CliCommand::Models { action }) => models::run(action, cx),
        Some(CliCommand::Methods { json }) => methods::list(json),
        Some(CliCommand::Doctor { json }) => doctor::run(json),
    }
}

#[cfg(feature = "gui")]
fn window(path: Option<std::path::PathBuf>) -> Result<Completion, SessionError> {
    crate::ui::run(path).map(|()| Completion::Success).map_err(SessionError::Window)
}

#[cfg(not(feature = "gui"))]
fn window(_: Option<std::path::PathBuf>) -> Result<Completion, SessionError> {
    Err(SessionError::Window(
        "this build has no window; use the commands, or build with the feature `gui`".into(),
    ))
}
