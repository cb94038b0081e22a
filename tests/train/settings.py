"""What the card is made of: features, edges of their bins, and the constants of the training.

Names and order of the features' values are those of src/strip/generic/{walk,gate}.rs, which define
them; edges were set once by looking at quantiles of the development pages, and not tuned after.
"""
ZONE = [-60, -25, -10, -5, -2, 0, 1, 2, 4, 8, 16, 40, 100, 999]
SINCE = [1, 2, 4, 7, 12, 20, 35, 60, 120, 999]
WORDS = [5, 15, 30, 60, 100, 150, 220, 300, 450, 650, 900, 1300, 1900, 2800, 4500]
LONG_SHARE = [50, 100, 170, 250, 330, 410, 490, 560, 630, 700, 760, 820, 880, 930]
PAGE_LINES = [10, 20, 35, 50, 75, 100, 140, 180, 230, 290, 370, 480, 640, 900, 1500]
PROBABILITY = [25, 50, 90, 140, 200, 270, 350, 450, 550, 700]


def every(count):
    """One bin for each of the numbers 0 to `count`."""
    return list(range(1, count + 1))


# In the order of the fit, on which the last digits of a solution depend.
EDGES = {
    "repetition": every(5),
    "blanks": every(8),
    "text_zone": ZONE,
    "capitals_near": [100, 150, 200, 250, 300, 350, 400, 450, 500, 560, 620, 680, 750, 820, 900],
    "ending": every(9),
    "words_share_before": [10, 30, 60, 100, 150, 210, 280, 360, 450, 550, 650, 750, 840, 910, 970],
    "indent": [1, 2, 3, 4, 5, 6, 8, 10, 12],
    "words_before": WORDS,
    "lines_share_before": [20, 50, 100, 150, 210, 280, 360, 440, 520, 600, 680, 760, 840, 910, 970],
    "words_by_page": every(41),
    "since_legal": SINCE,
    "run_capitals": [60, 100, 140, 180, 220, 270, 340, 420, 500, 600, 700, 800, 900, 999],
    "since_related": SINCE,
    "long_zone": ZONE,
    "chrome": every(7),
    "next_ending": every(10),
    "bullets_near": [1, 40, 80, 125, 180, 250, 320, 400, 500, 600, 700, 800, 900],
    "page_long_share": LONG_SHARE,
    "repetition_near": [1, 120, 230, 340, 450, 560, 670, 780, 900],
    "previous_chrome": every(7),
    "next_chrome": every(7),
    "core_zone": ZONE,
    "run_lines": [2, 3, 4, 5, 6, 8, 10, 13, 17, 25, 40, 70, 120],
    "page_outcries": [1, 5, 10, 15, 20, 30, 40, 55, 75, 100, 150],
    "page_lines": PAGE_LINES,
    "previous_words": [1, 2, 3, 4, 5, 6, 8, 11, 15, 20, 27, 36, 50, 70],
    "page_words": [100, 180, 220, 300, 450, 650, 900, 1300, 1900, 2800, 4500, 8000, 15000],
    "words_after": WORDS,
    "dates_near": [1, 60, 120, 180, 250, 350, 500],
    "word_length": [30, 36, 42, 46, 50, 54, 58, 62, 67, 73, 80, 90, 105, 130, 170],
}
# Features whose neighbouring bins have nothing to do with each other.
UNORDERED = {"ending", "blanks", "words_by_page", "chrome", "next_ending", "previous_chrome",
             "next_chrome", "repetition"}

GATE_EDGES = {
    "keep_all_ratio": [700, 750, 800, 840, 870, 900, 920, 940, 955, 970, 980, 990],
    "mean_probability": [300, 400, 480, 550, 610, 670, 720, 770, 820, 870],
    "chrome_lines": [1, 2, 3, 4, 6, 8, 12, 18, 30],
    "page_long_share": LONG_SHARE,
    "page_lines": PAGE_LINES,
    "unlikely_lines": [1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 100],
    "unlikely_share": [1, 10, 20, 40, 60, 90, 130, 180, 240, 320, 450],
    "head_probability": PROBABILITY,
    "tail_probability": PROBABILITY,
    "first_probability": PROBABILITY,
    "edge_chrome": [1, 2, 3, 4, 6, 8, 11],
    "legal_lines": [1, 2, 3, 4, 6],
}

# Weight of the copies of a page in another layout; penalties on points and on steps between bins.
COPY_WEIGHT, RIDGE, SMOOTH, ITERATIONS = 0.2, 0.5, 8.0, 70
GATE_RIDGE, GATE_SMOOTH, GATE_ITERATIONS = 0.3, 2.0, 200
# What a page counts at the gate, by input: a clean capture that is spoiled is worse than a raw one
# that is left alone.
GATE_WEIGHT = {"full": 1.5, "main": 2.0, "ref": 1.0}
# Points above which the gate leaves a page alone. Below 0, because the fit weighs F1 only, and text
# that is lost weighs more than chrome that stays; from -35 to 20 the out-of-fold figures hardly move.
LEAVE_ALONE_ABOVE = -20
# Scores to probabilities: slot = (score - LOW) // STEP, clamped.
LOW, STEP, SLOTS = -800, 10, 161
