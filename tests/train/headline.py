"""Trains the forest that finds the headline of a text (profiles/headline-forest.json).

    BENCH=../shared/bench BENCH_DATA=target/bench/data python3 tests/train/headline.py

Needs the folds of `forest.py texts`, which judge the texts of sites that they have not seen. Trained on the development
pages of WCXB (Foley 2026, CC-BY-4.0), nothing else. A line is a headline when it agrees with the title of the page's
reference, or with the one that the page itself names. Cross-validated by host, in the same folds; prints how often a line
is found and how often it is right.
"""
import json
import subprocess
from collections import Counter

import numpy as np
from catboost import CatBoostClassifier

from captures import FOLDS, OUT, ROOT, SET, common, fold_of, host_of
from forest import PARAMETERS, integers, written
from fields import agree

LEAST = 0.4  # src/strip/generic/headline.rs
BULLET = "• "


def main():
    truth, folder = common.load_truth(SET, common.DATA), OUT / "headlines"
    data = common.DATA
    subprocess.run(["cargo", "run", "--release", "--locked", "-q", "--example", "headline-features", "--", OUT / "folds-texts",
                    data / "html" / SET, data / "text/full" / SET, folder], check=True, cwd=ROOT)
    names = (folder / "names.txt").read_text().split("\n")
    rows = np.fromfile(folder / "matrix.i16", np.int16).reshape(-1, len(names)).astype(np.float32)
    table = lambda file: [line.split("\t", 1) for line in (folder / file).read_text().split("\n") if line]
    named, lines = dict(table("titles.tsv")), table("lines.tsv")
    fits = lambda line, title: bool(title) and agree("title", line.removeprefix(BULLET), title)
    of = np.array([page for page, _ in lines])
    known = np.array([fits(line, truth[page]["title"]) for page, line in lines])
    label = known | np.array([fits(line, named[page]) for page, line in lines])
    folds = np.array([fold_of(host_of(page, truth)) for page in of])
    parameters = {**PARAMETERS, "iterations": 100, "learning_rate": 0.15, "rsm": 1}
    chances = np.zeros(len(of))
    for one in range(FOLDS):
        model = CatBoostClassifier(**parameters).fit(rows[folds != one], label[folds != one].astype(int))
        chances[folds == one] = model.predict_proba(rows[folds == one])[:, 1]
    best = {}
    for at, page in enumerate(of):
        if page not in best or chances[at] >= chances[best[page]]:
            best[page] = at
    print(f"{'type':<14}{'pages':>6}{'in text':>9}{'found':>8}{'right':>8}{'title':>8}")
    for kind in ("all", *sorted({row["type"] for row in truth.values()})):
        count = Counter()
        for page, row in truth.items():
            if kind in ("all", row["type"]):
                at = best.get(page)
                found = at is not None and bool(chances[at] >= LEAST)
                count.update(pages=1, there=int(label[of == page].any()), found=found, right=int(found and label[at]),
                             known=int(found and known[at]))
        print(f"{kind:<14}{count['pages']:>6}{count['there'] / count['pages']:>9.3f}{count['found'] / count['pages']:>8.3f}"
              f"{count['right'] / max(1, count['found']):>8.3f}{count['known'] / count['pages']:>8.3f}")
    card = {"about": "The chance that a line is the headline of a text.",
            "trained_on": "WCXB development pages (Foley 2026, CC-BY-4.0), by tests/train/headline.py",
            "pages": len(set(of)), "lines": len(of)}
    model = CatBoostClassifier(**parameters).fit(rows, label.astype(int))
    features, bias, trees = integers(model, names)
    (ROOT / "profiles/headline-forest.json").write_text(written(card, features, bias, trees, {}))


if __name__ == "__main__":
    main()
