//! Precomputed features: matrices in `.npy` and `.npz`, one `.npy` a track, label arrays.
//!
//! Floating-point arrays of 4 or 8 bytes are read, in C or Fortran order; text arrays are
//! never taken for a matrix. Rows are given as stored, not normalised.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use npyz::{NpyFile, Order, TypeChar};

use super::TracksError;
use crate::base::{Embeddings, Fingerprint, Hasher};

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
        let rows = floats(open_npy(path)?, path)?;
        return Ok(Matrix { rows, array: String::new(), groups: None });
    }
    let mut archive = open_npz(path)?;
    let array = match array {
        Some(name) => name.to_owned(),
        None => the_matrix(&mut archive, path)?,
    };
    let rows = floats(by_name(&mut archive, &array, path)?, path)?;
    let groups = tracks.map(|name| labels(by_name(&mut archive, name, path)?, name, path)).transpose()?;
    if let (Some(groups), Some(name)) = (&groups, tracks)
        && groups.len() != rows.len()
    {
        let what = format!("`{name}` has {} entries for {} rows of `{array}`", groups.len(), rows.len());
        return Err(TracksError::matrix(what, path));
    }
    Ok(Matrix { rows, array, groups })
}

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
    let rows = floats(open_npy(path)?, path)?;
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
        (shape, _) => {
            return Err(TracksError::matrix(format!("not frames × D numbers: shape {shape:?}"), path));
        }
    };
    let bytes = std::fs::read(path).map_err(|error| TracksError::io(error, path))?;
    Ok((frames, Hasher::default().part(bytes).finish()))
}

fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("npz"))
}

fn open_npy(path: &Path) -> Result<NpyFile<BufReader<File>>, TracksError> {
    let file = File::open(path).map_err(|error| TracksError::io(error, path))?;
    NpyFile::new(BufReader::new(file))
        .map_err(|error| TracksError::matrix(format!("not a NumPy array ({error})"), path))
}

type Archive = npyz::npz::NpzArchive<BufReader<File>>;

fn open_npz(path: &Path) -> Result<Archive, TracksError> {
    let file = File::open(path).map_err(|error| TracksError::io(error, path))?;
    Archive::new(BufReader::new(file))
        .map_err(|error| TracksError::matrix(format!("not a NumPy archive ({error})"), path))
}

fn by_name<'a>(
    archive: &'a mut Archive,
    name: &str,
    path: &Path,
) -> Result<NpyFile<impl Read + 'a>, TracksError> {
    let names: Vec<String> = archive.array_names().map(str::to_owned).collect();
    match archive.by_name(name) {
        Ok(Some(npy)) => Ok(npy),
        Ok(None) => {
            let what = format!("there is no array `{name}`; found: {}", names.join(", "));
            Err(TracksError::matrix(what, path))
        }
        Err(error) => Err(TracksError::matrix(format!("the array `{name}` is damaged ({error})"), path)),
    }
}

/// The only two-dimensional array of numbers in an archive.
fn the_matrix(archive: &mut Archive, path: &Path) -> Result<String, TracksError> {
    let mut names: Vec<String> = archive.array_names().map(str::to_owned).collect();
    names.sort();
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
            let what = format!("no two-dimensional array of numbers; found: {}", names.join(", "));
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
            Some(ty.size_field()).filter(|width| matches!(width, 4 | 8))
        }
        _ => None,
    }
}

/// A float array of one or two dimensions as rows.
fn floats<R: Read>(npy: NpyFile<R>, path: &Path) -> Result<Embeddings, TracksError> {
    let (n, dim) = match *npy.shape() {
        [n, dim] => (n as usize, dim as usize),
        [dim] => (1, dim as usize),
        ref shape => {
            return Err(TracksError::matrix(format!("not a matrix of rows × D: shape {shape:?}"), path));
        }
    };
    let order = npy.order();
    let width = float_width(&npy);
    let torn = |error: std::io::Error| TracksError::matrix(format!("the array is cut off ({error})"), path);
    let data: Vec<f32> = match width {
        Some(4) => npy.into_vec().map_err(torn)?,
        Some(8) => npy.into_vec::<f64>().map_err(torn)?.into_iter().map(|v| v as f32).collect(),
        _ => return Err(TracksError::matrix("not 32- or 64-bit floating-point numbers", path)),
    };
    let data = match order {
        Order::C => data,
        Order::Fortran => (0..n * dim).map(|at| data[at % dim * n + at / dim]).collect(),
    };
    Embeddings::new(dim, data).map_err(|source| TracksError::Embedding { source, path: path.to_path_buf() })
}

/// A one-dimensional array of integers or text as text.
fn labels<R: Read>(npy: NpyFile<R>, name: &str, path: &Path) -> Result<Vec<String>, TracksError> {
    let wrong = |what: String| TracksError::matrix(format!("the array `{name}` {what}"), path);
    let torn =
        |error: std::io::Error| TracksError::matrix(format!("the array `{name}` is cut off ({error})"), path);
    if npy.shape().len() != 1 {
        return Err(wrong(format!("is not one-dimensional: shape {:?}", npy.shape())));
    }
    let npyz::DType::Plain(ty) = npy.dtype() else {
        return Err(wrong("is neither integers nor text".into()));
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
        (other, width) => Err(wrong(format!("is neither integers nor text but {}{width}", other.to_str()))),
    }
}

fn numbers<T: npyz::Deserialize + ToString, R: Read>(npy: NpyFile<R>) -> std::io::Result<Vec<String>> {
    Ok(npy.into_vec::<T>()?.iter().map(ToString::to_string).collect())
}
