//! The arguments of `import`.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ImportAction {
    /// Brings names from a table `track,identity` into a project, as one step of undo.
    ///
    /// Shows first what each name does. A track whose identity is called otherwise stays as it is.
    Names {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// The table.
        file: PathBuf,
        /// Shows what would be done, and changes nothing.
        #[arg(long)]
        preview: bool,
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
}
