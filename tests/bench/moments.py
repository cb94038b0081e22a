"""Dates as forum pages write them, for comparing them with a record's `published_at`.

`read("Feb 24, 2024, 11:12 pm")` gives (day, minute of the day or None, offset in minutes or None); None where there
is no date or only one that counts from now. Dates of figures alone are read as the page's others allow (`order`).
"""
import re
from datetime import date, datetime, timedelta

MONTHS = {name: number for number, name in enumerate(
    "jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
NAME = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
FORMS = [re.compile(form, re.I) for form in (
    r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})",
    NAME + r" (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})",
    r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)?\.? " + NAME + r",? (?P<year>\d{4})",
)]
FIGURES = re.compile(r"\b(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<year>\d{4})")
CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d)(?::\d\d(?:\.\d+)?)?\s*([ap]\.?m\b)?", re.I)
ZONE = re.compile(r"(?::\d\d(?:\.\d+)?)\s*(Z\b|[+-]\d\d:?\d\d)|(?:UTC|GMT)([+-]\d\d:?\d\d)?|\d\d:\d\d([+-]\d\d:?\d\d)")
SECONDS = re.compile(r"\d{10}")


def order(texts):
    """`mdy` or `dmy` where the figures of one page leave only that, else None."""
    pairs = [(int(found["a"]), int(found["b"])) for text in texts for found in [FIGURES.search(text or "")] if found]
    if any(b > 12 for _, b in pairs):
        return "mdy"
    return "dmy" if any(a > 12 for a, _ in pairs) else None


def day_of(text, figures):
    for form in FORMS:
        found = form.search(text)
        if found:
            parts = found.groupdict()
            month = int(parts["number"]) if parts.get("number") else MONTHS[parts["month"].lower()]
            return int(parts["year"]), month, int(parts["day"])
    found = FIGURES.search(text)
    if not found or not figures:
        return None
    a, b = int(found["a"]), int(found["b"])
    return int(found["year"]), *((a, b) if figures == "mdy" else (b, a))


def read(text, figures=None):
    if not text:
        return None
    if SECONDS.fullmatch(text):
        found = datetime.utcfromtimestamp(int(text))
        return found.date(), found.hour * 60 + found.minute, 0
    day = day_of(text, figures)
    try:
        day = day and date(*day)
    except ValueError:
        day = None
    if day is None:
        return None
    clock, zone = CLOCK.search(text), ZONE.search(text)
    if not clock:
        return day, None, None
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3][0] in "pP" else 0)
    offset = None
    if zone:
        sign = next((group for group in zone.groups() if group), "Z").replace(":", "")
        offset = 0 if sign == "Z" else int(sign[0] + "1") * (int(sign[1:3]) * 60 + int(sign[3:5]))
    return day, hour * 60 + int(clock[2]), offset


def agree(ours, theirs):
    """Same instant, or the same as far as both say."""
    if None in (ours[1], theirs[1]):
        return ours[0] == theirs[0]

    def instant(moment, zone):
        return datetime(*moment[0].timetuple()[:3]) + timedelta(minutes=moment[1] - (zone and moment[2] or 0))

    zone = None not in (ours[2], theirs[2])
    return instant(ours, zone) == instant(theirs, zone)
