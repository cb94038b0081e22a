"""The captures to learn from, as the Rust program sees them: blocks, words, features and labels.

Nothing here computes a feature: `cargo run --release --example block-features` writes them.
"""
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path
from urllib.parse import urlparse

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
BENCH = Path(os.environ.get("BENCH", ROOT / "../shared/bench"))
os.environ.setdefault("BENCH_DATA", str(ROOT / "target/bench/data"))
sys.path.insert(0, str(BENCH))
import common  # noqa: E402
import score  # noqa: E402
from label import WORD, Aligner  # noqa: E402

OUT = ROOT / "target/train"
SET, FOLDS = "wcxb-dev", 5
# Pages whose best blocks score below this are left out of training: shells, and references that are cut short.
MIN_PAGE = 0.6
# A page weighs at most as much as so many times its reference; shorter references count as this long.
MAX_WEIGHT, MIN_REFERENCE = 3, 60
# Other layouts of the same text, since programs differ in what they keep of a page; each page is copied in one of them.
LAYOUTS = ("flat", "noblank", "flat-noblank")
BULLET = re.compile(r"^[ \t]*(?:• +|[0-9]{1,3}\. +)?(?=\S)")
BLANK = re.compile(r"[\s\u200b\u2060\ufeff]*")


def host_of(page, truth):
    """The registered domain of a page's address."""
    parts = (urlparse(truth[page].get("url") or "").hostname or page).split(".")
    shared = len(parts) > 2 and parts[-2] in {"co", "com", "org", "net", "gov", "edu", "ac"}
    return ".".join(parts[-3 if shared else -2:])


def fold_of(host):
    """The fold of a host: no host is on both sides of one."""
    return zlib.crc32(host.encode()) % FOLDS


def in_layout(text, layout):
    """A capture without bullets and indentation (`flat`), without blank lines (`noblank`), or both."""
    lines = text.split("\n")
    if "flat" in layout:
        bare = [BULLET.sub("", line) for line in lines]
        lines = [line if BLANK.fullmatch(new) else new for line, new in zip(lines, bare)]
    if "noblank" in layout:
        lines = [line for line in lines if not BLANK.fullmatch(line)]
    return "\n".join(lines)


def files_of(kind, truth):
    """Paths of the captures of a kind (`html`, `full`, `main`, `ref` or `copy`), named by their pages."""
    data = Path(common.DATA)
    if kind == "html":
        return sorted((data / "html" / SET).glob("*.html"))
    if kind in ("full", "main"):
        return sorted((data / "text" / kind / SET).glob("*.txt"))
    folder = OUT / kind
    folder.mkdir(parents=True, exist_ok=True)
    for page in truth:
        text = truth[page]["text"]
        if kind == "copy":
            original = (data / "text/full" / SET / f"{page}.txt").read_bytes().decode("utf-8", "replace")
            text = in_layout(original, LAYOUTS[zlib.crc32(page.encode()) % len(LAYOUTS)])
        (folder / f"{page}.txt").write_bytes(text.encode())
    return sorted(folder.glob("*.txt"))


def features(folder, files, forest=None):
    """(names, matrix) of all blocks of some captures; `forest` is a forest's file, whose points of words are asked."""
    command = ["cargo", "run", "--release", "--locked", "-q", "--example", "block-features", "--", str(folder)]
    if forest is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "words.json").write_text(forest)
        command.append(str(folder / "words.json"))
    subprocess.run(command, input="\n".join(map(str, files)), text=True, check=True, cwd=ROOT)
    names = (folder / "names.txt").read_text().split("\n")
    return names, np.fromfile(folder / "matrix.i16", np.int16).reshape(-1, len(names))


class Captures:
    """All captures of one kind.

    files, pages, folds, hosts, good: one per capture that has blocks; ends: its first block and the next one's.
    of, words, texts, label, weight, usable: one per block.
    """

    def __init__(self, kind, truth):
        self.kind, self.truth = kind, truth
        folder = OUT / kind / "blocks"
        files = files_of(kind, truth)
        features(folder, files)
        self.tokens, self.files = [folder / "tokens.tsv", folder / "labels.tsv"], files
        numbers, words, self.texts, self.pages = [], [], [], []
        with open(folder / "blocks.tsv", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                page, count, text = line.rstrip("\n").split("\t", 2)
                if not self.pages or self.pages[-1] != page:
                    self.pages.append(page)
                numbers.append(len(self.pages) - 1)
                words.append(int(count))
                self.texts.append(text)
        self.of, self.words = np.array(numbers), np.array(words)
        count = len(self.pages)
        self.ends = np.searchsorted(self.of, np.arange(count + 1))
        aligner = Aligner(folder)
        share = np.concatenate([
            aligner.shares(self.texts[self.ends[k]:self.ends[k + 1]], truth[page]["text"]) for k, page in enumerate(self.pages)])
        self.label = share >= 0.5
        best = self.scored(self.label)
        length = np.array([len(WORD.findall(truth[page]["text"])) for page in self.pages])
        self.good = np.array([best[page]["f1"] >= MIN_PAGE for page in self.pages]) & (length > 0)
        weight = self.words / np.maximum(length, MIN_REFERENCE)[self.of]
        total = np.bincount(self.of, weight, count)
        self.weight = weight * np.minimum(1, MAX_WEIGHT / np.maximum(total, 1e-9))[self.of]
        self.usable = self.good[self.of] & (self.words > 0)
        self.hosts = [host_of(page, truth) for page in self.pages]
        self.folds = np.array([fold_of(host) for host in self.hosts])

    def kept(self, keep):
        """What is left of each page."""
        texts = dict.fromkeys(self.truth, "")
        for k, page in enumerate(self.pages):
            here = range(self.ends[k], self.ends[k + 1])
            texts[page] = "\n".join(self.texts[at] for at in here if keep[at])
        return texts

    def scored(self, keep):
        """The bench's row for each page."""
        return score.score_pages(self.kept(keep), SET)

    def rows(self, forest, folds):
        """(names, matrix) of the captures of some folds, with the points of the words of a forest's file."""
        wanted = {page for page, fold in zip(self.pages, self.folds) if fold in folds}
        return features(OUT / "part", [file for file in self.files if file.stem in wanted], forest)
