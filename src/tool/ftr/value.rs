//! Expressions for a title, an author or a date become ways to find a field.

use super::cause::Cause;
use super::selector::{Selected, ident, selected};
use super::xpath::Expr;
use crate::profile::cut::Cut;

/// One way to find a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) from: From,
    pub(super) cut: Vec<Cut>,
}

/// Where a way looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From {
    /// At elements or texts of the page.
    Css(Selected),
    /// Nowhere: a fixed value.
    Const(String),
}

/// The ways of an expression, the first of which that yields a value wins.
pub(super) fn ways(expr: &Expr) -> Result<Vec<Way>, Cause> {
    match expr {
        Expr::Literal(text) => Ok(vec![Way { from: From::Const(text.clone()), cut: Vec::new() }]),
        Expr::Call(name, arguments) if name != "id" => call(name, arguments),
        _ => {
            let list = joined(selected(expr)?);
            Ok(list.into_iter().map(|one| Way { from: From::Css(one), cut: Vec::new() }).collect())
        }
    }
}

/// Alternatives of one kind as one selector: the first in the page wins, as in a union.
fn joined(list: Vec<Selected>) -> Vec<Selected> {
    let mut found: Vec<Selected> = Vec::new();
    for one in list {
        match found.iter_mut().find(|same| same.attr == one.attr && same.texts == one.texts) {
            Some(same) => {
                same.css.push_str(", ");
                same.css.push_str(&one.css);
                same.on_the_way.extend(one.on_the_way);
                same.on_the_way.extend(one.name);
            }
            None => found.push(one),
        }
    }
    found
}

fn call(name: &str, arguments: &[Expr]) -> Result<Vec<Way>, Cause> {
    let no_way = || Cause::Function { name: name.to_owned() };
    let cut = |inner: &Expr, steps: Vec<Cut>| -> Result<Vec<Way>, Cause> {
        let mut found = ways(inner)?;
        for way in &mut found {
            match &mut way.from {
                From::Const(_) => return Err(no_way()),
                From::Css(one) if way.cut.is_empty() => first(one),
                From::Css(_) => {}
            }
            way.cut.extend(steps.iter().cloned());
        }
        Ok(found)
    };
    match (name, arguments) {
        // Texts have their white space collapsed anyway.
        ("string" | "normalize-space", [inner]) => ways(inner),
        ("substring-after", [inner, Expr::Literal(mark)]) if !mark.is_empty() => {
            cut(inner, vec![Cut::After(mark.clone())])
        }
        ("substring-before", [inner, Expr::Literal(mark)]) if !mark.is_empty() => {
            cut(inner, vec![Cut::Before(mark.clone())])
        }
        ("substring", [inner, Expr::Number(from)]) => {
            cut(inner, vec![Cut::Chars(at_least_one(*from), None)])
        }
        ("substring", [inner, Expr::Number(from), Expr::Number(length)]) if *length > 0 => {
            let last = usize::try_from(from.saturating_add(*length) - 1).map_err(|_| no_way())?;
            cut(inner, vec![Cut::Chars(at_least_one(*from), Some(last.max(1)))])
        }
        ("translate", [inner, Expr::Literal(what), Expr::Literal(with)]) => {
            cut(inner, translated(what, with).ok_or_else(no_way)?)
        }
        ("concat", parts) if !parts.is_empty() => {
            // Fixed texts alone are one; a single part beside empty texts is that part.
            let literal = |part: &Expr| match part {
                Expr::Literal(text) => Some(text.clone()),
                _ => None,
            };
            if let Some(all) = parts.iter().map(literal).collect::<Option<Vec<_>>>() {
                return ways(&Expr::Literal(all.concat()));
            }
            let mut rest = parts
                .iter()
                .filter(|part| !matches!(part, Expr::Literal(text) if text.trim().is_empty()));
            match (rest.next(), rest.next()) {
                (Some(one), None) => ways(one),
                _ => Err(no_way()),
            }
        }
        (
            "substring" | "substring-after" | "substring-before" | "translate" | "concat"
            | "string" | "normalize-space" | "count" | "sum" | "number" | "round" | "floor"
            | "ceiling" | "string-length" | "name" | "local-name" | "boolean" | "not" | "contains"
            | "starts-with" | "last" | "position",
            _,
        ) => Err(no_way()),
        _ => Err(Cause::UnknownFunction { name: name.to_owned() }),
    }
}

/// A function of the language asks the first of several nodes.
fn first(one: &mut Selected) {
    let several = one.css.contains(',');
    let css = if several { format!(":is({})", one.css) } else { one.css.clone() };
    let attr = one.attr.as_deref().filter(|name| *name != "*");
    let attr = attr.map(|name| format!("[{}]", ident(name))).unwrap_or_default();
    one.css = format!("{css}{attr}:nth-match(1)");
}

fn at_least_one(number: i64) -> usize {
    usize::try_from(number).unwrap_or(1).max(1)
}

/// `translate()` as replacements, where none of them could change what another one wrote.
fn translated(what: &str, with: &str) -> Option<Vec<Cut>> {
    let mut targets = with.chars();
    let mut steps = Vec::new();
    let mut done = String::new();
    for letter in what.chars() {
        let target = targets.next();
        if done.contains(letter) {
            continue;
        }
        done.push(letter);
        if target == Some(letter) {
            continue;
        }
        let target = target.map(String::from).unwrap_or_default();
        steps.push(Cut::Replace(letter.to_string(), target));
    }
    let clashes = (1..).zip(&steps).any(|(next, step)| match step {
        Cut::Replace(_, with) if !with.is_empty() => steps.get(next..).is_some_and(|rest| {
            rest.iter().any(|s| matches!(s, Cut::Replace(what, _) if what == with))
        }),
        _ => false,
    });
    (!clashes && steps.len() <= 64).then_some(steps)
}
