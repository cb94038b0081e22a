//! The preview in a browser: what a person sees who points, clicks and types.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::browser::{Browser, installed};
use super::preview::HOSTILE;
use super::program::{Sandbox, root, say};

/// A browser, and previews of captures beside it. Nothing where no browser is installed: that is
/// said aloud, and is a fault where `COPYDESK_NEEDS_BROWSER` is set.
fn rig() -> Option<(Browser, Sandbox)> {
    let Some(program) = installed() else {
        let needed = std::env::var_os("COPYDESK_NEEDS_BROWSER").is_some();
        assert!(!needed, "no Chromium is installed, and COPYDESK_NEEDS_BROWSER is set");
        say("SKIPPED: no Chromium is installed: previews were not opened in a browser");
        return None;
    };
    Some((Browser::start(&program), Sandbox::new()))
}

/// Makes a preview and opens it.
fn open(browser: &mut Browser, sandbox: &Sandbox, capture: &str) {
    let path: PathBuf = sandbox.path("page.html");
    let output = path.to_str().unwrap();
    sandbox.run(&["profile", "preview", capture, "-o", output]).exits(0);
    browser.open(&path);
}

fn case(name: &str) -> String {
    root().join("fixtures").join(name).to_str().unwrap().to_owned()
}

/// Nothing went wrong in the page, and it asked for nothing but itself.
#[track_caller]
fn quiet(browser: &mut Browser) {
    browser.evaluate("1");
    assert!(browser.console.is_empty(), "{:?}", browser.console);
    assert!(browser.asked.iter().all(|url| url.starts_with("file:")), "{:?}", browser.asked);
}

/// A picture for people, where `COPYDESK_SHOTS` names a folder.
fn shot(browser: &mut Browser, name: &str) {
    let Some(folder) = std::env::var_os("COPYDESK_SHOTS").map(PathBuf::from) else { return };
    for is_dark in [false, true] {
        browser.dark(is_dark);
        let word = if is_dark { "dark" } else { "light" };
        browser.screenshot(&folder.join(format!("{name}.{word}.png")));
    }
    browser.dark(false);
}

#[test]
fn a_page_tells_and_proposes() {
    let Some((mut browser, sandbox)) = rig() else { return };
    let browser = &mut browser;
    open(browser, &sandbox, &case("xenforo/html-quotes-and-signatures/capture.html"));
    quiet(browser);
    let status = "document.getElementById('status').textContent";
    // To point at a part is to see its rule, file and line, and where it stands.
    browser.hover(".part.removed");
    let told = browser.text(status);
    assert!(told.starts_with("Removed") && told.contains("xenforo/split.thread.outside"), "{told}");
    assert!(told.contains("built-in:platform/xenforo.toml:"), "{told}");
    assert!(told.contains(" › "), "the elements around it: {told}");
    // To click one is to see the lines that would change it.
    browser.click(".part.kept");
    let snippet = "document.getElementById('snippet').textContent";
    assert!(browser.text(snippet).starts_with("[strip."), "{}", browser.text(snippet));
    assert_eq!(browser.text("document.getElementById('verb').textContent"), "Take it out");
    browser.click("#path [role=radio]:nth-child(2)");
    let lines = browser.text(snippet);
    assert!(lines.starts_with("[strip.select]\n"), "{lines}");
    shot(browser, "page");
    let effect = browser.text("document.getElementById('effect').textContent");
    assert!(effect.contains("of this capture") && effect.contains("extends xenforo"), "{effect}");
    // Its words give other lines than the elements around it.
    let count = "document.querySelectorAll('#path [role=radio]').length";
    assert!(browser.evaluate(count).as_u64().unwrap() >= 3);
    browser.click("#path [role=radio]:first-child");
    let words = browser.text(snippet);
    assert!(words.starts_with("[strip.line]\n") && words.contains("html = true"), "{words}");
    browser.click("#copy");
    let copied = "document.getElementById('copied').textContent";
    let mut said = browser.text(copied);
    for _ in 0..100 {
        if !said.is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
        said = browser.text(copied);
    }
    assert_eq!(said, "Copied.");
    // What a rule took can be kept, or the rule switched off; what lies outside cannot.
    let first = "JSON.parse(document.getElementById('facts').textContent).parts\
                 .findIndex(part => part[0] === 'removed' && part[7] === null)";
    let first = browser.evaluate(first);
    browser.click(&format!("#b{first}"));
    let lines = browser.text(snippet);
    assert!(lines.starts_with("[keep.select]\n"), "{lines}");
    let off = browser.text("document.getElementById('offlines').textContent");
    assert!(off.starts_with("[strip.") && off.ends_with(" = false\n"), "{off}");
    shot(browser, "removed");
    browser.click(".part.removed.c0");
    assert_eq!(browser.evaluate("document.getElementById('change').hidden"), true);
    assert!(browser.text("document.getElementById('stays').textContent").contains("outside"));
    // A field's line leads to its part.
    browser.click("a[data-part]");
    let same = "'b' + document.querySelector('a[data-part]').dataset.part === \
                document.activeElement.id";
    assert_eq!(browser.evaluate(same), true);
    quiet(browser);
}

#[test]
fn a_text_is_walked_by_keys_alone() {
    let Some((mut browser, sandbox)) = rig() else { return };
    let browser = &mut browser;
    open(browser, &sandbox, &case("xenforo/whole-page/capture.txt"));
    let here = "document.activeElement.id";
    // Skip links first, then the tools, then one part.
    browser.press("Tab");
    assert_eq!(browser.text("document.activeElement.className"), "skip");
    browser.press("Enter");
    assert_eq!(browser.text(here), "b0");
    let ring = "getComputedStyle(document.activeElement).outlineStyle";
    browser.press("j");
    browser.press("ArrowDown");
    assert_eq!(browser.text(here), "b2");
    assert_eq!(browser.text(ring), "solid", "the focus can be seen");
    browser.press("k");
    assert_eq!(browser.text(here), "b1");
    browser.press("n");
    let changed = browser.text(here);
    assert_ne!(changed, "b2", "the next change of fate");
    browser.press("p");
    assert_ne!(browser.text(here), changed);
    browser.press("End");
    let last = browser.text("[...document.querySelectorAll('.part')].pop().id");
    assert_eq!(browser.text(here), last);
    browser.press("Home");
    assert_eq!(browser.text(here), "b0");
    let told = browser.text("document.getElementById('status').textContent");
    assert!(told.contains("xenforo/"), "{told}");
    // Enter opens, Escape closes and leads back.
    browser.evaluate("document.querySelector('.part.kept').focus()");
    browser.press("n");
    browser.press("p");
    browser.evaluate("document.querySelector('.part.kept').click()");
    browser.press("Escape");
    let kept = browser.text(here);
    browser.press("Enter");
    assert_eq!(browser.text(here), "chosen");
    let lines = browser.text("document.getElementById('snippet').textContent");
    assert!(lines.starts_with("[strip.line]\n") && lines.contains("is = '^"), "{lines}");
    assert!(!lines.contains("html"), "{lines}");
    shot(browser, "text");
    browser.press("Escape");
    assert_eq!(browser.text(here), kept);
    assert_eq!(browser.evaluate("document.getElementById('inspector').hidden"), true);
    // The filter: what is not removed is gone, and the keys pass it over.
    let shown = "[...document.querySelectorAll('.part')].filter(p => p.offsetParent).length";
    let all = browser.evaluate(shown);
    browser.press("r");
    let removed = browser.evaluate("document.querySelectorAll('.part.removed').length");
    assert_eq!(browser.evaluate(shown), removed);
    assert_ne!(removed, all);
    assert_eq!(browser.evaluate("document.getElementById('only').ariaPressed"), "true");
    browser.press("j");
    assert!(browser.text("document.activeElement.className").contains("removed"));
    browser.press("r");
    assert_eq!(browser.evaluate(shown), all);
    // Search.
    browser.press("/");
    assert_eq!(browser.text(here), "search");
    for letter in "felt".chars() {
        browser.press(&letter.to_string());
    }
    let found = browser.text("document.getElementById('found').textContent");
    assert!(found.starts_with("1 of "), "{found}");
    browser.press("Enter");
    assert!(browser.evaluate("document.querySelectorAll('.hit').length").as_u64().unwrap() > 1);
    assert!(browser.text("document.getElementById('found').textContent").starts_with("2 of "));
    browser.press("Escape");
    assert_eq!(browser.evaluate("document.querySelectorAll('.hit').length"), 0);
    shot(browser, "search");
    browser.press("?");
    assert_eq!(browser.evaluate("document.getElementById('help').hidden"), false);
    quiet(browser);
}

#[test]
fn light_and_dark_can_both_be_read() {
    let Some((mut browser, sandbox)) = rig() else { return };
    let browser = &mut browser;
    open(browser, &sandbox, &case("wordpress/html-classic-jetpack/capture.html"));
    // The contrast of each kind of text with what lies behind it, as WCAG 2 counts it.
    let contrast = "(() => {
        const scratch = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const over = (colours) => { scratch.clearRect(0, 0, 1, 1); for (const c of colours) { \
          scratch.fillStyle = c; scratch.fillRect(0, 0, 1, 1); } \
          return [...scratch.getImageData(0, 0, 1, 1).data].slice(0, 3); };
        const light = (rgb) => { const [r, g, b] = rgb.map(v => { v /= 255; \
          return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); \
          return .2126 * r + .7152 * g + .0722 * b; };
        let worst = [99, ''];
        for (const e of document.querySelectorAll('.text, .fate, .place, h1, h2, h3, th, td, .status, button')) {
          if (!e.offsetParent || e.closest('.same') && e.className === 'fate') continue;
          const behind = [];
          for (let n = e; n; n = n.parentElement) behind.unshift(getComputedStyle(n).backgroundColor);
          const [a, b] = [light(over(behind)), light(over([...behind, getComputedStyle(e).color]))];
          const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
          if (ratio < worst[0]) worst = [ratio, e.className + ' ' + e.textContent.slice(0, 40)];
        }
        return worst;
    })()";
    let ground = "getComputedStyle(document.body).backgroundColor";
    browser.dark(false);
    let light = browser.text(ground);
    browser.click(".part.removed.c4");
    shot(browser, "judged");
    for is_dark in [false, true] {
        browser.dark(is_dark);
        let worst = browser.evaluate(contrast);
        assert!(worst[0].as_f64().unwrap() >= 4.5, "dark: {is_dark}, {worst}");
    }
    assert_ne!(browser.text(ground), light);
    quiet(browser);
}

#[test]
fn roles_and_names_are_right() {
    let Some((mut browser, sandbox)) = rig() else { return };
    let browser = &mut browser;
    open(browser, &sandbox, &case("phpbb/html-quotes-and-signatures/capture.html"));
    browser.click(".part.kept");
    browser.call("Accessibility.enable", json!({}));
    let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
    let parts = browser.evaluate("document.querySelectorAll('.part').length").as_u64().unwrap();
    // A busy browser makes the tree in several goes.
    let end = Instant::now() + Duration::from_secs(20);
    let nodes = loop {
        let tree = browser.call("Accessibility.getFullAXTree", json!({}));
        let nodes = tree["nodes"].as_array().unwrap().clone();
        let options = nodes.iter().filter(|node| role(node) == "option").count() as u64;
        if options == parts {
            break nodes;
        }
        assert!(Instant::now() < end, "{options} options, {parts} parts");
        std::thread::sleep(Duration::from_millis(50));
    };
    for node in &nodes {
        let needs = ["option", "listbox", "button", "radio", "radiogroup", "searchbox", "region"];
        if needs.contains(&role(node).as_str()) && node["ignored"] != true {
            let name = node["name"]["value"].as_str().unwrap_or_default();
            assert!(!name.is_empty(), "{node}");
        }
    }
    let reachable = "document.querySelectorAll('.part[tabindex=\"0\"]').length";
    assert_eq!(browser.evaluate(reachable), 1, "one part is reached by Tab");
    let twice = "(() => { const all = [...document.querySelectorAll('[id]')].map(e => e.id); \
                 return all.length - new Set(all).size; })()";
    assert_eq!(browser.evaluate(twice), 0, "no id stands twice");
}

#[test]
fn a_hostile_page_does_nothing() {
    let Some((mut browser, sandbox)) = rig() else { return };
    let browser = &mut browser;
    sandbox.write("nasty.html", HOSTILE);
    // A dialog would stop the page, and every answer of the browser with it.
    open(browser, &sandbox, "nasty.html");
    browser.hover(".part");
    browser.click(".part");
    browser.press("n");
    let parts = browser.evaluate("document.querySelectorAll('.part').length").as_u64().unwrap();
    for index in 0..parts {
        browser.evaluate(&format!("document.getElementById('b{index}').click()"));
    }
    let alien = "document.querySelectorAll('img, svg, iframe, object, form, [onclick], \
                 [onerror], [style], a[href]:not(.skip):not([data-part])').length";
    assert_eq!(browser.evaluate(alien), 0);
    assert_eq!(browser.evaluate("document.scripts.length"), 2);
    quiet(browser);
}

#[test]
fn twenty_thousand_blocks_can_be_worked_with() {
    let Some((mut browser, sandbox)) = rig() else { return };
    let browser = &mut browser;
    let mut page = String::from("<!doctype html><title>Long</title><body>");
    for number in 0..20_000 {
        let number = number.to_string();
        page.extend(["<p class=\"entry\">Paragraph ", &number, " of the <a href=\"/log\">log</a>"]);
        page.push_str(" of the ferry to Ostrand, which left at noon.</p>");
    }
    sandbox.write("long.html", &page);
    open(browser, &sandbox, "long.html");
    let parts = browser.evaluate("document.querySelectorAll('.part').length").as_u64().unwrap();
    assert!(parts >= 20_000, "{parts}");
    // Far from the top, and back: each within the patience of a person.
    let took = "(async () => { const begun = performance.now(); \
                for (const key of ['End', 'k', 'Home', 'j', 'r', 'r']) { \
                  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})); \
                  await new Promise(done => requestAnimationFrame(() => setTimeout(done))); } \
                return performance.now() - begun; })()";
    browser.evaluate("document.querySelector('.part').focus()");
    let took = browser.evaluate(took).as_f64().unwrap();
    assert!(took < 10_000.0, "{took} ms for six keys");
    shot(browser, "long");
    quiet(browser);
}
