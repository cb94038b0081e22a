#!/usr/bin/env python3
"""Word F1 of one run on the dev forum pages, by platform, beside the peers' figures.

    pip install -r tests/bench/requirements.txt
    BENCH=../shared/bench BENCH_DATA=target/bench/data python3 tests/bench/forum.py PRED.json

PRED.json is what the bench's run.py wrote for `wcxb-dev`. F1 is the bench's own (score.py). The peers' figures, page by
page, stand in peers.json; "best" is the best peer of each page, reference in hand. To measure the peers again (their
set-up is in the bench's README):

    python3 tests/bench/forum.py --pages DIR           # a BENCH_DATA of the forum pages alone, as links
    BENCH_DATA=DIR python3 $BENCH/run.py PEER wcxb-dev OUT/PEER.json      # for each peer
    python3 tests/bench/forum.py --save OUT/*.json     # writes peers.json
"""
import argparse
import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from statistics import fmean

import pages
from platforms import SITES

HERE = Path(__file__).resolve().parent
BENCH = Path(os.environ.get("BENCH", HERE.parents[2] / "shared/bench"))
DATA = Path(os.environ.get("BENCH_DATA", HERE.parents[1] / "target/bench/data"))
PEERS = HERE / "peers.json"
# Versions of what was measured; the names are the bench's.
VERSIONS = {"trafilatura": "2.3.1", "resiliparse": "2.0.1", "rs-trafilatura": "0.2.2", "dom_smoothie": "0.19.0",
            "defuddle": "0.19.4", "readability.js": "0.6.0", "newspaper4k": "0.9.6", "justext": "3.0.2",
            "readability-lxml": "0.9", "boilerpy3": "1.0.7"}

if not (BENCH / "score.py").exists():
    sys.exit(f"there is no score.py in {BENCH}: set BENCH to the bench's folder")
if not (DATA / "wcxb/dev/ground-truth").is_dir():
    sys.exit(f"no pages in {DATA}: unpack wcxb-dev.tar.zst and set BENCH_DATA to its folder `data`")
sys.path.append(str(BENCH))
from common import NO_POSTS, NOSCRIPT_POSTS, load_predictions, load_truth  # noqa: E402
from score import score_pages  # noqa: E402


def forum_pages():
    return [page for page, truth in load_truth("wcxb-dev", DATA).items() if truth["type"] == "forum"]


def link_pages(folder):
    for page in forum_pages():
        for name in (f"html/wcxb-dev/{page}.html", f"wcxb/dev/ground-truth/{page}.json", f"text/full/wcxb-dev/{page}.txt"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            if not (folder / name).exists():
                (folder / name).symlink_to((DATA / name).resolve())


def scores(path):
    """{page: F1} of the forum pages; a missing page counts as an empty answer."""
    rows = score_pages(load_predictions(path)["text"], "wcxb-dev", DATA)
    return {page: rows[page]["f1"] for page in forum_pages()}


def save(paths):
    names = forum_pages()
    peers = {path.stem: [round(scores(path)[page], 3) for page in names] for path in paths}
    used = {name: version for name, version in VERSIONS.items() if any(peer.startswith(name) for peer in peers)}
    lines = [f'  "versions": {json.dumps(used)}', f'  "pages": {json.dumps(" ".join(names))}', '  "f1": {\n' + ",\n".join(
        f'    "{peer}": {json.dumps(values, separators=(",", ":"))}' for peer, values in sorted(
            peers.items(), key=lambda item: -fmean(item[1]))) + "\n  }"]
    PEERS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def groups():
    """{platform: pages}, the larger ones first; single sites' pages are one group."""
    found = defaultdict(list)
    for page in forum_pages():
        html = (DATA / f"html/wcxb-dev/{page}.html").read_text("utf-8", errors="replace")
        name = pages.platform(pages.parse(html))[0]
        found["no platform" if name is None or name in SITES else name].append(page)
    return dict(sorted(found.items(), key=lambda group: (group[0] == "no platform", -len(group[1]), group[0])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("predictions", nargs="*", type=Path)
    parser.add_argument("--save", action="store_true", help="write the scores of these predictions as peers.json")
    parser.add_argument("--pages", type=Path, metavar="DIR", help="link the forum pages to this folder and stop")
    parser.add_argument("--markdown", action="store_true")
    args = parser.parse_args()
    if args.pages:
        return link_pages(args.pages)
    if args.save:
        return save(args.predictions)
    stored = json.loads(PEERS.read_text("utf-8"))
    peers = {peer: dict(zip(stored["pages"].split(), values)) for peer, values in stored["f1"].items()}
    ours = {path.stem: scores(path) for path in args.predictions}
    rows = groups()
    everything = forum_pages()
    closed = NO_POSTS | NOSCRIPT_POSTS
    summary = {"all forum pages": everything, "forum, open": [page for page in everything if page not in closed]}
    columns = {**ours, "best": {page: max(scored[page] for scored in peers.values()) for page in everything}, **peers}
    edge, gap = ("| ", " | ") if args.markdown else ("", "  ")

    def line(first, cells):
        print(edge + first.ljust(18) + gap + gap.join(cells) + edge[::-1])

    line("platform", ["pages", *(name.rjust(7) for name in columns)])
    if args.markdown:
        print("|---|" + "---:|" * (len(columns) + 1))
    for name, chosen in {**rows, **summary}.items():
        values = [f"{fmean(scored[page] for page in chosen):.3f}".rjust(max(7, len(column)))
                  for column, scored in columns.items()]
        line(name, [f"{len(chosen):>5}", *values])
    print("\n" + ", ".join(f"{name} {version}" for name, version in stored["versions"].items()))
    for name, scored in ours.items():
        behind = [(columns["best"][page] - scored[page], page) for page in everything]
        worst = ", ".join(f"{page} {scored[page]:.3f} of {columns['best'][page]:.3f}"
                          for gap_, page in sorted(behind, reverse=True)[:15] if gap_ > 0)
        print(f"\n{name}, furthest behind the best peer: {worst}")


if __name__ == "__main__":
    main()
