//! Fixes the batch of an ONNX graph at one, for the built-in engine.
//!
//! Takes the bytes of a model; gives a copy in which the name of an open batch is replaced by the
//! number 1. tract plans a graph of known shapes 1.5 to 2.2 times faster than one with an open
//! batch. This reads as much of the format as leads to those places, changes no length, and gives
//! nothing where it finds something that it does not understand.

use std::ops::Range;

/// Numbers of the fields on the way to a dimension, as `onnx.proto` gives them.
mod field {
    pub(super) const GRAPH: u64 = 7;
    pub(super) const INPUT: u64 = 11;
    pub(super) const OUTPUT: u64 = 12;
    pub(super) const VALUE: u64 = 13;
    /// From a value to its dimensions: type, tensor type, shape, dimension.
    pub(super) const DIMENSIONS: [u64; 4] = [2, 1, 2, 1];
    /// The name of an open dimension.
    pub(super) const NAME: u64 = 2;
}

/// The model for one input at a time; none where its batch is fixed or unknown.
pub(super) fn with_batch_of_one(model: &[u8]) -> Option<Vec<u8>> {
    let graph = inside(model, 0..model.len(), &[field::GRAPH])?;
    let [graph] = graph.as_slice() else { return None };
    let values: Vec<(u64, Range<usize>)> = fields(model, graph.clone())?
        .into_iter()
        .filter(|(number, _)| [field::INPUT, field::OUTPUT, field::VALUE].contains(number))
        .collect();
    let mut inputs = values.iter().filter(|(number, _)| *number == field::INPUT);
    let (Some((_, input)), None) = (inputs.next(), inputs.next()) else { return None };
    let shape = inside(model, input.clone(), &field::DIMENSIONS)?;
    let (first, others) = shape.split_first()?;
    let batch = name(model, first)?;
    // A name that stands for a height as well says nothing of the batch.
    if batch.is_empty() || others.iter().any(|other| name(model, other) == Some(batch)) {
        return None;
    }
    let mut fixed = model.to_vec();
    for (_, value) in values {
        for dimension in inside(model, value, &field::DIMENSIONS)? {
            if name(model, &dimension) == Some(batch) {
                write_one(&mut fixed[dimension])?;
            }
        }
    }
    Some(fixed)
}

/// The name of an open dimension.
fn name<'a>(model: &'a [u8], dimension: &Range<usize>) -> Option<&'a [u8]> {
    let named = inside(model, dimension.clone(), &[field::NAME])?;
    named.first().map(|place| &model[place.clone()])
}

/// Writes the number 1 over a dimension, which keeps its length.
fn write_one(dimension: &mut [u8]) -> Option<()> {
    let n = dimension.len();
    match dimension {
        // Two bytes for the number where there is room for that only.
        [key, rest @ ..] if n == 3 => {
            *key = 0x08;
            rest.copy_from_slice(&[0x81, 0x00]);
        }
        // Else the rest becomes its denotation, a text that nothing reads.
        [key, number, denotation, length, text @ ..] if n < 128 => {
            (*key, *number, *denotation, *length) = (0x08, 0x01, 0x1a, text.len() as u8);
            text.fill(b' ');
        }
        _ => return None,
    }
    Some(())
}

/// The places of all messages that a path of field numbers leads to.
fn inside(model: &[u8], message: Range<usize>, path: &[u64]) -> Option<Vec<Range<usize>>> {
    let mut messages = vec![message];
    for &wanted in path {
        let mut next = Vec::new();
        for message in messages {
            let found = fields(model, message)?.into_iter();
            next.extend(found.filter(|(number, _)| *number == wanted).map(|(_, place)| place));
        }
        messages = next;
    }
    Some(messages)
}

/// The fields of a message that have a length: number, and place of what they hold.
fn fields(model: &[u8], message: Range<usize>) -> Option<Vec<(u64, Range<usize>)>> {
    let mut found = Vec::new();
    let mut at = message.start;
    while at < message.end {
        let key = number(model, &mut at)?;
        let length = match key & 7 {
            0 => {
                number(model, &mut at)?;
                0
            }
            1 => 8,
            2 => usize::try_from(number(model, &mut at)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let end = at.checked_add(length).filter(|&end| end <= message.end)?;
        if key & 7 == 2 {
            found.push((key >> 3, at..end));
        }
        at = end;
    }
    Some(found)
}

/// A number of seven bits a byte, the lowest first.
fn number(model: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *model.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field with a length.
    fn with(number: u8, content: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, content.len() as u8], content].concat()
    }

    /// A value of some dimensions, each a name or, as one byte, a number.
    fn value(dimensions: &[&[u8]]) -> Vec<u8> {
        let one = |dimension: &&[u8]| match dimension {
            [number @ 0..=31] => with(1, &[0x08, *number]),
            name => with(1, &with(2, name)),
        };
        let shape: Vec<u8> = dimensions.iter().flat_map(one).collect();
        with(2, &with(1, &[vec![0x08, 1], with(2, &shape)].concat()))
    }

    fn model(input: &[&[u8]], output: &[&[u8]]) -> Vec<u8> {
        let graph = [with(2, b"net"), with(11, &value(input)), with(12, &value(output))].concat();
        [vec![0x08, 8], with(7, &graph), with(6, b"a remark")].concat()
    }

    #[test]
    fn the_name_of_the_batch_becomes_one_wherever_it_stands() {
        for batch in [b"n".as_slice(), b"N?", b"batch_size"] {
            let open = model(&[batch, &[3], b"height", b"width"], &[batch, &[9]]);
            let fixed = with_batch_of_one(&open).unwrap();
            assert_eq!(fixed.len(), open.len());
            let graph = inside(&fixed, 0..fixed.len(), &[field::GRAPH]).unwrap().remove(0);
            for (of, dimensions) in [(field::INPUT, 4), (field::OUTPUT, 2)] {
                let path = [&[of], field::DIMENSIONS.as_slice()].concat();
                let shape = inside(&fixed, graph.clone(), &path).unwrap();
                assert_eq!((shape.len(), name(&fixed, &shape[0])), (dimensions, None));
                let mut at = shape[0].start + 1;
                assert_eq!((fixed[shape[0].start], number(&fixed, &mut at)), (0x08, Some(1)));
            }
            assert_eq!(with_batch_of_one(&fixed), None, "it is fixed already");
        }
    }

    #[test]
    fn what_is_not_understood_is_left_alone() {
        let open = model(&[b"n", &[3], &[8], &[8]], &[b"n", &[9]]);
        assert_eq!(with_batch_of_one(&model(&[b"?", &[3], b"?", b"?"], &[b"?", &[9]])), None);
        assert_eq!(with_batch_of_one(b"not a network"), None);
        assert_eq!(with_batch_of_one(b""), None);
        for n in 1..open.len() {
            // Torn: nothing, or what is whole up to there; never a panic.
            let _ = with_batch_of_one(&open[..n]);
        }
    }

    #[test]
    fn the_built_in_networks_have_an_open_batch() {
        for net in [
            include_bytes!("../../models/castlist-face.onnx").as_slice(),
            include_bytes!("../../models/castlist-align.onnx"),
        ] {
            let fixed = with_batch_of_one(net).unwrap();
            let changed = net.iter().zip(&fixed).filter(|(a, b)| a != b).count();
            assert_eq!((fixed.len(), changed), (net.len(), 6), "two places of three bytes");
        }
    }
}
