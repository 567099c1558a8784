//! Learning on the open project: where it is asked for, and the dialog that shows a proposal
//! before anything changes.
//!
//! Takes what the session's job found; asks to adopt or to drop it. It learns nothing itself.

use eframe::egui::{Button, Context, Grid, Id, Modal, RichText, ScrollArea, Ui};

use super::listing::{count, thousands};
use super::look::{Look, Request, View};
use super::{paint, theme};
use crate::session::{Diff, Held, Lesson, Proposal};

/// Changes that are listed; the counts tell of all.
const LISTED: usize = 200;

/// The two lessons with their buttons.
const LESSONS: [(Lesson, &str, &str); 2] = [
    (
        Lesson::Corrections,
        "Learn from my corrections",
        "Learns from whom you named, confirmed and linked. You see what would change before anything does.",
    ),
    (
        Lesson::Finetune,
        "Fine-tune on these tracks",
        "Learns without names: faces of one track are one person, tracks seen at the same time are not.",
    ),
];

/// Draws the buttons that start it.
pub(super) fn buttons(ui: &mut Ui, view: &View, out: &mut Vec<Request>) {
    ui.strong("Learn");
    let can = !view.is_busy && view.session.run().is_some();
    for (lesson, name, doc) in LESSONS {
        let button = Button::new(name).min_size(eframe::egui::vec2(ui.available_width() - 8.0, 26.0));
        if ui.add_enabled(can, button).on_hover_text(doc).clicked() {
            out.push(Request::Learn(lesson));
        }
    }
    paint::note(
        ui,
        "Looks for a better space and radius on this project. Nothing changes until you adopt it.",
    );
}

/// Draws the proposal, where there is one.
pub(super) fn show(ctx: &Context, view: &View, look: &mut Look, out: &mut Vec<Request>) {
    let Some(proposal) = &look.proposal else { return };
    let modal = Modal::new(Id::unique("proposal")).show(ctx, |ui| {
        ui.set_width(520.0);
        ui.heading(title(proposal.lesson));
        ui.add_space(theme::GAP);
        for line in held_out(proposal) {
            ui.label(line);
        }
        ui.add_space(theme::GAP);
        ui.strong(summary(&proposal.diff));
        changes(ui, &proposal.diff);
        ui.add_space(theme::GAP);
        paint::note(
            ui,
            "Whom you named, merged, confirmed or moved stays as it is. Undo brings everything back.",
        );
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            let can = !view.is_busy && !view.is_read_only();
            if ui.add_enabled(can, paint::primary(ui, "Adopt")).clicked() {
                out.push(Request::AdoptProposal);
            }
            ui.button("Drop").on_hover_text("Everything stays as it is").clicked()
        })
        .inner
    });
    if modal.inner || modal.should_close() {
        look.proposal = None;
    }
}

fn title(lesson: Lesson) -> &'static str {
    match lesson {
        Lesson::Corrections => "Learned from your corrections",
        Lesson::Finetune => "Fine-tuned on these tracks",
    }
}

/// How the proposal does on what it did not learn from, beside the present space.
fn held_out(proposal: &Proposal) -> Vec<String> {
    let (before, after): (&Held, &Held) = (&proposal.present, &proposal.proposed);
    let mut lines = Vec::new();
    if after.tracks > 0 {
        lines.push(format!(
            "{} held out: BCubed F {:.3} → {:.3}",
            count(after.tracks, "confirmed track"),
            before.bcubed_f,
            after.bcubed_f
        ));
    }
    if after.pairs > 0 {
        lines.push(format!(
            "{} held out: {} → {} on the wrong side",
            count(after.pairs, "known pair"),
            thousands(before.wrong_pairs),
            thousands(after.wrong_pairs)
        ));
    }
    lines
}

/// All changes in one line.
fn summary(diff: &Diff) -> String {
    if diff.n_tracks == 0 {
        return "No track would change its identity.".to_owned();
    }
    format!(
        "{} → {} identities; {} would change, {} would stay",
        thousands(diff.n_before),
        thousands(diff.n_after),
        thousands(diff.changes.len()),
        thousands(diff.n_unchanged)
    )
}

fn changes(ui: &mut Ui, diff: &Diff) {
    ScrollArea::vertical().max_height(260.0).auto_shrink([false, true]).show(ui, |ui| {
        Grid::new("changes").num_columns(2).striped(true).spacing([16.0, 4.0]).show(ui, |ui| {
            for change in diff.changes.iter().take(LISTED) {
                ui.label(RichText::new(&change.title));
                let words = match (change.before, change.after) {
                    (0, after) => format!("new, {}", count(after, "track")),
                    (before, 0) => format!("ends ({} go elsewhere)", count(before, "track")),
                    (before, after) => format!("{} → {}", thousands(before), count(after, "track")),
                };
                ui.label(words);
                ui.end_row();
            }
        });
        if diff.changes.len() > LISTED {
            paint::note(ui, format!("and {} more", thousands(diff.changes.len() - LISTED)));
        }
    });
}
