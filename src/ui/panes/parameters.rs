//! The parameters of a method, each with the widget of its range.

use eframe::egui::{DragValue, Ui};

use crate::base::{Parameter, ParameterRange, Value};
use crate::cluster::{CERTAINTY, Method, RADIUS};
use crate::session::SettingChange;
use crate::ui::lang::{t, texts};
use crate::ui::view::ask::Request;
use crate::ui::view::context::PanelContext;
use crate::ui::widgets::icons;

/// The parameters of a method.
pub(crate) fn show(ui: &mut Ui, method: &Method, view: &PanelContext, out: &mut Vec<Request>) {
    let is_level = |parameter: &Parameter| [CERTAINTY.name, RADIUS.name].contains(&parameter.name);
    let rows = (method.defaults)().values().into_iter().filter(|(parameter, _)| !is_level(parameter));
    for (parameter, default) in rows {
        self::parameter(ui, parameter, default, view, out);
    }
}

/// A parameter of the method.
fn parameter(
    ui: &mut Ui,
    parameter: &'static Parameter,
    default: Value,
    view: &PanelContext,
    out: &mut Vec<Request>,
) {
    let set = view.session.settings().parameter(parameter);
    let present = if set == Value::Auto { default } else { set };
    ui.horizontal_wrapped(|ui| {
        let (name, doc) = (texts::parameter(parameter), texts::parameter_doc(parameter));
        ui.label(&name).on_hover_text(&doc);
        let (least, most, step, decimals) = match parameter.range {
            ParameterRange::Word(words) => {
                for &word in words {
                    let response = ui.selectable_label(present == Value::Word(word), texts::word(word));
                    if response.on_hover_text(&doc).clicked() {
                        out.push(Request::Set(SettingChange::Parameter(parameter, Value::Word(word))));
                    }
                }
                return;
            }
            ParameterRange::Count(least, most) => (least as f64, most as f64, 0.5, 0),
            ParameterRange::Number(_, least, most) => (least, most, 0.005, 2),
            ParameterRange::AboveZeroOr(most, _) => (0.005, most, 0.005, 2),
        };
        let mut value = match present {
            Value::Count(count) => count as f64,
            Value::Number(number) => number,
            Value::Auto | Value::Word(_) => least,
        };
        let drag = DragValue::new(&mut value).range(least..=most).speed(step).max_decimals(decimals);
        let response = ui.add(drag).accessible_name(name).on_hover_text(&doc);
        if response.changed() {
            let value = match parameter.range {
                ParameterRange::Count(..) => Value::Count(value.round() as usize),
                _ => Value::Number(value),
            };
            out.push(Request::Set(SettingChange::Parameter(parameter, value)));
        }
        if set != Value::Auto
            && ui
                .small_button(icons::text(icons::RERUN).size(13.0))
                .on_hover_text(t!("back-to", value = default.to_string()))
                .clicked()
        {
            out.push(Request::Set(SettingChange::Parameter(parameter, Value::Auto)));
        }
    });
}
