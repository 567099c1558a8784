//! `castlist methods`: the table of methods, as the window and `--method` know it.

use serde_json::json;

use super::{End, show};
use crate::cluster::{METHODS, parameter};
use crate::session::SessionError;

pub(super) fn list(as_json: bool) -> Result<End, SessionError> {
    if as_json {
        let methods: Vec<_> = METHODS
            .iter()
            .map(|method| {
                let parameters: Vec<_> = method
                    .parameters
                    .iter()
                    .map(|&(name, default)| {
                        let parameter = parameter(name);
                        let (doc, range) = parameter.map_or(("", ""), |it| (it.doc, it.range));
                        json!({ "name": name, "default": default, "doc": doc, "range": range })
                    })
                    .collect();
                json!({
                    "id": method.id, "name": method.name, "doc": method.doc, "parameters": parameters,
                    "cannot_links": method.links.words(),
                })
            })
            .collect();
        show::json(&json!({ "methods": methods }))?;
        return Ok(End::Fine);
    }
    for method in METHODS {
        let parameters: Vec<_> =
            method.parameters.iter().map(|(name, default)| format!("{name}={default}")).collect();
        show::line(format!("{:<18} {}", method.id, method.doc));
        show::line(format!("{:<18} {}; links: {}", "", parameters.join(" "), method.links.words()));
    }
    Ok(End::Fine)
}
