//! The sheet of keys on one page, made from the table of actions.

use eframe::egui::{Context, RichText, ScrollArea, Sense, TextStyle, Ui, pos2, vec2};

use crate::ui::actions::{ACTIONS, Action, ActionScope, key_text, table};
use crate::ui::lang::t;
use crate::ui::widgets::{paint, theme};

/// Columns side by side.
const COLUMNS: usize = 3;
/// Room between them, in points.
const BETWEEN: f32 = 28.0;
/// Height of a row, in points.
const ROW: f32 = 26.0;

/// Draws the sheet; `false` once it is to close.
pub(crate) fn show(ctx: &Context) -> bool {
    let modal = paint::modal(ctx, "shortcuts").show(ctx, |ui| {
        let room = ctx.content_rect().size() - vec2(60.0, 60.0);
        ui.set_width(1060.0_f32.min(room.x));
        let is_closed = paint::panel_header(ui, &table::SHORTCUTS.name(), &t!("close"));
        ui.add_space(theme::GAP * 0.5);
        ScrollArea::vertical().max_height(room.y - 140.0).show(ui, |ui| {
            let width = (ui.available_width() - BETWEEN * (COLUMNS - 1) as f32) / COLUMNS as f32;
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = BETWEEN;
                for column in columns() {
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        ui.spacing_mut().item_spacing.y = 0.0;
                        for (place, rows) in column {
                            group(ui, place, &rows);
                        }
                    });
                }
            });
        });
        ui.add_space(theme::GAP);
        paint::note(ui, t!("sheet-note"));
        is_closed
    });
    !(modal.inner || modal.should_close())
}

type ScopeActions = (ActionScope, Vec<&'static Action>);

/// The groups in their order, shared out so that the columns are about as long. A group that is
/// longer than a column goes on in the next.
fn columns() -> Vec<Vec<ScopeActions>> {
    let groups: Vec<ScopeActions> = ActionScope::ALL
        .into_iter()
        .map(|place| (place, ACTIONS.iter().copied().filter(|row| row.scope == place).collect()))
        .filter(|(_, rows): &ScopeActions| !rows.is_empty())
        .collect();
    // A heading takes the room of two rows.
    let all: usize = groups.iter().map(|(_, rows)| rows.len() + 2).sum();
    let most = all.div_ceil(COLUMNS) + 1;
    let mut columns: Vec<Vec<ScopeActions>> = vec![Vec::new()];
    let mut used = 0;
    for (place, mut rows) in groups {
        while !rows.is_empty() {
            let room = most.saturating_sub(used + 2);
            if room < rows.len().min(3) && columns.len() < COLUMNS {
                columns.push(Vec::new());
                used = 0;
                continue;
            }
            // One or two rows are not worth a heading of their own in the next column.
            let all = columns.len() == COLUMNS || rows.len() <= room + 2;
            let fits = if all { rows.len() } else { room };
            let rest = rows.split_off(fits);
            used += rows.len() + 2;
            if let Some(column) = columns.last_mut() {
                column.push((place, rows));
            }
            rows = rest;
        }
    }
    columns
}

fn group(ui: &mut Ui, place: ActionScope, rows: &[&Action]) {
    ui.add_space(theme::GAP);
    ui.label(RichText::new(place.title()).strong().color(theme::accent(ui)));
    ui.add_space(2.0);
    for row in rows {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let middle = rect.center().y;
        ui.painter().hline(rect.x_range(), rect.bottom(), ui.visuals().widgets.noninteractive.bg_stroke);
        let ink = ui.visuals().text_color();
        let mut right = rect.right();
        for key in row.keys.iter().rev() {
            right = paint::caps(ui, pos2(right, middle), &key_text(ui.ctx(), *key), ink) - 4.0;
        }
        let font = TextStyle::Body.resolve(ui.style());
        let name = paint::line(ui, &row.name(), font, ink, (right - 8.0 - rect.left()).max(0.0));
        ui.painter().galley(pos2(rect.left(), middle - name.size().y / 2.0), name, ink);
        let spoken = format!("{}, {}", row.name(), row.key_text(ui.ctx()));
        response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, &spoken));
        response.on_hover_text(row.doc());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_once_and_the_columns_are_about_as_long() {
        let columns = columns();
        assert!(columns.len() <= COLUMNS);
        let all: usize = columns.iter().flatten().map(|(_, rows)| rows.len()).sum();
        assert_eq!(all, ACTIONS.len());
        let lengths: Vec<usize> =
            columns.iter().map(|column| column.iter().map(|(_, rows)| rows.len() + 2).sum()).collect();
        let mean = lengths.iter().sum::<usize>() / COLUMNS;
        assert!(lengths.iter().all(|length| *length <= mean + 6), "{lengths:?}");
    }
}
