//! The arguments of `import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::pair;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ImportAction {
    /// Brings names from a table `track,identity` into a project, as one step of undo.
    ///
    /// Shows first what each name does. A track whose identity is called otherwise stays as it is.
    /// Further columns are details of the person; of two values the first stays.
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
    /// Makes a project of a folder that is sorted by hand, a folder a person, and brings the names in,
    /// as one step of undo.
    ///
    /// Each picture right in a person's folder is a track, and so is each folder below it. Folders
    /// called unsorted, unknown, unnamed, unassigned or unidentified hold tracks without a name. All
    /// are grouped as they are by `cluster`, and later runs read the folder the same.
    Folders(FoldersArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct FoldersArgs {
    /// The folder that holds the people's folders.
    pub folder: PathBuf,
    /// Project file; by default castlist.sqlite in the folder.
    #[arg(long)]
    pub project: Option<PathBuf>,
    /// A setting, as in `cluster`.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Also where the project read the folder otherwise before; names of tracks that are no more are lost.
    #[arg(long)]
    pub adopt: bool,
    /// Shows the people and how many tracks each has, and changes nothing.
    #[arg(long)]
    pub preview: bool,
    /// One JSON object on stdout.
    #[arg(long)]
    pub json: bool,
}

impl ImportAction {
    /// Whether it looks at its cancel token while it runs.
    pub(in crate::cli) fn is_long(&self) -> bool {
        matches!(self, Self::Folders(_))
    }
}
