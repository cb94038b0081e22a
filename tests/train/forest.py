"""Trains a forest: the one for the blocks of pages (profiles/block-forest.json), or the one for the lines of texts
(profiles/line-forest.json).

    pip install -r tests/train/requirements.txt
    BENCH=../shared/bench BENCH_DATA=target/bench/data python3 tests/train/forest.py pages|texts [--no-cv] [--ablate [GROUP]]

Trained on the development pages of WCXB (Foley 2026, CC-BY-4.0), nothing else. The features are those of the crate
(src/strip/generic/block/). Labels: the words of a page are aligned with those of its reference (label.py); a block is main
content when half of its words are. Cross-validated in five folds by crc32 of the registered domain; the out-of-fold texts
go to target/train/oof-*.json, in the format of the bench's predictions. The seed and the number of threads are fixed: the
same versions give the same bytes.
"""
import json
import re
import sys

import numpy as np
from catboost import CatBoostClassifier, Pool

from captures import FOLDS, OUT, ROOT, SET, Captures, common, fold_of, host_of, score
from words import Tokens

PARAMETERS = {
    "loss_function": "Logloss", "depth": 6, "iterations": 300, "learning_rate": 0.12, "border_count": 63, "rsm": 0.3,
    "bootstrap_type": "Bernoulli", "subsample": 0.8, "l2_leaf_reg": 3, "leaf_estimation_iterations": 1,
    "random_seed": 1, "thread_count": 1, "verbose": 0, "allow_writing_files": False,
}
# Kinds of captures to learn from with their weights, kinds that are judged out of fold, the file, the hosts that a token
# of the table must have, and other parameters.
FORESTS = {
    "pages": ({"html": 1}, (), "block-forest.json", 8, {"iterations": 700, "learning_rate": 0.07}),
    "texts": ({"full": 1, "copy": 0.25, "main": 0.25}, (), "line-forest.json", 12, {}),
}
# How many trees every block is asked, and the scores by them, in thousandths of a logit, below and above which a block is
# sure: it is not asked the others, which is about half of the work.
EARLY = {"pages": (100, -2500, 1500), "texts": (40, -2000, 2000)}
# Groups of features, by their names, for `--ablate`.
GROUPS = {
    "points of words": "likely", "labels": "^labels", "places": "^in_|^is_", "containers": "^(c[0-3]|big)_", "focus": "^(heart|top)_",
    "kinds of containers": "^(path|outer)_|^twins", "title": "title", "sections": "heading|^section_",
    "focus, title and sections": "^(heart|top)_|title|heading|^section_",
    "neighbours": "^(previous|next)[12]_|^near(3|8|20)_", "the page": "^page_",
    "the line's": "^(repetition|blanks|text_zone|capitals_near|ending|words_share_before|indent|words_before|"
                  "lines_share_before|words_by_page|since_legal|run_capitals|since_related|long_zone|chrome|next_ending|"
                  "bullets_near|repetition_near|previous_chrome|next_chrome|core_zone|run_lines|previous_words|"
                  "words_after|dates_near|word_length)$",
}
# Slots of scores, in thousandths of a logit.
LOW, STEP, SLOTS = -8000, 25, 640


def written(card, features, bias, trees, words, confidence=(), early=None):
    """A forest's file."""
    middle = LOW + STEP * np.arange(SLOTS) + STEP / 2
    forest = {"card": card, "bias": bias, "features": features, "trees": trees, "words": dict(sorted(words.items())),
              "confidence": list(confidence),
              "probability": {"low": LOW, "step": STEP,
                              "per_mille": [int(p) for p in np.rint(1000 / (1 + np.exp(-middle / 1000)))]}}
    if early:
        forest["early"] = early
    text = json.dumps(forest, separators=(",", ":"), ensure_ascii=False).replace('{"feature"', '\n{"feature"')
    return text.replace('],"words"', '\n],\n"words"').replace('},"confidence"', '},\n"confidence"') + "\n"


def integers(model, names):
    """(features, bias, trees) of a model in integers: leaves in thousandths of a logit."""
    model.save_model(str(OUT / "model.json"), format="json")
    saved = json.loads((OUT / "model.json").read_text())
    column = [one["flat_feature_index"] for one in saved["features_info"]["float_features"]]
    used, trees = {}, []
    for tree in saved["oblivious_trees"]:
        asked = tree["splits"]
        trees.append({
            "feature": [used.setdefault(column[one["float_feature_index"]], len(used)) for one in asked],
            "threshold": [int(np.floor(one["border"])) for one in asked],
            "leaf": [round(1000 * value) for value in tree["leaf_values"]]})
    return [names[at] for at in used], round(1000 * saved["scale_and_bias"][1][0]), trees


def sums(names, rows, forest, count):
    """What the first `count` trees of (features, bias, trees) make of rows, and all of them, in thousandths of a logit."""
    features, bias, trees = forest
    columns = [np.ascontiguousarray(rows[:, names.index(name)]) for name in features]
    total, first = np.full(len(rows), bias, np.int32), None
    for number, tree in enumerate(trees, 1):
        leaf = np.zeros(len(rows), np.int64)
        for bit, (feature, threshold) in enumerate(zip(tree["feature"], tree["threshold"])):
            leaf |= (columns[feature] > threshold).astype(np.int64) << bit
        total += np.array(tree["leaf"], np.int32)[leaf]
        if number == count:
            first = total.copy()
    return first, total


def cut(chances, words):
    """Whether each block is kept where the expected F1 is highest, those with the highest chances down to some point;
    that F1, and the words of main content that are expected."""
    order = np.argsort(-chances, kind="stable")
    hits, kept = np.cumsum((chances * words)[order]), np.cumsum(words[order])
    expected = 2 * hits / np.maximum(kept + (chances * words).sum(), 1e-9)
    best = int(np.argmax(expected))
    keep = np.zeros(len(order), bool)
    keep[order[:best + 1]] = True
    return keep, float(expected[best])


def judged(kind, chances):
    """What chances keep, and the F1 that was expected of each page."""
    keep, expected = np.zeros(len(chances), bool), np.zeros(len(kind.pages))
    for k, (start, end) in enumerate(zip(kind.ends, kind.ends[1:])):
        keep[start:end], expected[k] = cut(chances[start:end], kind.words[start:end].astype(float))
    return keep, expected


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


def table(scores, name):
    """Prints F1 and leaked snippets, by type of page."""
    summary = score.report(scores, SET)
    print(f"\n{name}")
    for group in ("all", *score.PAGE_TYPES, "forum, open"):
        row = summary[group]
        print(f"{group:<14}{row['n']:>5}  F1 {row['f1']:.3f}  leaked {row['without'] or 0:.3f}", flush=True)


class Trainer:
    """Fits forests to some kinds of captures."""

    def __init__(self, weights, least, parameters, truth):
        self.weights, self.parameters = weights, {**PARAMETERS, **parameters}
        self.kinds = {kind: Captures(kind, truth) for kind in weights}
        self.first = next(iter(self.kinds.values()))
        self.tokens = Tokens(self.first, least)

    def rows(self, kind, without):
        """(names, matrix) of all captures of a kind. The points of words never come from a page's own fold: a block
        that has seen its words would trust them; nor do they come from the fold `without`."""
        matrix = None
        for fold in range(FOLDS):
            part = sorted({fold, fold if without is None else without})
            names, rows = kind.rows(written({}, [], 0, [], self.tokens.points(part)), [fold])
            if matrix is None:
                matrix = np.zeros((len(kind.words), len(names)), np.int16)
            matrix[(kind.folds == fold)[kind.of]] = rows
        return names, matrix

    def fit(self, matrices, without, columns=slice(None)):
        """A model of all captures but those of the fold `without`."""
        chosen = {name: kind.usable & (kind.folds != without)[kind.of] if without is not None else kind.usable
                  for name, kind in self.kinds.items()}
        stack = lambda of: np.concatenate([of(name)[chosen[name]] for name in self.kinds])
        data = Pool(stack(lambda name: matrices[name][:, columns]).astype(np.float32), stack(lambda name: self.kinds[name].label).astype(int),
                    weight=stack(lambda name: self.kinds[name].weight * self.weights[name]))
        return CatBoostClassifier(**self.parameters).fit(data)


def chance(model, matrix):
    """What a model says of blocks."""
    return model.predict_proba(matrix.astype(np.float32))[:, 1]


def main():
    which = next(word for word in sys.argv[1:] if word in FORESTS)
    weights, others, file, least, parameters = FORESTS[which]
    truth = common.load_truth(SET, common.DATA)
    trainer = Trainer(weights, least, parameters, truth)
    judges = {**trainer.kinds, **{kind: Captures(kind, truth) for kind in others}}
    held = {}
    for name, kind in judges.items():
        names, held[name] = trainer.rows(kind, None)
    confidence, early = [], None
    if "--no-cv" not in sys.argv:
        trees, below, above = EARLY[which]
        first, whole = ({name: np.zeros(len(kind.words), np.int32) for name, kind in judges.items()} for _ in range(2))
        chances, of_fold = {}, []
        for one in range(FOLDS):
            rows = {name: trainer.rows(kind, one)[1] for name, kind in trainer.kinds.items()}
            of_fold.append(integers(trainer.fit(rows, one), names))
            for name, kind in judges.items():
                here = (kind.folds == one)[kind.of]
                first[name][here], whole[name][here] = sums(names, held[name][here], of_fold[one], trees)
            print(f"fold {one}", flush=True)
        sure = {name: (first[name] < below) | (first[name] > above) for name in judges}
        here = sure[trainer.first.kind]
        ratio = np.median(whole[trainer.first.kind][here] / first[trainer.first.kind][here])
        early = {"trees": trees, "below": below, "above": above, "per_mille": round(1000 * float(ratio))}
        print(f"sure after {trees} trees: {here.mean():.3f}")
        forests = OUT / f"folds-{which}"
        forests.mkdir(parents=True, exist_ok=True)
        for one, forest in enumerate(of_fold):
            (forests / f"{one}.json").write_text(written({"without_fold": one}, *forest, trainer.tokens.points([one]), early=early))
            pages = [page for page in truth if fold_of(host_of(page, truth)) == one]
            (forests / f"{one}.txt").write_text("".join(f"{page}\n" for page in pages))
        for name in judges:
            scores = np.where(sure[name], np.trunc(first[name] * early["per_mille"] / 1000), whole[name])
            chances[name] = 1 / (1 + np.exp(-scores / 1000))
        for name, kind in judges.items():
            np.save(OUT / f"chances-{name}.npy", chances[name])
            keep, expected = judged(kind, chances[name])
            texts = kind.kept(keep)
            (OUT / f"oof-{name}.json").write_text(json.dumps({"text": texts, "errors": {}}))
            scores = score.score_pages(texts, SET)
            if name not in ("html", "full"):
                table(kind.scored(np.ones(len(keep), bool)), f"{name}, as is")
            table(scores, f"{name}, cut")
            if kind is trainer.first:
                found = np.array([scores[page]["f1"] for page in kind.pages])
                confidence = calibrated(expected, found)
                curve(expected, found, confidence)
    if "--ablate" in sys.argv:
        ablate(trainer, held, names)
    features, bias, trees = integers(trainer.fit(held, None), names)
    card = {
        "about": "The chance that a block is main content.",
        "trained_on": "WCXB development pages (Foley 2026, CC-BY-4.0), by tests/train/forest.py " + which,
        "pages": int(trainer.first.good.sum()), "blocks": int(sum(kind.usable.sum() for kind in trainer.kinds.values())),
    }
    (ROOT / "profiles" / file).write_text(written(card, features, bias, trees, trainer.tokens.points(), confidence, early))


def ablate(trainer, held, names):
    """Prints what each number of trees is worth, and each group of features at a third of the trees; of one group, that
    number of trees with it and without."""
    for one in range(FOLDS):
        np.savez(OUT / f"rows-{one}.npz", **{name: trainer.rows(kind, one)[1] for name, kind in trainer.kinds.items()})
    print(f"\n{'without':<24}{'trees':>6}{'features':>9}{'F1':>8}{'leaked':>8}")
    kind, whole = trainer.first, trainer.parameters
    chances = np.zeros(len(kind.words))
    count = whole["iterations"]
    runs = [("nothing", "$^", trees) for trees in (count // 6, count // 3, count * 2 // 3, count)]
    runs += [(name, group, count // 3) for name, group in GROUPS.items()]
    wanted = [word for word in sys.argv if word in GROUPS]
    if wanted:
        runs = [run for run in runs if run[2] == count // 3 and run[0] in ("nothing", *wanted)]
    for name, group, trees in runs:
        columns = np.array([not re.search(group, feature) for feature in names])
        trainer.parameters = {**whole, "iterations": trees}
        for one in range(FOLDS):
            model = trainer.fit(np.load(OUT / f"rows-{one}.npz"), one, columns)
            here = (kind.folds == one)[kind.of]
            chances[here] = chance(model, held[kind.kind][here][:, columns])
        scores = kind.scored(judged(kind, chances)[0]).values()
        leaked = np.mean([row["without"] for row in scores if row["without"] is not None])
        print(f"{name:<24}{trees:>6}{columns.sum():>9}{np.mean([row['f1'] for row in scores]):>8.4f}{leaked:>8.4f}", flush=True)
    trainer.parameters = whole


if __name__ == "__main__":
    main()
