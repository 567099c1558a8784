//! The `ffmpeg` program: where it is, and frames out of it. It is found, never shipped, and no shell sees
//! a file's name.

mod decode;
mod find;

pub(crate) use decode::VideoDecoder;
pub(crate) use find::Ffmpeg;
