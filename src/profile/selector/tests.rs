//! Selectors, bucketed and in steps.

use super::*;

#[test]
fn the_last_part_chooses_the_bucket() {
    let of = |css: &str| bucket(css).0;
    assert_eq!(of("div.post#p1"), Bucket::Id("p1".to_owned()));
    assert_eq!(of("li.b-post"), Bucket::Class("b-post".to_owned()));
    assert_eq!(of("time[datetime]"), Bucket::Tag("time".to_owned()));
    assert_eq!(of("[data-role='a.b']"), Bucket::Attribute("data-role".to_owned()));
    assert_eq!(of(":not(.x)"), Bucket::Any);
}

#[test]
fn an_attribute_must_hold_its_needle() {
    let of = |css: &str| {
        let needle = parts(css, &[], &mut 0).unwrap().into_iter().next().unwrap().needle;
        needle.map_or_else(String::new, |needle| {
            let value = String::from_utf8_lossy(needle.value.needle()).into_owned();
            format!("{}{}{value}", needle.attribute, if needle.starts { '^' } else { '*' })
        })
    };
    assert_eq!(of("[class*='bbp-']"), "class*bbp-");
    assert_eq!(of("div > [data-x^=\"a b\"]"), "data-x^a b");
    assert_eq!(of("[class*='a'][id='b']"), "class*a");
    assert_eq!(of("p[id='a']"), "id^a");
    assert_eq!(of("meta[name='generator'][content^='Forum 3[']"), "");
    assert_eq!(of("meta[name='generator'][content^='Forum']"), "content^Forum");
    for css in ["[class*='a' i]", "[class]", "[rel='me']", "p:not([id='a'])", "p[id='a']:not(.x)"] {
        assert_eq!(of(css), "", "{css}");
    }
}

#[test]
fn each_element_gets_its_selectors() {
    let mut builder = SelectorsBuilder::default();
    let css = ["p.a, #x", "div > p", "[title*='b, c']", "p:nth-child(2)", "i"];
    for css in css {
        builder.add(css, Want::Text).unwrap();
    }
    let selectors = builder.build();
    let html =
        Html::parse_fragment("<div><p class=a>1</p><p id=x title='a b, c'>2</p></div><p>3</p>");
    let costly = selectors.costly(&html, &mut Looks::default());
    let mut found = Vec::new();
    let mut all = Vec::new();
    for element in html.select(&Selector::parse("p").unwrap()) {
        selectors.matching((element, 3), &costly, &mut Climbs::default(), &mut found);
        all.push(found.clone());
    }
    assert_eq!(all, [vec![0, 1], vec![0, 1, 2, 3], vec![3]]);
    assert!(SelectorsBuilder::default().add("p[", Want::Text).is_err());
    for css in ["script[src]", "div > svg.icon", "p, style"] {
        assert!(SelectorsBuilder::default().add(css, Want::Text).is_err(), "{css}");
    }
    assert!(SelectorsBuilder::default().add("svg-icon, .script", Want::Text).is_ok());
}

/// The text or the `id` of what a selector matches.
fn found(css: &str, page: &str) -> Vec<String> {
    let mut builder = SelectorsBuilder::default();
    builder.add(css, Want::Text).unwrap_or_else(|error| panic!("{css}: {error}"));
    let selectors = builder.build();
    let html = Html::parse_document(page);
    let costly = selectors.costly(&html, &mut Looks::default());
    let (mut all, mut matched) = (Vec::new(), Vec::new());
    for node in html.tree.nodes() {
        if let Some(element) = ElementRef::wrap(node) {
            selectors.matching((element, 3), &costly, &mut Climbs::default(), &mut matched);
            if !matched.is_empty() {
                all.push(element.attr("id").unwrap_or(&element.value().name.local).to_owned());
            }
        } else if let Some(text) = node.value().as_text()
            && !costly.of_text(node.id()).is_empty()
        {
            all.push(text.trim().to_owned());
        }
    }
    all
}

#[test]
fn steps_lead_in_any_direction() {
    let page = "<body id=body><div id=d1 class=box><h2 id=h>Related</h2><p id=p1>one <b id=b1>bold</b> two</p>\
        <p id=p2>By  Mira</p><p id=p3><a id=a1 href=x>Read more</a></p></div>\
        <div id=d2 class='top-ad header'><p id=p4>last</p>tail</div></body>";
    for (css, wanted) in [
        ("p:contains('By Mira')", "p2"),
        ("p:contains('by mira' i)", "p2"),
        ("p:starts('one')", "p1"),
        ("p:ends('two')", "p1"),
        ("h2:says('Related') ~ *", "p1 p2 p3"),
        ("h2:following-sibling(p, 2)", "p2"),
        ("h2:following-sibling(*, 1):is(p)", "p1"),
        ("h2:following-sibling(*, 1):is(b)", ""),
        ("a:parent(p)", "p3"),
        ("a:ancestor(div)", "d1"),
        ("a:ancestor(*, 2) > h2", "h"),
        ("a:preceding-sibling(p)", ""),
        ("a:preceding(p)", "p1 p2"),
        ("a:preceding(p, 1)", "p2"),
        ("h2:following(p)", "p1 p2 p3 p4"),
        ("h2:following(p, -1)", "p4"),
        ("p:nth(1)", "p1 p4"),
        ("p:nth(-1)", "p3 p4"),
        ("p:nth(2..)", "p2 p3"),
        (".box > p:nth(..-2)", "p1 p2"),
        ("p:nth-match(-1)", "p4"),
        ("p:nth-match(2..3)", "p2 p3"),
        (":is(h2, p:nth(3)):nth-match(1)", "h"),
        (":named('ad')", "d2"),
        (":named('-ad-')", "d2"),
        (":named('top-ad')", "d2"),
        (":named('head')", ""),
        ("div:named('box')", "d1"),
        (":any-attribute('x')", "a1"),
        ("div:has(> p:has(> a))", "d1"),
        ("div:has(:scope:following-sibling(div))", "d1"),
        ("p:not(:has(b), :has(a)):is(.box > *)", "p2"),
        ("p:is(h2 ~ *):nth(2)", "p2"),
        ("p:has(> ::text:nth(2):says('two'))", "p1"),
        ("p1", ""),
        ("b:descendant-or-self(*)", "b1"),
        ("#d1:child(p, 1)", "p1"),
        ("body:descendant(p, 4)", "p4"),
    ] {
        assert_eq!(found(css, page).join(" "), wanted, "{css}");
    }
    assert_eq!(found("#p1::text", page), ["one", "two"]);
    assert_eq!(found("h2 ~ p > ::text:nth(2)", page), ["two"]);
    assert_eq!(found("#d2 ::text", page), ["last", "tail"]);
    assert_eq!(found("b ~ ::text", page), ["two"]);
}

#[test]
fn bad_steps_are_refused() {
    let deep = format!("p{}b{}", ":has(".repeat(12), ")".repeat(12));
    for css in [
        "p:contains(x)",
        "p:contains('x",
        "p:nth(0)",
        "p:nth()",
        "p:ancestor()",
        "> p:nth(1)",
        "p:nth(1) >",
        "p:scope('x'):nth(1)",
        ":named('--')",
        "p:nth(1)p",
        deep.as_str(),
    ] {
        assert!(SelectorsBuilder::default().add(css, Want::Text).is_err(), "{css}");
    }
}

#[test]
fn looks_are_limited() {
    let page = format!("<body>{}</body>", "<p><i>x</i></p>".repeat(3_000));
    let mut builder = SelectorsBuilder::default();
    for at in 1..=40 {
        builder.add(&format!("i:following(p, {at}):preceding(i, -{at})"), Want::Text).unwrap();
    }
    let mut looks = Looks::default();
    builder.build().costly(&Html::parse_document(&page), &mut looks);
    assert!(looks.are_spent());
}

#[test]
fn names_with_few_letters_are_not_peculiar() {
    assert_eq!(short_name(":named('promo'), div:named('-ad-')"), Some("-ad-"));
    assert_eq!(short_name("div.ad"), None);
}
