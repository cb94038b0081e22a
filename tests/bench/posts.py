#!/usr/bin/env python3
"""Posts of real forum pages: what copydesk finds against what lxml finds with selectors of our own.

    pip install -r tests/bench/requirements.txt
    BENCH_DATA=target/bench/data COPYDESK=target/release/copydesk python3 tests/bench/posts.py [--floor 0.95]

Of the dev pages: all of type `forum`, and every other page that platforms.py knows. A page agrees on
    count     as many `post` records as lxml finds posts,
    bodies    each post's text, in order: word F1 of at least 0.9; titles of quotes and the like cost nothing either way,
    authors   each name, as `posted_by` or the first of `authors`, case and white space aside,
    dates     each date that the page gives, to the precision that both have.
What a post quotes from another post of the page may stand once or twice. Facts that the page does not have are not
asked for. Chrome inside a body that the text keeps is told; it counts only as words that are too many.

Prints a table by platform, the shares of pages that agree on all ("whole"), and the pages that differ. Exits 1 where
--floor is given and not reached. --lxml prints what lxml finds, without copydesk. Needs BENCH_DATA (the unpacked
wcxb-dev.tar.zst).
"""
import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import moments
import pages
from platforms import SITES

ENOUGH = 0.9
FACTS = ("count", "bodies", "authors", "dates")


def dev_pages(data):
    """(id, page type, HTML) of the pages that are forum pages or made by forum software."""
    truth = sorted((data / "wcxb/dev/ground-truth").glob("*.json"))
    if not truth:
        sys.exit(f"no pages in {data}: unpack wcxb-dev.tar.zst and set BENCH_DATA to its folder `data`")
    for path in truth:
        kind = json.loads(path.read_text("utf-8"))["_internal"]["page_type"]["primary"]
        html = (data / f"html/wcxb-dev/{path.stem}.html").read_text("utf-8", errors="replace")
        if kind == "forum" or pages.platform(pages.parse(html), sites=False)[0]:
            yield path.stem, kind, html


def clean(captures):
    """copydesk's answers to captures ({"id", "html" or "text"}), by id."""
    binary = os.environ.get("COPYDESK", "copydesk")
    lines = "".join(json.dumps(capture) + "\n" for capture in captures)
    done = subprocess.run([binary, "clean", "--stdin", "jsonl", "--stdout"], input=lines.encode(), capture_output=True)
    answers = {answer["id"]: answer for answer in map(json.loads, done.stdout.decode().splitlines())}
    missing = [capture["id"] for capture in captures if capture["id"] not in answers]
    if missing:
        sys.exit(f"{binary}: exit {done.returncode}, no answer for {len(missing)} pages, first {missing[0]}: "
                 f"{done.stderr.decode()[-300:]}")
    return answers


class Found(NamedTuple):
    """Facts of a page that agree, and how many posts do of how many that were compared."""
    agree: dict
    posts: dict
    notes: list


def fold(name):
    return " ".join((name or "").split()).casefold().removeprefix("@")


def author_of(record):
    return record.get("posted_by") or next((author["name"] for author in record.get("authors") or []), None)


def pair(posts, records):
    """Posts with their records, in order, so that as many bodies as possible agree: [(post, record or None)]."""
    bags = [pages.words(record.get("text") or "") for record in records]
    score = [[pages.f1(bag, post) for bag in bags] for post in posts]
    if len(posts) == len(records):
        return [(post, records[i], score[i][i]) for i, post in enumerate(posts)]
    best = [[0.0] * (len(records) + 1) for _ in range(len(posts) + 1)]
    for i in reversed(range(len(posts))):
        for j in reversed(range(len(records))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + score[i][j])
    result, j = [], 0
    for i, post in enumerate(posts):
        while j < len(records) and best[i][j] == best[i][j + 1]:
            j += 1
        taken = j < len(records) and best[i][j] > best[i + 1][j]
        result.append((post, records[j], score[i][j]) if taken else (post, None, 0.0))
        j += taken
    return result


def shorten(text, length=60):
    text = " ".join(str(text).split())
    return text if len(text) <= length else text[:length] + "…"


def surplus(post, record):
    """Words in one text alone, commonest first."""
    ours = pages.words(record.get("text") or "")
    more = " ".join((ours - post.words - post.loose).elements()) or "-"
    return f"more: {shorten(more)}; less: {shorten(' '.join((post.words - ours).elements()) or '-')}"


def compare(posts, answer):
    records = [record for record in answer["records"] if record["type"] == "post"]
    agree, notes = {"count": len(records) == len(posts)}, []
    if not agree["count"]:
        others = sorted({record["type"] for record in answer["records"]} - {"post"})
        also = f" (and {', '.join(others)})" if others else ""
        notes.append(f"{len(posts)} posts, {len(records)} records{also}" if answer["status"] == "ok"
                     else f"{answer['status']}: {answer.get('reason')}")
    pairs = pair(posts, records)
    figures = moments.order([post.date for post in posts])
    right = {"bodies": [], "authors": [], "dates": []}
    for number, (post, record, score) in enumerate(pairs, 1):
        ok = record is not None and score >= ENOUGH
        right["bodies"].append(ok)
        if record is None:
            notes.append(f"post {number} has no record: {shorten(post.text)}")
        elif not ok:
            notes.append(f"post {number}: word F1 {score:.2f}; {surplus(post, record)}")
        text = fold((record or {}).get("text"))
        notes += [f"post {number} keeps {shorten(chrome)!r}" for chrome in post.chrome
                  if len(chrome.split()) > 1 and fold(chrome) in text]
        if post.author:
            ours = author_of(record or {})
            right["authors"].append(fold(ours) == fold(post.author))
            if record is not None and not right["authors"][-1]:
                notes.append(f"post {number}: author {ours!r}, on the page {shorten(post.author)!r}")
        theirs = moments.read(post.date, figures)
        if theirs:
            said = (record or {}).get("published_at")
            ours = moments.read(said)
            right["dates"].append(ours is not None and moments.agree(ours, theirs))
            if record is not None and not right["dates"][-1]:
                notes.append(f"post {number}: date {said}, on the page {post.date!r}")
    agree.update({fact: all(values) for fact, values in right.items()})
    return Found(agree, {fact: (sum(values), len(values)) for fact, values in right.items()}, notes)


def row(name, found):
    """A line of the table: pages and posts that agree."""
    cells = [f"{name:<18}{len(found):>6}"]
    cells += [f"{sum(page.agree[fact] for page in found):>8}" for fact in FACTS]
    cells.append(f"{sum(all(page.agree.values()) for page in found):>8}")
    for fact in FACTS[1:]:
        right, asked = (sum(values) for values in zip(*(page.posts[fact] for page in found)))
        cells.append(f"{right:>7}/{asked}".rjust(12))
    return "".join(cells)


def share(found, facts=FACTS):
    """Share of the pages that agree on these facts."""
    return sum(all(page.agree[fact] for fact in facts) for page in found) / max(1, len(found))


def lxml_table(known):
    print(f"{'platform':<18}{'pages':>6}{'posts':>7}{'author':>8}{'date':>7}{'link':>7}{'empty':>7}")
    groups = defaultdict(list)
    for _, name, posts in known:
        groups[name].append(posts)
    for name, found in sorted(groups.items(), key=lambda group: -len(group[1])):
        posts = [post for page in found for post in page]
        counts = [sum(map(bool, column)) for column in (
            [p.author for p in posts], [p.date for p in posts], [p.link for p in posts], [not p.words for p in posts])]
        print(f"{name:<18}{len(found):>6}{len(posts):>7}{counts[0]:>8}{counts[1]:>7}{counts[2]:>7}{counts[3]:>7}")
    print()
    for page, name, posts in known:
        print(f"{page} {name}: {len(posts)} posts")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("BENCH_DATA", "target/bench/data")))
    parser.add_argument("--lxml", action="store_true", help="print what lxml finds and do not run copydesk")
    parser.add_argument("--floor", type=float, help="least share of pages of known platforms that agree on all facts")
    parser.add_argument("--notes", type=int, default=3, help="differences shown per page (default 3)")
    args = parser.parse_args()
    every = [(page, kind, html, *pages.read(html)) for page, kind, html in dev_pages(args.data)]
    known = [(page, name, posts) for page, _, _, name, posts in every if name]
    unknown = [page for page, _, _, name, _ in every if not name]
    if args.lxml:
        lxml_table(known)
        print(f"\nof no known platform: {' '.join(unknown)}")
        return
    answers = clean([{"id": page, "html": html} for page, _, html, name, _ in every if name])
    found = {page: (name, compare(posts, answers[page])) for page, name, posts in known}
    groups = defaultdict(list)
    for name, result in found.values():
        groups[name].append(result)
    print(f"{'pages that agree on':<24}" + "".join(f"{fact:>8}" for fact in (*FACTS, "whole"))
          + f"{'posts: bodies':>14}{'authors':>10}{'dates':>12}")
    software = [result for name, result in found.values() if name not in SITES]
    for name in sorted(groups, key=lambda name: (name in SITES, -len(groups[name]), name)):
        print(row(("site: " if name in SITES else "") + name, groups[name]))
    print(row("all platforms", software) + "\n")
    with_posts = [result for result in software if result.posts["bodies"][1]]
    whole = share(software)
    for title, some in (("pages of platforms", software), ("of these, with posts", with_posts)):
        shares = ", ".join(f"{fact} {share(some, [fact]):.3f}" for fact in FACTS)
        print(f"{title} ({len(some)}): {shares}, whole {share(some):.3f}")
    print(f"of no known platform: {' '.join(unknown)}\n")
    for page, (name, result) in found.items():
        if result.notes:
            wrong = ", ".join(fact for fact, right in result.agree.items() if not right)
            print(f"{page} {name}: {wrong}")
            for note in result.notes[:args.notes]:
                print(f"    {note}")
            if len(result.notes) > args.notes:
                print(f"    … and {len(result.notes) - args.notes} more")
    if args.floor is not None and whole < args.floor:
        sys.exit(f"{whole:.3f} of the pages agree, fewer than {args.floor}")


if __name__ == "__main__":
    main()
