//! The page's drawings, as inline SVG: all methods on one pair of axes, and each method's curves
//! over its main parameter.
//!
//! Takes what was compared; gives SVG without script, font or colour of its own: the page's style
//! sheet gives those, in light, dark and print.

use super::{MethodResults, MethodRun};

/// A rectangle to draw in, and the numbers at its edges.
struct Axes {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    x: (f64, f64),
    y: (f64, f64),
}

impl Axes {
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let part = |value: f64, (low, high): (f64, f64)| {
            if high > low { (value - low) / (high - low) } else { 0.5 }
        };
        (self.left + part(x, self.x) * self.width, self.top + (1.0 - part(y, self.y)) * self.height)
    }

    fn line(&self, class: &str, points: impl Iterator<Item = (f64, f64)>) -> String {
        let points = points.filter(|(x, y)| x.is_finite() && y.is_finite()).map(|(x, y)| {
            let (x, y) = self.at(x, y);
            format!("{x:.1},{y:.1}")
        });
        format!("<polyline class=\"{class}\" points=\"{}\"/>\n", points.collect::<Vec<_>>().join(" "))
    }

    /// A horizontal line with its label at the left edge.
    fn level(&self, class: &str, y: f64, label: &str) -> String {
        let ((x1, y), (x2, _)) = (self.at(self.x.0, y), self.at(self.x.1, y));
        let (text_x, text_y) = (x1 - 6.0, y + 3.5);
        format!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" x2=\"{x2:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text class=\"end\" x=\"{text_x:.1}\" y=\"{text_y:.1}\">{label}</text>\n"
        )
    }

    /// A label below the lower edge.
    fn below(&self, x: f64, label: &str) -> String {
        let (x, y) = (self.at(x, self.y.0).0, self.top + self.height + 15.0);
        format!("<text class=\"middle\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n", escaped(label))
    }

    fn mark(&self, class: &str, (x, y): (f64, f64), told: &str) -> String {
        if !(x.is_finite() && y.is_finite()) {
            return String::new();
        }
        let (x, y) = self.at(x, y);
        let told = escaped(told);
        format!(
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"><title>{told}</title></circle>\n"
        )
    }
}

/// The class that colours the method at a place; from the ninth on, its curve is dashed as well.
pub(super) fn ink(at: usize) -> String {
    format!("m{}{}", at % 8, if at < 8 { "" } else { " again" })
}

/// Text that is nothing but text in HTML and SVG.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

fn svg(title: &str, width: f64, height: f64, inner: &str) -> String {
    let title = escaped(title);
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n\
         {inner}</svg>\n"
    )
}

/// Clusters for each identity, as a power of two.
fn ratio(run: &MethodRun) -> f64 {
    run.score("ri").max(f64::MIN_POSITIVE).log2()
}

/// `BCubed` F of all methods over the number of clusters for each identity: a ring is a method
/// with its defaults, a disc its oracle, a line its sweep. The frame is drawn around rings and
/// discs; a sweep may leave it.
pub(super) fn overview(methods: &[MethodResults]) -> String {
    let runs = || methods.iter().flat_map(|it| std::iter::once(&it.default).chain(&it.oracle));
    let f = runs().map(|run| run.score("bcubed/f")).fold(1.0, f64::min);
    let low = ((f * 10.0).floor() / 10.0 - 0.1).clamp(0.0, 0.8);
    let least = runs().map(ratio).fold(-1.0, f64::min).floor() - 1.0;
    let most = runs().map(ratio).fold(1.0, f64::max).ceil() + 1.0;
    let (least, most) = (least.max(-8.0), most.min(8.0));
    let axes = Axes { left: 48.0, top: 10.0, width: 640.0, height: 300.0, x: (least, most), y: (low, 1.0) };
    let mut inner = format!(
        "<clipPath id=\"frame\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>\n",
        axes.left, axes.top, axes.width, axes.height
    );
    let n_steps = ((1.0 - low) * 10.0).round() as usize;
    for step in 0..=n_steps {
        let y = low + step as f64 / 10.0;
        inner.push_str(&axes.level("grid", y, &format!("{y:.1}")));
    }
    for power in least as i32..=most as i32 {
        let label = if power < 0 { format!("1/{}", 1 << -power) } else { format!("{}", 1 << power) };
        inner.push_str(&axes.below(f64::from(power), &label));
    }
    inner.push_str(&axes.line("truth", [(0.0, low), (0.0, 1.0)].into_iter()));
    inner.push_str("<text class=\"middle\" x=\"368\" y=\"345\">clusters per identity</text>\n");
    inner.push_str("<text class=\"middle\" transform=\"translate(12 160) rotate(-90)\">BCubed F</text>\n");
    for (at, compared) in methods.iter().enumerate() {
        let place = |run: &MethodRun| (ratio(run), run.score("bcubed/f"));
        inner.push_str(&format!("<g class=\"{}\">", ink(at)));
        let curve = axes.line("curve", compared.sweep.iter().map(|point| place(&point.run)));
        inner.push_str(&format!("<g clip-path=\"url(#frame)\">{curve}</g>"));
        for (class, kind, run) in
            [("oracle", "oracle", compared.oracle.as_ref()), ("default", "default", Some(&compared.default))]
        {
            if let Some(run) = run {
                let told = format!("{}, {kind}: F {:.4}", compared.name, run.score("bcubed/f"));
                inner.push_str(&axes.mark(class, place(run), &told));
            }
        }
        inner.push_str("</g>\n");
    }
    svg("BCubed F over clusters per identity, all methods", 700.0, 355.0, &inner)
}

/// One method's `BCubed` P, R and F, and its number of clusters, over its main parameter.
pub(super) fn curves(compared: &MethodResults) -> String {
    let last = compared.sweep.len().saturating_sub(1).max(1) as f64;
    let places = || compared.sweep.iter().enumerate().map(|(at, point)| (at as f64, point));
    let scores = Axes { left: 48.0, top: 10.0, width: 280.0, height: 140.0, x: (0.0, last), y: (0.0, 1.0) };
    let mut inner = String::new();
    for y in [0.0, 0.25, 0.5, 0.75, 1.0] {
        inner.push_str(&scores.level("grid", y, &format!("{y:.2}")));
    }
    for (class, path) in [
        ("curve thin dashed", "bcubed/precision"),
        ("curve thin dotted", "bcubed/recall"),
        ("curve", "bcubed/f"),
    ] {
        inner.push_str(&scores.line(class, places().map(|(at, point)| (at, point.run.score(path)))));
    }
    let count = |run: &MethodRun| run.score("n_clusters").max(1.0).log10();
    let truth = compared.sweep.first().map_or(1.0, |point| point.run.score("n_identities").max(1.0));
    let all = || compared.sweep.iter().map(|point| count(&point.run)).chain([truth.log10()]);
    let (low, high) = (all().fold(f64::INFINITY, f64::min).floor(), all().fold(0.0, f64::max).ceil());
    let (top, height, y) = (170.0, 80.0, (low, high.max(low + 1.0)));
    let counts = Axes { left: scores.left, width: scores.width, x: scores.x, top, height, y };
    for power in low as i32..=counts.y.1 as i32 {
        inner.push_str(&counts.level("grid", f64::from(power), &format!("{}", 10_i64.pow(power as u32))));
    }
    inner.push_str(&counts.line("truth", [(0.0, truth.log10()), (last, truth.log10())].into_iter()));
    inner.push_str(&counts.line("curve", places().map(|(at, point)| (at, count(&point.run)))));
    let best = compared.oracle.as_ref();
    for (at, point) in places() {
        inner.push_str(&counts.below(at, &point.value));
        let (f, n) = (point.run.score("bcubed/f"), point.run.score("n_clusters"));
        let told = format!("{} = {}: F {f:.4}, {n} clusters", compared.parameter, point.value);
        let class = if best == Some(&point.run) { "oracle" } else { "point" };
        inner.push_str(&scores.mark(class, (at, f), &told));
        inner.push_str(&counts.mark(class, (at, count(&point.run)), &told));
    }
    let label = escaped(&compared.parameter);
    inner.push_str(&format!("<text class=\"middle\" x=\"188\" y=\"284\">{label}</text>\n"));
    let title = format!("{}: BCubed and number of clusters over {}", compared.name, compared.parameter);
    svg(&title, 340.0, 290.0, &inner)
}
