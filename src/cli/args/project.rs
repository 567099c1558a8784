//! The arguments of `project`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum ProjectAction {
    /// Lists the copies that are kept beside a project, or puts one in its place.
    ///
    /// A copy is made when a project is opened and something was decided since the last one; the
    /// last five stay. What is in the project's place is kept under another name.
    Restore {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// The copy that is put in the project's place, by its number in the list.
        #[arg(long, value_name = "N")]
        copy: Option<usize>,
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
}
