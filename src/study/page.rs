//! A comparison as one page for a paper's appendix: stands alone, without script or anything from
//! elsewhere, light and dark on a screen and black on white on paper.

use std::collections::BTreeSet;

use super::plot::{curves, escaped, ink, overview};
use super::tables::{figures, parameters};
use super::{Comparison, ComparisonFacts, MethodResults, MethodRun};
use crate::session::rounded;

/// What the first table shows: heading, path of the metric, digits.
const FIRST: &[(&str, &str, usize)] = &[
    ("BCubed F", "bcubed/f", 4),
    ("P", "bcubed/precision", 4),
    ("R", "bcubed/recall", 4),
    ("pairwise F", "pairwise/f", 4),
    ("NMI", "nmi", 4),
    ("ARI", "ari", 4),
    ("WCP", "wcp", 4),
    ("clusters", "n_clusters", 0),
    ("R#I", "ri", 2),
    ("R#S", "rs", 2),
    ("clicks", "clicks", 0),
];

/// The page, as HTML.
#[must_use]
pub fn page(comparison: &Comparison) -> String {
    let source = escaped(&comparison.data.source);
    let mut body = format!("<h1>Methods compared</h1>\n<p class=\"faint\">{source}</p>\n");
    body.push_str("<h2>Data</h2>\n");
    body.push_str(&facts(comparison));
    body.push_str("<h2>Results</h2>\n");
    body.push_str(&results(&comparison.methods));
    body.push_str(NOTE);
    for warning in &comparison.warnings {
        body.push_str(&format!("<p class=\"faint\">Note: {}</p>\n", escaped(warning)));
    }
    body.push_str("<h2>All methods</h2>\n<figure>\n");
    body.push_str(&overview(&comparison.methods));
    let key = comparison.methods.iter().enumerate().map(|(at, compared)| {
        format!("<li class=\"{}\"><i></i> <span>{}</span></li>\n", ink(at), escaped(&compared.name))
    });
    body.push_str(&format!("<ul class=\"key\">\n{}</ul>\n", key.collect::<String>()));
    body.push_str(
        "<figcaption>BCubed F over the number of clusters per identity, as the main parameter varies. Ring: \
         defaults. Disc: oracle. Dashed: as many clusters as identities.</figcaption>\n</figure>\n",
    );
    body.push_str("<h2>Each method over its main parameter</h2>\n<div class=\"panels\">\n");
    for (at, compared) in comparison.methods.iter().enumerate() {
        body.push_str(&format!("<figure class=\"m{}\">\n{}", at % 8, curves(compared)));
        body.push_str(&format!("<figcaption>{}</figcaption>\n</figure>\n", escaped(&compared.name)));
    }
    body.push_str(
        "</div>\n<p class=\"faint\">Above: BCubed F (solid), precision (dashed) and recall (dotted). Below: \
         clusters, and the number of identities (dashed). Disc: the best value.</p>\n",
    );
    body.push_str("<h2>All metrics</h2>\n");
    body.push_str(&metrics(&comparison.methods));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Methods compared: {source}</title>\n<style>\n{}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        include_str!("page.css")
    )
}

const NOTE: &str = "<p class=\"faint\">An oracle is the best BCubed F over the values of a method's main \
    parameter and its default, chosen with the labels: it shows what a method could reach, not what a user \
    gets. Seconds are those of one run from the tracks' rows to clusters, links enforced. Memory is the \
    most that the process held meanwhile, the program and the rows included; each method ran in a process \
    of its own, where more than one was asked for.</p>\n";

fn facts(comparison: &Comparison) -> String {
    let ComparisonFacts { labels, n_tracks, n_unusable, n_faces, dim, model, head, radius, .. } =
        &comparison.data;
    let first = comparison.methods.iter().find_map(|it| it.oracle.as_ref());
    let n_identities = first.map_or(0.0, |run| run.score("n_identities"));
    let n_scored = first.map_or(0.0, |run| run.score("n_tracks"));
    let radius = match radius {
        Some((radius, source)) => format!("{radius:.4} ({source})"),
        None => "not known".to_owned(),
    };
    let or_none = |text: &str| if text.is_empty() { "not known".to_owned() } else { text.to_owned() };
    let links = format!("{} must-links, {} cannot-links", comparison.data.n_must, comparison.data.n_cannot);
    let tracks =
        format!("{n_tracks} of {n_faces} faces, {dim} numbers each; {n_unusable} more without a usable face");
    let rows = [
        ("Tracks", tracks),
        ("Truth", format!("{n_identities} identities of {n_scored} tracks: {labels}")),
        ("Model", or_none(model)),
        ("Head", head.clone()),
        ("Radius", radius),
        ("Links", links),
        ("Program", format!("castlist {}, {} threads", comparison.castlist, comparison.data.n_threads)),
    ];
    let rows = rows.map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>\n", escaped(&value)));
    format!("<dl>\n{}</dl>\n<pre><code>{}</code></pre>\n", rows.concat(), escaped(&comparison.command))
}

/// A method's default and, where there is one, its oracle.
fn default_and_oracle(compared: &MethodResults) -> impl Iterator<Item = (&'static str, &MethodRun)> {
    let oracle = compared.oracle.as_ref().map(|run| ("oracle", run));
    std::iter::once(("default", &compared.default)).chain(oracle)
}

fn results(methods: &[MethodResults]) -> String {
    let mut table =
        "<div class=\"wide\"><table>\n<thead><tr><th>method</th><th class=\"text\">run</th>".to_owned();
    for (heading, ..) in FIRST {
        table.push_str(&format!("<th>{heading}</th>"));
    }
    table.push_str("<th>CPU s</th><th>s</th><th>MiB</th></tr></thead>\n<tbody>\n");
    for compared in methods {
        for (kind, run) in default_and_oracle(compared) {
            let value = run.parameters.get(&compared.parameter).map_or("auto".to_owned(), |it| rounded(it));
            let (name, told) = (escaped(&compared.name), escaped(&parameters(run)));
            let parameter = escaped(&format!("{} {value}", compared.parameter));
            table.push_str(&format!(
                "<tr class=\"{kind}-run\"><td>{name}</td><td class=\"text\" title=\"{told}\">{kind}: {parameter}</td>"
            ));
            for &(_, path, digits) in FIRST {
                table.push_str(&format!("<td>{:.digits$}</td>", run.score(path)));
            }
            let memory = run.memory_bytes.map_or("–".to_owned(), |bytes| (bytes >> 20).to_string());
            table.push_str(&format!("<td>{:.2}</td><td>{:.2}</td>", run.cpu_seconds, run.seconds));
            table.push_str(&format!("<td>{memory}</td></tr>\n"));
        }
    }
    table.push_str("</tbody></table></div>\n");
    table
}

/// All metrics, one per line; two columns per method.
fn metrics(methods: &[MethodResults]) -> String {
    let runs: Vec<(&MethodResults, &str, &MethodRun)> = methods
        .iter()
        .flat_map(|compared| default_and_oracle(compared).map(move |(kind, run)| (compared, kind, run)))
        .collect();
    let paths: BTreeSet<String> = runs.iter().flat_map(|run| figures(run.2)).map(|(path, _)| path).collect();
    let mut table = "<div class=\"wide\"><table>\n<thead><tr><th>metric</th>".to_owned();
    for (compared, kind, _) in &runs {
        table.push_str(&format!("<th>{}<br>{kind}</th>", escaped(&compared.name)));
    }
    table.push_str("</tr></thead>\n<tbody>\n");
    for path in &paths {
        table.push_str(&format!("<tr><td>{}</td>", escaped(&path.replace('/', " "))));
        for (.., run) in &runs {
            let figure = run.score(path);
            let digits = if figure.fract() == 0.0 && figure.abs() > 1.0 { 0 } else { 4 };
            table.push_str(&format!("<td>{figure:.digits$}</td>"));
        }
        table.push_str("</tr>\n");
    }
    table.push_str("</tbody></table></div>\n");
    table
}
