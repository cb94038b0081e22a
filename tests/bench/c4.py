#!/usr/bin/env python3
"""How fast the line filter of C4 is in Python: c4.py [--peers PEERS.py] FILE …

Reads all files, runs the rule over them ten times in memory, and prints one JSON object: MB/s of the rule below and,
where the benchmark's own peers are at hand, of their `text-c4`. Ten runs, the fastest counts.
"""
import argparse
import importlib.util
import json
import sys
import time
from pathlib import Path

RUNS = 10
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


def speed(rule, pages, size):
    """MB/s of the fastest run."""
    fastest = float("inf")
    for _ in range(RUNS):
        started = time.perf_counter()
        for page in pages:
            rule(page)
        fastest = min(fastest, time.perf_counter() - started)
    return size / fastest / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--list", action="store_true", help="read the names of the files from standard input")
    parser.add_argument("files", nargs="*", type=Path)
    args = parser.parse_args()
    files = args.files + ([Path(name) for name in sys.stdin.read().splitlines()] if args.list else [])
    raw = [path.read_bytes() for path in files]
    pages, size = [data.decode("utf-8", "replace") for data in raw], sum(map(len, raw))
    found = {"c4": speed(c4, pages, size)}
    if args.peers:
        found["text-c4"] = speed(peers_c4(args.peers), pages, size)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
