"""Small enough to read: files of at most 300 lines (TSX 250), functions of at most 40.

Python is measured by its syntax tree; TypeScript and PHP by counting braces outside strings and comments.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from checks.said import CHECKOUT, end
from checks.tracked import tracked_files

FILE_LINES, TSX_LINES, FUNCTION_LINES = 300, 250, 40
CODE = {".py", ".ts", ".tsx", ".mjs", ".js", ".php", ".sh"}
NOT_WRITTEN_BY_HAND = re.compile(r"(^|/)(migrations/versions/|api\.d\.ts$|openapi\.json$|vendor/)")
# Strings, template strings and comments, which may hold braces that mean nothing.
SILENT = re.compile(
    r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`", re.DOTALL
)
FUNCTION = re.compile(r"\bfunction\b[^{;]*\{|(?:=>|\))\s*(?::\s*[\w<>\[\]| .]+)?\s*\{")
GROUP = re.compile(r"\bdescribe(?:\.\w+)?\(")
NOT_A_FUNCTION = re.compile(r"\b(?:if|for|foreach|while|switch|catch|elseif|else|match)\s*\($")


def main() -> None:
    """Measure every tracked source file."""
    found = [
        path for path in tracked_files() if path.suffix in CODE and not NOT_WRITTEN_BY_HAND.search(str(path))
    ]
    end(line for path in found for line in too_large(path, (CHECKOUT / path).read_text()))


def too_large(path: Path, text: str) -> Iterator[str]:
    """What is too large in this file, one line each."""
    most = TSX_LINES if path.suffix == ".tsx" else FILE_LINES
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > most:
        yield f"{path}: {lines} lines, at most {most}"
    for name, start, length in functions(path, text):
        if length > FUNCTION_LINES:
            yield f"{path}:{start}: {name} has {length} lines, at most {FUNCTION_LINES}"


def functions(path: Path, text: str) -> Iterator[tuple[str, int, int]]:
    """Name, first line and number of lines of every function. A React component is its markup too: TSX files count as a whole."""
    if path.suffix == ".py":
        yield from _python_functions(text)
    elif path.suffix in {".ts", ".mjs", ".js", ".php"}:
        yield from _braced_functions(text)


def _python_functions(text: str) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def _braced_functions(text: str) -> Iterator[tuple[str, int, int]]:
    quiet = SILENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for opening in FUNCTION.finditer(quiet):
        if _is_a_statement(quiet, opening) or _groups_tests(text, opening.start()):
            continue
        last = _closing(quiet, opening.end() - 1)
        first = quiet.count("\n", 0, opening.start()) + 1
        yield "a function", first, quiet.count("\n", 0, last) + 1 - first + 1


def _is_a_statement(text: str, opening: re.Match[str]) -> bool:
    """Whether the `) {` found ends an `if (…)` or the like, by looking before its opening bracket."""
    if not opening[0].startswith(")"):
        return False
    depth, at = 0, opening.start()
    while at >= 0:
        depth += {")": 1, "(": -1}.get(text[at], 0)
        if depth == 0:
            break
        at -= 1
    return bool(NOT_A_FUNCTION.search(text[max(0, at - 20) : at + 1]))


def _groups_tests(text: str, at: int) -> bool:
    """Whether the function is the body of a `describe(…)`: a heading over tests, measured one by one themselves."""
    return bool(GROUP.search(text[text.rfind("\n", 0, at) + 1 : at + 1]))


def _closing(text: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text)


if __name__ == "__main__":
    main()
