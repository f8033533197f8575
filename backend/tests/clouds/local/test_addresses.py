"""A site's address exchanged in whatever WordPress may have written it into. What PHP itself would have written says what is right."""

import base64
import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aipress.clouds.local.php import php_version
from aipress.clouds.wordpress.addresses import Readdressed
from aipress.clouds.wordpress.php_values import NotSerialised
from aipress.clouds.wordpress.php_writing import rewritten
from aipress.errors import CloudRefused

OLD, NEW = "http://old.test:8080", "https://new.example.org"
CHANGE = Readdressed(OLD, NEW)
# Pieces of text, each as it is and as it is to be.
PIECES = [
    (OLD, NEW),
    ("https://OLD.test:8080/a?b=c", "https://new.example.org/a?b=c"),
    ("//old.test:8080/x", "//new.example.org/x"),
    ("http:\\/\\/old.test:8080\\/x", "https:\\/\\/new.example.org\\/x"),
    ("http:\\\\\\/\\\\\\/old.test:8080", "https:\\\\\\/\\\\\\/new.example.org"),
    ("http%3A%2F%2Fold.test%3A8080%2Fx", "https%3A%2F%2Fnew.example.org%2Fx"),
    ("http%253a%252f%252fold.test%253a8080", "https%253A%252F%252Fnew.example.org"),
    *[
        (same, same)
        for same in (
            "http://old.test:80801", "http://old.test", "http://old.test:8080.org", "http://my.old.test:8080", "ftp://old.test:8080",
            "ann@old.test:8080", "old.test:8080", "Grüße 🥐", "a:1:{", 's:3:"', "\\", "",
        )
    ],
]  # fmt: skip
ORACLE = r"""
class Bread { private $crust; protected $crumb; public $name; public ?Bread $next = null;
  function __construct($values) { [$this->crust, $this->crumb, $this->name] = $values; } }
enum Grain: string { case Rye = 'rye'; }
function made($told) {
  [$kind, $value] = $told;
  switch ($kind) {
    case 'is': return $value;
    case 'float': return (float) $value;
    case 'list': return array_map('made', $value);
    case 'map': $map = []; foreach ($value as [$key, $one]) { $map[$key] = made($one); } return $map;
    case 'object': $it = new stdClass; foreach ($value as [$key, $one]) { $it->{"k$key"} = made($one); } return $it;
    case 'bread': return new Bread(array_map('made', $value));
    case 'twice': $one = made($value); $pair = [$one, $one, Grain::Rye]; $pair['again'] = &$pair[0]; return $pair;
    case 'text': return serialize(made($value));
    case 'set': return new ArrayObject(array_map('made', $value));
  }
}
while (($line = fgets(STDIN)) !== false) {
  echo json_encode(array_map(fn ($one) => base64_encode(serialize(made($one))), json_decode($line))), "\n";
}
"""
Told = list[Any]


def words() -> "st.SearchStrategy[tuple[str, str]]":
    """A text of pieces, and what becomes of it."""
    gaps = st.sampled_from([" ", '"', "'", "(", "\n", "<a href=", "\x00"])
    pair = st.tuples(st.sampled_from(PIECES), gaps)
    return st.lists(pair, max_size=4).map(
        lambda some: ("".join(p[0] + g for p, g in some), "".join(p[1] + g for p, g in some))
    )


def plain() -> "st.SearchStrategy[tuple[Told, Told]]":
    same = st.one_of(st.none(), st.booleans(), st.integers(-(2**62), 2**62)).map(lambda v: ["is", v])
    floats = st.floats(allow_nan=False, allow_infinity=False).map(lambda v: ["float", repr(v)])
    return st.one_of(
        words().map(lambda two: (["is", two[0]], ["is", two[1]])), same.map(twice), floats.map(twice)
    )


def twice(value: Told) -> tuple[Told, Told]:
    return value, value


def grown(inner: "st.SearchStrategy[tuple[Told, Told]]") -> "st.SearchStrategy[tuple[Told, Told]]":
    """Keys may hold the address too: they stay."""
    keys = st.one_of(st.integers(-5, 9), words().map(lambda two: two[0]))
    many = st.lists(inner, max_size=3)
    named = st.lists(st.tuples(keys, inner), max_size=3, unique_by=lambda one: str(one[0]))
    both = lambda kind, some: tuple([kind, [one[side] for one in some]] for side in (0, 1))
    pairs = lambda kind, some: tuple([kind, [[key, one[side]] for key, one in some]] for side in (0, 1))
    return st.one_of(
        many.map(lambda some: both("list", some)),
        many.map(lambda some: both("set", some)),
        named.map(lambda some: pairs("map", some)),
        named.map(lambda some: pairs("object", some)),
        st.lists(inner, min_size=3, max_size=3).map(lambda some: both("bread", some)),
        inner.map(lambda one: (["twice", one[0]], ["twice", one[1]])),
        inner.map(lambda one: (["text", one[0]], ["text", one[1]])),
    )


@pytest.fixture(scope="module")
def php() -> "Iterator[subprocess.Popen[str]]":
    with subprocess.Popen(
        [f"/usr/bin/php{php_version()}", "-n", "-r", ORACLE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def serialised(php: "subprocess.Popen[str]", *values: Told) -> list[bytes]:
    assert php.stdin
    assert php.stdout
    php.stdin.write(json.dumps(values) + "\n")
    php.stdin.flush()
    return [base64.b64decode(one) for one in json.loads(php.stdout.readline())]


def test_php_reads_back_what_it_would_have_written_itself(php: "subprocess.Popen[str]") -> None:
    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.deferred(lambda: st.recursive(plain(), grown, max_leaves=12)))
    def holds(two: tuple[Told, Told]) -> None:
        before, after = serialised(php, *two)
        assert CHANGE.value(before) == after
        assert CHANGE.value(after) == after
        assert rewritten(before, lambda text: text) == before

    holds()


@given(st.deferred(words))
def test_text_is_changed_piece_by_piece(two: tuple[str, str]) -> None:
    assert CHANGE.value(two[0].encode()) == two[1].encode()


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("http://a.test", "https://b.test:8443", "http://a.test. http://a.test", "https://b.test:8443. https://b.test:8443"),
        ("http://a.test", "https://b.test", "http://a.test:81 http://a.tester", "http://a.test:81 http://a.tester"),
        ("https://a.test", "http://b.test:81", "q=https%3A%2F%2Fa.test%3A81", "q=https%3A%2F%2Fa.test%3A81"),
        ("https://a.test", "http://b.test:81", "q=https%3A%2F%2Fa.test", "q=http%3A%2F%2Fb.test%3A81"),
        ("http://b--a.test", "http://c.test", '{"u":"http://b\\u002d\\u002da.test/x"}', '{"u":"http://c.test/x"}'),
        ("http://a.test", "http://c.test", "http://a.test\\u002dx http://a.test-x", "http://a.test\\u002dx http://a.test-x"),
        ("http://a.test", "http://c.test", "\\u0022//a.test\\u0022", "\\u0022//c.test\\u0022"),
        ("http://a.test", "http://c.test", '\\nhttp:\\/\\/a.test\\n', '\\nhttp:\\/\\/c.test\\n'),
        ("http://a.test", "http://cc.test", ' a:1:{i:0;s:13:"http://a.test";}\n', ' a:1:{i:0;s:14:"http://cc.test";}\n'),
        ("http://a.test", "http://cc.test", 'a:2:{i:0;s:13:"http://a.test";}', 'a:2:{i:0;s:13:"http://cc.test";}'),
        ("http://a.test", "http://cc.test", 'C:1:"X":13:{http://a.test}', 'C:1:"X":13:{http://a.test}'),
        ("http://a.test", "http://cc.test", 'O:13:"http://a.test":0:{}', 'O:13:"http://a.test":0:{}'),
    ],
)  # fmt: skip
def test_an_address_ends_where_its_host_or_port_does(old: str, new: str, before: str, after: str) -> None:
    assert Readdressed(old, new).value(before.encode()).decode() == after


def test_it_goes_as_deep_as_php_does() -> None:
    deep = b"a:1:{i:0;" * 4000 + b's:20:"http://old.test:8080";' + b"}" * 4000
    assert CHANGE.value(deep) == deep.replace(
        b's:20:"http://old.test:8080"', b's:23:"https://new.example.org"'
    )
    text = b"http://old.test:8080"
    for _ in range(100):
        text = b's:%d:"%s";' % (len(text), text)
    assert CHANGE.value(text) == text, "what is in more texts than anybody writes stays whole"


@pytest.mark.parametrize(
    "broken",
    ['s:9:"short";', 'a:1:{i:0;i:1;', "a:1:{d:0.5;i:1;}", "i:1;i:2;", 'a:1:{i:0;i:1;}}', "x", "", 'O:1:"a":1:{i:0}', "a:1:{N;N;}"],
)  # fmt: skip
def test_what_php_would_not_read_is_not_taken_for_a_value(broken: str) -> None:
    with pytest.raises(NotSerialised):
        rewritten(broken.encode(), lambda text: text)


def test_only_addresses_are_exchanged() -> None:
    for wrong in ("", "old.test", "http://"):
        with pytest.raises(CloudRefused, match="have to be addresses"):
            Readdressed(wrong, NEW)
