"""What is somebody's is looked up with its room's `visible_to(principal)`, and by a plain query only where a reason is written down.

Looks at every query of the package that is begun on such a table, in whatever file; `RIGHT_ALL_THE_SAME` are the reasons.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from checks.owned import owned_tables
from checks.said import CHECKOUT, end
from checks.tracked import tracked_files

PACKAGE = Path("backend/aipress")
BEGINNINGS = {"select", "exists", "aliased", "update", "delete", "query", "get", "get_one"}
RAW = {"text", "exec_driver_sql"}
DOOR = "visible_to"

Reasons = Mapping[str, Mapping[str, str]]

NOBODY = "runs in nobody's name, over every site there is"
SEEN = "for a site that was looked up as its caller sees it"
# File, then function (or * for the whole file), then why. A reason that excuses nothing any more is wrong, too.
RIGHT_ALL_THE_SAME: Reasons = {
    "api/prometheus.py": {"*": "for admins, as its route says"},
    "audit/chain.py": {"*": "seals and proves the whole log; only admins get to read the verdict"},
    "audit/models.py": {"is_recorded": "tells whether something was done, and nothing else of it"},
    "billing/advice/looking.py": {
        "of_site": SEEN,
        "_commitments": "sums what everybody cost, for admins, as its route says",
    },
    "billing/alerts.py": {"*": NOBODY},
    "billing/workflows.py": {"*": NOBODY},
    "billing/models.py": {"of_site": SEEN},
    "billing/service.py": {
        "platform_bills": "for admins, as its route says",
        "budgets": "for admins, as its route says",
        "budget_of": SEEN,
        "set_budget": SEEN,
        "remove_budget": SEEN,
    },
    "cron/service.py": {"*": NOBODY},
    "domains/checking.py": {"*": NOBODY},
    "domains/moving.py": {"*": "for a site that is being moved, in the name of whoever began that"},
    "domains/models.py": {
        "of_site": SEEN,
        "proved": "tells that a domain is somebody's, and nothing else of them",
    },
    "domains/offers.py": {"_possible": SEEN},
    "domains/rounds.py": {"*": NOBODY},
    "events/changes.py": {
        "with_members": "says whose streams to wake; what they hear is asked of visible_to"
    },
    "mail/service.py": {"_senders": NOBODY},
    "operations/models.py": {"unfinished": NOBODY},
    "operations/steps.py": {
        "usual_durations": "takes seconds from everybody's, and shows nothing else of them"
    },
    "cli/machine/cloud.py": {"_sites_by_cloud": "counts, for whoever starts the platform"},
    "plans/models.py": {"use_up": "takes a plan that was found by its person"},
    "plans/service.py": {"how_many_wait": "counts everybody's, for admins"},
    "secrets/delivery.py": {"*": NOBODY},
    "secrets/moving.py": {
        "_hand_over": "hands over the rows of a site that somebody in charge of it had moved"
    },
    "secrets/models.py": {"set_on": SEEN, "ever_on": SEEN},
    "secrets/service.py": {
        "of_all": "for admins, as its route says",
        "_one_at_a_time": "locks a site that was found",
    },
    "telemetry/diagnosis/service.py": {"_neighbours": "of them only the sum of what they take is ever said"},
    "telemetry/alerts/deliveries.py": {"*": NOBODY},
    "telemetry/alerts/rounds.py": {"*": NOBODY},
    "telemetry/alerts/service.py": {"_trouble": "asks about the caller's own webhook"},
    "tenants/move_ledger.py": {"*": "moves a site that somebody in charge of it had moved"},
    "tenants/ledger.py": {"*": NOBODY},
    "tenants/members.py": {"remove": SEEN, "_members": SEEN},
    "tenants/models.py": {
        "pooled": "hands out what is nobody's yet",
        "sites_arriving": "says which sites nothing is begun on just now, to what goes round over all",
    },
    "tenants/noted.py": {
        "on_sites_of": "asks for the caller's own, removed ones too, for the log's own door"
    },
    "tenants/pool.py": {"*": NOBODY},
    "tenants/reconciler.py": {"*": NOBODY},
    "tenants/strays.py": {"*": NOBODY},
    "tenants/service.py": {
        "_owned_by": "counts what ties a person to this installation",
        "_free_slug": "a slug is free only if nobody has it",
        "check_settled": SEEN,
    },
    "tenants/telling.py": {
        "_how_many": "tells an admin about people, whom only admins read",
        "_of": "tells an admin about a person, whom only admins read",
    },
    "tenants/undoing.py": {"_look": "asks what came last for sites of operations that were found"},
    "threads/models.py": {"shown_by": "found by the secret of its link, which is the right to read it"},
    "users/models.py": {"shared_with": "is what the doors are made of: the caller's own memberships"},
}


def main() -> None:
    """Look at every tracked file of the package."""
    paths = [path for path in tracked_files() if path.is_relative_to(PACKAGE) and path.suffix == ".py"]
    sources = {str(path.relative_to(PACKAGE)): (CHECKOUT / path).read_text() for path in paths}
    end(wrong_queries(sources, RIGHT_ALL_THE_SAME))


def wrong_queries(sources: Mapping[str, str], reasons: Reasons) -> Iterator[str]:
    """Each query that forgets to ask who is calling, and each reason that excuses nothing."""
    trees = {path: ast.parse(text) for path, text in sources.items()}
    owned = owned_tables(trees.values())
    idle = {(path, place) for path, places in reasons.items() for place in places}
    for path, tree in trees.items():
        for function, line, table in _plain_queries(tree, owned):
            excuses = {"*", function} & reasons.get(path, {}).keys()
            idle -= {(path, place) for place in excuses}
            if not excuses and (function, Path(path).name) != (DOOR, "models.py"):
                yield f"{path}:{line}: {function} looks for {table} without {DOOR}(principal)"
    yield from (f"{path}: the reason for {place} excuses nothing (any more)" for path, place in idle)


def _plain_queries(tree: ast.Module, owned: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """Where a query on an owned table begins by itself: in which function, on which line, on what."""
    names = _real_names(tree)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = names.get(_last_name(node.func), _last_name(node.func))
            found = _begun_on(node, above, names, owned) if called in BEGINNINGS else set()
            found |= _said_raw(node, owned) if called in RAW else set()
            yield from ((_function_around(node, above), node.lineno, table) for table in sorted(found))


def _begun_on(
    call: ast.Call, above: Mapping[ast.AST, ast.AST], names: Mapping[str, str], owned: Mapping[str, str]
) -> set[str]:
    """The owned tables that a query names which begins with this call: in it, or in what is chained to it."""
    whole: ast.AST = call
    while isinstance(dot := above.get(whole), ast.Attribute) and isinstance(above.get(dot), ast.Call):
        whole = above[dot]
    return {name for name in _named(whole, names) if name in owned}


def _named(node: ast.AST, names: Mapping[str, str]) -> Iterator[str]:
    """The real names of everything that is named in it, but for what stands in a query that begins at the door."""
    if isinstance(node, ast.Call) and names.get(_first_name(node), _first_name(node)) == DOOR:
        return
    if isinstance(node, ast.Name | ast.Attribute):
        yield names.get(_last_name(node), _last_name(node))
    for child in ast.iter_child_nodes(node):
        yield from _named(child, names)


def _said_raw(call: ast.Call, owned: Mapping[str, str]) -> set[str]:
    said = " ".join(str(one.value) for one in ast.walk(call) if isinstance(one, ast.Constant))
    named = re.findall(r"\b(?:from|join|update|into)\s+\"?(\w+)", said, re.IGNORECASE)
    return {name for name, stored_as in owned.items() if stored_as in named}


def _real_names(tree: ast.Module) -> dict[str, str]:
    """What things are called here that are imported under another name."""
    return {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname
    }


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _first_name(node: ast.AST) -> str:
    """What a chain of calls begins with: `visible_to` in `visible_to(principal).where(…).subquery()`."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id
        node = node.func if isinstance(node, ast.Call) else node.value
    return ""


def _function_around(node: ast.AST, above: Mapping[ast.AST, ast.AST]) -> str:
    while not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        if isinstance(node, ast.Module):
            return "the file itself"
        node = above[node]
    return node.name


if __name__ == "__main__":
    main()
