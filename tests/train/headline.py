"""Trains the forest that finds the headline of a text (profiles/headline-forest.json).

    BENCH=../shared/bench BENCH_DATA=target/bench/data python3 tests/train/headline.py

Needs the folds of `forest.py texts`, which judge the texts of sites that they have not seen. Trained on the development
pages of WCXB (Foley 2026, CC-BY-4.0), nothing else. A line is a headline when it agrees with the title of the page's
reference, or with the one that the page itself names. Cross-validated by host, in the same folds; prints how often a line
is found and how often it is right.
"""
import subprocess
from collections import defaultdict

import numpy as np
from catboost import CatBoostClassifier

from captures import FOLDS, OUT, ROOT, SET, common, fold_of, host_of
from forest import PARAMETERS, integers, written
from fields import agree

LEAST = 0.15  # src/strip/generic/headline.rs
BULLET = "• "
TREES = {"iterations": 200, "learning_rate": 0.12, "rsm": 1}


class Lines:
    """The lines of flattened pages that may be headlines: rows of features, pages, words, labels, folds."""

    def __init__(self, texts, truth, folder):
        subprocess.run(["cargo", "run", "--release", "--locked", "-q", "--example", "headline-features", "--", OUT / "folds-texts",
                        common.DATA / "html" / SET, texts, folder], check=True, cwd=ROOT)
        self.names = (folder / "names.txt").read_text().split("\n")
        self.rows = np.fromfile(folder / "matrix.i16", np.int16).reshape(-1, len(self.names)).astype(np.float32)
        table = lambda file: [line.split("\t", 1) for line in (folder / file).read_text().split("\n") if line]
        named, lines = dict(table("titles.tsv")), table("lines.tsv")
        fits = lambda line, title: bool(title) and agree("title", line, title)
        self.pages, self.words = [page for page, _ in lines], [line.removeprefix(BULLET) for _, line in lines]
        self.known = np.array([fits(line, truth[page]["title"]) for page, line in zip(self.pages, self.words)])
        self.label = self.known | np.array([fits(line, named[page]) for page, line in zip(self.pages, self.words)])
        self.folds = np.array([fold_of(host_of(page, truth)) for page in self.pages])
        self.of_page = defaultdict(list)
        for at, page in enumerate(self.pages):
            self.of_page[page].append(at)

    def best(self, page, chances):
        """The line that is taken for the headline of a page, as the program takes it."""
        here = self.of_page.get(page)
        if not here:
            return None
        rivals = defaultdict(float)
        for at in here:
            rivals[self.words[at].lower()] = max(rivals[self.words[at].lower()], chances[at])
        best = max(reversed(here), key=lambda at: chances[at])
        return best if chances[best] ** 2 >= LEAST * sum(rivals.values()) else None

    def report(self, truth, chances, name):
        """Prints how many pages have their headline in the text, how many were found, how many of these are right, and on
        how many pages the title of the reference was found."""
        print(f"\n{name:<14}{'pages':>6}{'in text':>9}{'found':>8}{'right':>8}{'title':>8}")
        for kind in ("all", *sorted({row["type"] for row in truth.values()})):
            pages = [page for page, row in truth.items() if kind in ("all", row["type"])]
            best = [at for at in (self.best(page, chances) for page in pages) if at is not None]
            there = sum(any(self.label[at] for at in self.of_page.get(page, ())) for page in pages)
            print(f"{kind:<14}{len(pages):>6}{there / len(pages):>9.3f}{len(best) / len(pages):>8.3f}"
                  f"{self.label[best].mean():>8.3f}{self.known[best].sum() / len(pages):>8.3f}")


def main():
    truth = common.load_truth(SET, common.DATA)
    # Programs differ in what they keep of a page: the copies have no blank lines, or no bullets.
    kinds = {"full": (common.DATA / "text/full" / SET, 1), "copy": (OUT / "copy", 0.25)}
    lines = {name: Lines(texts, truth, OUT / f"headlines-{name}") for name, (texts, _) in kinds.items()}
    chances = {name: np.zeros(len(one.pages)) for name, one in lines.items()}

    def fit(without):
        chosen = {name: one.folds != without for name, one in lines.items()}
        stack = lambda of: np.concatenate([of(name, one)[chosen[name]] for name, one in lines.items()])
        return CatBoostClassifier(**PARAMETERS | TREES).fit(
            stack(lambda _, one: one.rows), stack(lambda _, one: one.label).astype(int),
            sample_weight=stack(lambda name, one: np.full(len(one.pages), kinds[name][1])))

    for fold in range(FOLDS):
        model = fit(fold)
        for name, one in lines.items():
            here = one.folds == fold
            chances[name][here] = model.predict_proba(one.rows[here])[:, 1]
    for name, one in lines.items():
        one.report(truth, chances[name], name)
    card = {"about": "The chance that a line is the headline of a text.",
            "trained_on": "WCXB development pages (Foley 2026, CC-BY-4.0), by tests/train/headline.py",
            "pages": len(lines["full"].of_page), "lines": sum(len(one.pages) for one in lines.values())}
    features, bias, trees = integers(fit(None), lines["full"].names)
    (ROOT / "profiles/headline-forest.json").write_text(written(card, features, bias, trees, {}))


if __name__ == "__main__":
    main()
