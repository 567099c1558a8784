//! What a source of frames gives, whatever it reads.

use super::VideoError;
use crate::base::Cx;
use crate::tracks::Picture;

/// Wider frames are reduced to this.
pub(crate) const WIDEST_PX: u32 = 1920;
/// One frame.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VideoFrame {
    /// Its number: of the picture in a folder, otherwise counted from 0.
    pub(crate) number: u64,
    /// When it is shown, in seconds; rising.
    pub(crate) seconds: f64,
    /// At most [`WIDEST_PX`] wide.
    pub(crate) picture: Picture,
}

/// What is known of a source beside its frames; more is known after the first frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SourceFacts {
    /// About how many frames there are.
    pub(crate) expected_frames: Option<u64>,
    /// The timecode of the first frame, as the file has it.
    pub(crate) start_timecode: Option<String>,
}

/// Gives frames one after another.
pub(crate) trait FrameSource: Send {
    /// The next frame; none at the end.
    ///
    /// # Errors
    /// [`VideoError`]: unreadable from the start, or cancelled. What breaks off later ends with a warning.
    fn next_frame(&mut self, cx: &Cx) -> Result<Option<VideoFrame>, VideoError>;

    /// What is known by now.
    fn facts(&self) -> SourceFacts;
}
