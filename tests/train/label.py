"""Which lines of a capture are main content: its words are aligned with those of the reference text.

The reference is a text without line marks, so a line is labelled by the share of its words that the
alignment matches. Text that stands in another order in the reference gets two more passes.
"""
import ctypes
import re
import subprocess
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np

WORD = re.compile(r"\w+")
SOURCE = Path(__file__).with_name("align.c")
# Cells of the alignment's trace, one byte each; the few pages beyond lose the end of the reference.
MAX_CELLS = 1_800_000_000
# Shares from which a line counts as main content: in order, and out of order.
IN_ORDER, OUT_OF_ORDER = 0.5, 0.8
# Lines of fewer words match by chance: they need a neighbour, and are not looked for elsewhere.
SHORT = 4
# References of fewer words are too short for lines to have neighbours.
SHORT_REFERENCE = 40
# Stand for gaps in the two lists of word numbers; they match nothing, not even each other.
GAP, REFERENCE_GAP = -1, -2


class Aligner:
    """The inner loop, compiled into `folder` when it is first needed."""

    def __init__(self, folder):
        library = Path(folder) / "align.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
        self.function = ctypes.CDLL(str(library)).align

    def align(self, words, reference):
        """For each word of either list whether it is matched."""
        words = np.asarray(words, np.int32)
        reference = np.asarray(reference, np.int32)
        word_hits = np.zeros(len(words), np.uint8)
        reference_hits = np.zeros(len(reference), np.uint8)
        if len(words) and len(reference):
            reference = np.ascontiguousarray(reference[: MAX_CELLS // len(words)])
            pointers = [array.ctypes.data_as(ctypes.c_void_p)
                        for array in (words, reference, word_hits, reference_hits)]
            if self.function(len(words), pointers[0], len(reference), *pointers[1:]) != 0:
                raise MemoryError("no memory for the alignment")
        return word_hits, reference_hits

    def shares(self, lines, reference):
        """For each line the share of its words that are main content; from 0.5 on the line is."""
        numbers = {}

        def numbered(text):
            return [numbers.setdefault(word, len(numbers)) for word in WORD.findall(text.lower())]

        lines = [numbered(line) for line in lines]
        reference = numbered(unicodedata.normalize("NFC", reference))
        shares = np.zeros(len(lines))
        hits, reference_hits = self.align([word for line in lines for word in line], reference)
        at = 0
        for index, line in enumerate(lines):
            if line:
                shares[index] = hits[at:at + len(line)].mean()
            at += len(line)
        for _ in range(2):
            if not self.find_displaced(lines, reference, shares, reference_hits):
                break
        return tidied(lines, shares, len(reference))

    def find_displaced(self, lines, reference, shares, reference_hits):
        """Aligns what is left on both sides. Says whether it found a line."""
        words, owners = [], []
        for index, line in enumerate(lines):
            if shares[index] < IN_ORDER and len(line) >= SHORT:
                words.extend(line)
                owners.extend([index] * len(line))
            elif words and words[-1] != GAP:
                words.append(GAP)
                owners.append(None)
        left, places = [], []
        for place, word in enumerate(reference):
            if not reference_hits[place]:
                left.append(word)
                places.append(place)
            elif left and left[-1] != REFERENCE_GAP:
                left.append(REFERENCE_GAP)
                places.append(None)
        if len(left) < SHORT or len(words) < SHORT:
            return False
        hits, left_hits = self.align(words, left)
        counts = Counter(owner for owner, hit in zip(owners, hits) if hit)
        found = {owner: count / len(lines[owner]) for owner, count in counts.items()
                 if count / len(lines[owner]) >= OUT_OF_ORDER}
        if not found:
            return False
        for owner, share in found.items():
            shares[owner] = share
        for place, hit in zip(places, left_hits):
            if hit:
                reference_hits[place] = 1
        return True


def tidied(lines, shares, reference_words):
    """Drops short lines without a neighbour; gives lines without words what their neighbours have."""
    is_main = shares >= IN_ORDER
    shares = shares.copy()
    for index, line in enumerate(lines):
        if not line:
            shares[index] = -1
        elif is_main[index] and len(line) < SHORT and reference_words > SHORT_REFERENCE:
            if not is_main[max(0, index - 2):index].any() and not is_main[index + 1:index + 3].any():
                shares[index] = 0
    for index in range(len(lines)):
        if shares[index] < 0:
            around = [shares[near] if 0 <= near < len(lines) else 0 for near in (index - 1, index + 1)]
            shares[index] = float(min(around) >= IN_ORDER)
    return shares
