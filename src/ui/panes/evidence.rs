//! "Why": what speaks for and against, for the track or the pair that one looks at.
//!
//! Takes the evidence of `advice` and the frames that a track's vector was made of; shows
//! numbers beside the faces that decided. It judges nothing itself.

use eframe::egui::{Color32, Grid, Id, Rect, RichText, ScrollArea, Sense, Ui, Vec2, WidgetInfo, vec2};

use crate::advice::{Evidence, pair_evidence, track_evidence, tracks_evidence};
use crate::base::{ConstraintKind, ConstraintSource, TrackIx};
use crate::embed::FaceUse;
use crate::review::{Identity, IdentityId};
use crate::ui::lang::t;
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::listing::picture;
use crate::ui::view::state::PageState;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, playback, theme};

const PICTURE: f32 = 64.0;

/// What the question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EvidenceSubject {
    /// A track in its identity.
    Track(TrackIx),
    /// Two tracks.
    Tracks(TrackIx, TrackIx),
    /// Two identities.
    Pair(IdentityId, IdentityId),
}

/// The evidence as last asked for.
#[derive(Debug, Default)]
pub(crate) struct EvidencePanel {
    of: Option<(EvidenceSubject, u64)>,
    evidence: Option<Evidence>,
    frames: Vec<FaceUse>,
}

impl EvidencePanel {
    fn refresh(&mut self, subject: EvidenceSubject, view: &PanelContext) {
        let of = Some((subject, view.session.revision()));
        if self.of == of {
            return;
        }
        let Some(vectors) = view.session.vectors() else { return };
        let review = view.session.review();
        self.evidence = match subject {
            EvidenceSubject::Track(track) => track_evidence(vectors, review, track),
            EvidenceSubject::Tracks(a, b) => tracks_evidence(vectors, review, a, b),
            EvidenceSubject::Pair(a, b) => pair_evidence(vectors, review, a, b),
        };
        self.frames = match subject {
            EvidenceSubject::Track(track) => view.session.frames(track).unwrap_or_default(),
            _ => Vec::new(),
        };
        self.of = of;
    }
}

/// What the page asks about: the pair shown, what is selected, or where the keyboard stands.
fn subject(view: &PanelContext, state: &PageState) -> Option<EvidenceSubject> {
    match state.page {
        Page::Pairs => view.pair.map(|(a, b)| EvidenceSubject::Pair(a, b)),
        Page::People if state.tracks.is_empty() && state.identities.len() == 2 => {
            match state.identities.items()[..] {
                [a, b] => Some(EvidenceSubject::Pair(a, b)),
                _ => None,
            }
        }
        _ => match state.tracks.items()[..] {
            [a, b] => Some(EvidenceSubject::Tracks(a, b)),
            [a] => Some(EvidenceSubject::Track(a)),
            _ => state.tracks.cursor().map(EvidenceSubject::Track),
        },
    }
}

/// Draws what speaks for and against.
pub(crate) fn show(
    ui: &mut Ui,
    view: &PanelContext,
    state: &PageState,
    found: &mut EvidencePanel,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let subject = subject(view, state);
    let Some(subject) = subject else {
        ui.label(t!("why-nobody"));
        return;
    };
    if view.session.vectors().is_none() {
        ui.label(if view.is_advice_unavailable { t!("pairs-vain-why") } else { t!("pairs-waiting") });
        return;
    }
    found.refresh(subject, view);
    let Some(why) = &found.evidence else {
        ui.label(t!("why-no-face"));
        return;
    };
    ScrollArea::vertical().id_salt("why").auto_shrink(false).show(ui, |ui| {
        about(ui, subject, view);
        ui.add_space(theme::GAP);
        figures(ui, why, subject);
        constraint_rows(ui, why, view);
        deciding(ui, why, subject, view, thumbs);
        rivals(ui, why, view, thumbs, out);
        frames(ui, &found.frames, subject, view, thumbs);
    });
}

fn about(ui: &mut Ui, subject: EvidenceSubject, view: &PanelContext) {
    let review = view.session.review();
    let title = |id| review.identity(id).map(Identity::title).unwrap_or_default();
    let text = match subject {
        EvidenceSubject::Track(track) => match review.identity_of(track) {
            Some(id) => t!("why-track-in", track = review.track_id(track), identity = title(id)),
            None => t!("why-track", track = review.track_id(track)),
        },
        EvidenceSubject::Tracks(a, b) => t!("why-pair", a = review.track_id(a), b = review.track_id(b)),
        EvidenceSubject::Pair(a, b) => t!("why-pair", a = title(a), b = title(b)),
    };
    ui.label(RichText::new(text).strong());
}

/// The numbers, each with what it means.
fn figures(ui: &mut Ui, why: &Evidence, subject: EvidenceSubject) {
    let mut rows = vec![
        (t!("why-similarity"), format!("{:.3}", why.similarity.0), t!("why-similarity-doc")),
        (t!("why-distance"), format!("{:.3}", why.distance.0), t!("why-distance-doc")),
    ];
    if let Some(margin) = why.margin {
        rows.push((t!("why-margin"), format!("{margin:+.3}"), t!("why-margin-doc")));
    }
    let name = if matches!(subject, EvidenceSubject::Track(_)) { t!("why-belongs") } else { t!("why-same") };
    rows.push((name, format!("{:.0} %", why.p * 100.0), t!("why-same-doc")));
    Grid::new("figures").num_columns(2).spacing(vec2(16.0, 5.0)).show(ui, |ui| {
        for (name, value, doc) in rows {
            ui.label(RichText::new(name).color(theme::muted(ui))).on_hover_text(doc);
            ui.label(RichText::new(value).monospace());
            ui.end_row();
        }
    });
}

/// Links and overlaps between the two sides: they are above every number.
fn constraint_rows(ui: &mut Ui, why: &Evidence, view: &PanelContext) {
    let review = view.session.review();
    for tie in &why.ties {
        let (a, b) = (review.track_id(tie.a).to_owned(), review.track_id(tie.b).to_owned());
        let text = match (tie.kind, tie.source) {
            (_, ConstraintSource::CoOccurrence) => t!("why-together", a = a, b = b),
            (ConstraintKind::Cannot, _) => t!("why-cannot", a = a, b = b),
            (ConstraintKind::Must, _) => t!("why-must", a = a, b = b),
        };
        ui.label(RichText::new(text).color(ui.visuals().warn_fg_color));
    }
}

/// The tracks that decided, on both sides.
fn deciding(
    ui: &mut Ui,
    why: &Evidence,
    subject: EvidenceSubject,
    view: &PanelContext,
    thumbs: &mut Thumbnails,
) {
    let Some(set) = view.set() else { return };
    let sides = why.deciding.iter().zip([t!("why-nearest-here"), t!("why-nearest-there")]);
    let sides: Vec<_> = match subject {
        // One side is the track itself.
        EvidenceSubject::Track(_) => vec![(&why.deciding[1], t!("why-nearest-own"))],
        _ => sides.collect(),
    };
    for (side, heading) in sides {
        if side.is_empty() {
            continue;
        }
        ui.add_space(theme::GAP);
        ui.strong(heading);
        ui.horizontal(|ui| {
            for &(track, distance) in side {
                ui.vertical(|ui| {
                    let (rect, response) =
                        ui.allocate_exact_size(Vec2::splat(PICTURE + 16.0), Sense::hover());
                    playback::play(ui, rect, view, track, thumbs);
                    response.on_hover_text(&set.track(track).id);
                    paint::note(ui, format!("{:.3}", distance.0));
                });
            }
        });
    }
}

fn rivals(ui: &mut Ui, why: &Evidence, view: &PanelContext, thumbs: &mut Thumbnails, out: &mut Vec<Request>) {
    if why.rivals.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    ui.strong(t!("why-rivals"));
    for rival in &why.rivals {
        let Some(card) = view.listing.card(rival.identity) else { continue };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), PICTURE), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Button, true, card.spoken()));
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, theme::CARD_ROUNDING, ui.visuals().widgets.hovered.weak_bg_fill);
        }
        let picture = Rect::from_min_size(rect.min + vec2(2.0, 2.0), Vec2::splat(PICTURE - 4.0));
        paint::picture(ui, picture, view.cover(card).as_deref(), thumbs, Color32::WHITE);
        let at = picture.right_top() + vec2(10.0, 10.0);
        paint::two_lines(ui, at, rect.right() - at.x, &card.title, &format!("{:.3}", rival.distance.0));
        if response.on_hover_text(t!("look-at-identity")).clicked() {
            out.push(Request::ShowPerson(rival.identity));
        }
    }
}

/// The frames that the track's vector was made of, each as heavy as its bar is long.
fn frames(
    ui: &mut Ui,
    frames: &[FaceUse],
    subject: EvidenceSubject,
    view: &PanelContext,
    thumbs: &mut Thumbnails,
) {
    let (EvidenceSubject::Track(track), Some(set)) = (subject, view.set()) else { return };
    if frames.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    ui.strong(t!("why-frames", n = frames.len()));
    let side = 52.0;
    let wide = side + theme::GAP * 0.75;
    let columns = ((ui.available_width() / wide).floor() as usize).max(1);
    let (corner, rows) = (ui.cursor().min, frames.len().div_ceil(columns));
    let high = side + 14.0;
    for (at, face) in frames.iter().enumerate() {
        let place = vec2((at % columns) as f32 * wide, (at / columns) as f32 * high);
        let rect = Rect::from_min_size(corner + place, Vec2::splat(side));
        let path = picture(set, track, face.face as usize).map(|(_, path)| path);
        let tint = if face.no_face { Color32::from_gray(90) } else { Color32::WHITE };
        paint::picture(ui, rect, path.as_deref(), thumbs, tint);
        let bar = Rect::from_min_size(rect.left_bottom() + vec2(0.0, 3.0), vec2(side, 3.0));
        ui.painter().rect_filled(bar, 1.5, ui.visuals().faint_bg_color);
        let filled = Rect::from_min_size(bar.min, vec2(side * face.weight.clamp(0.0, 1.0), 3.0));
        ui.painter().rect_filled(filled, 1.5, theme::accent(ui));
        let reason = if face.no_face {
            t!("why-frame-none")
        } else {
            t!("why-frame-weight", percent = (face.weight * 100.0).round() as usize)
        };
        let _response = ui.interact(rect, Id::unique(("used", at)), Sense::hover()).on_hover_text(reason);
    }
    ui.allocate_space(vec2(ui.available_width(), rows as f32 * high));
}
