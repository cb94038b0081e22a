//! The order of a page's own dates, told from all of them: where one post is of `12-23-2024`, the
//! others are not of the 12th of a 23rd month.

use super::{Reading, read};
use crate::model::date::{DateOptions, DateOrder};

/// Options for dates that one program wrote in one page: with the only order, of month and day,
/// in which all of them are dates. Unchanged where both orders will do, or none.
pub fn infer<'t>(
    dates: &(impl Iterator<Item = &'t str> + Clone),
    options: DateOptions,
) -> DateOptions {
    let reads = |text: &str, options: &DateOptions| read(text, options, None);
    let ambiguous = dates.clone().any(|text| reads(text, &options) == Reading::Ambiguous);
    if options.order.is_some() || !ambiguous {
        return options;
    }
    let orders = || dates.clone().filter_map(order_of);
    let order = match (
        orders().any(|order| order == DateOrder::Mdy),
        orders().any(|order| order == DateOrder::Dmy),
    ) {
        (true, false) => Some(DateOrder::Mdy),
        (false, true) => Some(DateOrder::Dmy),
        _ => None,
    };
    DateOptions { order, ..options }
}

/// The order that a date of figures can only be in: one of its first two numbers is no month.
fn order_of(text: &str) -> Option<DateOrder> {
    let mut numbers = text
        .trim_start()
        .split(['-', '/', '.'])
        .map(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>());
    let (first, second) = (numbers.next()?, numbers.next()?);
    if first.len() > 2 || second.len() > 2 || numbers.next()?.len() < 2 {
        return None;
    }
    match (first.parse::<u8>().ok()?, second.parse::<u8>().ok()?) {
        (1..=12, 13..=31) => Some(DateOrder::Mdy),
        (13..=31, 1..=12) => Some(DateOrder::Dmy),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_date_tells_the_order_of_all() {
        let of = |dates: &[&str]| infer(&dates.iter().copied(), DateOptions::default()).order;
        assert_eq!(of(&["12-01-2024, 04:23 AM", "12-23-2024, 07:51 PM"]), Some(DateOrder::Mdy));
        assert_eq!(of(&["01-12-2024, 04:23 AM", "23-12-2024, 07:51 PM"]), Some(DateOrder::Dmy));
        assert_eq!(of(&["05-11-2009, 08:14 PM", "05-12-2009, 07:01 AM"]), None);
        assert_eq!(of(&["13-01-2024", "01-13-2024", "01-02-2024"]), None);
        assert_eq!(of(&["2024-01-02", "yesterday"]), None);
    }
}
