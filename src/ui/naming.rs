//! The box in which a name is typed, with type-ahead over the names in use.
//!
//! The same name may be given twice; the box says so, because two people may share a name
//! and one person may still lie in two identities.

use eframe::egui::{Area, Frame, Id, Key, Modifiers, Order, Rect, TextEdit, Ui, vec2};

use super::lang::t;
use super::theme;
use crate::review::IdentityId;

/// How many names are offered.
const OFFERED: usize = 6;

/// An open box.
#[derive(Debug, Clone)]
pub(super) struct NameBox {
    identity: IdentityId,
    before: String,
    text: String,
    picked: Option<usize>,
    wants_focus: bool,
}

/// What became of the box in this frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NameEnd {
    Open,
    Cancelled,
    Named(String),
}

impl NameBox {
    pub(super) fn new(identity: IdentityId, name: Option<&str>) -> Self {
        let text = name.unwrap_or_default().to_owned();
        Self { identity, before: text.clone(), text, picked: None, wants_focus: true }
    }

    pub(super) fn identity(&self) -> IdentityId {
        self.identity
    }

    /// What to do with the text as it stands.
    fn end(&self) -> NameEnd {
        let name = self.text.trim();
        if name == self.before { NameEnd::Cancelled } else { NameEnd::Named(name.to_owned()) }
    }
}

/// Draws the box at `rect` and its offers below.
pub(super) fn show(ui: &mut Ui, name: &mut NameBox, rect: Rect, names: &[(String, usize)]) -> NameEnd {
    let offers = offers(&name.text, names);
    let (up, down, tab, enter, escape) = ui.input_mut(|input| {
        let mut key = |key| input.consume_key(Modifiers::NONE, key);
        (key(Key::ArrowUp), key(Key::ArrowDown), key(Key::Tab), key(Key::Enter), key(Key::Escape))
    });
    let id = Id::unique(("name", name.identity));
    let rect = Rect::from_min_size(rect.min, vec2(rect.width().max(150.0), rect.height()));
    let edit =
        TextEdit::singleline(&mut name.text).id(id).hint_text(t!("name-hint")).desired_width(rect.width());
    let response = ui.put(rect, edit).accessible_name(t!("name-hint"));
    if std::mem::take(&mut name.wants_focus) {
        response.request_focus();
    } else if response.lost_focus() && !enter && !escape && !tab {
        // A click elsewhere keeps what was typed.
        return name.end();
    }
    if response.changed() {
        name.picked = None;
    }
    if !offers.is_empty() {
        let last = offers.len() - 1;
        if down {
            name.picked = Some(name.picked.map_or(0, |at| (at + 1).min(last)));
        }
        if up {
            name.picked = name.picked.and_then(|at| at.checked_sub(1));
        }
    }
    let clicked = list(ui, name, rect, &offers, names);
    if let Some(at) = clicked.or_else(|| name.picked.filter(|_| enter || tab)) {
        name.text.clone_from(&offers[at.min(offers.len() - 1)].0);
        name.picked = None;
        if !tab {
            return name.end();
        }
        response.request_focus();
    }
    if escape {
        return NameEnd::Cancelled;
    }
    if enter {
        return name.end();
    }
    if tab {
        response.request_focus();
    }
    NameEnd::Open
}

/// The offers below the box; gives the one that was clicked.
fn list(
    ui: &Ui,
    name: &NameBox,
    rect: Rect,
    offers: &[(String, usize)],
    names: &[(String, usize)],
) -> Option<usize> {
    let hint = same_name(&name.text, &name.before, names);
    if offers.is_empty() && hint.is_none() {
        return None;
    }
    let mut clicked = None;
    let area = Area::new(Id::unique(("names", name.identity))).order(Order::Foreground);
    area.fixed_pos(rect.left_bottom() + vec2(0.0, 3.0)).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_max_width(rect.width().max(200.0));
            for (at, (offer, n)) in offers.iter().enumerate() {
                let text = if *n > 1 { format!("{offer}  ({n})") } else { offer.clone() };
                if ui.selectable_label(name.picked == Some(at), text).clicked() {
                    clicked = Some(at);
                }
            }
            if let Some(hint) = hint {
                ui.label(eframe::egui::RichText::new(hint).small().color(theme::muted(ui)));
            }
        });
    });
    clicked
}

/// Names in use that the text begins or whose words it begins, in order.
fn offers(text: &str, names: &[(String, usize)]) -> Vec<(String, usize)> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Vec::new();
    }
    let rank = |name: &str| {
        let folded = name.to_lowercase();
        let word = || folded.split_whitespace().any(|word| word.starts_with(&text));
        if folded == text {
            None
        } else if folded.starts_with(&text) {
            Some(0)
        } else {
            word().then_some(1)
        }
    };
    let mut found: Vec<_> = names.iter().filter_map(|entry| Some((rank(&entry.0)?, entry))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(OFFERED).map(|(_, entry)| entry.clone()).collect()
}

/// Says that a name is in use.
pub(super) fn same_name(text: &str, before: &str, names: &[(String, usize)]) -> Option<String> {
    let text = text.trim();
    if text == before {
        return None;
    }
    let (name, n) = names.iter().find(|(name, _)| name == text)?;
    Some(t!("same-name", n = *n, name = name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<(String, usize)> {
        [("Anna Berg", 1), ("Bea Anders", 2), ("Carl", 1)].map(|(name, n)| (name.to_owned(), n)).to_vec()
    }

    #[test]
    fn beginnings_come_first_then_words() {
        let found: Vec<_> = offers("an", &names()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["Anna Berg", "Bea Anders"]);
        assert!(offers("", &names()).is_empty());
        assert!(offers("carl", &names()).is_empty(), "what is typed already is not offered");
    }

    #[test]
    fn the_same_name_is_allowed_and_told() {
        assert!(same_name("Bea Anders", "", &names()).unwrap().starts_with("2 identities"));
        assert!(same_name("Carl", "Carl", &names()).is_none());
    }
}
