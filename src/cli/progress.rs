//! A progress bar on a terminal, drawn from a job's latest-value slot.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::base::{Cx, Stage};

/// Runs `work` while its progress is drawn; quiet where stderr is no terminal.
pub(super) fn with_bar<T: Send>(cx: &Cx, work: impl FnOnce() -> T + Send) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| draw(cx, &done));
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    })
}

fn draw(cx: &Cx, done: &AtomicBool) {
    let known = ProgressStyle::with_template("{msg:26} {bar:30} {human_pos}/{human_len} {per_sec} {eta}");
    let unknown = ProgressStyle::with_template("{msg:26} {spinner} {human_pos}");
    let (Ok(known), Ok(unknown)) = (known, unknown) else { return };
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let mut stage = None;
    while !done.load(Ordering::Relaxed) {
        let progress = cx.progress();
        if progress.stage != stage {
            stage = progress.stage;
            bar.reset();
            bar.set_style(if progress.total > 0 { known.clone() } else { unknown.clone() });
            bar.set_length(progress.total);
            bar.set_message(stage.map_or("", Stage::english));
        }
        bar.set_position(progress.done);
        std::thread::sleep(Duration::from_millis(100));
    }
    bar.finish_and_clear();
}
