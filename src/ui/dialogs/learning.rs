//! Learning on the open project: where it is asked for, and the dialog that shows a proposal
//! before anything changes.
//!
//! Takes what the session's job found; asks to adopt or to drop it. It learns nothing itself.

use std::sync::Arc;

use eframe::egui::{Button, Context, Grid, RichText, ScrollArea, Ui};

use crate::heads::{HeadProposal, HeldOutScores, TrainingSource};
use crate::ui::lang::{self, t};
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::{paint, theme};
use crate::views::Diff;

/// Changes that are listed; the counts tell of all.
const LISTED: usize = 200;

/// The two lessons with the keys of their texts.
const LESSONS: [(TrainingSource, &str); 2] =
    [(TrainingSource::Corrections, "learn-corrections"), (TrainingSource::Finetune, "learn-finetune")];

/// Draws the buttons that start it.
pub(crate) fn buttons(ui: &mut Ui, view: &PanelContext, out: &mut Vec<Request>) {
    ui.strong(t!("learn"));
    let can = !view.is_busy && view.session.run().is_some();
    for (source, key) in LESSONS {
        let button = Button::new(t!(key)).min_size(eframe::egui::vec2(ui.available_width() - 8.0, 26.0));
        if ui.add_enabled(can, button).on_hover_text(t!(&format!("{key}.doc"))).clicked() {
            out.push(Request::Learn(source));
        }
    }
    paint::note(ui, t!("learn-note"));
}

/// Draws the proposal, where there is one.
pub(crate) fn show(
    ctx: &Context,
    view: &PanelContext,
    proposal: &mut Option<Arc<HeadProposal>>,
    out: &mut Vec<Request>,
) {
    let Some(shown) = proposal.clone() else { return };
    let modal = paint::modal(ctx, "proposal").show(ctx, |ui| {
        ui.set_width(520.0);
        ui.heading(title(shown.source));
        ui.add_space(theme::GAP);
        for line in held_out(&shown) {
            ui.label(line);
        }
        ui.add_space(theme::GAP);
        ui.strong(summary(&shown.diff));
        changes(ui, &shown.diff);
        ui.add_space(theme::GAP);
        paint::note(ui, t!("proposal-note"));
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            let can = !view.is_busy && !view.is_read_only();
            if ui.add_enabled(can, paint::primary(ui, t!("adopt"))).clicked() {
                out.push(Request::AdoptProposal);
            }
            ui.button(t!("drop")).on_hover_text(t!("drop-tip")).clicked()
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        *proposal = None;
    }
}

fn title(source: TrainingSource) -> String {
    match source {
        TrainingSource::Corrections => t!("learned-corrections"),
        TrainingSource::Finetune => t!("learned-finetune"),
    }
}

/// How the proposal does on what it did not learn from, beside the present space.
fn held_out(proposal: &HeadProposal) -> Vec<String> {
    let (before, after): (&HeldOutScores, &HeldOutScores) = (&proposal.present, &proposal.proposed);
    let mut lines = Vec::new();
    if after.tracks > 0 {
        let [before, after_f] = [before.bcubed_f, after.bcubed_f].map(|f| lang::decimal(f, 3));
        lines.push(t!("held-out-tracks", n = after.tracks, before = before, after = after_f));
    }
    if after.pairs > 0 {
        let (wrong, still) = (before.wrong_pairs, after.wrong_pairs);
        lines.push(t!("held-out-pairs", n = after.pairs, before = wrong, after = still));
    }
    lines
}

/// All changes in one line.
fn summary(diff: &Diff) -> String {
    if diff.n_tracks == 0 {
        return t!("no-change");
    }
    let (changed, same) = (diff.changes.len(), diff.n_unchanged);
    t!("would-change", before = diff.n_before, after = diff.n_after, changed = changed, same = same)
}

fn changes(ui: &mut Ui, diff: &Diff) {
    ScrollArea::vertical().max_height(260.0).auto_shrink([false, true]).show(ui, |ui| {
        Grid::new("changes").num_columns(2).striped(true).spacing([16.0, 4.0]).show(ui, |ui| {
            for change in diff.changes.iter().take(LISTED) {
                ui.label(RichText::new(&change.title));
                let words = match (change.before, change.after) {
                    (0, after) => t!("change-new", tracks = t!("tracks", n = after)),
                    (before, 0) => t!("change-ends", tracks = t!("tracks", n = before)),
                    (before, after) => t!("change-size", before = before, tracks = t!("tracks", n = after)),
                };
                ui.label(words);
                ui.end_row();
            }
        });
        if diff.changes.len() > LISTED {
            paint::note(ui, t!("and-more", n = diff.changes.len() - LISTED));
        }
    });
}
