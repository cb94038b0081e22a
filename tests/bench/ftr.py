#!/usr/bin/env python3
"""What the XPaths of site configs select on real pages beside what their imported rules select.

    BENCH=../shared/bench BENCH_DATA=target/bench/data python3 tests/bench/ftr.py FOLDER \\
        --copydesk target/release/copydesk --nodes target/release/examples/ftr-nodes \\
        --min-complete 0.96 --min-core 0.985 --min-same 0.99

FOLDER holds the configs (`*.txt`). First all of them are imported, and the shares of complete files are printed. Then
each dev page of the bench whose host has a config is parsed by html5lib into lxml, without namespaces, and each path of
the config is asked there; `ftr-nodes` says what the imported selectors find on the same page. A rule is the same where
the texts of what it selects are, one after another, white space aside (and names, for what has no text: how many).
Rules that select nothing on either side do not count. Every difference is printed. With --others the configs of other
hosts are asked on each page, too: their paths find something there now and then. These have no floor: what stands in
`<noscript>` is a page of its own to the program and part of the page to html5lib.

`strip_id_or_class` is no XPath: ftr looks for letters anywhere in an id or a class, the import for whole words.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
from lxml import etree

HERE = Path(__file__).resolve().parent
BENCH = Path(os.environ.get("BENCH", HERE.parents[2] / "shared/bench"))
PATHS = ("body", "title", "author", "date", "strip", "strip_attr")
# What is no text to the program either.
UNREAD = {"script", "style", "svg", "iframe", "object", "embed", "canvas", "audio", "video", "map", "datalist",
          "noframes", "frameset", "title", "head"}
# What the program drops before rules are asked.
DROPPED = {"script", "style", "svg"}


def config_of(folder, host):
    """The config that ftr takes for a host: its own, else that for what is below the next domain."""
    host = host.lower().removeprefix("www.")
    for name in (host, "." + host.partition(".")[2]):
        if name != "." and (folder / f"{name}.txt").is_file():
            return folder / f"{name}.txt"
    return None


def directives(path):
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        line = line.strip().lstrip("\ufeff")
        key, colon, value = line.partition(":")
        if colon and not line.startswith("#") and key.strip() in PATHS and value.strip():
            yield number, key.strip(), value.strip()


def solid(text):
    return re.sub(r"[\s\u200b\u00ad]+", "", text or "")


def read(node, top=True):
    """The words of an element that a reader sees."""
    if not isinstance(node.tag, str) or (not top and etree.QName(node).localname in UNREAD):
        return ""
    parts = [node.text or ""]
    for child in node:
        parts += [read(child, False), child.tail or ""]
    return "".join(parts)


def asked(tree, key, xpath):
    """("nodes", texts), ("value", text) or None where lxml refuses the path."""
    try:
        found = tree.xpath(xpath)
    except etree.XPathError:
        return None
    if isinstance(found, (str, float, bool)):
        return "value", solid(str(found))
    texts = []
    for node in found:
        if isinstance(node, str):
            texts.append(solid(node))
        elif isinstance(node.tag, str):
            unread = etree.QName(node).localname in DROPPED and key.startswith("strip")
            texts.append(None if unread else solid(read(node)))
    return "nodes", [text for text in texts if text is not None]


def ask(program, config, page):
    program.stdin.write(json.dumps({"config": str(config), "page": str(page)}) + "\n")
    program.stdin.flush()
    return json.loads(program.stdout.readline())


def compare(page, config, answer, tree, tally):
    """Adds what the rules of a config select on a page to the tally, and prints what differs."""
    for line, key, xpath in directives(config):
        rules = [rule for rule in answer["rules"] if rule["line"] == line]
        original = asked(tree, key, xpath)
        if original is None or (not rules and line not in answer["lost"]):
            continue
        kind, theirs = original
        if kind == "value":
            ours = solid(next((rule["value"] for rule in rules if rule["value"]), ""))
        else:
            ours = [solid(text) for rule in rules for text in rule["texts"]]
            ours, theirs = sorted(ours), sorted(theirs)
        if not ours and not theirs:
            continue
        tally["all"] += 1
        if ours == theirs:
            tally["same"] += 1
            continue
        cause = "not translated" if line in answer["lost"] else "value" if kind == "value" else \
            "other number" if len(ours) != len(theirs) else "other text"
        tally[cause] += 1
        print(f"{page} {config.name}:{line} {cause}: {key}: {xpath}")
        print(f"    import: {'; '.join(rule['css'] for rule in rules)}")
        if kind == "nodes":
            ours, theirs = list((Counter(ours) - Counter(theirs)).elements()), \
                list((Counter(theirs) - Counter(ours)).elements())
        print(f"    XPath alone  {short(theirs)}\n    import alone {short(ours)}")


def differences(folder, nodes, limit, others):
    os.environ.setdefault("BENCH_DATA", str(HERE.parents[1] / "target/bench/data"))
    sys.path.insert(0, str(BENCH))
    from common import DATA, input_path, load_truth
    truth = load_truth("wcxb-dev", DATA)
    if not truth:
        sys.exit(f"no pages in {DATA}: unpack wcxb-dev.tar.zst and set BENCH_DATA to its folder `data`")
    program = subprocess.Popen([nodes], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    every = sorted(folder.glob("*.txt"))
    pages, own, foreign = 0, Counter(), Counter()
    for page, facts in sorted(truth.items()):
        config = config_of(folder, urlsplit(facts["url"] or "").hostname or "")
        if config is None or pages >= limit:
            continue
        pages += 1
        path = input_path(DATA, "wcxb-dev", "html", page)
        markup = path.read_bytes().decode("utf-8", errors="replace")
        plain = parsed(markup)
        # Each page gets the next ones, so that all have their turn.
        strangers = [every[(pages * others + at) % len(every)] for at in range(others)]
        for asked_of, tally in [(config, own)] + [(one, foreign) for one in strangers]:
            if not asked_of.name.lstrip(".").removesuffix(".txt").count(".") and asked_of.name != "global.txt":
                continue
            answer = ask(program, asked_of, path)
            edited = markup
            for find, replace in answer["edits"]:
                edited = edited.replace(find, replace)
            compare(page, asked_of, answer, plain if edited == markup else parsed(edited), tally)
    program.stdin.close()
    return pages, own, foreign


def parsed(markup):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return html5lib.parse(markup, treebuilder="lxml", namespaceHTMLElements=False)


def short(found):
    if isinstance(found, str):
        return repr(found[:100])
    return f"{len(found)}: " + ", ".join(repr(text[:40]) for text in found[:4])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copydesk", default="target/release/copydesk")
    parser.add_argument("--nodes", default="target/release/examples/ftr-nodes")
    parser.add_argument("--pages", type=int, default=10**6, help="at most so many pages")
    parser.add_argument("--others", type=int, default=0, help="ask so many configs of other hosts on each page, too")
    parser.add_argument("--min-complete", type=float, default=0)
    parser.add_argument("--min-core", type=float, default=0)
    parser.add_argument("--min-same", type=float, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        command = [args.copydesk, "profile", "import-ftr", str(args.folder), "--out", out, "--summary", "json"]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    summary = json.loads(lines[-1])
    print("\n".join(lines[:-1]))
    complete, core = (summary[key] / max(1, summary["files"]) for key in ("complete", "core_complete"))
    print(f"\ncomplete {complete:.4f}, core complete {core:.4f} of {summary['files']} files\n")
    pages, own, foreign = differences(args.folder, args.nodes, args.pages, args.others)
    shares = []
    for name, tally in (("own", own), ("other hosts'", foreign)):
        share = tally["same"] / max(1, tally["all"])
        shares.append(share)
        rest = ", ".join(f"{n} {cause}" for cause, n in tally.most_common() if cause not in ("all", "same"))
        print(f"\n{pages} pages, {name} rules that select something there: {tally['all']}, {share:.4f} the same; "
              f"else {rest or 'nothing'}")
    share = shares[0]
    accounted = summary["rules"] + summary["comments"] + summary["untranslated"] == summary["directives"]
    floors = [("complete", complete, args.min_complete), ("core complete", core, args.min_core),
              ("the same nodes", share, args.min_same),
              ("the same nodes, other hosts'", shares[1] if args.others else 1.0, args.min_same), ("directives accounted for", float(accounted), 1.0)]
    fallen = [f"{name}: {value:.4f} is below {floor}" for name, value, floor in floors if value < floor]
    print("\n".join(fallen) or "all floors hold")
    sys.exit(bool(fallen))


if __name__ == "__main__":
    main()
