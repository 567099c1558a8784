//! The map's plane on the screen: zooming, panning, the nearest point, what a lasso holds.
//!
//! Pure arithmetic over points within -1..=1. It draws nothing and knows no tracks.

use eframe::egui::{Pos2, Rect, Vec2, pos2};

/// Cells a side of the grid in which points are looked up.
const CELLS: usize = 128;
/// How close one may come.
const CLOSEST: f32 = 400.0;
/// The part of the room that all points take at first.
const FILLED: f32 = 0.94;

/// From where the plane is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PlaneView {
    /// The point in the middle of the room.
    centre: Pos2,
    /// 1 shows all.
    zoom: f32,
}

impl Default for PlaneView {
    fn default() -> Self {
        Self { centre: Pos2::ZERO, zoom: 1.0 }
    }
}

impl PlaneView {
    pub(crate) fn zoom(self) -> f32 {
        self.zoom
    }

    /// Points of the screen for one of the plane.
    fn scale(self, room: Rect) -> f32 {
        (room.width().min(room.height()) / 2.0 * FILLED * self.zoom).max(1e-3)
    }

    /// Where a point of the plane stands.
    pub(crate) fn to_screen(self, point: [f32; 2], room: Rect) -> Pos2 {
        room.center() + (pos2(point[0], point[1]) - self.centre) * self.scale(room)
    }

    /// The point of the plane at a place.
    pub(crate) fn to_plane(self, place: Pos2, room: Rect) -> Pos2 {
        self.centre + (place - room.center()) / self.scale(room)
    }

    /// How far some points of the screen are on the plane.
    pub(crate) fn far(self, points: f32, room: Rect) -> f32 {
        points / self.scale(room)
    }

    /// Comes nearer; what is at `place` stays there.
    pub(crate) fn zoom_at(&mut self, factor: f32, place: Pos2, room: Rect) {
        let held = self.to_plane(place, room);
        self.zoom = (self.zoom * factor).clamp(1.0, CLOSEST);
        self.centre = held - (place - room.center()) / self.scale(room);
        self.hold();
    }

    /// Moves with the pointer, by points of the screen.
    pub(crate) fn pan(&mut self, by: Vec2, room: Rect) {
        self.centre -= by / self.scale(room);
        self.hold();
    }

    /// Moves to a point, where it is not in sight.
    pub(crate) fn reveal(&mut self, point: [f32; 2], room: Rect) {
        if !room.shrink(8.0).contains(self.to_screen(point, room)) {
            self.centre = pos2(point[0], point[1]);
            self.hold();
        }
    }

    /// Something is always in sight.
    fn hold(&mut self) {
        self.centre = self.centre.clamp(pos2(-1.0, -1.0), pos2(1.0, 1.0));
    }
}

/// Points by where they are.
#[derive(Debug, Default)]
pub(crate) struct PointGrid {
    /// Where each cell's points begin in `members`, and one more.
    starts: Vec<usize>,
    members: Vec<usize>,
}

impl PointGrid {
    pub(crate) fn new(points: &[[f32; 2]]) -> Self {
        let mut cells: Vec<(usize, usize)> =
            points.iter().enumerate().map(|(at, &[x, y])| (cell(y) * CELLS + cell(x), at)).collect();
        cells.sort_unstable();
        let start = |wanted| cells.partition_point(|&(of, _)| of < wanted);
        let starts = (0..=CELLS * CELLS).map(start).collect();
        Self { starts, members: cells.into_iter().map(|(_, at)| at).collect() }
    }

    /// The point nearest to a place of the plane, `far` away at most; the first of several.
    pub(crate) fn nearest(&self, points: &[[f32; 2]], to: Pos2, far: f32) -> Option<usize> {
        let away = |at: usize| (pos2(points[at][0], points[at][1]) - to).length_sq();
        let within = self.within(Rect::from_center_size(to, Vec2::splat(far * 2.0)));
        let near = within.filter(|&at| away(at) <= far * far);
        near.min_by(|&a, &b| away(a).total_cmp(&away(b)).then(a.cmp(&b)))
    }

    /// Points that a lasso on the plane holds, ascending.
    pub(crate) fn held(&self, points: &[[f32; 2]], lasso: &[Pos2]) -> Vec<usize> {
        let bounds = Rect::from_points(lasso);
        let is_in = |at: &usize| holds(lasso, pos2(points[*at][0], points[*at][1]));
        let mut held: Vec<usize> = self.within(bounds).filter(is_in).collect();
        held.sort_unstable();
        held
    }

    /// The points of all cells that a part of the plane touches.
    pub(crate) fn within(&self, part: Rect) -> impl Iterator<Item = usize> + '_ {
        let columns = cell(part.left())..=cell(part.right());
        let rows = cell(part.top())..=cell(part.bottom());
        let cells = rows.flat_map(move |row| columns.clone().map(move |column| row * CELLS + column));
        let members = |cell: usize| {
            let range = self.starts.get(cell).zip(self.starts.get(cell + 1));
            range.and_then(|(&from, &to)| self.members.get(from..to)).unwrap_or_default()
        };
        cells.flat_map(members).copied()
    }
}

/// The column or row of a coordinate.
fn cell(value: f32) -> usize {
    ((f32::midpoint(value, 1.0) * CELLS as f32).max(0.0) as usize).min(CELLS - 1)
}

/// Whether a polygon holds a point: an odd number of its sides lie to the left of it.
fn holds(polygon: &[Pos2], point: Pos2) -> bool {
    let next = polygon.iter().cycle().skip(1);
    let crosses = |(a, b): &(&Pos2, &Pos2)| {
        (a.y > point.y) != (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x
    };
    polygon.iter().zip(next).filter(crosses).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use eframe::egui::vec2;
    use rand::RngExt;

    use super::*;
    use crate::base::seeded;

    fn room() -> Rect {
        Rect::from_min_size(pos2(100.0, 50.0), vec2(800.0, 600.0))
    }

    fn points() -> Vec<[f32; 2]> {
        let mut rng = seeded(3);
        (0..2000).map(|_| [rng.random_range(-1.0..1.0), rng.random_range(-1.0..1.0)]).collect()
    }

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let mut eye = PlaneView::default();
        let corner = eye.to_screen([1.0, -1.0], room());
        assert!(room().contains(corner), "{corner:?}");
        let place = pos2(420.0, 300.0);
        let before = eye.to_plane(place, room());
        eye.zoom_at(3.0, place, room());
        assert!((eye.to_plane(place, room()) - before).length() < 1e-4);
        assert!((eye.to_screen([before.x, before.y], room()) - place).length() < 0.1);
        eye.pan(vec2(50.0, 0.0), room());
        assert!((eye.to_screen([before.x, before.y], room()) - place - vec2(50.0, 0.0)).length() < 0.1);
        eye.zoom_at(1e-6, place, room());
        assert!((eye.zoom() - 1.0).abs() < f32::EPSILON);
        eye.zoom_at(50.0, room().center(), room());
        eye.reveal([0.9, 0.9], room());
        assert!(room().contains(eye.to_screen([0.9, 0.9], room())));
    }

    #[test]
    fn the_grid_finds_what_looking_at_all_points_finds() {
        let points = points();
        let grid = PointGrid::new(&points);
        for place in [pos2(0.1, 0.2), pos2(-0.99, 0.99), pos2(3.0, 0.0)] {
            let away = |at: usize| (pos2(points[at][0], points[at][1]) - place).length();
            let all = (0..points.len()).filter(|&at| away(at) <= 0.05);
            let nearest = all.min_by(|&a, &b| away(a).total_cmp(&away(b)));
            assert_eq!(grid.nearest(&points, place, 0.05), nearest, "{place:?}");
        }
        let lasso = [pos2(-0.5, -0.5), pos2(0.5, -0.5), pos2(0.0, 0.5)];
        let all: Vec<usize> =
            (0..points.len()).filter(|&at| holds(&lasso, pos2(points[at][0], points[at][1]))).collect();
        assert!(all.len() > 100);
        assert_eq!(grid.held(&points, &lasso), all);
        assert!(grid.held(&points, &lasso[..2]).is_empty() && grid.held(&points, &[]).is_empty());
        assert_eq!(PointGrid::new(&[]).nearest(&[], Pos2::ZERO, 1.0), None);
    }

    #[test]
    fn a_lasso_around_a_notch_leaves_the_notch_out() {
        let c =
            [pos2(0.0, 0.0), pos2(4.0, 0.0), pos2(4.0, 1.0), pos2(1.0, 1.0), pos2(1.0, 3.0), pos2(4.0, 3.0)];
        let c = [c.as_slice(), &[pos2(4.0, 4.0), pos2(0.0, 4.0)]].concat();
        assert!(holds(&c, pos2(0.5, 2.0)) && holds(&c, pos2(3.0, 0.5)));
        assert!(!holds(&c, pos2(3.0, 2.0)));
    }
}
