//! Strangers in bulk: people who barely appear, or appear only blurred, shown and ignored
//! in one go.
//!
//! Takes a view and its own [`StrangersPage`]; asks for one ordinary edit. It shows every identity
//! that the edit would concern before it is asked for; undo, or the same panel, brings them back.

use eframe::egui::{
    Color32, DragValue, Rect, RichText, Role, ScrollArea, Sense, Slider, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use crate::review::IdentityState;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::card::time;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, theme};
use crate::views::{BLURRED, Stranger, StrangerLimits, Strangers};

/// Side of a face, in points.
const FACE: f32 = 72.0;
/// Room for the words below it.
const WORDS: f32 = 30.0;
/// The largest values of the limits.
const MOST_TRACKS: usize = 20;
const MOST_SECONDS: f64 = 600.0;

/// The limits as the curator set them, and the identities below them.
#[derive(Debug)]
pub(crate) struct StrangersPage {
    limits: StrangerLimits,
    /// Shows ignored identities, to restore them, instead of those to ignore.
    shows_ignored: bool,
    found: Strangers,
    /// What `found` is of.
    of: Option<(u64, StrangerLimits, bool, bool)>,
}

impl Default for StrangersPage {
    fn default() -> Self {
        let limits = StrangerLimits { tracks: 1, seconds: None, sharpness: None };
        Self { limits, shows_ignored: false, found: Strangers::default(), of: None }
    }
}

impl StrangersPage {
    fn refresh(&mut self, view: &PanelContext) {
        let of = Some((view.session.revision(), self.limits, self.shows_ignored, view.measures.is_some()));
        let Some(set) = view.set().filter(|_| self.of != of) else { return };
        self.of = of;
        let state = if self.shows_ignored { IdentityState::Ignored } else { IdentityState::Proposed };
        self.found = Strangers::below((set, view.session.review()), &self.limits, view.measures, state);
    }
}

/// Draws the page.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    page: &mut StrangersPage,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    ui.heading(t!("strangers-title"));
    paint::note(ui, t!("strangers-note"));
    limit_sliders(ui, page);
    page.refresh(view);
    if page.limits.sharpness.is_some() && view.measures.is_none() && !view.is_advice_unavailable {
        ui.label(t!("strangers-reading"));
        return;
    }
    for (n, text) in [
        (page.found.n_untimed, t!("strangers-untimed", n = page.found.n_untimed)),
        (page.found.n_unmeasured, t!("strangers-unmeasured", n = page.found.n_unmeasured)),
    ] {
        if n > 0 {
            paint::note(ui, text);
        }
    }
    act(ui, view, page, out);
    faces(ui, view, page, thumbs, out);
}

/// The limits, and whether ignored identities are shown.
fn limit_sliders(ui: &mut Ui, page: &mut StrangersPage) {
    ui.horizontal(|ui| {
        ui.selectable_value(&mut page.shows_ignored, false, t!("strangers-here"));
        ui.selectable_value(&mut page.shows_ignored, true, t!("strangers-aside"));
    });
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(t!("strangers-tracks"));
        ui.add(Slider::new(&mut page.limits.tracks, 1..=MOST_TRACKS)).labelled_by(label.id);
        ui.add_space(theme::GAP);
        let mut is_on = page.limits.seconds.is_some();
        let check = ui.checkbox(&mut is_on, t!("strangers-seconds"));
        let mut seconds = page.limits.seconds.unwrap_or(2.0);
        let value = DragValue::new(&mut seconds).range(0.0..=MOST_SECONDS).speed(0.1).suffix(" s");
        ui.add_enabled(is_on, value).labelled_by(check.id);
        page.limits.seconds = is_on.then_some(seconds);
        ui.add_space(theme::GAP);
        let mut is_on = page.limits.sharpness.is_some();
        let check =
            ui.checkbox(&mut is_on, t!("strangers-blurred")).on_hover_text(t!("strangers-blurred-doc"));
        let mut sharp = page.limits.sharpness.unwrap_or(BLURRED);
        ui.add_enabled(is_on, Slider::new(&mut sharp, 0.02..=0.3)).labelled_by(check.id);
        page.limits.sharpness = is_on.then_some(sharp);
    });
}

/// The one button.
fn act(ui: &mut Ui, view: &PanelContext, page: &StrangersPage, out: &mut Vec<Request>) {
    let n = page.found.found.len();
    let text = match (n, page.shows_ignored) {
        (0, _) => {
            ui.label(t!("strangers-none"));
            return;
        }
        (_, true) => t!("strangers-restore", n = n),
        (_, false) => t!("strangers-ignore", n = n),
    };
    let can = !view.is_read_only() && !view.session.is_busy();
    if ui.add_enabled(can, paint::primary(ui, &text)).clicked() {
        let edit = if page.shows_ignored { page.found.restore() } else { page.found.ignore() };
        out.extend(edit.map(Request::Edit));
    }
}

/// All identities that the button concerns; only the rows in sight are laid out.
fn faces(
    ui: &mut Ui,
    view: &PanelContext,
    page: &StrangersPage,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let step = FACE + theme::GAP;
    let columns = ((ui.available_width() / step).floor() as usize).max(1);
    let all = &page.found.found;
    ScrollArea::vertical().id_salt("strangers").auto_shrink(false).show_rows(
        ui,
        FACE + WORDS,
        all.len().div_ceil(columns),
        |ui, rows| {
            for row in rows {
                ui.horizontal(|ui| {
                    for it in all.chunks(columns).nth(row).unwrap_or_default() {
                        face(ui, view, it, thumbs, out);
                    }
                });
            }
        },
    );
}

fn face(ui: &mut Ui, view: &PanelContext, it: &Stranger, thumbs: &mut Thumbnails, out: &mut Vec<Request>) {
    let (rect, response) = ui.allocate_exact_size(vec2(FACE, FACE + WORDS - theme::GAP), Sense::click());
    let Some(card) = view.listing.card(it.identity) else { return };
    let picture = Rect::from_min_size(rect.min, Vec2::splat(FACE));
    paint::picture(ui, picture, view.cover(card).as_deref(), thumbs, Color32::WHITE);
    if response.has_focus() {
        paint::ring(ui, picture, 1.5, theme::accent(ui));
    }
    let facts = match (it.seconds, it.sharpness) {
        (_, Some(sharp)) => format!("{sharp:.2}"),
        (Some(seconds), None) => time(seconds),
        (None, None) => card.facts(),
    };
    let muted = theme::muted(ui);
    let line = paint::line(ui, &facts, eframe::egui::FontId::proportional(11.0), muted, FACE);
    ui.painter().galley(pos2(rect.left(), picture.bottom() + 2.0), line, muted);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, card.spoken()));
    let response = response.on_hover_ui(|ui| {
        ui.label(RichText::new(&card.title).strong());
        ui.label(card.facts());
    });
    if response.clicked() {
        out.push(Request::ShowPerson(it.identity));
    }
}
