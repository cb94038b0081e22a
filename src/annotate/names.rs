//! Names of authors and agencies, taken apart.

use crate::model::record::Author;

/// Splits a byline (`Anna Berg and Luis Prado`) into authors.
pub fn authors(byline: &str) -> Vec<Author> {
    let byline = byline.trim_matches([' ', ',', ';', '.', '-', '–', '—', '|']);
    let parts: Vec<&str> = byline.split(", ").flat_map(|part| part.split(" and ")).collect();
    let parts = if parts.len() > 1 && parts.iter().all(|part| is_name(part)) {
        parts
    } else {
        vec![byline]
    };
    parts
        .into_iter()
        .map(|name| name.trim_start_matches("and ").trim())
        .filter(|name| !name.is_empty())
        .map(|name| Author { name: name.to_owned(), url: None })
        .collect()
}

/// Two to four words that begin with a capital, particles aside.
fn is_name(text: &str) -> bool {
    let mut capitals = 0;
    for word in text.trim_start_matches("and ").split(' ') {
        if word.chars().next().is_some_and(char::is_uppercase) {
            capitals += 1;
        } else if word.chars().count() > 3 {
            return false;
        }
    }
    (2..=4).contains(&capitals)
}

/// Splits a list of agencies (`AFP, AP, and dpa`).
pub fn agencies(list: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in list.split([',', '/', ';', '&']).flat_map(|part| part.split(" and ")) {
        let name = part.trim().trim_start_matches("and ").trim_matches(['.', ' ', '(', ')']);
        if !name.is_empty() && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_are_taken_apart_only_where_each_part_is_a_name() {
        let names = |byline| {
            authors(byline).into_iter().map(|author| author.name).collect::<Vec<_>>().join("|")
        };
        assert_eq!(names("Mira Oduya,"), "Mira Oduya");
        assert_eq!(names("Mira Oduya and Jan de Wit"), "Mira Oduya|Jan de Wit");
        assert_eq!(names("Mira Oduya, Jan de Wit and Li Bo"), "Mira Oduya|Jan de Wit|Li Bo");
        assert_eq!(names("Mira Oduya, political editor"), "Mira Oduya, political editor");
        assert_eq!(names("Search and rescue"), "Search and rescue");
    }

    #[test]
    fn agencies_are_listed_once() {
        assert_eq!(agencies("AFP, AP, and dpa"), ["AFP", "AP", "dpa"]);
        assert_eq!(agencies("Reuters and AFP"), ["Reuters", "AFP"]);
        assert_eq!(agencies("AFP/AFP"), ["AFP"]);
    }
}
