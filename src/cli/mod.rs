//! The headless face: arguments in, text or one JSON object out, an exit code.
//!
//! Clap lives here. Results go to stdout, everything else to stderr; progress bars show on
//! a terminal only. It talks to the session and holds no logic of its own.

mod advice;
mod args;
mod asked;
mod cluster;
mod compare;
mod doctor;
mod learn;
mod methods;
mod models;
mod people;
mod progress;
mod project;
mod review;
mod show;
mod simulate;
mod views;

use std::process::ExitCode;

use clap::Parser;

use crate::base::Cx;
use crate::infer;
use crate::project::data_folder;
use crate::session::SessionError;
use args::{Args, Command};

pub use args::command;

/// How a command ended, short of an error.
enum End {
    Fine,
    /// Finished, with warnings, under `--strict`.
    Warnings,
    /// Another castlist that was started for it ended with this code, and said why.
    Told(u8),
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
                show::failed(unprinted);
            }
            let code = if error.use_stderr() { 1 } else { 0 };
            return ended(code);
        }
    };
    if let Ok(program) = std::env::current_exe() {
        infer::try_with(program, data_folder().map(|folder| folder.join("tried-models")));
    }
    let cx = Cx::new();
    let signalled = cx.clone();
    let long = args.command.as_ref().is_some_and(Command::is_long);
    // Long work stops between two batches. A second Ctrl+C, or one while nothing long runs,
    // ends the process the hard way; the project is safe at any moment.
    let _handled = ctrlc::set_handler(move || {
        if !long || signalled.check().is_err() {
            std::process::exit(130);
        }
        signalled.cancel();
    });
    match dispatch(args.command, &cx) {
        Ok(End::Fine) => ended(0),
        Ok(End::Warnings) => ended(4),
        Ok(End::Told(code)) => ended(code),
        Err(error) => {
            show::error(&error);
            ended(error.exit_code())
        }
    }
}

/// The exit code: success only where all that was to be said could be written.
fn ended(code: u8) -> ExitCode {
    let written = show::all_written();
    ExitCode::from(if code == 0 && !written { 3 } else { code })
}

fn dispatch(command: Option<Command>, cx: &Cx) -> Result<End, SessionError> {
    match command {
        None => window(None),
        Some(Command::Open { path }) => window(Some(path)),
        Some(Command::Demo { dir, window: show }) => cluster::demo(dir, show, cx, window),
        Some(Command::Cluster(args)) => cluster::cluster(&args, cx),
        Some(Command::Compare(args)) => compare::run(&args, cx),
        Some(Command::Learn { action }) => learn::run(&action, cx),
        Some(Command::Evaluate { assignments, labels, common, json }) => {
            cluster::evaluate(&assignments, &labels, common, json)
        }
        Some(Command::Export { project, dir, link, json }) => {
            cluster::export(&project, &dir, link.into(), json, cx)
        }
        Some(Command::Review { action }) => review::run(action, cx),
        Some(Command::Project { action }) => project::run(action),
        Some(Command::Library(args)) => people::run(args, cx),
        Some(Command::Models { action }) => models::run(action, cx),
        Some(Command::Methods { json }) => methods::list(json),
        Some(Command::Doctor { json }) => doctor::run(json),
    }
}

#[cfg(feature = "gui")]
fn window(path: Option<std::path::PathBuf>) -> Result<End, SessionError> {
    crate::ui::run(path).map(|()| End::Fine).map_err(SessionError::Window)
}

#[cfg(not(feature = "gui"))]
fn window(_: Option<std::path::PathBuf>) -> Result<End, SessionError> {
    Err(SessionError::Window(
        "this build has no window; use the commands, or build with the feature `gui`".into(),
    ))
}
