//! Pages that were made to hurt: for `tests/it/hostile.rs`, which holds that each ends in records
//! and loses nothing, and `tests/bench/hostile.rs`, which prints what each costs.
//!
//! `zorn` stands in each page where a reader would see it, and nowhere else: so many of them as
//! the markup holds must stand in the blocks.

use std::fmt::Write as _;

/// The word that must not be lost.
pub(crate) const WORD: &str = "zorn";

/// A hostile page.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// How often the page repeats what hurts.
    pub(crate) full: usize,
    /// The same where a build without optimisation must be done with it soon.
    pub(crate) small: usize,
    pub(crate) build: fn(usize) -> String,
    /// The profile, where it is not the one that fits.
    pub(crate) profile: Option<&'static str>,
    /// The limits that the page meets, and no others: at full size, and at the small one.
    pub(crate) limits: [&'static [&'static str]; 2],
}

const fn case(name: &'static str, sizes: (usize, usize), build: fn(usize) -> String) -> Case {
    Case { name, full: sizes.0, small: sizes.1, build, profile: None, limits: [&[], &[]] }
}

impl Case {
    const fn meets(mut self, limits: &'static [&'static str]) -> Self {
        self.limits = [limits, limits];
        self
    }

    const fn meets_at_full_size(mut self, limits: &'static [&'static str]) -> Self {
        self.limits = [limits, &[]];
        self
    }

    const fn by(mut self, profile: &'static str) -> Self {
        self.profile = Some(profile);
        self
    }
}

const DEEP: &[&str] = &["html_too_deep"];
const NODES: &[&str] = &["html_too_many_nodes"];
const COSTLY: &[&str] = &["html_too_costly"];
const NOSCRIPTS: &[&str] = &["html_too_many_noscripts"];
const CLIMBS: &[&str] = &["selectors_too_costly"];
const CUT: &[&str] = &["html_attributes_cut"];

const TAIL: &str = "<p>And behind it all zorn stands, as it did before anybody came.</p>";

/// A page around some markup, with something to lose behind it.
fn page(body: &str) -> String {
    format!(
        "<!doctype html><html><head><title>Ostrand</title></head><body>{body}{TAIL}</body></html>"
    )
}

fn repeated(part: &str, count: usize) -> String {
    page(&part.repeat(count))
}

/// `part` with numbers in place of `#`.
fn numbered(part: &str, count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        text.push_str(&part.replace('#', &number.to_string()));
    }
    text
}

fn nested(open: &str, inside: &str, close: &str, count: usize) -> String {
    page(&[&open.repeat(count), inside, &close.repeat(count)].concat())
}

fn headed(head: &str) -> String {
    format!(
        "<!doctype html><html><head><title>Ostrand</title>{head}</head><body>{TAIL}</body></html>"
    )
}

/// Words of about so many bytes.
fn prose(bytes: usize) -> String {
    let sentence = "The ferry to Ostrand left an hour late with forty crates of pears and zorn. ";
    sentence.repeat(bytes / sentence.len() + 1)
}

fn article(bytes: usize) -> String {
    let mut body = String::new();
    while body.len() < bytes {
        let number = body.len();
        let text = prose(600);
        write!(
            body,
            "<div class=\"row r{number}\"><h2 id=\"h{number}\">Crates {number}</h2>\
             <p class=\"text\">{text}<a href=\"/p/{number}\">pears</a> and <em>more</em></p>\
             <ul class=\"list\"><li><a href=\"/a\">One</a></li><li><a href=\"/b\">Two</a></li></ul>\
             <script>var a = \"{number}\";</script></div>"
        )
        .unwrap_or_default();
    }
    page(&body)
}

/// A page of a forum.
fn forum(posts: &str) -> String {
    format!(
        "<!doctype html><html id=\"XF\" data-app=\"public\" data-template=\"thread_view\"><head>\
         <title>Hinges</title></head><body data-xf-init=\"x\"><h1 class=\"p-title-value\">Hinges\
         </h1>{posts}{TAIL}</body></html>"
    )
}

fn post(number: usize, body: &str) -> String {
    format!(
        "<article class=\"message message--post js-post\" data-author=\"ada{number}\" id=\"p{number}\">\
         <div class=\"message-userDetails\"><h4 class=\"message-name\">ada{number}</h4></div>\
         <header class=\"message-attribution\"><time datetime=\"2024-05-01T10:00:00Z\">May 1</time>\
         <a href=\"/post-{number}\">#{number}</a></header><div class=\"message-content\">\
         <div class=\"message-userContent\"><div class=\"bbWrapper\">{body}</div></div></div></article>"
    )
}

/// Elements far down that selectors such as `.p-description .username` name in their last part.
fn class_deep(count: usize) -> String {
    let many = "<i class=\"bbWrapper username tagItem\">zorn</i>".repeat(count);
    forum(&[post(1, "zorn"), "<div>".repeat(480), many, "</div>".repeat(480)].concat())
}

fn posts(count: usize) -> String {
    let mut all = String::new();
    for number in 0..count {
        let quote = format!("<div class=\"bbCodeBlock--quote\">What of {}?</div>", number / 2);
        all.push_str(&post(number, &format!("{quote}zorn of hinge {number} squeaks no more.")));
    }
    forum(&all)
}

fn json_ld(json: &str) -> String {
    headed(&format!("<script type=\"application/ld+json\">{json}</script>"))
}

/// A page that shows no post, and has some in its data.
fn told(posts: &str) -> String {
    let topic = format!(r#"{{\"title\":\"Hinges\",\"post_stream\":{{\"posts\":[{posts}{{}}]}}}}"#);
    let data = format!(r#"{{"topic_1":"{topic}"}}"#).replace('"', "&quot;");
    format!(
        "<!doctype html><html><head><title>Hinges</title><meta name=generator content=\"Discourse\">\
         </head><body><div data-preloaded=\"{data}\">zorn</div>{TAIL}</body></html>"
    )
}

fn attributes(count: usize) -> String {
    page(&format!("<p {}>zorn</p>", numbered("a# ", count)))
}

/// Nesting of exactly so many levels, with text behind it for another look at the counts.
fn depth(count: usize) -> String {
    let wide = format!("<p>{}</p>", prose(6_000));
    // The root and the body are two levels of their own.
    page(&[&"<div>".repeat(count - 2), "zorn", &"</div>".repeat(count - 2), &wide].concat())
}

/// All cases. Those of one kind stand together.
pub(crate) const CASES: &[Case] = &[
    // Nesting.
    case("nestdiv", (100_000, 3_000), |n| nested("<div>", "zorn", "</div>", n)).meets(DEEP),
    case("nestdiv_noclose", (100_000, 3_000), |n| repeated("<div>zorn", n)).meets(DEEP),
    case("nestspan", (100_000, 3_000), |n| nested("<span>", "zorn", "</span>", n)).meets(DEEP),
    case("nestb", (100_000, 3_000), |n| nested("<b>", "zorn", "</b>", n)).meets(DEEP),
    case("nestbq", (3_000, 3_000), |n| nested("<blockquote>zorn ", "x", "</blockquote>", n))
        .meets(DEEP),
    case("nestul", (3_000, 3_000), |n| nested("<ul><li>zorn ", "x", "</ul>", n)).meets(DEEP),
    case("nesttable", (20_000, 2_000), |n| repeated("<table><tr><td>zorn", n)).meets(DEEP),
    case("nesttable2", (2_000, 1_000), |n| {
        nested("<table><tr><td>zorn<td>", "x", "</td></tr></table>", n)
    })
    .meets(DEEP),
    case("nestcustom", (100_000, 3_000), |n| nested("<x-y>", "zorn", "</x-y>", n)).meets(DEEP),
    case("nesttemplate", (100_000, 3_000), |n| repeated("<template>zorn ", n)).meets(DEEP),
    case("nestbutton", (20_000, 3_000), |n| repeated("<button><marquee>zorn ", n)).meets(DEEP),
    case("openli", (3_000, 3_000), |n| repeated("<ul><li>zorn ", n)).meets(DEEP),
    case("openp", (100_000, 5_000), |n| repeated("<p>zorn", n)),
    case("openoption", (500_000, 5_000), |n| page(&format!("<select>{}", "<option>zorn".repeat(n)))).meets_at_full_size(NODES),
    case("depth_under", (512, 512), depth),
    case("depth_over", (514, 514), depth).meets(DEEP),
    // Formatting elements that are opened again and again.
    case("bp", (20_000, 2_000), |n| repeated("<b><p>zorn ", n)),
    case("bip", (20_000, 2_000), |n| page(&numbered("<b id=#><p>zorn ", n))).meets(NODES),
    case("font_div", (20_000, 2_000), |n| page(&numbered("<font size=#><div>zorn", n)))
        .meets(DEEP),
    case("adopt", (5_000, 1_000), |n| repeated("<a><b><i><u><div>zorn</a></b></i></u>", n)).meets(COSTLY),
    case("adopt2", (20_000, 1_000), |n| repeated("<b><i>zorn</b></i>", n)),
    case("adopt3", (20_000, 1_000), |n| page(&numbered("<a href=#><div>zorn</a>", n)))
        .meets(DEEP),
    case("uniqfmt", (20_000, 1_000), |n| page(&numbered("<i id=#>zorn", n))).meets(DEEP),
    case("nobr", (20_000, 1_000), |n| repeated("<nobr><p>zorn</nobr>", n)),
    // Tables.
    case("foster", (200_000, 5_000), |n| page(&format!("<table>{}", "<p>zorn".repeat(n)))),
    case("fostertext", (200_000, 5_000), |n| page(&format!("<table>{}", "<tr>zorn ".repeat(n)))),
    case("cells", (300_000, 5_000), |n| {
        page(&format!("<table><tr>{}</table>", "<td>zorn".repeat(n)))
    }).meets_at_full_size(NODES),
    case("rows", (150_000, 5_000), |n| {
        page(&format!("<table>{}</table>", "<tr><td>zorn</tr>".repeat(n)))
    }).meets_at_full_size(NODES),
    case("colspan", (20_000, 1_000), |n| {
        let row = "<tr><td colspan=1000 rowspan=65534>zorn</td></tr>";
        page(&format!("<table>{}</table>", row.repeat(n)))
    }),
    case("tables", (20_000, 1_000), |n| {
        repeated("<table><tr><th>zorn<th>b<tr><td>c<td>zorn</table>", n)
    }),
    case("table_long", (20_000, 1_000), |n| {
        page(&format!("<table>{}</table>", numbered("<tr><td>zorn #<td>crates", n)))
    }),
    case("table_reaching", (2_000, 500), |n| {
        let row = format!("<tr>{}", "<td rowspan=1000>zorn".repeat(20));
        page(&format!("<table>{}</table>", row.repeat(n)))
    }),
    case("table_spans", (2_000, 500), |n| {
        page(&numbered("<table><tr><td colspan=#>zorn<td rowspan=#>b<tr><td>c</table>", n))
    }),
    case("tables_in_cells", (160, 160), |n| {
        nested("<table><tr><td>zorn<td>a<tr><td>b<td>", "x", "</table>", n)
    }),
    // Attributes: those that nobody asks for go first.
    case("attrs_50k", (50_000, 5_000), attributes),
    case("attrs_1m", (1_000_000, 5_000), attributes),
    // From this length on tags are cut; below, html5ever's comparing costs little.
    case("attrs_under", (256, 256), |n| page(&format!("<p {}>zorn</p>", numbered("title=a# ", n)))),
    case("attrs_over", (257, 257), |n| page(&format!("<p {}>zorn</p>", numbered("title=a# ", n))))
        .meets(CUT),
    case("attrs_wanted", (50_000, 5_000), |n| {
        page(&format!("<p {}>zorn</p>", numbered("title=a# ", n)))
    })
    .meets(CUT),
    case("attrs_small", (200_000, 5_000), |n| {
        page(&numbered("<p a=1 b=2 c='3' class=\"x y z#\" data-x>zorn", n))
    }),
    case("attrs_tiny", (20_000, 500), |n| {
        page(&numbered("<p a b c d e f g h i j k l m n o p q r s t u v w x y z a# b# c#>zorn", n))
    }),
    case("attrs_2k", (5_000, 100), |n| {
        let many = numbered("x# ", 400);
        page(&format!("<p {many}>zorn").repeat(n))
    }),
    case("attr_10mb", (10_000_000, 100_000), |n| {
        page(&format!("<p title=\"{}\">zorn</p>", "x".repeat(n)))
    }),
    case("value_under", (4_096, 4_096), |n| {
        page(&format!("<p title=\"{}\">zorn</p>", "x".repeat(n)))
    }),
    case("value_over", (4_097, 4_097), |n| {
        page(&format!("<p title=\"{}\">zorn</p>", "x".repeat(n)))
    }),
    case("preloaded_amp", (2_000_000, 20_000), |n| {
        page(&format!("<div data-preloaded=\"{}\">zorn</div>", "&amp;".repeat(n)))
    }),
    case("classes", (2_000, 50), |n| {
        let classes = "bbWrapper message-name p-body ".repeat(130);
        forum(&format!("<div class=\"{classes}\">zorn</div>").repeat(n))
    }),
    case("quote_open", (200_000, 5_000), |n| page(&format!("{}<p>zorn", "<a href=\"".repeat(n))))
        .meets(CUT),
    case("quote_open_once", (20_000, 5_000), |n| {
        page(&format!("<a href=\"/x>zorn</a>{}", "<p>zorn</p>".repeat(n)))
    }),
    case("slashes", (1_000_000, 10_000), |n| page(&format!("<p {}>zorn", "/ ".repeat(n)))),
    // Size alone.
    case("page20mb", (20_000_000, 300_000), article).meets_at_full_size(NODES),
    case("line_5mb", (5_000_000, 200_000), |n| page(&format!("<p>{}</p>", prose(n)))),
    case("nospace_5mb", (5_000_000, 200_000), |n| page(&format!("<p>zorn{}</p>", "x".repeat(n)))),
    case("pre_20mb", (20_000_000, 200_000), |n| page(&format!("<pre>{}</pre>", prose(n)))),
    case("pre_lines", (2_000_000, 20_000), |n| page(&format!("<pre>{}</pre>", "zorn\n".repeat(n)))),
    case("spaces", (10_000_000, 100_000), |n| page(&format!("<p>zorn{}zorn</p>", " ".repeat(n)))),
    case("entities", (300_000, 10_000), |n| repeated("&amp;&lt;&#x41;&nosuch;&notit; zorn ", n)),
    case("combining", (2_000_000, 20_000), |n| repeated("e\u{301}\u{327}", n)),
    case("controls", (500_000, 10_000), |n| {
        page(&format!("<p>{}</p>{}", prose(6_000), "zorn\u{0}\u{1}\u{7f}\u{c} ".repeat(n)))
    }),
    // Many of one kind.
    case("siblings", (200_000, 5_000), |n| repeated("<p></p>", n)),
    case("br", (1_000_000, 220_000), |n| repeated("<br>", n)).meets(NODES),
    // The root, the head, the title, the body and the tail are nodes too, and text.
    case("nodes_under", (199_900, 199_900), |n| repeated("<br>", n)),
    case("nodes_over", (201_200, 201_200), |n| repeated("<br>", n)).meets(NODES),
    // Each stray end tag is compared with all that is open.
    case("steps_under", (500, 500), |n| {
        page(&["<span>".repeat(480), "</x>zorn ".repeat(n)].concat())
    }),
    case("steps_over", (20_000, 20_000), |n| {
        page(&["<span>".repeat(480), "</x>zorn ".repeat(n)].concat())
    })
    .meets(COSTLY),
    case("strayend", (1_000_000, 20_000), |n| repeated("</div></span></b></x>", n)),
    case("strayp", (100_000, 10_000), |n| repeated("</p>", n)),
    case("lt_1m", (1_000_000, 20_000), |n| repeated("<", n)),
    case("lt_4m", (4_000_000, 20_000), |n| repeated("< ", n)),
    case("comments", (500_000, 10_000), |n| repeated("<!-- x -->", n)),
    case("dashes", (1_000_000, 20_000), |n| page(&format!("<!--{}-->", "-".repeat(n)))),
    case("bogus", (500_000, 10_000), |n| repeated("<?x><!y></>", n)),
    case("mixedcase", (200_000, 5_000), |n| repeated("<DiV cLaSs=A>zorn</dIv><SCRIPT>x</sCRipt>", n)),
    case("noscripts_under", (1_000, 1_000), |n| repeated("<noscript>zorn</noscript>", n)),
    case("noscripts_over", (1_001, 1_001), |n| repeated("<noscript>zorn</noscript>", n))
        .meets(NOSCRIPTS),
    case("noscripts", (100_000, 3_000), |n| repeated("<noscript><p>zorn</p></noscript>", n))
        .meets(NOSCRIPTS),
    case("noscript_open", (100_000, 3_000), |n| repeated("<noscript>zorn ", n)),
    case("noscript_deep", (100_000, 3_000), |n| {
        page(&format!("<noscript>{}zorn</noscript>", "<div>".repeat(n)))
    })
    .meets(DEEP),
    case("noscripts_nested", (1_000, 100), |n| repeated("<noscript>zorn <noscript><p>zorn", n)),
    case("noscript_bombs", (1_000, 50), |n| {
        let bomb = numbered("<b id=#><p>zorn", 200);
        page(&format!("<noscript>{bomb}</noscript>").repeat(n))
    }).meets(NODES),
    case("templates", (100_000, 3_000), |n| repeated("<template>zorn</template>", n)),
    case("svgs", (200_000, 5_000), |n| repeated("<svg/><p>zorn", n)),
    case("svg_open", (200_000, 5_000), |n| repeated("<svg><p>zorn", n)),
    case("style_open", (200_000, 5_000), |n| repeated("<style><p>zorn", n)),
    case("comment_open", (500_000, 5_000), |n| repeated("<!-- zorn ", n)),
    case("math", (200_000, 5_000), |n| repeated("<math><mi/>zorn</math>", n)).meets_at_full_size(NODES),
    case("math_deep", (100_000, 3_000), |n| repeated("<math><mi/><mrow>zorn ", n)).meets(DEEP),
    // Elements that hold text as it is.
    case("title_open", (200_000, 5_000), |n| repeated("<title><p>zorn", n)),
    case("textarea_open", (200_000, 5_000), |n| repeated("<textarea><p>zorn", n)),
    case("iframe_open", (200_000, 5_000), |n| repeated("<iframe><p>zorn", n)),
    case("xmp_open", (200_000, 5_000), |n| repeated("<xmp><p>zorn", n)),
    case("noframes_open", (200_000, 5_000), |n| repeated("<noframes><p>zorn", n)),
    case("plaintext", (500_000, 5_000), |n| repeated("<plaintext><p>zorn", n)),
    case("script_open", (200_000, 5_000), |n| {
        format!("<!doctype html><p>zorn{}", "<script>var x = \"<p>\";".repeat(n))
    }),
    case("frameset", (100_000, 5_000), |n| {
        let frames = "<frameset><frame src=x></frameset>".repeat(n);
        format!("<!doctype html><html><head></head>{frames}</html>")
    }),
    // Forums and selectors.
    case("posts", (100_000, 500), posts).meets_at_full_size(NODES),
    case("posts_many", (10_000, 500), posts),
    case("posts_nested", (200, 150), |n| {
        let open = "<article class=\"message js-post\"><div class=message-content><div class=bbWrapper>zorn";
        forum(&[open.repeat(n / 2), "</div></div></article>".repeat(n / 2)].concat())
    }),
    case("bodies", (100_000, 1_000), |n| {
        forum(&post(1, &"<div class=bbWrapper>zorn</div>".repeat(n)))
    }),
    case("bodies_beside", (60_000, 1_000), |n| {
        let bodies = numbered("<div class=message-content><div class=bbWrapper>zorn #</div></div>", n);
        forum(&format!("<article class=\"message js-post\">{bodies}</article>"))
    }),
    case("bodies_deep", (490, 490), |n| {
        let text = format!("<p>{}</p>", prose(60)).repeat(2_000);
        let inside = ["<div class=bbWrapper>".repeat(n), text, "</div>".repeat(n)].concat();
        forum(&post(1, &inside))
    }).meets(COSTLY),
    case("names_deep", (480, 480), |n| {
        let text = format!("<p>{}</p>", prose(60)).repeat(20_000);
        let open = "<div class=\"message-name bbCodeBlock--quote message-attribution\">";
        forum(&post(1, &[open.repeat(n), text, "</div>".repeat(n)].concat()))
    }).meets(COSTLY),
    case("climbs_under", (1_000, 1_000), class_deep),
    case("climbs_over", (60_000, 10_000), class_deep).meets(CLIMBS),
    case("quotes", (100_000, 2_000), |n| {
        let quotes = "<div class=\"bbCodeBlock--quote\">zorn of the hinges is not what it was ".repeat(n);
        forum(&post(1, &quotes))
    })
    .meets(DEEP),
    case("quotes_beside", (50_000, 1_000), |n| {
        let quote = "<div class=\"bbCodeBlock--quote\">zorn # is no longer said of hinges</div>";
        forum(&post(1, &numbered(&format!("{quote}<p>zorn of # is said of hinges</p>"), n)))
    }),
    case("lastchild", (200_000, 2_000), |n| {
        forum(&format!("<ul class=p-breadcrumbs>{}</ul>", "<li><a>zorn</a></li>".repeat(n)))
    }).meets_at_full_size(NODES),
    case("posts_phpbb", (60_000, 500), |n| {
        let post = "<div class=post id=p#><div class=postbody><p class=author>by <strong><a>ada\
            </a></strong> » Wed May 01, 2024 10:00 am</p><div class=content>zorn #</div></div></div>";
        page(&numbered(post, n))
    })
    .by("phpbb")
    .meets_at_full_size(NODES),
    // Posts that stand in a page's data.
    case("told", (20_000, 2_000), |n| {
        told(&numbered(r#"{\"n\":#,\"username\":\"ada\",\"cooked\":\"<p>Of hinge #</p>\"},"#, n))
    }),
    case("told_deep", (100_000, 3_000), |n| {
        told(&format!(r#"{{\"cooked\":\"{}\"}},"#, "<div>".repeat(n)))
    })
    .meets(DEEP),
    case("told_bombs", (2_000, 50), |n| {
        let bomb = numbered("<b id=#><p>x", 200);
        told(&format!(r#"{{\"cooked\":\"{bomb}\"}},"#).repeat(n))
    })
    .meets(NODES),
    case("told_empty", (200_000, 5_000), |n| told(&r#"{\"cooked\":\"\"},"#.repeat(n))),
    // What a page says about itself.
    case("ld_deep", (1_000_000, 100_000), |n| json_ld(&["[".repeat(n), "]".repeat(n)].concat())),
    case("ld_objects_deep", (300_000, 50_000), |n| {
        json_ld(&["{\"a\":".repeat(n), "}".repeat(n)].concat())
    }),
    case("ld_entries", (300_000, 5_000), |n| {
        json_ld(&format!("[{}{{}}]", "{\"@type\":\"Article\"},".repeat(n)))
    }),
    case("ld_headlines", (80_000, 3_000), |n| {
        let entry = "{\"@type\":\"Article\",\"headline\":\"Of hinge #\",\"@id\":\"#\"},";
        json_ld(&format!("[{}{{}}]", numbered(entry, n)))
    }),
    case("ld_open", (1_000_000, 20_000), |n| json_ld(&format!("[{}", "{\"a\":\"b\",".repeat(n)))),
    case("ld_quotes", (2_000_000, 20_000), |n| json_ld(&format!("{{\"a\":\"{}", "\" ".repeat(n)))),
    case("ld_commas", (2_000_000, 20_000), |n| json_ld(&format!("{{\"a\":\"b\"{}", "\",".repeat(n)))),
    case("ld_blanks", (2_000_000, 20_000), |n| {
        json_ld(&format!("{{\"a\":{}", format!("\"{}", " ".repeat(1_000)).repeat(n / 1_000)))
    }),
    case("ld_many", (100_000, 3_000), |n| {
        headed(&"<script type=\"application/ld+json\">{\"@type\":\"Article\"}</script>".repeat(n))
    }),
    case("ld_authors", (200_000, 3_000), |n| {
        let people = numbered("{\"name\":\"Ada Berg #\"},", n);
        json_ld(&format!("{{\"@type\":\"Article\",\"headline\":\"x\",\"author\":[{people}{{}}]}}"))
    }),
    case("metas", (1_000_000, 20_000), |n| {
        headed(&"<meta name=\"author\" content=\"Ada\">".repeat(n))
    })
    .meets_at_full_size(NODES),
    case("times", (300_000, 5_000), |n| repeated("<time datetime=2024-05-01>zorn</time>", n)).meets_at_full_size(NODES),
    case("times_odd", (300_000, 5_000), |n| repeated("<time class=date>zorn 99/99/99</time>", n)).meets_at_full_size(NODES),
    case("items", (300_000, 5_000), |n| repeated("<i itemprop=name>zorn</i>", n)).meets_at_full_size(NODES),
    case("items_deep", (500, 500), |n| {
        let text = prose(5_000_000);
        page(&["<div itemprop=author class=byline>".repeat(n), text, "</div>".repeat(n)].concat())
    }),
    case("headings_deep", (250, 250), |n| {
        let text = prose(5_000_000);
        page(&["<h1><div>".repeat(n), text, "</div></h1>".repeat(n)].concat())
    }),
    case("bylines", (300_000, 5_000), |n| repeated("<i class=byline>by zorn Berg</i>", n)).meets_at_full_size(NODES),
    case("keywords", (1_000, 1_000), |n| {
        headed(&format!("<meta name=keywords content=\"{}\">", "a,".repeat(n)))
    }),
    case("title_20mb", (20_000_000, 100_000), |n| {
        format!("<!doctype html><title>{}</title><p>zorn", "of hinges ".repeat(n / 10))
    }),
];
