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
    let of = |css: &str| parts(css, &[], &mut 0).unwrap().into_iter().next().unwrap().needle;
    assert_eq!(of("[class*='bbp-']").as_deref(), Some("bbp-"));
    assert_eq!(of("div > [data-x^=\"a b\"]").as_deref(), Some("a b"));
    assert_eq!(of("[class*='a'][id='b']").as_deref(), Some("a"));
    for css in ["[class*='a' i]", "[class]", "[rel='me']", "p[id='a']"] {
        assert_eq!(of(css), None, "{css}");
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
