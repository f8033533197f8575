"""What the offline assistant says of a log: how many lines of which kind, and in which window. It quotes none: they are on the screen."""

from collections.abc import Mapping

Result = Mapping[str, object]
MANY = {
    "critical": "critical",
    "error": "errors",
    "warning": "warnings",
    "info": "informational",
    "debug": "debug",
}
ONE = {"error": "error", "warning": "warning"}
SOURCES = {
    "access": "visitors",
    "php": "PHP",
    "wordpress": "WordPress",
    "slow": "slow queries",
    "cron": "cron",
    "mail": "mail",
    "platform": "the platform",
}


def logged(result: Result) -> str:
    """The answer about a site's log."""
    window = f"between {_moment(result['since'])} and {_moment(result['until'])} (UTC)"
    of = f", from {SOURCES[str(result['source'])]}" if result.get("source") else ""
    found = int(str(result["found"]))
    if not found:
        at_least = f" of level {result['level']} or worse" if result.get("level") else ""
        return f"The log of {result['name']} has nothing{at_least}{of} {window}."
    shown = int(str(result["shown"]))
    said = "1 line" if found == 1 else f"{found} lines"
    here = (
        "here it is" if found == 1 else f"here are the newest {shown}" if shown < found else "here they are"
    )
    return f"{result['name']} wrote {said}{of} {window}: {_levels(result['levels'])}; {here}."


def _levels(levels: object) -> str:
    """ "2 errors and 1 warning": the worst first."""
    counts = levels if isinstance(levels, Mapping) else {}
    parts = [
        f"{counts[level]} {ONE.get(level, many) if counts[level] == 1 else many}"
        for level, many in MANY.items()
        if counts.get(level)
    ]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _moment(told: object) -> str:
    return str(told).replace("T", " ").removesuffix("Z")
