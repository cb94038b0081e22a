#!/usr/bin/env python3
"""Title, author and day of several runs side by side, by the bench's own fields.py.

    BENCH=../shared/bench BENCH_DATA=target/bench/data python3 tests/bench/fields.py OURS.json METADATA.json …

Each argument is what the bench's run.py wrote for `wcxb-dev`; for the peer that is
`python3 $BENCH/run.py trafilatura-metadata wcxb-dev METADATA.json` with BENCH_PYTHON set to a Python that has it.
"right" is the share of the pages that have the fact, "wrong" the share of these on which another value was claimed,
"null" the share of the pages without it on which nothing was claimed. Rows by page type follow with --types.
"""
import argparse
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCH = Path(os.environ.get("BENCH", HERE.parents[2] / "shared/bench"))
FACTS = ("title", "author", "date")


def bench():
    """The bench's `agree`, and the truth of the dev pages. This file has the same name as the bench's: by path."""
    import importlib.util
    if not (BENCH / "fields.py").exists():
        sys.exit(f"there is no fields.py in {BENCH}: set BENCH to the bench's folder")
    os.environ.setdefault("BENCH_DATA", str(HERE.parents[1] / "target/bench/data"))
    sys.path.insert(0, str(BENCH))
    spec = importlib.util.spec_from_file_location("bench_fields", BENCH / "fields.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    truth = module.load_truth("wcxb-dev", module.DATA)
    if not truth:
        sys.exit(f"no pages in {module.DATA}: unpack wcxb-dev.tar.zst and set BENCH_DATA to its folder `data`")
    return module.agree, truth


def shares(agree, truth, found, fact):
    """(right, wrong, pages with the fact, null, pages without it)"""
    have = [page for page, facts in truth.items() if facts[fact]]
    none = [page for page, facts in truth.items() if not facts[fact]]
    said = {page: (found.get(page) or {}).get(fact) or "" for page in truth}
    right = sum(bool(agree(fact, said[page], truth[page][fact])) for page in have)
    claimed = sum(bool(said[page]) for page in have)
    silent = sum(not said[page] for page in none)
    return right / max(1, len(have)), (claimed - right) / max(1, len(have)), len(have), \
        silent / max(1, len(none)), len(none)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("predictions", nargs="+", type=Path)
    parser.add_argument("--types", action="store_true", help="also by page type")
    args = parser.parse_args()
    agree, truth = bench()
    runs = {}
    for path in args.predictions:
        raw = json.loads(path.read_text("utf-8"))
        if "fields" not in raw:
            sys.exit(f"{path} has no fields: it is no run of run.py")
        runs[path.stem] = raw["fields"]
    kinds = sorted({facts["type"] for facts in truth.values()}) if args.types else []
    print(f"{'pages':<15}{'fact':<8}{'run':<24}{'right':>7}{'wrong':>7}{'of':>6}{'null':>7}{'of':>6}")
    for kind in ("all", *kinds):
        chosen = {page: facts for page, facts in truth.items() if kind in ("all", facts["type"])}
        for fact in FACTS:
            for name, found in runs.items():
                right, wrong, have, silent, none = shares(agree, chosen, found, fact)
                print(f"{kind:<15}{fact:<8}{name:<24}{right:>7.3f}{wrong:>7.3f}{have:>6}{silent:>7.3f}{none:>6}")


if __name__ == "__main__":
    main()
