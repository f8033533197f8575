"""Finds every guard in the source by its syntax tree, and makes of each a mutant: the same file without it.

Kinds: `policy` (a door lets in the next weaker), `filter` (a `visible_to` shows everything), `use` (one query leaves its
`visible_to` out), `refusal` (an `if` that refuses never does), `check` (a call that may refuse is left out), `claim` (what
says that a principal is a person, or an admin, says so of everybody).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

AIPRESS = Path(__file__).resolve().parents[2] / "aipress"
# The next weaker policy of each. A policy that is said in the source and is not here is an error, not a guard overlooked.
WEAKER = {
    "Operator": "Admin",
    "Admin": "Person",
    "FreshPerson": "VouchedPerson",
    "VouchedPerson": "Person",
    "VouchedCaller": "Caller",
    "Person": "Caller",
    "Caller": "Anyone",
    "AnyoneButForeignPages": "Anyone",
}
WEAKEST = "Anyone"
REFUSALS = {
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "Unacceptable",
    "Invalid",
    "Conflict",
    "Outdated",
    "TooMany",
}
ROOMS = (
    "auth",
    "users",
    "tenants",
    "operations",
    "plans",
    "threads",
    "secrets",
    "billing",
    "mail",
    "telemetry",
    "audit",
    "events",
    "api",
)
ALSO = ("chat/callers.py", "chat/mcp/door.py")
CLAIMS = {"is_person", "is_admin", "is_active"}
POLICY = re.compile(r"(?P<name>\w+) = Annotated\[(None|Principal), Depends\(\w+\)\]")
CHECK = re.compile(r"(\w+\.)*(_?check\w*|vouch)|limits\.use")


@dataclass(frozen=True)
class Mutant:
    """One file of the source with one guard less."""

    kind: str
    path: str  # below aipress/
    line: int
    what: str
    text: str

    @property
    def name(self) -> str:
        """The same as long as the guard stands, wherever in its file."""
        return f"{self.kind} {self.path} {self.what}"

    def __str__(self) -> str:
        return f"{self.kind} {self.path}:{self.line} {self.what}"


def mutants() -> list[Mutant]:
    """Every one, in the order of the files."""
    return [mutant for path in _guarded_files() for mutant in of_file(path)]


def policies() -> set[str]:
    """The names of all policies: what `Depends` on one of the functions that `auth/door.py` holds for policies, or on those."""
    found: set[str] = set()
    for path in _guarded_files():
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.Assign) and (made := POLICY.fullmatch(ast.unparse(node))):
                found.add(made["name"])
    return found


def _guarded_files() -> list[Path]:
    rooms = [path for room in ROOMS for path in sorted((AIPRESS / room).glob("*.py"))]
    return [*rooms, *(AIPRESS / path for path in ALSO)]


def of_file(path: Path) -> Iterator[Mutant]:
    """The mutants of one file."""
    source = path.read_text()
    tree = ast.parse(source)
    name = str(path.relative_to(AIPRESS))
    edits = [edit for find in KINDS for edit in find(tree)]
    for kind, node, what, new in sorted(edits, key=lambda edit: edit[1].lineno):
        yield Mutant(kind, name, node.lineno, what, _with(source, node, new, kind))


Edit = tuple[str, ast.expr | ast.stmt, str, str]


def _policies(tree: ast.Module) -> Iterator[Edit]:
    """Every policy that a parameter names: of a route, of what routes share, and of the stronger policies.

    A class of the file's own with such a name is no policy.
    """
    own = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    for function in _functions(tree):
        for one in (*function.args.args, *function.args.kwonlyargs):
            if isinstance(one.annotation, ast.Name) and one.annotation.id in WEAKER.keys() - own:
                weaker = WEAKER[one.annotation.id]
                yield "policy", one.annotation, f"{function.name}: {one.annotation.id} → {weaker}", weaker


def _filters(tree: ast.Module) -> Iterator[Edit]:
    for function in _functions(tree):
        if function.name == "visible_to" and isinstance(function.returns, ast.Subscript):
            model = ast.unparse(function.returns.slice)
            for statement in ast.walk(function):
                if isinstance(statement, ast.Return):
                    yield "filter", statement, f"all of {model} to everybody", f"return select({model})"


def _uses(tree: ast.Module) -> Iterator[Edit]:
    """Every query that begins with a `visible_to`, imported by its name or with its module."""
    known = dict(_visible_tos(tree))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (said := ast.unparse(call.func)) in known:
            yield "use", call, f"without {said}", f'__import__("sqlalchemy").select({known[said]})'


def _visible_tos(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """How `visible_to` is called here, and the table that it selects, as an expression: what its own file says it returns."""
    for node in tree.body:
        for one in node.names if isinstance(node, ast.ImportFrom) else ():
            named = node.module if one.name == "visible_to" else f"{node.module}.{one.name}"
            path = AIPRESS.parent / (str(named).replace(".", "/") + ".py")
            if not path.is_file():
                continue
            said = "visible_to" if one.name == "visible_to" else f"{one.asname or one.name}.visible_to"
            for function in _functions(ast.parse(path.read_text())):
                if function.name == "visible_to" and isinstance(function.returns, ast.Subscript):
                    yield said, f'__import__("{named}", fromlist=["_"]).{ast.unparse(function.returns.slice)}'


def _refusals(tree: ast.Module) -> Iterator[Edit]:
    """An `if` that ends by raising, or answering, a refusal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If):
            last = node.body[-1]
            refusal = (
                last.exc
                if isinstance(last, ast.Raise)
                else last.value
                if isinstance(last, ast.Return)
                else None
            )
            name = ast.unparse(refusal.func) if isinstance(refusal, ast.Call) else ""
            if name in REFUSALS:
                yield "refusal", node.test, f"no {name} if {_short(node.test)}", "False"


def _checks(tree: ast.Module) -> Iterator[Edit]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            call = node.value.value if isinstance(node.value, ast.Await) else node.value
            if isinstance(call, ast.Call) and CHECK.fullmatch(ast.unparse(call.func)):
                yield "check", node, f"no {_short(call)}", "pass"


def _claims(tree: ast.Module) -> Iterator[Edit]:
    """A property that says what somebody is: it says so of everybody."""
    for function in _functions(tree):
        if function.name in CLAIMS:
            for statement in ast.walk(function):
                if isinstance(statement, ast.Return):
                    yield "claim", statement, f"{function.name} of everybody", "return True"


def _functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]


def _with(source: str, node: ast.expr | ast.stmt, new: str, kind: str) -> str:
    """The source with `new` in the node's place; columns of the syntax tree count bytes."""
    lines = source.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: (node.end_lineno or 0) - 1])) + (node.end_col_offset or 0)
    whole = source.encode()
    mutated = (whole[:start] + new.encode() + whole[end:]).decode()
    return _knowing(mutated, new) if kind == "policy" else mutated


def _knowing(source: str, policy: str) -> str:
    """The source with the policy imported, ahead of its first import; where policies are made it is there."""
    if f"\n{policy} = Annotated" in source:
        return source
    first = next(one for one in ast.parse(source).body if isinstance(one, ast.Import | ast.ImportFrom))
    lines = source.splitlines(keepends=True)
    return "".join(
        [*lines[: first.lineno - 1], f"from aipress.auth.door import {policy}\n", *lines[first.lineno - 1 :]]
    )


KINDS = (_policies, _filters, _uses, _refusals, _checks, _claims)


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:60]}…"
