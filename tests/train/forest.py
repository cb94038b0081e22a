"""Trains the forest that judges the blocks of pages, and writes it to profiles/block-forest.json.

    pip install -r tests/train/requirements.txt
    BENCH=../shared/bench BENCH_DATA=target/bench/data python3 tests/train/forest.py

Trained on the development pages of WCXB (Foley 2026, CC-BY-4.0), nothing else. The features are those of the crate
(src/strip/generic/block/), written by `cargo run --release --example block-features`; nothing here computes one. Labels:
the words of a page are aligned with those of its reference (label.py); a block is main content when half of its words are.
Cross-validated in five folds by crc32 of the registered domain; the out-of-fold texts go to target/train/oof-html.json, in
the format of the bench's predictions. One thread at a time decides on a split, the seed is fixed: the same versions give
the same bytes.
"""
import json
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path
from urllib.parse import urlparse

import lightgbm
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
BENCH = Path(os.environ.get("BENCH", ROOT / "../shared/bench"))
os.environ.setdefault("BENCH_DATA", str(ROOT / "target/bench/data"))
sys.path.insert(0, str(BENCH))
import common  # noqa: E402
import score  # noqa: E402
from label import WORD, Aligner  # noqa: E402

OUT = ROOT / "target/train"
TREES, FOLDS = 150, 5
PARAMETERS = {
    "objective": "binary", "num_leaves": 31, "learning_rate": 0.08, "max_bin": 63, "min_data_in_leaf": 100,
    "feature_fraction": 0.3, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 0.3, "seed": 1,
    "deterministic": True, "force_row_wise": True, "num_threads": 2, "verbose": -1,
}
# Pages whose best blocks score below this are left out of training: shells, and references that are cut short.
MIN_PAGE = 0.6
# A page weighs at most as much as so many times its reference; shorter references count as this long.
MAX_WEIGHT, MIN_REFERENCE = 3, 60
# Groups of features, by their names, for `--ablate`.
GROUPS = {
    "points of words": "likely", "places": "^in_|^is_", "containers": "^(c[0-3]|big)_", "focus": "^(heart|top)_",
    "kinds of containers": "^(path|outer)_|^twins", "title": "title", "sections": "heading|^section_",
    "neighbours": "^(previous|next)[12]_|^near(3|8|20)_", "the page": "^page_",
    "the line card's": "^(repetition|blanks|text_zone|capitals_near|ending|words_share_before|indent|words_before|"
                       "lines_share_before|words_by_page|since_legal|run_capitals|since_related|long_zone|chrome|next_ending|"
                       "bullets_near|repetition_near|previous_chrome|next_chrome|core_zone|run_lines|previous_words|"
                       "words_after|dates_near|word_length)$",
}
# Tokens stand in the table that so many hosts use and that say at least so much, in hundredths of a logit; all begin
# with so many hosts of the average kind.
MIN_HOSTS, MIN_POINTS, PRIOR_HOSTS = 12, 30, 2
# Slots of scores, in thousandths of a logit.
LOW, STEP, SLOTS = -8000, 25, 640


def host_of(page, truth):
    parts = (urlparse(truth[page].get("url") or "").hostname or page).split(".")
    shared = len(parts) > 2 and parts[-2] in {"co", "com", "org", "net", "gov", "edu", "ac"}
    return ".".join(parts[-3 if shared else -2:])


def written(card, features, trees, words, confidence=()):
    """The forest's file."""
    middle = LOW + STEP * np.arange(SLOTS) + STEP / 2
    forest = {"card": card, "bias": 0, "features": features, "trees": trees, "words": dict(sorted(words.items())),
              "confidence": list(confidence),
              "probability": {"low": LOW, "step": STEP,
                              "per_mille": [int(p) for p in np.rint(1000 / (1 + np.exp(-middle / 1000)))]}}
    text = json.dumps(forest, separators=(",", ":"), ensure_ascii=False).replace('{"feature"', '\n{"feature"')
    return text.replace('],"words"', '\n],\n"words"').replace('},"confidence"', '},\n"confidence"') + "\n"


def features(folder, files, words=None):
    """(names, matrix) of all blocks of some pages, with the points of `words` where there are any."""
    command = ["cargo", "run", "--release", "--locked", "-q", "--example", "block-features", "--", str(folder)]
    if words is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "words.json").write_text(written({}, [], [], words))
        command.append(str(folder / "words.json"))
    subprocess.run(command, input="\n".join(map(str, files)), text=True, check=True, cwd=ROOT)
    names = (folder / "names.txt").read_text().split("\n")
    return names, np.fromfile(folder / "matrix.i32", np.int32).reshape(-1, len(names))


def blocks(folder):
    """(page numbers, words, texts) of all blocks, and the pages in order."""
    pages, numbers, words, texts = [], [], [], []
    with open(folder / "blocks.tsv", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            page, count, text = line.rstrip("\n").split("\t", 2)
            if not pages or pages[-1] != page:
                pages.append(page)
            numbers.append(len(pages) - 1)
            words.append(int(count))
            texts.append(text)
    return np.array(numbers), np.array(words), texts, pages


class Tokens:
    """How often the tokens of blocks stand in main content, host by host."""

    def __init__(self, file, host, label, prior):
        numbers, token, block = {}, [], []
        with open(file, encoding="utf-8", newline="\n") as lines:
            for at, line in enumerate(lines):
                for one in dict.fromkeys(filter(None, line.rstrip("\n").split("\t"))):
                    token.append(numbers.setdefault(one, len(numbers)))
                    block.append(at)
        self.names, self.prior = list(numbers), prior
        token, block = np.array(token, np.int64), np.array(block)
        hosts = int(host.max()) + 1
        pairs, of = np.unique(token * hosts + host[block], return_inverse=True)
        # A host counts once for a token, with the share of its blocks that are main content.
        self.share = np.bincount(of, label[block]) / np.bincount(of)
        self.token, self.host = pairs // hosts, pairs % hosts

    def points(self, hosts):
        """{token: hundredths of a logit} from the hosts that are true in `hosts`."""
        used = hosts[self.host]
        count = np.bincount(self.token[used], minlength=len(self.names))
        inside = np.bincount(self.token[used], self.share[used], len(self.names))
        odds = (inside + PRIOR_HOSTS * self.prior) / (count - inside + PRIOR_HOSTS * (1 - self.prior))
        points = np.rint(100 * np.log(odds * (1 - self.prior) / self.prior)).astype(int)
        known = (count >= MIN_HOSTS) & (np.abs(points) >= MIN_POINTS)
        return {self.names[at]: int(points[at]) for at in np.flatnonzero(known)}


def cut(chances, words):
    """The blocks whose expected F1 is highest, those with the highest chances down to some point; and that F1."""
    order = np.argsort(-chances, kind="stable")
    hits, kept = np.cumsum((chances * words)[order]), np.cumsum(words[order])
    expected = 2 * hits / np.maximum(kept + (chances * words).sum(), 1e-9)
    best = int(np.argmax(expected))
    return np.sort(order[:best + 1]), float(expected[best])


def calibrated(expected, found):
    """The F1 that pages had, per mille, at expected ones of 0, 0.05, … 1: the rising steps that fit best."""
    order = np.argsort(expected, kind="stable")
    steps = []
    for at in order:
        steps.append([expected[at], found[at], 1])
        while len(steps) > 1 and steps[-2][1] >= steps[-1][1]:
            x, y, n = steps.pop()
            steps[-1] = [(steps[-1][k] * steps[-1][2] + v * n) / (steps[-1][2] + n) for k, v in ((0, x), (1, y))] + [steps[-1][2] + n]
    x, y, _ = np.array(steps).T
    return [int(v) for v in np.rint(1000 * np.interp(np.arange(0, 1.01, 0.05), x, y))]


def curve(expected, found, confidence):
    """Prints how the F1 of pages follows what is said of them."""
    said = np.interp(expected, np.arange(0, 1.01, 0.05), np.array(confidence) / 1000)
    print(f"\n{'confidence':<14}{'pages':>5}{'said':>7}{'F1':>7}")
    for low in (0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        high = {0: 0.3, 0.3: 0.5, 0.9: 0.95, 0.95: 1.01}.get(low, low + 0.1)
        here = (said >= low) & (said < high)
        if here.any():
            print(f"{low:.2f} to {min(high, 1):.2f}{here.sum():>7}{said[here].mean():>7.3f}{found[here].mean():>7.3f}")


def integers(model, used):
    """A tree of the model in integers: leaves in thousandths of a logit."""
    trees = []
    for tree in model.dump_model()["tree_info"]:
        found = {"feature": [], "threshold": [], "left": [], "right": [], "leaf": [], "mean": []}

        def add(node):
            if "leaf_value" in node and "split_feature" not in node:
                found["leaf"].append(round(node["leaf_value"] * 1000))
                return ~(len(found["leaf"]) - 1)
            at = len(found["feature"])
            found["feature"].append(used.setdefault(node["split_feature"], len(used)))
            found["threshold"].append(int(np.floor(node["threshold"])))
            found["mean"].append(round(node["internal_value"] * 1000))
            found["left"].append(0)
            found["right"].append(0)
            found["left"][at] = add(node["left_child"])
            found["right"][at] = add(node["right_child"])
            return at

        add(tree["tree_structure"])
        trees.append(found)
    return trees


def table(scores):
    kinds = ["all", "article", "forum", "product", "collection", "listing", "documentation", "service"]
    for kind in kinds:
        rows = [row for row in scores.values() if kind in ("all", row["type"])]
        leaked = [row["without"] for row in rows if row["without"] is not None]
        print(f"{kind:<14}{len(rows):>5}  F1 {np.mean([row['f1'] for row in rows]):.3f}  leaked {np.mean(leaked):.3f}")


def main():
    truth = common.load_truth("wcxb-dev", common.DATA)
    files = sorted((Path(common.DATA) / "html/wcxb-dev").glob("*.html"))
    folder = OUT / "html"
    features(folder, files)
    of, words, texts, pages = blocks(folder)
    ends = np.searchsorted(of, np.arange(len(pages) + 1))
    aligner = Aligner(folder)
    share = np.concatenate([
        aligner.shares(texts[ends[k]:ends[k + 1]], truth[page]["text"]) for k, page in enumerate(pages)])
    label = share >= 0.5
    best = score.score_pages({page: "\n".join(texts[i] for i in range(ends[k], ends[k + 1]) if label[i])
                              for k, page in enumerate(pages)}, "wcxb-dev")
    length = np.array([len(WORD.findall(truth[page]["text"])) for page in pages])
    good = np.array([best[page]["f1"] >= MIN_PAGE for page in pages]) & (length > 0)
    weight = words / np.maximum(length, MIN_REFERENCE)[of]
    total = np.bincount(of, weight, len(pages))
    weight = weight * np.minimum(1, MAX_WEIGHT / np.maximum(total, 1e-9))[of]
    usable = good[of] & (words > 0)
    names, host = np.unique([host_of(page, truth) for page in pages], return_inverse=True)
    host_fold = np.array([zlib.crc32(name.encode()) % FOLDS for name in names])
    page_fold = host_fold[host]
    fold = page_fold[of]
    tokens = Tokens(folder / "tokens.tsv", host[of], label, float(np.average(label, weights=weight)))

    def matrix(without, of_folds):
        """The names and rows of the pages of some folds, with the points of words from all folds but some."""
        wanted = {page for k, page in enumerate(pages) if page_fold[k] in of_folds}
        table = tokens.points(~np.isin(host_fold, without))
        return features(OUT / "part", [file for file in files if file.stem in wanted], table)

    def fit(rows, matrix, trees=TREES):
        data = lightgbm.Dataset(matrix[rows], label[rows].astype(int), weight=weight[rows])
        return lightgbm.train(PARAMETERS, data, trees)

    # The points of words never come from the page's own fold: a block that has seen its words would trust them.
    names, seen = matrix([0], [0])
    held = np.zeros((len(label), len(names)), np.int32)
    held[fold == 0] = seen
    for one in range(1, FOLDS):
        held[fold == one] = matrix([one], [one])[1]

    def judged(chances):
        """The texts that chances make, and the F1 that was expected of each page."""
        texts_kept, expected = dict.fromkeys(truth, ""), np.zeros(len(pages))
        for k, page in enumerate(pages):
            kept, expected[k] = cut(chances[ends[k]:ends[k + 1]], words[ends[k]:ends[k + 1]].astype(float))
            texts_kept[page] = "\n".join(texts[ends[k] + i] for i in kept)
        return texts_kept, expected

    confidence = []
    if "--no-cv" not in sys.argv:
        chances, forests = np.zeros(len(label)), OUT / "folds"
        forests.mkdir(parents=True, exist_ok=True)
        for one in range(FOLDS):
            rows = held.copy()
            for other in set(range(FOLDS)) - {one}:
                rows[fold == other] = matrix([one, other], [other])[1]
            if "--ablate" in sys.argv:
                np.save(OUT / f"rows-{one}.npy", rows)
            model = fit(usable & (fold != one), rows)
            chances[fold == one] = model.predict(held[fold == one])
            used = {}
            trees = integers(model, used)
            (forests / f"{one}.json").write_text(written(
                {"without_fold": one}, [names[column] for column in used], trees, tokens.points(host_fold != one)))
            (forests / f"{one}.txt").write_text(
                "".join(f"{file}\n" for file in files if zlib.crc32(host_of(file.stem, truth).encode()) % FOLDS == one))
        texts_kept, expected = judged(chances)
        (OUT / "oof-html.json").write_text(json.dumps({"text": texts_kept, "errors": {}}))
        scores = score.score_pages(texts_kept, "wcxb-dev")
        table(scores)
        found = np.array([scores[page]["f1"] for page in pages])
        confidence = calibrated(expected, found)
        curve(expected, found, confidence)
    if "--ablate" in sys.argv:
        print(f"\n{'without':<24}{'features':>9}{'F1':>8}{'leaked':>8}")
        runs = [(name, group, TREES) for name, group in GROUPS.items()]
        runs += [(f"nothing, {count} trees", "$^", count) for count in (25, 50, 100, TREES, 2 * TREES)]
        for name, group, count in runs:
            kept = np.array([not re.search(group, feature) for feature in names])
            for one in range(FOLDS):
                model = fit(usable & (fold != one), np.load(OUT / f"rows-{one}.npy", mmap_mode="r")[:, kept], count)
                chances[fold == one] = model.predict(held[fold == one][:, kept])
            rows = score.score_pages(judged(chances)[0], "wcxb-dev").values()
            leaked = np.mean([row["without"] for row in rows if row["without"] is not None])
            print(f"{name:<24}{kept.sum():>9}{np.mean([row['f1'] for row in rows]):>8.4f}{leaked:>8.4f}", flush=True)
    used = {}
    trees = integers(fit(usable, held), used)
    card = {
        "about": "Judges blocks of pages: the chance that a block is main content.",
        "trained_on": "WCXB development pages (Foley 2026, CC-BY-4.0), by tests/train/forest.py",
        "trees": TREES, "leaves": PARAMETERS["num_leaves"], "pages": int(good.sum()), "blocks": int(usable.sum()),
    }
    every = tokens.points(np.ones(len(host_fold), bool))
    text = written(card, [names[column] for column in used], trees, every, confidence)
    (ROOT / "profiles/block-forest.json").write_text(text)


if __name__ == "__main__":
    main()
