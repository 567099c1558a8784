//! Pixels as the numbers that a network sees.
//!
//! Takes 8-bit pictures; appends (v − mean)/scale in the order of axes and colours that the
//! network was trained on. A level has one of 256 values, so each is computed once.

use std::borrow::Cow;

use crate::infer::{InputShape, NetworkFile};
use crate::models::{ChannelOrder, Model, ModelEntry, TensorLayout};
use crate::tracks::Picture;

/// What a network makes of each level, and in which order it takes them.
#[derive(Debug, Clone)]
pub(crate) struct InputTensor {
    levels: [f32; 256],
    /// Position in a pixel of the network's first, second and third colour.
    channels: [usize; 3],
    layout: TensorLayout,
}

impl InputTensor {
    pub(crate) fn new(entry: &ModelEntry) -> Self {
        let (mean, scale) = (entry.mean as f32, entry.scale as f32);
        let channels = match entry.colour {
            ChannelOrder::Rgb => [0, 1, 2],
            ChannelOrder::Bgr => [2, 1, 0],
        };
        Self {
            levels: std::array::from_fn(|level| (level as f32 - mean) / scale),
            channels,
            layout: entry.layout,
        }
    }

    /// All pictures, one after another.
    pub(crate) fn of<'a>(&self, pictures: impl ExactSizeIterator<Item = &'a Picture>) -> Vec<f32> {
        let mut numbers = Vec::new();
        let n = pictures.len();
        for picture in pictures {
            if numbers.is_empty() {
                numbers.reserve_exact(n * picture.rgb.len());
            }
            self.append(picture, &mut numbers);
        }
        numbers
    }

    fn append(&self, picture: &Picture, numbers: &mut Vec<f32>) {
        let (pixels, _) = picture.rgb.as_chunks::<3>();
        match self.layout {
            TensorLayout::Nchw => {
                for channel in self.channels {
                    numbers.extend(pixels.iter().map(|pixel| self.levels[usize::from(pixel[channel])]));
                }
            }
            TensorLayout::Nhwc => {
                for pixel in pixels {
                    numbers.extend(self.channels.map(|channel| self.levels[usize::from(pixel[channel])]));
                }
            }
        }
    }
}

/// A model as the engine is to load it, with `row` numbers for a face.
pub(super) fn network_file(model: &Model, row: Option<usize>) -> NetworkFile<'_> {
    let entry = &model.entry;
    let shape = InputShape {
        height: entry.size.height as usize,
        width: entry.size.width as usize,
        channels_last: entry.layout == TensorLayout::Nhwc,
    };
    let file = model.weights.as_ref().map(|weights| weights.model.as_path());
    NetworkFile {
        name: &entry.id,
        bytes: &model.bytes,
        is_trusted: matches!(model.bytes, Cow::Borrowed(_)),
        file,
        shape,
        row,
        output: entry.output.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_and_colours_come_in_the_order_asked_for() {
        let picture = Picture { width: 2, height: 1, rgb: vec![0, 1, 2, 253, 254, 255] };
        let seen = std::array::from_fn(|level| level as f32);
        let tensor =
            |channels, layout| InputTensor { levels: seen, channels, layout }.of([&picture].into_iter());
        assert_eq!(tensor([0, 1, 2], TensorLayout::Nchw), [0.0, 253.0, 1.0, 254.0, 2.0, 255.0]);
        assert_eq!(tensor([2, 1, 0], TensorLayout::Nchw), [2.0, 255.0, 1.0, 254.0, 0.0, 253.0]);
        assert_eq!(tensor([2, 1, 0], TensorLayout::Nhwc), [2.0, 1.0, 0.0, 255.0, 254.0, 253.0]);
    }
}
