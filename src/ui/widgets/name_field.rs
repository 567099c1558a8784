//! The box in which a name is typed. Below it are the named people that it most likely
//! may be, each with a face and how likely, before anything was typed; then those whose names
//! begin so.
//!
//! The same name may be given twice; the box says so, because two people may share a name
//! and one person may still lie in two identities. What is offered keeps its place until another
//! text is typed: what becomes known meanwhile is filled in.

use std::cmp::Reverse;

use eframe::egui::{
    Align2, Area, Context, Frame, Id, Key, Modifiers, Order, Pos2, Rect, RichText, Sense, TextEdit, Ui, vec2,
};

use crate::review::IdentityId;
use crate::ui::lang::t;
use crate::ui::view::ask::Request;
use crate::ui::view::context::{PanelContext, UsedName};
use crate::ui::view::state::PageState;
use crate::ui::widgets::person_rows::{self, PersonRow, RowPicture};
use crate::ui::widgets::thumbnails::Thumbnails;
use crate::ui::widgets::{card, theme};

/// How many names are offered.
const OFFERED: usize = 6;
/// Width of the list below the box, in points.
const WIDTH: f32 = 300.0;
/// Room between the box and its list.
const BETWEEN: f32 = 3.0;

/// A name that is offered.
#[derive(Debug, Clone, PartialEq)]
struct NameSuggestion {
    name: String,
    /// How many identities have it.
    n: usize,
    /// Whose face stands beside it: the most likely one, or the largest.
    who: IdentityId,
    /// How likely it is meant, where that is known.
    p: Option<f32>,
}

/// An open box.
#[derive(Debug, Clone)]
pub(crate) struct NameField {
    identity: IdentityId,
    before: String,
    text: String,
    picked: Option<usize>,
    wants_focus: bool,
    /// The named people that it may be, most likely first, once that is known.
    likely: Option<Vec<(IdentityId, f32)>>,
    offers: Vec<NameSuggestion>,
    /// The text that the offers are for.
    offered_for: Option<String>,
}

/// What became of the box in this frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NameResult {
    Open,
    Cancelled,
    Named(String),
}

/// Draws the open box over the width that there is, at most `width` points, and handles what becomes
/// of it.
pub(crate) fn show_open(
    ui: &mut Ui,
    naming: &mut Option<NameField>,
    width: f32,
    view: &PanelContext,
    state: &mut PageState,
    thumbs: &mut Thumbnails,
    out: &mut Vec<Request>,
) {
    let (rect, _) = ui.allocate_exact_size(vec2(width.min(ui.available_width()), 28.0), Sense::hover());
    let Some(name) = naming.as_mut() else { return };
    let result = show(ui, name, rect, view, thumbs);
    finish(ui.ctx(), naming, state, out, result);
}

/// Handles the result of a name field; the keyboard goes back to the card.
fn finish(
    ctx: &Context,
    naming: &mut Option<NameField>,
    state: &mut PageState,
    out: &mut Vec<Request>,
    result: NameResult,
) {
    let Some(identity) = naming.as_ref().map(NameField::identity) else { return };
    match result {
        NameResult::Open => return,
        NameResult::Cancelled => {}
        NameResult::Named(name) => out.push(Request::Name(identity, name)),
    }
    *naming = None;
    state.page_has_focus = true;
    ctx.memory_mut(|memory| memory.request_focus(card::card_id(identity)));
}

impl NameField {
    pub(crate) fn new(identity: IdentityId, name: Option<&str>) -> Self {
        let text = name.unwrap_or_default().to_owned();
        Self {
            identity,
            before: text.clone(),
            text,
            picked: None,
            wants_focus: true,
            likely: None,
            offers: Vec::new(),
            offered_for: None,
        }
    }

    pub(crate) fn identity(&self) -> IdentityId {
        self.identity
    }

    /// What to do with the text as it stands.
    fn end(&self) -> NameResult {
        let name = self.text.trim();
        if name == self.before { NameResult::Cancelled } else { NameResult::Named(name.to_owned()) }
    }

    /// Brings the offers up to date with the text and the advice.
    fn refresh(&mut self, view: &PanelContext) {
        let likelihoods = |identity| view.queue.map(|queue| queue.likely(identity));
        let size = |id: IdentityId| view.listing.card(id).map_or(0, |card| card.n_tracks);
        self.offer(view.names, likelihoods, size);
    }

    /// Looks for other offers where another text was typed, or where there were none yet; what has
    /// become known of those that are there is filled in.
    fn offer(
        &mut self,
        names: &[UsedName],
        likelihoods: impl FnOnce(IdentityId) -> Option<Vec<(IdentityId, f32)>>,
        size: impl Fn(IdentityId) -> usize,
    ) {
        let was_known = self.likely.is_some();
        if !was_known {
            self.likely = likelihoods(self.identity);
        }
        let is_news = self.likely.is_some() != was_known;
        let is_other = self.offered_for.as_ref() != Some(&self.text);
        let likely = self.likely.as_deref().unwrap_or_default();
        if is_other || (is_news && self.offers.is_empty()) {
            let typed = if self.text.trim() == self.before { "" } else { self.text.trim() };
            self.offers = offers((typed, &self.before), names, likely, size);
            self.offered_for = Some(self.text.clone());
        } else if is_news {
            for offer in &mut self.offers {
                let own = names.iter().find(|known| known.0 == offer.name);
                offer.p = own.and_then(|known| likeliest(known, likely)).map(|it| it.1);
            }
        }
    }
}

/// Draws the box at `rect` and its offers below, or above where there is no room.
fn show(
    ui: &mut Ui,
    name: &mut NameField,
    rect: Rect,
    view: &PanelContext,
    thumbs: &mut Thumbnails,
) -> NameResult {
    name.refresh(view);
    let (up, down, tab, enter, escape) = ui.input_mut(|input| {
        let mut key = |key| input.consume_key(Modifiers::NONE, key);
        (key(Key::ArrowUp), key(Key::ArrowDown), key(Key::Tab), key(Key::Enter), key(Key::Escape))
    });
    let id = Id::unique(("name", name.identity));
    let rect = Rect::from_min_size(rect.min, vec2(rect.width().max(150.0), rect.height()));
    let edit =
        TextEdit::singleline(&mut name.text).id(id).hint_text(t!("name-hint")).desired_width(rect.width());
    let response = ui.put(rect, edit).accessible_name(t!("name-hint"));
    let is_new = std::mem::take(&mut name.wants_focus);
    if is_new {
        response.request_focus();
    }
    if response.changed() {
        name.picked = None;
        name.refresh(view);
    }
    if let Some(last) = name.offers.len().checked_sub(1) {
        if down {
            name.picked = Some(name.picked.map_or(0, |at| (at + 1).min(last)));
        }
        if up {
            name.picked = name.picked.and_then(|at| at.checked_sub(1));
        }
    }
    let (clicked, is_pointed_at) = list(ui, name, rect, view, thumbs);
    if !is_new && response.lost_focus() && !enter && !escape && !tab {
        if !is_pointed_at {
            // A click elsewhere keeps what was typed.
            return name.end();
        }
        response.request_focus();
    }
    if let Some(offer) =
        clicked.or_else(|| name.picked.filter(|_| enter || tab)).and_then(|at| name.offers.get(at))
    {
        name.text.clone_from(&offer.name);
        name.picked = None;
        if !tab {
            return name.end();
        }
        response.request_focus();
    }
    if escape {
        return NameResult::Cancelled;
    }
    if enter {
        return name.end();
    }
    if tab {
        response.request_focus();
    }
    NameResult::Open
}

/// The offers beside the box; gives the one that was clicked, and whether the pointer is there.
fn list(
    ui: &Ui,
    name: &NameField,
    rect: Rect,
    view: &PanelContext,
    thumbs: &mut Thumbnails,
) -> (Option<usize>, bool) {
    let hint = same_name(&name.text, &name.before, view.names);
    if name.offers.is_empty() && hint.is_none() {
        return (None, false);
    }
    let mut clicked = None;
    let (pivot, at) = place(ui, rect, name.offers.len());
    let area = Area::new(Id::unique(("names", name.identity))).order(Order::Foreground);
    let shown = area.pivot(pivot).fixed_pos(at).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_width(rect.width().max(WIDTH));
            ui.spacing_mut().item_spacing.y = 0.0;
            for (at, offer) in name.offers.iter().enumerate() {
                let card = view.listing.card(offer.who);
                let facts = match (offer.n, card) {
                    (1, Some(card)) => card.short_facts(),
                    (n, _) => t!("identities", n = n),
                };
                let cover = card.and_then(|card| view.cover(card));
                let face = RowPicture::Of(cover.as_deref());
                let row = PersonRow { title: &offer.name, facts: &facts, face, p: offer.p };
                let id = Id::unique(("offer", name.identity, offer.name.as_str()));
                if person_rows::row(ui, id, &row, name.picked == Some(at), thumbs).clicked() {
                    clicked = Some(at);
                }
            }
            if let Some(hint) = hint {
                ui.label(RichText::new(hint).small().color(theme::muted(ui)));
            }
        });
    });
    let pointer = ui.input(|input| input.pointer.latest_pos());
    (clicked, pointer.is_some_and(|at| shown.response.rect.contains(at)))
}

/// Below the box, or above it where there is more room.
fn place(ui: &Ui, rect: Rect, n: usize) -> (Align2, Pos2) {
    let height = n as f32 * person_rows::ROW + theme::PAD * 2.0;
    let screen = ui.ctx().content_rect();
    let (above, below) = (rect.top() - screen.top(), screen.bottom() - rect.bottom());
    if below < height && above > below {
        (Align2::LEFT_BOTTOM, rect.left_top() - vec2(0.0, BETWEEN))
    } else {
        (Align2::LEFT_TOP, rect.left_bottom() + vec2(0.0, BETWEEN))
    }
}

/// The most likely of those who have a name.
fn likeliest(known: &UsedName, likely: &[(IdentityId, f32)]) -> Option<(IdentityId, f32)> {
    likely.iter().find(|(id, _)| known.1.contains(id)).copied()
}

/// The likely names where nothing was typed; else names in use that the text begins or whose words
/// it begins, in this order, and the likeliest first among each. `likely` is sorted by P; `size`
/// tells whose face stands for a name that several have.
fn offers(
    (typed, before): (&str, &str),
    names: &[UsedName],
    likely: &[(IdentityId, f32)],
    size: impl Fn(IdentityId) -> usize,
) -> Vec<NameSuggestion> {
    let typed = typed.to_lowercase();
    let rank = |name: &str| {
        let folded = name.to_lowercase();
        if folded == typed {
            None
        } else if folded.starts_with(&typed) {
            Some(0)
        } else {
            folded.split_whitespace().any(|word| word.starts_with(&typed)).then_some(1)
        }
    };
    let mut found: Vec<(i32, NameSuggestion)> = names
        .iter()
        .filter(|known| known.0 != before || !typed.is_empty())
        .filter_map(|known| {
            let likelihoods = likeliest(known, likely);
            let largest = || known.1.iter().copied().max_by_key(|&id| (size(id), Reverse(id)));
            let who = likelihoods.map(|it| it.0).or_else(largest)?;
            let offer = NameSuggestion {
                name: known.0.clone(),
                n: known.1.len(),
                who,
                p: likelihoods.map(|it| it.1),
            };
            Some((rank(&known.0)?, offer))
        })
        .filter(|(_, offer)| !typed.is_empty() || is_sure(offer) > 0)
        .collect();
    found.sort_by_key(|(rank, offer)| {
        let place = likely.iter().position(|it| it.0 == offer.who).filter(|_| is_sure(offer) > 0);
        (*rank, place.unwrap_or(usize::MAX))
    });
    found.into_iter().take(OFFERED).map(|(_, offer)| offer).collect()
}

/// How likely an offer is, in whole percent.
fn is_sure(offer: &NameSuggestion) -> usize {
    offer.p.map_or(0, person_rows::percent)
}

/// Says that a name is in use.
pub(crate) fn same_name(text: &str, before: &str, names: &[UsedName]) -> Option<String> {
    let text = text.trim();
    if text == before {
        return None;
    }
    let (name, ids) = names.iter().find(|known| known.0 == text)?;
    Some(t!("same-name", n = ids.len(), name = name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<UsedName> {
        let ids = |ids: &[u64]| ids.iter().map(|&id| IdentityId(id)).collect();
        [("Anna Berg", ids(&[1])), ("Bea Anders", ids(&[2, 3])), ("Andrea", ids(&[5])), ("Carl", ids(&[4]))]
            .map(|(name, ids)| (name.to_owned(), ids))
            .to_vec()
    }

    fn offered(typed: &str, likely: &[(u64, f32)]) -> Vec<(String, u64)> {
        let likely: Vec<_> = likely.iter().map(|&(id, p)| (IdentityId(id), p)).collect();
        let size = |id: IdentityId| id.0 as usize;
        let found = offers((typed, ""), &names(), &likely, size).into_iter();
        found.map(|offer| (offer.name, offer.who.0)).collect()
    }

    fn owned(names: &[(&str, u64)]) -> Vec<(String, u64)> {
        names.iter().map(|&(name, who)| (name.to_owned(), who)).collect()
    }

    #[test]
    fn beginnings_come_first_then_words() {
        assert_eq!(offered("an", &[]), owned(&[("Anna Berg", 1), ("Andrea", 5), ("Bea Anders", 3)]));
        assert!(offered("", &[]).is_empty());
        assert!(offered("carl", &[]).is_empty(), "what is typed already is not offered");
    }

    #[test]
    fn the_likely_ones_come_before_anything_is_typed_and_first_among_equal_matches() {
        let likely = [(2, 0.9), (5, 0.4), (3, 0.2), (4, 0.001)];
        assert_eq!(offered("", &likely), owned(&[("Bea Anders", 2), ("Andrea", 5)]), "nobody at 0 %");
        assert_eq!(offered("an", &likely), owned(&[("Andrea", 5), ("Anna Berg", 1), ("Bea Anders", 2)]));
        assert_eq!(offered("c", &likely), owned(&[("Carl", 4)]));
    }

    #[test]
    fn what_becomes_known_later_moves_nothing_until_another_text_is_typed() {
        let mut name = NameField::new(IdentityId(9), None);
        let shown = |name: &NameField| name.offers.iter().map(|it| (it.who.0, it.p)).collect::<Vec<_>>();
        let known = |_| Some(vec![(IdentityId(5), 0.75)]);
        name.text = "an".to_owned();
        name.offer(&names(), |_| None, |_| 1);
        assert_eq!(shown(&name), [(1, None), (5, None), (2, None)]);
        name.offer(&names(), known, |_| 1);
        assert_eq!(shown(&name), [(1, None), (5, Some(0.75)), (2, None)]);
        name.text = "a".to_owned();
        name.offer(&names(), known, |_| 1);
        assert_eq!(shown(&name), [(5, Some(0.75)), (1, None), (2, None)]);
        // Where nobody stood yet, they come at once.
        let mut name = NameField::new(IdentityId(9), None);
        name.offer(&names(), |_| None, |_| 1);
        assert!(name.offers.is_empty());
        name.offer(&names(), known, |_| 1);
        assert_eq!(shown(&name), [(5, Some(0.75))]);
    }

    #[test]
    fn the_same_name_is_allowed_and_told() {
        assert!(same_name("Bea Anders", "", &names()).unwrap().starts_with("2 people"));
        assert!(same_name("Carl", "Carl", &names()).is_none());
    }
}
