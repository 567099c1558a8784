//! A model as it is to be loaded, and the shape of what it is fed.

use std::path::Path;

/// The shape of one input: `channels × height × width`, channels first or last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputShape {
    /// Height in pixels.
    pub height: usize,
    /// Width in pixels.
    pub width: usize,
    /// Whether the three channels come last (`NHWC`).
    pub channels_last: bool,
}

impl InputShape {
    /// Numbers in one input.
    #[must_use]
    pub fn numbers(self) -> usize {
        3 * self.height * self.width
    }

    pub(super) fn dims(self, n: usize) -> [i64; 4] {
        let (h, w) = (self.height as i64, self.width as i64);
        if self.channels_last { [n as i64, h, w, 3] } else { [n as i64, 3, h, w] }
    }
}

/// A model as it is to be loaded.
#[derive(Debug, Clone, Copy)]
pub struct NetworkFile<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// The ONNX file.
    pub bytes: &'a [u8],
    /// Whether it is loaded without being tried in a process of its own first: it comes with Castlist,
    /// or this is that process.
    pub is_trusted: bool,
    /// The file's path, where weights lie beside it.
    pub file: Option<&'a Path>,
    /// The shape of one input.
    pub shape: InputShape,
    /// Numbers that come out for one input; where that is not known, the network is run to find it.
    pub row: Option<usize>,
    /// The name of the output that matters, where there are several.
    pub output: Option<&'a str>,
}
