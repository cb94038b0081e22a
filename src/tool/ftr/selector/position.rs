//! Predicates that ask for a place: `[2]`, `[last()]`, `[position() < 4]`.

use crate::tool::ftr::cause::Cause;
use crate::tool::ftr::xpath::{Expr, Op};

/// Whether an expression asks for a place.
pub(super) fn has_position(expr: &Expr) -> bool {
    !matches!(position(expr), Ok(None))
}

/// The range of a predicate that asks for a place: `2`, `..-2`.
pub(super) fn position(expr: &Expr) -> Result<Option<String>, Cause> {
    let is_position = |expr: &Expr| is_call(expr, "position");
    match expr {
        Expr::Binary(op, left, right) if is_position(left) => range(*op, right).map(Some),
        Expr::Binary(op, left, right) if is_position(right) => range(op.turned(), left).map(Some),
        Expr::Binary(Op::And, left, right) => match (position(left)?, position(right)?) {
            (Some(one), Some(other)) => both(&one, &other).map(Some),
            (None, None) => Ok(None),
            _ => Err(Cause::NoSelector { what: "a place and something else at once" }),
        },
        Expr::Binary(Op::Or | Op::Other, left, right) => {
            if position(left)?.is_some() || position(right)?.is_some() || is_position(left) {
                return Err(Cause::NoSelector { what: "one place or another" });
            }
            Ok(None)
        }
        // Places count from 1: `[0]` is never there, and no place.
        Expr::Number(number) if *number != 0 => place(expr).map(Some),
        Expr::Binary(Op::Minus | Op::Plus, ..) => place(expr).map(Some),
        _ if is_call(expr, "last") => Ok(Some("-1".to_owned())),
        _ if is_position(expr) => Ok(Some("1..".to_owned())),
        _ => Ok(None),
    }
}

fn is_call(expr: &Expr, wanted: &str) -> bool {
    matches!(expr, Expr::Call(name, arguments) if name == wanted && arguments.is_empty())
}

/// A place: `2`, `-1` for the last, `-2` for the one before it.
fn number(expr: &Expr) -> Result<i64, Cause> {
    match expr {
        Expr::Number(number) if *number > 0 => Ok(*number),
        Expr::Binary(Op::Minus, left, right) if is_call(left, "last") => {
            let Expr::Number(less) = **right else {
                return Err(Cause::NoSelector { what: "a reckoned place" });
            };
            Ok(-1 - less.abs())
        }
        _ if is_call(expr, "last") => Ok(-1),
        _ => Err(Cause::NoSelector { what: "a reckoned place" }),
    }
}

fn place(expr: &Expr) -> Result<String, Cause> {
    number(expr).map(|at| at.to_string())
}

fn range(op: Op, right: &Expr) -> Result<String, Cause> {
    let what = "a place that there is not";
    // `position() > 0` is all.
    if matches!((op, right), (Op::More, Expr::Number(0)) | (Op::AtLeast, Expr::Number(0 | 1))) {
        return Ok("1..".to_owned());
    }
    let at = number(right)?;
    let next = |at: i64, by: i64| {
        let moved = at + by;
        if moved == 0 { Err(Cause::NoSelector { what }) } else { Ok(moved) }
    };
    match op {
        Op::Equal => Ok(at.to_string()),
        Op::More => Ok(format!("{}..", next(at, 1)?)),
        Op::AtLeast => Ok(format!("{at}..")),
        Op::Less => Ok(format!("..{}", next(at, -1)?)),
        Op::AtMost => Ok(format!("..{at}")),
        Op::Unequal if at == 1 => Ok("2..".to_owned()),
        Op::Unequal if at == -1 => Ok("..-2".to_owned()),
        _ => Err(Cause::NoSelector { what: "a reckoned place" }),
    }
}

/// `2..` and `..4` are `2..4`.
fn both(one: &str, other: &str) -> Result<String, Cause> {
    match (one.strip_suffix(".."), other.strip_prefix("..")) {
        (Some(from), Some(to)) if !from.is_empty() && !to.is_empty() => Ok(format!("{from}..{to}")),
        _ => match (other.strip_suffix(".."), one.strip_prefix("..")) {
            (Some(from), Some(to)) if !from.is_empty() && !to.is_empty() => {
                Ok(format!("{from}..{to}"))
            }
            _ => Err(Cause::NoSelector { what: "two places at once" }),
        },
    }
}
