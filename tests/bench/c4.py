#!/usr/bin/env python3
"""How fast the line filter of C4 is in Python: c4.py [--peers PEERS.py] FILE …

Reads all files, then answers each line on standard input with one pass over them in memory: one JSON object, with the
microseconds that each file took by the rule below and, where the benchmark's own peers are at hand, by their `text-c4`.
With `--list` the names of the files are read from standard input first, up to an empty line. Run by `clean.rs`, which
takes turns with it and counts the fastest pass over each file on both sides.
"""
import argparse
import importlib.util
import json
import sys
import time
from pathlib import Path

ENDS = (".", "!", "?", '"', "”")


def c4(page):
    """Keeps lines of at least five words that end like a sentence."""
    kept = []
    for line in page.splitlines():
        line = line.strip()
        if line.endswith(ENDS) and not line.endswith(("...", "…")) and len(line.split()) >= 5:
            kept.append(line)
    return "\n".join(kept)


def peers_c4(path):
    """`text-c4` of the benchmark; its imports of other libraries are inside the peers that need them."""
    spec = importlib.util.spec_from_file_location("python_peers", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    extract = module.PEERS["text-c4"]()
    return lambda page: extract(page, None)


def one_pass(rule, pages):
    """Microseconds for each page."""
    spent = []
    for page in pages:
        started = time.perf_counter()
        rule(page)
        spent.append((time.perf_counter() - started) * 1e6)
    return spent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--list", action="store_true", help="read the names of the files from standard input")
    parser.add_argument("files", nargs="*", type=Path)
    args = parser.parse_args()
    listed = iter(sys.stdin.readline, "\n") if args.list else ()
    files = args.files + [Path(name.rstrip("\n")) for name in listed]
    pages = [path.read_bytes().decode("utf-8", "replace") for path in files]
    rules = {"c4": c4}
    if args.peers:
        rules["text-c4"] = peers_c4(args.peers)
    for _ in sys.stdin:
        print(json.dumps({name: one_pass(rule, pages) for name, rule in rules.items()}), flush=True)


if __name__ == "__main__":
    main()
