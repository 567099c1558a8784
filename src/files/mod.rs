//! Files: written whole or not at all and kept over a power cut, read only where they are plain.
//!
//! Takes paths and bytes. A new file or folder grows under a temporary name beside its place, is
//! synced, takes its place by a rename, and the folder is synced before success is returned. What a
//! killed process left under such a name goes with the next write into the same folder. What is at
//! a path and is no plain file (a device, a pipe, a link) stays what it is.

mod leftovers;
mod plain;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use plain::{open, read, read_text};
pub(crate) use write::{
    NewFolder, check, folder_of, free_bytes, open_or_make, rename, replace, sync_all_below, sync_folder,
    write_new,
};
