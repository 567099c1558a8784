//! The one binary: the window without a command, the headless face with one.

use std::process::ExitCode;

fn main() -> ExitCode {
    castlist::cli::run()
}
