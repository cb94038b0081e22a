"""The captures to train on, as the Rust program sees them: blocks, words and features.

Nothing here computes a feature. `tests/train/line_features.rs` does, from the crate's own code.
"""
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

import numpy as np

from settings import EDGES

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "target" / "train"
BENCH = Path(os.environ.get("BENCH", ROOT / ".." / "shared" / "bench"))
# The bench's modules read it when they are imported.
os.environ.setdefault("BENCH_DATA", str(ROOT / "target" / "bench" / "data"))
sys.path.insert(0, str(BENCH))
import score  # noqa: E402
from common import input_path, load_truth  # noqa: E402

SET = "wcxb-dev"
PROGRAM = ["cargo", "run", "--quiet", "--release", "--example", "line-features", "--", "-"]
# Other layouts of the same lines: programs differ in what they keep of a page.
LAYOUTS = ("flat", "noblank", "flat-noblank")
BULLET = re.compile(r"^[ \t]*(?:• +|[0-9]{1,3}\. +)?(?=\S)")
BLANK = re.compile(r"[\s\u200b\u2060\ufeff]*")
# Second-level domains under which people register a third (`co.uk`).
SECOND_LEVEL = {"co", "com", "org", "net", "gov", "edu", "ac", "or", "ne"}
FOLDS = 5


def fold_of(url):
    """crc32 of the registered domain modulo 5, so that no site is on both sides of a fold."""
    labels = (urlsplit(url or "").hostname or "").lower().split(".")
    under_second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return crc32(".".join(labels[-(3 if under_second else 2):]).encode()) % FOLDS


def in_layout(text, layout):
    """A capture without bullets and indentation (`flat`), without blank lines (`noblank`), or both."""
    lines = text.split("\n")
    if "flat" in layout:
        bare = [BULLET.sub("", line) for line in lines]
        lines = [line if BLANK.fullmatch(new) else new for line, new in zip(lines, bare)]
    if "noblank" in layout:
        lines = [line for line in lines if not BLANK.fullmatch(line)]
    return "\n".join(lines)


def files_of(kind, layout):
    """Paths of all captures of a kind; those that the bench does not have are written first."""
    truth = load_truth(SET)
    originals = {} if kind == "ref" else {
        page: input_path(os.environ["BENCH_DATA"], SET, f"text-{kind}", page) for page in truth}
    if originals and not layout:
        return list(originals.values())
    folder = OUT / "input" / "-".join(filter(None, (kind, layout)))
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for page in truth:
        text = truth[page]["text"] if kind == "ref" else originals[page].read_bytes().decode("utf-8", "replace")
        path = folder / f"{page}.txt"
        path.write_bytes(in_layout(text, layout).encode())
        paths.append(path)
    return paths


class Pages:
    """All captures of one kind in one layout.

    ids, types, folds: one per capture that has lines; spans: its first row and the one behind.
    page_of, words, features (columns as in EDGES), joined, texts: one per line.
    """

    def __init__(self, kind, layout=""):
        self.kind = kind
        paths = files_of(kind, layout)
        table = OUT / f"{'-'.join(filter(None, (kind, layout)))}.tsv"
        with table.open("wb") as out:
            names = "".join(f"{path.resolve()}\n" for path in paths)
            subprocess.run(PROGRAM, cwd=ROOT, input=names.encode(), stdout=out, check=True)
        rows, self.texts = [], []
        with table.open(encoding="utf-8", newline="\n") as lines:
            header = next(lines).rstrip("\n").split("\t")
            for line in lines:
                numbers, _, text = line.rstrip("\n").rpartition("\t")
                rows.append(numbers)
                self.texts.append(text)
        numbers = np.loadtxt(rows, dtype=np.int64, delimiter="\t", ndmin=2)
        column = {name: numbers[:, at] for at, name in enumerate(header[:-1])}
        self.words, self.joined = column["words"], column["lines"]
        self.features = np.column_stack([column[name] for name in EDGES])
        pages, starts, self.page_of = np.unique(column["page"], return_index=True, return_inverse=True)
        self.spans = list(zip(starts.tolist(), [*starts[1:].tolist(), len(self.words)]))
        self.ids = [f"{page:04d}" for page in pages]
        truth = load_truth(SET)
        self.references = [truth[page]["text"] for page in self.ids]
        self.types = [truth[page]["type"] for page in self.ids]
        self.folds = np.array([fold_of(truth[page]["url"]) for page in self.ids])

    def kept_texts(self, keep):
        """What is left of each capture."""
        return {page: "\n".join(text for text, kept in zip(self.texts[start:end], keep[start:end]) if kept)
                for page, (start, end) in zip(self.ids, self.spans)}

    def scored(self, keep):
        """The bench's row for each capture."""
        return score.score_pages(self.kept_texts(keep), SET)

    def same_lines(self, other):
        """For each line of this, the row of the same line in another layout; -1 where the layout
        changed what the lines of a capture are (joined lines, mostly)."""
        rows = np.full(len(self.words), -1)
        spans = dict(zip(other.ids, other.spans))
        for page, (start, end) in zip(self.ids, self.spans):
            first, behind = spans.get(page, (0, 0))
            if end - start == behind - first and np.array_equal(self.joined[start:end], other.joined[first:behind]):
                rows[start:end] = np.arange(first, behind)
        return rows
