"""Which tables hold what is somebody's, read from the models.

Those with an `owner_id` or a `tenant_id`, those that a room's `visible_to` selects, and those that point at one of these.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

OWNER = {"owner_id", "tenant_id"}


@dataclass(frozen=True)
class Table:
    """A class that is a table, the table's own name, its columns, and the tables it points at."""

    name: str
    stored_as: str
    columns: frozenset[str]
    points_at: frozenset[str]


def owned_tables(trees: Iterable[ast.Module]) -> dict[str, str]:
    """Class name to the table's own name."""
    modules = list(trees)
    tables = [table for tree in modules for table in _tables(tree)]
    selected = {name for tree in modules for name in _selected_by_visible_to(tree)}
    owned = {one.name: one.stored_as for one in tables if one.columns & OWNER or one.name in selected}
    while more := [one for one in tables if one.name not in owned and one.points_at & set(owned.values())]:
        owned |= {one.name: one.stored_as for one in more}
    return owned


def _tables(tree: ast.Module) -> Iterator[Table]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and (stored_as := _stored_as(node)):
            columns = {
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            }
            yield Table(node.name, stored_as, frozenset(columns), frozenset(_points_at(node)))


def _stored_as(node: ast.ClassDef) -> str:
    for one in node.body:
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant):
            names = [target.id for target in one.targets if isinstance(target, ast.Name)]
            if names == ["__tablename__"]:
                return str(one.value.value)
    return ""


def _points_at(node: ast.ClassDef) -> Iterator[str]:
    """The tables of its foreign keys: `ForeignKey("threads.id")` points at threads."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "ForeignKey":
            yield from (str(key.value).partition(".")[0] for key in one.args if isinstance(key, ast.Constant))


def _selected_by_visible_to(tree: ast.Module) -> Iterator[str]:
    """The class in what `visible_to` says it returns: `Select[Tenant]`."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "visible_to" and node.returns:
            yield from (one.id for one in ast.walk(node.returns) if isinstance(one, ast.Name))
