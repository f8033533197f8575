"""What the engine concludes: a wish to carry out, a question to ask, or a refusal that says why."""

from dataclasses import dataclass, field
from typing import Literal

Why = Literal["out_of_scope", "no_such_site", "no_sites", "nothing_asked"]


@dataclass(frozen=True)
class Wish:
    """An action to carry out, complete. `heard_as` is how the site was spelt, where that was not quite its name."""

    action: str
    arguments: dict[str, str] = field(default_factory=dict)
    heard_as: str = ""


@dataclass(frozen=True)
class Ask:
    """One argument is missing; `choices` are the slugs to offer when it is the site."""

    argument: str
    action: str
    arguments: dict[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decline:
    """Nothing is done, and why; `about` is the name that is nobody's, where that is the reason."""

    why: Why
    about: str = ""


Outcome = Wish | Ask | Decline


def explained(outcomes: list[Outcome]) -> dict[str, object]:
    """As `aipress chat --explain` prints it: the first outcome, the later ones under `then`."""
    first, *later = [_explained(outcome) for outcome in outcomes]
    return {**first, "then": later} if later else first


def _explained(outcome: Outcome) -> dict[str, object]:
    match outcome:
        case Wish(action=action, arguments=arguments):
            return {"action": action, "arguments": arguments}
        case Ask(argument=argument):
            return {"ask": argument}
        case Decline():
            return {"decline": True}
