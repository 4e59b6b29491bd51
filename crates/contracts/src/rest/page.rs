//! The document as a page to read: one file, no script, nothing from elsewhere.

mod schema;
mod text;

use super::openapi::{ABOUT, EVERYWHERE, document, example_of};
use super::problems::ProblemKind;
use super::routes::parameters::IF_NONE_MATCH;
use super::routes::{self, Chapter, Content, Parameter, Refusal, Route, Verb};
use super::{API_VERSION, examples};
use serde_json::Value;
use text::{escaped, paragraphs, words};

const STYLE: &str = include_str!("page/style.css");

/// The page.
#[must_use]
pub fn page() -> String {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let chapters: String = Chapter::ALL.iter().map(|chapter| section(*chapter)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>FlightPulse API</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <nav aria-label=\"Routes\">\n<p class=\"brand\">FlightPulse API</p>\n{}</nav>\n\
         <main>\n<h1>FlightPulse API <small>{API_VERSION}</small></h1>\n{}\
         <p>The same for machines: <a href=\"openapi.json\">openapi.json</a>.</p>\n\
         {chapters}{}{}</main>\n</body>\n</html>\n",
        contents(),
        paragraphs(ABOUT),
        problems(),
        shapes(schemas)
    )
}

fn routes_of(chapter: Chapter) -> impl Iterator<Item = &'static Route> {
    routes::all().filter(move |route| route.chapter == chapter)
}

fn verb(route: &Route) -> &'static str {
    match route.verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
    }
}

fn contents() -> String {
    let mut lines = String::new();
    for chapter in Chapter::ALL {
        lines += &format!("<p>{}</p>\n<ul>\n", escaped(chapter.title()));
        for route in routes_of(chapter) {
            lines += &format!(
                "<li><a href=\"#{}\"><b class=\"{}\">{}</b> {}</a></li>\n",
                route.operation_id,
                verb(route).to_lowercase(),
                verb(route),
                escaped(route.template)
            );
        }
        lines += "</ul>\n";
    }
    lines + "<p><a href=\"#problems\">Problems</a></p>\n<p><a href=\"#shapes\">Shapes</a></p>\n"
}

fn section(chapter: Chapter) -> String {
    let routes: String = routes_of(chapter).map(article).collect();
    let (title, about) = (escaped(chapter.title()), words(chapter.about()));
    format!("<section>\n<h2>{title}</h2>\n<p>{about}</p>\n{routes}</section>\n")
}

fn article(route: &Route) -> String {
    let mut marks = String::new();
    for (is, mark) in [(route.takes_head(), "HEAD too"), (route.conditional, "ETag")] {
        if is {
            marks += &format!(" <span class=\"mark\">{mark}</span>");
        }
    }
    if route.signed {
        marks += " <span class=\"mark signed\">signed</span>";
    }
    let body = route.body.as_ref().map(|body| content("Body", body)).unwrap_or_default();
    let (about, more) = route.about.split_once("\n\n").unwrap_or((route.about, ""));
    format!(
        "<article id=\"{}\">\n<h3><b class=\"{}\">{}</b> <code>{}</code>{marks}</h3>\n\
         <p><strong>{}.</strong> {}</p>\n{}{}{body}{}{}{}</article>\n",
        route.operation_id,
        verb(route).to_lowercase(),
        verb(route),
        escaped(route.template),
        words(route.summary),
        words(about),
        paragraphs(more),
        parameters(route),
        content(&format!("Answer, {}", route.status), &route.answer),
        refusals(route),
        try_it(route)
    )
}

fn parameters(route: &Route) -> String {
    let condition = route.conditional.then_some(IF_NONE_MATCH);
    let rows: String = route.parameters.iter().chain(condition.as_ref()).map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<table>\n<thead><tr><th>Parameter</th><th>Form</th><th>Meaning</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    )
}

fn row(parameter: &Parameter) -> String {
    let needed = if parameter.required { "required" } else { "optional" };
    format!(
        "<tr><td><code>{}</code><br><small>{}, {needed}</small></td><td>{}</td><td>{}</td></tr>\n",
        escaped(parameter.name),
        parameter.place.name(),
        schema::form(&(parameter.schema)()),
        words(parameter.about)
    )
}

fn content(title: &str, content: &Content) -> String {
    let Some(example) = content.example else {
        return format!("<p>{}: <code>{}</code></p>\n", escaped(title), content.media_type);
    };
    format!("<details open><summary>{}</summary>\n{}</details>\n", escaped(title), json(&example()))
}

fn json(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("<pre><code>{}</code></pre>\n", escaped(&text))
}

fn refusals(route: &Route) -> String {
    let line = |refusal: &Refusal| {
        format!(
            "<li><b>{}</b> {}<br><small>{}</small></li>\n",
            refusal.status,
            words(refusal.when),
            words(refusal.detail)
        )
    };
    let lines: String = route.refusals.iter().map(line).collect();
    let modified = match route.conditional {
        true => "<li><b>304</b> The client has it already.</li>\n",
        false => "",
    };
    format!("<details><summary>Or instead</summary>\n<ul>\n{modified}{lines}</ul>\n</details>\n")
}

// A request that works in the sample airline.
fn try_it(route: &Route) -> String {
    let example = |parameter: &Parameter| parameter.example.unwrap_or_default();
    let (mut path, mut query) = (route.template.to_owned(), Vec::new());
    for parameter in route.parameters {
        path = path.replace(&format!("{{{}}}", parameter.name), example(parameter));
        if parameter.required && parameter.place == routes::Place::Query {
            query.push(format!("{}={}", parameter.name, example(parameter)));
        }
    }
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let mut command = "curl".to_owned();
    if route.signed {
        command += " --aws-sigv4 \"aws:amz:$AWS_REGION:execute-api\" --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"";
    }
    if let Some(example) = route.body.and_then(|body| body.example) {
        command += &format!(" -H 'content-type: application/json' -d '{}'", example());
    }
    format!("<pre><code>{}</code></pre>\n", escaped(&format!("{command} \"$API{path}{query}\"")))
}

fn problems() -> String {
    let rows: String = ProblemKind::ALL
        .iter()
        .map(|kind| {
            let (status, uri, title) = (kind.status(), kind.uri(), kind.title());
            format!("<tr><td>{status}</td><td><code>{uri}</code></td><td>{title}</td></tr>\n")
        })
        .collect();
    let everywhere: String = EVERYWHERE
        .iter()
        .map(|refusal| format!("<li><b>{}</b> {}</li>\n", refusal.status, words(refusal.when)))
        .collect();
    let example = ProblemKind::Invalid.with("limit must be from 1 to 100.");
    format!(
        "<section id=\"problems\">\n<h2>Problems</h2>\n\
         <p>What is answered instead of an answer (RFC 9457), as <code>application/problem+json</code>.</p>\n\
         {}<table>\n<thead><tr><th>Status</th><th><code>type</code></th><th><code>title</code></th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n<p>Any route may answer:</p>\n<ul>\n{everywhere}</ul>\n\
         <p>Where API Gateway answers on its own, the <code>type</code> is <code>about:blank</code>:</p>\n{}</section>\n",
        json(&serde_json::json!(example)),
        EVERYWHERE.first().map(|refusal| json(&example_of(refusal))).unwrap_or_default()
    )
}

fn shapes(schemas: &Value) -> String {
    let shapes: String = schemas
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, shape)| schema::shape(name, shape))
        .collect();
    format!(
        "<section id=\"shapes\">\n<h2>Shapes</h2>\n\
         <p>A cursor looks like <code>{}</code>, and means nothing to anyone but the API.</p>\n{shapes}</section>\n",
        examples::CURSOR
    )
}
