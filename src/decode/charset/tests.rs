//! Cases of `decode`: bytes written by `encoding_rs`, and what must come back.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, KOI8_R, SHIFT_JIS, UTF_16BE,
    UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1256,
};

use crate::decode::charset::{CharsetSource, Decoded, decode};

const ENGLISH: &str =
    "The mill by the river stood empty for a year.\nThen the baker’s son moved in.\n";
const FRENCH: &str = "Le vieux moulin près de la rivière était resté fermé toute l’année. Le boulanger \
    y a emménagé à l’été, où il fabriqua des pâtés réputés.\n";
const POLISH: &str = "Stary młyn nad rzeką stał pusty przez cały rok. Później wprowadził się tam \
    syn piekarza, żeby piec chleb na święta.\n";
const RUSSIAN: &str = "Старая мельница у реки стояла пустой целый год. Потом туда переехал сын \
    пекаря и стал печь хлеб.\n";
const ARABIC: &str = "بقيت الطاحونة القديمة قرب النهر خالية لمدة عام كامل. ثم انتقل إليها ابن الخباز \
    وبدأ يخبز الخبز لأهل القرية.\n";
const CHINESE: &str =
    "河边的老磨坊空了整整一年。后来面包师的儿子搬了进去,每天早上烤面包给村里的人吃。\n";
const TAIWANESE: &str =
    "河邊的老磨坊空了整整一年。後來麵包師的兒子搬了進去,每天早上烤麵包給村裡的人吃。\n";
const JAPANESE: &str = "川のそばの古い水車小屋は一年間も空き家でした。その後パン屋の息子が引っ越してきて、\
    毎朝パンを焼いています。\n";
const KOREAN: &str = "강가의 오래된 방앗간은 일 년 동안 비어 있었습니다. 그 뒤 빵집 아들이 이사 와서 \
    아침마다 빵을 굽습니다.\n";

fn bytes(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{} cannot write the text", encoding.name());
    bytes.into_owned()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

#[track_caller]
fn check(got: &Decoded, text: &str, charset: &str, source: CharsetSource) {
    assert_eq!(got.text, text);
    assert_eq!((got.charset, got.source), (charset, source));
    assert_eq!(got.replaced, 0);
}

/// Legacy encodings of prose in their languages.
fn legacy() -> Vec<(&'static Encoding, &'static str)> {
    vec![
        (WINDOWS_1252, FRENCH),
        (WINDOWS_1250, POLISH),
        (WINDOWS_1251, RUSSIAN),
        (KOI8_R, RUSSIAN),
        (WINDOWS_1256, ARABIC),
        (GB18030, CHINESE),
        (GBK, CHINESE),
        (BIG5, TAIWANESE),
        (SHIFT_JIS, JAPANESE),
        (EUC_JP, JAPANESE),
        (EUC_KR, KOREAN),
    ]
}

/// gb18030 without its four-byte characters is GBK, and the detector names KOI8-U for both of its kind.
fn detected_name(encoding: &'static Encoding) -> &'static str {
    match encoding.name() {
        "gb18030" => "GBK",
        "KOI8-R" => "KOI8-U",
        name => name,
    }
}

#[test]
fn utf8_needs_no_label() {
    check(&decode(ENGLISH.into(), None, false), ENGLISH, "UTF-8", CharsetSource::Utf8Valid);
    check(&decode(CHINESE.into(), None, true), CHINESE, "UTF-8", CharsetSource::Utf8Valid);
    check(&decode(Vec::new(), None, true), "", "UTF-8", CharsetSource::Utf8Valid);
    check(&decode(b"plain".into(), None, false), "plain", "UTF-8", CharsetSource::Utf8Valid);
}

#[test]
fn valid_utf8_is_not_copied() {
    let bytes = FRENCH.as_bytes().to_vec();
    let address = bytes.as_ptr();
    assert_eq!(decode(bytes, Some("utf-8"), false).text.as_ptr(), address);
}

#[test]
fn declared_encodings_are_believed() {
    for (encoding, text) in legacy() {
        let got = decode(bytes(encoding, text), Some(encoding.name()), false);
        check(&got, text, encoding.name(), CharsetSource::Declared);
        assert_eq!(got.wrong_declaration, None);
    }
    let got = decode(ARABIC.into(), Some("text/html; charset=\"UTF-8\"; x=y"), false);
    check(&got, ARABIC, "UTF-8", CharsetSource::Declared);
    let got = decode(bytes(SHIFT_JIS, JAPANESE), Some("cp932"), false);
    check(&got, JAPANESE, "Shift_JIS", CharsetSource::Declared);
    let got = decode(b"plain".into(), Some("iso-8859-1"), false);
    check(&got, "plain", "windows-1252", CharsetSource::Declared);
    let got = decode(bytes(ISO_2022_JP, JAPANESE), Some("iso-2022-jp"), false);
    check(&got, JAPANESE, "ISO-2022-JP", CharsetSource::Declared);
}

#[test]
fn undeclared_encodings_are_detected() {
    for (encoding, text) in legacy() {
        let got = decode(bytes(encoding, text), None, false);
        check(&got, text, detected_name(encoding), CharsetSource::Detected);
    }
    let got = decode(bytes(ISO_2022_JP, JAPANESE), None, false);
    check(&got, JAPANESE, "ISO-2022-JP", CharsetSource::Detected);
}

/// A fixed head of 15 kB sees nothing but markup here.
#[test]
fn text_after_much_markup_is_detected() {
    let markup = "<div class=\"row\"><a href=\"/list?page=1\">x</a></div>\n".repeat(4_000);
    assert!(markup.len() > 200_000);
    for (encoding, text) in legacy() {
        let mut page = markup.clone().into_bytes();
        page.extend(bytes(encoding, text));
        page.extend_from_slice(markup.as_bytes());
        let got = decode(page, None, true);
        assert_eq!(got.charset, detected_name(encoding));
        assert!(got.text.contains(text) && got.replaced == 0);
    }
}

/// The sample is a part of the bytes, cut in many places, also without any line end to cut at.
#[test]
fn long_texts_are_detected_from_a_sample() {
    for (encoding, text) in legacy() {
        for text in [text.repeat(400), text.replace('\n', "").repeat(400)] {
            let got = decode(bytes(encoding, &text), None, false);
            check(&got, &text, detected_name(encoding), CharsetSource::Detected);
        }
    }
}

#[test]
fn marks_win_over_labels_and_are_stripped() {
    let marked = |mark: &[u8], rest: Vec<u8>| [mark.to_vec(), rest].concat();
    let got = decode(marked(b"\xef\xbb\xbf", FRENCH.into()), Some("windows-1251"), false);
    check(&got, FRENCH, "UTF-8", CharsetSource::Bom);
    let got = decode(marked(b"\xff\xfe", utf16(ARABIC, false)), Some("utf-8"), true);
    check(&got, ARABIC, "UTF-16LE", CharsetSource::Bom);
    let got = decode(marked(b"\xfe\xff", utf16(CHINESE, true)), None, false);
    check(&got, CHINESE, "UTF-16BE", CharsetSource::Bom);
    let got = decode(marked(b"\xef\xbb\xbf", b"a\xffb".into()), None, false);
    assert_eq!((got.text.as_str(), got.replaced), ("a\u{fffd}b", 1));
}

#[test]
fn utf16_without_a_mark_is_seen() {
    let page = format!("<html><meta charset=utf-16><p>{CHINESE}</p></html>");
    for text in [ENGLISH, FRENCH, RUSSIAN, ARABIC, KOREAN, &page] {
        for (big, charset) in [(false, "UTF-16LE"), (true, "UTF-16BE")] {
            let got = decode(utf16(text, big), None, true);
            check(&got, text, charset, CharsetSource::Detected);
            // The label is right, but which end comes first is seen in the bytes.
            let got = decode(utf16(text, big), Some("utf-16"), true);
            check(&got, text, charset, CharsetSource::Declared);
            let got = decode(utf16(text, big), Some("utf-8"), true);
            check(&got, text, charset, CharsetSource::Detected);
            assert_eq!(got.wrong_declaration.as_deref(), Some("utf-8"));
        }
    }
    assert_eq!(UTF_16LE.name(), "UTF-16LE");
    assert_eq!(UTF_16BE.name(), "UTF-16BE");
    // Chinese without any ASCII has no NUL: only the label can tell.
    let bare = CHINESE.trim().replace(',', "，");
    let got = decode(utf16(&bare, false), Some("utf-16le"), false);
    check(&got, &bare, "UTF-16LE", CharsetSource::Declared);
}

#[test]
fn stray_nuls_are_dropped_and_make_no_utf16() {
    let got = decode(b"one\0two\0three four five six\0".into(), None, false);
    check(&got, "onetwothree four five six", "UTF-8", CharsetSource::Utf8Valid);
    assert_eq!(got.nuls_dropped, 3);
    let records = "a line of text that ends in a NUL\0".repeat(50);
    let got = decode(records.clone().into(), Some("utf-8"), false);
    check(&got, &records.replace('\0', ""), "UTF-8", CharsetSource::Declared);
}

#[test]
fn junk_labels_are_noted_and_passed_over() {
    for label in ["utf-9", "none", "iso-2022-cn", "8bit"] {
        let got = decode(FRENCH.into(), Some(label), false);
        check(&got, FRENCH, "UTF-8", CharsetSource::Utf8Valid);
        assert_eq!(got.wrong_declaration.as_deref(), Some(label));
    }
    for nothing in ["", "  ", "text/html", "text/html; charset="] {
        assert_eq!(decode(FRENCH.into(), Some(nothing), false).wrong_declaration, None);
    }
}

#[test]
fn contradicted_declarations_are_noted_and_passed_over() {
    // A header for all pages of a server, and a page that is older than the server.
    let page = format!("<meta charset=windows-1251><p>{RUSSIAN}</p>");
    let got = decode(bytes(WINDOWS_1251, &page), Some("UTF-8"), true);
    check(&got, &page, "windows-1251", CharsetSource::Meta);
    assert_eq!(got.wrong_declaration.as_deref(), Some("UTF-8"));

    for (encoding, text) in legacy() {
        for label in ["utf-8", "us-ascii"] {
            let got = decode(bytes(encoding, text), Some(label), false);
            check(&got, text, detected_name(encoding), CharsetSource::Detected);
            assert_eq!(got.wrong_declaration.as_deref(), Some(label));
        }
    }
    // The other way round: UTF-8 under a legacy label.
    for label in
        ["iso-8859-1", "windows-1256", "gbk", "shift_jis", "euc-kr", "utf-16", "iso-2022-jp"]
    {
        for text in [FRENCH, ARABIC, CHINESE] {
            let got = decode(text.into(), Some(label), false);
            check(&got, text, "UTF-8", CharsetSource::Utf8Valid);
            assert_eq!(got.wrong_declaration.as_deref(), Some(label), "{text}");
        }
    }
    // Both labels are wrong; the first is noted.
    let page = format!("<meta charset=koi8-r><p>{ARABIC}</p>");
    let got = decode(page.clone().into(), Some("windows-1256"), true);
    check(&got, &page, "UTF-8", CharsetSource::Utf8Valid);
    assert_eq!(got.wrong_declaration.as_deref(), Some("windows-1256"));
    // Russian read as Japanese is full of errors.
    let got = decode(bytes(WINDOWS_1251, RUSSIAN), Some("shift_jis"), false);
    check(&got, RUSSIAN, "windows-1251", CharsetSource::Detected);
}

#[test]
fn labels_in_the_page() {
    let gb = |label: &str| format!("<html><head>{label}</head><p>{CHINESE}</p>");
    for label in [
        "<meta charset=gb2312>",
        "<META CHARSET='GBK' />",
        "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=gb2312\">",
        "<meta content='text/html; charset = \"gbk\"; x' http-equiv=content-type>",
        "<!-- <meta charset=utf-8> --><meta charset=gbk>",
        "<!--><meta charset=gbk>",
        "<title lang='<meta charset=utf-8>'>x</title><meta name=\"a\"/charset=gbk>",
        "<meta charset=nonsense><meta charset=gbk>",
        "<meta content=\"charset=utf-8\"><meta charset=gbk>",
        "<?xml version='1.0' encoding='utf-8'?><meta charset=gbk>",
    ] {
        let page = gb(label);
        let got = decode(bytes(GBK, &page), None, true);
        check(&got, &page, "GBK", CharsetSource::Meta);
        // Not asked for: text has no labels.
        assert_eq!(decode(bytes(GBK, &page), None, false).source, CharsetSource::Detected);
    }
    let page = format!("<?xml version=\"1.0\" encoding=\"windows-1251\"?><html><p>{RUSSIAN}</p>");
    check(
        &decode(bytes(WINDOWS_1251, &page), None, true),
        &page,
        "windows-1251",
        CharsetSource::Meta,
    );
    // A page that can be read as ASCII is not UTF-16.
    let page = format!("<meta charset=utf-16le><p>{ARABIC}</p>");
    check(&decode(page.clone().into(), None, true), &page, "UTF-8", CharsetSource::Meta);
    let page = format!("<meta charset=x-user-defined><p>{FRENCH}</p>");
    check(
        &decode(bytes(WINDOWS_1252, &page), None, true),
        &page,
        "windows-1252",
        CharsetSource::Meta,
    );
    // The label stands too far down.
    let page = format!("{}<meta charset=koi8-r><p>{RUSSIAN}</p>", " ".repeat(1_024));
    check(&decode(bytes(KOI8_R, &page), None, true), &page, "KOI8-U", CharsetSource::Detected);
    // Nothing here ends.
    for page in [
        "<meta charset='utf-8",
        "<meta charset",
        "<meta",
        "<!--",
        "<a b='",
        "<",
        "<meta content=\"charset",
    ] {
        assert_eq!(decode(page.into(), None, true).text, page);
    }
}

#[test]
fn damaged_utf8_stays_utf8() {
    // Cut inside a character.
    let mut cut = ARABIC.trim_end().as_bytes().to_vec();
    cut.truncate(cut.len() - 2);
    for (label, source) in
        [(None, CharsetSource::Detected), (Some("utf-8"), CharsetSource::Declared)]
    {
        let got = decode(cut.clone(), label, false);
        assert_eq!((got.charset, got.source, got.replaced), ("UTF-8", source, 1));
        assert!(got.text.ends_with('\u{fffd}') && got.text.starts_with("بقيت"));
        assert_eq!(got.wrong_declaration, None);
    }
    // A line of another encoding inside, as from a broken template.
    let mixed = [FRENCH.repeat(5).as_bytes(), b"caf\xe9 ferm\xe9\n", FRENCH.as_bytes()].concat();
    let got = decode(mixed, None, true);
    assert_eq!((got.charset, got.source, got.replaced), ("UTF-8", CharsetSource::Detected, 2));
    // A single quotation mark of windows-1252 under a UTF-8 label is no UTF-8.
    let got = decode(b"the baker\x92s son".into(), Some("utf-8"), false);
    check(&got, "the baker’s son", "windows-1252", CharsetSource::Detected);
    let got = decode(b"caf\xe9".into(), Some("utf-8"), false);
    check(&got, "café", "windows-1252", CharsetSource::Detected);
}

#[test]
fn texts_cut_inside_a_legacy_character_keep_their_encoding() {
    for (encoding, text) in
        [(GBK, CHINESE), (SHIFT_JIS, JAPANESE), (EUC_KR, KOREAN), (BIG5, TAIWANESE)]
    {
        let mut cut = bytes(encoding, text.trim_end().trim_end_matches(['.', '。']));
        cut.pop();
        for label in [None, Some(encoding.name())] {
            let got = decode(cut.clone(), label, false);
            assert_eq!((got.charset, got.replaced), (encoding.name(), 1), "{label:?}");
        }
    }
}

#[test]
fn nonsense_is_decoded_all_the_same() {
    // Bytes that are invalid in each multi-byte encoding and rare in each single-byte one.
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24).to_be_bytes()[3] | 0x80
    })
    .take(5_000)
    .collect();
    for label in [None, Some("utf-8"), Some("gbk"), Some("utf-16be"), Some("ascii")] {
        let got = decode(noise.clone(), label, true);
        assert!(!got.text.is_empty());
        assert!(got.replaced * 5 < noise.len(), "{} {}", got.charset, got.replaced);
    }
}

/// Whatever the cut and the label: an answer, and the same one again from its own text.
#[test]
fn any_prefix_is_decoded() {
    let page = format!(
        "<?xml encoding='gbk'?><!--x--><meta http-equiv=content-type content='charset=gbk'>{CHINESE}"
    );
    for body in [bytes(GBK, &page), page.clone().into_bytes(), utf16(&page, true)] {
        for end in 0..body.len() {
            for label in [None, Some("utf-8"), Some("gbk"), Some("utf-16le"), Some("windows-1252")]
            {
                let got = decode(body[..end].to_vec(), label, true);
                let again = decode(got.text.clone().into_bytes(), Some("utf-8"), true);
                assert_eq!((again.text, again.replaced), (got.text, 0));
            }
        }
    }
}
