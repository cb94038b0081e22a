use super::*;
use crate::parse::text::parse;

/// A capture with menus, a dateline, two paragraphs and a footer.
const CAPTURE: &str = "Home
  Menu
Share
Home

• Log in
• Harbour News

Ferry Strike Enters Second Week
By Mira Oduya - 4 May 2021 9:41


The ferrymen of Ostrand walked out again on Monday, and the old harbour lay still until noon.
“We have asked for a new boat since 1998,” said Jon Élan Žuk, who has steered the night ferry \
for thirty years and sees no end to the strike while the mayor is away

渡し船は今日も港に残っている。
Wird der Streik morgen enden?

1. Related stories
2. More »\u{20}
3) Privacy (c) 2021, all rights reserved
share
";

const WORDS: [i32; 16] = [1, 1, 1, 1, 2, 2, 5, 7, 17, 34, 8, 5, 2, 1, 6, 1];

/// What the features of a line are worth in [`CAPTURE`].
const EXPECTED: [(&str, [i32; 16]); 30] = [
    ("repetition", [1, 0, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]),
    ("blanks", [6, 0, 0, 1, 3, 1, 3, 2, 6, 1, 3, 1, 3, 0, 0, 2]),
    ("text_zone", [-8, -7, -6, -5, -4, -3, -2, -1, 0, 0, 1, 2, 3, 4, 5, 6]),
    (
        "capitals_near",
        [900, 916, 928, 883, 805, 700, 589, 522, 467, 522, 430, 319, 287, 303, 344, 413],
    ),
    ("ending", [6, 6, 6, 6, 6, 6, 6, 7, 1, 6, 1, 2, 6, 8, 6, 6]),
    (
        "words_share_before",
        [0, 10, 21, 31, 42, 63, 85, 138, 212, 393, 755, 840, 893, 914, 925, 989],
    ),
    ("indent", [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ("words_before", [0, 1, 2, 3, 4, 6, 8, 13, 20, 37, 71, 79, 84, 86, 87, 93]),
    (
        "lines_share_before",
        [0, 62, 125, 187, 250, 312, 375, 437, 500, 562, 625, 687, 750, 812, 875, 937],
    ),
    ("words_by_page", [3, 3, 3, 3, 10, 10, 17, 24, 31, 38, 24, 17, 10, 3, 17, 3]),
    ("since_legal", [999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 0, 1]),
    (
        "run_capitals",
        [1000, 1000, 1000, 1000, 750, 750, 785, 785, 117, 117, 200, 200, 555, 555, 555, 0],
    ),
    ("since_related", [999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 0, 0, 1, 2]),
    ("long_zone", [-8, -7, -6, -5, -4, -3, -2, -1, 0, 0, 1, 2, 3, 4, 5, 6]),
    ("chrome", [4, 4, 3, 4, 2, 0, 0, 0, 0, 0, 0, 0, 6, 6, 1, 3]),
    ("next_ending", [6, 6, 6, 6, 6, 6, 7, 1, 6, 1, 2, 6, 8, 6, 6, 10]),
    (
        "bullets_near",
        [222, 200, 181, 166, 230, 285, 333, 312, 312, 333, 357, 384, 416, 363, 300, 333],
    ),
    ("repetition_near", [600, 500, 428, 375, 333, 222, 222, 111, 0, 0, 0, 111, 125, 142, 166, 200]),
    ("previous_chrome", [0, 4, 4, 3, 4, 2, 0, 0, 0, 0, 0, 0, 0, 6, 6, 1]),
    ("next_chrome", [4, 3, 4, 2, 0, 0, 0, 0, 0, 0, 0, 6, 6, 1, 3, 0]),
    ("core_zone", [-8, -7, -6, -5, -4, -3, -2, -1, 0, 0, 1, 2, 3, 4, 5, 6]),
    ("run_lines", [4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 1]),
    ("previous_words", [0, 1, 1, 1, 1, 2, 2, 5, 7, 17, 34, 8, 5, 2, 1, 6]),
    ("words_after", [93, 92, 91, 90, 88, 86, 81, 74, 57, 23, 15, 10, 8, 7, 1, 0]),
    ("dates_near", [111, 100, 90, 83, 76, 71, 133, 125, 125, 133, 142, 153, 166, 181, 200, 222]),
    ("word_length", [40, 40, 50, 40, 30, 60, 62, 44, 54, 48, 150, 58, 75, 60, 61, 50]),
    ("page_long_share", [542; 16]),
    ("page_outcries", [62; 16]),
    ("page_lines", [16; 16]),
    ("page_words", [94; 16]),
];

fn judged(text: &str, is_open: &dyn Fn(usize) -> bool) -> verdict::Verdict {
    let document = parse(text);
    judge(&document, &Page::read(&document), Forest::of_texts(), Favor::Balance, is_open)
}

fn kept(verdict: &verdict::Verdict) -> Vec<usize> {
    (0..verdict.kept.len()).filter(|index| verdict.is_kept(*index)).collect()
}

/// Text without any chrome around it.
fn clean() -> String {
    let ships = [
        "Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan",
        "Yew",
    ];
    let paragraph = |ship: &str| {
        format!(
            "The harbour office said that the {ship} would leave at noon, and that nobody who had \
             bought a ticket for her before the strike would have to buy another one.\n\n"
        )
    };
    format!("Ferry strike ends\n\n{}", ships.map(paragraph).concat())
}

#[test]
fn features_are_those_of_the_definition() {
    let mut rows = Vec::new();
    let document = parse(CAPTURE);
    features(&document, &Forest::default(), &mut |words, values| {
        rows.push((words, values.to_vec()));
    });
    assert_eq!(rows.iter().map(|(words, _)| words.cast_signed()).collect::<Vec<_>>(), WORDS);
    for (name, expected) in EXPECTED {
        let at = feature_names().position(|known| known == name).unwrap();
        let found: Vec<i32> = rows.iter().map(|(_, values)| values[at].into()).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn paragraphs_are_kept_and_menus_are_not() {
    let kept = kept(&judged(CAPTURE, &|_| true));
    assert!(kept.contains(&8) && kept.contains(&9), "{kept:?}");
    assert!(kept.iter().all(|index| (6..12).contains(index)), "{kept:?}");
}

#[test]
fn text_without_chrome_is_kept() {
    let verdict = judged(&clean(), &|_| true);
    assert_eq!(kept(&verdict).len(), verdict.kept.len());
}

#[test]
fn degenerate_documents_are_judged() {
    for text in ["", "\n\n", "word", "– – –\n•\n***", "–\n\n–"] {
        let document = parse(text);
        assert_eq!(judged(text, &|_| true).kept.len(), document.blocks.len(), "{text:?}");
        assert_eq!(reasons(&document, &Judge::default()).len(), document.blocks.len(), "{text:?}");
    }
}

#[test]
fn lines_that_are_not_open_have_no_say_in_the_cut() {
    let text = format!("{CAPTURE}\n{}", clean());
    let (all, none) = (judged(&text, &|_| true), judged(&text, &|_| false));
    assert!(kept(&none).is_empty());
    assert_eq!(kept(&all), kept(&judged(&text, &|index| index < 999)));
}

#[test]
fn reasons_are_those_with_the_most_points() {
    let document = parse(CAPTURE);
    let reasons = reasons(&document, &Judge::default());
    assert_eq!(reasons.len(), 16);
    for line in reasons {
        let line = line.reasons.map(Option::unwrap);
        assert!(line.windows(2).all(|pair| pair[0].points.abs() >= pair[1].points.abs()));
        assert!(feature_names().any(|name| name == line[0].feature));
    }
}
