"""What is too large to read is found, in every language of the project."""

from pathlib import Path

import pytest

from checks.sizes import functions, too_large

LONG, SHORT = 41, 40  # lines of a function, its first and last included


def python(lines: int, word: str = "def") -> str:
    return f"{word} work():\n" + "    x = 1\n" * (lines - 1)


def braced(lines: int, head: str) -> str:
    return f"{head} {{\n" + "  work();\n" * (lines - 2) + "}\n"


BRACED = {
    "a.php": "<?php\nfunction work( $a ): array",
    "b.php": "<?php\n$f = function () use ( $x )",
    "a.ts": "export function work(a: string): void",
    "b.ts": "const work = async (a) =>",
    "c.ts": "class A { work(a: string): Promise<void>",
    "a.mjs": "export default async function ()",
}


@pytest.mark.parametrize("lines", [SHORT, LONG])
def test_a_python_function_of_more_than_forty_lines_is_named(lines: int) -> None:
    for word in ("def", "async def"):
        found = list(too_large(Path("a.py"), "x = 1\n\n" + python(lines, word)))
        assert found == ([] if lines == SHORT else ["a.py:3: work has 41 lines, at most 40"])


@pytest.mark.parametrize("name", BRACED)
def test_a_function_in_braces_of_more_than_forty_lines_is_named(name: str) -> None:
    assert list(too_large(Path(name), braced(SHORT, BRACED[name]))) == []
    (found,) = too_large(Path(name), braced(LONG, BRACED[name]))
    assert "a function has 41 lines, at most 40" in found


def test_a_method_inside_a_class_is_measured_by_itself() -> None:
    text = "class A:\n" + "".join(
        f"    def m{number}(self):\n" + "        x = 1\n" * 30 for number in range(3)
    )
    assert list(too_large(Path("a.py"), text)) == []
    assert [length for _, _, length in functions(Path("a.py"), text)] == [31] * 3


def test_braces_in_strings_and_comments_mean_nothing() -> None:
    text = "function work() {\n  // {\n  /* {{ */\n  const a = '{' + \"{\" + `{`;\n}\n" + "x();\n" * 50
    assert list(functions(Path("a.ts"), text)) == [("a function", 1, 5)]


def test_a_long_condition_or_a_heading_over_tests_is_no_function() -> None:
    for head in ("if (a && (b || c))", "for (const a of b)", "while (true)", "switch (a)"):
        assert list(too_large(Path("a.ts"), braced(60, head))) == []
    tests = "describe('sites', () => {\n" + "  it('is', () => {\n    x();\n  });\n" * 20 + "});\n"
    assert list(too_large(Path("a.test.ts"), tests)) == []


@pytest.mark.parametrize(("name", "most"), [("a.py", 300), ("a.ts", 300), ("a.sh", 300), ("a.tsx", 250)])
def test_a_file_that_is_too_long_is_named(name: str, most: int) -> None:
    line = "x = 1\n" if name.endswith(".py") else "x();\n"
    assert list(too_large(Path(name), line * most)) == []
    assert list(too_large(Path(name), line * most + "x")) == [f"{name}: {most + 1} lines, at most {most}"]


def test_a_component_is_measured_as_a_file_only() -> None:
    assert list(too_large(Path("a.tsx"), braced(200, "export function Page()"))) == []
