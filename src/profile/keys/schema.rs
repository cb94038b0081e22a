//! The JSON Schema of a profile, made from the list of keys: editors complete and check with it.
//!
//! Draft 7, which the TOML tools of editors know. It is no stricter than the program: what a schema
//! cannot say (a pattern that is no regular expression, a rule that is not there) is for lint.

use serde_json::{Map, Value, json};

use super::{Key, Kind, TABLES, Table, all};
use crate::model::piece::Field;

/// The schema.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    for table in TABLES.iter().filter(|table| !table.about.is_empty()) {
        definitions.insert(name(table.name), object(table));
    }
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "copydesk profile",
    });
    if let Some(root) = schema.as_object_mut() {
        let top = super::table("profile").map(object);
        if let Some(Value::Object(top)) = top {
            root.extend(top);
        }
        definitions.remove("profile");
        root.insert("definitions".to_owned(), Value::Object(definitions));
    }
    schema
}

/// A name of a definition: `split-thread-text`.
fn name(table: &str) -> String {
    table.trim_matches(['[', ']']).replace('.', "-")
}

fn reference(table: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{}", name(table)) })
}

fn object(table: &Table) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for key in all(table) {
        properties.insert(key.name.to_owned(), property(key));
        if key.required {
            required.push(key.name);
        }
    }
    let mut object = json!({
        "description": table.about,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    let extra = also(table.name);
    if let Some(object) = object.as_object_mut() {
        if !required.is_empty() {
            object.insert("required".to_owned(), json!(required));
        }
        if let Value::Object(extra) = extra {
            object.extend(extra);
        }
    }
    object
}

/// What a table demands beyond its keys.
fn also(table: &str) -> Value {
    let any = |keys: &[&str]| -> Value {
        keys.iter().map(|key| json!({ "required": [key] })).collect::<Vec<_>>().into()
    };
    match table {
        "[[match]]" => json!({
            "anyOf": any(&["hosts", "path", "selector", "text"]),
            "not": { "required": ["selector", "text"] },
            "dependencies": { "subdomains": ["hosts"], "min": ["text"] },
        }),
        "[[variant]]" => json!({
            "anyOf": any(&["hosts", "path", "selector", "text", "captured_before", "captured_after"]),
            "not": { "required": ["selector", "text"] },
            "dependencies": { "subdomains": ["hosts"], "min": ["text"] },
        }),
        "[split]" => json!({
            "not": { "anyOf": [
                { "required": ["digest", "stream"] },
                { "required": ["thread", "article"], "properties": { "thread": { "required": ["post"] } } },
                { "required": ["thread", "digest"], "properties": { "thread": { "required": ["text"] } } },
                { "required": ["thread", "stream"], "properties": { "thread": { "required": ["text"] } } },
            ] },
        }),
        "[split.thread]" => json!({
            "dependencies": { "post": ["body"], "body": ["post"], "data": ["post", "body"] },
        }),
        "[split.thread.text]" => json!({ "anyOf": any(&["start", "end"]) }),
        "way" => json!({
            "anyOf": any(&["line", "css", "meta", "const", "headline", "date", "inherit"]),
            "not": { "required": ["line", "const"] },
        }),
        "cut" => json!({ "oneOf": any(&["after", "before", "chars", "replace"]) }),
        "lines" => json!({ "oneOf": any(&["is", "repeats", "blank"]) }),
        _ => json!({}),
    }
}

fn property(key: &Key) -> Value {
    let mut about = key.about.to_owned();
    if !key.default.is_empty() {
        about.extend([" (default: ", key.default, ")"]);
    }
    let mut property = of(key.kind);
    // In draft 7 nothing beside a reference is read.
    if property.get("$ref").is_some() {
        property = json!({ "allOf": [property] });
    }
    if let Some(object) = property.as_object_mut() {
        object.insert("description".to_owned(), json!(about));
        if let Some(default) = value(key.default) {
            object.insert("default".to_owned(), default);
        }
        if let Some(example) = value(key.example) {
            object.insert("examples".to_owned(), json!([example]));
        }
    }
    property
}

/// A value that the list has as TOML.
fn value(text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    super::super::source::json(text)
}

fn of(kind: Kind) -> Value {
    let text = || json!({ "type": "string" });
    let texts = || {
        json!({ "anyOf": [
            { "type": "string" },
            { "type": "array", "items": { "type": "string" } },
        ] })
    };
    let range = r"^\d{1,2}(?:\.\.(?:\d{1,2})?)?$";
    match kind {
        Kind::Version => json!({ "const": super::super::schema::SCHEMA }),
        Kind::Text | Kind::Pattern | Kind::Selector | Kind::Id | Kind::Edge | Kind::Path => text(),
        Kind::Texts | Kind::Patterns | Kind::Selectors | Kind::Rules | Kind::Paths => texts(),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Field => json!({ "type": "string", "enum": Field::ALL.map(Field::name) }),
        Kind::Place => json!({ "anyOf": [
            { "type": "string", "enum": ["first", "last", "after-title", "before-title"] },
            { "type": "string", "pattern": range },
        ] }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::FlagOr(words) => {
            json!({ "anyOf": [{ "type": "boolean" }, { "type": "string", "enum": words }] })
        }
        Kind::Count => json!({ "type": "integer", "minimum": 1 }),
        Kind::Share => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        Kind::Range => json!({ "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": super::super::schema::OPEN_END },
            { "type": "string", "pattern": range },
        ] }),
        Kind::Day => json!({ "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}" }),
        Kind::Zone => json!({ "type": "string", "pattern": r"^[+-]\d{1,2}:\d{1,2}$" }),
        Kind::Table(table) => reference(table),
        Kind::TableOrOff(table) => json!({ "anyOf": [reference(table), { "const": false }] }),
        Kind::Tables(table) => json!({ "type": "array", "minItems": 1, "items": reference(table) }),
        Kind::OneOrMore(table) => {
            let one = reference(table);
            json!({ "anyOf": [one, { "type": "array", "minItems": 1, "items": one }] })
        }
        Kind::Named(table) => {
            let mut ways = vec![reference(table), json!({ "const": false })];
            if table.ends_with(".line]") || table.ends_with(".select]") {
                ways.push(text());
            }
            json!({ "type": "object", "additionalProperties": { "anyOf": ways } })
        }
        Kind::Ways => {
            let way = reference("way");
            let ways = json!({ "anyOf": [way, { "type": "array", "items": way }] });
            let properties: Map<String, Value> =
                Field::ALL.iter().map(|field| (field.name().to_owned(), ways.clone())).collect();
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
    }
}
