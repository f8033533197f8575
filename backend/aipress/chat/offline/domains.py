"""What the offline assistant says of a site's own domain: how far it is, and what its owner does next."""

from collections.abc import Mapping

Result = Mapping[str, object]


def added(result: Result) -> str:
    """What is to be set where, or how far it is that was there already."""
    if not result["is_new"]:
        return f"{result['tenant']} has that domain already. {checked(result)}"
    return (
        f"{result['domain']} is added to {result['tenant']}. Set the DNS records shown here at whoever keeps its DNS; nothing is "
        f"connected before they are found. I look for them by myself; say “check {result['domain']}” to have it done now."
    )


def checked(result: Result) -> str:
    """How far it is."""
    said = STATES[str(result["state"])].format(domain=result["domain"], tenant=result["tenant"])
    if result["state"] == "proved" and result["certificate"] == "waiting":
        return f"{said} Its certificate is on its way."
    return f"{said} {_records(result)}".strip()


def _records(result: Result) -> str:
    """Each record that isn't as it should be."""
    told = result["records"]
    wrong = [one for one in told if one["state"] != "right"] if isinstance(told, list) else []
    return " ".join(FOUND[str(one["state"])].format(what=WHAT[one["purpose"]], **one) for one in wrong)


STATES = {
    "waiting": "{domain} isn't proved to be yours yet.",
    "proved": "{domain} is proved to be yours and ready; not all of its visitors come to {tenant} yet.",
    "connected": "{domain} is connected: its visitors come to {tenant}.",
    "failed": "{domain} can't be connected as it is; the card says why.",
}
FOUND = {
    "missing": "{what} ({kind}) is missing.",
    "wrong": "{what} ({kind}) says something else; the card shows what.",
    "unknown": "{what} ({kind}) could not be looked up: its name servers didn't answer, or nobody asked them yet.",
}
WHAT = {
    "proof": "The record that proves it",
    "address": "The record that leads visitors here",
    "certificate": "The record for its certificate",
}
