//! An edit that would put one person twice into one frame, or join whom the curator said not to
//! be the same: the clashing tracks side by side, before anything happens.
//!
//! Takes the refused edit and its pairs; asks for the edit again, overriding, or lets it be.

use eframe::egui::{Context, Id, Modal, RichText, ScrollArea, Sense, Ui, Vec2};

use super::film::clock;
use super::lang::t;
use super::look::{Look, Request, View};
use super::thumbnails::Thumbnails;
use super::{faces, paint, theme};
use crate::review::Edit;
use crate::tracks::TrackSet;

const FACE: f32 = 112.0;

/// The refused edit, and why.
#[derive(Debug, Clone)]
pub(super) struct ClashBox {
    /// As it was asked for.
    pub(super) edit: Edit,
    /// Tracks that are seen at the same time.
    pub(super) pairs: Vec<(String, String)>,
    /// Tracks that were said not to be the same person.
    pub(super) links: Vec<(String, String)>,
}

/// Draws the dialog, where an edit was refused.
pub(super) fn show(
    ctx: &Context,
    view: &View,
    look: &mut Look,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(clash) = &look.clash else { return };
    let modal = Modal::new(Id::unique("clash")).show(ctx, |ui| {
        ui.set_width(480.0);
        ui.heading(t!("clash-heading"));
        ui.add_space(theme::GAP * 0.5);
        ScrollArea::vertical().max_height(420.0).auto_shrink([false, true]).show(ui, |ui| {
            if !clash.pairs.is_empty() {
                ui.label(t!("clash-seen", n = clash.pairs.len()));
                pairs(ui, &clash.pairs, view, thumbs);
            }
            if !clash.links.is_empty() {
                ui.label(t!("clash-said", n = clash.links.len()));
                pairs(ui, &clash.links, view, thumbs);
            }
        });
        ui.add_space(theme::GAP);
        paint::note(ui, t!("clash-why"));
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            let leave = ui.add(paint::primary(ui, t!("clash-leave")));
            // The safe answer has the keyboard.
            if ctx.memory(|memory| memory.focused().is_none()) {
                leave.request_focus();
            }
            let anyway = ui.button(t!("clash-anyway")).on_hover_text(t!("clash-anyway-tip"));
            (leave.clicked(), anyway.clicked())
        })
        .inner
    });
    let (leaves, overrides) = modal.inner;
    if overrides {
        out.push(Request::Edit(clash.edit.clone().overriding()));
    }
    if leaves || overrides || modal.should_close() {
        look.clash = None;
    }
}

/// Pairs are shown up to so many; the number tells of all.
const SHOWN: usize = 8;

fn pairs(ui: &mut Ui, pairs: &[(String, String)], view: &View, thumbs: &mut Thumbnails) {
    let (Some(set), review) = (view.set(), view.session.review()) else { return };
    for (a, b) in pairs.iter().take(SHOWN) {
        ui.horizontal(|ui| {
            for id in [a, b] {
                ui.vertical(|ui| {
                    ui.set_width(FACE + 100.0);
                    let (rect, _) = ui.allocate_exact_size(Vec2::splat(FACE), Sense::hover());
                    if let Some(track) = review.track(id) {
                        faces::play(ui, rect, set, track, thumbs);
                        ui.add(eframe::egui::Label::new(RichText::new(id).small()).truncate());
                        paint::note(ui, when(set, track));
                    }
                });
            }
        });
        ui.add_space(theme::GAP);
    }
    if pairs.len() > SHOWN {
        paint::note(ui, t!("and-more", n = pairs.len() - SHOWN));
    }
}

/// `film, 1:02 – 1:09`.
fn when(set: &TrackSet, track: u32) -> String {
    let track = set.track(track);
    match track.span.to_seconds() {
        Some((start, end)) => format!("{}, {} – {}", track.video, clock(start), clock(end)),
        None => track.video.clone(),
    }
}
