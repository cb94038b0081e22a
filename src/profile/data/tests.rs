use super::*;
use serde_json::json;

fn spec(posts: &str, title: Option<&str>, body: &str, fields: &[(Field, &[&str])]) -> DataSpec {
    let at = |text: &str| At { value: text.to_owned(), span: 0..0 };
    DataSpec {
        posts: at(posts),
        title: title.map(at),
        body: at(body),
        number: Some(at("n")),
        fields: fields
            .iter()
            .map(|(field, ways)| (*field, ways.iter().map(|way| at(way)).collect()))
            .collect(),
    }
}

fn thread(spec: &DataSpec, kind: ScriptKind, data: &Json) -> Option<Thread> {
    let data_spec = Data::new(spec, |key, at| panic!("{key}: {}", at.value)).unwrap();
    data_spec.thread(&[Script { kind, text: data.to_string(), line: 3 }])
}

#[test]
fn json_in_strings_is_read_where_posts_may_stand() {
    let topic = json!({"title": "Runners", "stream": {"posts": [
        {"n": 2, "html": "<p>Brass.</p>", "user": "bo", "at": "2024-01-02", "slug": "r", "id": 7},
        {"n": 1, "html": "<p>Steel?</p>", "user": "ada", "url": "/t/r/7/1"},
        {"n": 3, "user": "nobody"},
    ]}});
    let data = json!({"topic_7": topic.to_string(), "topic_list": "{}", "site": "not json"});
    let ways: &[(Field, &[&str])] = &[
        (Field::PostedBy, &["user"]),
        (Field::Published, &["at"]),
        (Field::Permalink, &["url", "/t/{slug}/{id}/{n}"]),
    ];
    let spec = spec("topic_*.stream.posts.*", Some("topic_*.title"), "html", ways);
    let found = thread(&spec, ScriptKind::Preloaded, &data).unwrap();
    assert_eq!((found.title.as_deref(), found.line), (Some("Runners"), 3));
    let facts: Vec<Vec<&str>> = found
        .posts
        .iter()
        .map(|post| post.facts.iter().map(|(_, value)| value.as_str()).collect())
        .collect();
    assert_eq!(facts, [vec!["ada", "/t/r/7/1"], vec!["bo", "2024-01-02", "/t/r/7/2"]]);
    // In other scripts a string is a string.
    assert_eq!(thread(&spec, ScriptKind::Json, &data), None);
}

#[test]
fn links_of_json_api_are_followed() {
    let data = json!({"api": {"data": {"type": "d", "id": "9", "attributes": {"title": "Ink"}},
    "included": [
        {"type": "users", "id": "4", "attributes": {"name": "Ada"}},
        {"type": "posts", "id": "4", "n": 1, "attributes": {"html": "Dry."},
         "relationships": {"user": {"data": {"type": "users", "id": "4"}}}},
        {"type": "posts", "id": "5", "n": 2, "attributes": {"renamed": true}},
    ]}});
    let ways: &[(Field, &[&str])] = &[
        (Field::PostedBy, &["relationships.user.data.@.attributes.name"]),
        (Field::Permalink, &["/d/{/api.data.id}/{n}"]),
    ];
    let own = |title| spec("api.included.[type=posts]", Some(title), "attributes.html", ways);
    let found = thread(&own("api.data.attributes.title"), ScriptKind::Json, &data).unwrap();
    let facts = [(Field::PostedBy, "Ada".to_owned()), (Field::Permalink, "/d/9/1".to_owned())];
    assert_eq!(found.posts, [Post { body: "Dry.".to_owned(), facts: facts.to_vec() }]);
    // A list of threads has no title of its own.
    assert_eq!(thread(&own("api.data.0.attributes.title"), ScriptKind::Json, &data), None);
}

#[test]
fn paths_that_are_none_are_faults() {
    for bad in ["", "a..b", "a b", "[type]", "[=x]", "a.", "{", "a}", "{a}}", "{}"] {
        let mut faults = Vec::new();
        let ways: &[(Field, &[&str])] = &[(Field::PostedBy, &[bad])];
        Data::new(&spec("a", None, "b", ways), |key, _| faults.push(key));
        assert_eq!(faults, ["posted_by"], "{bad:?}");
    }
}

#[test]
fn data_without_end_come_to_one() {
    let many: Vec<Json> = (0..3_000).map(|n| json!({"n": n, "html": "x"})).collect();
    let found = thread(&spec("*", None, "html", &[]), ScriptKind::Json, &json!(many)).unwrap();
    assert_eq!(found.posts.len(), MAX_POSTS);
    let deep = "[".repeat(100_000);
    let own = Data::new(&spec("*", None, "html", &[]), |_, _| {}).unwrap();
    assert_eq!(own.thread(&[Script { kind: ScriptKind::Json, text: deep, line: 0 }]), None);
}
