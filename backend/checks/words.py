"""The house's words: no file or function is a helper, a util or a manager, and every file says what room it is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from checks.said import CHECKOUT, end
from checks.tracked import tracked_files

FILE = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common)(_|$)")
FUNCTION = re.compile(r"^_?(handle|process|do)_")
# Names that are somebody else's contract: SQLAlchemy's TypeDecorator, the standard library's HTTP server.
NOT_OURS = {"process_bind_param", "process_result_value", "do_GET", "do_POST", "do_HEAD"}


def main() -> None:
    """Look at every tracked Python file."""
    found = [path for path in tracked_files() if path.suffix == ".py" and "migrations" not in path.parts]
    end(line for path in found for line in wrong_words(path, (CHECKOUT / path).read_text()))


def wrong_words(path: Path, text: str) -> Iterator[str]:
    """What is named badly in this file, one line each."""
    tree = ast.parse(text)
    if FILE.search(path.stem):
        yield f"{path}: name it after what it is for"
    if text.strip() and not ast.get_docstring(tree):
        yield f"{path}: it opens with no line saying what room this is"
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and FUNCTION.match(node.name)
            and node.name not in NOT_OURS
        ):
            yield f"{path}:{node.lineno}: {node.name} does not say what it does"


if __name__ == "__main__":
    main()
