#!/usr/bin/env python3
"""Flattened twins: does the text side find as many posts as lxml counts in the same page's HTML?

    pip install -r tests/bench/requirements.txt
    BENCH_DATA=target/bench/data COPYDESK=target/release/copydesk python3 tests/bench/twins.py [--floor 0.8]

Runs copydesk over the `text-full` captures of the dev forum pages of XenForo and phpBB, without addresses; --all takes
every platform whose posts stand in the open. Prints the share of pages with equal numbers of posts, by platform, and
each miss with the posts that no record agrees with. Bodies and authors are compared as posts.py does it; a flattened
page often holds no dates, so these are shown and not asked for. Exits 1 where --floor is given and not reached.
"""
import argparse
import os
import sys
from collections import defaultdict
from pathlib import Path

import pages
import posts as measure
from platforms import SITES

ASKED = ("XenForo", "phpBB")


def in_the_open(found, text):
    """Whether the flattened page holds the posts at all: what stands in <noscript> alone does not."""
    words = pages.words(text)
    needed = sum((post.words for post in found), start=pages.Counter())
    return (words & needed).total() >= 0.5 * needed.total()


def twins(data, every):
    """(page, platform, posts, text)"""
    for page, kind, html in measure.dev_pages(data):
        name, found = pages.read(html)
        if kind != "forum" or not found or name in SITES or not (every or name.startswith(ASKED)):
            continue
        text = (data / f"text/full/wcxb-dev/{page}.txt").read_text("utf-8", errors="replace")
        if in_the_open(found, text):
            yield page, name, found, text


def family(name):
    """XenForo 1 and both skins of XenForo 2 are one platform here."""
    return name.split(" ")[0].rstrip(",")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("BENCH_DATA", "target/bench/data")))
    parser.add_argument("--all", action="store_true", help="all platforms, not only XenForo and phpBB")
    parser.add_argument("--floor", type=float, help="least share of XenForo and phpBB pages with equal numbers")
    parser.add_argument("--notes", type=int, default=4, help="differences shown per page (default 4)")
    args = parser.parse_args()
    chosen = list(twins(args.data, args.all))
    answers = measure.clean([{"id": page, "text": text} for page, _, _, text in chosen])
    groups, misses, asked = defaultdict(list), [], []
    for page, name, found, _ in chosen:
        result = measure.compare(found, answers[page])
        groups[family(name)].append(result)
        if name.startswith(ASKED):
            asked.append(result)
        if not result.agree["count"]:
            profile = ((answers[page]["records"] or [{}])[0].get("profile") or {}).get("id")
            misses.append((page, name, profile, result.notes))
    print(f"{'platform':<18}{'pages':>6}{'equal':>7}{'share':>8}" + f"{'bodies':>12}{'authors':>12}{'dates':>12}")
    for name, found in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        equal = sum(result.agree["count"] for result in found)
        cells = []
        for fact in ("bodies", "authors", "dates"):
            right, all_of_them = (sum(values) for values in zip(*(result.posts[fact] for result in found)))
            cells.append(f"{right}/{all_of_them}".rjust(12))
        print(f"{name:<18}{len(found):>6}{equal:>7}{equal / len(found):>8.3f}" + "".join(cells))
    reached = sum(result.agree["count"] for result in asked) / max(1, len(asked))
    print(f"\nXenForo and phpBB: {reached:.3f} of {len(asked)} pages have as many posts as their HTML\n")
    for page, name, profile, notes in misses:
        print(f"{page} {name}, cleaned by {profile}")
        for note in notes[:args.notes]:
            print(f"    {note}")
        if len(notes) > args.notes:
            print(f"    … and {len(notes) - args.notes} more")
    if args.floor is not None and reached < args.floor:
        sys.exit(f"{reached:.3f} of the pages, fewer than {args.floor}")


if __name__ == "__main__":
    main()
