//! The part of a video that the timeline shows: from when to when, over how many points.
//!
//! Pure arithmetic: zooming, panning, and where the marks of a ruler stand. It draws nothing.

use crate::views::TimeUnit;

/// No closer than this many units over the width.
const CLOSEST: f64 = 0.5;
/// Points between two marks of the ruler, at least.
const MARK: f64 = 90.0;

/// A time range, never empty and never beyond its whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TimeRange {
    whole: (f64, f64),
    from: f64,
    to: f64,
}

impl TimeRange {
    /// All of a video.
    pub(crate) fn whole((start, end): (f64, f64)) -> Self {
        let end = end.max(start + CLOSEST);
        Self { whole: (start, end), from: start, to: end }
    }

    /// The same part of a video whose range may have changed.
    pub(crate) fn of(self, range: (f64, f64)) -> Self {
        let whole = Self::whole(range);
        if whole.whole == self.whole { self } else { whole }
    }

    pub(crate) fn range(self) -> (f64, f64) {
        (self.from, self.to)
    }

    fn length(self) -> f64 {
        self.to - self.from
    }

    /// Where a moment is in a width of points; outside of it where it is not shown.
    pub(crate) fn x(self, moment: f64, width: f32) -> f32 {
        ((moment - self.from) / self.length() * f64::from(width)) as f32
    }

    /// The moment at a place in a width of points.
    pub(crate) fn moment(self, x: f32, width: f32) -> f64 {
        self.from + f64::from(x) / f64::from(width.max(1.0)) * self.length()
    }

    /// How long some points last.
    pub(crate) fn last(self, points: f32, width: f32) -> f64 {
        f64::from(points) / f64::from(width.max(1.0)) * self.length()
    }

    /// Shows `factor` times as much detail; `moment` stays where it is.
    pub(crate) fn zoom(&mut self, factor: f64, moment: f64) {
        let (start, end) = self.whole;
        let length = (self.length() / factor.max(1e-6)).clamp(CLOSEST, end - start);
        let share = ((moment - self.from) / self.length()).clamp(0.0, 1.0);
        self.place(moment - share * length, length);
    }

    /// Moves by that much time.
    pub(crate) fn pan(&mut self, by: f64) {
        self.place(self.from + by, self.length());
    }

    /// Moves as little as is needed to show what lies between two moments.
    pub(crate) fn reveal(&mut self, start: f64, end: f64) {
        if end > self.to {
            self.place(end - self.length(), self.length());
        }
        if start < self.from {
            self.place(start, self.length());
        }
    }

    fn place(&mut self, from: f64, length: f64) {
        let (start, end) = self.whole;
        self.from = from.min(end - length).max(start);
        self.to = (self.from + length).min(end);
    }

    /// The moments at which a ruler of that width has its marks: round numbers, far enough apart.
    pub(crate) fn marks(self, width: f32, unit: TimeUnit) -> Vec<f64> {
        let least = self.length() / (f64::from(width) / MARK).max(1.0);
        let step = step(least, unit);
        let first = (self.from / step).ceil() as i64;
        let last = (self.to / step).floor() as i64;
        (first..=last).map(|at| at as f64 * step).collect()
    }
}

/// The smallest round step that is at least so long.
fn step(least: f64, unit: TimeUnit) -> f64 {
    const SECONDS: [f64; 16] =
        [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0];
    if unit == TimeUnit::Seconds {
        if let Some(&step) = SECONDS.iter().find(|&&step| step >= least) {
            return step;
        }
        return (least / 7200.0).ceil() * 7200.0;
    }
    let power = 10_f64.powi(least.max(1.0).log10().floor() as i32);
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|by| by * power).find(|&step| step >= least).unwrap_or(10.0 * power)
}

/// `1:02:03`, with tenths where `fine`; frames as they are.
pub(crate) fn describe(moment: f64, unit: TimeUnit, fine: bool) -> String {
    if unit == TimeUnit::Frames {
        return format!("{moment:.0}");
    }
    let tenths = (moment.max(0.0) * 10.0).round() as u64;
    let clock = clock((tenths / 10) as f64);
    if fine { format!("{clock}.{}", tenths % 10) } else { clock }
}

/// `1:02:03` into the video.
pub(crate) fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    if whole >= 3600 {
        format!("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
    } else {
        format!("{}:{:02}", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: (f64, f64), b: (f64, f64)) -> bool {
        (a.0 - b.0).abs() < 1e-6 && (a.1 - b.1).abs() < 1e-6
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let mut stretch = TimeRange::whole((0.0, 100.0));
        stretch.zoom(2.0, 20.0);
        assert!(close(stretch.range(), (10.0, 60.0)), "{stretch:?}");
        assert!((stretch.moment(stretch.x(33.0, 800.0), 800.0) - 33.0).abs() < 1e-3);
        stretch.zoom(0.01, 20.0);
        assert!(close(stretch.range(), (0.0, 100.0)), "never beyond the whole: {stretch:?}");
        stretch.zoom(1e9, 99.9);
        assert!((stretch.length() - CLOSEST).abs() < 1e-6);
        assert!(stretch.range().0 <= 99.9 && stretch.range().1 >= 99.9);
    }

    #[test]
    fn panning_stops_at_the_ends_and_reveals_what_is_asked_for() {
        let mut stretch = TimeRange::whole((10.0, 110.0));
        stretch.zoom(10.0, 10.0);
        stretch.pan(-50.0);
        assert!(close(stretch.range(), (10.0, 20.0)), "{stretch:?}");
        stretch.pan(1000.0);
        assert!(close(stretch.range(), (100.0, 110.0)), "{stretch:?}");
        stretch.reveal(50.0, 52.0);
        assert!(close(stretch.range(), (50.0, 60.0)), "{stretch:?}");
        stretch.reveal(55.0, 62.0);
        assert!(close(stretch.range(), (52.0, 62.0)), "{stretch:?}");
        assert_eq!(stretch.of((10.0, 110.0)), stretch);
        assert!(close(stretch.of((0.0, 5.0)).range(), (0.0, 5.0)), "another video is shown whole");
        assert!(close(TimeRange::whole((3.0, 3.0)).range(), (3.0, 3.0 + CLOSEST)));
    }

    #[test]
    fn rulers_have_round_marks_and_tell_them() {
        let mut stretch = TimeRange::whole((0.0, 3700.0));
        assert_eq!(stretch.marks(400.0, TimeUnit::Seconds), [0.0, 1800.0, 3600.0]);
        stretch.zoom(1000.0, 62.0);
        assert!(stretch.marks(400.0, TimeUnit::Seconds).len() >= 3);
        let frames = TimeRange::whole((0.0, 950.0)).marks(400.0, TimeUnit::Frames);
        assert_eq!(frames, [0.0, 500.0]);
        assert!(TimeRange::whole((0.0, 1e7)).marks(400.0, TimeUnit::Seconds).len() <= 6);
        assert_eq!(clock(62.9), "1:02");
        assert_eq!(describe(3723.04, TimeUnit::Seconds, false), "1:02:03");
        assert_eq!(describe(62.96, TimeUnit::Seconds, true), "1:03.0");
        assert_eq!(describe(62.0, TimeUnit::Frames, true), "62");
    }
}
