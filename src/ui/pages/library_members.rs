//! The people of the library: one card per person, to be renamed, merged or removed.
//!
//! Takes the people as they were read; asks for edits of the library. Undo and redo here are the
//! library's own, since other projects share it.

use eframe::egui::{
    Button, Color32, FontId, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, TextEdit, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::library::{LibraryEdit, Person, PersonId};
use crate::session::KnownPeople;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{paint, theme};

const FACE: f32 = 112.0;
const WORDS: f32 = 44.0;

/// The selection, and the name that is being typed.
#[derive(Debug, Default)]
pub(crate) struct LibraryMembers {
    chosen: Vec<PersonId>,
    naming: Option<String>,
}

/// Draws the people.
pub(crate) fn show(
    ui: &mut Ui,
    known: &KnownPeople,
    members: &mut LibraryMembers,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let people: Vec<&Person> = known.people().iter().collect();
    members.chosen.retain(|id| people.iter().any(|person| person.id == *id));
    action_buttons(ui, known, members, out);
    ui.add_space(theme::GAP * 0.5);
    if people.is_empty() {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() * 0.35);
            ui.strong(t!("members-none"));
        });
        return;
    }
    let step = FACE + theme::GAP;
    let columns = ((ui.available_width() / step).floor() as usize).max(1);
    let rows = people.len().div_ceil(columns);
    ScrollArea::vertical().id_salt("members").auto_shrink(false).show_rows(
        ui,
        FACE + WORDS,
        rows,
        |ui, range| {
            for row in range {
                ui.horizontal(|ui| {
                    for person in people.chunks(columns).nth(row).unwrap_or_default() {
                        card(ui, known, person, members, thumbs);
                    }
                });
            }
        },
    );
}

/// What can be done to the selected people.
fn action_buttons(ui: &mut Ui, known: &KnownPeople, members: &mut LibraryMembers, out: &mut Vec<Request>) {
    let one = if let [one] = members.chosen[..] { known.people().person(one) } else { None };
    ui.horizontal(|ui| {
        if let (Some(name), Some(person)) = (&mut members.naming, one) {
            let field = ui.add(TextEdit::singleline(name).desired_width(180.0).hint_text(t!("members-name")));
            field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, t!("members-name")));
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let is_cancelled = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
            if entered || ui.button(t!("members-rename-done")).clicked() {
                out.push(Request::Library(LibraryEdit::Rename { person: person.id, name: name.clone() }));
                members.naming = None;
            } else if is_cancelled || ui.button(t!("cancel")).clicked() {
                members.naming = None;
            } else if !field.has_focus() && !field.lost_focus() {
                field.request_focus();
            }
            return;
        }
        members.naming = None;
        if ui.add_enabled(one.is_some(), Button::new(t!("members-rename"))).clicked() {
            members.naming = one.map(|person| person.name.clone());
        }
        let many = members.chosen.len();
        if ui.add_enabled(many >= 2, Button::new(t!("members-merge"))).clicked() {
            let into = members.chosen[0];
            out.push(Request::Library(LibraryEdit::Merge { people: members.chosen.clone(), into }));
        }
        if ui.add_enabled(one.is_some(), Button::new(t!("members-remove"))).clicked()
            && let Some(person) = one
        {
            out.push(Request::Library(LibraryEdit::Remove { person: person.id }));
        }
        ui.separator();
        let can_undo = known.people().to_undo().is_some();
        if ui.add_enabled(can_undo, Button::new(t!("members-undo"))).clicked() {
            out.push(Request::Library(LibraryEdit::Undo));
        }
        let can_redo = known.people().to_redo().is_some();
        if ui.add_enabled(can_redo, Button::new(t!("members-redo"))).clicked() {
            out.push(Request::Library(LibraryEdit::Redo));
        }
    });
}

fn card(
    ui: &mut Ui,
    known: &KnownPeople,
    person: &Person,
    members: &mut LibraryMembers,
    thumbs: &mut Thumbnails,
) {
    let (rect, _) = ui.allocate_exact_size(vec2(FACE, FACE + WORDS - theme::GAP), Sense::hover());
    let response = ui.interact(rect, Id::unique(("member", person.id)), Sense::click());
    let at = members.chosen.iter().position(|id| *id == person.id);
    let picture = Rect::from_min_size(rect.min, Vec2::splat(FACE));
    let face = known.faces(person.id.0).first().map(std::path::PathBuf::as_path);
    paint::picture(ui, picture, face, thumbs, Color32::WHITE);
    if at.is_some() {
        paint::ring(ui, picture, 2.5, theme::accent(ui));
    } else if response.hovered() || response.has_focus() {
        paint::ring(ui, picture, 1.0, theme::muted(ui));
    }
    let from: Vec<&str> = person.exemplar_sets.iter().map(|state| state.from.as_str()).collect();
    let facts = t!("members-facts", n = person.n_exemplars(), looks = person.exemplar_sets.len());
    response.widget_info(|| {
        WidgetInfo::selected(Role::CheckBox, true, at.is_some(), format!("{}, {facts}", person.name))
    });
    let (ink, muted) = (ui.visuals().strong_text_color(), theme::muted(ui));
    let line =
        |text: &str, size: f32, colour| paint::line(ui, text, FontId::proportional(size), colour, FACE);
    let (name, facts_line) = (line(&person.name, 13.0, ink), line(&facts, 11.0, muted));
    ui.painter().galley(pos2(rect.left(), picture.bottom() + 2.0), name, ink);
    ui.painter().galley(pos2(rect.left(), picture.bottom() + 19.0), facts_line, muted);
    let response = response.on_hover_text(t!("members-from", from = from.join(", ")));
    if response.clicked() {
        match at {
            Some(at) => drop(members.chosen.remove(at)),
            None => members.chosen.push(person.id),
        }
    }
}
