//! Cases of `sniff`.

use crate::decode::sniff::{Kind, NotText, sniff};

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

#[test]
fn pages_and_fragments_are_html() {
    for page in [
        "<!DOCTYPE html><html><body>x</body></html>",
        "\n\t <HTML lang=en>",
        "<head><title>x</title>",
        "<body class=a>x",
        "<script>var a = 1;</script>",
        "<!-- saved page --><div>x</div>",
        "<!-- a comment alone -->words",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<html xmlns=\"x\">",
        "<?xml version=\"1.0\"?><!-- c --><html>",
        "<div class=\"post\"><p>One paragraph.</p></div>",
        "<p>One.</p>",
        "<p>One.<p>Two.",
        "<table><tr><td>1</td></tr></table>",
        "<article><h1>Mill</h1>",
        "Mill <b>by</b> the <i>river</i>. <a href=\"/x\">More</a><br><br>",
        "\u{feff}<!doctype html>",
    ] {
        assert_eq!(sniff(page.as_bytes(), None), Ok(Kind::Html), "{page}");
        assert_eq!(sniff(page.as_bytes(), Some("txt")), Ok(Kind::Html), "{page}");
        if let Some(page) = page.strip_prefix('\u{feff}') {
            assert_eq!(sniff(page.as_bytes(), None), Ok(Kind::Html), "{page}");
        }
    }
}

#[test]
fn prose_is_text() {
    for prose in [
        "",
        " \n ",
        "The mill by the river stood empty.",
        "If a < b and b > c then a <c> d.",
        "The <div> element has no meaning of its own, while <p> marks a paragraph of text.",
        "<p> is the tag of paragraphs in HTML, and it has been so since the first version of it.",
        "From: Anna <anna@example.org>\nTo: Ben <ben@example.org>\n\nSee you at the mill.",
        "<anna> did you see the mill?\n<ben> yes\n<anna> and?",
        "MZ was the name of a motorcycle, BM of nothing.",
        "ID3 tags hold the title of a song.",
        "%PD is no format",
        "<heading> comes first, then <bodywork>.",
        "Use <b>bold</b> sparingly. It tires readers, and after a page of it nobody sees it any more, \
         which is a pity, because once it was of use.",
    ] {
        assert_eq!(sniff(prose.as_bytes(), None), Ok(Kind::Text), "{prose}");
        assert_eq!(sniff(prose.as_bytes(), Some("txt")), Ok(Kind::Text), "{prose}");
    }
}

#[test]
fn the_extension_decides_in_doubt() {
    let doubt = "The mill by the river.<br>It stood empty for a year and more, as everybody knows.";
    assert_eq!(sniff(doubt.as_bytes(), Some("HTML")), Ok(Kind::Html));
    assert_eq!(sniff(doubt.as_bytes(), None), Ok(Kind::Text));
    assert_eq!(sniff(b"No tag at all.", Some("html")), Ok(Kind::Text));
}

#[test]
fn binaries_are_named() {
    let padded = |head: &[u8]| [head, &[0, 1, 2, 3, 0, 0, 0, 0, 0xff, 7, 3]].concat();
    for (head, name) in [
        (b"%PDF-1.7\n".as_slice(), "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x1f\x8b\x08", "GZIP"),
        (b"\x7fELF\x02\x01\x01", "ELF"),
        (b"\0\0\0\x20ftypisom", "MP4"),
        (b"\0\0\0\x20ftypavif", "AVIF"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "WAV"),
        (b"wOF2\0\x01\0\0", "WOFF2"),
        (b"SQLite format 3\0", "SQLite"),
        (b"MZ\x90\0\x03", "PE"),
        (b"ID3\x04\0", "MP3"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE2"),
    ] {
        assert_eq!(sniff(&padded(head), Some("html")), Err(NotText::Binary { signature: name }));
    }
}

#[test]
fn control_bytes_are_no_text() {
    let noise: Vec<u8> = (0..4_096_u32).map(|n| (n * 97 % 251).to_le_bytes()[0]).collect();
    assert_eq!(sniff(&noise, None), Err(NotText::ControlBytes));
    assert_eq!(sniff(&[0; 512], None), Err(NotText::ControlBytes));
    // Little-endian numbers of two bytes look like UTF-16 but for their values.
    let samples: Vec<u8> = (7..2_048_u16).flat_map(|n| (n % 200).to_le_bytes()).collect();
    assert_eq!(sniff(&samples, None), Err(NotText::ControlBytes));
    // A NUL here and there is still text.
    let records = "a line of text that ends in a NUL\0".repeat(50);
    assert_eq!(sniff(records.as_bytes(), None), Ok(Kind::Text));
    assert_eq!(sniff(b"a\0b", None), Ok(Kind::Text));
    assert_eq!(sniff(b"\x1b[1mbold\x1b[0m", None), Ok(Kind::Text));
}

#[test]
fn utf16_is_no_binary() {
    let prose = "بقيت الطاحونة القديمة قرب النهر خالية لمدة عام كامل.\n";
    for big in [false, true] {
        assert_eq!(sniff(&utf16(prose, big), None), Ok(Kind::Text));
        assert_eq!(sniff(&utf16(&format!("\u{feff}{prose}"), big), None), Ok(Kind::Text));
        let page = format!("<!doctype html><p>{prose}</p>");
        assert_eq!(sniff(&utf16(&page, big), None), Ok(Kind::Html));
        assert_eq!(sniff(&utf16(&format!("\u{feff}{page}"), big), None), Ok(Kind::Html));
    }
}

#[test]
fn legacy_encodings_are_text() {
    for encoding in [
        encoding_rs::WINDOWS_1256,
        encoding_rs::KOI8_R,
        encoding_rs::SHIFT_JIS,
        encoding_rs::GBK,
        encoding_rs::ISO_2022_JP,
    ] {
        let text = match encoding.name() {
            "windows-1256" => "بقيت الطاحونة القديمة قرب النهر",
            "KOI8-R" => "Старая мельница у реки",
            _ => "川水車小屋一年間空家",
        };
        let (bytes, _, _) = encoding.encode(text);
        assert_eq!(sniff(&bytes, None), Ok(Kind::Text), "{}", encoding.name());
    }
}
