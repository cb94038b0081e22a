#!/usr/bin/env python3
"""What drafts learnt by `copydesk profile new` are worth on pages that they were not learnt from.

    BENCH=../shared/bench BENCH_DATA=target/bench/data python3 tests/bench/induce.py [--input text-full] [--floors]

On each host of the dev pages with at least three different ones: one page is left out, a draft is learnt from the
others (two suffice here), and the page is cleaned with it. Printed, over all left-out pages: word F1 (the bench's own)
with the draft and with what the program does by itself, platforms in both; pages that are worse by more than 0.02;
of the words that the draft's strip rules take, the share that is no main content; of all words that are no main
content, the share that they take; of the main content, the share that they lose. Main content: blocks of which the
larger part stands in the reference (tests/train/label.py).

The built-in forest has seen all of these pages, on both sides of the comparison. `--folds DIR` judges the hosts of each
fold by the forest that has not seen them (tests/train/forest.py leaves them in target/train/folds).
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean, median
from urllib.parse import urlparse

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BENCH = Path(os.environ.get("BENCH", ROOT / "../shared/bench"))
os.environ.setdefault("BENCH_DATA", str(ROOT / "target/bench/data"))
if not (BENCH / "score.py").exists():
    sys.exit(f"there is no score.py in {BENCH}: set BENCH to the bench's folder")
sys.path += [str(BENCH), str(ROOT / "tests/train")]
from common import DATA, input_path, load_truth  # noqa: E402
from score import overlap, words  # noqa: E402
try:
    from label import WORD, Aligner  # noqa: E402
except ImportError:
    sys.exit("numpy is needed: pip install -r tests/bench/requirements.txt")


def hosts(truth, kind):
    found = defaultdict(list)
    for page, one in truth.items():
        host = (urlparse(one["url"] or "").hostname or "").removeprefix("www.")
        if host:
            path = input_path(DATA, "wcxb-dev", kind, page)
            found[host].append({"id": page, "path": str(path), "url": one["url"]})
    return {host: pages for host, pages in sorted(found.items()) if len(pages) >= 3}


def run(hosts, forest=None):
    command = os.environ.get("INDUCE", "").split() or ["cargo", "run", "--release", "--locked", "-q", "--example", "induce", "--"]
    lines = "".join(json.dumps({"host": host, "pages": pages}) + "\n" for host, pages in hosts.items())
    answer = subprocess.run([*command, *([str(forest)] if forest else [])], input=lines, stdout=subprocess.PIPE,
                            text=True, check=True, cwd=ROOT)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def judged(page, truth, aligner):
    """What one left-out page shows."""
    reference = words(truth["text"])
    shares = aligner.shares([text for text, _ in page["blocks"]], truth["text"])
    row = Counter()
    by_rule = defaultdict(Counter)
    for (text, by), share in zip(page["blocks"], shares):
        count, is_main = len(WORD.findall(text.lower())), share >= 0.5
        row["main" if is_main else "rest"] += count
        if by and by.startswith(("strip.", "split.")):
            kind = "strip" if by.startswith("strip.") else "split"
            row[f"{kind}_main" if is_main else f"{kind}_rest"] += count
            by_rule[by]["main" if is_main else "rest"] += count
    before = overlap(words(page["before"]), reference)[2]
    after = overlap(words(page["after"]), reference)[2]
    return {"before": before, "after": after, "counts": row, "by_rule": by_rule, "type": truth["type"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", default="html", choices=("html", "text-full"))
    parser.add_argument("--folds", type=Path)
    parser.add_argument("--floors", action="store_true", help="fail where the drafts are worse than they were")
    parser.add_argument("--json", type=Path, help="write what was found of each page here")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    truth = load_truth("wcxb-dev")
    asked = hosts(truth, args.input)
    if args.folds:
        pages = []
        for forest in sorted(args.folds.glob("*.json")):
            unseen = {Path(line).stem for line in forest.with_suffix(".txt").read_text().splitlines()}
            pages += run({host: own for host, own in asked.items() if own[0]["id"] in unseen}, forest)
    else:
        pages = run(asked)
    with tempfile.TemporaryDirectory() as folder:
        aligner = Aligner(folder)
        rows = [judged(page, truth[page["id"]], aligner) for page in pages]
    for page, row in zip(pages, rows):
        page.update(row)
    if args.json:
        args.json.write_text(json.dumps(pages))
    if args.verbose:
        for page in sorted(pages, key=lambda page: page["after"] - page["before"]):
            print(f"{page['host']:<32}{page['id']} {page['type']:<10} {page['before']:.3f} -> {page['after']:.3f} "
                  f"{page['after'] - page['before']:+.3f} rules {sum(' = ' in l for l in page['draft'].splitlines()):>3} {dict(page['counts'])} {page['warnings']}")
            for rule, count in sorted(page["by_rule"].items(), key=lambda item: -item[1]["main"]):
                if count["main"]:
                    print(f"      {rule}: {dict(count)}")
    sys.exit(report(pages, args))


def report(pages, args):
    def table(name, pages):
        if not pages:
            return {}
        total = sum((page["counts"] for page in pages), Counter())
        taken = total["strip_main"] + total["strip_rest"]
        result = {
            "before": fmean(page["before"] for page in pages), "after": fmean(page["after"] for page in pages),
            "worse": fmean(page["after"] < page["before"] - 0.02 for page in pages),
            "better": fmean(page["after"] > page["before"] + 0.02 for page in pages),
            "precision": total["strip_rest"] / taken if taken else 1.0,
            "recall": total["strip_rest"] / max(1, total["rest"]), "lost": total["strip_main"] / max(1, total["main"]),
            "split lost": total["split_main"] / max(1, total["main"]),
            "split recall": total["split_rest"] / max(1, total["rest"]),
        }
        print(f"{name:<22}{len(pages):>5}" + "".join(f"{value:>13.4f}" for value in result.values()))
        return result
    columns = ("before", "after", "worse", "better", "precision", "recall", "lost", "split lost", "split recall")
    print(f"{args.input}: {len({page['host'] for page in pages})} hosts, one page left out at a time")
    print(f"{'':<22}{'pages':>5}" + "".join(f"{name:>13}" for name in columns))
    everything = table("all", pages)
    induced = [page for page in pages if "strip." in page["draft"]]
    table("learnt by rules", induced)
    table("platform or empty", [page for page in pages if "strip." not in page["draft"]])
    for kind in sorted({page["type"] for page in pages}):
        table(kind, [page for page in pages if page["type"] == kind])
    for count in sorted({page["learnt_from"] for page in pages}):
        table(f"from {count}", [page for page in pages if page["learnt_from"] == count])
    by_host = defaultdict(Counter)
    for page in induced:
        by_host[page["host"]] += page["counts"]
    sure = [c["strip_rest"] / (c["strip_rest"] + c["strip_main"]) for c in by_host.values() if c["strip_rest"] + c["strip_main"]]
    if sure:
        print(f"precision by host: median {median(sure):.4f}, {sum(p >= 0.95 for p in sure)} of {len(sure)} at 0.95 or more")
    if not args.floors:
        return 0
    floors = [("F1 with drafts", everything["after"] - everything["before"], 0.0),
              ("pages not worse", 1 - everything["worse"], 0.95),
              ("precision of strip rules", everything["precision"], 0.97),
              ("boilerplate that they take", everything["recall"], 0.25),
              ("main content kept", 1 - everything["lost"], 0.995)]
    short = [f"{name}: {value:.4f} is below {floor}" for name, value, floor in floors if value < floor]
    print("\n" + ("\n".join(short) or "all floors hold"))
    return bool(short)


if __name__ == "__main__":
    main()
