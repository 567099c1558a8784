//! `castlist methods`: the table of methods, as the window and `--method` know it.

use serde_json::json;

use super::{Completion, output};
use crate::base::{Parameter, Value};
use crate::cluster::METHODS;
use crate::session::SessionError;

pub(super) fn list(as_json: bool) -> Result<Completion, SessionError> {
    if as_json {
        let methods: Vec<_> = METHODS
            .iter()
            .map(|method| {
                let row = |(parameter, default): &(&Parameter, Value)| {
                    let (doc, range) = (parameter.doc, parameter.range());
                    json!({ "name": parameter.name, "default": default.to_string(), "doc": doc, "range": range })
                };
                let parameters: Vec<_> = (method.defaults)().values().iter().map(row).collect();
                json!({
                    "id": method.id, "name": method.name, "doc": method.doc, "parameters": parameters,
                    "needs_head": method.needs_head,
                    "cannot_links": method.constraints.words(),
                })
            })
            .collect();
        output::json(&json!({ "methods": methods }))?;
        return Ok(Completion::Success);
    }
    for method in METHODS {
        let parameters = (method.defaults)().values().into_iter();
        let parameters: Vec<_> = parameters.map(|(row, default)| format!("{}={default}", row.name)).collect();
        output::line(format!("{:<18} {}", method.id, method.doc));
        let head = if method.needs_head { " (needs a head)" } else { "" };
        let handling = method.constraints.words();
        output::line(format!("{:<18} {}{head}; links: {handling}", "", parameters.join(" ")));
    }
    Ok(Completion::Success)
}
