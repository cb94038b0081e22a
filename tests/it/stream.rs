//! `copydesk clean --stdin jsonl --stdout`: one line in, one line out.

use base64::Engine as _;
use serde_json::{Value, json};

use super::program::{ARTICLE, Sandbox, line, stream};

#[test]
fn answers_come_in_the_order_of_the_lines() {
    let sandbox = Sandbox::new();
    let input: String = (0..100)
        .map(|number| {
            let text = if number % 3 == 0 { ARTICLE } else { "Short." };
            line(&json!({"id": format!("n{number}"), "text": text}))
        })
        .collect();
    let answers = stream(&sandbox, &[], input.as_bytes());
    let ids: Vec<&str> = answers.iter().map(|answer| answer["id"].as_str().unwrap()).collect();
    assert_eq!(ids, (0..100).map(|number| format!("n{number}")).collect::<Vec<_>>());
    for answer in &answers {
        assert_eq!(answer["status"], "ok");
        assert_eq!(answer["reason"], Value::Null);
        assert_eq!(answer["records"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn each_answer_comes_before_the_next_question() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let sandbox = Sandbox::new();
    let mut command = sandbox.command();
    command.args(["clean", "--stdin", "jsonl", "--stdout"]);
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for number in 0..3 {
        questions.write_all(line(&json!({"id": number, "text": ARTICLE})).as_bytes()).unwrap();
        questions.flush().unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["id"], number);
    }
    drop(questions);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_bad_line_is_answered_and_never_fatal() {
    let sandbox = Sandbox::new();
    let both = json!({"id": "both", "text": "a", "html": "b"});
    let neither = json!({"id": "neither", "url": "https://a.example/"});
    let number = json!({"id": "number", "text": 7});
    let base = json!({"id": "base", "body_base64": "%%%"});
    let mut input = b"{\"id\": \"cut\", \"text\": \"a\n".to_vec();
    input.extend(b"[1, 2]\n\"text\"\n\xff\xfe\x00\n");
    for value in [&both, &neither, &number, &base] {
        input.extend(line(value).as_bytes());
    }
    input.extend(line(&json!({"id": "good", "text": ARTICLE})).as_bytes());
    let answers = stream(&sandbox, &[], &input);
    assert_eq!(answers.len(), 9);
    let (good, bad) = answers.split_last().unwrap();
    assert_eq!(good["status"], "ok");
    for answer in bad {
        assert_eq!(answer["status"], "rejected", "{answer}");
        assert!(answer["reason"].as_str().unwrap().starts_with("bad_line"), "{answer}");
        assert_eq!(answer["records"], json!([]), "{answer}");
    }
    let ids: Vec<&Value> = bad.iter().skip(4).map(|answer| &answer["id"]).collect();
    assert_eq!(ids, ["both", "neither", "number", "base"], "an id that can be read comes back");
}

#[test]
fn ids_come_back_as_they_were_given() {
    let sandbox = Sandbox::new();
    let ids = [json!("a"), json!(7), json!(-1.5), json!(null), json!({"n": [1]}), json!("")];
    let input: String = ids.iter().map(|id| line(&json!({"id": id, "text": ARTICLE}))).collect();
    let answers = stream(&sandbox, &[], format!("{input}{{\"text\": \"No id.\"}}\n").as_bytes());
    let found: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(found, [&ids[0], &ids[1], &ids[2], &ids[3], &ids[4], &ids[5], &Value::Null]);
    assert_eq!(answers[1]["records"][0]["capture"]["path"], "7");
}

#[test]
fn pages_and_texts_are_told_apart() {
    let sandbox = Sandbox::new();
    let html = "<!DOCTYPE html><html><body><p>A page.</p></body></html>";
    let input = line(&json!({"id": 1, "html": html}))
        + &line(&json!({"id": 2, "body_base64": base64(html.as_bytes())}))
        + &line(&json!({"id": 3, "body_base64": base64(b"%PDF-1.7\n%\xe2\xe3")}));
    let answers = stream(&sandbox, &[], input.as_bytes());
    for answer in &answers[..2] {
        assert_eq!(answer["status"], "ok");
        assert_eq!(answer["records"][0]["capture"]["kind"], "html");
    }
    assert_eq!(answers[2]["status"], "rejected");
    assert!(answers[2]["reason"].as_str().unwrap().starts_with("not_text"), "{}", answers[2]);
    assert_eq!(answers[2]["records"], json!([]));
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn bytes_are_read_by_the_charset_that_is_named() {
    let sandbox = Sandbox::new();
    let text = "Le vieux moulin près de la rivière était resté fermé toute l’année, et le boulanger y \
        a emménagé à l’été.";
    let (bytes, _, lossy) = encoding_rs::WINDOWS_1252.encode(text);
    assert!(!lossy);
    let input = line(&json!({"id": 1, "body_base64": base64(&bytes), "charset": "iso-8859-1"}))
        + &line(&json!({"id": 2, "body_base64": base64(text.as_bytes())}));
    let answers = stream(&sandbox, &[], input.as_bytes());
    let record = |at: usize| &answers[at]["records"][0];
    assert_eq!(record(0)["text"], text);
    assert_eq!(record(0)["capture"]["charset"], "windows-1252");
    assert_eq!(record(0)["capture"]["charset_source"], "declared");
    assert_eq!(record(0)["capture"]["bytes"], bytes.len());
    assert_eq!(record(1)["text"], text);
    assert_eq!(record(1)["capture"]["charset"], "UTF-8");
}

#[test]
fn hints_stand_in_the_line() {
    let sandbox = Sandbox::new();
    let value = json!({
        "id": "x", "text": ARTICLE, "url": "https://www.news.example/a?b=c",
        "fetched_at": "2026-11-20", "profile": "wordpress", "shard": 4,
    });
    let answers = stream(&sandbox, &[], line(&value).as_bytes());
    let record = &answers[0]["records"][0];
    assert_eq!(record["url"], "https://www.news.example/a?b=c");
    assert_eq!(record["fetched_at"], "2026-11-20");
    assert_eq!(record["profile"]["id"], "wordpress");
    assert_eq!(record["extra"], json!({"shard": 4}));
}

#[test]
fn the_stream_never_compares_captures() {
    let sandbox = Sandbox::new();
    let input =
        line(&json!({"id": 1, "text": ARTICLE})) + &line(&json!({"id": 2, "text": ARTICLE}));
    for answer in stream(&sandbox, &[], input.as_bytes()) {
        assert_eq!(answer["records"][0]["duplicate_of"], Value::Null);
    }
}

#[test]
fn timing_adds_microseconds_of_each_stage() {
    let sandbox = Sandbox::new();
    let input = line(&json!({"id": 1, "text": ARTICLE}));
    let answer = &stream(&sandbox, &["--timing"], input.as_bytes())[0];
    let micros = answer["micros"].as_object().unwrap();
    for stage in ["decode", "parse", "identify", "strip", "split", "annotate"] {
        assert!(micros.get(stage).is_some_and(Value::is_u64), "{stage}: {micros:?}");
    }
    assert!(stream(&sandbox, &[], input.as_bytes())[0].get("micros").is_none());
}

#[test]
fn lines_may_be_empty_or_end_without_a_line_feed() {
    let sandbox = Sandbox::new();
    let one = json!({"id": 1, "text": "One."}).to_string();
    let two = json!({"id": 2, "text": "Two."}).to_string();
    let answers = stream(&sandbox, &[], format!("\n{one}\r\n\n\r\n{two}").as_bytes());
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids, [1, 2]);
    assert_eq!(stream(&sandbox, &[], b""), Vec::<Value>::new());
}

#[test]
fn a_capture_over_the_limit_is_rejected_and_the_next_is_read() {
    let sandbox = Sandbox::new();
    // The first is over the limit; the second is over what a line of any capture could take.
    let large = line(&json!({"id": "large", "text": "word ".repeat((1 << 20) / 5 + 1)}));
    let endless = line(&json!({"id": "endless", "text": "word ".repeat(8 << 20 >> 2)}));
    let good = line(&json!({"id": "good", "text": ARTICLE}));
    let input = format!("{large}{endless}{good}");
    let answers = stream(&sandbox, &["--max-capture-mib", "1"], input.as_bytes());
    assert_eq!(answers.len(), 3);
    assert!(answers[0]["reason"].as_str().unwrap().starts_with("too_large"), "{}", answers[0]);
    assert_eq!(answers[1]["status"], "rejected");
    assert_eq!((&answers[2]["id"], &answers[2]["status"]), (&json!("good"), &json!("ok")));
}

#[test]
fn more_output_can_be_asked_for() {
    let sandbox = Sandbox::new();
    let input = line(&json!({"id": 1, "text": ARTICLE}));
    let answer = &stream(&sandbox, &["--with", "markdown,html"], input.as_bytes())[0];
    assert!(answer["records"][0]["markdown"].is_string());
    assert!(answer["records"][0]["html"].is_string());
}
