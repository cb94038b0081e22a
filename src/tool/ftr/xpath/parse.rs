//! Tokens become a tree.

use super::lex::{Placed, Token, lex};
use super::{Axis, Expr, NodeTest, Op, Path, Start, Step};
use crate::tool::ftr::cause::Cause;

/// Deepest nesting of brackets; the deepest of 6,000 expressions is 6.
const MAX_DEPTH: usize = 24;

/// Parses an expression.
///
/// # Errors
/// [`Cause::Syntax`].
pub fn parse(text: &str) -> Result<Expr, Cause> {
    let tokens = lex(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, joined: 0 };
    let expr = parser.binary(0)?;
    match parser.tokens.get(parser.at) {
        None => Ok(expr),
        Some(_) => Err(parser.fault("something behind the end")),
    }
}

/// Most operators of an expression, since each one nests the tree.
const MAX_JOINED: usize = 200;

struct Parser<'t> {
    tokens: &'t [Placed],
    at: usize,
    depth: usize,
    joined: usize,
}

/// The binary signs by how loosely they bind.
const LEVELS: [&[(&str, Op)]; 5] = [
    &[("or", Op::Or)],
    &[("and", Op::And)],
    &[("=", Op::Equal), ("!=", Op::Unequal)],
    &[("<", Op::Less), ("<=", Op::AtMost), (">", Op::More), (">=", Op::AtLeast)],
    &[
        ("+", Op::Plus),
        ("-", Op::Minus),
        ("times", Op::Other),
        ("div", Op::Other),
        ("mod", Op::Other),
    ],
];

impl Parser<'_> {
    fn fault(&self, what: &'static str) -> Cause {
        let at = self.tokens.get(self.at).or(self.tokens.last()).map_or(1, |(_, at)| *at);
        Cause::Syntax { at, what }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn is_next(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(next)) if *next == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is_next = self.is_next(sign);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, sign: &str, what: &'static str) -> Result<(), Cause> {
        if self.take(sign) { Ok(()) } else { Err(self.fault(what)) }
    }

    fn binary(&mut self, level: usize) -> Result<Expr, Cause> {
        let Some(signs) = LEVELS.get(level) else { return self.union() };
        let mut left = self.binary(level + 1)?;
        while let Some((_, op)) = signs.iter().find(|(sign, _)| self.is_next(sign)) {
            self.at += 1;
            self.joined += 1;
            if self.joined > MAX_JOINED {
                return Err(self.fault("too many parts"));
            }
            let right = self.binary(level + 1)?;
            left = Expr::Binary(*op, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn union(&mut self) -> Result<Expr, Cause> {
        let mut parts = vec![self.path()?];
        while self.take("|") {
            parts.push(self.path()?);
        }
        match parts.len() {
            1 => parts.pop().ok_or_else(|| self.fault("nothing")),
            _ => Ok(Expr::Union(parts)),
        }
    }

    fn path(&mut self) -> Result<Expr, Cause> {
        if self.take("-") {
            let right = Box::new(self.deeper(Self::path)?);
            return Ok(Expr::Binary(Op::Minus, Box::new(Expr::Number(0)), right));
        }
        let start = match self.peek() {
            Some(Token::Sign("/" | "//")) => Start::Root,
            Some(Token::Sign("(") | Token::Literal(_) | Token::Number(_)) => {
                return self.filter();
            }
            Some(Token::Name(name)) if self.is_call() && !is_node_type(name) => {
                return self.filter();
            }
            Some(_) => Start::Here,
            None => return Err(self.fault("an expression is missing")),
        };
        let steps = self.steps(matches!(start, Start::Here))?;
        Ok(Expr::Path(Path { start, steps }))
    }

    fn is_call(&self) -> bool {
        matches!(self.tokens.get(self.at + 1), Some((Token::Sign("("), _)))
    }

    /// A text, a number, a call or brackets, and what is done with it.
    fn filter(&mut self) -> Result<Expr, Cause> {
        let inner = match self.peek().cloned() {
            Some(Token::Literal(text)) => {
                self.at += 1;
                Expr::Literal(text)
            }
            Some(Token::Number(number)) => {
                self.at += 1;
                Expr::Number(number)
            }
            Some(Token::Name(name)) => {
                self.at += 2;
                Expr::Call(name, self.arguments()?)
            }
            _ => {
                self.expect("(", "an expression is missing")?;
                let inner = self.deeper(|parser| parser.binary(0))?;
                self.expect(")", "`)` is missing")?;
                inner
            }
        };
        let predicates = self.predicates()?;
        let goes_on = self.is_next("/") || self.is_next("//");
        if predicates.is_empty() && !goes_on {
            return Ok(inner);
        }
        let steps = if goes_on { self.steps(false)? } else { Vec::new() };
        Ok(Expr::Path(Path { start: Start::Filter(Box::new(inner), predicates), steps }))
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, Cause> {
        let mut found = Vec::new();
        if self.take(")") {
            return Ok(found);
        }
        loop {
            found.push(self.deeper(|parser| parser.binary(0))?);
            if !self.take(",") {
                break;
            }
        }
        self.expect(")", "`)` is missing")?;
        Ok(found)
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Cause>) -> Result<T, Cause> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fault("brackets inside brackets go too deep"));
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn steps(&mut self, from_here: bool) -> Result<Vec<Step>, Cause> {
        let mut steps = Vec::new();
        if from_here {
            steps.push(self.step(false)?);
        }
        loop {
            let deep = self.take("//");
            if !deep && !self.take("/") {
                return Ok(steps);
            }
            steps.push(self.step(deep)?);
        }
    }

    fn step(&mut self, deep: bool) -> Result<Step, Cause> {
        let mut step =
            Step { deep, axis: Axis::Child, test: NodeTest::Node, predicates: Vec::new() };
        if self.take(".") {
            step.axis = Axis::Itself;
        } else if self.take("..") {
            step.axis = Axis::Parent;
        } else {
            if self.take("@") {
                step.axis = Axis::Attribute;
            } else if let Some(Token::Name(name)) = self.peek()
                && matches!(self.tokens.get(self.at + 1), Some((Token::Sign("::"), _)))
            {
                step.axis = Axis::named(name).ok_or_else(|| self.fault("no axis"))?;
                self.at += 2;
            }
            step.test = self.node_test()?;
        }
        step.predicates = self.predicates()?;
        Ok(step)
    }

    fn node_test(&mut self) -> Result<NodeTest, Cause> {
        if self.take("*") {
            return Ok(NodeTest::Any);
        }
        let Some(Token::Name(name)) = self.peek().cloned() else {
            return Err(self.fault("the name of an element is missing"));
        };
        if !self.is_call() {
            self.at += 1;
            return Ok(NodeTest::Name(name));
        }
        let test = match name.as_str() {
            "text" => NodeTest::Text,
            "node" => NodeTest::Node,
            "comment" => NodeTest::Comment,
            _ => return Err(self.fault("a function where an element is meant")),
        };
        self.at += 2;
        self.expect(")", "`)` is missing")?;
        Ok(test)
    }

    fn predicates(&mut self) -> Result<Vec<Expr>, Cause> {
        let mut found = Vec::new();
        while self.take("[") {
            found.push(self.deeper(|parser| parser.binary(0))?);
            self.expect("]", "`]` is missing")?;
        }
        Ok(found)
    }
}

fn is_node_type(name: &str) -> bool {
    matches!(name, "text" | "node" | "comment" | "processing-instruction")
}
