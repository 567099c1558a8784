//! The dialog that asks where selected tracks go: an identity that is there, or a new name.

use eframe::egui::{Color32, Context, Key, Modifiers, Rect, ScrollArea, Sense, TextEdit, Ui, Vec2};
use eframe::egui::{Role, WidgetInfo, vec2};

use super::lang::t;
use super::listing::Card;
use super::look::{Page, View};
use super::paint;
use super::theme;
use super::thumbnails::Thumbnails;
use crate::review::{Edit, IdentityId, IdentityState};

const ROW: f32 = 44.0;

/// The open dialog.
#[derive(Debug, Clone, Default)]
pub(super) struct MoveBox {
    text: String,
    picked: usize,
    was_shown: bool,
}

/// What became of the dialog in this frame.
pub(super) enum MoveEnd {
    Open,
    Cancelled,
    Chosen(Edit),
}

/// One line of the list.
enum Target<'a> {
    New(&'a str),
    Known(&'a Card),
}

/// Draws the dialog; `tracks` are the ids of the selected ones.
pub(super) fn show(
    ctx: &Context,
    dialog: &mut MoveBox,
    view: &View,
    page: Page,
    tracks: &[String],
    thumbs: &mut Thumbnails,
) -> MoveEnd {
    let text = dialog.text.clone();
    let targets = targets(&text, view, page);
    let last = targets.len().saturating_sub(1);
    let mut chosen = None;
    let modal = paint::modal(ctx, "move").show(ctx, |ui| {
        ui.set_width(380.0);
        ui.heading(t!("move-heading", n = tracks.len()));
        let (up, down, enter) = ui.input_mut(|input| {
            let mut key = |key| input.consume_key(Modifiers::NONE, key);
            (key(Key::ArrowUp), key(Key::ArrowDown), key(Key::Enter))
        });
        let hint = t!("move-hint");
        let edit = TextEdit::singleline(&mut dialog.text).hint_text(hint).desired_width(f32::INFINITY);
        let response = ui.add(edit).accessible_name(t!("move-to"));
        if !std::mem::replace(&mut dialog.was_shown, true) {
            response.request_focus();
        }
        if response.changed() {
            dialog.picked = 0;
        }
        dialog.picked =
            if down { dialog.picked + 1 } else { dialog.picked.saturating_sub(usize::from(up)) }.min(last);
        ui.add_space(theme::GAP);
        let rows = ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]);
        rows.show_rows(ui, ROW, targets.len(), |ui, range| {
            for at in range {
                if row(ui, &targets[at], at == dialog.picked, thumbs) {
                    chosen = Some(at);
                }
            }
        });
        if targets.is_empty() {
            ui.label(t!("move-nobody"));
        }
        if enter && !targets.is_empty() {
            chosen = Some(dialog.picked);
        }
        ui.add_space(theme::GAP);
        ui.button(t!("cancel")).clicked()
    });
    if let Some(at) = chosen {
        let tracks = tracks.to_vec();
        return MoveEnd::Chosen(match targets[at] {
            Target::New(name) => Edit::split(tracks, Some(name.to_owned())),
            Target::Known(card) => Edit::relocate(tracks, card.id),
        });
    }
    if modal.inner || modal.should_close() { MoveEnd::Cancelled } else { MoveEnd::Open }
}

fn targets<'a>(text: &'a str, view: &View<'a>, page: Page) -> Vec<Target<'a>> {
    let typed = text.trim();
    let folded = typed.to_lowercase();
    let here = |id: IdentityId| page == Page::Identity(id);
    let mut known: Vec<&Card> = view
        .listing
        .cards()
        .filter(|card| !here(card.id) && card.title.to_lowercase().contains(&folded))
        .collect();
    known.sort_by_key(|card| {
        let ignored = card.state == IdentityState::Ignored;
        (
            ignored,
            !card.title.to_lowercase().starts_with(&folded),
            !card.is_named,
            std::cmp::Reverse(card.n_tracks),
            card.id,
        )
    });
    let mut targets: Vec<Target> = known.into_iter().map(Target::Known).collect();
    if !typed.is_empty() {
        targets.push(Target::New(typed));
    }
    targets
}

fn row(ui: &mut Ui, target: &Target, is_picked: bool, thumbs: &mut Thumbnails) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let (title, facts) = match target {
        Target::New(name) => (t!("move-new", name = *name), String::new()),
        Target::Known(card) => (card.title.clone(), card.facts()),
    };
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_picked, &title));
    if is_picked || response.hovered() || response.has_focus() {
        let fill = if is_picked {
            ui.visuals().selection.bg_fill
        } else {
            ui.visuals().widgets.hovered.weak_bg_fill
        };
        ui.painter().rect_filled(rect, theme::CARD_ROUNDING, fill);
    }
    if is_picked {
        response.scroll_to_me(None);
    }
    let picture = Rect::from_min_size(rect.min + vec2(4.0, 4.0), Vec2::splat(ROW - 8.0));
    if let Target::Known(card) = target {
        paint::picture(ui, picture, card.cover.as_deref(), thumbs, Color32::WHITE);
    }
    paint::two_lines(ui, picture.right_top() + vec2(10.0, 0.0), rect.width() - ROW - 16.0, &title, &facts);
    response.clicked()
}
