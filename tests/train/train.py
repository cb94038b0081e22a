#!/usr/bin/env python3
"""Trains the line card: profiles/line-card.json, with the figures of its cross-validation.

Run it without arguments; README.md says what it needs and what it writes. Deterministic: one
thread, a convex objective, no random numbers.
"""
import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import hashlib  # noqa: E402
import json  # noqa: E402

import numpy as np  # noqa: E402
import scipy.sparse as sparse  # noqa: E402

from decide import PER_MILLE, cut, decide, slots  # noqa: E402
from fit import Points, bins, logistic, one_hot, penalty  # noqa: E402
from label import IN_ORDER, Aligner  # noqa: E402
from matrix import FOLDS, LAYOUTS, OUT, ROOT, SET, Pages, score  # noqa: E402
from settings import (COPY_WEIGHT, EDGES, GATE_EDGES, GATE_ITERATIONS, GATE_RIDGE, GATE_SMOOTH,  # noqa: E402
                      GATE_WEIGHT, ITERATIONS, LEAVE_ALONE_ABOVE, LOW, RIDGE, SMOOTH, STEP, UNORDERED)

CARD = ROOT / "profiles" / "line-card.json"
KINDS = ("full", "main", "ref")
# A page whose best lines score below this does not hold its reference; it teaches nothing.
FEWEST_F1 = 0.6
# Words of main content that a page counts as having at least, and the most that it weighs: pages
# count about equally, but tiny ones do not count as much as their few words would make them.
FEWEST_WORDS, MOST_WEIGHT = 60, 3
# Every n-th page goes into decisions.jsonl, which a test of the crate reads.
SAMPLED = 37


def labels_of(pages):
    """Label and weight of each line."""
    key = hashlib.sha256("\n".join(pages.texts).encode()).hexdigest()[:16]
    path = OUT / f"labels-{key}.npy"
    if not path.exists():
        aligner = Aligner(OUT)
        np.save(path, np.concatenate([aligner.shares(pages.texts[start:end], reference)
                                      for reference, (start, end) in zip(pages.references, pages.spans)]))
    labels = (np.load(path) >= IN_ORDER).astype(float)
    best = pages.scored(labels > 0)
    usable = np.array([best[page]["f1"] >= FEWEST_F1 and bool(reference.strip())
                       for page, reference in zip(pages.ids, pages.references)])
    count = len(pages.ids)
    main_words = np.maximum(np.bincount(pages.page_of, pages.words * labels, count), FEWEST_WORDS)
    # Lines without words still have to land on one side.
    weights = (pages.words + 0.3) / main_words[pages.page_of]
    totals = np.maximum(np.bincount(pages.page_of, weights, count), 1e-9)
    return labels, weights * np.minimum(1, MOST_WEIGHT / totals)[pages.page_of] * usable[pages.page_of]


class LineTrainer:
    """Fits points of lines, on raw captures and their copies in other layouts."""

    def __init__(self, pages, copies):
        self.edges = list(EDGES.values())
        self.sizes = [len(edges) + 1 for edges in self.edges]
        self.penalties = penalty(self.sizes, [name in UNORDERED for name in EDGES], RIDGE, SMOOTH)
        self.labels, self.weights = labels_of(pages)
        self.numbers = bins(pages.features, self.edges)
        self.matrix = one_hot(self.numbers, self.sizes)
        self.copies = []
        for copy in copies.values():
            rows = pages.same_lines(copy)
            matrix = one_hot(bins(copy.features, self.edges)[np.maximum(rows, 0)], self.sizes)
            self.copies.append((matrix, self.weights * COPY_WEIGHT * (rows >= 0)))

    def fit(self, chosen):
        """Points from the chosen lines."""
        rows = sparse.vstack([self.matrix[chosen], *(matrix[chosen] for matrix, _ in self.copies)]).tocsr()
        labels = np.tile(self.labels[chosen], 1 + len(self.copies))
        weights = np.concatenate([self.weights[chosen], *(weights[chosen] for _, weights in self.copies)])
        solution = logistic(rows, labels, weights, self.penalties, ITERATIONS)
        return Points(solution, self.sizes, self.numbers[chosen], self.weights[chosen])

    def score(self, points, pages):
        """Scores of all lines."""
        return points.score(bins(pages.features, self.edges))


class GateTrainer:
    """Fits points of pages: whether leaving a page alone scores higher than its cut."""

    def __init__(self, inputs, gates, as_is, after_cut):
        self.edges = list(GATE_EDGES.values())
        self.sizes = [len(edges) + 1 for edges in self.edges]
        self.penalties = penalty(self.sizes, [False] * len(self.sizes), GATE_RIDGE, GATE_SMOOTH)
        self.folds = np.concatenate([pages.folds for pages in inputs.values()])
        self.numbers = np.concatenate([bins(gates[kind], self.edges) for kind in inputs])
        self.gains = np.concatenate([
            [(as_is[kind][page]["f1"] - after_cut[kind][page]["f1"]) * GATE_WEIGHT[kind] for page in pages.ids]
            for kind, pages in inputs.items()])

    def fit(self, held_out=None):
        """Points from all folds but one."""
        chosen = self.folds != held_out if held_out is not None else np.ones(len(self.folds), bool)
        numbers, gains = self.numbers[chosen], self.gains[chosen]
        weights = np.abs(gains) + 1e-6
        labels = (gains > 0).astype(float)
        solution = logistic(one_hot(numbers, self.sizes), labels, weights, self.penalties, GATE_ITERATIONS)
        return Points(solution, self.sizes, numbers, weights)

    def score(self, points, values):
        """Points of all pages."""
        return points.score(bins(values, self.edges))


def table_row(name, rows):
    """A row of the table of scores."""
    summary = score.report(rows, SET)
    columns = [summary[group]["f1"] for group in ("all", *score.PAGE_TYPES, "forum, open")]
    columns += [summary["all"][key] for key in ("p", "r", "with", "without")]
    columns.append(summary["forum, open"]["without"])
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in columns) + " |"


def table_head():
    """The first two rows."""
    names = ["input", "all", *score.PAGE_TYPES, "forum, open", "P", "R", "with", "leaked", "leaked forum, open"]
    return ["| " + " | ".join(names) + " |", "|---" * len(names) + "|"]


def written(names_to_edges, points, indent):
    """Features with edges and points, one line each."""
    rows = [json.dumps({"name": name, "edges": edges, "points": table.tolist()})
            for (name, edges), table in zip(names_to_edges.items(), points.tables)]
    return "[\n" + ",\n".join(f"{indent}  {row}" for row in rows) + f"\n{indent}]"


def card_text(points, gate_points):
    """The card as it is shipped."""
    probability = json.dumps({"low": LOW, "step": STEP, "per_mille": PER_MILLE.tolist()})
    return (f'{{\n  "bias": {points.bias},\n  "features": {written(EDGES, points, "  ")},\n'
            f'  "probability": {probability},\n'
            f'  "gate": {{\n    "bias": {gate_points.bias},\n    "leave_alone_above": {LEAVE_ALONE_ABOVE},\n'
            f'    "features": {written(GATE_EDGES, gate_points, "    ")}\n  }}\n}}\n')


def write_decisions(inputs, trainer, points, gate_trainer, gate_points):
    """What the final card says of a sample of pages, for the crate's test."""
    with (OUT / "decisions.jsonl").open("w", encoding="utf-8") as out:
        for kind in ("full", "main"):
            pages = inputs[kind]
            scores = trainer.score(points, pages)
            keep, gate = decide(pages, scores)
            gate_scores = gate_trainer.score(gate_points, gate)
            for number in range(0, len(pages.ids), SAMPLED):
                here = slice(*pages.spans[number])
                alone = bool(gate_scores[number] > LEAVE_ALONE_ABOVE)
                row = {"kind": kind, "id": pages.ids[number], "score": scores[here].tolist(),
                       "low": cut(slots(scores[here]), pages.words[here])[0],
                       "gate": gate[number].tolist(), "gate_score": int(gate_scores[number]), "alone": alone,
                       "keep": (keep[here] | alone).astype(int).tolist()}
                out.write(json.dumps(row) + "\n")


def out_of_fold(inputs, copies, trainer):
    """Scores of all lines by the points of the other folds."""
    everything = {**inputs, **copies}
    scores = {name: np.zeros(len(pages.words), np.int64) for name, pages in everything.items()}
    full = inputs["full"]
    for fold in range(FOLDS):
        points = trainer.fit((full.folds != fold)[full.page_of])
        for name, pages in everything.items():
            held_out = (pages.folds == fold)[pages.page_of]
            scores[name][held_out] = trainer.score(points, pages)[held_out]
    return scores


def main():
    """Trains, reports, writes."""
    OUT.mkdir(parents=True, exist_ok=True)
    inputs = {kind: Pages(kind) for kind in KINDS}
    copies = {layout: Pages("full", layout) for layout in LAYOUTS}
    trainer = LineTrainer(inputs["full"], copies)
    scores = out_of_fold(inputs, copies, trainer)
    keep, gates, as_is, after_cut = {}, {}, {}, {}
    for kind, pages in inputs.items():
        keep[kind], gates[kind] = decide(pages, scores[kind])
        as_is[kind] = pages.scored(np.ones(len(pages.words), bool))
        after_cut[kind] = pages.scored(keep[kind])
    gate_trainer = GateTrainer(inputs, gates, as_is, after_cut)
    alone = {kind: np.zeros(len(pages.ids), bool) for kind, pages in inputs.items()}
    for fold in range(FOLDS):
        gate_points = gate_trainer.fit(fold)
        for kind, pages in inputs.items():
            passed = gate_trainer.score(gate_points, gates[kind]) > LEAVE_ALONE_ABOVE
            alone[kind] |= (pages.folds == fold) & passed
    report = table_head()
    for kind, pages in inputs.items():
        report.append(table_row(f"{kind}: as is", as_is[kind]))
        report.append(table_row(f"{kind}: cut", after_cut[kind]))
        final = keep[kind] | alone[kind][pages.page_of]
        name = f"{kind}: cut and gate ({alone[kind].sum()} of {len(pages.ids)} left alone)"
        report.append(table_row(name, pages.scored(final)))
        predictions = {"meta": {"peer": "line-card"}, "text": pages.kept_texts(final),
                       "wall": {}, "cpu": {}, "errors": {}}
        (OUT / f"oof-{kind}.json").write_text(json.dumps(predictions), encoding="utf-8")
    for layout, pages in copies.items():
        report.append(table_row(f"full, {layout}: cut", pages.scored(decide(pages, scores[layout])[0])))
    points, gate_points = trainer.fit(np.ones(len(trainer.labels), bool)), gate_trainer.fit()
    CARD.write_text(card_text(points, gate_points), encoding="utf-8")
    write_decisions(inputs, trainer, points, gate_trainer, gate_points)
    (OUT / "cv.md").write_text("\n".join(report) + "\n", encoding="utf-8")
    print("\n".join(report))


if __name__ == "__main__":
    main()
