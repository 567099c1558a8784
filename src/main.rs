//! The binary: opens the window without a command, runs the command line with one.

use std::process::ExitCode;

fn main() -> ExitCode {
    castlist::cli::run()
}
