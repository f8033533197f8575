"""How a measured amount is said to people: with a unit they know, and no more digits than mean anything."""

BYTES = ("B", "kB", "MB", "GB", "TB")


def said(value: float, unit: str) -> str:
    """`value`, counted in `unit` (count, ratio, bytes, ms or s), in words: "1,204", "87 %", "12.4 MB", "230 ms", "4.1 s"."""
    match unit:
        case "ratio":
            return f"{value * 100:.0f} %"
        case "bytes":
            return _bytes(value)
        case "ms":
            return f"{value:,.0f} ms" if abs(value) < 10_000 else _seconds(value / 1000)
        case "s":
            return _seconds(value)
        case _:
            return _digits(value)


def _bytes(value: float) -> str:
    for unit in BYTES[:-1]:
        if abs(value) < 1000:
            return f"{_digits(value)} {unit}"
        value /= 1000
    return f"{_digits(value)} {BYTES[-1]}"


def _seconds(value: float) -> str:
    if abs(value) >= 7200:
        return f"{value / 3600:,.1f} h"
    return f"{value:,.0f} s" if abs(value) >= 100 else f"{value:,.2g} s"


def _digits(value: float) -> str:
    """Whole numbers as they are; others with one digit behind the point, and small ones with two that count."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"
