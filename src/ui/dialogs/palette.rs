//! The palette of commands: everything that can be done, found by typing some of its letters.
//!
//! Takes the table of actions, the pages and the named people; gives the one that was chosen, as
//! a request. What cannot be done now is shown with the reason and cannot be chosen. It does
//! nothing itself.

use eframe::egui::{
    Align2, Context, FontId, Id, Key, Modal, Modifiers, Rect, Role, ScrollArea, Sense, TextEdit, Ui,
    WidgetInfo, pos2, vec2,
};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::ui::actions::{ACTIONS, table};
use crate::ui::lang::t;
use crate::ui::view::ask::{Page, Request};
use crate::ui::view::context::PanelContext;
use crate::ui::view::saved_state::LanguageChoice;
use crate::ui::view::state::PageState;
use crate::ui::widgets::icons::{self, Icon};
use crate::ui::widgets::{paint, theme};

/// Height of a row, in points.
const ROW: f32 = 38.0;
/// Maximum number of people that are offered.
const PEOPLE: usize = 8;
/// A match in a command's name counts so much more than one in what it does.
const IN_NAME: u32 = 1000;

/// The open palette.
#[derive(Debug, Default)]
pub(crate) struct CommandPalette {
    text: String,
    picked: usize,
    was_shown: bool,
}

/// What became of it in this frame.
#[derive(Debug)]
pub(crate) enum PaletteResult {
    Open,
    Closed,
    Chosen(Request),
}

/// One line.
struct PaletteLine {
    icon: Icon,
    name: String,
    doc: String,
    key: String,
    /// Why it cannot be chosen now.
    why_not: Option<String>,
    /// What it asks for; none where it cannot be chosen.
    request: Option<Request>,
}

/// Draws it over the page; `project` is none where no project is open.
pub(crate) fn show(
    ctx: &Context,
    palette: &mut CommandPalette,
    project: Option<(&PanelContext, &PageState)>,
) -> PaletteResult {
    let lines = found(&palette.text, lines(ctx, project), project);
    let last = lines.len().saturating_sub(1);
    let mut chosen = None;
    let area = Modal::default_area(Id::unique("palette")).anchor(Align2::CENTER_TOP, vec2(0.0, 90.0));
    let modal = Modal::new(Id::unique("palette")).area(area).show(ctx, |ui| {
        paint::dialog_width(ui, 600.0);
        let moves = keys(ui);
        let edit = TextEdit::singleline(&mut palette.text).hint_text(t!("palette-hint"));
        let edit = edit.margin(vec2(10.0, 8.0)).font(FontId::proportional(16.0)).desired_width(f32::INFINITY);
        let response = ui.add(edit).accessible_name(t!("palette-hint"));
        if !std::mem::replace(&mut palette.was_shown, true) {
            response.request_focus();
        }
        if response.changed() {
            palette.picked = 0;
        }
        let picked = palette.picked.saturating_add_signed(moves.by).min(last);
        let turned = picked != palette.picked;
        palette.picked = picked;
        ui.add_space(theme::GAP * 0.5);
        ui.spacing_mut().item_spacing.y = 0.0;
        let height = (ctx.content_rect().height() - 260.0).clamp(ROW * 3.0, ROW * 11.0);
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            for (at, line) in lines.iter().enumerate() {
                if row(ui, line, at == picked, at == picked && turned) {
                    chosen = Some(at);
                }
            }
            if lines.is_empty() {
                ui.add_space(theme::GAP);
                ui.label(t!("palette-nothing"));
            }
        });
        if moves.enter {
            chosen = Some(picked);
        }
    });
    let chosen = chosen.and_then(|at| lines.into_iter().nth(at)).filter(|line| line.why_not.is_none());
    match chosen.and_then(|line| line.request) {
        Some(request) => PaletteResult::Chosen(request),
        None if modal.should_close() => PaletteResult::Closed,
        None => PaletteResult::Open,
    }
}

/// What the keyboard wants of the list.
struct PaletteKeys {
    by: isize,
    enter: bool,
}

fn keys(ui: &Ui) -> PaletteKeys {
    ui.input_mut(|input| {
        let mut by = 0;
        for (key, step) in [(Key::ArrowUp, -1), (Key::ArrowDown, 1), (Key::PageUp, -8), (Key::PageDown, 8)] {
            by += step * isize::from(input.consume_key(Modifiers::NONE, key));
        }
        PaletteKeys { by, enter: input.consume_key(Modifiers::NONE, Key::Enter) }
    })
}

/// Everything that can be done, in the order of the tables.
fn lines(ctx: &Context, project: Option<(&PanelContext, &PageState)>) -> Vec<PaletteLine> {
    let closed = || project.is_none().then(|| t!("not-open"));
    let mut lines: Vec<PaletteLine> = Vec::new();
    for action in ACTIONS.iter().filter(|action| ***action != table::PALETTE) {
        let (request, why_not) = match project {
            Some((view, state)) => (action.request(view, state), action.why_not(view, state)),
            None => (action.request_without_project(), None),
        };
        lines.push(PaletteLine {
            icon: action.icon,
            name: action.name(),
            doc: action.doc(),
            key: action.key_text(ctx),
            why_not: why_not.or_else(|| request.is_none().then(|| t!("not-open"))),
            request,
        });
    }
    let mut other = |icon, name, doc, why_not, request| {
        lines.push(PaletteLine { icon, name, doc, key: String::new(), why_not, request: Some(request) });
    };
    let page = t!("palette-page");
    other(icons::PEOPLE, t!("place-people"), page.clone(), closed(), Request::Go(Page::People));
    other(icons::UNASSIGNED, t!("unassigned"), page, closed(), Request::ShowUnassigned);
    other(icons::LEAVE, t!("close-project"), t!("close-project-tip"), closed(), Request::Close);
    let theme = eframe::egui::ThemePreference::Light;
    other(icons::APPEARANCE, t!("theme-light"), t!("theme"), None, Request::Theme(theme));
    let theme = eframe::egui::ThemePreference::Dark;
    other(icons::APPEARANCE, t!("theme-dark"), t!("theme"), None, Request::Theme(theme));
    other(
        icons::LANGUAGE,
        "English".to_owned(),
        t!("language"),
        None,
        Request::Language(LanguageChoice::English),
    );
    other(
        icons::LANGUAGE,
        "한국어".to_owned(),
        t!("language"),
        None,
        Request::Language(LanguageChoice::Korean),
    );
    lines
}

/// Those that the text finds, best first and of equals the shortest; all where nothing was typed.
/// People are looked for by name, once something was typed.
fn found(
    text: &str,
    mut lines: Vec<PaletteLine>,
    project: Option<(&PanelContext, &PageState)>,
) -> Vec<PaletteLine> {
    if text.trim().is_empty() {
        return lines;
    }
    let pattern = Pattern::parse(text.trim(), CaseMatching::Ignore, Normalization::Smart);
    let (mut matcher, mut buffer) = (Matcher::new(Config::DEFAULT), Vec::new());
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher);
    if let Some((view, _)) = project {
        let named = view.listing.cards().filter(|card| card.is_named);
        let mut people: Vec<_> = named.filter_map(|card| Some((score(&card.title)?, card))).collect();
        people.sort_by_key(|(score, card)| (std::cmp::Reverse(*score), card.id));
        lines.extend(people.into_iter().take(PEOPLE).map(|(_, card)| PaletteLine {
            icon: icons::PEOPLE,
            name: card.title.clone(),
            doc: card.facts(),
            key: String::new(),
            why_not: None,
            request: Some(Request::ShowPerson(card.id)),
        }));
    }
    let mut scored: Vec<(u32, PaletteLine)> = lines
        .into_iter()
        .filter_map(|line| {
            let score = score(&line.name).map(|it| it + IN_NAME).or_else(|| score(&line.doc))?;
            Some((score, line))
        })
        .collect();
    scored.sort_by_key(|(score, line)| {
        (*score < IN_NAME, line.why_not.is_some(), std::cmp::Reverse(*score), line.name.len())
    });
    scored.into_iter().map(|(_, line)| line).collect()
}

/// Draws one line; true where it was clicked.
fn row(ui: &mut Ui, line: &PaletteLine, is_picked: bool, reveal: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::CLICK);
    let can = line.why_not.is_none();
    let spoken =
        line.why_not.as_ref().map_or_else(|| line.name.clone(), |why| format!("{}, {why}", line.name));
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, can, is_picked, &spoken));
    if reveal {
        response.scroll_to_me(None);
    }
    if is_picked || response.hovered() {
        let visuals = ui.visuals();
        let fill = if is_picked { visuals.selection.bg_fill } else { visuals.widgets.hovered.weak_bg_fill };
        ui.painter().rect_filled(rect, theme::CARD_ROUNDING, fill);
    }
    let muted = theme::muted(ui);
    let strong = if is_picked { ui.visuals().selection.stroke.color } else { ui.visuals().text_color() };
    let (ink, quiet) = if can {
        (strong, if is_picked { strong } else { muted })
    } else {
        (muted.gamma_multiply(0.7), muted.gamma_multiply(0.7))
    };
    let middle = rect.center().y;
    let font = FontId::new(18.0, icons::family(line.icon));
    let at = pos2(rect.left() + 20.0, middle);
    ui.painter().text(at, Align2::CENTER_CENTER, line.icon.codepoint, font, quiet);
    let right = paint::caps(ui, pos2(rect.right() - 10.0, middle), &line.key, quiet);
    let name = paint::line(ui, &line.name, FontId::proportional(14.5), ink, rect.width() * 0.45);
    let at = pos2(rect.left() + 42.0, middle - name.size().y / 2.0);
    let after = at.x + name.size().x + 12.0;
    ui.painter().galley(at, name, ink);
    let doc = line.why_not.as_ref().unwrap_or(&line.doc);
    let doc = paint::line(ui, doc, FontId::proportional(12.5), quiet, (right - 12.0 - after).max(0.0));
    let at =
        Rect::from_min_max(pos2(after, rect.top()), rect.max).left_center() - vec2(0.0, doc.size().y / 2.0);
    ui.painter().galley(at, doc, quiet);
    response.clicked()
}
