//! Paths become selectors of the profile language.
//!
//! A path is read from left to right, as the language's own selectors are: each step is a
//! combinator or a pseudo-class with the name of its axis, each predicate a simple selector.

mod position;
mod predicate;
mod quote;

use super::cause::Cause;
use super::xpath::{Axis, Expr, NodeTest, Path, Start, Step};
use position::{has_position, position};
use predicate::predicate;
pub(super) use quote::{ident, quoted, words};

/// What a path selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selected {
    /// The elements or texts.
    pub(super) css: String,
    /// The attribute in place of the text.
    pub(super) attr: Option<String>,
    /// The name that the elements must have, in lower case, where the last step gives one.
    pub(super) name: Option<String>,
    /// Whether it selects texts.
    pub(super) texts: bool,
    /// Names of elements on the way that a page does not have, unless they are kept.
    pub(super) on_the_way: Vec<String>,
}

/// What stands for `comment()`: comments are no part of a page.
pub(super) const COMMENT: &str = "comment()";

/// What an expression selects, in alternatives.
pub(super) fn selected(expr: &Expr) -> Result<Vec<Selected>, Cause> {
    match expr {
        Expr::Path(path) => of_path(path),
        Expr::Union(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(selected(part)?);
            }
            Ok(all)
        }
        // `id('main')/p`
        Expr::Call(name, arguments) if name == "id" => {
            let [Expr::Literal(id)] = arguments.as_slice() else {
                return Err(Cause::Function { name: name.clone() });
            };
            let css = format!("[id={}]", quoted(id));
            Ok(vec![Selected { css, attr: None, name: None, texts: false, on_the_way: Vec::new() }])
        }
        Expr::Call(name, _) => Err(Cause::Function { name: name.clone() }),
        Expr::Literal(_) | Expr::Number(_) | Expr::Binary(..) => Err(Cause::NoElement),
    }
}

fn of_path(path: &Path) -> Result<Vec<Selected>, Cause> {
    let Start::Filter(inner, predicates) = &path.start else {
        // A path that begins nowhere begins at the root, as ftr asks it.
        return walk(Walked { fresh: true, ..Walked::default() }, &path.steps);
    };
    let mut list = selected(inner)?;
    if list.iter().any(|one| one.attr.is_some()) && !(path.steps.is_empty() && list.len() == 1) {
        return Err(Cause::NoSelector { what: "steps or places behind attributes" });
    }
    // One list, so that places count all of it.
    let attr = list.first().and_then(|one| one.attr.clone());
    let names =
        list.iter().flat_map(|one| one.on_the_way.clone().into_iter().chain(one.name.clone()));
    let on_the_way = names.collect();
    let texts = list.iter().all(|one| one.texts);
    let name = if list.len() == 1 { list.first().and_then(|one| one.name.clone()) } else { None };
    let css = if list.len() == 1 {
        list.pop().map(|one| one.css).unwrap_or_default()
    } else {
        let all: Vec<&str> = list.iter().map(|one| one.css.as_str()).collect();
        format!(":is({})", all.join(", "))
    };
    let mut walked = Walked { text: css, fresh: false, texts, name, on_the_way };
    for expr in predicates {
        match position(expr)? {
            Some(range) => walked.text.extend([":nth-match(", &range, ")"]),
            None => walked.text.push_str(&predicate(expr, texts)?),
        }
    }
    let mut found = walk(walked, &path.steps)?;
    if let (Some(attr), [one]) = (attr, found.as_mut_slice()) {
        one.attr = Some(attr);
    }
    Ok(found)
}

/// The way so far.
#[derive(Debug, Clone, Default)]
struct Walked {
    text: String,
    /// Whether nothing was matched yet.
    fresh: bool,
    texts: bool,
    name: Option<String>,
    on_the_way: Vec<String>,
}

fn walk(mut walked: Walked, steps: &[Step]) -> Result<Vec<Selected>, Cause> {
    for (at, step) in steps.iter().enumerate() {
        let is_last = at + 1 == steps.len();
        if walked.texts && !matches!(step.axis, Axis::Itself) && !is_upwards(step.axis) {
            return Err(Cause::NoSelector { what: "steps that begin at a text" });
        }
        if step.axis == Axis::Attribute {
            if !is_last {
                return Err(Cause::NoSelector { what: "steps that begin at an attribute" });
            }
            return attribute(walked, step).map(|one| vec![one]);
        }
        if step.test == NodeTest::Comment {
            let css = COMMENT.to_owned();
            let on_the_way = walked.on_the_way;
            return Ok(vec![Selected { css, attr: None, name: None, texts: false, on_the_way }]);
        }
        // `node()` is elements and texts.
        if is_last
            && step.test == NodeTest::Node
            && step.axis != Axis::Itself
            && !is_upwards(step.axis)
        {
            let mut both = Vec::new();
            for test in [NodeTest::Any, NodeTest::Text] {
                if !step.predicates.is_empty() {
                    return Err(Cause::NoSelector { what: "places among elements and texts" });
                }
                let mut one = walked.clone();
                one.step(&Step { test, ..step.clone() })?;
                both.push(one.into());
            }
            return Ok(both);
        }
        if step.test == NodeTest::Node && step.predicates.iter().any(has_position) {
            return Err(Cause::NoSelector { what: "places among elements and texts" });
        }
        walked.step(step)?;
    }
    if walked.fresh {
        return Err(Cause::NoSelector { what: "the document itself" });
    }
    Ok(vec![walked.into()])
}

impl From<Walked> for Selected {
    fn from(walked: Walked) -> Self {
        Self {
            css: walked.text,
            attr: None,
            name: walked.name,
            texts: walked.texts,
            on_the_way: walked.on_the_way,
        }
    }
}

fn is_upwards(axis: Axis) -> bool {
    matches!(axis, Axis::Parent | Axis::Ancestor | Axis::AncestorOrSelf)
}

/// The last step to an attribute.
fn attribute(mut walked: Walked, step: &Step) -> Result<Selected, Cause> {
    let (name, test) = match &step.test {
        NodeTest::Name(name) => (name.to_lowercase(), format!("[{}]", ident(&name.to_lowercase()))),
        NodeTest::Any if step.predicates.is_empty() => ("*".to_owned(), String::new()),
        _ => return Err(Cause::NoSelector { what: "attributes without a name" }),
    };
    if step.predicates.iter().any(|predicate| position(predicate).ok().flatten().is_none()) {
        return Err(Cause::NoSelector { what: "conditions behind an attribute" });
    }
    match (walked.fresh, step.deep) {
        (true, true) => walked.text = if test.is_empty() { "*".to_owned() } else { test },
        (false, true) => {
            let test = if test.is_empty() { "*" } else { &test };
            walked.text.extend([":descendant-or-self(", test, ")"]);
        }
        (true, false) => return Err(Cause::NoSelector { what: "the document itself" }),
        // An element without the attribute has no value: it is passed over.
        (false, false) => {}
    }
    if step.deep {
        walked.name = None;
    }
    Ok(Selected { attr: Some(name), ..walked.into() })
}

impl Walked {
    fn step(&mut self, step: &Step) -> Result<(), Cause> {
        let Some((test, name)) = test(&step.test)? else {
            return Err(Cause::NoSelector { what: "a comment on the way" });
        };
        let texts = step.test == NodeTest::Text;
        let mut axis = step.axis;
        if axis == Axis::Itself {
            return self.itself(step, &test, name);
        }
        if step.deep && axis != Axis::Child && axis != Axis::Descendant {
            let all = if self.fresh { "*" } else { ":descendant-or-self(*)" };
            self.text.push_str(all);
            self.fresh = false;
        }
        if self.fresh && !matches!(axis, Axis::Child | Axis::Descendant | Axis::DescendantOrSelf) {
            return Err(Cause::NoSelector { what: "what stands around the document" });
        }
        // `//p[2]` counts children; `descendant::p[2]` counts all.
        let counts = step.predicates.iter().any(has_position);
        if axis == Axis::Descendant && step.deep {
            axis = Axis::Child;
            if counts {
                return Err(Cause::NoSelector { what: "places among all inside all" });
            }
        }
        if axis == Axis::DescendantOrSelf && self.fresh {
            axis = Axis::Descendant;
        }
        let inside = step.deep || axis == Axis::Descendant;
        match axis {
            Axis::Child | Axis::Descendant if !(axis == Axis::Descendant && counts) => {
                let compound = compound(&test, &step.predicates, texts)?;
                match (self.fresh, inside) {
                    (true, true) => self.text.push_str(&compound),
                    (true, false) if name.as_deref() == Some("html") => {
                        self.text.push_str(&compound);
                    }
                    (true, false) => self.text.extend([":root:is(", &compound, ")"]),
                    (false, true) => self.text.extend([" ", &compound]),
                    (false, false) if compound == "::text" && self.is_open() => {
                        self.text.push_str("::text");
                    }
                    (false, false) => self.text.extend([" > ", &compound]),
                }
            }
            Axis::FollowingSibling if !counts => {
                let compound = compound(&test, &step.predicates, texts)?;
                self.text.extend([" ~ ", &compound]);
            }
            _ => self.along(axis, &test, step, texts)?,
        }
        self.arrive(name, texts);
        Ok(())
    }

    /// Whether a pseudo-element can stand directly behind.
    fn is_open(&self) -> bool {
        !self.texts && !self.text.ends_with([' ', '>', '~'])
    }

    fn arrive(&mut self, name: Option<String>, texts: bool) {
        self.on_the_way.extend(self.name.take());
        self.name = name;
        self.texts = texts;
        self.fresh = false;
    }

    /// A step with the name of its axis: `:ancestor(p, 1)`.
    fn along(&mut self, axis: Axis, test: &str, step: &Step, texts: bool) -> Result<(), Cause> {
        let place = step.predicates.iter().position(has_position).unwrap_or(step.predicates.len());
        let (before, rest) = step.predicates.split_at(place);
        let list = compound(test, before, texts)?;
        let mut rest = rest.iter();
        let range = rest.next().map(position).transpose()?.flatten();
        if place < step.predicates.len() && range.is_none() {
            return Err(Cause::NoSelector { what: "a place and something else at once" });
        }
        let range = range.map(|range| format!(", {range}")).unwrap_or_default();
        if self.fresh {
            return Err(Cause::NoSelector { what: "what stands around the document" });
        }
        self.text.extend([":", axis.name(), "(", &list, &range, ")"]);
        for expr in rest {
            if has_position(expr) {
                return Err(Cause::NoSelector { what: "places among places" });
            }
            self.text.push_str(&predicate(expr, texts)?);
        }
        Ok(())
    }

    /// `self::div`, `.`
    fn itself(&mut self, step: &Step, test: &str, name: Option<String>) -> Result<(), Cause> {
        let any = matches!(step.test, NodeTest::Any | NodeTest::Node);
        if step.predicates.iter().any(has_position) {
            return Err(Cause::NoSelector { what: "a place of one" });
        }
        if step.deep {
            let compound = compound(test, &step.predicates, self.texts)?;
            let text =
                if self.fresh { compound } else { format!(":descendant-or-self({compound})") };
            self.text.push_str(&text);
            self.arrive(name, false);
            return Ok(());
        }
        if self.fresh {
            return if any {
                Ok(())
            } else {
                Err(Cause::NoSelector { what: "the document itself" })
            };
        }
        if !any {
            self.text.extend([":is(", test, ")"]);
            self.name = name.or(self.name.take());
        }
        for expr in &step.predicates {
            self.text.push_str(&predicate(expr, self.texts)?);
        }
        Ok(())
    }
}

/// A relative path inside a predicate, for `:has(…)`; and the attribute that it ends at.
fn relative(path: &Path) -> Result<(String, Option<String>, bool), Cause> {
    if path.start != Start::Here {
        return Err(Cause::NoSelector { what: "a condition on another part of the page" });
    }
    let mut steps = path.steps.as_slice();
    let mut walked = Walked::default();
    // `.//a`, `./a`
    while let [first, rest @ ..] = steps
        && first.axis == Axis::Itself
        && matches!(first.test, NodeTest::Node | NodeTest::Any)
        && first.predicates.is_empty()
        && !first.deep
        && !rest.is_empty()
    {
        steps = rest;
    }
    let Some(first) = steps.first() else {
        return Err(Cause::NoSelector { what: "a condition without a path" });
    };
    let counts = first.predicates.iter().any(has_position);
    let inwards = matches!(first.axis, Axis::Child | Axis::Descendant);
    if !inwards || counts && first.axis == Axis::Descendant {
        walked.text.push_str(":scope");
    } else {
        // A list in `:has()` leads inside by itself.
        let mut one = Walked { fresh: true, ..Walked::default() };
        one.step(&Step { deep: true, ..first.clone() })?;
        let inside = first.deep || first.axis == Axis::Descendant;
        let text = if inside { one.text } else { format!("> {}", one.text) };
        walked = Walked { text, fresh: false, ..one };
        steps = steps.get(1..).unwrap_or_default();
    }
    if steps.is_empty() {
        return Ok((walked.text, None, walked.texts));
    }
    let found = walk(walked, steps)?;
    match found.as_slice() {
        [one] if one.css != COMMENT => Ok((one.css.clone(), one.attr.clone(), one.texts)),
        _ => Err(Cause::NoSelector { what: "a condition on elements or texts" }),
    }
}

/// A node test as a type selector, and the name that it asks for.
fn test(test: &NodeTest) -> Result<Option<(String, Option<String>)>, Cause> {
    Ok(Some(match test {
        NodeTest::Name(name) if name.contains(':') => {
            return Err(Cause::NoSelector { what: "a namespace" });
        }
        NodeTest::Name(name) => {
            let name = name.to_lowercase();
            (ident(&name), Some(name))
        }
        NodeTest::Any | NodeTest::Node => ("*".to_owned(), None),
        NodeTest::Text => ("::text".to_owned(), None),
        NodeTest::Comment => return Ok(None),
    }))
}

/// A test with its predicates, in order.
fn compound(test: &str, predicates: &[Expr], texts: bool) -> Result<String, Cause> {
    let mut found = String::new();
    for expr in predicates {
        match position(expr)? {
            Some(range) => found.extend([":nth(", &range, ")"]),
            None => found.push_str(&predicate(expr, texts)?),
        }
    }
    // `*` says nothing beside something else.
    Ok(if test == "*" && !found.is_empty() { found } else { format!("{test}{found}") })
}
