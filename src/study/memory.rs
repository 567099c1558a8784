//! The most memory that this process has held, as the system reports it.
//!
//! Linux tells it in `/proc` and forgets it on demand, so each run is measured by itself; other
//! systems are not asked, and then there is no figure. What the program held before, it holds
//! still: the figure is that of the whole process.

/// Forgets the peak so far; `false` where the system cannot.
pub(super) fn reset() -> bool {
    cfg!(target_os = "linux") && std::fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// The largest resident memory in bytes, since [`reset`].
pub(super) fn peak() -> Option<u64> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_held_shows_until_it_is_forgotten() {
        if !reset() {
            return;
        }
        let before = peak().unwrap();
        // Far more than the tests beside it let go of meanwhile.
        let held = std::hint::black_box(vec![1_u8; 512 << 20]);
        let with = peak().unwrap();
        assert!(with > before + (256 << 20), "{before} and then {with}, with {}", held.len());
    }
}
