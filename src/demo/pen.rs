//! The pen that draws a person: flat and soft shapes on a turned head.
//!
//! Takes shapes in face units (x from the middle of the face, to the right; y down; the
//! eyes near (±17.6, 52), the mouth near (0, 92), as in a 112 × 112 aligned face) and
//! gives a pixmap. It knows how a head turns, and nothing about who is drawn.

use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, Point,
    RadialGradient, Shader, SpreadMode, Stroke, Transform,
};

/// Side of a drawn crop, in pixels.
pub(super) const SIDE_PX: u32 = 160;

/// A colour as `0xRRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Rgb(pub u32);

impl Rgb {
    /// Red, green and blue, each `0..=255`.
    pub(super) fn channels(self) -> [f32; 3] {
        [16, 8, 0].map(|shift| ((self.0 >> shift) & 0xff) as f32)
    }

    /// This colour with `part` (`0..=1`) of `other` in it.
    pub(super) fn mix(self, other: Self, part: f32) -> Self {
        let (own, other) = (self.channels(), other.channels());
        let channel = |i: usize| (own[i] + (other[i] - own[i]) * part).round().clamp(0.0, 255.0) as u32;
        Self(channel(0) << 16 | channel(1) << 8 | channel(2))
    }

    /// Towards a warm black.
    pub(super) fn darker(self, part: f32) -> Self {
        self.mix(Self(0x001a_0c10), part)
    }

    /// Towards a warm white.
    pub(super) fn lighter(self, part: f32) -> Self {
        self.mix(Self(0x00ff_f8ec), part)
    }

    /// This colour, seen through.
    pub(super) fn alpha(self, alpha: f32) -> Ink {
        Ink { rgb: self, alpha }
    }
}

/// A colour and how much it covers (`0..=1`).
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    rgb: Rgb,
    alpha: f32,
}

impl From<Rgb> for Ink {
    fn from(rgb: Rgb) -> Self {
        Self { rgb, alpha: 1.0 }
    }
}

impl Ink {
    fn colour(self, alpha: f32) -> Color {
        let [r, g, b] = self.rgb.channels().map(|c| c / 255.0);
        Color::from_rgba(r, g, b, (self.alpha * alpha).clamp(0.0, 1.0)).unwrap_or(Color::BLACK)
    }
}

/// How the head is held and where it is in the crop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pose {
    /// Turn to the side in radians; positive shows features further right.
    pub yaw: f32,
    /// Nod in radians; positive shows features further down.
    pub pitch: f32,
    /// Tilt in the picture, in radians.
    pub roll: f32,
    /// Pixels a face unit.
    pub zoom: f32,
    /// Where the middle of the face lies, in pixels.
    pub centre: (f32, f32),
}

/// Middle of the face in y; heads turn around it.
const MIDDLE: f32 = 58.0;
/// How far the nose's root stands out before the ears, in face units.
const DEPTH: f32 = 40.0;

impl Pose {
    /// A point of the face as the turned head shows it; `lift` stands out from the skin.
    fn at(&self, (x, y): (f32, f32), lift: f32) -> (f32, f32) {
        let bulge = 1.0 - (x / 62.0).powi(2) - ((y - MIDDLE) / 95.0).powi(2);
        // What lies behind the ears moves the other way, but less.
        let depth =
            if bulge >= 0.0 { DEPTH * bulge.sqrt() } else { (DEPTH * bulge).max(-12.0) } + lift - 22.0;
        (
            x * self.yaw.cos() + depth * self.yaw.sin(),
            MIDDLE + (y - MIDDLE) * self.pitch.cos() + depth * self.pitch.sin(),
        )
    }

    fn transform(&self) -> Transform {
        Transform::from_translate(0.0, -MIDDLE)
            .post_scale(self.zoom, self.zoom)
            .post_rotate(self.roll.to_degrees())
            .post_translate(self.centre.0, self.centre.1)
    }
}

/// A pixmap, a view, and what later shapes are clipped to.
pub(super) struct Pen {
    /// What has been drawn.
    pub pixmap: Pixmap,
    view: Pose,
    lift: f32,
    clip: Option<Mask>,
}

impl Pen {
    /// A blank crop; `None` only if a pixmap cannot be made at all.
    pub(super) fn new(view: Pose) -> Option<Self> {
        Some(Self::over(Pixmap::new(SIDE_PX, SIDE_PX)?, view))
    }

    /// A pen over what is drawn already.
    pub(super) fn over(pixmap: Pixmap, view: Pose) -> Self {
        Self { pixmap, view, lift: 0.0, clip: None }
    }

    /// Later shapes stand out from the skin by `lift` face units.
    pub(super) fn raise(&mut self, lift: f32) -> &mut Self {
        self.lift = lift;
        self
    }

    /// Later shapes show only inside this smooth closed shape.
    pub(super) fn clip(&mut self, points: &[(f32, f32)]) {
        let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height());
        if let (Some(mask), Some(path)) = (&mut mask, self.smooth(points, true)) {
            mask.fill_path(&path, FillRule::Winding, true, self.view.transform());
        }
        self.clip = mask;
    }

    /// Later shapes show everywhere.
    pub(super) fn unclip(&mut self) {
        self.clip = None;
    }

    /// A smooth closed shape through the points.
    pub(super) fn blob(&mut self, points: &[(f32, f32)], ink: impl Into<Ink>) {
        let path = self.smooth(points, true);
        self.fill(path, ink.into());
    }

    /// All that has been drawn.
    pub(super) fn into_pixmap(self) -> Pixmap {
        self.pixmap
    }

    /// A shape with corners.
    pub(super) fn poly(&mut self, points: &[(f32, f32)], ink: impl Into<Ink>) {
        let mut path = PathBuilder::new();
        for (i, &point) in points.iter().enumerate() {
            let (x, y) = self.view.at(point, self.lift);
            if i == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        path.close();
        self.fill(path.finish(), ink.into());
    }

    /// An ellipse around (`x`, `y`).
    pub(super) fn oval(&mut self, centre: (f32, f32), radii: (f32, f32), ink: impl Into<Ink>) {
        self.blob(&around(centre, radii), ink);
    }

    /// A smooth line through the points.
    pub(super) fn line(&mut self, points: &[(f32, f32)], width: f32, ink: impl Into<Ink>) {
        let path = self.smooth(points, false);
        self.stroke(path, width, ink.into());
    }

    /// The outline of an ellipse.
    pub(super) fn ring(&mut self, centre: (f32, f32), radii: (f32, f32), width: f32, ink: impl Into<Ink>) {
        self.outline(&around(centre, radii), width, ink);
    }

    /// The outline of a smooth closed shape.
    pub(super) fn outline(&mut self, points: &[(f32, f32)], width: f32, ink: impl Into<Ink>) {
        let path = self.smooth(points, true);
        self.stroke(path, width, ink.into());
    }

    /// A patch of colour that fades out towards its edge.
    pub(super) fn glow(&mut self, centre: (f32, f32), radii: (f32, f32), ink: impl Into<Ink>) {
        let ink = ink.into();
        let (x, y) = self.view.at(centre, self.lift);
        let stops = [(0.0, 1.0), (0.45, 0.75), (1.0, 0.0)];
        let stops = stops.map(|(at, alpha)| GradientStop::new(at, ink.colour(alpha))).to_vec();
        let origin = Point::from_xy(0.0, 0.0);
        let place = Transform::from_scale(radii.0, radii.1).post_translate(x, y);
        let shader = RadialGradient::new(origin, 0.0, origin, 1.0, stops, SpreadMode::Pad, place);
        let mut path = PathBuilder::new();
        path.push_circle(0.0, 0.0, 1.0);
        let path = path.finish().and_then(|path| path.transform(place));
        if let (Some(shader), Some(path)) = (shader, path) {
            self.paint(&path, shader);
        }
    }

    fn fill(&mut self, path: Option<Path>, ink: Ink) {
        if let Some(path) = path {
            self.paint(&path, Shader::SolidColor(ink.colour(1.0)));
        }
    }

    fn paint(&mut self, path: &Path, shader: Shader<'_>) {
        let paint = Paint { shader, ..Paint::default() };
        let place = self.view.transform();
        self.pixmap.fill_path(path, &paint, FillRule::Winding, place, self.clip.as_ref());
    }

    fn stroke(&mut self, path: Option<Path>, width: f32, ink: Ink) {
        let Some(path) = path else { return };
        let paint = Paint { shader: Shader::SolidColor(ink.colour(1.0)), ..Paint::default() };
        let stroke =
            Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        let place = self.view.transform();
        self.pixmap.stroke_path(&path, &paint, &stroke, place, self.clip.as_ref());
    }

    /// Catmull-Rom through the points, as the turned head shows them.
    fn smooth(&self, points: &[(f32, f32)], closed: bool) -> Option<Path> {
        let points: Vec<_> = points.iter().map(|&p| self.view.at(p, self.lift)).collect();
        let n = points.len();
        // A closed line goes round; an open one repeats its ends. `i` counts from one before.
        let at = |i: usize| points[if closed { (i + n - 1) % n } else { i.saturating_sub(1).min(n - 1) }];
        let &(x, y) = points.first()?;
        let mut path = PathBuilder::new();
        path.move_to(x, y);
        for i in 0..(if closed { n } else { n - 1 }) {
            let (before, from, to, after) = (at(i), at(i + 1), at(i + 2), at(i + 3));
            path.cubic_to(
                from.0 + (to.0 - before.0) / 6.0,
                from.1 + (to.1 - before.1) / 6.0,
                to.0 - (after.0 - from.0) / 6.0,
                to.1 - (after.1 - from.1) / 6.0,
                to.0,
                to.1,
            );
        }
        if closed {
            path.close();
        }
        path.finish()
    }
}

/// Twelve points of an ellipse.
fn around((x, y): (f32, f32), (rx, ry): (f32, f32)) -> [(f32, f32); 12] {
    std::array::from_fn(|i| {
        let angle = i as f32 * std::f32::consts::TAU / 12.0;
        (x + rx * angle.cos(), y + ry * angle.sin())
    })
}
