//! `XPath` 1.0, as far as it is written: a tree of expressions. Nothing here runs one.

mod lex;
mod parse;

pub use parse::parse;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// A path.
    Path(Path),
    /// `'text'`.
    Literal(String),
    /// A whole number.
    Number(i64),
    /// `name(…)`.
    Call(String, Vec<Self>),
    /// Two sides and what stands between them.
    Binary(Op, Box<Self>, Box<Self>),
    /// `a | b`.
    Union(Vec<Self>),
}

/// What stands between two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `or`
    Or,
    /// `and`
    And,
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`, `div`, `mod`
    Other,
}

impl Op {
    /// What says the same with its sides exchanged.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
            other => other,
        }
    }
}

/// Steps from somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// From where.
    pub start: Start,
    /// The steps.
    pub steps: Vec<Step>,
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// `/a`
    Root,
    /// `a`
    Here,
    /// `(a)[1]`
    Filter(Box<Expr>, Vec<Expr>),
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Whether `//` stands before it.
    pub deep: bool,
    /// The direction.
    pub axis: Axis,
    /// What the nodes must be.
    pub test: NodeTest,
    /// What else must hold, one after another.
    pub predicates: Vec<Expr>,
}

/// The axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in the language")]
pub enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Parent,
    Ancestor,
    AncestorOrSelf,
    Following,
    FollowingSibling,
    Preceding,
    PrecedingSibling,
    Itself,
    Attribute,
}

impl Axis {
    /// The name in the language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Child => "child",
            Self::Descendant => "descendant",
            Self::DescendantOrSelf => "descendant-or-self",
            Self::Parent => "parent",
            Self::Ancestor => "ancestor",
            Self::AncestorOrSelf => "ancestor-or-self",
            Self::Following => "following",
            Self::FollowingSibling => "following-sibling",
            Self::Preceding => "preceding",
            Self::PrecedingSibling => "preceding-sibling",
            Self::Itself => "self",
            Self::Attribute => "attribute",
        }
    }

    /// The axis of that name.
    pub fn named(name: &str) -> Option<Self> {
        [
            Self::Child,
            Self::Descendant,
            Self::DescendantOrSelf,
            Self::Parent,
            Self::Ancestor,
            Self::AncestorOrSelf,
            Self::Following,
            Self::FollowingSibling,
            Self::Preceding,
            Self::PrecedingSibling,
            Self::Itself,
            Self::Attribute,
        ]
        .into_iter()
        .find(|axis| axis.name() == name)
    }
}

/// What a node must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeTest {
    /// `div`
    Name(String),
    /// `*`
    Any,
    /// `text()`
    Text,
    /// `node()`
    Node,
    /// `comment()`
    Comment,
}
