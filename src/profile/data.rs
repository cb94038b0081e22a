//! Posts that a page keeps in the data of its scripts, by the paths of a profile.
//!
//! Takes the scripts of a page; gives the thread that they hold. Paths are looked up, nothing is
//! guessed: what a path does not lead to is not there. Bounded: values looked at, and posts.

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use super::schema::{At, DataSpec};
use crate::model::head::{Script, ScriptKind};
use crate::model::piece::Field;

/// Most values of a page's data that are looked at.
const MAX_VALUES: usize = 500_000;

/// Most posts of a page's data.
const MAX_POSTS: usize = 2_000;

/// Where in a page's data its posts stand, and what of each is where.
#[derive(Debug, Clone)]
pub struct Data {
    posts: Path,
    title: Option<Path>,
    body: Path,
    number: Option<Path>,
    /// Ways of each field, the first that yields a value wins.
    fields: Vec<(Field, Vec<Template>)>,
}

/// A thread that a page's data hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    /// Its title.
    pub title: Option<String>,
    /// Its posts, by number where they have one.
    pub posts: Vec<Post>,
    /// The line of the script; 0 where it is not known.
    pub line: u32,
}

/// A post that a page's data hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Post {
    /// Its text, as markup.
    pub body: String,
    /// What is known of it.
    pub facts: Vec<(Field, String)>,
}

/// The way to values: steps, parted by dots.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Path {
    /// From the root, not from the post.
    is_root: bool,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// `name`.
    Key(String),
    /// `topic_*`: the keys that begin so.
    Prefix(String),
    /// `*`: all that is in a list or an object.
    Each,
    /// `[type=posts]`: each item whose key holds this.
    Where(String, String),
    /// `@`: the object elsewhere that has the same `type` and `id`, as JSON:API links them.
    Follow,
}

/// A value put together: texts and paths in braces. A path alone needs no braces.
#[derive(Debug, Clone)]
struct Template(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Path(Path),
}

/// Objects by `type` and `id`.
type Linked<'v> = FxHashMap<(&'v str, &'v str), &'v Json>;

impl Data {
    /// Compiles what a profile says. A path that is none is given to `fault`, with its key.
    pub fn new(spec: &DataSpec, mut fault: impl FnMut(&'static str, &At<String>)) -> Option<Self> {
        let mut path = |key, at: &At<String>| {
            let path = Path::parse(&at.value);
            if path.is_none() {
                fault(key, at);
            }
            path
        };
        let posts = path("posts", &spec.posts);
        let body = path("body", &spec.body);
        let number = spec.number.as_ref().map(|at| path("number", at));
        let title = spec.title.as_ref().map(|at| path("title", at));
        let mut fields = Vec::new();
        for (field, ways) in &spec.fields {
            let mut list = Vec::new();
            for at in ways {
                match Template::parse(&at.value) {
                    Some(template) => list.push(template),
                    None => fault(field.name(), at),
                }
            }
            fields.push((*field, list));
        }
        Some(Self {
            posts: posts?,
            body: body?,
            // The inner `None` is a fault, which is reported.
            number: number.flatten(),
            title: title.flatten(),
            fields,
        })
    }

    /// The thread that the scripts of a page hold: of several the one with the most posts. Without
    /// a title, where the profile names one, it is none.
    pub fn thread(&self, scripts: &[Script]) -> Option<Thread> {
        let mut left = MAX_VALUES;
        let mut best: Option<Thread> = None;
        for script in scripts.iter().filter(|script| script.kind != ScriptKind::JsonLd) {
            let Some(root) = self.read(script) else { continue };
            let Some(mut found) = self.of_root(&root, &mut left) else { continue };
            found.line = script.line;
            if best.as_ref().is_none_or(|best| best.posts.len() < found.posts.len()) {
                best = Some(found);
            }
        }
        best
    }

    /// The data of a script. Strings of JSON in it are read where the posts may stand in them.
    fn read(&self, script: &Script) -> Option<Json> {
        let mut root: Json = serde_json::from_str(&script.text).ok()?;
        if script.kind == ScriptKind::Preloaded
            && let Some(entries) = root.as_object_mut()
        {
            for (key, value) in entries {
                let first = self.posts.steps.first();
                if first.is_some_and(|step| step.takes(key))
                    && let Some(text) = value.as_str()
                    && let Ok(inner) = serde_json::from_str(text)
                {
                    *value = inner;
                }
            }
        }
        Some(root)
    }

    fn of_root(&self, root: &Json, left: &mut usize) -> Option<Thread> {
        let nothing = Linked::default();
        let look = |path: &Path, left: &mut usize| {
            let found = path.find(root, &nothing, 1, left);
            found.first().and_then(|value| text_of(value))
        };
        let title = self.title.as_ref().map(|path| look(path, left));
        let title = match title {
            // The profile asks for a title, and there is none.
            Some(None) => return None,
            Some(title) => title,
            None => None,
        };
        let found = self.posts.find(root, &nothing, MAX_POSTS, left);
        let follows = self.fields.iter().flat_map(|(_, ways)| ways).any(Template::follows);
        let linked = if follows { linked(root, left) } else { nothing };
        let mut posts: Vec<(u64, Post)> = Vec::new();
        for value in found {
            let near = |path: &Path, left: &mut usize| {
                let from = if path.is_root { root } else { value };
                path.find(from, &linked, 1, left).first().and_then(|value| text_of(value))
            };
            let Some(body) = near(&self.body, left) else { continue };
            let number = self.number.as_ref().and_then(|path| near(path, left));
            let number = number.and_then(|number| number.parse().ok());
            let mut facts = Vec::new();
            for (field, ways) in &self.fields {
                let value = ways.iter().find_map(|way| way.fill(&mut |path| near(path, left)));
                facts.extend(value.map(|value| (*field, value)));
            }
            posts.push((number.unwrap_or(u64::MAX), Post { body, facts }));
        }
        // Those without a number stay in the order of the data.
        posts.sort_by_key(|(number, _)| *number);
        let posts: Vec<Post> = posts.into_iter().map(|(_, post)| post).collect();
        (!posts.is_empty()).then_some(Thread { title, posts, line: 0 })
    }
}

impl Path {
    fn parse(text: &str) -> Option<Self> {
        let steps = text.trim_start_matches('/').split('.').map(Step::parse);
        let steps = steps.collect::<Option<Vec<_>>>()?;
        Some(Self { is_root: text.starts_with('/'), steps })
    }

    /// The values that the path leads to, in the order of the data, so many at most.
    fn find<'v>(
        &self,
        from: &'v Json,
        linked: &Linked<'v>,
        most: usize,
        left: &mut usize,
    ) -> Vec<&'v Json> {
        let mut found = Vec::new();
        let mut open: Vec<(&Json, &[Step])> = vec![(from, &self.steps)];
        while let Some((value, steps)) = open.pop() {
            let Some((step, rest)) = steps.split_first() else {
                found.push(value);
                if found.len() >= most {
                    break;
                }
                continue;
            };
            if *left == 0 {
                break;
            }
            let before = open.len();
            let mut put = |value: &'v Json| {
                *left = left.saturating_sub(1);
                open.push((value, rest));
            };
            match (step, value) {
                (Step::Key(key), _) => value.get(key).into_iter().for_each(&mut put),
                (Step::Prefix(_), Json::Object(entries)) => {
                    entries.iter().filter(|(key, _)| step.takes(key)).for_each(|(_, v)| put(v));
                }
                (Step::Each, Json::Object(entries)) => entries.values().for_each(&mut put),
                (Step::Each, Json::Array(items)) => items.iter().for_each(&mut put),
                (Step::Where(key, wanted), Json::Array(items)) => items
                    .iter()
                    .filter(|item| item.get(key).and_then(Json::as_str) == Some(wanted))
                    .for_each(&mut put),
                (Step::Follow, Json::Object(_)) => {
                    key_of(value).and_then(|key| linked.get(&key)).into_iter().for_each(|v| put(v));
                }
                _ => {}
            }
            // The last one in is the first one out.
            open.get_mut(before..).unwrap_or_default().reverse();
        }
        found
    }
}

impl Step {
    fn parse(text: &str) -> Option<Self> {
        let is_name = |name: &str| {
            let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | ':');
            !name.is_empty() && name.chars().all(plain)
        };
        if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let (key, wanted) = inner.split_once('=')?;
            return (is_name(key) && is_name(wanted))
                .then(|| Self::Where(key.to_owned(), wanted.to_owned()));
        }
        match text {
            "*" => Some(Self::Each),
            "@" => Some(Self::Follow),
            _ => match text.strip_suffix('*') {
                Some(start) => is_name(start).then(|| Self::Prefix(start.to_owned())),
                None => is_name(text).then(|| Self::Key(text.to_owned())),
            },
        }
    }

    fn takes(&self, key: &str) -> bool {
        match self {
            Self::Key(own) => own == key,
            Self::Prefix(start) => key.starts_with(start.as_str()),
            Self::Each => true,
            Self::Where(..) | Self::Follow => false,
        }
    }
}

impl Template {
    fn parse(text: &str) -> Option<Self> {
        if !text.contains(['{', '}']) {
            return Some(Self(vec![Part::Path(Path::parse(text)?)]));
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let (path, behind) = behind.split_once('}')?;
            if before.contains('}') {
                return None;
            }
            parts.extend((!before.is_empty()).then(|| Part::Text(before.to_owned())));
            parts.push(Part::Path(Path::parse(path)?));
            rest = behind;
        }
        parts.extend((!rest.is_empty()).then(|| Part::Text(rest.to_owned())));
        (!rest.contains('}')).then_some(Self(parts))
    }

    fn follows(&self) -> bool {
        self.0.iter().any(|part| match part {
            Part::Path(path) => path.steps.contains(&Step::Follow),
            Part::Text(_) => false,
        })
    }

    /// The value; `None` where a part of it is not there.
    fn fill(&self, look: &mut dyn FnMut(&Path) -> Option<String>) -> Option<String> {
        let mut value = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => value.push_str(text),
                Part::Path(path) => value.push_str(&look(path)?),
            }
        }
        Some(value)
    }
}

/// A text or a number that says something.
fn text_of(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn key_of(value: &Json) -> Option<(&str, &str)> {
    Some((value.get("type")?.as_str()?, value.get("id")?.as_str()?))
}

/// All objects that have a `type`, an `id` and `attributes`.
fn linked<'v>(root: &'v Json, left: &mut usize) -> Linked<'v> {
    let mut found = Linked::default();
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        if *left == 0 {
            break;
        }
        *left -= 1;
        match value {
            Json::Array(items) => open.extend(items),
            Json::Object(entries) => {
                if let Some(key) = key_of(value).filter(|_| entries.contains_key("attributes")) {
                    found.insert(key, value);
                }
                open.extend(entries.values());
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests;
