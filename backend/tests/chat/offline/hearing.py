"""What the offline engine makes of a sentence, said the way tests like to say it."""

from collections.abc import Sequence
from datetime import date

from aipress.chat.offline.decide import Caller, understand
from aipress.chat.offline.directory import Site
from aipress.chat.offline.outcome import Ask, Decline, Outcome, Wish

TODAY = date(2026, 7, 15)


def hear(
    text: str, sites: str = "blog shop", thread: Sequence[str] = (), is_admin: bool = False
) -> list[Outcome]:
    """The outcomes of `text`; `sites` are slugs with spaces between them."""
    known = tuple(Site(slug) for slug in sites.split())
    return understand(text, Caller(known, is_admin, TODAY), thread)


def in_short(outcomes: Sequence[Outcome]) -> str:
    """Outcomes as one line: "GET_SITE shop", "ask tenant: blog shop", "decline no_such_site acme", several with "; " between."""
    return "; ".join(_short(outcome) for outcome in outcomes)


def _short(outcome: Outcome) -> str:
    match outcome:
        case Wish(action=action, arguments=arguments):
            return " ".join([action, *arguments.values()])
        case Ask(argument=argument, choices=choices):
            return f"ask {argument}" + (f": {' '.join(choices)}" if choices else "")
        case Decline(why=why, about=about):
            return f"decline {why} {about}".strip()
