"""What a recording is going to make, read from its requests alone: never from what Google answered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from gcpsim import naming
from gcpsim.discovery.methods import Match
from gcpsim.judge.placeholders import MASK
from gcpsim.semantics import rules_for
from gcpsim.wire import Request
from gcpsim.world import Call, World


@dataclass
class Plan:
    """`makers`: where in the file a collection's creates are, with the id each gives ('' where Google gives it);

    `touched`: where a collection is spoken of at all; `deletions`: where something is deleted.
    """

    makers: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    touched: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    deletions: set[int] = field(default_factory=set)

    def makes(self, collection: str, name: str) -> bool:
        """Whether a create of the file gives this name."""
        return name in self.makers[collection].values()

    def will_make(self, at: int, collection: str, name: str) -> None:
        """Note what the request at a place of the file makes."""
        self.makers[collection][at] = self.told_apart(collection, name)

    def told_apart(self, collection: str, name: str) -> str:
        """A name of its own for each thing a mask stands for: the second that a file makes is another than the first."""
        earlier = sum(made.split("-again-")[0] == name for made in self.makers[collection].values())
        return f"{name}-again-{earlier}" if earlier and name.startswith(MASK) else name

    def next_made(self, collection: str, at: int) -> str | None:
        """The id the collection's next request makes, if that request is a create."""
        later = [place for place in self.touched[collection] if place > at]
        return self.makers[collection].get(later[0]) if later else None

    def next_is_deletion(self, collection: str, at: int) -> bool:
        """Whether the collection's next request deletes something."""
        later = [place for place in self.touched[collection] if place > at]
        return bool(later) and later[0] in self.deletions

    def numbered(self, collection: str) -> bool:
        """Whether the file makes something in this collection that Google names."""
        return "" in self.makers[collection].values()


def plan_of(requests: Sequence[tuple[Request, Match | None]]) -> Plan:
    """Look through a file's requests."""
    plan, world = Plan(), World()
    for at, (request, found) in enumerate(requests):
        if found is None:
            continue
        call = Call(
            request,
            found,
            world,
            {name: values[-1] for name, values in request.query.items()},
            request.body or {},
            f"{found.method.document.api}/{found.key}",
            rules_for(found.method.document),
        )
        collection = call.key.rsplit("/", 1)[0] if found.method.on_item else call.key
        plan.touched[collection].append(at)
        if found.method.http == "DELETE":
            plan.deletions.add(at)
        if naming.kind_of(call) == "create":
            plan.will_make(at, collection, call.rules.identities.get(call.method.id, naming.created_id)(call))
        elif makes := call.rules.makes.get(call.method.id):
            plan.will_make(at, *makes(call).rsplit("/", 1))
    return plan
