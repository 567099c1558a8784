//! Precomputed features: matrices in `.npy` and `.npz`, one `.npy` a track, label arrays.
//!
//! Floating-point arrays of 2, 4 or 8 bytes are read, in C or Fortran order; what else an array
//! holds is said. Rows are given as stored, not normalised; numbers beyond the range of 4 bytes
//! are brought into it by a factor, which changes no direction.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use npyz::{NpyFile, Order, TypeChar, npz};
use zip::ZipArchive;
use zip::result::ZipError;

use super::TracksError;
use crate::base::{Embeddings, Fingerprint, Hasher};
use crate::files;

/// A matrix read from a file, and what groups its rows into tracks.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// The rows as stored.
    pub rows: Embeddings,
    /// The name of the array; empty for `.npy`.
    pub array: String,
    /// The track of each row, where `--tracks` named an array.
    pub groups: Option<Vec<String>>,
}

/// Reads a matrix of embeddings from `.npy` or `.npz`.
///
/// `array` names it in an archive; without a name the only two-dimensional array of numbers
/// is taken. `tracks` names a one-dimensional array that gives each row's track.
///
/// # Errors
/// [`TracksError::Matrix`] with the names to choose from, or what is wrong with the shape.
///
/// # Examples
/// ```
/// use castlist::tracks::read_matrix;
/// # use npyz::WriterBuilder;
/// # let dir = tempfile::tempdir()?;
/// # let write = |name: &str, rows: u64, data: &[f32]| -> std::io::Result<std::path::PathBuf> {
/// #     let path = dir.path().join(name);
/// #     let array = npyz::WriteOptions::new().default_dtype().shape(&[rows, data.len() as u64 / rows]);
/// #     let mut array = array.writer(std::fs::File::create(&path)?).begin_nd()?;
/// #     array.extend(data.iter().copied())?;
/// #     array.finish()?;
/// #     Ok(path)
/// # };
/// # let file = write("tracks.npy", 3, &[3.0, 4.0, 0.0, 1.0, 5.0, 0.0])?;
///
/// let matrix = read_matrix(&file, None, None)?;
/// assert_eq!((matrix.rows.len(), matrix.rows.dim()), (3, 2));
///
/// // Rows are as stored; the methods take unit rows.
/// let unit = matrix.rows.into_unit()?;
/// assert_eq!(unit.row(0), [0.6, 0.8]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_matrix(path: &Path, array: Option<&str>, tracks: Option<&str>) -> Result<Matrix, TracksError> {
    if !is_archive(path) {
        if let Some(name) = array.or(tracks) {
            return Err(TracksError::matrix(
                format!("a .npy file has no array named `{name}`; give an .npz"),
                path,
            ));
        }
        let rows = floats(open_npy(path)?, VectorRule::Refused, path)?;
        return Ok(Matrix { rows, array: String::new(), groups: None });
    }
    let mut archive = open_npz(path)?;
    let array = match array {
        Some(name) => name.to_owned(),
        None => the_matrix(&mut archive, path)?,
    };
    let rows = floats(by_name(&mut archive, &array, path)?, VectorRule::Refused, path)?;
    let groups = tracks.map(|name| labels(by_name(&mut archive, name, path)?, name, path)).transpose()?;
    if let (Some(groups), Some(name)) = (&groups, tracks)
        && groups.len() != rows.len()
    {
        let what = format!("`{name}` has {} entries for {} rows of `{array}`", groups.len(), rows.len());
        return Err(TracksError::matrix(what, path));
    }
    Ok(Matrix { rows, array, groups })
}

/// The largest array that is read, in bytes.
const MOST_BYTES: u64 = 64 << 30;
/// An array may be so many times as large as its archive: labels that repeat pack well, while a
/// small file that unpacks to gigabytes is a trap.
const MOST_UNPACKED: u64 = 64;
/// Arrays up to this size may be packed as tightly as they like.
const SMALL_BYTES: u64 = 256 << 20;

/// Reads a one-dimensional array of labels (integers or text) from an `.npz`.
///
/// # Errors
/// [`TracksError::Matrix`].
pub fn read_labels_array(path: &Path, array: &str) -> Result<Vec<String>, TracksError> {
    labels(by_name(&mut open_npz(path)?, array, path)?, array, path)
}

/// Reads one track's `.npy` of frames × D features.
///
/// # Errors
/// [`TracksError::Matrix`]; also where there is no frame.
///
/// # Examples
/// ```
/// use castlist::tracks::read_track_features;
/// # use npyz::WriterBuilder;
/// # let dir = tempfile::tempdir()?;
/// # let write = |name: &str, rows: u64, data: &[f32]| -> std::io::Result<std::path::PathBuf> {
/// #     let path = dir.path().join(name);
/// #     let array = npyz::WriteOptions::new().default_dtype().shape(&[rows, data.len() as u64 / rows]);
/// #     let mut array = array.writer(std::fs::File::create(&path)?).begin_nd()?;
/// #     array.extend(data.iter().copied())?;
/// #     array.finish()?;
/// #     Ok(path)
/// # };
/// # let file = write("t1.npy", 2, &[1.0, 0.0, 0.0, 1.0])?;
///
/// // One track with two frames.
/// let frames = read_track_features(&file)?;
/// assert_eq!((frames.len(), frames.dim()), (2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_track_features(path: &Path) -> Result<Embeddings, TracksError> {
    let rows = floats(open_npy(path)?, VectorRule::OneRow, path)?;
    if rows.is_empty() {
        return Err(TracksError::matrix("there is no frame in this track", path));
    }
    Ok(rows)
}

/// Frames and fingerprint of a track's `.npy`, after reading its header.
pub(super) fn inspect_features(path: &Path) -> Result<(u64, Fingerprint), TracksError> {
    let npy = open_npy(path)?;
    let frames = match (npy.shape(), float_width(&npy)) {
        (&[frames, _], Some(_)) => frames,
        (&[_], Some(_)) => 1,
        (_, None) => return Err(TracksError::matrix(not_floats(&npy), path)),
        (shape, _) => return Err(TracksError::matrix(not_a_matrix(shape, "frames"), path)),
    };
    let bytes = files::read(path, MOST_BYTES).map_err(|error| TracksError::io(error, path))?;
    Ok((frames, Hasher::default().part(bytes).finish()))
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("npz"))
}

fn open_npy(path: &Path) -> Result<NpyFile<BufReader<File>>, TracksError> {
    let file = files::open(path).map_err(|error| TracksError::io(error, path))?;
    let bytes = file.metadata().map_err(|error| TracksError::io(error, path))?.len();
    let npy = NpyFile::new(BufReader::new(file))
        .map_err(|error| TracksError::matrix(format!("not a NumPy array ({error})"), path))?;
    match promised_bytes(&npy) {
        Some(promised) if promised <= bytes.min(MOST_BYTES) => Ok(npy),
        _ => {
            let what = format!(
                "the array is cut off or its header is damaged: {} of {} do not fit into {bytes} bytes",
                type_in_words(&npy),
                shape_in_words(&npy),
            );
            Err(TracksError::matrix(what, path))
        }
    }
}

/// How many bytes an array has after its header says; `None` where that is beyond all numbers.
fn promised_bytes<R: Read>(npy: &NpyFile<R>) -> Option<u64> {
    // What is no plain type is refused by what it is, and never read.
    let npyz::DType::Plain(ty) = npy.dtype() else { return Some(0) };
    // NumPy counts texts of four bytes a letter.
    let letters = if ty.type_char() == TypeChar::UnicodeStr { 4 } else { 1 };
    let width = ty.size_field().checked_mul(letters)?;
    npy.shape().iter().try_fold(width, |bytes, &n| bytes.checked_mul(n))
}

fn shape_in_words<R: Read>(npy: &NpyFile<R>) -> String {
    format!("shape {:?}", npy.shape())
}

type NpzArchive = ZipArchive<BufReader<File>>;

fn open_npz(path: &Path) -> Result<NpzArchive, TracksError> {
    let file = files::open(path).map_err(|error| TracksError::io(error, path))?;
    NpzArchive::new(BufReader::new(file))
        .map_err(|error| TracksError::matrix(format!("not a NumPy archive ({error})"), path))
}

fn by_name<'a>(
    archive: &'a mut NpzArchive,
    name: &str,
    path: &Path,
) -> Result<NpyFile<impl Read + 'a>, TracksError> {
    let names = array_names(archive);
    let packed = std::fs::metadata(path).map_err(|error| TracksError::io(error, path))?.len();
    let most = packed.saturating_mul(MOST_UNPACKED).clamp(SMALL_BYTES, MOST_BYTES);
    let damaged =
        |error: std::io::Error| TracksError::matrix(format!("the array `{name}` is damaged ({error})"), path);
    match archive.by_name(&npz::file_name_from_array_name(name)) {
        Ok(file) => {
            let npy = NpyFile::new(file).map_err(damaged)?;
            if promised_bytes(&npy).is_some_and(|promised| promised <= most) {
                return Ok(npy);
            }
            let what = format!(
                "the array `{name}` ({}, {}) would unpack to far more than the archive's size; if that is \
                 meant, save it with np.savez instead of np.savez_compressed",
                type_in_words(&npy),
                shape_in_words(&npy),
            );
            Err(TracksError::matrix(what, path))
        }
        Err(ZipError::FileNotFound) => {
            let what = format!("there is no array `{name}`; found: {}", names.join(", "));
            Err(TracksError::matrix(what, path))
        }
        Err(error) => Err(damaged(error.into())),
    }
}

/// The names of the arrays in an archive, sorted.
fn array_names(archive: &NpzArchive) -> Vec<String> {
    let files = archive.file_names().filter_map(Result::ok);
    let array = |file: Cow<'_, str>| npz::array_name_from_file_name(&file).map(str::to_owned);
    let mut names: Vec<String> = files.filter_map(array).collect();
    names.sort();
    names
}

/// The only two-dimensional array of numbers in an archive.
fn the_matrix(archive: &mut NpzArchive, path: &Path) -> Result<String, TracksError> {
    let names = array_names(archive);
    let mut fitting = Vec::new();
    for name in &names {
        let npy = by_name(archive, name, path)?;
        if npy.shape().len() == 2 && float_width(&npy).is_some() {
            fitting.push(name.clone());
        }
    }
    match fitting.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let told = names.iter().map(|name| {
                let npy = by_name(archive, name, path)?;
                Ok(format!("{name} ({}, shape {:?})", type_in_words(&npy), npy.shape()))
            });
            let told: Vec<String> = told.collect::<Result<_, TracksError>>()?;
            let what =
                format!("no two-dimensional array of floating-point numbers; found: {}", told.join(", "));
            Err(TracksError::matrix(what, path))
        }
        several => {
            let what = format!("several arrays would do; choose one with --array: {}", several.join(", "));
            Err(TracksError::matrix(what, path))
        }
    }
}

fn float_width<R: Read>(npy: &NpyFile<R>) -> Option<u64> {
    match npy.dtype() {
        npyz::DType::Plain(ty) if ty.type_char() == TypeChar::Float => {
            Some(ty.size_field()).filter(|width| matches!(width, 2 | 4 | 8))
        }
        _ => None,
    }
}

/// What an array's elements are, in words.
fn type_in_words<R: Read>(npy: &NpyFile<R>) -> String {
    let npyz::DType::Plain(ty) = npy.dtype() else { return "records of several fields".to_owned() };
    let bits = ty.size_field() * 8;
    match ty.type_char() {
        TypeChar::Float => format!("float{bits}"),
        TypeChar::Int => format!("int{bits}"),
        TypeChar::Uint => format!("uint{bits}"),
        TypeChar::Bool => "true and false".to_owned(),
        TypeChar::Complex => "complex numbers".to_owned(),
        TypeChar::Object => "Python objects (a pickle)".to_owned(),
        TypeChar::UnicodeStr | TypeChar::ByteStr => "text".to_owned(),
        other => format!("the type {}", other.to_str()),
    }
}

/// Why an array is no matrix of floating-point numbers.
fn not_floats<R: Read>(npy: &NpyFile<R>) -> String {
    let what = type_in_words(npy);
    if what.starts_with("Python") {
        return format!(
            "the array holds {what}, which is never run; save numbers: np.save(FILE, np.stack(rows).astype('float32'))"
        );
    }
    format!("the array holds {what}, not float16, float32 or float64; save it with .astype('float32')")
}

/// Why an array of numbers is no matrix of `rows`.
fn not_a_matrix(shape: &[u64], rows: &str) -> String {
    match shape {
        [] => "the array is a single value (zero-dimensional); save a matrix of rows × D".to_owned(),
        [n] => {
            format!(
                "the array is flat: {n} numbers, not a matrix of {rows} × D; save it with .reshape({rows}, D)"
            )
        }
        shape => format!("not a matrix of {rows} × D: shape {shape:?}"),
    }
}

/// What a one-dimensional array is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum VectorRule {
    /// Not read: the length of its rows is unknown.
    Refused,
    /// The one row of a track.
    OneRow,
}

/// A float array as rows.
fn floats<R: Read>(npy: NpyFile<R>, flat: VectorRule, path: &Path) -> Result<Embeddings, TracksError> {
    // A pickle of something else has no dimensions as a rule, and the type says more.
    let Some(width) = float_width(&npy) else {
        return Err(TracksError::matrix(not_floats(&npy), path));
    };
    let (n, dim) = match *npy.shape() {
        [n, dim] => (n as usize, dim as usize),
        [dim] if flat == VectorRule::OneRow => (1, dim as usize),
        ref shape => return Err(TracksError::matrix(not_a_matrix(shape, "rows"), path)),
    };
    let order = npy.order();
    let torn = |error: std::io::Error| TracksError::matrix(format!("the array is cut off ({error})"), path);
    let data: Vec<f32> = match width {
        2 => {
            let halves: Vec<f32> =
                npy.into_vec::<half::f16>().map_err(torn)?.into_iter().map(f32::from).collect();
            by_row(halves, order, n, dim)
        }
        4 => by_row(npy.into_vec().map_err(torn)?, order, n, dim),
        _ => narrowed(&by_row(npy.into_vec::<f64>().map_err(torn)?, order, n, dim), dim),
    };
    Embeddings::new(dim, data).map_err(|source| TracksError::Embedding { source, path: path.to_path_buf() })
}

/// Numbers row by row.
fn by_row<T: Copy>(data: Vec<T>, order: Order, n: usize, dim: usize) -> Vec<T> {
    match order {
        Order::C => data,
        Order::Fortran => (0..n * dim).map(|at| data[at % dim * n + at / dim]).collect(),
    }
}

/// Rows of 8-byte numbers as 4-byte ones. Where those would become infinite or zero, all are
/// divided by one number, and a row that is still lost by its own largest.
fn narrowed(data: &[f64], dim: usize) -> Vec<f32> {
    /// Squares of numbers within stay within the range of 4 bytes.
    const WITHIN: std::ops::Range<f64> = 1e-15..1e15;
    let largest = |data: &[f64]| {
        let finite = data.iter().map(|value| value.abs()).filter(|value| value.is_finite());
        finite.fold(0.0_f64, f64::max)
    };
    let most = largest(data);
    let factor = if most == 0.0 || WITHIN.contains(&most) { 1.0 } else { most };
    let mut rows: Vec<f32> = data.iter().map(|value| (value / factor) as f32).collect();
    let dim = dim.max(1);
    for (row, exact) in rows.chunks_mut(dim).zip(data.chunks(dim)) {
        if row.iter().all(|value| *value == 0.0) && exact.iter().any(|value| *value != 0.0) {
            let most = largest(exact);
            row.iter_mut().zip(exact).for_each(|(value, exact)| *value = (exact / most) as f32);
        }
    }
    rows
}

/// A one-dimensional array of integers or text as text.
fn labels<R: Read>(npy: NpyFile<R>, name: &str, path: &Path) -> Result<Vec<String>, TracksError> {
    let wrong = |what: String| TracksError::matrix(format!("the array `{name}` {what}"), path);
    let torn =
        |error: std::io::Error| TracksError::matrix(format!("the array `{name}` is cut off ({error})"), path);
    if npy.shape().len() != 1 {
        return Err(wrong(format!("is not one-dimensional: shape {:?}", npy.shape())));
    }
    let neither = wrong(format!("is neither integers nor text but {}", type_in_words(&npy)));
    let npyz::DType::Plain(ty) = npy.dtype() else {
        return Err(neither);
    };
    match (ty.type_char(), ty.size_field()) {
        (TypeChar::Int, 1) => numbers::<i8, _>(npy).map_err(torn),
        (TypeChar::Int, 2) => numbers::<i16, _>(npy).map_err(torn),
        (TypeChar::Int, 4) => numbers::<i32, _>(npy).map_err(torn),
        (TypeChar::Int, 8) => numbers::<i64, _>(npy).map_err(torn),
        (TypeChar::Uint, 1) => numbers::<u8, _>(npy).map_err(torn),
        (TypeChar::Uint, 2) => numbers::<u16, _>(npy).map_err(torn),
        (TypeChar::Uint, 4) => numbers::<u32, _>(npy).map_err(torn),
        (TypeChar::Uint, 8) => numbers::<u64, _>(npy).map_err(torn),
        (TypeChar::UnicodeStr, _) => npy.into_vec::<String>().map_err(torn),
        (TypeChar::ByteStr, _) => {
            let texts = npy.into_vec::<Vec<u8>>().map_err(torn)?;
            Ok(texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect())
        }
        _ => Err(neither),
    }
}

fn numbers<T: npyz::Deserialize + ToString, R: Read>(npy: NpyFile<R>) -> std::io::Result<Vec<String>> {
    Ok(npy.into_vec::<T>()?.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use npyz::WriterBuilder;

    use super::*;

    /// An array in a file.
    fn saved<T: npyz::AutoSerialize>(shape: &[u64], data: Vec<T>) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.npy");
        let array = npyz::WriteOptions::new().default_dtype().shape(shape);
        let mut array = array.writer(File::create(&path).unwrap()).begin_nd().unwrap();
        array.extend(data).unwrap();
        array.finish().unwrap();
        (dir, path)
    }

    #[test]
    fn every_width_of_floats_is_read_and_no_direction_is_lost() {
        let half = [3.0, 4.0].map(half::f16::from_f32).to_vec();
        let (_dir, path) = saved(&[1, 2], half);
        assert_eq!(read_matrix(&path, None, None).unwrap().rows.as_slice(), [3.0, 4.0]);
        for (scale, other) in [(1e-300, 1e-300), (1e-40, 1e-40), (1.0, 1e-200), (1e40, 1e40), (1e300, 1.0)] {
            let (_dir, path) = saved(&[2, 2], vec![3.0 * scale, 4.0 * scale, 0.0, other]);
            let unit = read_matrix(&path, None, None).unwrap().rows.into_unit().unwrap();
            let differs =
                unit.as_slice().iter().zip([0.6, 0.8, 0.0, 1.0]).any(|(is, want)| (is - want).abs() > 1e-6);
            assert!(!differs, "{scale}: {unit:?}");
        }
    }

    #[test]
    fn what_is_no_matrix_is_called_what_it_is() {
        for (shape, words) in [
            (&[][..], "a single value (zero-dimensional)"),
            (&[6], "flat: 6 numbers"),
            (&[3, 1, 2], "shape [3, 1, 2]"),
        ] {
            let n = shape.iter().product::<u64>() as usize;
            let (_dir, path) = saved(shape, vec![0.5_f32; n]);
            let error = read_matrix(&path, None, None).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
            assert_eq!(read_track_features(&path).is_ok(), shape.len() == 1, "one row of a track");
        }
        let (_dir, path) = saved(&[2, 2], vec![1_i8; 4]);
        let error = read_matrix(&path, None, None).unwrap_err().to_string();
        assert!(error.contains("holds int8, not float16"), "{error}");
        let error = inspect_features(&path).unwrap_err().to_string();
        assert!(error.contains("int8"), "{error}");
    }
}
