//! Real bytes in old charsets, from a file to the words of a record.

use encoding_rs::{Encoding, GB18030, KOI8_R, SHIFT_JIS, WINDOWS_1252, WINDOWS_1256};
use serde_json::{Value, json};

use super::program::Sandbox;

const FRENCH: &str = "Le vieux moulin près de la rivière était resté fermé toute l’année. Le boulanger y a \
    emménagé à l’été, où il fabriqua des pâtés réputés dans toute la région.";
const ARABIC: &str = "بقيت الطاحونة القديمة قرب النهر خالية لمدة عام كامل. ثم انتقل إليها ابن الخباز وبدأ يخبز \
    الخبز لأهل القرية كل صباح.";
const CHINESE: &str = "河边的老磨坊空了整整一年。后来面包师的儿子搬了进去,每天早上烤面包给村里的人吃。㐀是一个很少见的字。";
const JAPANESE: &str = "川のそばの古い水車小屋は一年間も空き家でした。その後パン屋の息子が引っ越してきて、\
    毎朝パンを焼いています。";
const RUSSIAN: &str = "Старая мельница у реки стояла пустой целый год. Потом туда переехал сын пекаря и стал \
    печь хлеб для всей деревни.";

fn encode(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{} cannot write the text", encoding.name());
    bytes.into_owned()
}

fn utf16(text: &str, mark: bool, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let marked = if mark { format!("\u{feff}{text}") } else { text.to_owned() };
    marked.encode_utf16().flat_map(order).collect()
}

/// Cleans bytes, with a sidecar where one is given. Gives the record.
#[track_caller]
fn clean(bytes: &[u8], sidecar: Option<Value>) -> Value {
    let sandbox = Sandbox::new();
    sandbox.write("page.txt", bytes);
    if let Some(sidecar) = sidecar {
        sandbox.write("page.txt.meta.json", sidecar.to_string());
    }
    sandbox.run(&["clean", "page.txt"]).exits(0).records().remove(0)
}

#[track_caller]
fn check(record: &Value, text: &str, charset: &str, source: &str) {
    assert_eq!(record["text"], text);
    assert_eq!(record["capture"]["charset"], charset);
    assert_eq!(record["capture"]["charset_source"], source);
}

fn warnings(record: &Value) -> Vec<&str> {
    record["warnings"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn declared_charsets_are_believed() {
    for (encoding, text) in [
        (WINDOWS_1252, FRENCH),
        (WINDOWS_1256, ARABIC),
        (GB18030, CHINESE),
        (SHIFT_JIS, JAPANESE),
        (KOI8_R, RUSSIAN),
    ] {
        let bytes = encode(encoding, text);
        let record = clean(&bytes, Some(json!({"charset": encoding.name()})));
        check(&record, text, encoding.name(), "declared");
        assert_eq!(record["capture"]["bytes"], bytes.len());
        let header = format!("text/plain; charset=\"{}\"", encoding.name());
        let record = clean(&bytes, Some(json!({"content_type": header})));
        check(&record, text, encoding.name(), "declared");
        assert_eq!(warnings(&record), Vec::<&str>::new());
    }
}

#[test]
fn undeclared_charsets_are_detected() {
    // The detector names one charset for each family that it cannot tell apart.
    for (encoding, text, name) in [
        (WINDOWS_1252, FRENCH, "windows-1252"),
        (WINDOWS_1256, ARABIC, "windows-1256"),
        (SHIFT_JIS, JAPANESE, "Shift_JIS"),
        (KOI8_R, RUSSIAN, "KOI8-U"),
    ] {
        check(&clean(&encode(encoding, text), None), text, name, "detected");
    }
    let (plain, _) = CHINESE.split_once('㐀').unwrap();
    check(&clean(&encode(GB18030, plain), None), plain, "GBK", "detected");
}

#[test]
fn utf16_is_read_with_and_without_a_mark() {
    for text in [FRENCH, ARABIC, CHINESE, RUSSIAN] {
        let little = utf16(text, true, u16::to_le_bytes);
        check(&clean(&little, None), text, "UTF-16LE", "bom");
        check(&clean(&utf16(text, true, u16::to_be_bytes), None), text, "UTF-16BE", "bom");
    }
    check(&clean(&utf16(FRENCH, false, u16::to_le_bytes), None), FRENCH, "UTF-16LE", "detected");
    check(&clean(&utf16(FRENCH, false, u16::to_be_bytes), None), FRENCH, "UTF-16BE", "detected");
}

#[test]
fn a_mark_wins_over_what_is_declared() {
    let marked = [b"\xef\xbb\xbf", ARABIC.as_bytes()].concat();
    check(&clean(&marked, Some(json!({"charset": "windows-1256"}))), ARABIC, "UTF-8", "bom");
}

#[test]
fn a_wrong_header_is_passed_over_with_a_warning() {
    let record = clean(ARABIC.as_bytes(), Some(json!({"charset": "windows-1252"})));
    check(&record, ARABIC, "UTF-8", "utf8_valid");
    assert_eq!(warnings(&record), ["wrong_charset: windows-1252"]);
    let bytes = encode(WINDOWS_1256, ARABIC);
    let record = clean(&bytes, Some(json!({"content_type": "text/plain; charset=utf-8"})));
    check(&record, ARABIC, "windows-1256", "detected");
    assert_eq!(warnings(&record), ["wrong_charset: utf-8"]);
    let record = clean(FRENCH.as_bytes(), Some(json!({"charset": "klingon"})));
    check(&record, FRENCH, "UTF-8", "utf8_valid");
    assert_eq!(warnings(&record), ["wrong_charset: klingon"]);
}

#[test]
fn broken_utf8_stays_utf8_and_is_counted() {
    let mut bytes = RUSSIAN.as_bytes().to_vec();
    bytes.extend(b" ... \xff\xfe \xd0");
    let record = clean(&bytes, None);
    assert_eq!(record["capture"]["charset"], "UTF-8");
    assert_eq!(record["capture"]["charset_source"], "detected");
    let text = record["text"].as_str().unwrap();
    assert!(text.starts_with(RUSSIAN), "{text}");
    assert_eq!(text.matches('\u{fffd}').count(), 3, "{text}");
    assert_eq!(warnings(&record), ["undecodable_bytes: 3"]);
}

#[test]
fn plain_ascii_and_utf8_need_nothing() {
    for text in ["The mill by the river stood empty for a year.", FRENCH, CHINESE] {
        let record = clean(text.as_bytes(), None);
        check(&record, text, "UTF-8", "utf8_valid");
        assert_eq!(warnings(&record), Vec::<&str>::new());
    }
}
