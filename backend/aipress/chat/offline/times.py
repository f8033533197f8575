"""Time as people say it: "the past two weeks" is P14D, "last month's bill" is 2026-02."""

import re
from collections.abc import Sequence
from datetime import date, timedelta


def find_window(words: Sequence[str], today: date) -> str | None:
    """How far back is asked for, as an ISO 8601 duration."""
    if " quarter of an hour" in " ".join(("", *words)):
        return _since_a_day(words, today)
    for place, word in enumerate(words):
        if DURATION.fullmatch(word.upper()):
            return word.upper()
        if word in UNITS and (window := _counted(words, place)):
            return window
    return _since_a_day(words, today)


def find_moment(text: str, today: date) -> str | None:
    """The moment asked for, such as "at 3pm yesterday", as RFC 3339 in UTC, at which the platform's clocks stand."""
    found = CLOCK.search(text.lower())
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or found["late"] or "")[:1]
    if half:
        hour = hour % 12 + 12 * (half == "p") if hour <= 12 else LATEST
    if hour >= LATEST or minute > 59:
        return None
    day = today - timedelta(days=1) if "yesterday" in text.lower() or "last night" in text.lower() else today
    return f"{day.isoformat()}T{hour:02}:{minute:02}:00Z"


def find_month(words: Sequence[str], today: date) -> str | None:
    """The calendar month asked for, as YYYY-MM."""
    text = " ".join(words)
    if found := re.search(r"\b(20\d\d)-(0[1-9]|1[0-2])\b", text):
        return found.group()
    if found := re.search(r"\b(0?[1-9]|1[0-2]) / (20\d\d)\b", text):
        return f"{found[2]}-{int(found[1]):02}"
    if found := NAMED_MONTH.search(text):
        return _named(found, today)
    if re.search(r"\b(this month|month to date|current month)\b", text):
        return f"{today:%Y-%m}"
    if re.search(r"\bmonth before last\b", text):
        return _months_ago(today, 2)
    if found := re.search(r"\b(\w+) months? ago\b", text):
        return _months_ago(
            today, int(NUMBERS.get(found[1], 0)) or (int(found[1]) if found[1].isdigit() else 1)
        )
    return _months_ago(today, 1) if re.search(r"\b(last|previous|past) month\b(?! of)", text) else None


def _counted(words: Sequence[str], place: int) -> str | None:
    """The window of a unit at `place`, counting what stands before it; a bare "day" or "per day" is no window."""
    unit = UNITS[words[place]]
    before = list(words[max(0, place - 6) : place])
    count, rest = _count(before)
    after = tuple(words[place + 1 : place + 4])
    if after == ("and", "a", "half"):
        count = (count or 1) + 0.5
    is_marked = bool(rest) and (
        rest[-1] in MARKERS or (rest[-1] == "the" and rest[-2:-1] and rest[-2] in MARKERS)
    )
    if count is None and not is_marked:
        return None
    if rest[-1:] == ["per"] or (
        count is not None and not is_marked and words[place] in SHORT and not before[-1:][0][:1].isdigit()
    ):
        return None
    return _iso(timedelta(seconds=unit * (count or 1)))


def _count(before: list[str]) -> tuple[float | None, list[str]]:
    for size in (3, 2, 1):
        number = NUMBERS.get(" ".join(before[-size:])) if len(before) >= size else None
        if number is not None and not (
            before[-1] in ("a", "an")
            and size == 1
            and before[-2:-1] not in (["half"], ["in"], ["past"], ["last"])
        ):
            return number, before[:-size]
    if before and re.fullmatch(r"\d+(\.\d+)?", before[-1]):
        return float(before[-1]), before[:-1]
    return None, before


def _since_a_day(words: Sequence[str], today: date) -> str | None:
    text = " ".join(words)
    if found := re.search(r"\b(three )?quarters? of an hour\b", text):
        return "PT45M" if found[1] else "PT15M"
    if re.search(r"\b(today|tonight|yesterday|last night|overnight)\b", text):
        return "P1D"
    if re.search(r"\b(this (morning|afternoon|evening))\b", text):
        return "PT12H"
    for number, day in enumerate(DAYS):
        if re.search(rf"\b(since|on|from|last) {day}\b", text):
            return f"P{(today.weekday() - number) % 7 or 7}D"
    return None


def _iso(window: timedelta) -> str:
    seconds = round(window.total_seconds())
    for size, form in ((86400, "P{}D"), (3600, "PT{}H"), (60, "PT{}M")):
        if seconds % size == 0:
            return form.format(seconds // size)
    return f"PT{seconds}S"


def _named(found: re.Match[str], today: date) -> str:
    number = MONTHS[found["name"][:3]]
    if found["year"]:
        return f"{found['year']}-{number:02}"
    return f"{today.year if number <= today.month else today.year - 1}-{number:02}"


def _months_ago(today: date, count: int) -> str:
    months = today.year * 12 + today.month - 1 - count
    return f"{months // 12}-{months % 12 + 1:02}"


CLOCK = re.compile(
    r"\b(?:at|around|about|near|towards)\s+(?:about\s+)?(?P<hour>\d{1,2})"
    r"(?:[:.](?P<minute>\d\d)\b(?:\s*(?P<half>[ap]\.?m\b))?|\s*(?:(?P<late>[ap])\.?m\b|o['’]?\s?clock\b|h\b))"
)
LATEST = 24
MINUTE, HOUR, DAY = 60, 3600, 86400
UNITS: dict[str, int] = {
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), 1),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "m"), MINUTE),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), HOUR),
    **dict.fromkeys(("day", "days", "d"), DAY),
    **dict.fromkeys(("week", "weeks", "wk", "wks", "w"), 7 * DAY),
    **dict.fromkeys(("fortnight", "fortnights"), 14 * DAY),
    **dict.fromkeys(("weekend", "weekends"), 3 * DAY),
    **dict.fromkeys(("month", "months"), 30 * DAY),
    **dict.fromkeys(("quarter", "quarters"), 90 * DAY),
    **dict.fromkeys(("year", "years"), 365 * DAY),
}
SHORT = frozenset("s m h d w".split())
MARKERS = frozenset("last past previous this recent preceding latest since entire whole over".split())
SMALL_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
NUMBERS: dict[str, float] = {
    **{word: number for number, word in enumerate(SMALL_NUMBERS)},
    **dict.fromkeys(("half a", "half an", "half"), 0.5),
    **dict.fromkeys(("a", "an"), 1),
    **dict.fromkeys(("a couple of", "couple of", "a couple", "couple"), 2),
    **dict.fromkeys(("a few", "few", "several"), 3),
    **dict.fromkeys(("twenty four", "twenty-four"), 24),
    **dict.fromkeys(("forty eight", "forty-eight"), 48),
    "a dozen": 12,
    "fourteen": 14,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty five": 45,
    "sixty": 60,
    "ninety": 90,
}
MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
NAMED_MONTH = re.compile(
    r"\b(?P<name>january|february|april|june|july|august|september|october|november|december|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|(?:(?<=in )|(?<=for )|(?<=of )|(?<=during )|(?<=last )|(?<=since )|(?<=about )|(?<=and ))(?:march|may|mar)\b"
    r"|(?:march|may|mar)(?= (?:of )?20\d\d)|(?:march|may)(?= (?:bill|invoice|costs?)))"
    r"\b(?: ,)?(?: of)?(?: (?P<year>20\d\d))?"
)
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
DURATION = re.compile(r"P(?=\d|T\d)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?")
