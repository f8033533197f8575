"""Which thing a placeholder in a path meant. Only identity is guessed here, never whether Google accepted.

In this order: the id that Google's answer spells out; what the collection's next request makes; the thing of that collection
the file spoke of last (that still lives, where the next request deletes it). After a deletion that ends at once one more question may be about what was deleted (clients look whether it is
gone); after one that is an operation they ask the operation, so the placeholder falls to what still lives.
"""

from collections import defaultdict
from dataclasses import dataclass

from gcpsim.judge.placeholders import MASK
from gcpsim.judge.plan import Plan
from gcpsim.wire import Json


@dataclass(frozen=True)
class Clue:
    """What Google's answer tells of which thing it is about: its text, and the ids it gives itself."""

    text: str
    ids: frozenset[str]


def clue_in(text: str, answer: Json) -> Clue:
    """Read an answer for names: `name`, the end of `selfLink`, the ids of its `…Reference`."""
    told = [answer.get("name"), answer.get("selfLink"), answer.get("id")]
    for field, inner in answer.items():
        if field.endswith("Reference") and isinstance(inner, dict):
            told += inner.values()
    return Clue(text, frozenset(str(value).rsplit("/", 1)[-1] for value in told if isinstance(value, str)))


@dataclass(frozen=True)
class Place:
    """A collection, as the simulator has it and as the recording's masks spell it; `own`: the request is about one of its things."""

    collection: str
    recorded: str
    own: bool = True


class Identities:
    """What a file's placeholders mean as it goes on."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._spoken: dict[str, list[str]] = defaultdict(list)
        self._aliases: dict[tuple[str, str], str] = {}
        self._unbound: dict[str, list[str]] = defaultdict(list)
        self._going: set[tuple[str, str]] = set()
        self._gone: dict[str, str] = {}

    def meant(self, place: Place, given: str, at: int, answer: Clue) -> str:
        """The id in the simulator that an id of a recorded path means."""
        meant = self._meant(place, given, at, answer)
        self._speak(place.collection, meant)
        return meant

    def _meant(self, place: Place, given: str, at: int, answer: Clue) -> str:
        if not given.startswith(MASK):
            return self._aliases.get((place.collection, given)) or self._bound(place, given)
        if place.own and (making := self._plan.makers[place.recorded].get(at)):
            return making
        known = {made for made in self._plan.makers[place.recorded].values() if made and made != given}
        for spelled in (known & answer.ids, {name for name in known if name in answer.text}):
            if spelled:
                return max(spelled, key=len)
        coming = self._plan.next_made(place.recorded, at) if place.own else ""
        return coming or self._last_spoken(place, at) or self._gone.get(place.collection, given)

    def _last_spoken(self, place: Place, at: int) -> str:
        """The thing spoken of last; one that still lives where the recording goes on with its deletion, or speaks of what is in it."""
        spoken = self._spoken[place.collection]
        living = [name for name in spoken if (place.collection, name) not in self._going]
        if living and (not place.own or self._plan.next_is_deletion(place.recorded, at)):
            return living[-1]
        return spoken[-1] if spoken else ""

    def _bound(self, place: Place, given: str) -> str:
        """A name Google gave and the recording first speaks now: it is the newest one that has no name yet."""
        if self._plan.numbered(place.recorded) and self._unbound[place.collection]:
            self._aliases[(place.collection, given)] = self._unbound[place.collection].pop()
        return self._aliases.get((place.collection, given), given)

    def referred(self, body: Json | None) -> Json | None:
        """The body with references to masked things leading to those the file spoke of last."""
        result = self._referred(body)
        return result if isinstance(result, dict) else None

    def _referred(self, value: object) -> object:
        if isinstance(value, dict):
            return {name: self._referred(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._referred(one) for one in value]
        if not isinstance(value, str) or f"/{MASK}" not in value:
            return value
        front, _, name = value.rpartition("/")
        path = front[front.find("projects/") :]
        last = [
            spoken[-1]
            for collection, spoken in self._spoken.items()
            if spoken and collection.split("/", 1)[-1] == path
        ]
        return f"{front}/{last[0]}" if last and last[0].startswith(name) else value

    def made(self, collection: str, recorded: str, simulated: str) -> None:
        """Google named something `recorded` ('' where its answer did not say) that the simulator named otherwise."""
        if recorded and not recorded.startswith(MASK):
            self._aliases[(collection, recorded)] = simulated
        elif not recorded:
            self._unbound[collection].append(simulated)
        self._speak(collection, simulated)

    def gone(self, collection: str, deleted: str, *, at_once: bool) -> None:
        """Something was deleted."""
        self._gone[collection] = deleted
        if at_once:
            self._going.add((collection, deleted))
        else:
            self._forget(collection, deleted)

    def _speak(self, collection: str, name: str) -> None:
        if (collection, name) in self._going:
            self._going.discard((collection, name))
            self._forget(collection, name)
            return
        self._forget(collection, name)
        self._spoken[collection].append(name)

    def _forget(self, collection: str, name: str) -> None:
        if name in self._spoken[collection]:
            self._spoken[collection].remove(name)
