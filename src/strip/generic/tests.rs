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

/// What the program in which the card was first trained says of [`CAPTURE`].
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

fn kept(verdict: &Verdict, lines: usize) -> Vec<usize> {
    (0..lines).filter(|index| verdict.is_kept(*index)).collect()
}

/// Text without any chrome around it.
fn clean() -> String {
    let paragraph = "The harbour office said that the ferry would leave at noon, and that nobody \
                     who had bought a ticket before the strike would have to buy another one.\n\n";
    format!("Ferry strike ends\n\n{}", paragraph.repeat(12))
}

#[test]
fn features_are_those_of_the_definition() {
    let mut rows = Vec::new();
    features(&parse(CAPTURE), &mut |words, values| rows.push((words, values.to_vec())));
    assert_eq!(feature_names().collect::<Vec<_>>(), EXPECTED.map(|(name, _)| name));
    assert_eq!(rows.iter().map(|(words, _)| words.cast_signed()).collect::<Vec<_>>(), WORDS);
    for (at, (name, expected)) in EXPECTED.iter().enumerate() {
        let found: Vec<i32> = rows.iter().map(|(_, values)| values[at]).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn paragraphs_are_kept_and_menus_are_not() {
    let verdict = classify(&parse(CAPTURE), &|_| true);
    let kept = kept(&verdict, 16);
    assert!(kept.contains(&8) && kept.contains(&9), "{kept:?}");
    assert!(kept.iter().all(|index| (6..12).contains(index)), "{kept:?}");
    assert!(verdict.probability(9) > 500 && verdict.probability(0) < 50);
}

#[test]
fn text_without_chrome_is_left_alone() {
    let document = parse(&clean());
    let verdict = classify(&document, &|_| true);
    assert!(verdict.is_left_alone(), "{verdict:?}");
    assert_eq!(kept(&verdict, document.blocks.len()).len(), document.blocks.len());
}

#[test]
fn degenerate_documents_are_judged() {
    for text in ["", "\n\n", "word", "– – –\n•\n***", "–\n\n–"] {
        let document = parse(text);
        let verdict = classify(&document, &|_| true);
        assert_eq!(verdict.probability(99), verdict.probability(99), "{text:?}");
        assert_eq!(reasons(&document, &Judge::default()).len(), document.blocks.len(), "{text:?}");
    }
}

#[test]
fn lines_that_are_not_open_have_no_say_in_the_cut() {
    let text = format!("{CAPTURE}\n{}", clean());
    let document = parse(&text);
    let all = classify(&document, &|_| true);
    let some = classify(&document, &|index| index < 16);
    assert_eq!(all.score(3), some.score(3));
    assert_eq!(all.gate_score, classify(&document, &|index| index < 999).gate_score);
    assert_ne!(all.gate_score, some.gate_score);
    let none = classify(&document, &|_| false);
    assert_eq!(none.cut.words, 0);
}

#[test]
fn reasons_add_up_with_the_rest() {
    let document = parse(CAPTURE);
    let reasons = reasons(&document, &Judge::default());
    assert_eq!(reasons.len(), 16);
    for line in reasons {
        let line = line.reasons.map(Option::unwrap);
        assert!(line.windows(2).all(|pair| pair[0].points.abs() >= pair[1].points.abs()));
        assert!(feature_names().any(|name| name == line[0].feature));
    }
}

/// Compares scores, gate and decisions with what `tests/train/train.py` wrote for the same card:
/// `LINE_DECISIONS=target/train/decisions.jsonl BENCH_DATA=… cargo test decisions_are -- --nocapture`.
#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn decisions_are_those_of_the_training() {
    let (Ok(path), Ok(data)) = (std::env::var("LINE_DECISIONS"), std::env::var("BENCH_DATA"))
    else {
        eprintln!("SKIPPED: LINE_DECISIONS and BENCH_DATA do not name the training's decisions");
        return;
    };
    let mut lines = 0;
    for row in std::fs::read_to_string(path).unwrap().lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let [kind, id] = ["kind", "id"].map(|key| row[key].as_str().unwrap());
        let page = format!("{data}/text/{kind}/wcxb-dev/{id}.txt");
        let document = parse(&String::from_utf8_lossy(&std::fs::read(&page).unwrap()));
        let verdict = classify(&document, &|_| true);
        let all = 0..document.blocks.len();
        let scores: Vec<i32> = all.clone().map(|index| verdict.score(index)).collect();
        assert_eq!(row["score"], serde_json::json!(scores), "{page}");
        let kept: Vec<u8> = all.map(|index| u8::from(verdict.is_kept(index))).collect();
        assert_eq!(row["keep"], serde_json::json!(kept), "{page}");
        assert_eq!(row["low"], verdict.cut.lowest, "{page}");
        assert_eq!(row["gate_score"], verdict.gate_score, "{page}");
        assert_eq!(row["alone"], verdict.is_left_alone(), "{page}");
        lines += scores.len();
    }
    assert!(lines > 0);
}
