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
# Slots of scores, in thousandths of a logit.
LOW, STEP, SLOTS = -8000, 25, 640


def fold_of(page, truth):
    parts = (urlparse(truth[page].get("url") or "").hostname or page).split(".")
    shared = len(parts) > 2 and parts[-2] in {"co", "com", "org", "net", "gov", "edu", "ac"}
    return zlib.crc32(".".join(parts[-3 if shared else -2:]).encode()) % FOLDS


def blocks(folder, files):
    """(names, matrix, page numbers, words, texts) of all blocks, and the pages in order."""
    command = ["cargo", "run", "--release", "--locked", "-q", "--example", "block-features", "--", str(folder)]
    subprocess.run(command, input="\n".join(map(str, files)), text=True, check=True, cwd=ROOT)
    names = (folder / "names.txt").read_text().split("\n")
    matrix = np.fromfile(folder / "matrix.i32", np.int32).reshape(-1, len(names))
    pages, numbers, words, texts = [], [], [], []
    with open(folder / "blocks.tsv", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            page, count, text = line.rstrip("\n").split("\t", 2)
            if not pages or pages[-1] != page:
                pages.append(page)
            numbers.append(len(pages) - 1)
            words.append(int(count))
            texts.append(text)
    return names, matrix, np.array(numbers), np.array(words), texts, pages


def cut(chances, words):
    """The blocks whose expected F1 is highest: those with the highest chances, down to some point."""
    order = np.argsort(-chances, kind="stable")
    hits, kept = np.cumsum((chances * words)[order]), np.cumsum(words[order])
    best = int(np.argmax(2 * hits / np.maximum(kept + (chances * words).sum(), 1e-9)))
    return np.sort(order[:best + 1])


def integers(model, used):
    """A tree of the model in integers: leaves in thousandths of a logit."""
    trees = []
    for tree in model.dump_model()["tree_info"]:
        found = {"feature": [], "threshold": [], "left": [], "right": [], "leaf": []}

        def add(node):
            if "leaf_value" in node and "split_feature" not in node:
                found["leaf"].append(round(node["leaf_value"] * 1000))
                return ~(len(found["leaf"]) - 1)
            at = len(found["feature"])
            found["feature"].append(used.setdefault(node["split_feature"], len(used)))
            found["threshold"].append(int(np.floor(node["threshold"])))
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
    names, matrix, of, words, texts, pages = blocks(folder, files)
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
    fold = np.array([fold_of(page, truth) for page in pages])[of]

    def fit(rows):
        data = lightgbm.Dataset(matrix[rows], label[rows].astype(int), weight=weight[rows])
        return lightgbm.train(PARAMETERS, data, TREES)

    chances = np.zeros(len(label))
    if "--no-cv" not in sys.argv:
        for one in range(FOLDS):
            chances[fold == one] = fit(usable & (fold != one)).predict(matrix[fold == one])
        texts_kept = dict.fromkeys(truth, "")
        for k, page in enumerate(pages):
            kept = cut(chances[ends[k]:ends[k + 1]], words[ends[k]:ends[k + 1]].astype(float))
            texts_kept[page] = "\n".join(texts[ends[k] + i] for i in kept)
        (OUT / "oof-html.json").write_text(json.dumps({"text": texts_kept}))
        table(score.score_pages(texts_kept, "wcxb-dev"))
    used = {}
    trees = integers(fit(usable), used)
    middle = LOW + STEP * np.arange(SLOTS) + STEP / 2
    forest = {
        "card": {
            "about": "Judges blocks of pages: the chance that a block is main content.",
            "trained_on": "WCXB development pages (Foley 2026, CC-BY-4.0), by tests/train/forest.py",
            "trees": TREES, "leaves": PARAMETERS["num_leaves"], "pages": int(good.sum()), "blocks": int(usable.sum()),
        },
        "bias": 0,
        "features": [names[column] for column in used],
        "trees": trees,
        "probability": {"low": LOW, "step": STEP,
                        "per_mille": [int(p) for p in np.rint(1000 / (1 + np.exp(-middle / 1000)))]},
    }
    text = json.dumps(forest, separators=(",", ":")).replace('{"feature"', '\n{"feature"').replace('],"probability"', '\n],"probability"')
    (ROOT / "profiles/block-forest.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
