"""The points of words: what the blocks that hold a word are on other sites, and the blocks whose containers are called
by it."""
from array import array

import numpy as np

# Tokens stand in the table that say at least so much, in hundredths of a logit; all begin with so many hosts of the
# average kind.
MIN_POINTS, PRIOR_HOSTS = 30, 2


class Tokens:
    """How often the tokens of blocks stand in main content, host by host; a file has those of each block in a line.
    Those that fewer than `least` hosts use have no points."""

    def __init__(self, captures, least):
        self.least = least
        self.hosts, host = np.unique(captures.hosts, return_inverse=True)
        self.folds = np.zeros(len(self.hosts), int)
        self.folds[host] = captures.folds
        self.prior = float(np.average(captures.label, weights=captures.weight))
        numbers, token, block = {}, array("q"), array("q")
        for file in captures.tokens:
            with open(file, encoding="utf-8", newline="\n") as lines:
                for at, line in enumerate(lines):
                    for one in dict.fromkeys(filter(None, line.rstrip("\n").split("\t"))):
                        token.append(numbers.setdefault(one, len(numbers)))
                        block.append(at)
        self.names = list(numbers)
        token, block = np.frombuffer(token, np.int64), np.frombuffer(block, np.int64)
        pairs, of = np.unique(token * len(self.hosts) + host[captures.of][block], return_inverse=True)
        # A host counts once for a token, with the share of its blocks that are main content.
        self.share = np.bincount(of, captures.label[block]) / np.bincount(of)
        self.token, self.host = pairs // len(self.hosts), pairs % len(self.hosts)

    def points(self, without=()):
        """{token: hundredths of a logit} from the hosts of all folds but some."""
        used = ~np.isin(self.folds, without)[self.host]
        count = np.bincount(self.token[used], minlength=len(self.names))
        inside = np.bincount(self.token[used], self.share[used], len(self.names))
        odds = (inside + PRIOR_HOSTS * self.prior) / (count - inside + PRIOR_HOSTS * (1 - self.prior))
        points = np.rint(100 * np.log(odds * (1 - self.prior) / self.prior)).astype(int)
        known = (count >= self.least) & (np.abs(points) >= MIN_POINTS)
        return {self.names[at]: int(points[at]) for at in np.flatnonzero(known)}
