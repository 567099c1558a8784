//! The arguments of `castlist library`, and of recognising people from it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::ProjectArgs;

#[derive(Debug, Args)]
pub(in crate::cli) struct LibraryArgs {
    /// The library; by default the file that `CASTLIST_LIBRARY` names, or else the one in the
    /// platform's data folder, which all projects share.
    #[arg(long, value_name = "FILE", global = true)]
    pub library: Option<PathBuf>,
    #[command(subcommand)]
    pub action: LibraryAction,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum LibraryAction {
    /// Lists the people.
    List {
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
    /// Keeps the named identities of a project, with pictures of some of their tracks.
    ///
    /// A person recognised from the library gets another set of example tracks. The project
    /// remembers the match.
    Add {
        #[command(flatten)]
        of: ProjectArgs,
        /// This identity only; N=PERSON is a person of the library, N=new a new person. May be
        /// given several times.
        #[arg(long, value_name = "N[=PERSON]", value_parser = wanted)]
        identity: Vec<(u64, Option<u64>)>,
        /// An identity with the name of a person in the library is that person.
        #[arg(long, conflicts_with = "namesakes")]
        same: bool,
        /// An identity with the name of a person in the library is another person.
        #[arg(long)]
        namesakes: bool,
    },
    /// Gives a person another name; projects keep the names that they have.
    Rename {
        /// The person's number.
        person: u64,
        /// The name.
        name: String,
    },
    /// Merges several people into the first.
    Merge {
        /// The people's numbers.
        #[arg(required = true, num_args = 2..)]
        people: Vec<u64>,
    },
    /// Removes a person; undo restores them.
    Remove {
        /// The person's number.
        person: u64,
    },
    /// Undoes the last change, from whichever project it came.
    Undo,
    /// Redoes the last undone change.
    Redo,
    /// Lists all changes.
    History {
        /// One JSON object on stdout.
        #[arg(long)]
        json: bool,
    },
}

impl LibraryAction {
    /// Whether it looks at its cancel token while it runs.
    pub(in crate::cli) fn is_long(&self) -> bool {
        matches!(self, Self::Add { .. })
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RecogniseArgs {
    #[command(flatten)]
    pub of: ProjectArgs,
    /// The library; by default the file that `CASTLIST_LIBRARY` names, or else the one in the
    /// platform's data folder, which all projects share.
    #[arg(long, value_name = "FILE")]
    pub library: Option<PathBuf>,
    /// Names these identities as proposed, as one undo step; without a value, all that are sure.
    #[arg(long, value_name = "N,N", num_args = 0.., value_delimiter = ',')]
    pub accept: Option<Vec<u64>>,
    /// With --accept, takes nothing that is not sure.
    #[arg(long, requires = "accept")]
    pub sure: bool,
    /// Rejects the proposals for these identities; they are not made again.
    #[arg(long, value_name = "N,N", num_args = 1.., value_delimiter = ',', conflicts_with = "accept")]
    pub not: Option<Vec<u64>>,
}

/// `12`, `12=3`, `12=new`.
fn wanted(text: &str) -> Result<(u64, Option<u64>), String> {
    let number = |text: &str| text.parse::<u64>().map_err(|_| format!("`{text}` is not a number"));
    match text.split_once('=') {
        None => Ok((number(text)?, None)),
        Some((identity, "new")) => Ok((number(identity)?, Some(0))),
        Some((identity, person)) => Ok((number(identity)?, Some(number(person)?))),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_identity_may_say_who_it_is() {
        assert_eq!(super::wanted("12"), Ok((12, None)));
        assert_eq!(super::wanted("12=3"), Ok((12, Some(3))));
        assert_eq!(super::wanted("12=new"), Ok((12, Some(0))));
        assert!(super::wanted("a=3").is_err() && super::wanted("1=b").is_err());
    }
}
