"""Reads the posts of a forum page with lxml: `read(html)` gives the platform's name and its posts.

Knows nothing of copydesk; what to look for stands in platforms.py.
"""
import re
import sys
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

try:
    from lxml import html as lxml_html
    from lxml.cssselect import CSSSelector
except ImportError:
    sys.exit("lxml and cssselect are needed: pip install -r tests/bench/requirements.txt")

from platforms import FORUMS, LOOSE, QUOTES, SITES

WORD = re.compile(r"\w+")
UNSEEN = {"script", "style", "template", "svg", "select", "textarea", "head"}
INLINE = set("a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong "
             "sub sup time tt u var wbr".split())


class Post(NamedTuple):
    text: str  # of the body, without chrome
    words: Counter
    loose: Counter  # words that a reader may keep or drop
    author: str | None
    date: str | None
    link: str | None
    chrome: list  # texts inside the body that are no part of it


css = lru_cache(maxsize=None)(CSSSelector)


def words(text):
    return Counter(WORD.findall(text.lower()))


def text_of(element, without=frozenset()):
    """The element's text; block elements are apart, inline ones are not."""
    parts = []

    def walk(node):
        if not isinstance(node.tag, str) or node.tag in UNSEEN or node in without:
            return
        gap = "" if node.tag in INLINE else "\n"
        parts.append(gap + (node.text or ""))
        for child in node:
            walk(child)
            parts.append(child.tail or "")
        parts.append(gap)

    walk(element)
    return "".join(parts)


def own(post, selector, posts):
    """What the selector finds in the post and not in another post inside it."""
    for element in css(selector)(post):
        holder = element
        while holder is not post and holder not in posts:
            holder = holder.getparent()
        if holder is post:
            yield element


def value(post, ways, posts):
    for way in ways:
        selector, _, attribute = (part.strip() for part in way.partition("@"))
        for element in own(post, selector, posts) if selector else (post,):
            found = element.get(attribute) if attribute else " ".join(text_of(element).split())
            if found and found.strip():
                return found.strip()
    return None


def body_of(post, ways, posts):
    return next((element for way in ways for element in own(post, way, posts)), None)


def alternatives(element):
    """Words of pictures' descriptions."""
    return words(" ".join((image.get("alt") or "") + " " + (image.get("title") or "") for image in element.iter("img")))


class Draft(NamedTuple):
    """A body before it is known what the other posts say."""
    text: str
    plain: Counter  # words without quotes
    quoted: list  # words of each line of its quotes
    loose: Counter
    chrome: list


def draft(body, rules):
    drop = set(css(rules["drop"])(body)) - {body} if rules["drop"] else set()
    off = drop | set(css(LOOSE)(body)) - {body}
    quotes = set(css(QUOTES)(body)) - {body}
    lines = (line for quote in quotes - off for line in text_of(quote, off | quotes - {quote}).split("\n"))
    text = " ".join(text_of(body, off).split())
    loose = words(text_of(body, drop)) - words(text) + alternatives(body)
    return Draft(text, words(text_of(body, off | quotes)), [words(line) for line in lines], loose,
                 sorted(" ".join(text_of(element).split()) for element in drop))


def repeated(line, others):
    """Words of a quoted line that another post has, if that is most of it."""
    shared = max((line & other for other in others), key=Counter.total, default=Counter())
    return shared if shared.total() >= 0.8 * line.total() else Counter()


def parse(html):
    return lxml_html.document_fromstring(html.encode() or b"<p>", parser=lxml_html.HTMLParser(encoding="utf-8"))


def platform(tree, sites=True):
    """(name, rules), or (None, None) where nothing is known of the page; `sites` also asks for single sites."""
    for name, rules in {**FORUMS, **(SITES if sites else {})}.items():
        if css(rules["page"])(tree):
            return name, rules
    return None, None


def read(html):
    """(platform's name or None, posts in the order of the page)."""
    tree = parse(html)
    name, rules = platform(tree)
    if name is None:
        return None, []
    elements = css(rules["post"])(tree)
    posts = set(elements)
    bodies = [(element, body_of(element, rules["body"], posts)) for element in elements]
    drafts = [(element, draft(body, rules)) for element, body in bodies if body is not None]
    found = []
    for element, post in drafts:
        others = [other.plain for _, other in drafts if other is not post]
        twice = sum((repeated(line, others) for line in post.quoted), start=Counter())
        facts = (value(element, rules[fact], posts) for fact in ("author", "date", "link"))
        found.append(Post(post.text, words(post.text) - twice, post.loose + twice, *facts, post.chrome))
    return name, found


def f1(predicted, post):
    """Word F1 of a text's words against a post; loose words cost nothing, there or not."""
    surplus = (predicted - post.words) & post.loose
    predicted = predicted - surplus
    total = predicted.total() + post.words.total()
    return 2 * (predicted & post.words).total() / total if total else 1.0
