"""How the offline assistant says what is wrong with a site: the diagnosis' own sentences, each made of facts."""

from collections.abc import Mapping

Result = Mapping[str, object]
MOST_CLAIMS, MOST_OTHERS = 4, 3


def diagnosed(result: Result) -> str:
    """The likely cause with its claims and what helps; other causes by their titles."""
    window = f"between {_moment(result['since'])} and {_moment(result['until'])} (UTC)"
    findings = result["findings"]
    unseen = result.get("unseen")
    missing = (
        f" I could not look at: {', '.join(map(str, unseen))}." if isinstance(unseen, list) and unseen else ""
    )
    if not isinstance(findings, list) or not findings:
        return f"I looked at {result['name']} {window}. {result['summary']}{missing}"
    first, *others = findings
    lines = [f"The likely cause, from what happened at {result['name']} {window}: {first['title']}"]
    lines += [f"- {claim}" for claim in first["claims"][:MOST_CLAIMS]]
    lines.append(f"What helps: {first['advice']}")
    if others:
        lines.append("Also seen: " + " ".join(str(one["title"]) for one in others[:MOST_OTHERS]))
    return "\n".join(lines) + missing


def _moment(told: object) -> str:
    return str(told).replace("T", " ").removesuffix("Z")
