//! `copydesk profile new`: drafts learnt from sites that these tests make up.

use std::fmt::Write as _;

use super::program::{Sandbox, root};

/// Words that sentences are made of: nouns, verbs, places.
const NOUNS: [&str; 12] = [
    "harbour", "orchard", "mill", "ferry", "school", "market", "bridge", "choir", "lantern",
    "museum", "railway", "bakery",
];
const VERBS: [&str; 8] =
    ["opened", "closed", "repaired", "painted", "sold", "praised", "visited", "moved"];
const PLACES: [&str; 8] =
    ["Ostrand", "Vellby", "Reedham", "Halfaya", "Marsk", "Tollund", "Kirkwater", "Aldermoor"];

/// Words between them.
const MORE: [&str; 40] = [
    "slowly", "again", "green", "forty", "before", "winter", "quietly", "narrow", "seven", "amber",
    "together", "stubborn", "early", "wooden", "twice", "gentle", "under", "silver", "never",
    "crooked", "summer", "almost", "heavy", "spotted", "often", "salty", "alone", "distant",
    "nearly", "copper", "loudly", "muddy", "always", "painted", "rarely", "hollow", "later",
    "patient", "still", "windy",
];

/// A sentence that only this number gives: hardly three words in a row stand in another one.
fn sentence(number: usize) -> String {
    let mut seed = number as u64 + 17;
    let mut pick = |list: &[&'static str]| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list[(seed >> 33) as usize % list.len()]
    };
    format!(
        "In {} the {} {} was {} {} by the {} {} of {}, which {} {} had {} {}, and the {} {} of the {} \
         {} it {} for {} {} years.",
        pick(&PLACES),
        pick(&MORE),
        pick(&NOUNS),
        pick(&MORE),
        pick(&VERBS),
        pick(&MORE),
        pick(&NOUNS),
        pick(&PLACES),
        pick(&MORE),
        pick(&NOUNS),
        pick(&MORE),
        pick(&VERBS),
        pick(&MORE),
        pick(&NOUNS),
        pick(&NOUNS),
        pick(&VERBS),
        pick(&MORE),
        pick(&MORE),
        pick(&MORE),
    )
}

/// Paragraphs that only this page has.
fn paragraphs(page: usize, count: usize) -> Vec<String> {
    let line = |part: usize| {
        let first = page * 1000 + part * 10;
        format!("{} {}", sentence(first), sentence(first + 3))
    };
    (0..count).map(line).collect()
}

fn title(page: usize) -> String {
    let noun = NOUNS[(page * 5) % NOUNS.len()];
    let place = PLACES[(page * 3) % PLACES.len()];
    format!("The {noun} of {place} and Its {page} Keepers")
}

/// A page of a newspaper without a platform.
fn news(page: usize) -> String {
    let mut text = String::new();
    for paragraph in paragraphs(page, 5) {
        writeln!(text, "<p>{paragraph}</p>").unwrap();
    }
    let (title, other, day) = (title(page), title(page + 20), 10 + page);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>{title} | Kelp Gazette</title>\
         <meta property=\"og:site_name\" content=\"Kelp Gazette\">\
         <meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"article:published_time\" content=\"2024-05-{day}T08:00:00Z\">\
         <meta name=\"author\" content=\"Mira Oduya\"></head><body>\
         <div class=\"top-menu\"><a href=\"/\">Kelp Gazette</a> <a href=\"/a\">Harbour news</a> \
         <a href=\"/b\">Weather at sea</a> <a href=\"/c\">Letters</a></div>\
         <div class=\"wrap\"><div class=\"story\"><h1 class=\"story-head\">{title}</h1>\
         <div class=\"story-by\">By Mira Oduya</div><time class=\"story-day\" \
         datetime=\"2024-05-{day}\">{day} May 2024</time><div class=\"story-text\">{text}</div></div>\
         <div class=\"more-stories\"><h4>More from the harbour</h4>\
         <a href=\"/x\">{other}</a></div></div>\
         <div class=\"site-foot\"><p>The Kelp Gazette is printed on paper that was an apple crate \
         before, and delivered by bicycle.</p><a href=\"/i\">Imprint and privacy</a></div>\
         </body></html>"
    )
}

/// A page of a forum without a platform.
fn forum(page: usize) -> String {
    let members = ["Old Rudder", "wave_44", "Marit", "Kelpie", "tollkeeper"];
    let mut posts = String::new();
    for post in 0..4 {
        let member = members[(page + post) % members.len()];
        let text = paragraphs(page * 10 + post, 2).join("</p><p>");
        writeln!(
            posts,
            "<div class=\"talk-item\"><div class=\"talk-side\"><span class=\"member-name\">{member}\
             </span> <i>Deckhand</i></div><div class=\"talk-main\"><time class=\"talk-when\" \
             datetime=\"2024-03-{:02}T10:0{post}:00Z\">March {}, 2024</time>\
             <div class=\"talk-text\"><p>{text}</p></div><a href=\"#\">Answer</a></div></div>",
            10 + page,
            10 + page,
        )
        .unwrap();
    }
    format!(
        "<!DOCTYPE html><html><head><title>{0} - Rope and Tar</title></head><body>\
         <div class=\"head-bar\"><a href=\"/\">Rope and Tar</a> <a href=\"/new\">New talks</a> \
         <a href=\"/in\">Come aboard</a></div><h1>{0}</h1><div class=\"talk\">{posts}</div>\
         <div class=\"foot-bar\">Rope and Tar sails on software of its own.</div></body></html>",
        title(page)
    )
}

/// A text of a newspaper, as a scraper flattens it.
fn flat(page: usize) -> String {
    let mut text = String::from(
        "Tollund Telegraph | All the news that drifts ashore\n\n  • Home\n  • Politics at sea\n  \
         • Fish prices\n  • Obituaries\n  • Sign in to your account\n\n",
    );
    write!(text, "{}\n\nBy Nadia Ferrant\n\nMay {}, 2024\n\n", title(page), 10 + page).unwrap();
    for paragraph in paragraphs(page, 6) {
        write!(text, "{paragraph}\n\n").unwrap();
    }
    write!(
        text,
        "Read more from the Telegraph\n\n  • {}\n  • {}\n\nThe Tollund Telegraph is owned by its \
         readers and their boats.\n\n© 2024 Tollund Telegraph\n",
        title(page + 30),
        title(page + 40)
    )
    .unwrap();
    text
}

/// A forum's text, as a scraper flattens it.
fn flat_forum(page: usize) -> String {
    let members = ["Old Rudder", "wave_44", "Marit", "Kelpie", "tollkeeper"];
    let mut text = format!("{} | Rope and Tar forum\n\nNew talks\nCome aboard\n\n", title(page));
    for post in 0..4 {
        write!(
            text,
            "{}\n\nJoined\nMay {}, 2019\nPosts\n{}\n{} March 2024\n\n{}\n\n",
            members[(page * 3 + post) % members.len()],
            28 - (post * 7 + page) % 20,
            100 * post + page,
            10 + post,
            paragraphs(page * 10 + post, 2).join("\n\n"),
        )
        .unwrap();
    }
    text + "You have to come aboard before you can answer here\n"
}

/// A thread as `XenForo` 2 writes it.
fn xenforo(page: usize) -> String {
    let mut posts = String::new();
    for post in 0..3 {
        let number = page * 10 + post;
        writeln!(
            posts,
            "<article class=\"message message--post js-post\" data-author=\"Sailor {post}\" \
             id=\"js-post-{number}\"><div class=\"message-inner\"><div class=\"message-cell \
             message-cell--user\"><section class=\"message-user\"><h4 class=\"message-name\">\
             Sailor {post}</h4><h5 class=\"userTitle\">Deckhand</h5></section></div><div \
             class=\"message-cell message-cell--main\"><header class=\"message-attribution\"><time \
             datetime=\"2024-02-0{}T10:00:00+0000\">Feb {}, 2024</time></header><div \
             class=\"message-content\"><article class=\"message-body\"><div class=\"bbWrapper\">{}\
             </div></article></div><footer class=\"message-footer\">Reply</footer></div></div>\
             </article>",
            post + 1,
            post + 1,
            sentence(number + 500),
        )
        .unwrap();
    }
    format!(
        "<!DOCTYPE html><html id=\"XF\" data-app=\"public\"><head><title>{0} | Bilge Talk</title>\
         <link rel=\"canonical\" href=\"https://bilge.example/threads/{page}/\"></head>\
         <body data-xf-init=\"x\"><div class=\"p-body\"><h1 class=\"p-title-value\">{0}</h1>\
         <div class=\"block-body js-replyNewMessageContainer\">{posts}</div></div></body></html>",
        title(page)
    )
}

/// A sandbox with pages 1 to `count` of a site.
fn site(page: fn(usize) -> String, ending: &str, count: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    for number in 1..=count {
        sandbox.write(&format!("in/page-{number}.{ending}"), page(number));
    }
    sandbox
}

/// Lines of a draft that are neither blank nor comments.
fn lines(draft: &str) -> Vec<&str> {
    draft.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

/// The draft for a host, which lint likes and whose cases can be blessed.
#[track_caller]
fn draft(sandbox: &Sandbox, host: &str) -> String {
    let id = host.replace('.', "-");
    let answer = sandbox.run(&["profile", "new", host, "--from", "in", "--out", "out"]).exits(0);
    assert!(answer.out.contains(&format!("profile test {id} --bless")), "{}", answer.out);
    let draft = sandbox.read(&format!("out/{id}.toml"));
    assert!(draft.contains("\ndraft   = true\n"), "{draft}");
    let lint = sandbox.run(&["profile", "lint", "out"]);
    assert_eq!(lint.out.trim(), "0 errors, 0 warnings", "{draft}");
    let test = ["profile", "test", &id, "--profiles", "out", "--fixtures", "out/fixtures"];
    sandbox.run(&test).exits(1);
    sandbox.run(&[&test[..], &["--bless"]].concat()).exits(0);
    sandbox.run(&test).exits(0);
    draft
}

/// Compares a draft with the one in the folder of expected drafts. `BLESS_DRAFTS=1` writes it.
#[track_caller]
fn golden(name: &str, draft: &str) {
    let path = root().join("tests/it/drafts").join(name);
    if std::env::var_os("BLESS_DRAFTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, draft).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(known, draft, "{}: BLESS_DRAFTS=1 writes it", path.display());
}

/// The records of a capture with the drafts of a folder.
#[track_caller]
fn cleaned(sandbox: &Sandbox, name: &str, text: &str, id: &str) -> Vec<serde_json::Value> {
    sandbox.write(name, text);
    sandbox
        .run(&["clean", name, "--stdout", "--profiles", "out", "--profile", id])
        .exits(0)
        .records()
}

#[test]
fn a_newspaper() {
    let sandbox = site(news, "html", 4);
    let draft = draft(&sandbox, "kelp.example");
    golden("newspaper.toml", &draft);
    for part in [".top-menu", ".site-foot", ".story-head", ".story-by", ".story-day"] {
        assert!(draft.contains(part), "{part} in\n{draft}");
    }
    let records = cleaned(&sandbox, "new.html", &news(9), "kelp-example");
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["text"].as_str().unwrap(), paragraphs(9, 5).join("\n\n"));
    assert_eq!(records[0]["title"], title(9));
    assert_eq!(records[0]["authors"][0]["name"], "Mira Oduya");
    assert_eq!(records[0]["published_at"].as_str().unwrap().get(..10), Some("2024-05-19"));
    // Without the page's own data the places in the text are asked.
    let mut bare = String::new();
    for part in news(9).split_inclusive('>').filter(|part| !part.starts_with("<meta")) {
        bare.push_str(part);
    }
    let records = cleaned(&sandbox, "bare.html", &bare, "kelp-example");
    assert_eq!(records[0]["title"], title(9));
    assert_eq!(records[0]["authors"][0]["name"], "Mira Oduya");
    assert_eq!(records[0]["published_at"], "2024-05-19");
}

#[test]
fn a_forum_that_no_platform_fits() {
    let sandbox = site(forum, "html", 4);
    let draft = draft(&sandbox, "rope.example");
    golden("forum.toml", &draft);
    let records = cleaned(&sandbox, "new.html", &forum(8), "rope-example");
    let posts: Vec<_> = records.iter().filter(|record| record["type"] == "post").collect();
    assert_eq!(posts.len(), 4, "{draft}");
    for (number, post) in posts.iter().enumerate() {
        assert_eq!(post["text"].as_str().unwrap(), paragraphs(80 + number, 2).join("\n\n"));
        assert!(post["posted_by"].is_string(), "{post}");
        assert_eq!(post["published_at"].as_str().unwrap(), format!("2024-03-18T10:0{number}:00Z"));
    }
}

#[test]
fn texts() {
    let sandbox = site(flat, "txt", 5);
    let draft = draft(&sandbox, "tollund.example");
    golden("texts.toml", &draft);
    assert!(draft.contains("[[match]]\ntext = "), "{draft}");
    let records = cleaned(&sandbox, "new.txt", &flat(9), "tollund-example");
    let text = records[0]["text"].as_str().unwrap();
    for line in paragraphs(9, 6) {
        assert!(text.contains(&line), "{line} in {text}");
    }
    for chrome in ["Fish prices", "Sign in", "Read more", "owned by its readers", "©"] {
        assert!(!text.contains(chrome), "{chrome} in {text}\n{draft}");
    }
}

#[test]
fn texts_of_a_forum() {
    let sandbox = site(flat_forum, "txt", 4);
    let draft = draft(&sandbox, "rope.example");
    golden("forum-texts.toml", &draft);
    let records = cleaned(&sandbox, "new.txt", &flat_forum(8), "rope-example");
    let posts: Vec<_> = records.iter().filter(|record| record["type"] == "post").collect();
    assert_eq!(posts.len(), 4, "{draft}");
    for (number, post) in posts.iter().enumerate() {
        let text = post["text"].as_str().unwrap();
        assert!(text.starts_with(&paragraphs(80 + number, 2).join("\n\n")), "{text}\n{draft}");
        assert!(post["posted_by"].is_string(), "{post}");
        assert_ne!(post["published_at"].as_str().unwrap_or("2024").get(..4), Some("2019"));
    }
}

#[test]
fn a_forum_of_a_known_platform_takes_ten_lines() {
    let sandbox = site(xenforo, "html", 3);
    let draft = draft(&sandbox, "bilge.example");
    golden("xenforo.toml", &draft);
    assert!(lines(&draft).len() <= 10, "{draft}");
    assert!(
        draft.contains("extends = \"xenforo\"") && draft.contains("9 have an author"),
        "{draft}"
    );
    sandbox.write("new.html", xenforo(7));
    let answer = sandbox.run(&["clean", "new.html", "--stdout", "--profiles", "out"]).exits(0);
    let records = answer.records();
    assert_eq!(records[0]["profile"]["id"], "bilge-example");
    let posts: Vec<_> = records.iter().filter(|record| record["type"] == "post").collect();
    assert_eq!(posts.len(), 3);
    for (number, post) in posts.iter().enumerate() {
        assert_eq!(post["text"], sentence(570 + number));
        assert_eq!(post["posted_by"], format!("Sailor {number}"));
        let moment = format!("2024-02-0{}T10:00:00+00:00", number + 1);
        assert_eq!(post["published_at"].as_str().unwrap().replace('Z', "+00:00"), moment);
    }
}

#[test]
fn the_order_of_arguments_changes_nothing() {
    let sandbox = site(news, "html", 5);
    let names: Vec<String> = (1..=5).map(|number| format!("in/page-{number}.html")).collect();
    let new = |out: &str, names: Vec<&str>| {
        let words = ["profile", "new", "kelp.example", "--out", out, "--from"];
        sandbox.run(&[&words[..], &names].concat()).exits(0);
        sandbox.read(&format!("{out}/kelp-example.toml"))
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let first = new("one", names.clone());
    assert_eq!(first, new("two", names.iter().rev().copied().collect()));
    assert_eq!(first, new("three", vec!["in"]));
}

#[test]
fn nothing_is_overwritten() {
    let sandbox = site(news, "html", 3);
    let words = ["profile", "new", "kelp.example", "--from", "in", "--out", "out"];
    sandbox.run(&words).exits(0);
    let before = sandbox.read("out/kelp-example.toml");
    let answer = sandbox.run(&words).exits(2);
    assert!(answer.err.contains("is there already"), "{}", answer.err);
    assert_eq!(sandbox.read("out/kelp-example.toml"), before);
    std::fs::remove_file(sandbox.path("out/kelp-example.toml")).unwrap();
    sandbox.run(&words).exits(2);
    assert!(!sandbox.path("out/kelp-example.toml").exists());
}

#[test]
fn nothing_is_used_before_a_person_moves_it() {
    let sandbox = site(news, "html", 3);
    sandbox.run(&["profile", "new", "https://www.Kelp.example/news", "--from", "in"]).exits(0);
    assert!(sandbox.config("copydesk/drafts/kelp-example.toml").is_file());
    assert!(!sandbox.run(&["profile", "list"]).exits(0).out.contains("kelp-example"));
    let own = sandbox.config("copydesk/profiles");
    std::fs::create_dir_all(&own).unwrap();
    let draft = sandbox.config("copydesk/drafts/kelp-example.toml");
    std::fs::rename(draft, own.join("kelp-example.toml")).unwrap();
    assert!(sandbox.run(&["profile", "list"]).exits(0).out.contains("kelp-example"));
    // Straight into the folder that is in use: then that is said.
    for number in 1..=3 {
        sandbox.write(&format!("flat/page-{number}.txt"), flat(number));
    }
    let words = ["profile", "new", "tollund.example", "--from", "flat", "--out"];
    let answer = sandbox.run(&[&words[..], &[own.to_str().unwrap()]].concat()).exits(0);
    assert!(answer.out.contains("it is used from now on"), "{}", answer.out);
}

#[test]
fn two_captures_are_too_few_and_a_page_twice_is_one() {
    let sandbox = site(news, "html", 2);
    let words = ["profile", "new", "kelp.example", "--from", "in", "--out", "out"];
    let answer = sandbox.run(&words).exits(2);
    assert!(answer.err.contains("need 1 more"), "{}", answer.err);
    sandbox.write("in/again.html", news(1).replace("Letters", "Letters (3)"));
    let answer = sandbox.run(&words).exits(2);
    assert!(answer.err.contains("need 1 more"), "{}", answer.err);
    assert!(
        answer.err.contains("`page-1.html` shows the page of `again.html` again"),
        "{}",
        answer.err
    );
    assert!(!sandbox.path("out").exists());
    sandbox.write("in/page-3.html", news(3));
    let answer = sandbox.run(&words).exits(0);
    assert!(answer.out.contains("learnt from 3 captures"), "{}", answer.out);
}

#[test]
fn what_is_no_host_or_no_capture_is_said() {
    let sandbox = site(news, "html", 3);
    let answer = sandbox.run(&["profile", "new", "kelp example", "--from", "in"]).exits(2);
    assert!(answer.err.contains("is no host"), "{}", answer.err);
    sandbox.run(&["profile", "new", "kelp.example"]).exits(2);
    sandbox.run(&["profile", "new", "kelp.example", "--from", "nowhere"]).exits(74);
}
