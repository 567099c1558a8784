//! An edit that contradicts what is known: it would put one person twice into one frame, or it says
//! another thing than the curator said before. The tracks in question are there before anything
//! happens.
//!
//! Takes the refused edit and the refusal; asks for the edit again, overriding, or lets it be.

use eframe::egui::{Context, Id, Modal, RichText, ScrollArea, Sense, Ui, Vec2};

use crate::review::{Edit, Refusal};
use crate::tracks::TrackSet;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::time_range::clock;
use crate::ui::widgets::{paint, playback, theme};

const FACE: f32 = 112.0;
/// Side of the faces of a chain, which are in one row.
const LINK: f32 = 84.0;

type TrackPair = (String, String);

/// The refused edit, and why.
#[derive(Debug, Clone)]
pub(crate) struct ConflictDialog {
    /// As it was asked for.
    edit: Edit,
    /// Tracks that are seen at the same time, and how many more such pairs there are.
    seen: (Vec<TrackPair>, usize),
    /// Tracks that were said not to be the same person.
    said: Vec<TrackPair>,
    /// Tracks that were said to be the same person, each with the next.
    chain: Vec<String>,
}

impl ConflictDialog {
    /// None where nothing is known that the edit could be asked for against.
    pub(crate) fn new(edit: Edit, why: &Refusal) -> Option<Self> {
        let none = Self { edit, seen: (Vec::new(), 0), said: Vec::new(), chain: Vec::new() };
        let pair = |x: &String, y: &String| vec![(x.clone(), y.clone())];
        match why {
            Refusal::Conflict { pairs, links } => {
                Some(Self { seen: (pairs.clone(), 0), said: links.clone(), ..none })
            }
            Refusal::Together { x, y, more, .. } => Some(Self { seen: (pair(x, y), *more), ..none }),
            Refusal::Parted { x, y, .. } => Some(Self { said: pair(x, y), ..none }),
            Refusal::Joined { chain } => Some(Self { chain: chain.clone(), ..none }),
            _ => None,
        }
    }

    /// Heading, a word of advice, and the answers: leave it, or do it all the same.
    fn words(&self) -> [String; 4] {
        if !self.chain.is_empty() {
            [t!("clash-heading-said"), t!("clash-why-said"), t!("clash-leave-one"), t!("clash-part-anyway")]
        } else if self.seen.0.is_empty() {
            [t!("clash-heading-said"), t!("clash-why-said"), t!("clash-leave"), t!("clash-anyway")]
        } else {
            [t!("clash-heading"), t!("clash-why"), t!("clash-leave"), t!("clash-anyway")]
        }
    }
}

/// Draws the dialog, where an edit was refused.
pub(crate) fn show(
    ctx: &Context,
    view: &PanelContext,
    dialog: &mut Option<ConflictDialog>,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let Some(clash) = &*dialog else { return };
    let [heading, why, leave, anyway] = clash.words();
    let modal = Modal::new(Id::unique("clash")).show(ctx, |ui| {
        ui.set_width(480.0);
        ui.heading(heading);
        ui.add_space(theme::GAP * 0.5);
        ScrollArea::vertical().max_height(420.0).auto_shrink([false, true]).show(ui, |ui| {
            let (seen, more) = &clash.seen;
            if !seen.is_empty() {
                ui.label(t!("clash-seen", n = seen.len() + more));
                pairs(ui, seen, *more, view, thumbs);
            }
            if !clash.said.is_empty() {
                ui.label(t!("clash-said", n = clash.said.len()));
                pairs(ui, &clash.said, 0, view, thumbs);
            }
            if !clash.chain.is_empty() {
                ui.label(t!("clash-joined", n = clash.chain.len()));
                ui.horizontal_wrapped(|ui| {
                    for id in clash.chain.iter().take(SHOWN) {
                        face(ui, id, LINK, view, thumbs);
                    }
                });
                and_more(ui, clash.chain.len().saturating_sub(SHOWN));
            }
        });
        ui.add_space(theme::GAP);
        paint::note(ui, why);
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            let leave = ui.add(paint::primary(ui, leave));
            // The safe answer has the keyboard.
            if ctx.memory(|memory| memory.focused().is_none()) {
                leave.request_focus();
            }
            let anyway = ui.button(anyway).on_hover_text(t!("clash-anyway-tip"));
            (leave.clicked(), anyway.clicked())
        })
        .inner
    });
    let (leaves, overrides) = modal.inner;
    if overrides {
        out.push(Request::Edit(clash.edit.clone().overriding()));
    }
    if leaves || overrides || modal.should_close() {
        *dialog = None;
    }
}

/// Maximum number of pairs that are shown; the count includes all.
const SHOWN: usize = 8;

fn pairs(ui: &mut Ui, pairs: &[TrackPair], more: usize, view: &PanelContext, thumbs: &mut Thumbnails) {
    for (a, b) in pairs.iter().take(SHOWN) {
        ui.horizontal(|ui| {
            for id in [a, b] {
                face(ui, id, FACE, view, thumbs);
            }
        });
        ui.add_space(theme::GAP);
    }
    and_more(ui, more + pairs.len().saturating_sub(SHOWN));
}

fn and_more(ui: &mut Ui, n: usize) {
    if n > 0 {
        paint::note(ui, t!("and-more", n = n));
    }
}

/// A track in motion, with its id and its time.
fn face(ui: &mut Ui, id: &str, side: f32, view: &PanelContext, thumbs: &mut Thumbnails) {
    let Some((set, track)) = view.set().zip(view.session.review().track(id)) else { return };
    ui.vertical(|ui| {
        ui.set_width(if side < FACE { side + 20.0 } else { side + 100.0 });
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
        playback::play(ui, rect, view, track, thumbs);
        ui.add(eframe::egui::Label::new(RichText::new(id).small()).truncate());
        paint::note(ui, when(set, track));
    });
}

/// `film, 1:02 – 1:09`.
fn when(set: &TrackSet, track: u32) -> String {
    let track = set.track(track);
    match track.span.to_seconds() {
        Some((start, end)) => format!("{}, {} – {}", track.video, clock(start), clock(end)),
        None => track.video.clone(),
    }
}
