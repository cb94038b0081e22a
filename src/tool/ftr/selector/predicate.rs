//! Predicates become simple selectors.

use super::position::has_position;
use super::{quoted, relative, words};
use crate::tool::ftr::cause::Cause;
use crate::tool::ftr::xpath::{Axis, Expr, NodeTest, Op, Path, Start, Step};

/// What a predicate asks of its node, as simple selectors; nothing where it always holds.
pub(super) fn predicate(expr: &Expr, texts: bool) -> Result<String, Cause> {
    match expr {
        Expr::Binary(Op::And, left, right) => {
            Ok(predicate(left, texts)? + &predicate(right, texts)?)
        }
        Expr::Binary(Op::Or, left, right) => {
            let (left, right) = (predicate(left, texts)?, predicate(right, texts)?);
            if left.is_empty() || right.is_empty() {
                return Ok(String::new());
            }
            // One list in place of lists in lists.
            let flat = |part: String| {
                let inner = part.strip_prefix(":is(").and_then(|rest| rest.strip_suffix(')'));
                let inner = inner.filter(|_| is_one(&part)).map(str::to_owned);
                inner.unwrap_or(part)
            };
            Ok(format!(":is({}, {})", flat(left), flat(right)))
        }
        Expr::Binary(op, left, right) => compare(*op, left, right, texts),
        Expr::Call(name, arguments) => call(name, arguments, texts),
        Expr::Path(path) => exists(path, texts),
        Expr::Literal(text) if !text.is_empty() => Ok(String::new()),
        Expr::Literal(_) | Expr::Number(0) => Ok(":not(*)".to_owned()),
        Expr::Union(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.push(predicate(part, texts)?);
            }
            if all.iter().any(String::is_empty) {
                return Ok(String::new());
            }
            Ok(format!(":is({})", all.join(", ")))
        }
        Expr::Number(_) => Err(Cause::NoSelector { what: "one place or another" }),
    }
}

/// Whether a text is one simple selector with brackets: they close at its end only.
fn is_one(text: &str) -> bool {
    let (mut depth, mut quote) = (0_u32, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 && at + 1 < text.len() {
                    return false;
                }
            }
            _ => {}
        }
    }
    true
}

fn call(name: &str, arguments: &[Expr], texts: bool) -> Result<String, Cause> {
    let no_way = || Cause::Function { name: name.to_owned() };
    match (name, arguments) {
        ("not", [inner]) => {
            if has_position(inner) {
                return Err(Cause::NoSelector { what: "all but one place" });
            }
            let inner = predicate(inner, texts)?;
            Ok(format!(":not({})", if inner.is_empty() { "*" } else { &inner }))
        }
        ("contains" | "starts-with" | "ends-with", [left, Expr::Literal(text)]) => {
            says(name, left, text)
        }
        ("contains" | "starts-with" | "ends-with", [_, _]) => {
            Err(Cause::NoSelector { what: "a comparison without a fixed text" })
        }
        ("contains" | "starts-with" | "ends-with", _) => {
            Err(Cause::Syntax { at: 1, what: "a function with too few or too many arguments" })
        }
        ("boolean", [inner]) => predicate(inner, texts),
        ("true", []) => Ok(String::new()),
        ("false", []) => Ok(":not(*)".to_owned()),
        ("string" | "normalize-space" | "string-length", _) => {
            let what = operand(&Expr::Call(name.to_owned(), arguments.to_vec()))?;
            equals(&what, "").map(|empty| format!(":not({empty})"))
        }
        ("count", [Expr::Path(path)]) => exists(path, texts),
        ("last" | "position", []) => Err(Cause::NoSelector { what: "one place or another" }),
        _ if is_known(name) => Err(no_way()),
        _ => Err(Cause::UnknownFunction { name: name.to_owned() }),
    }
}

/// The functions of the language that are not written here.
fn is_known(name: &str) -> bool {
    matches!(
        name,
        "id" | "lang"
            | "local-name"
            | "name"
            | "namespace-uri"
            | "concat"
            | "substring"
            | "substring-after"
            | "substring-before"
            | "translate"
            | "sum"
            | "number"
            | "floor"
            | "ceiling"
            | "round"
            | "count"
            | "not"
            | "boolean"
    )
}

/// Whether a path leads anywhere.
fn exists(path: &Path, texts: bool) -> Result<String, Cause> {
    if let (Start::Here, [step]) = (&path.start, path.steps.as_slice())
        && !step.predicates.iter().any(has_position)
        && !step.deep
    {
        let alone = |step: &Step| -> Result<String, Cause> {
            // `self::div` of a step says what `div` says.
            let path = Path {
                start: Start::Root,
                steps: vec![Step { deep: true, axis: Axis::Child, ..step.clone() }],
            };
            let found = super::of_path(&path)?;
            match found.as_slice() {
                [one] => Ok(one.css.clone()),
                _ => Err(Cause::NoSelector { what: "a condition on elements or texts" }),
            }
        };
        let is_node = step.test == NodeTest::Node && step.predicates.is_empty();
        match step.axis {
            Axis::Attribute => {
                let found = relative(path)?;
                let name = found.1.unwrap_or_default();
                return match name.as_str() {
                    "*" => Err(Cause::NoSelector { what: "any attribute" }),
                    name => Ok(format!("[{}]", super::ident(name))),
                };
            }
            Axis::Itself if is_node => return Ok(String::new()),
            Axis::Itself => return Ok(format!(":is({})", alone(step)?)),
            // What CSS can say itself it says faster.
            Axis::Parent if !texts && !is_node => return Ok(format!(":is({} > *)", alone(step)?)),
            Axis::PrecedingSibling if !texts && !is_node => {
                return Ok(format!(":is({} ~ *)", alone(step)?));
            }
            Axis::Ancestor if !texts => return Ok(format!(":is({} *)", alone(step)?)),
            _ => {}
        }
    }
    let (text, attr, _) = relative(path)?;
    match attr {
        None => Ok(format!(":has({text})")),
        Some(name) if name == "*" => Err(Cause::NoSelector { what: "any attribute" }),
        Some(name) => Ok(format!(":has({text}[{}])", super::ident(&name))),
    }
}

/// A side of a comparison.
struct Operand {
    what: What,
    /// Whether capitals do not count.
    any_case: bool,
}

enum What {
    /// The node's text.
    Text,
    /// An attribute of the node.
    Attribute(String),
    /// The value of any attribute.
    AnyAttribute,
    /// What a relative selector leads to: its text, or an attribute.
    Inside(String, Option<String>),
    /// The name of the node.
    Name,
    /// The class attribute, a space before and behind.
    Classes,
    /// The class attribute, a space before.
    ClassesOpen,
}

fn operand(expr: &Expr) -> Result<Operand, Cause> {
    let plain = |what| Ok(Operand { what, any_case: false });
    match expr {
        Expr::Path(path) => {
            if let (Start::Here, [step]) = (&path.start, path.steps.as_slice())
                && step.predicates.is_empty()
                && !step.deep
            {
                match (step.axis, &step.test) {
                    (Axis::Itself, NodeTest::Node | NodeTest::Any) => return plain(What::Text),
                    (Axis::Attribute, NodeTest::Any) => return plain(What::AnyAttribute),
                    (Axis::Attribute, NodeTest::Name(name)) => {
                        return plain(What::Attribute(name.to_lowercase()));
                    }
                    _ => {}
                }
            }
            let (text, attr, _) = relative(path)?;
            plain(What::Inside(text, attr))
        }
        Expr::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
            (
                "normalize-space" | "string" | "string-length" | "lower-case" | "upper-case",
                [one],
            ) => {
                let inner = operand(one)?;
                let any_case = inner.any_case || name.ends_with("-case");
                Ok(Operand { any_case, ..inner })
            }
            ("normalize-space" | "string" | "string-length", []) => plain(What::Text),
            ("name" | "local-name", []) => plain(What::Name),
            ("name" | "local-name", [Expr::Path(path)]) if is_here(path) => plain(What::Name),
            ("translate", [one, Expr::Literal(from), Expr::Literal(to)])
                if from.to_lowercase() == to.to_lowercase() =>
            {
                Ok(Operand { any_case: true, ..operand(one)? })
            }
            ("concat", [Expr::Literal(before), inner, rest @ ..]) if before == " " => {
                let inner = operand(inner)?;
                match (&inner.what, rest) {
                    (What::Attribute(name), [Expr::Literal(behind)])
                        if name == "class" && behind == " " =>
                    {
                        plain(What::Classes)
                    }
                    (What::Attribute(name), []) if name == "class" => plain(What::ClassesOpen),
                    (What::Attribute(name), [Expr::Literal(behind)]) if behind == " " => {
                        // The words of another attribute.
                        plain(What::Attribute(format!(" {name}")))
                    }
                    _ => Err(Cause::Function { name: name.clone() }),
                }
            }
            _ if is_known(name) => Err(Cause::Function { name: name.clone() }),
            _ => Err(Cause::UnknownFunction { name: name.clone() }),
        },
        _ => Err(Cause::NoSelector { what: "a reckoned value" }),
    }
}

fn is_here(path: &Path) -> bool {
    matches!((&path.start, path.steps.as_slice()), (Start::Here, [step]) if step.axis == Axis::Itself)
}

fn compare(op: Op, left: &Expr, right: &Expr, texts: bool) -> Result<String, Cause> {
    if matches!(left, Expr::Literal(_) | Expr::Number(_))
        && !matches!(right, Expr::Literal(_) | Expr::Number(_))
    {
        return compare(op.turned(), right, left, texts);
    }
    if let (Expr::Call(name, arguments), Expr::Number(number)) = (left, right) {
        return reckoned(op, name, arguments, *number, texts);
    }
    let value = match right {
        Expr::Literal(text) => text.clone(),
        Expr::Number(number) => number.to_string(),
        _ => return Err(Cause::NoSelector { what: "a comparison of two parts of the page" }),
    };
    if let Some(found) = ends(left, &value) {
        let found = says("ends-with", found, &value)?;
        return match op {
            Op::Equal => Ok(found),
            Op::Unequal => Ok(format!(":not({found})")),
            _ => Err(Cause::NoSelector { what: "a comparison of sizes" }),
        };
    }
    let what = operand(left)?;
    match op {
        Op::Equal => equals(&what, &value),
        Op::Unequal => match &what.what {
            What::Attribute(name) if !name.starts_with(' ') => {
                Ok(format!("[{}]:not({})", super::ident(name), equals(&what, &value)?))
            }
            What::Inside(text, None) => Ok(format!(":has({text}:not(:says({})))", quoted(&value))),
            What::Inside(text, Some(name)) => {
                let name = super::ident(name);
                Ok(format!(":has({text}[{name}]:not([{name}={}]))", quoted(&value)))
            }
            _ => Ok(format!(":not({})", equals(&what, &value)?)),
        },
        _ => Err(Cause::NoSelector { what: "a comparison of sizes" }),
    }
}

/// `count(p) > 0`, `string-length(.) = 0`
fn reckoned(
    op: Op,
    name: &str,
    arguments: &[Expr],
    number: i64,
    texts: bool,
) -> Result<String, Cause> {
    let some = matches!((op, number), (Op::More | Op::Unequal, 0) | (Op::AtLeast, 1));
    let none = matches!((op, number), (Op::Equal | Op::AtMost, 0) | (Op::Less, 1));
    if !some && !none {
        return Err(Cause::NoSelector { what: "a comparison of sizes" });
    }
    let found = match (name, arguments) {
        ("count", [Expr::Path(path)]) => exists(path, texts)?,
        ("string-length", _) => {
            let what = operand(&Expr::Call(name.to_owned(), arguments.to_vec()))?;
            format!(":not({})", equals(&what, "")?)
        }
        _ => return Err(Cause::Function { name: name.to_owned() }),
    };
    Ok(if some { found } else { format!(":not({found})") })
}

/// What `substring(X, string-length(X) - 2) = 'abc'` asks the end of.
fn ends<'e>(expr: &'e Expr, value: &str) -> Option<&'e Expr> {
    let Expr::Call(name, arguments) = expr else { return None };
    let ("substring", [what, from]) = (name.as_str(), arguments.as_slice()) else { return None };
    let (length, less) = match from {
        Expr::Binary(Op::Minus, length, less) => (&**length, &**less),
        Expr::Binary(Op::Plus, inner, one) if **one == Expr::Number(1) => match &**inner {
            Expr::Binary(Op::Minus, length, less) => {
                let Expr::Number(less) = **less else { return None };
                let is_length = matches!(&**length, Expr::Call(name, arguments)
                    if name == "string-length" && arguments.first() == Some(what));
                let letters = i64::try_from(value.chars().count()).ok()?;
                return (is_length && letters == less).then_some(what);
            }
            _ => return None,
        },
        _ => return None,
    };
    let is_length = matches!(length, Expr::Call(name, arguments)
        if name == "string-length" && arguments.first() == Some(what));
    let Expr::Number(less) = less else { return None };
    let letters = i64::try_from(value.chars().count()).ok()?;
    (is_length && letters == less + 1).then_some(what)
}

fn equals(operand: &Operand, value: &str) -> Result<String, Cause> {
    let flag = if operand.any_case { " i" } else { "" };
    let value_in_quotes = quoted(value);
    Ok(match &operand.what {
        What::Text => format!(":says({value_in_quotes}{flag})"),
        What::Attribute(name) if name.starts_with(' ') => {
            return Err(Cause::NoSelector { what: "a comparison of words" });
        }
        What::Attribute(name) if value.is_empty() => {
            // An attribute that is not there is empty to most functions.
            let name = super::ident(name);
            format!(":is([{name}=''], :not([{name}]))")
        }
        What::Attribute(name) => format!("[{}={value_in_quotes}{flag}]", super::ident(name)),
        What::AnyAttribute if !operand.any_case => format!(":any-attribute({value_in_quotes})"),
        What::Inside(text, None) => format!(":has({text}:says({value_in_quotes}{flag}))"),
        What::Inside(text, Some(name)) => {
            format!(":has({text}[{}={value_in_quotes}{flag}])", super::ident(name))
        }
        What::Name => format!(":is({})", super::ident(&value.to_lowercase())),
        What::Classes => match words(value) {
            Some(words) => words,
            None => return Err(Cause::NoSelector { what: "a comparison of words" }),
        },
        What::AnyAttribute | What::ClassesOpen => {
            return Err(Cause::NoSelector { what: "a comparison of words" });
        }
    })
}

/// `contains()`, `starts-with()`, `ends-with()`.
fn says(how: &str, left: &Expr, value: &str) -> Result<String, Cause> {
    let (sign, name) = match how {
        "contains" => ("*=", "contains"),
        "starts-with" => ("^=", "starts"),
        _ => ("$=", "ends"),
    };
    if let Expr::Literal(fixed) = left {
        // Both sides are fixed: a slip of its author, which holds always or never.
        let holds = match how {
            "contains" => fixed.contains(value),
            "starts-with" => fixed.starts_with(value),
            _ => fixed.ends_with(value),
        };
        return Ok(if holds { String::new() } else { ":not(*)".to_owned() });
    }
    if value.is_empty() {
        return Ok(String::new());
    }
    let operand = operand(left)?;
    let flag = if operand.any_case { " i" } else { "" };
    let value_in_quotes = quoted(value);
    Ok(match &operand.what {
        What::Text => format!(":{name}({value_in_quotes}{flag})"),
        What::Attribute(own) => match own.strip_prefix(' ') {
            None => format!("[{}{sign}{value_in_quotes}{flag}]", super::ident(own)),
            Some(own) => format!("[{}~={}{flag}]", super::ident(own), quoted(value.trim())),
        },
        // Of several nodes the first is asked.
        What::Inside(text, None) => {
            format!(":has({text}:nth-match(1):{name}({value_in_quotes}{flag}))")
        }
        What::Inside(text, Some(own)) => {
            format!(":has({text}[{}{sign}{value_in_quotes}{flag}])", super::ident(own))
        }
        What::Classes | What::ClassesOpen if sign == "*=" => {
            let open = !value.ends_with(' ');
            let closed = value.starts_with(' ');
            match (closed, open, value.trim()) {
                (_, _, "") => return Ok("[class]".to_owned()),
                (true, false, inner) if matches!(operand.what, What::Classes) => {
                    words(inner).unwrap_or_default()
                }
                // The beginning of a word.
                (true, true, inner) => format!(
                    ":is([class^={}], [class*={}])",
                    quoted(inner),
                    quoted(&format!(" {inner}"))
                ),
                // The end of a word.
                (false, false, inner) if matches!(operand.what, What::Classes) => format!(
                    ":is([class$={}], [class*={}])",
                    quoted(inner),
                    quoted(&format!("{inner} "))
                ),
                _ => format!("[class*={value_in_quotes}]"),
            }
        }
        What::AnyAttribute | What::Name | What::Classes | What::ClassesOpen => {
            return Err(Cause::NoSelector { what: "a comparison of words" });
        }
    })
}
