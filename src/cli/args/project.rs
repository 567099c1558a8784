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
    /// Erases a person: name, tracks, embeddings, what the log says of them, and their entry in the
    /// library of people.
    ///
    /// This cannot be undone. Without --yes it shows what would be erased and changes nothing. Their
    /// tracks are passed over by every later run. The copies beside the project are removed. Pictures
    /// and exports are named and left alone.
    Erase {
        /// Project file, or the folder it belongs to.
        project: PathBuf,
        /// The person's number, or their name.
        person: String,
        /// Erases them.
        #[arg(long)]
        yes: bool,
        /// The library; by default the file that `CASTLIST_LIBRARY` names, or else the one in the
        /// platform's data folder, which all projects share.
        #[arg(long, value_name = "FILE")]
        library: Option<PathBuf>,
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Merges what two curators decided over the same tracks into a new project.
    ///
    /// The new project is the first with the names, links, cuts and rejections of the second, as one
    /// step of undo. Where the two differ the first one's decision stands; the second one's follows in
    /// the history, one step of `review redo` each. Both projects stay as they are.
    Merge {
        /// Project file, or its folder: the one whose decisions stand.
        #[arg(value_name = "A")]
        ours: PathBuf,
        /// Project file, or its folder: the one whose decisions come in.
        #[arg(value_name = "B")]
        theirs: PathBuf,
        /// The new project's file.
        #[arg(long, value_name = "C")]
        out: PathBuf,
        /// One JSON object on stdout; each clash has the edit that takes the second one's side.
        #[arg(long)]
        json: bool,
    },
}
