"""From scores to what is kept: the cut and the gate's values, as in src/strip/generic/{cut,gate}.rs.

Written a second time on purpose: `decisions.jsonl` holds what these functions say, and a test of
the crate compares it with what the crate says.
"""
import numpy as np

from fit import sigmoid
from settings import EDGES, GATE_EDGES, LOW, SLOTS, STEP

PER_MILLE = np.rint(1000 * sigmoid((LOW + STEP * np.arange(SLOTS) + STEP / 2) / 100)).astype(np.int64)
COLUMN = {name: at for at, name in enumerate(EDGES)}


def slots(scores):
    """The slot of each score."""
    return np.clip((scores - LOW) // STEP, 0, SLOTS - 1)


def cut(slot, words):
    """The cut with the highest expected F1: lowest slot, kept words, kept hits, words, hits."""
    by_slot = np.bincount(slot, words, SLOTS).astype(np.int64)
    hits = by_slot * PER_MILLE
    all_hits = int(hits.sum())
    best, numerator, denominator = (SLOTS, 0, 0), 0, 1
    kept_words = kept_hits = 0
    for lowest in range(SLOTS - 1, -1, -1):
        if by_slot[lowest] == 0:
            continue
        kept_words += int(by_slot[lowest])
        kept_hits += int(hits[lowest])
        if kept_hits * denominator > numerator * (1000 * kept_words + all_hits):
            numerator, denominator = kept_hits, 1000 * kept_words + all_hits
            best = (lowest, kept_words, kept_hits)
    return (*best, int(by_slot.sum()), all_hits)


def gate_values(slot, words, features, page_cut):
    """The gate's features of a page, in the order of GATE_EDGES."""
    _, kept_words, kept_hits, all_words, hits = page_cut
    chrome = features[:, COLUMN["chrome"]]
    chance = PER_MILLE[slot]
    count = len(slot)
    furniture = (chrome >= 1) & (chrome <= 4)
    values = {
        "keep_all_ratio": hits * (1000 * kept_words + hits) * 1000 // max(1, kept_hits * (1000 * all_words + hits)),
        "mean_probability": hits // max(1, all_words),
        "chrome_lines": furniture.sum(),
        "page_long_share": features[0, COLUMN["page_long_share"]],
        "page_lines": count,
        "unlikely_lines": (chance < 50).sum(),
        "unlikely_share": (words * (chance < 100)).sum() * 1000 // max(1, all_words),
        "head_probability": chance[:10].sum() // min(count, 10),
        "tail_probability": chance[-10:].sum() // min(count, 10),
        "first_probability": chance[:3].sum() // min(count, 3),
        "edge_chrome": furniture[:15].sum() + furniture[max(15, count - 15):].sum(),
        "legal_lines": (chrome == 1).sum(),
    }
    return [int(values[name]) for name in GATE_EDGES]


def decide(pages, scores):
    """For all lines whether the cut keeps them, and for all pages the values of the gate."""
    slot = slots(scores)
    keep = np.zeros(len(slot), bool)
    gate = np.zeros((len(pages.ids), len(GATE_EDGES)), np.int64)
    for number, (start, end) in enumerate(pages.spans):
        here = slice(start, end)
        page_cut = cut(slot[here], pages.words[here])
        keep[here] = slot[here] >= page_cut[0]
        gate[number] = gate_values(slot[here], pages.words[here], pages.features[here], page_cut)
    return keep, gate
