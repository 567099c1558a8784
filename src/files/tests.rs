//! Files of all kinds, and what is done to them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    (folder, path)
}

#[test]
fn a_file_is_replaced_and_a_new_one_never_replaces() {
    let (folder, path) = folder();
    check(&path).unwrap();
    assert_eq!(names(folder.path()), [""; 0], "a check leaves nothing");
    replace(&path, b"one").unwrap();
    replace(&path, b"two").unwrap();
    assert_eq!(write_new(&path, b"three").unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (b"two".to_vec(), vec!["table.csv".into()]));
    assert_eq!(check(folder.path()).unwrap_err().kind(), ErrorKind::IsADirectory);
    assert!(replace(&folder.path().join("no/table.csv"), b"").is_err());
}

#[test]
fn what_a_killed_process_left_goes_and_what_a_living_one_writes_stays() {
    let (folder, path) = folder();
    let living = NewFolder::in_folder(folder.path()).unwrap();
    fs::write(living.path().join("1.jpg"), "x").unwrap();
    fs::write(folder.path().join(".castlist-new-dead"), "half").unwrap();
    fs::create_dir(folder.path().join(".castlist-new-export")).unwrap();
    fs::write(folder.path().join(".castlist-new-export/1.jpg"), "x").unwrap();
    fs::write(folder.path().join(".castlist-other"), "not ours").unwrap();
    replace(&path, b"one").unwrap();
    let name = living.path().file_name().unwrap().to_str().unwrap().to_owned();
    let mut expected = vec![name, ".castlist-other".to_owned(), "table.csv".to_owned()];
    expected.sort();
    assert_eq!(names(folder.path()), expected);
    living.put(&folder.path().join("cast")).unwrap();
    assert_eq!(names(&folder.path().join("cast")), ["1.jpg"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    fn pipe(path: &Path) {
        mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    }

    #[test]
    fn a_link_stays_a_link_and_the_rights_of_a_file_stay() {
        let (folder, path) = folder();
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link.csv");
        symlink("table.csv", &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        symlink("nowhere", folder.path().join("loose")).unwrap();
        assert_eq!(replace(&folder.path().join("loose"), b"").unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(names(folder.path()), ["link.csv", "loose", "table.csv"]);
    }

    #[test]
    fn a_pipe_gets_the_bytes_stays_a_pipe_and_is_never_waited_for() {
        let (folder, path) = folder();
        pipe(&path);
        assert_eq!(replace(&path, b"x").unwrap_err().kind(), ErrorKind::InvalidInput, "nobody reads");
        assert_eq!(read(&path, 10).unwrap_err().kind(), ErrorKind::InvalidInput);
        assert_eq!(open_or_make(&path).unwrap_err().kind(), ErrorKind::InvalidInput);
        let reader = std::thread::spawn({
            let path = path.clone();
            move || fs::read(path).unwrap()
        });
        let sent = (0..1000).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(5));
            replace(&path, b"rows").is_ok()
        });
        assert!(sent && reader.join().unwrap() == b"rows");
        assert!(fs::symlink_metadata(&path).unwrap().file_type().is_fifo());
        assert_eq!(names(folder.path()), ["table.csv"]);
        replace(Path::new("/dev/null"), b"gone").unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }
}

#[test]
fn only_plain_files_of_a_bounded_size_are_read() {
    let (folder, path) = folder();
    fs::write(&path, "ten bytes.").unwrap();
    assert_eq!(read_text(&path, 10).unwrap(), "ten bytes.");
    assert_eq!(read(&path, 9).unwrap_err().kind(), ErrorKind::FileTooLarge);
    assert_eq!(read(folder.path(), 9).unwrap_err().kind(), ErrorKind::InvalidInput);
    // Sparse: no room on the disk, and none in memory either.
    fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(read(&path, 1 << 20).unwrap_err().kind(), ErrorKind::FileTooLarge);
}
