//! Many points in few triangles, for the map.
//!
//! Takes points and their marks; adds one mesh to a painter. Where many fall onto one place, the
//! first one of each kind is drawn, so that a hundred thousand points cost what can be seen.

use eframe::egui::{Color32, Mesh, Painter, Pos2, Rect, Shape as Drawn, Visuals, vec2};

use crate::base::TrackIx;
use crate::ui::widgets::markers::{MARKED, Marker, MarkerShape, mark};
use crate::ui::widgets::plane_view::PlaneView;

/// Points of one kind nearer than this on the screen are drawn as one.
const MERGED: f32 = 1.5;
/// Half the size of a point: of many, and of few or when looked at closely.
const SIZES: (f32, f32) = (2.0, 6.0);
/// So many points are many.
const MANY: f32 = 5_000.0;

/// Draws all points in sight: grey ones below, chosen ones on top, in the colour of choices.
pub(crate) fn draw(
    painter: &Painter,
    visuals: &Visuals,
    (points, tracks, ranks): (&[[f32; 2]], &[TrackIx], &[Option<usize>]),
    eye: PlaneView,
    room: Rect,
    is_chosen: impl Fn(TrackIx) -> bool,
) {
    let (least, most) = SIZES;
    let few = (MANY / points.len().max(1) as f32).sqrt().max(1.0);
    let half = (least * few * eye.zoom().powf(0.25)).clamp(least, most);
    let mut layers = [Mesh::default(), Mesh::default(), Mesh::default()];
    let mut drawn = DrawnPoints::new(room);
    let seen = room.expand(half);
    for ((&point, &track), &rank) in points.iter().zip(tracks).zip(ranks) {
        let place = eye.to_screen(point, room);
        if !seen.contains(place) {
            continue;
        }
        let layer = if is_chosen(track) { 2 } else { usize::from(rank.is_some()) };
        let kind = if layer == 2 { MARKED + 1 } else { rank.unwrap_or(MARKED) };
        if !drawn.is_first(place, kind) {
            continue;
        }
        let of_rank = mark(rank, visuals.dark_mode);
        if layer == 2 {
            let ring = Marker { colour: visuals.strong_text_color(), ..of_rank };
            add(&mut layers[layer], place, half + 2.0, ring);
        }
        add(&mut layers[layer], place, half, of_rank);
    }
    for mesh in layers.into_iter().filter(|mesh| !mesh.is_empty()) {
        painter.add(Drawn::mesh(mesh));
    }
}

/// Which kinds of points were drawn where.
struct DrawnPoints {
    room: Rect,
    columns: usize,
    /// One bit for each kind.
    kinds: Vec<u32>,
}

impl DrawnPoints {
    fn new(room: Rect) -> Self {
        let cells = |length: f32| (length.max(0.0) / MERGED) as usize + 1;
        let columns = cells(room.width());
        Self { room, columns, kinds: vec![0; columns * cells(room.height())] }
    }

    /// Whether nothing of that kind was drawn at that place before; at the edge all count.
    fn is_first(&mut self, place: Pos2, kind: usize) -> bool {
        let at = (place - self.room.min) / MERGED;
        if at.x < 0.0 || at.y < 0.0 || at.x as usize >= self.columns {
            return true;
        }
        let Some(kinds) = self.kinds.get_mut(at.y as usize * self.columns + at.x as usize) else {
            return true;
        };
        let is_first = *kinds & (1 << kind) == 0;
        *kinds |= 1 << kind;
        is_first
    }
}

/// Draws one point.
pub(crate) fn one(painter: &Painter, place: Pos2, half: f32, mark: Marker) {
    let mut mesh = Mesh::default();
    add(&mut mesh, place, half, mark);
    painter.add(Drawn::mesh(mesh));
}

fn add(mesh: &mut Mesh, place: Pos2, half: f32, Marker { colour, shape }: Marker) {
    let corners: &[(f32, f32)] = match shape {
        MarkerShape::Square => &[(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
        MarkerShape::Diamond => &[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)],
        MarkerShape::Triangle => &[(0.0, -1.2), (1.15, 0.9), (-1.15, 0.9)],
    };
    let first = mesh.vertices.len() as u32;
    for &(x, y) in corners {
        mesh.colored_vertex(place + vec2(x, y) * half, colour);
    }
    mesh.add_triangle(first, first + 1, first + 2);
    if corners.len() == 4 {
        mesh.add_triangle(first, first + 2, first + 3);
    }
    debug_assert!(colour != Color32::TRANSPARENT);
}

#[cfg(test)]
mod tests {
    use eframe::egui::pos2;
    use rand::RngExt as _;

    use super::*;

    #[test]
    fn a_place_is_drawn_once_for_each_kind() {
        let mut places = DrawnPoints::new(Rect::from_min_max(pos2(10.0, 10.0), pos2(110.0, 60.0)));
        const { assert!(MARKED + 1 < 32, "each kind has a bit") };
        assert!(places.is_first(pos2(20.0, 20.0), 3));
        assert!(!places.is_first(pos2(20.4, 20.4), 3));
        assert!(places.is_first(pos2(20.4, 20.4), MARKED + 1));
        assert!(places.is_first(pos2(22.0, 20.0), 3));
        for edge in [pos2(9.0, 20.0), pos2(111.9, 20.0), pos2(20.0, 62.0), pos2(110.0, 60.0)] {
            assert!(places.is_first(edge, 0), "{edge:?}");
        }
    }

    #[test]
    fn a_hundred_thousand_points_become_three_meshes_at_most() {
        let mut rng = crate::base::seeded(5);
        let points: Vec<[f32; 2]> =
            (0..100_000).map(|_| [rng.random_range(-1.0..1.0), rng.random_range(-1.0..1.0)]).collect();
        let tracks: Vec<TrackIx> = (0..100_000).collect();
        let ranks: Vec<Option<usize>> =
            (0..100_000).map(|at| Some(at % 40).filter(|&rank| rank < MARKED)).collect();
        let room = Rect::from_min_max(pos2(0.0, 0.0), pos2(1000.0, 700.0));
        let context = eframe::egui::Context::default();
        let mut output = context.run_ui(eframe::egui::RawInput::default(), |ui| {
            draw(
                ui.painter(),
                ui.visuals(),
                (&points, &tracks, &ranks),
                PlaneView::default(),
                room,
                |track| track < 9,
            );
        });
        output.textures_delta.clear();
        let meshes = output.shapes.iter().filter(|it| matches!(it.shape, Drawn::Mesh(_))).count();
        assert_eq!(meshes, 3, "grey ones, coloured ones, chosen ones");
    }
}
